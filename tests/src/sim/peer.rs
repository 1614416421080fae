//! A client of the simulation: real automerge documents and automerge's own sync, over the real
//! frames, as automerge-repo runs them.

use std::collections::{BTreeMap, BTreeSet};

use automerge::sync::{Message as SyncMessage, State, SyncDoc};
use automerge::{ActorId, Automerge};
use bytes::Bytes;
use oogst_core::port::ConnectionId;
use oogst_protocol::ids::{ChangeHash, DocumentId, ParticipantId};
use oogst_protocol::wire::{Message, PeerId, PeerMetadata};

use super::dice::Dice;
use super::edit::edit;

/// One client of one participant.
#[derive(Debug)]
pub struct Peer {
    /// Its name on the wire.
    pub name: PeerId,
    /// Whose it is.
    pub participant: ParticipantId,
    /// The connection that it uses.
    pub line: Option<ConnectionId>,
    /// The server, once it has answered the join.
    server: Option<PeerId>,
    /// The documents that it has open.
    pub copies: BTreeMap<DocumentId, Copy>,
    actors: u64,
    number: u64,
}

/// A peer's copy of a document.
#[derive(Debug)]
pub struct Copy {
    /// The document.
    pub document: Automerge,
    state: State,
    /// The edits that were made here.
    pub made: BTreeSet<ChangeHash>,
    /// Whether the server said that there is no such document.
    pub unavailable: bool,
}

impl Peer {
    /// A client with these documents open, all of them empty yet.
    pub fn new(number: u64, participant: ParticipantId, open: &[DocumentId]) -> Self {
        let mut peer = Self {
            name: PeerId::new(&format!("peer-{number}")),
            participant,
            line: None,
            server: None,
            copies: BTreeMap::new(),
            actors: 0,
            number,
        };
        for document in open {
            let document = (*document, peer.copy(Automerge::new()));
            peer.copies.extend([document]);
        }
        peer
    }

    fn copy(&mut self, document: Automerge) -> Copy {
        let document = document.with_actor(self.next_actor());
        Copy { document, state: State::new(), made: BTreeSet::new(), unavailable: false }
    }

    fn next_actor(&mut self) -> ActorId {
        self.actors += 1;
        ActorId::from([self.number.to_be_bytes(), self.actors.to_be_bytes()].concat())
    }

    /// Whether the server has answered the join on the current line.
    #[must_use]
    pub const fn joined(&self) -> bool {
        self.line.is_some() && self.server.is_some()
    }

    /// Takes a new line; the first frame to send on it.
    pub fn connect(&mut self, line: ConnectionId) -> Bytes {
        (self.line, self.server) = (Some(line), None);
        let metadata = PeerMetadata { storage_id: None, is_ephemeral: false };
        let versions = vec!["1".into()];
        Message::Join { sender: self.name.clone(), metadata, versions }.encode()
    }

    /// The line is gone.
    pub fn disconnect(&mut self) {
        (self.line, self.server) = (None, None);
    }

    /// Restarts the client from what it stored: its documents, and perhaps how far it had synced.
    pub fn restart(&mut self, dice: &mut Dice) {
        self.disconnect();
        let actors: Vec<_> = (0..self.copies.len()).map(|_| self.next_actor()).collect();
        for (copy, actor) in self.copies.values_mut().zip(actors) {
            let stored = Automerge::load(&copy.document.save()).unwrap();
            copy.document = stored.with_actor(actor);
            if dice.chance(50) {
                copy.state = State::new();
            }
        }
    }

    /// Hears one frame of the server; what to send back.
    pub fn receive(&mut self, frame: &Bytes) -> Vec<Bytes> {
        match Message::decode(frame).unwrap() {
            Message::Peer { sender, .. } => {
                self.server = Some(sender);
                let open: Vec<_> = self.copies.keys().copied().collect();
                open.into_iter().filter_map(|document| self.begin(document)).collect()
            }
            Message::Sync { document, data, .. } => {
                let document = document.id().unwrap();
                let Some(copy) = self.copies.get_mut(&document) else { return Vec::new() };
                let message = SyncMessage::decode(&data).unwrap();
                assert_eq!(message.flags, None, "flags invite whole documents");
                copy.document.receive_sync_message(&mut copy.state, message).unwrap();
                self.say(document, false).into_iter().collect()
            }
            Message::DocUnavailable { document, .. } => {
                let copy = document.id().and_then(|document| self.copies.get_mut(&document));
                copy.into_iter().for_each(|copy| copy.unavailable = true);
                Vec::new()
            }
            Message::Join { .. }
            | Message::Request { .. }
            | Message::Ephemeral { .. }
            | Message::Error { .. }
            | Message::RemoteSubscriptionChange { .. }
            | Message::RemoteHeadsChanged { .. }
            | Message::Unknown { .. } => Vec::new(),
        }
    }

    /// Makes an edit in a document; what to send, if connected.
    pub fn edit(&mut self, document: DocumentId, dice: &mut Dice) -> Option<Bytes> {
        let participant = self.participant;
        let copy = self.copies.get_mut(&document)?;
        let hash = edit(&mut copy.document, participant, dice)?;
        copy.made.insert(hash);
        self.say(document, false)
    }

    /// Takes in what another copy of the same document holds, as tabs of one browser do.
    pub fn merge(&mut self, document: DocumentId, other: &mut Automerge) -> Option<Bytes> {
        let copy = self.copies.get_mut(&document)?;
        copy.document.merge(other).unwrap();
        self.say(document, false)
    }

    /// The first message about a document on a new line: what was agreed before is kept, what
    /// was on its way is forgotten.
    fn begin(&mut self, document: DocumentId) -> Option<Bytes> {
        let copy = self.copies.get_mut(&document)?;
        copy.state = State::decode(&copy.state.encode()).unwrap();
        copy.unavailable = false;
        let empty = copy.document.get_heads().is_empty();
        self.say(document, empty)
    }

    fn say(&mut self, document: DocumentId, request: bool) -> Option<Bytes> {
        let target = self.server.clone()?;
        let copy = self.copies.get_mut(&document)?;
        let message = copy.document.generate_sync_message(&mut copy.state)?;
        let (document, sender, data) = (document.into(), self.name.clone(), message.encode());
        let data = data.into();
        Some(if request {
            Message::Request { document, sender, target, data }.encode()
        } else {
            Message::Sync { document, sender, target, data }.encode()
        })
    }
}
