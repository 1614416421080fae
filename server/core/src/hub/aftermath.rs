//! What follows from an act once it is durable: sockets that close.
//!
//! Nothing refused is lost: an edit that was not applied, because its document was locked or its
//! author might only read, stays with its author. When that changes, the socket closes with 1012;
//! the client comes back by itself and offers what it holds. The same when somebody may read now
//! what they asked for in vain, or may not any more what they have open: on the new connection
//! they are told of what they may read, and of nothing else.

use std::collections::BTreeSet;

use oogst_protocol::event::{Act, Conduct};
use oogst_protocol::ids::{DocumentId, ParticipantId};

use super::Turn;
use super::venue::Venue;
use crate::port::{CloseCode, ConnectionId};
use crate::rights::Access;

/// Whose rights an act touches.
enum Touched {
    Nobody,
    /// One person's.
    Person(ParticipantId),
    /// Those of whoever has the document open.
    Readers(DocumentId),
    Everybody,
    /// They may not be here any more; with the reason.
    Gone(BTreeSet<ConnectionId>, &'static str),
}

impl Venue {
    pub(super) fn follow_up(&mut self, turn: &mut Turn<'_>, act: &Act) {
        let touched = match self.touched_by(act) {
            Touched::Nobody => return,
            Touched::Person(participant) => self.sockets_of(participant),
            Touched::Readers(document) => match self.documents.get(&document) {
                Some(document) => document.listeners().collect(),
                None => return,
            },
            Touched::Everybody => self.sessions.keys().copied().collect(),
            Touched::Gone(connections, reason) => {
                for connection in connections {
                    self.close(turn, connection, CloseCode::Revoked, reason);
                }
                return;
            }
        };
        for connection in touched {
            if let Some(reason) = self.why_come_back(connection) {
                self.close(turn, connection, CloseCode::ComeBack, reason);
            }
        }
    }

    fn touched_by(&self, act: &Act) -> Touched {
        match act {
            Act::ParticipantRemoved { participant } => {
                let reason = "this participant was removed from the gathering";
                Touched::Gone(self.sockets_of(*participant), reason)
            }
            Act::ParticipantLeft { participant } => {
                Touched::Gone(self.sockets_of(*participant), "this participant left the gathering")
            }
            Act::Conducted(Conduct::GuestsDismissed) => {
                Touched::Gone(self.sockets_of_the_dismissed(), "the guests' time is over")
            }
            Act::DocumentThawed { document } => Touched::Readers(*document),
            Act::ParticipantMoved { participant, .. }
            | Act::ParticipantPromoted { participant, .. }
            | Act::RoomChanged { participant, .. } => Touched::Person(*participant),
            Act::GatheringStatus { .. } | Act::RoundOpened { .. } => Touched::Everybody,
            // None of these lets anybody read or write who could not before, or the other way
            // round. A document that is locked stays readable; what comes for it waits.
            Act::Changed { .. }
            | Act::GatheringPrepared { .. }
            | Act::GatheringRetitled { .. }
            | Act::RoundPlanned { .. }
            | Act::RoundClosed { .. }
            | Act::GroupFormed { .. }
            | Act::RegionNamed { .. }
            | Act::DocumentOpened { .. }
            | Act::DocumentFrozen { .. }
            | Act::ParticipantJoined { .. }
            | Act::ParticipantReturned { .. }
            | Act::ParticipantRenamed { .. } => Touched::Nobody,
            Act::Conducted(_) => Touched::Nobody,
            Act::Voted(_) => Touched::Nobody,
            Act::ConsentSet { .. }
            | Act::FileAdded { .. }
            | Act::Reverted { .. }
            | Act::Withheld { .. }
            | Act::ParticipantsBounded { .. } => Touched::Nobody,
            _ => unreachable!("every act that this version can decode stands above"),
        }
    }

    fn sockets_of(&self, participant: ParticipantId) -> BTreeSet<ConnectionId> {
        self.sockets.get(&participant).cloned().unwrap_or_default()
    }

    fn sockets_of_the_dismissed(&self) -> BTreeSet<ConnectionId> {
        let dismissed = self.sockets.iter().filter(|(who, _)| self.durable.is_dismissed(**who));
        dismissed.flat_map(|(_, sockets)| sockets.iter().copied()).collect()
    }

    /// Why the connection has to begin again, if it has to: what it may do has changed in a way
    /// that its client would not find out.
    fn why_come_back(&self, connection: ConnectionId) -> Option<&'static str> {
        let session = self.sessions.get(&connection)?;
        let participant = session.participant();
        let access = |document: DocumentId| self.durable.access(participant, document);
        let open = || session.documents.iter().copied();
        if open().any(|document| access(document) == Access::Nothing) {
            return Some("what this connection may read has changed: come back");
        }
        if session.missed().any(|document| access(document) != Access::Nothing) {
            return Some("what was asked for in vain may be read now: ask again");
        }
        let withheld = |id: DocumentId| {
            let document = self.documents.get(&id);
            document.is_some_and(|document| document.withholds(connection))
        };
        if open().any(|id| withheld(id) && access(id) == Access::Write) {
            return Some("edits that were not applied may be now: offer them again");
        }
        None
    }
}
