//! How far the log had come: a second witness beside the store.
//!
//! The store can come back shorter than it was, even empty, and say nothing of it (a cut file, a
//! swapped disk, a torn segment). `HIGHWATER` holds the newest durable seq of each gathering,
//! written whole about once a second; a log that ends before it is refused, never served.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use oogst_protocol::ids::{GatheringId, Seq};
use uuid::Uuid;

use super::LogError;
use super::follow::Durable;
use crate::disk;

/// How often it is written while the log grows.
pub(super) const INTERVAL: Duration = Duration::from_secs(1);

const MAGIC: &[u8; 8] = b"oogst-h1";
const ENTRY_BYTES: usize = 16 + 8;

/// The file, and when it was last brought up to date.
#[derive(Debug)]
pub(super) struct Highwater {
    path: PathBuf,
    written: Instant,
    behind: bool,
}

impl Highwater {
    /// Reads the witness of `directory`; empty where there is none yet.
    pub(super) fn read(directory: &Path) -> Result<BTreeMap<GatheringId, Seq>, LogError> {
        let damaged = |what| LogError::Damaged { directory: directory.into(), what, source: None };
        match std::fs::read(path(directory)) {
            Ok(bytes) => decode(&bytes).ok_or_else(|| {
                damaged(
                    "HIGHWATER is unreadable: without it, `verify` tells whether the rest is whole",
                )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(source) => {
                Err(LogError::Io { directory: directory.into(), doing: "read HIGHWATER", source })
            }
        }
    }

    pub(super) fn new(directory: &Path) -> Self {
        Self { path: path(directory), written: Instant::now(), behind: true }
    }

    /// Notes that the log grew.
    pub(super) const fn grew(&mut self) {
        self.behind = true;
    }

    /// Writes the witness where it is behind and a while has passed.
    pub(super) fn keep_up(&mut self, durable: &Durable) -> io::Result<()> {
        if self.behind && self.written.elapsed() >= INTERVAL { self.write(durable) } else { Ok(()) }
    }

    /// Writes the witness now.
    pub(super) fn write(&mut self, durable: &Durable) -> io::Result<()> {
        disk::write_whole(&self.path, &encode(&durable.all()))?;
        (self.written, self.behind) = (Instant::now(), false);
        Ok(())
    }
}

fn path(directory: &Path) -> PathBuf {
    directory.join("HIGHWATER")
}

fn encode(last: &BTreeMap<GatheringId, Seq>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for (gathering, seq) in last {
        bytes.extend_from_slice(gathering.uuid().as_bytes());
        bytes.extend_from_slice(&seq.0.to_be_bytes());
    }
    let checksum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&checksum.to_be_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<BTreeMap<GatheringId, Seq>> {
    let (body, checksum) = bytes.split_last_chunk::<4>()?;
    let entries = body.strip_prefix(MAGIC)?;
    if crc32c::crc32c(body).to_be_bytes() != *checksum || entries.len() % ENTRY_BYTES != 0 {
        return None;
    }
    let entry = |entry: &[u8]| {
        let (gathering, seq) = entry.split_first_chunk::<16>()?;
        let seq = u64::from_be_bytes(seq.try_into().ok()?);
        Some((GatheringId::new(Uuid::from_bytes(*gathering)), Seq(seq)))
    };
    entries.chunks(ENTRY_BYTES).map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_that_was_touched_is_no_witness() {
        let last: BTreeMap<_, _> =
            (1..4).map(|n| (GatheringId::new(Uuid::from_u128(n)), Seq(7))).collect();
        let bytes = encode(&last);
        assert_eq!(decode(&bytes), Some(last));
        for index in 0..bytes.len() {
            let mut touched = bytes.clone();
            touched[index] ^= 1;
            assert_eq!(decode(&touched), None, "byte {index}");
            assert_eq!(decode(&bytes[..index]), None, "cut at {index}");
        }
    }
}
