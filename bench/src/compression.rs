//! Whether permessage-deflate (RFC 7692) would serve anybody: what it makes of what one socket is
//! sent, what that takes of the processor, and what each socket would have to hold for it.
//!
//! Without what came before, each message is compressed by itself, and a socket holds nothing. With
//! it, messages are shorter, and the same message is other bytes for each socket.

use std::time::Instant;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};

use crate::accept::Accepting;
use crate::context::Context;
use crate::failure::Failure;
use crate::process::resident_bytes;
use crate::sample::{count, grouped};
use crate::table::Table;

/// Edits that are told, after ten times as many.
const EDITS: usize = 2_000;

/// Compressors whose memory is looked at.
const SOCKETS: usize = 500;

/// How deflate ends a message whose last block may be followed by others; RFC 7692 leaves it out.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// A slow line: what a phone at the edge of a venue's Wi-Fi has, in bits a second.
const LINE_BITS_PER_SECOND: f64 = 1_600_000.0;

/// Compresses a table's messages.
///
/// # Errors
///
/// Where the hub does not take what was written for it, or a message can't be compressed.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let edits = context.size(EDITS, EDITS / 10);
    let (told, joined) = Accepting::new(10 * edits)?.told(edits)?;
    // Beside a word of welcome.
    let whole = joined.into_iter().max_by_key(Bytes::len).into_iter().collect();
    let mut table = Table::new(
        "compression",
        &[
            "what is sent",
            "compressed",
            ">messages",
            ">bytes each",
            ">part %",
            ">time each, µs",
            ">saved on a slow line, ms each",
        ],
    );
    for (what, messages) in [("an edit, as it is told", told), ("all changes, at a join", whole)] {
        let plain = Compressed { bytes: messages.iter().map(Bytes::len).sum(), micros: 0.0 };
        row(&mut table, (what, "no"), messages.len(), plain, plain);
        for (how, keeps) in [("by itself", false), ("with what came before", true)] {
            row(&mut table, (what, how), messages.len(), compressed(&messages, keeps)?, plain);
        }
    }
    table.note(format!(
        "What one of a table of six is sent while {} edits are made one by one, after ten times as \
         many, and what somebody is sent then who takes no snapshot. A message is counted once; \
         with what came before, each socket has to compress its own. A compressor that keeps it \
         takes {:.0} KiB a socket. The slow line has {} Mbit/s.",
        grouped(count(edits)),
        memory()? / 1_024.0,
        LINE_BITS_PER_SECOND / 1e6,
    ));
    Ok(vec![table])
}

/// What messages come to.
#[derive(Clone, Copy)]
struct Compressed {
    bytes: usize,
    /// All together.
    micros: f64,
}

fn row(table: &mut Table, what: (&str, &str), messages: usize, it: Compressed, plain: Compressed) {
    let each = |all: f64| all / count(messages.max(1));
    let saved = count(plain.bytes) - count(it.bytes);
    table.row([
        what.0.to_owned(),
        what.1.to_owned(),
        grouped(count(messages)),
        grouped(each(count(it.bytes))),
        format!("{:.0}", 100.0 * count(it.bytes) / count(plain.bytes)),
        format!("{:.1}", each(it.micros)),
        format!("{:.2}", each(saved) * 8.0 * 1_000.0 / LINE_BITS_PER_SECOND),
    ]);
}

/// Compresses messages in their order, each on top of what came before where that is kept.
fn compressed(messages: &[Bytes], keeps: bool) -> Result<Compressed, Failure> {
    let mut compressor = Compress::new(Compression::default(), false);
    let (mut bytes, begun) = (0, Instant::now());
    for message in messages {
        if !keeps {
            compressor.reset();
        }
        bytes += compress(&mut compressor, message)?;
    }
    Ok(Compressed { bytes, micros: begun.elapsed().as_secs_f64() * 1e6 })
}

/// How long a message is, compressed.
fn compress(compressor: &mut Compress, message: &[u8]) -> Result<usize, Failure> {
    // Deflate makes nothing longer by more than a few bytes for each of its blocks.
    let mut out = Vec::with_capacity(message.len() + message.len() / 1_000 + 64);
    compressor
        .compress_vec(message, &mut out, FlushCompress::Sync)
        .map_err(|error| Failure::Unexpected(format!("a message can't be compressed: {error}")))?;
    let ended = out.strip_suffix(&TAIL);
    ended.map(<[u8]>::len).ok_or_else(|| Failure::Unexpected("a message without end".to_owned()))
}

/// What one compressor holds, in bytes of resident memory.
fn memory() -> Result<f64, Failure> {
    let before = resident_bytes(std::process::id())?;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let mut compressor = Compress::new(Compression::default(), false);
        compress(&mut compressor, &[0x6f; 300])?;
        sockets.push(compressor);
    }
    let held = resident_bytes(std::process::id())?.saturating_sub(before);
    Ok(u32::try_from(held >> 10).map_or(f64::INFINITY, f64::from) * 1_024.0 / count(sockets.len()))
}
