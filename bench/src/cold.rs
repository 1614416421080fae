//! Somebody comes with nothing at hand to a document with a long history.

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Cold, load};
use crate::peers::PEERS;
use crate::sample::{count, grouped};
use crate::table::Table;

/// How long the history is, in edits.
const EDITS: [usize; 3] = [1_000, 10_000, 50_000];

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
            ">server's CPU ms",
            ">kB",
            "all there",
        ],
    );
    let lengths = if context.quick { &EDITS[1..2] } else { &EDITS[..] };
    for edits in lengths {
        for peer in PEERS {
            eprintln!("cold join, {edits} edits: {}", peer.name());
            let server = peer.start(context)?;
            let (edits, joins) = (edits.to_string(), if context.quick { "5" } else { "11" });
            let people = ["--groups", "1", "--participants", "2"];
            let arguments = ["cold", "--edits", &edits, "--joins", joins];
            let figures: Cold = load(context, &server, &[&arguments[..], &people].concat())?;
            let cpu = figures.server_cpu_seconds_per_join.unwrap_or_default() * 1_000.0;
            let kilobytes = count(usize::try_from(figures.bytes).unwrap_or(usize::MAX)) / 1_000.0;
            table.row([
                grouped(edits.parse().unwrap_or_default()),
                peer.name().to_owned(),
                format!("{:.1}", figures.whole.p50_ms),
                format!("{:.1}", figures.whole.max_ms),
                format!("{:.1}", figures.answer.p50_ms),
                format!("{cpu:.1}"),
                grouped(kilobytes),
                if figures.missing == 0 { "yes" } else { "no" }.to_owned(),
            ]);
        }
    }
    table.note(
        "\"Whole\" is from the call for a line until automerge has loaded the document; the bytes \
         come before any of it is loaded.",
    );
    Ok(vec![table])
}
