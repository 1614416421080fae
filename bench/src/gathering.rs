//! A gathering as the server would have made it, without one: the hub itself judges the commands.
//!
//! [`Desk`] is the hub with a log in memory that is done at once, so that what is measured through
//! it is the hub alone. What it recorded of a new gathering is its stream, for any log.

use std::sync::Arc;

use bytes::Bytes;
use oogst_core::hub::{Hub, HubConfig, SNAPSHOT_CHANGES_MIN};
use oogst_core::port::{
    Caller, Command, CommonDocuments, ConnectionId, Effect, Input, NewGroup, Recorded, RequestId,
};
use oogst_protocol::event::{Entry, Event, Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

use crate::failure::Failure;

/// People at one table.
pub const PEOPLE: usize = 6;

/// Noon of a day, and how far apart what happens is, in milliseconds.
const NOON: i64 = 1_795_258_800_000;
const STEP: i64 = 150;

/// An id of a kind and a number, right as a document's, too: version 4 in its bits.
#[must_use]
pub fn id(kind: u16, number: u32) -> Uuid {
    let number = u128::from(kind) << 112 | u128::from(number) << 80;
    Uuid::from_u128(number | 0x4000_8000_0000_0000_0000)
}

/// A hub with one gathering.
#[derive(Debug)]
pub struct Desk {
    hub: Hub,
    gathering: GatheringId,
    last: Seq,
    now: i64,
    effects: Vec<Effect>,
    requests: u64,
    /// The stream, where somebody wants it. A log keeps nothing of it in memory, and neither does
    /// what stands for one where the hub is measured: each event kept is memory that the next
    /// edit does not find again in the processor's caches.
    recorded: Option<Vec<Arc<Event>>>,
    /// What one connection was sent, where somebody wants it.
    heard: Option<(ConnectionId, Vec<Bytes>)>,
}

/// What was sent and refused in one turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turned {
    /// Events that went to the log.
    pub events: usize,
    /// Frames that went to sockets.
    pub frames: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Sockets that were closed.
    pub closed: usize,
}

impl Desk {
    /// A hub with a gathering that is still to be opened, and keeps its stream.
    fn new(gathering: GatheringId) -> Self {
        Self { recorded: Some(Vec::new()), ..Self::load(gathering, Vec::new()) }
    }

    /// A hub that has loaded a gathering's stream; an empty one for a new gathering.
    #[must_use]
    pub fn load(gathering: GatheringId, events: Vec<Arc<Event>>) -> Self {
        let (server_peer_id, storage_id) = ("server".to_owned(), id(9, 1).to_string());
        let snapshot_changes_min = SNAPSHOT_CHANGES_MIN;
        let last = events.last().map_or(Seq::ZERO, |event| event.seq);
        let mut desk = Self {
            hub: Hub::new(HubConfig { server_peer_id, storage_id, snapshot_changes_min }),
            gathering,
            last,
            now: NOON + STEP * i64::try_from(last.0).unwrap_or_default(),
            effects: Vec::new(),
            requests: 0,
            recorded: None,
            heard: None,
        };
        desk.turn(Input::Loaded { gathering, events });
        desk
    }

    /// Gives the hub one input, and has the log record at once what it appends.
    pub fn turn(&mut self, input: Input) -> Turned {
        self.now += STEP;
        let now = Timestamp::from_milliseconds(self.now);
        let mut turned = Turned::default();
        let mut effects = std::mem::take(&mut self.effects);
        self.hub.handle(now, input, &mut effects);
        // An append's report may send; it appends nothing more.
        let mut appends = Vec::new();
        for effect in effects.drain(..) {
            turned.take(&effect, &mut self.heard);
            if let Effect::Append { ticket, entries, .. } = effect {
                appends.push((ticket, entries));
            }
        }
        for (ticket, entries) in appends {
            let events: Vec<_> = entries.into_iter().map(|entry| self.place(entry)).collect();
            let recorded = Recorded { ticket: Some(ticket), events };
            let recorded = Input::Recorded(vec![recorded]);
            self.hub.handle(now, recorded, &mut effects);
            effects.drain(..).for_each(|effect| turned.take(&effect, &mut self.heard));
        }
        self.effects = effects;
        turned
    }

    /// From now on, what this connection is sent is kept.
    pub fn listen(&mut self, connection: ConnectionId) {
        self.heard = Some((connection, Vec::new()));
    }

    /// What was kept since, and nothing more of it.
    pub fn heard(&mut self) -> Vec<Bytes> {
        self.heard.take().map(|(_, heard)| heard).unwrap_or_default()
    }

    /// A frame from a socket.
    pub fn frame(&mut self, connection: ConnectionId, bytes: Bytes) -> Turned {
        self.turn(Input::Frame { connection, bytes })
    }

    fn place(&mut self, entry: Entry) -> Arc<Event> {
        self.last = self.last.next();
        let event = Arc::new(Event { gathering: self.gathering, seq: self.last, entry });
        if let Some(recorded) = &mut self.recorded {
            recorded.push(Arc::clone(&event));
        }
        event
    }

    fn command(&mut self, caller: Caller, command: Command) -> Result<(), Failure> {
        self.requests += 1;
        let (request, gathering) = (RequestId(self.requests), self.gathering);
        let wanted = format!("{command:?}");
        let command = Box::new(command);
        let turned = self.turn(Input::Command { request, gathering, caller, command });
        if turned.events > 0 {
            return Ok(());
        }
        Err(Failure::Unexpected(format!("the hub refused {wanted}")))
    }
}

impl Turned {
    fn take(&mut self, effect: &Effect, heard: &mut Option<(ConnectionId, Vec<Bytes>)>) {
        match effect {
            Effect::Append { entries, .. } => self.events += entries.len(),
            Effect::Send { frame, connection } => {
                if let Some((_, heard)) = heard.as_mut().filter(|(who, _)| who == connection) {
                    heard.push(frame.clone());
                }
                self.frames += 1;
                self.bytes += frame.len();
            }
            Effect::Close { .. } => self.closed += 1,
            Effect::Answer { .. } | Effect::Snapshot { .. } => {}
        }
    }
}

/// An open gathering with its tables, and people at each.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Which.
    pub gathering: GatheringId,
    /// Who opened it.
    pub facilitator: ParticipantId,
    /// One a table.
    pub harvests: Vec<DocumentId>,
    /// [`PEOPLE`] a table, table by table.
    pub people: Vec<ParticipantId>,
    /// Its stream so far.
    pub events: Vec<Arc<Event>>,
}

impl Opened {
    /// Opens the gathering of this number with so many tables.
    ///
    /// # Errors
    ///
    /// Where the hub refuses it: our bug.
    pub fn new(number: u16, tables: usize) -> Result<Self, Failure> {
        let gathering = GatheringId::new(id(1, number.into()));
        let ids = |kind: u16, count: usize| {
            let base = u32::from(number) << 16;
            (base..).take(count).map(move |each| id(kind, each))
        };
        let groups: Vec<_> = ids(2, tables).map(GroupId::new).collect();
        let harvests: Vec<_> = ids(3, tables).map(DocumentId::new).collect();
        let people: Vec<_> = ids(4, tables * PEOPLE).map(ParticipantId::new).collect();
        let facilitator = ParticipantId::new(id(6, number.into()));
        let mut common = ids(5, 3).map(DocumentId::new);
        let mut common = || common.next().unwrap_or_else(|| DocumentId::new(id(5, 0)));
        let mut desk = Desk::new(gathering);
        let group = |(place, (group, harvest)): (usize, (&GroupId, &DocumentId))| NewGroup {
            group: *group,
            harvest: *harvest,
            name: format!("Tafel {}", place + 1),
            question: "Wat werkt bij ons in de buurt?".to_owned(),
            seats: None,
            table: None,
            theme: None,
        };
        let open = Command::OpenGathering {
            title: "Dag".to_owned(),
            language: "nl-BE".to_owned(),
            date: None,
            network: None,
            region: None,
            status: Status::Open,
            facilitator,
            round: RoundId::new(id(7, number.into())),
            groups: groups.iter().zip(&harvests).enumerate().map(group).collect(),
            common: CommonDocuments {
                programme: common(),
                introductions: common(),
                closing: common(),
            },
            day: None,
            participants_max: None,
        };
        desk.command(Caller::Operator, open)?;
        for (place, participant) in people.iter().copied().enumerate() {
            let caller = Caller::Member(participant);
            let role = Role::Participant;
            desk.command(caller, Command::Join { participant, role, region: None, together: 0 })?;
            let group = groups.get(place / PEOPLE).copied();
            desk.command(caller, Command::Move { participant, group })?;
        }
        let events = desk.recorded.unwrap_or_default();
        Ok(Self { gathering, facilitator, harvests, people, events })
    }

    /// Those who sit at a table.
    #[must_use]
    pub fn seated(&self, table: usize) -> &[ParticipantId] {
        &self.people[table * PEOPLE..(table + 1) * PEOPLE]
    }
}

/// When the event of this place in its stream happened.
#[must_use]
pub fn moment(seq: Seq) -> Timestamp {
    Timestamp::from_milliseconds(NOON + STEP * i64::try_from(seq.0).unwrap_or_default())
}
