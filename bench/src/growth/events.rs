//! Events in the log, to five million.

use std::path::Path;
use std::time::Instant;

use oogst_protocol::ids::GatheringId;
use oogst_server::VIEWS_DIRECTORY;

use super::{at_work, bytes_under, mebibytes};
use crate::context::Context;
use crate::disk::open_log;
use crate::failure::Failure;
use crate::gathering::Opened;
use crate::restart;
use crate::sample::{count, grouped, milliseconds};
use crate::stock::{self, Day};
use crate::table::Table;

/// How many events there are.
const EVENTS: [usize; 3] = [100_000, 1_000_000, 5_000_000];

/// Most events whose views are made: those of the next would take minutes.
const VIEWED_EVENTS_MAX: usize = 1_000_000;

/// Gatherings in the log.
const GATHERINGS: u16 = 10;

/// Tables in each, with a harvest that is written in.
const TABLES: usize = 5;

/// Measures it.
///
/// # Errors
///
/// Where a server does not start, or does not do what is asked of it.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let lengths = &EVENTS[..context.size(EVENTS.len(), 1)];
    let begun = Instant::now();
    let of_gathering = |events: usize| events / usize::from(GATHERINGS);
    let longest = lengths.last().copied().unwrap_or_default();
    let day = Day::new(TABLES, of_gathering(longest).div_ceil(TABLES))?;
    eprintln!("events: made in {:.1} s", begun.elapsed().as_secs_f64());
    let mut table = Table::new(
        "growth-events",
        &[
            ">events",
            ">bytes an event",
            "the views were",
            ">/healthz ms",
            ">a gathering ms",
            ">its wall ms",
            ">resident MiB",
            ">at work: acknowledged p50 ms",
            ">p99 ms",
        ],
    );
    let folder = context.folder()?;
    for events in lengths {
        let gathering = fill(folder.path(), &day, of_gathering(*events))?;
        eprintln!("events: {events} after {:.1} s", begun.elapsed().as_secs_f64());
        measure(context, folder.path(), (*events, gathering), &mut table)?;
    }
    table.note(format!(
        "{GATHERINGS} gatherings of {TABLES} harvests have them, so that one gathering has a \
         tenth. Times are from the start of the process to the\nanswer, with the files in the \
         system's cache. At work are ten further gatherings of four people, an edit a second each."
    ));
    Ok(vec![table])
}

fn measure(
    context: &Context,
    data: &Path,
    (events, gathering): (usize, GatheringId),
    table: &mut Table,
) -> Result<(), Failure> {
    let bytes = bytes_under(&data.join("log")).map_err(Failure::io("measure the log"))?;
    let bytes = mebibytes(bytes) * f64::from(1 << 20) / count(events);
    let is_viewed = events <= VIEWED_EVENTS_MAX;
    let all: &[&str] = if is_viewed { &["never made", "kept"] } else { &["never made"] };
    for (place, views) in (1..).zip(all) {
        let (server, answers) = restart::start(context, data, gathering, is_viewed)?;
        let work = if place == all.len() { Some(at_work(context, &server)?) } else { None };
        if is_viewed {
            server.process.stop()?;
        } else {
            // It has begun to make the views all the same, and ends once it has made them.
            drop(server);
        }
        let late = |late: Option<f64>| late.map_or("-".to_owned(), |late| format!("{late:.1}"));
        table.row([
            grouped(count(events)),
            format!("{bytes:.0}"),
            (*views).to_owned(),
            grouped(milliseconds(answers.alive)),
            grouped(milliseconds(answers.read)),
            answers.wall.map_or("-".to_owned(), |wall| grouped(milliseconds(wall))),
            grouped(mebibytes(answers.resident)),
            late(work.map(|work| work.acknowledged.p50_ms)),
            late(work.map(|work| work.acknowledged.p99_ms)),
        ]);
    }
    Ok(())
}

/// Makes each gathering's stream so long, by what it lacks; no view is left. Gives one of them.
fn fill(data: &Path, day: &Day, events: usize) -> Result<GatheringId, Failure> {
    let log = open_log(data)?;
    let runtime = stock::runtime()?;
    for number in 1..=GATHERINGS {
        let opened = Opened::new(number, TABLES)?;
        let stream = day.stream(&opened, log.last(opened.gathering), events);
        runtime.block_on(stock::append(&log, opened.gathering, stream))?;
    }
    log.close();
    match std::fs::remove_dir_all(data.join(VIEWS_DIRECTORY)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::io("remove the views")(error));
        }
        Ok(()) | Err(_) => {}
    }
    Ok(Opened::new(1, TABLES)?.gathering)
}
