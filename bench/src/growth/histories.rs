//! One harvest's history, to a million changes.

use std::path::Path;
use std::time::Instant;

use oogst_protocol::event::Entry;
use oogst_protocol::ids::Seq;

use super::contact::{Contact, contact};
use super::mebibytes;
use crate::accept::{Accepting, costs, harvest, template};
use crate::context::Context;
use crate::disk::open_log;
use crate::failure::Failure;
use crate::gathering::Opened;
use crate::history::{Edit, History};
use crate::sample::{count, grouped, milliseconds};
use crate::server::Server;
use crate::stock;
use crate::table::Table;

/// How long the histories are, in changes.
const CHANGES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Edits that are accepted on top of each before it starts anew.
const EDITS: usize = 10_000;

/// Longest history whose views are waited for: the next would take a quarter of an hour.
const VIEWED_CHANGES_MAX: usize = 100_000;

/// What a server is like whose only document has a long history.
struct Found {
    first: Contact,
    again: Contact,
    /// Bytes, once both were there.
    resident: u64,
    /// Until the document's JSON can be read, in milliseconds, and the bytes once it was: the views
    /// were never made.
    json: Option<(f64, u64)>,
}

/// Measures it.
///
/// # Errors
///
/// Where a server does not start, or does not do what is asked of it.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let lengths = &CHANGES[..context.size(CHANGES.len(), 3)];
    let longest = lengths.last().copied().unwrap_or_default();
    let begun = Instant::now();
    let opened = Opened::new(1, 1)?;
    let first = template(&opened.events, harvest(&opened)?)?;
    let written = History::new(first, &opened.people)?.edits(longest + EDITS)?;
    eprintln!("histories: made in {:.1} s", begun.elapsed().as_secs_f64());
    let turns = context.size(200, 40);
    let accepting = |changes: &usize| {
        Accepting::over(opened.clone(), &written[..*changes], &written[*changes..][..EDITS])
    };
    let mut all: Vec<_> = lengths.iter().map(accepting).collect::<Result<_, _>>()?;
    let costs = costs(&mut all, turns)?;
    drop(all);
    eprintln!("histories: accepted after {:.1} s", begun.elapsed().as_secs_f64());
    let mut table = Table::new(
        "growth-history",
        &[
            ">changes",
            ">CPU of an edit, µs",
            ">first contact after a start ms",
            ">the next ms",
            ">MB of it",
            ">resident MiB",
            ">its JSON, never made, ms",
            ">resident then MiB",
        ],
    );
    for (changes, cost) in lengths.iter().zip(costs) {
        let found = measure(context, &opened, &written[..*changes])?;
        eprintln!("histories: {changes} after {:.1} s", begun.elapsed().as_secs_f64());
        table.row([
            grouped(count(*changes)),
            format!("{cost:.1}"),
            grouped(milliseconds(found.first.took)),
            format!("{:.1}", milliseconds(found.again.took)),
            format!("{:.1}", count(found.again.bytes) / 1e6),
            grouped(mebibytes(found.resident)),
            found.json.map_or("-".to_owned(), |(json, _)| grouped(json)),
            found.json.map_or("-".to_owned(), |(_, resident)| grouped(mebibytes(resident))),
        ]);
    }
    table.note(format!(
        "One harvest, one gathering. An edit's CPU as in the suite `accept`: medians of {turns} \
         turns of 50. A contact is from the call\nfor a line until the last byte is here, at \
         somebody who has nothing and loads nothing; the first one has the server read\nthe \
         gathering from its log."
    ));
    Ok(vec![table])
}

fn measure(context: &Context, opened: &Opened, written: &[Edit]) -> Result<Found, Failure> {
    let folder = context.folder()?;
    let token = fill(folder.path(), opened, written)?;
    let document = harvest(opened)?;
    let server = Server::start(context, folder.path())?;
    let runtime = stock::runtime()?;
    let first = runtime.block_on(contact(&server, &token, document))?;
    let again = runtime.block_on(contact(&server, &token, document))?;
    // With the template's.
    if first.changes != written.len() + 1 {
        let what = format!("{} changes came of {}", first.changes, written.len() + 1);
        return Err(Failure::Unexpected(what));
    }
    let resident = server.process.resident_bytes()?;
    let json = if written.len() > VIEWED_CHANGES_MAX {
        None
    } else {
        let json = server.answers_after(&format!("/api/documents/{document}"), Instant::now())?;
        Some((milliseconds(json), server.process.resident_bytes()?))
    };
    server.process.stop()?;
    Ok(Found { first, again, resident, json })
}

/// Writes the gathering; gives the token of who opened it.
fn fill(data: &Path, opened: &Opened, written: &[Edit]) -> Result<String, Failure> {
    let log = open_log(data)?;
    let document = harvest(opened)?;
    let opening = opened.events.iter().map(|event| event.entry.clone());
    let seqs = (1..).map(Seq).skip(opened.events.len());
    let edits = written.iter().zip(seqs).map(|(edit, seq)| edit.entry(document, seq));
    let runtime = stock::runtime()?;
    let entries: Box<dyn Iterator<Item = Entry>> = Box::new(opening.chain(edits));
    runtime.block_on(stock::append(&log, opened.gathering, entries))?;
    let vault = stock::open_vault(data)?;
    let token = runtime.block_on(stock::enrol(&vault, opened, 0))?;
    vault.close();
    log.close();
    Ok(token)
}
