//! What grows with a document's history, with the number of gatherings, and with the log.
//!
//! Each is its own table, on a log that is written straight into a data directory with the server's
//! own code ([`crate::stock`]); what is measured is a real server on it, over loopback. Listeners
//! are in [`crate::crowd`].

mod contact;
mod events;
mod gatherings;
mod histories;

pub use self::events::suite as events;
pub use self::gatherings::suite as gatherings;
pub use self::histories::suite as histories;

use std::path::Path;

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Edits, load_ours};
use crate::sample::count;
use crate::server::Server;

/// People who work in gatherings of their own beside all that is there: ten gatherings of four.
const AT_WORK: [&str; 10] = [
    "edits",
    "--gatherings",
    "10",
    "--groups",
    "10",
    "--participants",
    "4",
    "--rate",
    "1",
    "--seconds",
];

/// What work is like beside all that the server has.
fn at_work(context: &Context, server: &Server) -> Result<Edits, Failure> {
    let seconds = if context.quick { "4" } else { "10" };
    load_ours(context, server, &[&AT_WORK[..], &[seconds]].concat())
}

fn mebibytes(bytes: u64) -> f64 {
    count(usize::try_from(bytes >> 10).unwrap_or(usize::MAX)) / 1_024.0
}

/// The bytes of all files under a folder.
fn bytes_under(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.metadata()?;
        bytes += if found.is_dir() { bytes_under(&entry.path())? } else { found.len() };
    }
    Ok(bytes)
}
