//! Making gatherings again from an archive, in the data directory of a stopped server.
//!
//! Invariant: an archive that is not whole and sound leaves no trace, and a restore that is cut
//! short leaves nothing that a server would serve: while `RESTORING` stands in the data directory
//! no server starts on it, and the same restore, run again, goes on where it was.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;
use std::sync::Arc;

use oogst_core::port::Ticket;
use oogst_protocol::api::Codes;
use oogst_protocol::event::{Act, Entry as Told, Event};
use oogst_protocol::ids::{FileId, GatheringId, ParticipantId, Seq};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::check::{Found, event_of, head};
use super::line::{Line, Reader, unspell};
use super::{ArchiveError, Contents, State};
use crate::disk;
use crate::files::{Files, FilesError};
use crate::log::{Append, EventLog, LogClosed};
use crate::people::{Entry, VaultError, has_roll, restore_roll};

/// The file in the data directory that says that a restore is not done yet.
pub const RESTORING: &str = "RESTORING";

/// Most events, and about the most bytes of changes, of one append.
const APPEND_EVENTS_MAX: usize = 512;
const APPEND_BYTES_MAX: usize = 1 << 20;

/// A gathering that is there again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Restored {
    /// Which.
    pub gathering: GatheringId,
    /// What its events come to, read back from the log.
    pub state: State,
    /// Its join codes.
    pub codes: Codes,
    /// The facilitators' names with new return codes; none after a backup, where the old ones hold.
    pub facilitators: Vec<(String, String)>,
}

/// Whether a restore in this data directory was cut short.
#[must_use]
pub fn is_cut_short(data: &Path) -> bool {
    data.join(RESTORING).exists()
}

/// Makes the gatherings of an archive again. `contents` is what [`super::check()`] found in it.
/// Blocks.
///
/// # Errors
///
/// [`ArchiveError::Known`] where one of them is here already; nothing is written then.
pub fn restore(
    data: &Path,
    log: &Arc<dyn EventLog>,
    mut archive: File,
    contents: &Contents,
) -> Result<Vec<Restored>, ArchiveError> {
    let marker = data.join(RESTORING);
    let goes_on = match std::fs::read_to_string(&marker) {
        Ok(sum) if sum.trim() == contents.sum => true,
        Ok(_) => return Err(ArchiveError::Other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    for Found { gathering, .. } in &contents.gatherings {
        if !goes_on && (log.last(*gathering) > Seq::ZERO || has_roll(data, *gathering)) {
            return Err(ArchiveError::Known { gathering: *gathering });
        }
    }
    disk::write_whole(&marker, contents.sum.as_bytes())?;
    archive.rewind()?;
    let files = Files::open(data, &**log).map_err(ArchiveError::Files)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut reader = Reader::new(BufReader::new(archive));
    head(&mut reader)?;
    let mut restored = Vec::new();
    for found in &contents.gatherings {
        let Some(Line::Gathering { gathering, codes, .. }) = reader.next()? else {
            return Err(ArchiveError::Changed);
        };
        let mut making = Making::new(gathering, codes, found, log, &runtime, &files);
        restored.push(making.run(&mut reader, data)?);
    }
    if reader.next()?.is_some() || reader.sum() != contents.sum {
        return Err(ArchiveError::Changed);
    }
    disk::remove(&marker)?;
    Ok(restored)
}

/// One gathering, while it is made again.
struct Making<'a> {
    gathering: GatheringId,
    codes: Option<Codes>,
    found: &'a Found,
    log: &'a Arc<dyn EventLog>,
    runtime: &'a Runtime,
    files: &'a Files,
    people: BTreeMap<ParticipantId, Entry>,
    waiting: Vec<Told>,
    bytes: usize,
}

impl<'a> Making<'a> {
    fn new(
        gathering: GatheringId,
        codes: Option<Codes>,
        found: &'a Found,
        log: &'a Arc<dyn EventLog>,
        runtime: &'a Runtime,
        files: &'a Files,
    ) -> Self {
        let (people, waiting) = (BTreeMap::new(), Vec::new());
        Self { gathering, codes, found, log, runtime, files, people, waiting, bytes: 0 }
    }

    fn run(
        &mut self,
        reader: &mut Reader<BufReader<File>>,
        data: &Path,
    ) -> Result<Restored, ArchiveError> {
        let there = self.log.last(self.gathering);
        loop {
            match reader.next()? {
                Some(Line::Person { participant, person, tokens, return_codes }) => {
                    let person = person.into_owned();
                    let entry = Entry { person, tokens, return_codes };
                    self.people.insert(participant, entry);
                }
                Some(Line::Event { seq, record, .. }) => {
                    let event = event_of(reader, self.gathering, seq, &record)?;
                    if seq > there { self.append(event)? } else { self.confirm(&event)? }
                }
                Some(Line::File { file, bytes }) => {
                    let bytes = unspell(&bytes).map_err(|what| reader.wrong(what))?;
                    self.file(file, &bytes).map_err(|source| {
                        let path = file.to_string().into();
                        ArchiveError::Files(FilesError::Io { path, source })
                    })?;
                }
                Some(Line::State { .. }) => break,
                Some(Line::Archive { .. } | Line::Gathering { .. } | Line::End { .. }) | None => {
                    return Err(ArchiveError::Changed);
                }
            }
        }
        self.flush()?;
        self.finish(data)
    }

    /// What an earlier try of this restore has written is left as it is.
    fn confirm(&self, event: &Event) -> Result<(), ArchiveError> {
        let before = Seq(event.seq.0 - 1);
        let there = self.log.read(self.gathering, before, 1).map_err(ArchiveError::Log)?;
        match there.first() {
            Some(same) if **same == *event => Ok(()),
            Some(_) | None => Err(ArchiveError::Known { gathering: self.gathering }),
        }
    }

    fn append(&mut self, event: Event) -> Result<(), ArchiveError> {
        if let Act::Changed { changes, .. } = &event.entry.act {
            self.bytes += changes.iter().map(|change| change.0.len()).sum::<usize>();
        }
        self.waiting.push(event.entry);
        let full = self.waiting.len() >= APPEND_EVENTS_MAX || self.bytes >= APPEND_BYTES_MAX;
        if full { self.flush() } else { Ok(()) }
    }

    /// Returns when what waits is in the log and synced.
    fn flush(&mut self) -> Result<(), ArchiveError> {
        self.bytes = 0;
        let entries = std::mem::take(&mut self.waiting);
        if entries.is_empty() {
            return Ok(());
        }
        let (report, mut reports) = mpsc::channel(1);
        let append = Append { ticket: Ticket(1), gathering: self.gathering, entries, report };
        let written = self.runtime.block_on(async {
            self.log.appends().room(&append).await?.append(append)?;
            reports.recv().await.ok_or(LogClosed)
        });
        written.map(|_| ()).map_err(|LogClosed| ArchiveError::Closed)
    }

    fn file(&self, file: FileId, bytes: &[u8]) -> std::io::Result<()> {
        self.files.keep(self.gathering, file, bytes)?;
        self.files.settle(self.gathering, file)
    }

    fn finish(&mut self, data: &Path) -> Result<Restored, ArchiveError> {
        let gathering = self.gathering;
        let fault = |fault| ArchiveError::Unfolded { gathering, fault };
        let state = State::of(&**self.log, gathering).map_err(fault)?;
        if state != self.found.state {
            return Err(ArchiveError::State { gathering, found: state });
        }
        let people = std::mem::take(&mut self.people);
        // Whose old words hold needs no new ones.
        let welcome = |who: &ParticipantId| people[who].return_codes.is_empty();
        let welcome: Vec<_> = self.found.facilitators.iter().copied().filter(welcome).collect();
        let made = restore_roll(data, gathering, self.codes.take(), people, &welcome);
        let (codes, facilitators) = made.map_err(|fault: VaultError| ArchiveError::Vault(fault))?;
        Ok(Restored { gathering, state, codes, facilitators })
    }
}
