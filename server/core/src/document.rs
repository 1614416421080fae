//! One document and the peers that sync it.
//!
//! Invariant: heads leave this module only when the changes behind them are durable. A reply sent
//! earlier would acknowledge an edit that a crash can still take back. So an edit has two moments:
//! [`Document::receive`] lets it into the accepted graph, on which further edits build at once;
//! [`Document::land`] advances the durable heads, of which everybody hears, its author included.
//!
//! In step, and nearly always, what one sync of the disk covers is one message, encoded once for
//! all who brought none of it. No automerge document is ever built here. Not here: bytes of
//! messages (`sync`), what may enter (`accept`), who may write (`rights`), frames and sockets
//! (`hub`).

mod landed;
mod load;
pub(crate) mod peer;
mod whole;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use oogst_protocol::event::{Act, ChangeBytes, Event};
use oogst_protocol::ids::ChangeHash;

use self::load::Load;
use self::peer::{Contact, Peer};
use self::whole::Wholes;
use crate::accept::{self, Accepted, Admitted, Author};
use crate::change::{self, Change, Opened};
use crate::port::{CloseCode, ConnectionId, Ticket};
use crate::sync::{Incoming, SyncFault};

pub(crate) use self::landed::Landed;
pub use self::peer::{RESTARTS_MAX, WAITING_BYTES_MAX, WAITING_CHANGES_MAX};

/// Why a peer's message was refused, all of it. Its fault: its socket closes, the document is as
/// it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentFault {
    /// No sync message.
    #[error(transparent)]
    Sync(#[from] SyncFault),
    /// Changes that may not enter.
    #[error(transparent)]
    Accept(#[from] accept::Fault),
    /// Too much waits for changes that did not come.
    #[error("over {most} {what} wait for changes that did not come: offer them again, all of them")]
    Waiting {
        /// What, with its unit.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Too much is on its way to the disk.
    #[error("the disk cannot keep up: come back in a while")]
    Overload,
    /// The peer asked for everything again and again.
    #[error("a connection may ask for a document {most} times: come back on a new one")]
    Restarts {
        /// The bound.
        most: u8,
    },
}

impl DocumentFault {
    /// With which code the socket closes. What an honest peer can run into lets it come back.
    #[must_use]
    pub const fn code(&self) -> CloseCode {
        match self {
            Self::Accept(fault) if fault.is_size() => CloseCode::TooLarge,
            Self::Sync(_) | Self::Accept(_) => CloseCode::Violation,
            Self::Overload => CloseCode::Overload,
            Self::Waiting { .. } | Self::Restarts { .. } => CloseCode::ComeBack,
        }
    }
}

/// One document. See the module's words.
#[derive(Debug)]
pub(crate) struct Document {
    content: Content,
    peers: BTreeMap<ConnectionId, Peer>,
    /// What is on its way to the disk, in that order.
    flights: VecDeque<Flight>,
    /// Changes that waiting ones build on, and who waits for them.
    wanted: BTreeMap<ChangeHash, BTreeSet<ConnectionId>>,
    wholes: Wholes,
}

/// A document costs nothing but its events until somebody opens it.
#[derive(Debug)]
enum Content {
    Cold(Vec<Arc<Event>>),
    Live(Box<Accepted>),
}

#[derive(Debug)]
struct Flight {
    ticket: Ticket,
    hashes: Vec<ChangeHash>,
    /// Who brought all of it, and so is told without being sent it.
    bringers: BTreeSet<ConnectionId>,
}

/// What a message comes to.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// What was let in: to be appended under the ticket that was given.
    pub(crate) admitted: Option<Admitted>,
    /// What to say to the sender now.
    pub(crate) answer: Option<Vec<u8>>,
}

impl Document {
    /// A document of the log, by its events so far; the first opened it.
    pub(crate) fn new(opened: Arc<Event>) -> Self {
        Self {
            content: Content::Cold(vec![opened]),
            peers: BTreeMap::new(),
            flights: VecDeque::new(),
            wanted: BTreeMap::new(),
            wholes: Wholes::default(),
        }
    }

    /// Takes an event of the log, before anybody is here.
    pub(crate) fn replay(&mut self, event: &Arc<Event>) {
        match &mut self.content {
            Content::Cold(events) => events.push(Arc::clone(event)),
            Content::Live(accepted) => drop(replay(accepted, event)),
        }
    }

    /// Takes a message of a peer that may read. `writer` is who it is where it may write, too.
    ///
    /// What a reader brings is not applied, and not punished: its heads stay unacknowledged.
    /// Either way the bytes must be chunks of changes; only what is new here, and may enter, is
    /// decoded. On a fault the document is as it was.
    pub(crate) fn receive(
        &mut self,
        connection: ConnectionId,
        message: &Incoming,
        writer: Option<&Author<'_>>,
        ticket: Ticket,
    ) -> Result<Heard, DocumentFault> {
        let accepted = self.content.live();
        let graph = accepted.graph();
        let peer = self.peers.entry(connection).or_default();
        let mut brought = BTreeSet::new();
        let (mut again, mut flying, mut fresh) = (false, false, Vec::new());
        let (mut refused, mut load) = (false, Load::default());
        for chunk in &message.chunks {
            let opened = Opened::new(chunk).map_err(accept::Fault::from)?;
            load.bytes(opened.bytes())?;
            let hash = opened.hash();
            if !brought.insert(hash) {
                continue;
            }
            if graph.is_durable(&hash) {
                again = true;
            } else if graph.contains(&hash) {
                flying = true;
            } else if writer.is_none() {
                refused = true;
            } else if !peer.waits_with(&hash) {
                let change = opened.decode().map_err(accept::Fault::from)?;
                load.operations(change.weight())?;
                fresh.push(change);
            }
        }
        let begins = peer.begins(message)?;
        if flying {
            let whole = |flight: &Flight| flight.hashes.iter().all(|hash| brought.contains(hash));
            for flight in self.flights.iter_mut().filter(|flight| whole(flight)) {
                flight.bringers.insert(connection);
            }
        }
        let admitted = if writer.is_some() {
            self.admit(connection, fresh, writer, ticket)?
        } else {
            again |= refused;
            let ahead = message.heads.iter().any(|hash| !graph.contains(hash));
            if ahead || refused {
                peer.withhold();
            }
            self.admit(connection, Vec::new(), None, ticket)?
        };
        let (Content::Live(accepted), Some(peer)) =
            (&self.content, self.peers.get_mut(&connection))
        else {
            unreachable!("the document is live and the peer is known since the lines above");
        };
        let contact = Contact { begins, writes: writer.is_some(), again };
        let (graph, whole) = (accepted.graph(), self.wholes.newest());
        let answer = peer.answer(graph, message, &brought, contact, whole);
        Ok(Heard { admitted, answer })
    }

    /// Lets in changes of our own making, as [`Accepted::restore`] does: in causal order, on top of
    /// what is durable.
    pub(crate) fn restore(
        &mut self,
        chunks: &[ChangeBytes],
        author: &Author<'_>,
        ticket: Ticket,
    ) -> Result<Admitted, accept::Fault> {
        let changes: Result<Vec<_>, _> =
            chunks.iter().map(|chunk| change::decode(&chunk.0)).collect();
        let admitted = self.content.live().restore(changes?, author)?;
        let (hashes, bringers) = (admitted.hashes.clone(), BTreeSet::new());
        self.flights.push_back(Flight { ticket, hashes, bringers });
        Ok(admitted)
    }

    /// Lets in what waited at a peer and can go on now, as [`Document::receive`] would.
    pub(crate) fn retry(
        &mut self,
        connection: ConnectionId,
        writer: Option<&Author<'_>>,
        ticket: Ticket,
    ) -> Result<Option<Admitted>, DocumentFault> {
        self.admit(connection, Vec::new(), writer, ticket)
    }

    /// Whose waiting changes build on one of these.
    pub(crate) fn waiting_for(&self, hashes: &[ChangeHash]) -> BTreeSet<ConnectionId> {
        let waiting = hashes.iter().filter_map(|hash| self.wanted.get(hash));
        waiting.flatten().copied().collect()
    }

    /// Forgets a peer that is gone, with its waiting changes.
    pub(crate) fn leave(&mut self, connection: ConnectionId) {
        if let Some(peer) = self.peers.remove(&connection) {
            self.unwant(connection, peer.missing());
        }
    }

    /// Whether this peer holds edits that were not applied.
    pub(crate) fn withholds(&self, connection: ConnectionId) -> bool {
        self.peers.get(&connection).is_some_and(Peer::withholds)
    }

    /// Everybody who has the document open.
    pub(crate) fn listeners(&self) -> impl Iterator<Item = ConnectionId> + '_ {
        self.peers.keys().copied()
    }

    /// How many changes and bytes of one peer wait for others.
    pub(crate) fn waiting(&self, connection: ConnectionId) -> (usize, usize) {
        self.peers.get(&connection).map_or((0, 0), Peer::waiting)
    }

    /// The durable heads, where the document is in memory.
    pub(crate) fn durable_heads(&self) -> Option<Vec<ChangeHash>> {
        match &self.content {
            Content::Cold(_) => None,
            Content::Live(accepted) => Some(accepted.graph().durable_heads()),
        }
    }

    fn admit(
        &mut self,
        connection: ConnectionId,
        fresh: Vec<Change>,
        writer: Option<&Author<'_>>,
        ticket: Ticket,
    ) -> Result<Option<Admitted>, DocumentFault> {
        let Some(peer) = self.peers.get_mut(&connection) else { return Ok(None) };
        let Some(author) = writer else {
            let wanted = peer.drop_waiting();
            self.unwant(connection, &wanted);
            return Ok(None);
        };
        if fresh.is_empty() && peer.waiting().0 == 0 {
            return Ok(None);
        }
        let accepted = self.content.live();
        let wanted_before = peer.missing().to_vec();
        let settled = peer.settle(accepted.graph(), fresh);
        let waiting_max_op = peer.waiting_max_op();
        let wanted = peer.missing().to_vec();
        self.unwant(connection, &wanted_before);
        let ready = settled?;
        for hash in wanted {
            self.wanted.entry(hash).or_default().insert(connection);
        }
        if ready.is_empty() {
            return Ok(None);
        }
        let admitted = self.content.live().admit(ready, author, waiting_max_op)?;
        let bringers = BTreeSet::from([connection]);
        self.flights.push_back(Flight { ticket, hashes: admitted.hashes.clone(), bringers });
        Ok(Some(admitted))
    }

    fn unwant(&mut self, connection: ConnectionId, hashes: &[ChangeHash]) {
        for hash in hashes {
            let Some(waiting) = self.wanted.get_mut(hash) else { continue };
            waiting.remove(&connection);
            if waiting.is_empty() {
                self.wanted.remove(hash);
            }
        }
    }
}

impl Content {
    /// The graph and shape table, built at first touch.
    fn live(&mut self) -> &mut Accepted {
        if let Self::Cold(events) = self {
            let events = std::mem::take(events);
            let (opened, changed) = events.split_first().expect("an event opened the document");
            let Act::DocumentOpened { kind, template, .. } = &opened.entry.act else {
                unreachable!("a document begins with the event that opens it");
            };
            let accepted = Accepted::open(*kind, template);
            let mut accepted = accepted.expect("the log holds templates that we made");
            for event in changed {
                replay(&mut accepted, event);
            }
            *self = Self::Live(Box::new(accepted));
        }
        match self {
            Self::Live(accepted) => accepted,
            Self::Cold(_) => unreachable!("made live just now"),
        }
    }
}

/// Takes an event's changes, which were accepted before they were logged; gives their hashes.
fn replay(accepted: &mut Accepted, event: &Event) -> Vec<ChangeHash> {
    let Act::Changed { changes, .. } = &event.entry.act else { return Vec::new() };
    let decoded = changes.iter().map(|change| change::decode(&change.0));
    let decoded = decoded.collect::<Result<Vec<Change>, _>>();
    let changes = decoded.expect("the log holds changes that were decoded before");
    let hashes = changes.iter().map(|change| change.hash).collect();
    accepted.replay(changes, event.entry.by.participant);
    hashes
}
