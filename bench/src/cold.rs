//! Somebody comes with nothing at hand to a document with a long history.

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Cold, load};
use crate::peers::PEERS;
use crate::sample::{count, grouped};
use crate::table::Table;

/// How long the history is, in edits.
const EDITS: [usize; 3] = [1_000, 10_000, 50_000];

/// How often it is joined.
const JOINS: &str = "11";

/// What `oogst load` is asked for.
pub(crate) fn arguments<'a>(edits: &'a str, joins: &'a str) -> [&'a str; 5] {
    ["cold", "--edits", edits, "--joins", joins]
}

/// The servers, one after the other, at each length.
///
/// # Errors
///
/// Where a server does not start, or a load gives no figures.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "cold",
        &[
            ">edits",
            "server",
            ">whole: p50 ms",
            ">slowest",
            ">until the last byte: p50 ms",
            ">server's CPU ms: first",
            ">each further",
            ">kB",
            "all there",
        ],
    );
    for edits in EDITS {
        for peer in PEERS {
            eprintln!("cold join, {edits} edits: {}", peer.name());
            let server = peer.start(context)?;
            let edits = edits.to_string();
            let figures: Cold = load(context, &server, &arguments(&edits, JOINS))?;
            let milliseconds = |seconds: Option<f64>| seconds.unwrap_or_default() * 1_000.0;
            let first = milliseconds(figures.server_cpu_seconds_of_first);
            let further = milliseconds(figures.server_cpu_seconds_per_join);
            let kilobytes = count(usize::try_from(figures.bytes).unwrap_or(usize::MAX)) / 1_000.0;
            table.row([
                grouped(edits.parse().unwrap_or_default()),
                peer.name().to_owned(),
                format!("{:.1}", figures.whole.p50_ms),
                format!("{:.1}", figures.whole.max_ms),
                format!("{:.1}", figures.answer.p50_ms),
                format!("{first:.0}"),
                format!("{further:.1}"),
                grouped(kilobytes),
                if figures.missing == 0 { "yes" } else { "no" }.to_owned(),
            ]);
        }
    }
    table.note(
        "\"Whole\" is from the call for a line until automerge has loaded the document; the bytes \
         come before any of it is loaded. The server is left alone for two seconds before the \
         first and after it: what the first makes it do (the making of a snapshot) is counted with \
         it. Linux counts in hundredths of a second.",
    );
    Ok(vec![table])
}
