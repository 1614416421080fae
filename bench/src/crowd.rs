//! One document with many people: writers without a cliff, listeners beside the bare limit.

use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Edits, load};
use crate::peers::Peer;
use crate::sample::grouped;
use crate::table::Table;

/// Writers at one document.
const WRITERS: [usize; 5] = [100, 200, 300, 400, 500];

/// Edits a second of each: 500 of them are 50,000 deliveries a second.
const RATE: &str = "0.2";

/// Who listens to those who write without rest.
const LISTENERS: [usize; 4] = [30, 100, 300, 500];

/// How many of them write without rest: a table; and as many as the bare server has messages under
/// way, since the more is under way, the more is told in one message, there and here.
const FEW: usize = 8;
const MANY: usize = 32;

/// How p95 grows with the writers of one document.
///
/// # Errors
///
/// Where the server does not start, or a load gives no figures.
pub fn writers(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "writers",
        &[
            ">writers",
            ">edits/s",
            ">deliveries/s",
            ">to another: p50 ms",
            ">p95",
            ">p99",
            ">server's CPU %",
            ">generator's",
            "all there",
        ],
    );
    for writers in WRITERS {
        let figures = at_one(context, writers, &["--rate", RATE])?;
        table.row([
            writers.to_string(),
            grouped(figures.edits_per_second),
            grouped(figures.deliveries_per_second),
            format!("{:.1}", figures.peer.p50_ms),
            format!("{:.1}", figures.peer.p95_ms),
            format!("{:.1}", figures.peer.p99_ms),
            format!("{:.0}", figures.server.unwrap_or_default().cpu_percent),
            format!("{:.0}", figures.generator.unwrap_or_default().cpu_percent),
            if figures.missing == 0 { "yes" } else { "no" }.to_owned(),
        ]);
    }
    table.note(format!("Each writes {RATE} edits a second."));
    Ok(vec![table])
}

/// What a bare server of the same libraries passes on.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Bare {
    deliveries_per_second: f64,
}

/// Deliveries a second to many listeners, beside what the libraries below do with no code of ours.
///
/// # Errors
///
/// Where a server does not start, or gives no figures.
pub fn listeners(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "listeners",
        &[
            ">listeners",
            ">of them write",
            ">deliveries/s",
            ">bare broadcast's",
            ">part of it %",
            ">edits/s",
            ">to another: p50 ms",
            ">p99",
            ">server's CPU %",
            ">generator's",
        ],
    );
    for listeners in LISTENERS {
        let bare = bare(context, listeners)?;
        for writers in [FEW, MANY.min(listeners)] {
            let figures = listened(context, listeners, writers)?;
            let part = 100.0 * figures.deliveries_per_second / bare.deliveries_per_second;
            table.row([
                listeners.to_string(),
                writers.to_string(),
                grouped(figures.deliveries_per_second),
                grouped(bare.deliveries_per_second),
                format!("{part:.0}"),
                grouped(figures.edits_per_second),
                format!("{:.1}", figures.peer.p50_ms),
                format!("{:.1}", figures.peer.p99_ms),
                format!("{:.0}", figures.server.unwrap_or_default().cpu_percent),
                format!("{:.0}", figures.generator.unwrap_or_default().cpu_percent),
            ]);
        }
    }
    table.note(format!(
        "They write without rest, each edit once the last is acknowledged, and every listener \
         answers what comes, as automerge does. The bare server passes 200 bytes on to as many \
         sockets, which answer nothing, with up to {MANY} messages under way for each."
    ));
    Ok(vec![table])
}

/// Deliveries a second to so many, ours and with no code of ours.
pub(crate) struct Compared {
    pub(crate) ours: f64,
    pub(crate) bare: f64,
}

pub(crate) fn compared(context: &Context, listeners: usize) -> Result<Compared, Failure> {
    let bare = bare(context, listeners)?.deliveries_per_second;
    Ok(Compared { ours: listened(context, listeners, MANY)?.deliveries_per_second, bare })
}

fn listened(context: &Context, listeners: usize, writers: usize) -> Result<Edits, Failure> {
    at_one(context, listeners, &["--writers", &writers.to_string()])
}

fn at_one(context: &Context, people: usize, pace: &[&str]) -> Result<Edits, Failure> {
    eprintln!("one document, {people} people");
    let server = Peer::Oogst.start(context)?;
    let (people, seconds) = (people.to_string(), if context.quick { "4" } else { "8" });
    let common = ["edits", "--groups", "1", "--participants", &people, "--seconds", seconds];
    load(context, &server, &[&common[..], pace].concat())
}

fn bare(context: &Context, listeners: usize) -> Result<Bare, Failure> {
    let program = context.program("bare-broadcast")?;
    let mut measure = Command::new(&program);
    measure.args(["measure", "--listeners", &listeners.to_string()]).stdin(Stdio::null());
    let output = measure.output().map_err(Failure::io("run `bare-broadcast`"))?;
    serde_json::from_slice(&output.stdout).map_err(|_| Failure::Program {
        program: program.display().to_string(),
        what: format!("gave no figures: {}", String::from_utf8_lossy(&output.stderr).trim()),
    })
}
