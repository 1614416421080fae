//! What accepting one edit costs in CPU, by how long its document's history is.
//!
//! A table of [`PEOPLE`] has the harvest open. One of them presses a key: a frame comes in, is
//! judged, recorded by a log that is done at once, and told to everybody. Of the disk and of
//! sockets there is nothing in it.

use std::sync::Arc;
use std::time::Duration;

use automerge::ChangeHash as AutomergeHash;
use automerge::sync::{BloomFilter, ChunkList, Have, Message as SyncMessage, MessageVersion};
use bytes::Bytes;
use oogst_core::port::{ConnectionId, Input};
use oogst_protocol::event::{Act, ChangeBytes, Event};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, ParticipantId, Seq};
use oogst_protocol::wire::{Message, PROTOCOL_VERSION, PeerId, PeerMetadata, encode_sync};
use rustix::time::{ClockId, clock_gettime};

use crate::context::Context;
use crate::failure::Failure;
use crate::gathering::{Desk, Opened, PEOPLE};
use crate::history::{Edit, History};
use crate::sample::{count, grouped, median};
use crate::table::Table;

/// The lengths of history that are compared, in changes.
const HISTORIES: [usize; 2] = [100, 100_000];

/// Edits between two looks at the clock.
const BLOCK: usize = 50;

/// How many times more an edit may cost at the longer history.
const RATIO_MAX: f64 = 1.2;

/// A harvest with a history of some length, its table around it, and the edits that come next.
#[derive(Debug)]
pub struct Accepting {
    gathering: GatheringId,
    document: DocumentId,
    seated: Vec<ParticipantId>,
    events: Vec<Arc<Event>>,
    heads: Vec<ChangeHash>,
    frames: Vec<(ConnectionId, Bytes)>,
    next: usize,
    desk: Desk,
}

impl Accepting {
    /// A harvest with a history of so many changes.
    ///
    /// After a tenth as many edits, and at least [`BLOCK`], it starts anew, so that its history
    /// stays about as long as was said.
    ///
    /// # Errors
    ///
    /// Where the hub does not take what was written for it: our bug.
    pub fn new(changes: usize) -> Result<Self, Failure> {
        let opened = Opened::new(1, 1)?;
        let document = harvest(&opened)?;
        let mut history = History::new(template(&opened.events, document)?, &opened.people)?;
        let written = history.edits(changes)?;
        let next = history.edits((changes / 10).max(BLOCK))?;
        Self::over(opened, &written, &next)
    }

    /// The harvest of a gathering's only table once so much was written, and what comes next: at
    /// least [`BLOCK`] edits, after which it starts anew.
    ///
    /// # Errors
    ///
    /// As [`Accepting::new`].
    pub fn over(opened: Opened, written: &[Edit], next: &[Edit]) -> Result<Self, Failure> {
        let document = harvest(&opened)?;
        let Opened { gathering, people, mut events, .. } = opened;
        for edit in written {
            let seq = events.last().map_or(Seq::ZERO, |event| event.seq).next();
            let entry = edit.entry(document, seq);
            events.push(Arc::new(Event { gathering, seq, entry }));
        }
        let heads = written.last().map(|edit| edit.heads.clone()).unwrap_or_default();
        let frames = next.iter().map(|edit| frame(&people, document, edit)).collect();
        let desk = Desk::load(gathering, Vec::new());
        let seated = people;
        let mut accepting =
            Self { gathering, document, seated, events, heads, frames, next: 0, desk };
        accepting.begin()?;
        Ok(accepting)
    }

    /// Makes ready for so many edits, at most [`BLOCK`]. Not to be measured.
    ///
    /// # Errors
    ///
    /// As [`Accepting::new`].
    pub fn ready(&mut self, edits: usize) -> Result<(), Failure> {
        if self.next + edits > self.frames.len() { self.begin() } else { Ok(()) }
    }

    /// Takes the next edit; gives whether it was let in and told to all.
    pub fn accept(&mut self) -> bool {
        let Some((connection, frame)) = self.frames.get(self.next) else { return false };
        self.next += 1;
        let turned = self.desk.frame(*connection, frame.clone());
        (turned.events, turned.frames, turned.closed) == (1, PEOPLE, 0)
    }

    /// What the first at the table is sent while so many edits are made after the history, at most
    /// a tenth as many as it has; and what somebody is sent who then comes with nothing at hand.
    ///
    /// # Errors
    ///
    /// As [`Accepting::new`].
    pub fn told(&mut self, edits: usize) -> Result<(Vec<Bytes>, Vec<Bytes>), Failure> {
        self.begin()?;
        self.desk.listen(ConnectionId(0));
        if (0..edits).filter(|_| self.accept()).count() < edits {
            return Err(unexpected("an edit was refused"));
        }
        let told = self.desk.heard();
        let newcomer = ConnectionId(u64::try_from(PEOPLE).unwrap_or(u64::MAX));
        let participant = *self.seated.first().ok_or_else(|| unexpected("nobody"))?;
        self.desk.listen(newcomer);
        self.sit(newcomer, participant, &[])?;
        Ok((told, self.desk.heard()))
    }

    /// Loads the gathering again, and seats everybody.
    fn begin(&mut self) -> Result<(), Failure> {
        self.next = 0;
        self.desk = Desk::load(self.gathering, self.events.clone());
        let heads = self.heads.clone();
        for (place, participant) in (0..).zip(self.seated.clone()) {
            self.sit(ConnectionId(place), participant, &heads)?;
        }
        Ok(())
    }

    /// Seats somebody who has the document up to these heads.
    fn sit(
        &mut self,
        connection: ConnectionId,
        participant: ParticipantId,
        heads: &[ChangeHash],
    ) -> Result<(), Failure> {
        let gathering = self.gathering;
        self.desk.turn(Input::Opened { connection, gathering, participant });
        let sender = peer(participant);
        let metadata = PeerMetadata { storage_id: None, is_ephemeral: true };
        let versions = vec![PROTOCOL_VERSION.into()];
        self.desk.frame(connection, Message::Join { sender, metadata, versions }.encode());
        let said = sync_message(heads, &[]);
        let said = encode_sync(&peer(participant), &server(), self.document, &said);
        match self.desk.frame(connection, said).closed {
            0 => Ok(()),
            _ => Err(unexpected("somebody could not sit down")),
        }
    }
}

/// What an edit costs of each, in µs of CPU: medians of so many turns of [`BLOCK`] edits, in turns
/// so that all see the same machine.
///
/// # Errors
///
/// Where the hub does not take what was written for it: our bug.
pub fn costs(all: &mut [Accepting], turns: usize) -> Result<Vec<f64>, Failure> {
    let mut costs = vec![Vec::new(); all.len()];
    for _ in 0..turns {
        for (accepting, costs) in all.iter_mut().zip(&mut costs) {
            accepting.ready(BLOCK)?;
            let begun = cpu();
            let taken = (0..BLOCK).filter(|_| accepting.accept()).count();
            let spent = cpu().saturating_sub(begun);
            if taken < BLOCK {
                let events = accepting.events.len();
                return Err(unexpected(&format!("an edit after {events} events was refused")));
            }
            costs.push(spent.as_secs_f64() * 1e6 / count(BLOCK));
        }
    }
    Ok(costs.iter().map(|costs| median(costs).unwrap_or(f64::NAN)).collect())
}

/// Measures an edit at both histories.
///
/// # Errors
///
/// Where the hub does not take what was written for it: our bug.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let turns = context.size(200, 40);
    let all: Result<Vec<_>, _> = HISTORIES.into_iter().map(Accepting::new).collect();
    let costs = costs(&mut all?, turns)?;
    let mut table = Table::new("accept", &[">history, changes", ">CPU an edit, µs", ">ratio"]);
    for (changes, cost) in HISTORIES.into_iter().zip(&costs) {
        let ratio = format!("{:.2}", cost / costs[0]);
        table.row([grouped(count(changes)), format!("{cost:.1}"), ratio]);
    }
    table.note(format!(
        "An edit is one key in a harvest that {PEOPLE} people have open: judged, recorded and told \
         to\nall of them, without disk and sockets. Medians of {turns} turns of {BLOCK} edits. \
         Bound: a ratio of {RATIO_MAX}."
    ));
    Ok(vec![table])
}

/// A gathering's first harvest.
///
/// # Errors
///
/// Where it has none.
pub fn harvest(opened: &Opened) -> Result<DocumentId, Failure> {
    opened.harvests.first().copied().ok_or_else(|| unexpected("no harvest"))
}

/// A document's template, as its gathering's stream has it.
///
/// # Errors
///
/// Where the stream opens no such document.
pub fn template(events: &[Arc<Event>], wanted: DocumentId) -> Result<&ChangeBytes, Failure> {
    let opened = events.iter().find_map(|event| {
        let Act::DocumentOpened { document, template, .. } = &event.entry.act else { return None };
        (*document == wanted).then_some(template)
    });
    opened.ok_or_else(|| unexpected("the gathering opened no such document"))
}

/// A sync message of somebody who is in step: where they stand, and what they bring.
#[must_use]
pub fn sync_message(heads: &[ChangeHash], changes: &[&ChangeBytes]) -> Vec<u8> {
    let heads: Vec<_> = heads.iter().map(|hash| AutomergeHash(hash.0)).collect();
    let changes: Vec<_> = changes.iter().map(|change| change.0.to_vec()).collect();
    let have = vec![Have { last_sync: heads.clone(), bloom: BloomFilter::default() }];
    let (need, changes) = (Vec::new(), ChunkList::from(changes));
    let version = MessageVersion::V1;
    SyncMessage { heads, need, have, changes, flags: None, version }.encode()
}

fn frame(seated: &[ParticipantId], document: DocumentId, edit: &Edit) -> (ConnectionId, Bytes) {
    let place = (0..).zip(seated).find(|(_, participant)| **participant == edit.by);
    let connection = ConnectionId(place.map_or(0, |(place, _)| place));
    // Their own device stands at their own change; the others' come with the next news.
    let said = sync_message(&[edit.hash], &[&edit.change]);
    (connection, encode_sync(&peer(edit.by), &server(), document, &said))
}

fn peer(participant: ParticipantId) -> PeerId {
    PeerId::new(&format!("peer-{participant}"))
}

fn server() -> PeerId {
    PeerId::new("server")
}

/// What this thread has computed so far: unlike a clock, it stands still while others have the
/// core.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn unexpected(what: &str) -> Failure {
    Failure::Unexpected(what.to_owned())
}
