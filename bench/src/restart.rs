//! How soon a server answers again after it went away, with a long log behind it.
//!
//! Twice: on a log that was closed, and on one that a killed server left. The second is a copy of
//! the files while the log is still open: what a kill would have left.

use std::path::Path;
use std::time::{Duration, Instant};

use oogst_protocol::ids::{GatheringId, Seq};

use crate::context::Context;
use crate::disk::open_log;
use crate::failure::Failure;
use crate::gathering::Opened;
use crate::sample::{count, grouped, milliseconds};
use crate::server::Server;
use crate::stock::{self, Day};
use crate::table::Table;

/// Gatherings in the log.
const GATHERINGS: u16 = 10;

/// Tables in each, with a harvest that is written in.
const TABLES: usize = 5;

/// How soon it must answer after a million events.
const BOUND: Duration = Duration::from_secs(2);

/// When what answered, after the start of the process.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// Anything at all.
    pub alive: Duration,
    /// A gathering.
    pub read: Duration,
    /// Its wall, where it was asked for.
    pub wall: Option<Duration>,
    /// What the server holds of the machine's memory once all have answered, in bytes.
    pub resident: u64,
}

/// Writes the log and starts the server on it.
///
/// # Errors
///
/// The disk's, and where the server does not start.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let events = context.size(1_000_000, 100_000);
    let folder = context.folder()?;
    let (closed, killed) = (folder.path().join("closed"), folder.path().join("killed"));
    let gathering = fill(&closed, &killed, events)?;
    let columns = [
        "the log was",
        "the views were",
        ">/healthz ms",
        ">a gathering ms",
        ">its wall ms",
        ">resident MiB",
    ];
    let mut table = Table::new("restart", &columns);
    for (how, data) in [("closed", &closed), ("killed", &killed)] {
        for views in ["never made", "kept"] {
            let (server, answers) = start(context, data, gathering, true)?;
            server.process.stop()?;
            let time = |time: Duration| grouped(milliseconds(time));
            let mebibytes = (answers.resident >> 20).to_string();
            table.row([
                how.to_owned(),
                views.to_owned(),
                time(answers.alive),
                time(answers.read),
                answers.wall.map(time).unwrap_or_default(),
                mebibytes,
            ]);
        }
    }
    table.note(format!(
        "{} events in {GATHERINGS} gatherings of {TABLES} harvests. Times from the start of the \
         process to the answer: alive, then\nthe first read of a gathering with the operator's \
         key, then its wall. The files are in the system's\ncache. Bound: the first read within \
         {} s at 1,000,000 events.",
        grouped(count(events)),
        BOUND.as_secs()
    ));
    Ok(vec![table])
}

/// Starts a server on a log that is there, and asks it until it answers; for the wall too, where
/// its views are worth the wait.
///
/// # Errors
///
/// Where it does not start, or never answers.
pub fn start(
    context: &Context,
    data: &Path,
    gathering: GatheringId,
    is_viewed: bool,
) -> Result<(Server, Answers), Failure> {
    let begun = Instant::now();
    let server = Server::start(context, data)?;
    let alive = server.answers_after("/healthz", begun)?;
    let read = server.answers_after(&format!("/api/gatherings/{gathering}"), begun)?;
    let wall = format!("/api/gatherings/{gathering}/wall");
    let wall = if is_viewed { Some(server.answers_after(&wall, begun)?) } else { None };
    let resident = server.process.resident_bytes()?;
    Ok((server, Answers { alive, read, wall, resident }))
}

/// Writes a log of so many events, twice: closed, and as a kill would have left it. Gives one of
/// its gatherings.
fn fill(closed: &Path, killed: &Path, events: usize) -> Result<GatheringId, Failure> {
    let begun = Instant::now();
    let log = open_log(closed)?;
    let day = Day::new(TABLES, events / usize::from(GATHERINGS) / TABLES)?;
    eprintln!("restart: made in {:.1} s", begun.elapsed().as_secs_f64());
    let runtime = stock::runtime()?;
    for number in 1..=GATHERINGS {
        let opened = Opened::new(number, TABLES)?;
        let stream = day.stream(&opened, Seq::ZERO, usize::MAX);
        runtime.block_on(stock::append(&log, opened.gathering, stream))?;
    }
    copy(closed, killed).map_err(Failure::io("copy the log"))?;
    log.close();
    drop(log);
    eprintln!("restart: written in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(Opened::new(1, TABLES)?.gathering)
}

/// Copies a folder with all that it holds.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
