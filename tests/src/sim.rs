//! The simulation: one hub, its peers, the network between and the disk below, all by one seed.
//!
//! Nothing runs here by itself: each step is one frame delivered, one edit, one sync of the disk,
//! one piece of bad luck, in an order that the seed's [`dice`] choose. The peers are real automerge
//! documents that speak automerge's own sync over real frames ([`peer`]); the hub is the server's;
//! the [`disk`] loses in a crash what it had not synced. [`check`] holds the laws, after every
//! step; [`settle`] heals everything and holds what must be so then.

pub mod check;
pub mod dice;
pub mod disk;
pub mod edit;
pub mod peer;
pub mod settle;

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use oogst_core::hub::{Hub, HubConfig};
use oogst_core::port::{
    Answer, Caller, CloseCode, Command, ConnectionId, Effect, Input, NewGroup, Refusal, RequestId,
};
use oogst_core::view::GatheringView;
use oogst_protocol::event::{Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ParticipantId, RoundId};
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::Message;
use uuid::{Builder, Uuid};

use self::dice::Dice;
use self::disk::Disk;
use self::peer::Peer;

/// What goes up a line to the hub.
#[derive(Debug)]
enum Up {
    Frame(Bytes),
    Gone,
}

/// What comes down a line to a peer.
#[derive(Debug)]
enum Down {
    Frame(Bytes),
    Close,
}

/// One connection: two ordered streams.
#[derive(Debug)]
struct Line {
    peer: usize,
    up: VecDeque<Up>,
    down: VecDeque<Down>,
}

/// Everything there is.
#[derive(Debug)]
pub struct World {
    /// The only source of chance.
    pub dice: Dice,
    /// The server's rules.
    pub hub: Hub,
    /// The log's disk.
    pub disk: Disk,
    /// The clients.
    pub peers: Vec<Peer>,
    /// The facilitator, who has no client.
    pub facilitator: ParticipantId,
    /// The harvests of the groups, one each.
    pub harvests: Vec<DocumentId>,
    /// The groups.
    pub groups: Vec<GroupId>,
    /// With which codes sockets were closed so far.
    pub closes: Vec<CloseCode>,
    /// What requests were answered so far.
    pub answers: BTreeMap<RequestId, Result<Answer, Refusal>>,
    /// The one gathering of this world.
    pub gathering: GatheringId,
    now: i64,
    lines: BTreeMap<ConnectionId, Line>,
    connections: u64,
    requests: u64,
    /// What the disk has synced and the hub has not heard of.
    reports: VecDeque<Input>,
    /// The views' fold, live: what the hub has heard of.
    view: GatheringView,
    /// Frames that were sent either way so far.
    frames: usize,
    /// A digest of everything that the hub has said, for runs that must repeat.
    trace: u64,
}

/// An id that is right as a document's, too.
#[must_use]
pub fn id(number: u8) -> Uuid {
    Builder::from_random_bytes([number; 16]).into_uuid()
}

impl World {
    /// An open gathering with two groups, and nobody but its facilitator.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let gathering = GatheringId::new(id(1));
        let groups: Vec<_> = [10, 11].map(|number| GroupId::new(id(number))).into();
        let harvests: Vec<_> = [20, 21].map(|number| DocumentId::new(id(number))).into();
        let mut world = Self {
            dice: Dice::new(seed),
            hub: new_hub(),
            disk: Disk::new(gathering),
            peers: Vec::new(),
            facilitator: ParticipantId::new(id(2)),
            harvests: harvests.clone(),
            groups: groups.clone(),
            closes: Vec::new(),
            answers: BTreeMap::new(),
            gathering,
            now: 1_795_256_103_120,
            lines: BTreeMap::new(),
            connections: 0,
            requests: 0,
            reports: VecDeque::new(),
            view: GatheringView::new(gathering),
            frames: 0,
            trace: 0,
        };
        world.input(Input::Loaded { gathering, events: Vec::new() });
        let group = |(group, harvest): (&GroupId, &DocumentId)| NewGroup {
            group: *group,
            harvest: *harvest,
            name: "Tafel".to_owned(),
            question: "Wat werkt?".to_owned(),
        };
        let open = Command::OpenGathering {
            title: "Dag".to_owned(),
            language: "nl-BE".to_owned(),
            date: None,
            status: Status::Open,
            facilitator: world.facilitator,
            round: RoundId::new(id(3)),
            groups: groups.iter().zip(&harvests).map(group).collect(),
            programme: DocumentId::new(id(22)),
        };
        world.done(Caller::Operator, open);
        world
    }

    /// Joins a participant to a group, or to none, with one client that has `open` open.
    pub fn join(&mut self, role: Role, group: Option<usize>, open: &[DocumentId]) -> usize {
        let number = self.peers.len();
        let participant = ParticipantId::new(id(u8::try_from(100 + number).unwrap()));
        let caller = Caller::Member(participant);
        self.done(caller, Command::Join { participant, role });
        if let Some(group) = group {
            let group = Some(self.groups[group]);
            self.done(caller, Command::Move { participant, group });
        }
        self.add_client(participant, open)
    }

    /// One more client of a participant.
    pub fn add_client(&mut self, participant: ParticipantId, open: &[DocumentId]) -> usize {
        self.peers.push(Peer::new(self.peers.len() as u64, participant, open));
        self.peers.len() - 1
    }

    /// Gives the hub one input, performs its effects, and holds the laws.
    pub fn input(&mut self, input: Input) {
        self.now += 7;
        let mut effects = Vec::new();
        if let Input::Recorded { events, .. } = &input {
            self.view.fold(events).unwrap();
        }
        self.hub.handle(Timestamp::from_milliseconds(self.now), input, &mut effects);
        effects.into_iter().for_each(|effect| self.perform(effect));
        self.check();
    }

    fn perform(&mut self, effect: Effect) {
        self.note(&effect);
        match effect {
            Effect::Append { ticket, gathering, entries } => {
                assert_eq!(gathering, self.gathering);
                self.disk.append(ticket, entries);
            }
            Effect::Send { connection, frame } => {
                self.check_promise(&frame);
                self.frames += 1;
                if let Some(line) = self.lines.get_mut(&connection) {
                    line.down.push_back(Down::Frame(frame));
                }
            }
            Effect::Close { connection, code, .. } => {
                self.closes.push(code);
                if let Some(line) = self.lines.get_mut(&connection) {
                    line.down.push_back(Down::Close);
                }
            }
            Effect::Answer { request, answer } => {
                if let Ok(Answer::Done { seq }) = &answer {
                    assert!(seq.0 <= self.disk.events().len() as u64, "answered too early");
                }
                assert!(self.answers.insert(request, answer).is_none(), "answered twice");
            }
        }
    }

    /// Gives a command; its request.
    pub fn command(&mut self, caller: Caller, command: Command) -> RequestId {
        self.requests += 1;
        let request = RequestId(self.requests);
        let gathering = self.gathering;
        self.input(Input::Command { request, gathering, caller, command });
        request
    }

    /// Gives a command and syncs the disk until it is done.
    pub fn done(&mut self, caller: Caller, command: Command) {
        let request = self.command(caller, command);
        self.sync_all();
        let answer = self.answers.get(&request);
        assert!(matches!(answer, Some(Ok(Answer::Done { .. }))), "{answer:?}");
    }

    /// As [`World::done`], by the facilitator.
    pub fn conduct(&mut self, command: Command) {
        self.done(Caller::Member(self.facilitator), command);
    }

    /// Syncs some of what waits for the disk; the hub hears of it later.
    pub fn sync(&mut self, count: usize) {
        let reports = self.disk.sync(count);
        self.reports.extend(reports);
    }

    /// Tells the hub of the oldest append that the disk has synced.
    pub fn report(&mut self) -> bool {
        let Some(report) = self.reports.pop_front() else { return false };
        self.input(report);
        true
    }

    /// Syncs everything that waits, and tells the hub.
    pub fn sync_all(&mut self) {
        while self.disk.pending() > 0 || !self.reports.is_empty() {
            self.sync(usize::MAX);
            while self.report() {}
        }
    }

    /// Opens a new line for a peer. An older one stays behind, half open.
    pub fn connect(&mut self, peer: usize) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let (participant, gathering) = (self.peers[peer].participant, self.gathering);
        let join = Up::Frame(self.peers[peer].connect(connection));
        let line = Line { peer, up: VecDeque::from([join]), down: VecDeque::new() };
        self.lines.insert(connection, line);
        self.input(Input::Opened { connection, gathering, participant });
        connection
    }

    /// Cuts a peer's line: what comes down is lost, and of what goes up whatever the dice say.
    pub fn cut(&mut self, peer: usize) {
        let Some(connection) = self.peers[peer].line else { return };
        self.peers[peer].disconnect();
        if let Some(line) = self.lines.get_mut(&connection) {
            line.down.clear();
            let kept = self.dice.below(line.up.len() + 1);
            line.up.truncate(kept);
            line.up.push_back(Up::Gone);
        }
    }

    /// Delivers the oldest frame that a peer has sent.
    pub fn deliver_up(&mut self, connection: ConnectionId) -> bool {
        let Some(line) = self.lines.get_mut(&connection) else { return false };
        match line.up.pop_front() {
            None => return false,
            Some(Up::Frame(bytes)) => self.input(Input::Frame { connection, bytes }),
            Some(Up::Gone) => {
                self.lines.remove(&connection);
                self.input(Input::Closed { connection });
            }
        }
        true
    }

    /// Delivers the oldest frame that the hub has sent.
    pub fn deliver_down(&mut self, connection: ConnectionId) -> bool {
        let Some(line) = self.lines.get_mut(&connection) else { return false };
        let peer = &mut self.peers[line.peer];
        let current = peer.line == Some(connection);
        match line.down.pop_front() {
            None => return false,
            Some(Down::Frame(frame)) if current => {
                let said = peer.receive(&frame);
                self.frames += said.len();
                line.up.extend(said.into_iter().map(Up::Frame));
            }
            Some(Down::Frame(_)) => {}
            Some(Down::Close) => {
                if current {
                    peer.disconnect();
                }
                line.up.clear();
                line.up.push_back(Up::Gone);
            }
        }
        true
    }

    /// The lines that are open at this moment.
    #[must_use]
    pub fn lines(&self) -> Vec<ConnectionId> {
        self.lines.keys().copied().collect()
    }

    /// What the hub has sent on a line and is not delivered.
    #[must_use]
    pub fn coming(&self, connection: ConnectionId) -> Vec<Message> {
        let down = self.lines.get(&connection).into_iter().flat_map(|line| &line.down);
        let frames = down.filter_map(|down| match down {
            Down::Frame(frame) => Some(Message::decode(frame).unwrap()),
            Down::Close => None,
        });
        frames.collect()
    }

    /// Delivers everything that peers have sent.
    pub fn deliver_all_up(&mut self) {
        for connection in self.lines() {
            while self.deliver_up(connection) {}
        }
    }

    /// Sends a frame on a line, whoever might have made it.
    pub fn send(&mut self, connection: ConnectionId, frame: Bytes) {
        self.frames += 1;
        if let Some(line) = self.lines.get_mut(&connection) {
            line.up.push_back(Up::Frame(frame));
        }
    }

    /// Sends the oldest frame of a line twice, if it is about a document.
    pub fn duplicate(&mut self, connection: ConnectionId) {
        let Some(line) = self.lines.get_mut(&connection) else { return };
        let Some(Up::Frame(frame)) = line.up.front() else { return };
        if matches!(Message::decode(frame), Ok(Message::Sync { .. } | Message::Request { .. })) {
            let again = frame.clone();
            line.up.push_front(Up::Frame(again));
        }
    }

    /// A peer edits one of its documents.
    pub fn edit(&mut self, peer: usize, document: DocumentId) {
        let said = self.peers[peer].edit(document, &mut self.dice);
        if let (Some(frame), Some(connection)) = (said, self.peers[peer].line) {
            self.send(connection, frame);
        }
    }

    /// The server stops without a word; what was not synced is lost. It starts again on what is
    /// left.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.reports.clear();
        self.lines.clear();
        self.peers.iter_mut().for_each(Peer::disconnect);
        self.hub = new_hub();
        let events = self.disk.reload();
        self.view = GatheringView::new(self.gathering);
        self.view.fold(&events).unwrap();
        self.input(Input::Loaded { gathering: self.gathering, events });
    }
}

fn new_hub() -> Hub {
    Hub::new(HubConfig { server_peer_id: "server".to_owned(), storage_id: id(9).to_string() })
}
