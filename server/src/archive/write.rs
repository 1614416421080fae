//! Making an archive, in bounded memory: a page of events, one gathering's view; an archive that
//! leaves out ballots reads its events once more before that, for the totals.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use oogst_protocol::event::{Act, Event};
use oogst_protocol::ids::{DocumentId, FileId, GatheringId, Seq};
use oogst_protocol::time::Timestamp;

use super::ballots::{Counting, Totals};
use super::line::{FORMAT, Holds, Line, Lines, VERSION, spell};
use super::withheld::{Withholding, is_confidential};
use super::{ArchiveError, State};
use crate::files::{Files, FilesError};
use crate::log::EventLog;
use crate::people::{Entry, Vault};
use crate::state::Folding;

/// Events that are read from the log at a time.
const PAGE_EVENTS: usize = 256;

/// Where an archive comes from.
#[derive(Clone)]
pub struct Source {
    /// The events.
    pub log: Arc<dyn EventLog>,
    /// The people.
    pub people: Vault,
    /// The files.
    pub files: Files,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(…)")
    }
}

impl Source {
    /// How far every gathering is at this moment: what a backup that begins now covers.
    #[must_use]
    pub fn frontier(&self) -> BTreeMap<GatheringId, Seq> {
        let gatherings = self.log.gatherings().into_iter();
        gatherings.map(|gathering| (gathering, self.log.last(gathering))).collect()
    }

    /// Writes the events up to `frontier`, with the people and files of this moment. Writes that
    /// go on meanwhile are not held up. `readable` are the documents that whoever asks for one
    /// gathering may read; `None` for a backup, which holds all. Blocks.
    ///
    /// The people are read after the frontier was taken: whoever is in an event is among them.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`]; what was written is then no whole archive, and says so by its missing end.
    pub fn write(
        &self,
        readable: Option<&BTreeSet<DocumentId>>,
        frontier: &BTreeMap<GatheringId, Seq>,
        out: impl Write,
    ) -> Result<BTreeMap<GatheringId, State>, ArchiveError> {
        let mut lines = Lines::new(out);
        lines.write(&Line::Archive {
            format: FORMAT.into(),
            version: VERSION,
            holds: if readable.is_some() { Holds::Gathering } else { Holds::Server },
            made: now(),
            server: env!("CARGO_PKG_VERSION").into(),
        })?;
        let mut states = BTreeMap::new();
        for (gathering, until) in frontier {
            let state = self.gathering(readable, *gathering, *until, &mut lines)?;
            states.insert(*gathering, state);
        }
        lines.finish()?;
        Ok(states)
    }

    fn gathering(
        &self,
        readable: Option<&BTreeSet<DocumentId>>,
        gathering: GatheringId,
        until: Seq,
        lines: &mut Lines<impl Write>,
    ) -> Result<State, ArchiveError> {
        let opens = readable.is_none();
        let codes = if opens { self.people.codes(gathering) } else { None };
        lines.write(&Line::Gathering { gathering, events: until.0, codes })?;
        for (participant, entry) in self.people.entries(gathering) {
            let Entry { person, tokens, return_codes } = entry;
            let (tokens, return_codes) =
                if opens { (tokens, return_codes) } else { (Vec::new(), Vec::new()) };
            let person = std::borrow::Cow::Owned(person);
            lines.write(&Line::Person { participant, person, tokens, return_codes })?;
        }
        let (state, files) = self.events(readable, gathering, until, lines)?;
        for file in files {
            // Erased meanwhile, or long ago: its event stays, its bytes are nowhere.
            let Some(bytes) = self.bytes_of(gathering, file)? else { continue };
            lines.write(&Line::File { file, bytes: spell(&bytes).into() })?;
        }
        lines.write(&Line::State { state: state.clone() })?;
        Ok(state)
    }

    fn events(
        &self,
        readable: Option<&BTreeSet<DocumentId>>,
        gathering: GatheringId,
        until: Seq,
        lines: &mut Lines<impl Write>,
    ) -> Result<(State, Vec<FileId>), ArchiveError> {
        let unfolded = |fault| ArchiveError::Unfolded { gathering, fault };
        let mut withholding = readable.map(Withholding::new);
        let totals = readable.map(|_| self.votes(gathering, until)).transpose()?;
        let mut folding = Folding::new(gathering);
        let mut unnamed = BTreeSet::new();
        let (mut after, mut files) = (Seq::ZERO, Vec::new());
        while after < until {
            let left = usize::try_from(until.0 - after.0).unwrap_or(usize::MAX);
            let page = self.log.read(gathering, after, left.min(PAGE_EVENTS));
            for event in page.map_err(ArchiveError::Log)? {
                after = event.seq;
                let event = match &mut withholding {
                    Some(withholding) => withholding.pass(event),
                    None => event,
                };
                let event = match &totals {
                    Some(totals) => totals.pass(event),
                    None => event,
                };
                if let Act::FileAdded { file, .. } = &event.entry.act {
                    files.push(*file);
                }
                if let Act::DocumentOpened { document, kind, .. } = &event.entry.act
                    && is_confidential(*kind)
                {
                    unnamed.insert(*document);
                }
                lines.write(&line_of(&event, &unnamed))?;
                folding.take(event).map_err(unfolded)?;
            }
        }
        let (state, _) = folding.finish().map_err(unfolded)?;
        Ok((state, files))
    }

    /// What the votes up to `until` came to.
    fn votes(&self, gathering: GatheringId, until: Seq) -> Result<Totals, ArchiveError> {
        let mut counting = Counting::default();
        let mut after = Seq::ZERO;
        while after < until {
            let left = usize::try_from(until.0 - after.0).unwrap_or(usize::MAX);
            let page = self.log.read(gathering, after, left.min(PAGE_EVENTS));
            for event in page.map_err(ArchiveError::Log)? {
                after = event.seq;
                counting.take(&event);
            }
        }
        Ok(counting.finish())
    }

    fn bytes_of(
        &self,
        gathering: GatheringId,
        file: FileId,
    ) -> Result<Option<Vec<u8>>, ArchiveError> {
        self.files.read(gathering, file).map_err(|source| {
            let path = file.to_string().into();
            ArchiveError::Files(FilesError::Io { path, source })
        })
    }
}

/// Documents that are `unnamed` stand in records alone, not in the words beside them.
fn line_of(event: &Event, unnamed: &BTreeSet<DocumentId>) -> Line<'static> {
    let entry = &event.entry;
    let contributions = entry.act.contributions();
    Line::Event {
        seq: event.seq,
        at: entry.at,
        participant: entry.by.participant,
        role: entry.by.role,
        act: entry.act.name().into(),
        document: entry.act.document().filter(|document| !unnamed.contains(document)),
        contributions: contributions.iter().map(|found| found.kind.name().into()).collect(),
        record: spell(&event.encode()).into(),
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
