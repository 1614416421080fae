//! One document's day: clients that edit, merge and push, and a server that admits.

use automerge::{ActorId, AutoCommit, Change, ExpandedChange};
use bytes::Bytes;
use oogst_core::accept::{Accepted, Admitted, Author, Fault, template};
use oogst_core::change::decode;
use oogst_protocol::event::{ChangeBytes, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, ParticipantId};
use oogst_protocol::schema::{About, DocumentKind};
use oogst_protocol::time::Timestamp;

use super::edits::{Editor, Where};
use super::random::Random;
use super::{chunks, fine, mutations, orders, respell};

/// What the cases came to.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) pushed: u64,
    /// Pushes with a change that no client made, let in and refused.
    pub(super) bent_admitted: u64,
    pub(super) bent_refused: u64,
    pub(super) changes: u64,
}

impl Tally {
    pub(super) const fn add(&mut self, other: &Self) {
        self.pushed += other.pushed;
        self.bent_admitted += other.bent_admitted;
        self.bent_refused += other.bent_refused;
        self.changes += other.changes;
    }
}

/// The server's side of one document, with what it let in.
pub(super) struct Server {
    pub(super) accepted: Accepted,
    pub(super) chunks: Vec<ChangeBytes>,
    members: Vec<ParticipantId>,
}

impl Server {
    pub(super) fn new(kind: DocumentKind, members: Vec<ParticipantId>) -> Self {
        let document = DocumentId::new(uuid::Uuid::from_u128(7));
        let (title, question, language) = ("Tafel 1", "Wat werkt?", "nl-BE");
        let opener = members.first().copied();
        let about = About { question, opener, ..About::new(document, title, language) };
        let first = template(kind, &about, Timestamp::default());
        let accepted = Accepted::open(kind, &first).unwrap();
        Self { accepted, chunks: vec![first], members }
    }

    /// A client's first copy.
    pub(super) fn copy(&self, actor: ActorId) -> AutoCommit {
        let mut doc = AutoCommit::new().with_actor(actor);
        doc.apply_changes(self.chunks.iter().map(automerge_change)).unwrap();
        doc
    }

    /// The document as it began.
    pub(super) fn copy_at_first(&self) -> AutoCommit {
        let mut doc = AutoCommit::new();
        doc.apply_changes([automerge_change(&self.chunks[0])]).unwrap();
        doc
    }

    pub(super) fn admit(
        &mut self,
        chunks: &[Bytes],
        participant: ParticipantId,
        role: Role,
    ) -> Result<Admitted, Fault> {
        let mut changes = Vec::new();
        for chunk in chunks {
            let change = decode(chunk)?;
            if !self.accepted.graph().contains(&change.hash) {
                changes.push(change);
            }
        }
        let members = |named| self.members.contains(&named);
        let author = Author { participant, role, members: &members };
        let admitted = self.accepted.admit(changes, &author, 0)?;
        self.chunks.extend(admitted.changes.iter().cloned());
        Ok(admitted)
    }
}

pub(super) fn automerge_change(chunk: &ChangeBytes) -> Change {
    Change::from_bytes(chunk.0.to_vec()).expect("what is admitted is a change to automerge")
}

/// Somebody at work.
struct Client {
    doc: AutoCommit,
    participant: ParticipantId,
    /// How many of the server's changes it has taken in.
    taken: usize,
    pushed: Vec<automerge::ChangeHash>,
}

/// One case.
pub(super) struct World {
    random: Random,
    kind: DocumentKind,
    server: Server,
    clients: Vec<Client>,
    /// The hostile client's participant: an actor of its own that it bends harms nobody else.
    mallory: ParticipantId,
    /// The actors that it has written under.
    actors: Vec<ActorId>,
    /// What the server has let in, decoded as far as somebody had to look.
    known: Vec<ExpandedChange>,
}

impl World {
    pub(super) fn new(mut random: Random) -> Self {
        let any = random.once_in(2);
        let kind = if any { *random.pick(DocumentKind::ALL) } else { DocumentKind::Harvest };
        let members: Vec<_> = (0..3).map(|_| ParticipantId::new(random.uuid())).collect();
        let mallory = ParticipantId::new(random.uuid());
        let server = Server::new(kind, members.clone());
        let clients = (0..2 + random.below(2))
            .map(|_| Client {
                doc: server.copy(actor(&mut random)),
                participant: *random.pick(&members),
                taken: 1,
                pushed: Vec::new(),
            })
            .collect();
        let (actors, known) = (Vec::new(), Vec::new());
        Self { random, kind, server, clients, mallory, actors, known }
    }

    pub(super) fn run(mut self, tally: &mut Tally) {
        for _ in 0..3 + self.random.below(8) {
            let who = self.random.below(self.clients.len());
            match self.random.below(10) {
                0..=3 => self.edit(who),
                4..=5 => self.take(who),
                6..=7 => self.push(who, tally),
                _ => self.bend(who, tally),
            }
        }
        for who in 0..self.clients.len() {
            self.push(who, tally);
        }
        tally.changes += self.server.chunks.len() as u64;
        orders::check(&self.server, &mut self.random);
    }

    fn edit(&mut self, who: usize) {
        let Self { random, clients, server, kind, .. } = self;
        let client = &mut clients[who];
        let place = place(*kind, client.participant, &server.members);
        let isolated = random.once_in(12);
        if isolated {
            let changes = client.doc.get_changes(&[]);
            let head = random.pick(&changes).hash();
            client.doc.isolate(&[head]);
        }
        Editor { random, doc: &mut client.doc, place }.edit();
        client.doc.commit();
        if isolated {
            client.doc.integrate();
        }
    }

    /// The client takes in a prefix of what the server has, or all of it.
    fn take(&mut self, who: usize) {
        let client = &mut self.clients[who];
        let left = self.server.chunks.len() - client.taken;
        let upto =
            client.taken + if self.random.once_in(3) { self.random.below(left + 1) } else { left };
        let news = self.server.chunks[client.taken..upto].iter().map(automerge_change);
        client.doc.apply_changes(news).unwrap();
        client.taken = upto;
    }

    fn push(&mut self, who: usize, tally: &mut Tally) {
        let client = &mut self.clients[who];
        let chunks = news(&mut client.doc, &mut client.pushed, &self.server, &mut self.random);
        let participant = client.participant;
        if let Err(fault) = self.server.admit(&chunks, participant, Role::Facilitator) {
            panic!("a well-formed edit was refused: {fault}");
        }
        tally.pushed += chunks.len() as u64;
    }

    /// A hostile client edits as this one would, and bends what it made.
    fn bend(&mut self, who: usize, tally: &mut Tally) {
        let mut doc = self.hostile_copy(who);
        // What the copy holds must be known, or its changes would lack dependencies.
        self.push(who, tally);
        let before = doc.get_heads();
        if self.random.once_in(3) {
            let changes = doc.get_changes(&[]);
            let head = self.random.pick(&changes).hash();
            doc.isolate(&[head]);
        }
        let members = &self.server.members;
        let place = place(self.kind, self.mallory, members);
        for _ in 0..1 + self.random.below(3) {
            let place = place.clone();
            Editor { random: &mut self.random, doc: &mut doc, place }.edit();
            doc.commit();
        }
        doc.integrate();
        let changes = doc.get_changes(&before);
        let bent = self.bent(&changes);
        let made: Vec<_> = changes.iter().map(|change| change.hash().0).collect();
        let is_bent = |chunk: &Bytes| !decode(chunk).is_ok_and(|c| made.contains(&c.hash.0));
        let counts = u64::from(bent.iter().any(is_bent));
        let state = fingerprint(&self.server);
        match self.server.admit(&bent, self.mallory, Role::Facilitator) {
            Ok(_) => {
                tally.bent_admitted += counts;
                let actor = doc.get_actor().clone();
                self.actors.push(actor);
            }
            Err(_) => {
                tally.bent_refused += counts;
                assert_eq!(fingerprint(&self.server), state, "a refusal leaves nothing behind");
            }
        }
    }

    /// What the hostile client works on: what another holds, under a new actor, or everything,
    /// under one that it has had before.
    fn hostile_copy(&mut self, who: usize) -> AutoCommit {
        if !self.actors.is_empty() && self.random.once_in(2) {
            let actor = self.random.pick(&self.actors).clone();
            return self.server.copy(actor);
        }
        self.clients[who].doc.fork().with_actor(actor(&mut self.random))
    }

    fn bent(&mut self, changes: &[Change]) -> Vec<Bytes> {
        let known = self.known.len();
        self.known.extend(self.server.chunks[known..].iter().map(|c| automerge_change(c).decode()));
        let Self { random, known, mallory: me, server, .. } = self;
        let bent = match random.below(16) {
            0 => chunks::bend(changes, random),
            1 => respell::bend(changes, random),
            2 => mutations::bend(changes.to_vec(), known, random),
            _ => {
                let highest = server.accepted.graph().max_op();
                fine::bend(changes, fine::Hostile { random, known, highest, me: *me })
            }
        };
        let mut packed = |chunk: Bytes| {
            let change = Change::from_bytes(chunk.to_vec()).ok().filter(|_| random.once_in(8));
            change.map_or(chunk, |mut change| Bytes::copy_from_slice(&change.bytes()))
        };
        bent.into_iter().map(&mut packed).collect()
    }
}

const fn place(kind: DocumentKind, me: ParticipantId, members: &[ParticipantId]) -> Where<'_> {
    Where { kind, me, members, facilitates: true, shared_keys: true }
}

fn fingerprint(server: &Server) -> (usize, Vec<ChangeHash>, Vec<ChangeHash>) {
    let graph = server.accepted.graph();
    (graph.len(), graph.heads(), graph.durable_heads())
}

pub(super) fn actor(random: &mut Random) -> ActorId {
    ActorId::from(random.uuid().into_bytes())
}

/// A document's changes that the server lacks, in causal order, some of them compressed.
/// `pushed` names the heads when this was last asked.
fn news(
    doc: &mut AutoCommit,
    pushed: &mut Vec<automerge::ChangeHash>,
    server: &Server,
    random: &mut Random,
) -> Vec<Bytes> {
    let changes = doc.get_changes(pushed);
    *pushed = doc.get_heads();
    let graph = server.accepted.graph();
    let news = changes.into_iter().filter(|change| !graph.contains(&ChangeHash(change.hash().0)));
    news.map(|mut change| {
        if random.once_in(2) {
            Bytes::copy_from_slice(&change.bytes())
        } else {
            Bytes::copy_from_slice(change.raw_bytes())
        }
    })
    .collect()
}
