//! The simulation: one hub, its peers, the network between and the disk below, all by one seed.
//!
//! Nothing runs here by itself: each step is one frame delivered, one edit, one sync of the disk,
//! one piece of bad luck, in an order that the seed's [`dice`] choose. The peers are real automerge
//! documents that speak automerge's own sync over real frames ([`peer`]), which the [`network`]
//! delivers in order, late or not at all; the hub is the server's; the [`disk`] loses in a crash
//! what it had not written. [`check`] holds the laws and says which of them when; [`settle`] brings
//! everything to rest and holds what must be so then.

pub mod check;
pub mod dice;
pub mod disk;
pub mod edit;
pub mod elsewhere;
pub mod network;
pub mod peer;
mod replay;
pub mod settle;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use oogst_core::hub::{APPEND_ENTRIES_MAX, Hub, HubConfig};
use oogst_core::port::{
    Answer, Caller, CloseCode, Command, CommonDocuments, ConnectionId, Effect, Input, NewGroup,
    Recorded, Refusal, RequestId,
};
use oogst_core::view::{GatheringView, Snapshot};
use oogst_protocol::event::{Role, Status};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq,
};
use oogst_protocol::time::Timestamp;
use uuid::{Builder, Uuid};

use self::dice::Dice;
use self::disk::Disk;
use self::network::{Down, Line};
use self::peer::Peer;
use self::replay::Replay;

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
    reports: VecDeque<Recorded>,
    /// Of which documents the hub asked for snapshots.
    snapshots: VecDeque<DocumentId>,
    /// The views' fold, live: what the hub has heard of.
    view: GatheringView,
    /// The fold of the log's records, as far as the hub has heard of them.
    replay: Replay,
    /// Every head that the server ever named, and the newest event that it answered for.
    promised: BTreeSet<(DocumentId, ChangeHash)>,
    answered: Seq,
    /// Frames that were sent either way so far.
    frames: usize,
    /// Whether anything happened since the network was last found at rest.
    stirred: bool,
    /// How often everybody was connected, nothing was on its way, and all agreed.
    pub rests: usize,
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
            snapshots: VecDeque::new(),
            view: GatheringView::new(gathering),
            replay: Replay::new(gathering),
            promised: BTreeSet::new(),
            answered: Seq::ZERO,
            frames: 0,
            stirred: true,
            rests: 0,
            trace: 0,
        };
        world.input(Input::Loaded { gathering, events: Vec::new() });
        let group = |(group, harvest): (&GroupId, &DocumentId)| NewGroup {
            group: *group,
            harvest: *harvest,
            name: "Tafel".to_owned(),
            question: "Wat werkt?".to_owned(),
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
            facilitator: world.facilitator,
            round: RoundId::new(id(3)),
            groups: groups.iter().zip(&harvests).map(group).collect(),
            common: CommonDocuments {
                programme: DocumentId::new(id(22)),
                introductions: DocumentId::new(id(23)),
                closing: DocumentId::new(id(24)),
            },
            day: None,
            participants_max: None,
        };
        world.done(Caller::Operator, open);
        world
    }

    /// Joins a participant to a group, or to none, with one client that has `open` open.
    pub fn join(&mut self, role: Role, group: Option<usize>, open: &[DocumentId]) -> usize {
        let number = self.peers.len();
        let participant = ParticipantId::new(id(u8::try_from(100 + number).unwrap()));
        let caller = Caller::Member(participant);
        self.done(caller, Command::Join { participant, role, region: None, together: 0 });
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
        self.stirred = true;
        let mut effects = Vec::new();
        let mut folded = 0;
        if let Input::Recorded(reports) = &input {
            for report in reports {
                self.view.fold(&report.events).unwrap();
                folded += report.events.len();
            }
        }
        self.hub.handle(Timestamp::from_milliseconds(self.now), input, &mut effects);
        self.check_answers(&effects, folded);
        effects.into_iter().for_each(|effect| self.perform(effect));
        self.check();
    }

    fn perform(&mut self, effect: Effect) {
        self.note(&effect);
        match effect {
            Effect::Append { ticket, gathering, entries } => {
                assert_eq!(gathering, self.gathering);
                assert!((1..=APPEND_ENTRIES_MAX).contains(&entries.len()), "an append is bounded");
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
            Effect::Snapshot { gathering, document } => {
                assert_eq!(gathering, self.gathering);
                self.snapshots.push_back(document);
            }
            Effect::Answer { request, answer } => {
                if let Ok(Answer::Done { seq }) = &answer {
                    assert!(seq.0 <= self.disk.events().len() as u64, "answered too early");
                    self.answered = self.answered.max(*seq);
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
        let command = Box::new(command);
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

    /// Syncs some of what waits for the disk; the hub hears of it later. Where the disk is cut
    /// meanwhile, it never does: what was written stays, the rest is lost, the server starts again.
    pub fn sync(&mut self, count: usize) {
        self.stirred = true;
        match self.disk.sync(count) {
            Some(reports) => self.reports.extend(reports),
            None => self.restart(),
        }
    }

    /// Tells the hub of the oldest appends that the disk has synced, of `most` of them together.
    pub fn report(&mut self, most: usize) -> bool {
        let count = most.min(self.reports.len());
        let reports: Vec<_> = self.reports.drain(..count).collect();
        if !reports.is_empty() {
            self.input(Input::Recorded(reports));
        }
        count > 0
    }

    /// Hands the hub the oldest snapshot that it asked for, as the views have it by now; where they
    /// have none, or `fails`, that there is none.
    pub fn give_snapshot(&mut self, fails: bool) -> bool {
        let Some(document) = self.snapshots.pop_front() else { return false };
        let snapshot = self.snapshot(document).filter(|_| !fails);
        self.give(document, snapshot);
        true
    }

    /// A document in one piece, as the views have it.
    #[must_use]
    pub fn snapshot(&self, document: DocumentId) -> Option<Snapshot> {
        self.view.snapshot(document)
    }

    /// Hands the hub this snapshot of a document.
    pub fn give(&mut self, document: DocumentId, snapshot: Option<Snapshot>) {
        self.input(Input::Snapshot { gathering: self.gathering, document, snapshot });
    }

    /// Syncs everything that waits, and tells the hub.
    pub fn sync_all(&mut self) {
        while self.disk.pending() > 0 || !self.reports.is_empty() {
            self.sync(usize::MAX);
            while self.report(usize::MAX) {}
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
        self.crash_after(0);
    }

    /// As [`World::crash`], but of what was on its way to the disk the first `written` appends are
    /// there: the server was about to hear of them.
    pub fn crash_after(&mut self, written: usize) {
        drop(self.disk.sync(written));
        self.restart();
    }

    fn restart(&mut self) {
        self.disk.crash();
        self.reports.clear();
        self.lines.clear();
        self.peers.iter_mut().for_each(Peer::disconnect);
        self.hub = new_hub();
        let events = self.disk.reload();
        self.view = GatheringView::new(self.gathering);
        self.view.fold(&events).unwrap();
        self.input(Input::Loaded { gathering: self.gathering, events });
        self.check_kept();
        self.check_replay();
    }
}

fn new_hub() -> Hub {
    let (server_peer_id, storage_id) = ("server".to_owned(), id(9).to_string());
    Hub::new(HubConfig { server_peer_id, storage_id, snapshot_changes_min: 5 })
}
