//! The lines of an archive, and how they are read and written under bounds.

use std::borrow::Cow;
use std::io::{BufRead, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use oogst_protocol::api::Codes;
use oogst_protocol::event::Role;
use oogst_protocol::ids::{DocumentId, FileId, GatheringId, ParticipantId, Seq};
use oogst_protocol::limits::EVENT_BYTES_MAX;
use oogst_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use crate::people::{Digest, Person};
use crate::state::{State, hex};

/// What every archive begins with.
pub(super) const FORMAT: &str = "oogst-archive";

/// The version that this build writes, and the newest that it reads.
pub(super) const VERSION: u32 = 1;

/// Longest line, in bytes: the largest event's record, a third longer in base 64, and the words
/// about it, which name each of its contributions.
const LINE_BYTES_MAX: u64 = EVENT_BYTES_MAX as u64 * 4 / 3 + (16 << 20);

/// What an archive is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// One gathering, to be taken elsewhere: without what lets people in, without intervision.
    Gathering,
    /// All gatherings of a server, with all that it has.
    Server,
}

/// One line. Of each gathering in turn: its head, its people, its events, its files, its state.
#[derive(Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line<'a> {
    /// The first.
    Archive {
        format: Cow<'a, str>,
        version: u32,
        holds: Holds,
        /// When it was begun.
        made: Timestamp,
        /// The server that made it.
        server: Cow<'a, str>,
    },
    /// Begins a gathering.
    Gathering {
        gathering: GatheringId,
        /// How many events follow.
        events: u64,
        /// In a backup alone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        codes: Option<Codes>,
    },
    /// Somebody on its roll.
    Person {
        participant: ParticipantId,
        person: Cow<'a, Person>,
        /// Hashes; in a backup alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tokens: Vec<Digest>,
        /// Hashes; in a backup alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        return_codes: Vec<Digest>,
    },
    /// One event: the record is what counts, the rest is for whoever reads.
    Event {
        seq: Seq,
        at: Timestamp,
        participant: Option<ParticipantId>,
        role: Role,
        act: Cow<'a, str>,
        document: Option<DocumentId>,
        contributions: Vec<Cow<'a, str>>,
        /// The event as the log holds it, base 64.
        record: Cow<'a, str>,
    },
    /// The bytes of a file that one of the events added, base 64.
    File { file: FileId, bytes: Cow<'a, str> },
    /// Ends a gathering: what its events come to.
    State { state: State },
    /// The last: how many lines stand before it, and the SHA-256 of all their bytes.
    End { lines: u64, sha256: Cow<'a, str> },
}

/// As text.
pub(super) fn spell(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes behind a text; what is none is said.
pub(super) fn unspell(text: &str) -> Result<Vec<u8>, String> {
    BASE64.decode(text).map_err(|error| format!("no base 64: {error}"))
}

/// Writes lines, and keeps their count and sum.
pub(super) struct Lines<W> {
    out: W,
    lines: u64,
    sum: Sha256,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, lines: 0, sum: Sha256::new() }
    }

    pub(super) fn write(&mut self, line: &Line<'_>) -> Result<(), ArchiveError> {
        let mut text = serde_json::to_vec(line).map_err(std::io::Error::from)?;
        text.push(b'\n');
        self.lines += 1;
        self.sum.update(&text);
        Ok(self.out.write_all(&text)?)
    }

    /// Writes the last line, and gives back what was written to.
    pub(super) fn finish(mut self) -> Result<W, ArchiveError> {
        let sum = hex(&self.sum.clone().finalize());
        self.write(&Line::End { lines: self.lines, sha256: sum.into() })?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Reads lines, one at a time, under a bound.
pub(super) struct Reader<R> {
    from: R,
    line: u64,
    text: Vec<u8>,
    sum: Sha256,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, line: 0, text: Vec::new(), sum: Sha256::new() }
    }

    /// The next line, which is not the last. The last is held against what came before it: `None`.
    pub(super) fn next(&mut self) -> Result<Option<Line<'static>>, ArchiveError> {
        self.text.clear();
        self.line += 1;
        (&mut self.from).take(LINE_BYTES_MAX).read_until(b'\n', &mut self.text)?;
        if self.text.last() != Some(&b'\n') {
            return Err(self.wrong("it is cut short, or too long"));
        }
        let line = serde_json::from_slice(&self.text);
        let line: Line<'static> = line.map_err(|error| self.wrong(error))?;
        let Line::End { lines, sha256 } = &line else {
            self.sum.update(&self.text);
            return Ok(Some(line));
        };
        if *lines != self.line - 1 || *sha256 != self.sum() {
            return Err(self.wrong("the lines before it are not those that were written"));
        }
        if self.from.fill_buf()?.is_empty() {
            return Ok(None);
        }
        Err(self.wrong("something follows the end"))
    }

    /// The sum of the lines so far.
    pub(super) fn sum(&self) -> String {
        hex(&self.sum.clone().finalize())
    }

    /// What is wrong with the line that was read last.
    pub(super) fn wrong(&self, what: impl ToString) -> ArchiveError {
        ArchiveError::Line { line: self.line, what: what.to_string() }
    }

    /// Which line was read last.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }
}
