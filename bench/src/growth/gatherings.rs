//! Gatherings in one server, most of them idle, to ten thousand.

use std::path::Path;
use std::time::Instant;

use oogst_protocol::ids::{DocumentId, GatheringId, Seq};

use super::{at_work, mebibytes};
use crate::accept::harvest;
use crate::context::Context;
use crate::disk::open_log;
use crate::failure::Failure;
use crate::gathering::{Opened, PEOPLE};
use crate::sample::{grouped, milliseconds};
use crate::server::Server;
use crate::stock::{self, Day};
use crate::table::Table;

/// How many there are.
const GATHERINGS: [u16; 3] = [100, 1_000, 10_000];

/// Edits in each.
const EDITS: usize = 40;

/// Measures it.
///
/// # Errors
///
/// Where a server does not start, or does not do what is asked of it.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "growth-gatherings",
        &[
            ">gatherings",
            ">/healthz ms",
            ">a gathering ms",
            ">resident MiB",
            ">at work: to another p50 ms",
            ">p99 ms",
            ">resident then MiB",
            ">a document by its id alone ms",
            ">resident then MiB",
        ],
    );
    for gatherings in &GATHERINGS[..context.size(GATHERINGS.len(), 2)] {
        measure(context, *gatherings, &mut table)?;
    }
    table.note(format!(
        "Each of one table with {PEOPLE} people and {EDITS} edits. Times until /healthz and the \
         first gathering are from the start of the\nprocess, with the files in the system's cache. \
         Then ten further gatherings of four people are at work, an edit a second each.\nLast \
         the operator, who names no gathering, asks for a document of the last one."
    ));
    Ok(vec![table])
}

fn measure(context: &Context, gatherings: u16, table: &mut Table) -> Result<(), Failure> {
    let folder = context.folder()?;
    let begun = Instant::now();
    let (first, document) = fill(folder.path(), gatherings)?;
    eprintln!("{gatherings} gatherings: written in {:.1} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let server = Server::start(context, folder.path())?;
    let alive = server.answers_after("/healthz", begun)?;
    let read = server.answers_after(&format!("/api/gatherings/{first}"), begun)?;
    let idle = server.process.resident_bytes()?;
    let edits = at_work(context, &server)?;
    if edits.missing > 0 {
        return Err(Failure::Unexpected(format!("{} edits did not arrive", edits.missing)));
    }
    let at_work = server.process.resident_bytes()?;
    let found = server.answers_after(&format!("/api/documents/{document}"), Instant::now())?;
    let looked = server.process.resident_bytes()?;
    server.process.stop()?;
    table.row([
        grouped(f64::from(gatherings)),
        grouped(milliseconds(alive)),
        grouped(milliseconds(read)),
        format!("{:.0}", mebibytes(idle)),
        format!("{:.1}", edits.peer.p50_ms),
        format!("{:.1}", edits.peer.p99_ms),
        format!("{:.0}", mebibytes(at_work)),
        grouped(milliseconds(found)),
        format!("{:.0}", mebibytes(looked)),
    ]);
    Ok(())
}

/// Writes so many gatherings; gives the first of them, and a document of the last.
fn fill(data: &Path, gatherings: u16) -> Result<(GatheringId, DocumentId), Failure> {
    let log = open_log(data)?;
    let vault = stock::open_vault(data)?;
    let runtime = stock::runtime()?;
    let day = Day::new(1, EDITS)?;
    let mut last = Opened::new(1, 1)?;
    let first = last.gathering;
    for number in 1..=gatherings {
        last = Opened::new(number, 1)?;
        let stream = day.stream(&last, Seq::ZERO, usize::MAX);
        runtime.block_on(stock::append(&log, last.gathering, stream))?;
        runtime.block_on(stock::enrol(&vault, &last, PEOPLE))?;
    }
    vault.close();
    log.close();
    Ok((first, harvest(&last)?))
}
