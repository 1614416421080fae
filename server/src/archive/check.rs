//! Reading an archive from end to end without writing anything: what is in it, and whether a
//! server could have made it.
//!
//! Each change of an archive of one gathering passes the same door as one that a peer brings, by
//! the participant and in the role that its event names: what a restore lets in can be shown to
//! everybody. A backup is a server's own log, whose changes passed that door once; a later server's
//! stricter door must not lock it out, so they are replayed as at a start. So are the changes by
//! which a server undid somebody's acts: they put back what their author could not write. Either
//! way all of it is folded, and what breaks doing so is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use oogst_core::accept::{Accepted, Author};
use oogst_core::change;
use oogst_core::gathering::Fold;
use oogst_protocol::event::{Act, ChangeBytes, Event, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, FileId, GatheringId, ParticipantId, Seq};
use oogst_protocol::limits::{PARTICIPANTS_MAX, TITLE_CHARACTERS_MAX};
use oogst_protocol::time::Timestamp;
use sha2::Digest as _;

use super::line::{FORMAT, Holds, Line, Reader, VERSION, unspell};
use super::{ArchiveError, State};
use crate::files::picture::FILE_BYTES_MAX;
use crate::people::Person;
use crate::state::Folding;

/// Most gatherings of one archive.
const GATHERINGS_MAX: usize = 100_000;

/// What an archive holds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contents {
    /// Of what it is.
    pub holds: Holds,
    /// What names it: the SHA-256 of its lines but the last.
    pub sum: String,
    /// Its gatherings, in their order.
    pub gatherings: Vec<Found>,
}

/// One gathering of an archive.
#[derive(Debug)]
#[non_exhaustive]
pub struct Found {
    /// Which.
    pub gathering: GatheringId,
    /// What its events come to, as the archive says and as they do.
    pub state: State,
    /// Events that were left out.
    pub withheld: u64,
    /// Files whose bytes are in it.
    pub files: usize,
    /// Files that were added and whose bytes are not in it: they were erased.
    pub erased: usize,
    /// Who conducts it.
    pub(super) facilitators: Vec<ParticipantId>,
}

/// Reads an archive and says what is in it. Blocks.
///
/// # Errors
///
/// [`ArchiveError`] says which line or event is not what belongs there.
pub fn check(from: impl BufRead) -> Result<Contents, ArchiveError> {
    let mut reader = Reader::new(from);
    let holds = head(&mut reader)?;
    let mut gatherings: Vec<Found> = Vec::new();
    let mut known = BTreeSet::new();
    while let Some(line) = reader.next()? {
        let Line::Gathering { gathering, events, codes } = line else {
            return Err(reader.wrong("a gathering begins here"));
        };
        if holds == Holds::Gathering && (codes.is_some() || !known.is_empty()) {
            return Err(reader.wrong("an archive of one gathering holds one, and no codes"));
        }
        if !known.insert(gathering) || known.len() > GATHERINGS_MAX {
            return Err(reader.wrong("a gathering comes once"));
        }
        gatherings.push(Checking::new(holds, gathering, events).run(&mut reader)?);
    }
    if gatherings.is_empty() && holds == Holds::Gathering {
        return Err(reader.wrong("it holds no gathering"));
    }
    Ok(Contents { holds, sum: reader.sum(), gatherings })
}

/// Reads the first line.
pub(super) fn head(reader: &mut Reader<impl BufRead>) -> Result<Holds, ArchiveError> {
    match reader.next()? {
        Some(Line::Archive { format, version, .. }) if format == FORMAT && version > VERSION => {
            Err(ArchiveError::Newer { found: version, newest: VERSION })
        }
        Some(Line::Archive { format, version: VERSION, holds, .. }) if format == FORMAT => {
            Ok(holds)
        }
        _ => Err(reader.wrong("an archive begins with what it is")),
    }
}

/// An event's record, which is what counts of its line.
pub(super) fn event_of(
    reader: &Reader<impl BufRead>,
    gathering: GatheringId,
    seq: Seq,
    record: &str,
) -> Result<Event, ArchiveError> {
    let record = unspell(record).map_err(|what| reader.wrong(what))?;
    let line = reader.line();
    let event = Event::decode(&record).map_err(|fault| ArchiveError::Event { line, fault })?;
    if (event.gathering, event.seq) != (gathering, seq) || event.encode() != record {
        return Err(reader.wrong("the record is that of another event"));
    }
    Ok(event)
}

/// One gathering, while it is read.
struct Checking {
    holds: Holds,
    gathering: GatheringId,
    events: u64,
    last: Seq,
    fold: Fold,
    documents: BTreeMap<DocumentId, Accepted>,
    folding: Folding,
    people: BTreeSet<ParticipantId>,
    added: BTreeMap<FileId, ChangeHash>,
    files: BTreeSet<FileId>,
    withheld: u64,
    /// Whose changes, of which moment, put back what somebody did away with.
    reverting: Option<(Option<ParticipantId>, Timestamp)>,
}

impl Checking {
    fn new(holds: Holds, gathering: GatheringId, events: u64) -> Self {
        Self {
            holds,
            gathering,
            events,
            last: Seq::ZERO,
            fold: Fold::default(),
            documents: BTreeMap::new(),
            folding: Folding::new(gathering),
            people: BTreeSet::new(),
            added: BTreeMap::new(),
            files: BTreeSet::new(),
            withheld: 0,
            reverting: None,
        }
    }

    fn run(mut self, reader: &mut Reader<impl BufRead>) -> Result<Found, ArchiveError> {
        loop {
            match reader.next()? {
                Some(Line::Person { participant, person, tokens, return_codes }) => {
                    let opens = !tokens.is_empty() || !return_codes.is_empty();
                    if self.last != Seq::ZERO || (opens && self.holds == Holds::Gathering) {
                        let what = "people come before events, and without what lets them in";
                        return Err(reader.wrong(what));
                    }
                    self.person(participant, &person).map_err(|what| reader.wrong(what))?;
                }
                Some(Line::Event { seq, record, .. }) => {
                    if seq != self.last.next() || seq.0 > self.events {
                        return Err(reader.wrong("an event comes in its place"));
                    }
                    let event = event_of(reader, self.gathering, seq, &record)?;
                    self.last = seq;
                    self.event(event)?;
                }
                Some(Line::File { file, bytes }) => {
                    self.file(file, &bytes).map_err(|what| reader.wrong(what))?;
                }
                Some(Line::State { state }) => return self.finish(reader, &state),
                Some(Line::Archive { .. } | Line::Gathering { .. } | Line::End { .. }) | None => {
                    return Err(reader.wrong("a gathering ends with its state"));
                }
            }
        }
    }

    fn person(&mut self, participant: ParticipantId, person: &Person) -> Result<(), &'static str> {
        if !self.people.insert(participant) || self.people.len() > PARTICIPANTS_MAX {
            return Err("there are too many people, or one of them twice");
        }
        let Person { name, organisation, region, language, together_with, target_group: _ } =
            person;
        let told = [organisation, region, language].into_iter().flatten();
        let told = told.chain([name]).chain(together_with);
        let fits = |text: &String| {
            text.chars().count() <= TITLE_CHARACTERS_MAX && !text.chars().any(char::is_control)
        };
        if told.into_iter().all(fits) { Ok(()) } else { Err("a name fits on one line") }
    }

    /// Whatever breaks on an event is the archive's fault.
    fn event(&mut self, event: Event) -> Result<(), ArchiveError> {
        let seq = event.seq;
        let judged = catch_unwind(AssertUnwindSafe(|| self.judge(&event)));
        let judged = judged.unwrap_or_else(|_| Err("it does not follow from those before".into()));
        judged.map_err(|what| self.refused(seq, what))?;
        let gathering = self.gathering;
        let folded = catch_unwind(AssertUnwindSafe(|| self.folding.take(Arc::new(event))));
        match folded {
            Ok(folded) => folded.map_err(|fault| ArchiveError::Unfolded { gathering, fault }),
            Err(_) => Err(self.refused(seq, "it can't be shown")),
        }
    }

    fn judge(&mut self, event: &Event) -> Result<(), String> {
        let act = &event.entry.act;
        if matches!(act, Act::GatheringPrepared { .. }) == self.fold.exists() {
            return Err("a gathering is prepared once, by its first event".into());
        }
        let told = (event.entry.by.participant, event.entry.at);
        // What it did in a room stands here without its words; the next change is of it, too.
        let may_be_of_it =
            matches!(act, Act::Changed { .. } | Act::RoomChanged { .. } | Act::Withheld { .. });
        let goes_on = self.reverting == Some(told) && may_be_of_it;
        let begins = matches!(act, Act::Reverted { .. });
        self.reverting = if goes_on || begins { Some(told) } else { None };
        if let Act::DocumentOpened { document, kind, template, .. } = act {
            let opened = Accepted::open(*kind, template).map_err(|fault| fault.to_string())?;
            if self.documents.insert(*document, opened).is_some() {
                return Err("a document is opened once".into());
            }
        } else if let Act::Changed { document, changes, heads, .. } = act {
            self.changed(event, *document, changes, heads)?;
        } else if let Act::FileAdded { file, sha256, .. } = act {
            if self.added.insert(*file, *sha256).is_some() {
                return Err("a file is added once".into());
            }
        } else if let Act::Withheld { .. } = act {
            self.withheld += 1;
        }
        self.fold.fold(&event.entry);
        Ok(())
    }

    fn changed(
        &mut self,
        event: &Event,
        document: DocumentId,
        changes: &[ChangeBytes],
        heads: &[ChangeHash],
    ) -> Result<(), String> {
        let accepted = self.documents.get_mut(&document).ok_or("no such document was opened")?;
        let decoded = changes.iter().map(|change| change::decode(&change.0));
        let decoded = decoded.collect::<Result<Vec<_>, _>>().map_err(|fault| fault.to_string())?;
        if decoded.iter().any(|change| accepted.graph().contains(&change.hash)) {
            return Err("a change is new".into());
        }
        let by = event.entry.by;
        match by.participant {
            Some(participant) if self.holds == Holds::Gathering => {
                let members = |who| self.fold.knows(who);
                let author = Author { participant, role: by.role, members: &members };
                let admitted = match self.reverting {
                    Some(_) => accepted.restore(decoded, &author),
                    None => accepted.admit(decoded, &author, 0),
                };
                admitted.map_err(|fault| fault.to_string())?;
            }
            by => accepted.replay(decoded, by),
        }
        if accepted.graph().heads() != heads {
            return Err("its heads are not those of its changes".into());
        }
        Ok(())
    }

    fn file(&mut self, file: FileId, bytes: &str) -> Result<(), String> {
        let bytes = unspell(bytes)?;
        let sum = ChangeHash(sha2::Sha256::digest(&bytes).into());
        if bytes.len() > FILE_BYTES_MAX || self.added.get(&file) != Some(&sum) {
            return Err("these are not the bytes of a file that was added".into());
        }
        if self.files.insert(file) { Ok(()) } else { Err("a file comes once".into()) }
    }

    fn finish(self, reader: &Reader<impl BufRead>, state: &State) -> Result<Found, ArchiveError> {
        let gathering = self.gathering;
        if self.last.0 != self.events || self.last == Seq::ZERO {
            return Err(reader.wrong("its events are not all there"));
        }
        let strict = self.holds == Holds::Gathering;
        let (found, view) =
            self.folding.finish().map_err(|fault| ArchiveError::Unfolded { gathering, fault })?;
        if let Some((document, stop)) = view.stopped().find(|_| strict) {
            let what = format!("document {document} can't be shown: {}", stop.why);
            return Err(ArchiveError::Refused { gathering, seq: stop.after.next(), what });
        }
        // A wall may be drawn otherwise by another version; what it is drawn from may not differ.
        let drawn_alike = State { wall: state.wall.clone(), ..found.clone() };
        if drawn_alike != *state {
            return Err(ArchiveError::State { gathering, found });
        }
        let conducts = |who: &ParticipantId| self.fold.role(*who) == Some(Role::Facilitator);
        Ok(Found {
            gathering,
            state: found,
            withheld: self.withheld,
            files: self.files.len(),
            erased: self.added.len() - self.files.len(),
            facilitators: self.people.iter().copied().filter(conducts).collect(),
        })
    }

    fn refused(&self, seq: Seq, what: impl ToString) -> ArchiveError {
        ArchiveError::Refused { gathering: self.gathering, seq, what: what.to_string() }
    }
}
