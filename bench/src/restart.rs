//! How soon a server answers again after it went away, with a long log behind it.
//!
//! Twice: on a log that was closed, and on one that a killed server left. The second is a copy of
//! the files while the log is still open: what a kill would have left.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use oogst_core::port::Ticket;
use oogst_protocol::event::{Act, Entry, Event};
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_server::log::{Append, EventLog};
use tokio::sync::mpsc;

use crate::accept::template;
use crate::context::Context;
use crate::disk::open_log;
use crate::failure::Failure;
use crate::gathering::{Opened, moment};
use crate::history::{Edit, History};
use crate::sample::{count, grouped, milliseconds};
use crate::server::Server;
use crate::table::Table;

/// Gatherings in the log.
const GATHERINGS: u16 = 10;

/// Tables in each, with a harvest that is written in.
const TABLES: usize = 5;

/// Entries in one append, so that writing a million takes less than a minute.
const APPEND: usize = 500;

/// How soon it must answer after a million events.
const BOUND: Duration = Duration::from_secs(2);

/// How long to ask for something that is being made.
const PATIENCE: Duration = Duration::from_secs(120);

/// When what answered, after the start of the process.
struct Answers {
    alive: Duration,
    read: Duration,
    wall: Duration,
    /// Bytes, once all have answered.
    resident: u64,
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
            let answers = start(context, data, gathering)?;
            let time = |time: Duration| grouped(milliseconds(time));
            let mebibytes = (answers.resident >> 20).to_string();
            table.row([
                how.to_owned(),
                views.to_owned(),
                time(answers.alive),
                time(answers.read),
                time(answers.wall),
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

/// Starts a server, asks until it answers, and stops it.
fn start(context: &Context, data: &Path, gathering: GatheringId) -> Result<Answers, Failure> {
    let begun = Instant::now();
    let server = Server::start(context, data)?;
    let asked = |path: &str| loop {
        let (status, _) = server.get(path)?;
        match status {
            200 => return Ok(begun.elapsed()),
            // The views say so while they are behind.
            503 if begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            status => return Err(Failure::Unexpected(format!("{path} is answered {status}"))),
        }
    };
    let alive = asked("/healthz")?;
    let read = asked(&format!("/api/gatherings/{gathering}"))?;
    let wall = asked(&format!("/api/gatherings/{gathering}/wall"))?;
    let resident = server.process.resident_bytes()?;
    server.process.stop()?;
    Ok(Answers { alive, read, wall, resident })
}

/// Writes a log of so many events, twice: closed, and as a kill would have left it. Gives one of
/// its gatherings.
fn fill(closed: &Path, killed: &Path, events: usize) -> Result<GatheringId, Failure> {
    let begun = Instant::now();
    let log = open_log(closed)?;
    let first = Opened::new(1, TABLES)?;
    let of_table = events / usize::from(GATHERINGS) / TABLES;
    let mut tables = Vec::new();
    for (table, harvest) in first.harvests.iter().enumerate() {
        let mut history = History::new(template(&first.events, *harvest)?, first.seated(table))?;
        tables.push(history.edits(of_table)?);
    }
    eprintln!("restart: made in {:.1} s", begun.elapsed().as_secs_f64());
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(Failure::io("start a runtime"))?;
    for number in 1..=GATHERINGS {
        let opened = Opened::new(number, TABLES)?;
        let stream = stream(&opened, &first, &tables);
        runtime.block_on(append(&log, opened.gathering, stream))?;
    }
    copy(closed, killed).map_err(Failure::io("copy the log"))?;
    log.close();
    drop(log);
    eprintln!("restart: written in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(first.gathering)
}

/// A gathering's stream: how it was opened, then its tables' edits in turns.
///
/// Every gathering has the first one's changes under ids of its own: making them anew for each
/// would take longer than all that is measured.
fn stream(opened: &Opened, first: &Opened, tables: &[Vec<Edit>]) -> Vec<Entry> {
    let mut entries: Vec<_> = opened.events.iter().map(|event| adopted(event, first)).collect();
    let edits = tables.first().map_or(0, Vec::len);
    for at in 0..edits {
        for (table, edits) in tables.iter().enumerate() {
            let seq = Seq(u64::try_from(entries.len()).unwrap_or_default() + 1);
            let mut entry = edits[at].entry(opened.harvests[table], seq);
            let by = first.people.iter().position(|who| Some(*who) == entry.by.participant);
            entry.by.participant = by.map(|place| opened.people[place]);
            entries.push(entry);
        }
    }
    entries
}

/// An entry of a gathering's opening, a harvest with the template that the first one's has: the
/// changes build on that.
fn adopted(event: &Arc<Event>, first: &Opened) -> Entry {
    let mut entry = event.entry.clone();
    entry.at = moment(event.seq);
    let same_place = first.events.iter().find(|other| other.seq == event.seq);
    if let (Act::DocumentOpened { template, .. }, Some(other)) = (&mut entry.act, same_place)
        && let Act::DocumentOpened { template: firsts, .. } = &other.entry.act
    {
        template.clone_from(firsts);
    }
    entry
}

async fn append(
    log: &Arc<dyn EventLog>,
    gathering: GatheringId,
    entries: Vec<Entry>,
) -> Result<(), Failure> {
    let (report, mut reports) = mpsc::channel(1);
    let appends = log.appends();
    for entries in entries.chunks(APPEND) {
        let (entries, report) = (entries.to_vec(), report.clone());
        let append = Append { ticket: Ticket(1), gathering, entries, report };
        appends.room(&append).await?.append(append)?;
        if reports.recv().await.is_none() {
            return Err(Failure::Closed(oogst_server::log::LogClosed));
        }
    }
    Ok(())
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
