//! What comes over a gathering's sockets, and what goes back.
//!
//! Invariant: a fault costs its sender alone. It is told what was wrong, its socket closes, and
//! no state has changed. Only those who have a document open hear of it: nothing here walks over
//! all connections.

use std::fmt::Display;
use std::sync::Arc;

use bytes::Bytes;
use oogst_protocol::event::{Act, Entry};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::limits::ERROR_BYTES_MAX;
use oogst_protocol::wire::{
    DocumentName, Message, PROTOCOL_VERSION, PeerId, PeerMetadata, SyncEnvelope,
};

use super::Turn;
use super::venue::Venue;
use crate::accept::{Admitted, Author};
use crate::document::{DocumentFault, WAITING_BYTES_MAX, WAITING_CHANGES_MAX};
use crate::gathering::Fold;
use crate::port::{CloseCode, ConnectionId, Effect};
use crate::rights::Access;
use crate::session::{Said, Session, Violation};
use crate::sync::Incoming;

/// How many times what may wait of one connection may wait of all of one participant's together.
const CONNECTIONS_WAITING_MAX: usize = 4;

impl Venue {
    pub(super) fn frame(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, bytes: &Bytes) {
        let Some(session) = self.sessions.get(&connection) else { return };
        let heard = Message::decode(bytes).map_err(Violation::from);
        match heard.and_then(|message| session.receive(&turn.server.peer, message)) {
            Ok(Said::Join(peer)) => self.join(turn, connection, peer),
            Ok(Said::Sync { document, data }) => self.sync(turn, connection, document, &data),
            Ok(Said::Gossip { document, count, session, data }) => {
                self.gossip(turn, connection, document, (count, session, data));
            }
            Ok(Said::Nothing) => {}
            Err(violation) => self.refuse(turn, connection, violation.code(), &violation),
        }
    }

    fn join(&mut self, turn: &mut Turn<'_>, connection: ConnectionId, peer: PeerId) {
        if let Some(older) = self.peers.get(&peer).copied() {
            let whose = |connection| self.sessions.get(connection).map(Session::participant);
            if whose(&older) != whose(&connection) {
                let taken = Violation::NameTaken;
                return self.refuse(turn, connection, taken.code(), &taken);
            }
            let reason = "a newer connection of the same participant took this peer id";
            self.close(turn, older, CloseCode::Replaced, reason);
        }
        let Some(session) = self.sessions.get_mut(&connection) else { return };
        session.join(peer.clone());
        self.peers.insert(peer.clone(), connection);
        let storage_id = Some(Arc::clone(&turn.server.storage));
        let answer = Message::Peer {
            sender: turn.server.peer.clone(),
            target: peer,
            metadata: PeerMetadata { storage_id, is_ephemeral: false },
            version: PROTOCOL_VERSION.into(),
        };
        turn.effects.push(Effect::Send { connection, frame: answer.encode() });
    }

    fn sync(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        name: DocumentName,
        data: &Bytes,
    ) {
        let Some(session) = self.sessions.get_mut(&connection) else { return };
        let Some(peer) = session.peer().cloned() else { return };
        let participant = session.participant();
        let Some(id) = name.id().filter(|id| is_readable(&self.durable, participant, *id)) else {
            // The same words whether it does not exist or is not for this peer.
            if let Some(id) = name.id().filter(|id| self.durable.kind(*id).is_some()) {
                session.miss(id);
            }
            let sender = turn.server.peer.clone();
            let answer = Message::DocUnavailable { document: name, sender, target: peer };
            turn.effects.push(Effect::Send { connection, frame: answer.encode() });
            return;
        };
        session.documents.insert(id);
        match self.hear(turn, connection, participant, id, data) {
            Ok(Some(answer)) => {
                let frame = SyncEnvelope::new(&turn.server.peer, id, &answer).to(&peer);
                turn.effects.push(Effect::Send { connection, frame });
            }
            Ok(None) => {}
            Err(fault) => self.refuse(turn, connection, fault.code(), &fault),
        }
    }

    /// Hands a message to its document; what it lets in goes to the log.
    fn hear(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        participant: ParticipantId,
        id: DocumentId,
        data: &Bytes,
    ) -> Result<Option<Vec<u8>>, DocumentFault> {
        let message = Incoming::decode(data)?;
        if !message.chunks.is_empty() && self.is_behind() {
            return Err(DocumentFault::Overload);
        }
        let ticket = turn.next_ticket();
        let document = self.documents.get_mut(&id).expect("a readable document exists");
        let heard = as_writer(&self.accepted, participant, id, |writer| {
            document.receive(connection, &message, writer, ticket)
        })?;
        if document.wants_snapshot(Some(&message), turn.server.snapshot_changes_min) {
            turn.effects.push(Effect::Snapshot { gathering: self.id, document: id });
        }
        if let Some(admitted) = heard.admitted {
            self.log_changes(turn, participant, id, admitted);
        }
        self.check_waiting(connection, id)?;
        Ok(heard.answer)
    }

    /// Sends changes to the log, and lets in what waited for them.
    fn log_changes(
        &mut self,
        turn: &mut Turn<'_>,
        participant: ParticipantId,
        id: DocumentId,
        admitted: Admitted,
    ) {
        let mut hashes = admitted.hashes.clone();
        self.log_change(turn, participant, id, admitted);
        while let Some(connection) = self.document(id).waiting_for(&hashes).pop_first() {
            let session = self.sessions.get(&connection).expect("who waits is connected");
            let participant = session.participant();
            let ticket = turn.next_ticket();
            let document = self.documents.get_mut(&id).expect("it was there a line above");
            let retried = as_writer(&self.accepted, participant, id, |writer| {
                document.retry(connection, writer, ticket)
            });
            match retried {
                Ok(Some(admitted)) => {
                    hashes.extend(&admitted.hashes);
                    self.log_change(turn, participant, id, admitted);
                }
                Ok(None) => {}
                Err(fault) => self.refuse(turn, connection, fault.code(), &fault),
            }
        }
    }

    fn log_change(
        &mut self,
        turn: &mut Turn<'_>,
        participant: ParticipantId,
        document: DocumentId,
        admitted: Admitted,
    ) {
        let by = self.accepted.by(participant).expect("only members write");
        let Admitted { changes, contributions, room, heads, .. } = admitted;
        let mut acts = vec![Act::Changed { document, changes, contributions, heads }];
        // Rights are a fold of acts: who is in the room is said beside the change, not read in it.
        for (participant, inside) in room {
            acts.push(Act::RoomChanged { document, participant, inside });
        }
        let entries = acts.into_iter().map(|act| Entry { at: turn.now, by, act });
        let entries: Vec<_> = entries.collect();
        entries.iter().for_each(|entry| self.accepted.fold(entry));
        self.append(turn, entries, Vec::new());
    }

    /// Passes presence on, under its origin's name, to the others who have the document open.
    fn gossip(
        &self,
        turn: &mut Turn<'_>,
        origin: ConnectionId,
        id: DocumentId,
        (count, session, data): (u64, Arc<str>, Bytes),
    ) {
        let Some(from) = self.sessions.get(&origin) else { return };
        let (Some(sender), true) = (from.peer(), from.documents.contains(&id)) else { return };
        let Some(document) = self.documents.get(&id) else { return };
        for connection in document.listeners().filter(|connection| *connection != origin) {
            let Some(target) = self.sessions.get(&connection).and_then(Session::peer) else {
                continue;
            };
            let message = Message::Ephemeral {
                document: id.into(),
                sender: sender.clone(),
                target: target.clone(),
                count,
                session: Arc::clone(&session),
                data: data.clone(),
            };
            turn.effects.push(Effect::Send { connection, frame: message.encode() });
        }
    }

    /// How many changes and bytes of one connection wait for others, over all its documents.
    pub(super) fn waiting(&self, connection: ConnectionId) -> (usize, usize) {
        let open = self.sessions.get(&connection).into_iter().flat_map(|s| &s.documents);
        let waiting = open.filter_map(|id| self.documents.get(id)).map(|d| d.waiting(connection));
        waiting.fold((0, 0), |(changes, bytes), (more, longer)| (changes + more, bytes + longer))
    }

    fn check_waiting(&self, connection: ConnectionId, id: DocumentId) -> Result<(), DocumentFault> {
        if self.documents.get(&id).is_none_or(|document| document.waiting(connection).0 == 0) {
            return Ok(());
        }
        let bound = |(changes, bytes), times| {
            let most = WAITING_CHANGES_MAX * times;
            if changes > most {
                return Err(DocumentFault::Waiting { what: "changes", most });
            }
            let most = WAITING_BYTES_MAX * times;
            if bytes > most { Err(DocumentFault::Waiting { what: "bytes", most }) } else { Ok(()) }
        };
        bound(self.waiting(connection), 1)?;
        // What waits belongs to a connection; its participant may hold many of them.
        let participant = self.sessions.get(&connection).map(Session::participant);
        let all = self.sessions.iter();
        let own = all.filter(|(_, session)| Some(session.participant()) == participant);
        let waiting = own.map(|(connection, _)| self.waiting(*connection));
        let sum = |(changes, bytes), (more, longer)| (changes + more, bytes + longer);
        bound(waiting.fold((0, 0), sum), CONNECTIONS_WAITING_MAX)
    }

    /// Tells a peer what it did wrong, and closes its socket.
    fn refuse(
        &mut self,
        turn: &mut Turn<'_>,
        connection: ConnectionId,
        code: CloseCode,
        fault: &dyn Display,
    ) {
        let mut reason = fault.to_string();
        reason.truncate(reason.floor_char_boundary(ERROR_BYTES_MAX));
        let message = Message::Error {
            sender: Some(turn.server.peer.clone()),
            target: self.sessions.get(&connection).and_then(Session::peer).cloned(),
            message: reason.as_str().into(),
        };
        turn.effects.push(Effect::Send { connection, frame: message.encode() });
        self.close(turn, connection, code, &reason);
    }
}

fn is_readable(durable: &Fold, participant: ParticipantId, document: DocumentId) -> bool {
    match durable.access(participant, document) {
        Access::Nothing => false,
        Access::Read | Access::Write => true,
    }
}

/// Calls `act` with the participant as an author, where they may write in the document now.
fn as_writer<T>(
    accepted: &Fold,
    participant: ParticipantId,
    document: DocumentId,
    act: impl FnOnce(Option<&Author<'_>>) -> T,
) -> T {
    let members = |participant| accepted.knows(participant);
    let role = match accepted.access(participant, document) {
        Access::Write => accepted.role(participant),
        Access::Read | Access::Nothing => None,
    };
    let author = role.map(|role| Author { participant, role, members: &members });
    act(author.as_ref())
}
