//! What follows from an act once it is durable: sockets that close.
//!
//! Nothing refused is lost: an edit that was not applied, because its document was locked or its
//! author might only read, stays with its author. When that changes, the socket closes with 1012;
//! the client comes back by itself and offers what it holds.

use std::collections::BTreeSet;

use oogst_protocol::event::Act;
use oogst_protocol::ids::{DocumentId, ParticipantId};

use super::Turn;
use super::venue::Venue;
use crate::port::{CloseCode, ConnectionId};
use crate::rights::Access;

impl Venue {
    pub(super) fn follow_up(&mut self, turn: &mut Turn<'_>, act: &Act) {
        let asked_back = match act {
            Act::ParticipantRemoved { participant } => {
                let reason = "this participant was removed from the gathering";
                for connection in self.sockets_of(*participant) {
                    self.close(turn, connection, CloseCode::Revoked, reason);
                }
                return;
            }
            Act::DocumentThawed { document } => match self.documents.get(document) {
                Some(thawed) => thawed.listeners().collect(),
                None => return,
            },
            Act::ParticipantMoved { participant, .. }
            | Act::ParticipantPromoted { participant, .. } => self.sockets_of(*participant),
            Act::GatheringStatus { .. } => self.sessions.keys().copied().collect(),
            // None of these lets anybody write who could not before.
            Act::Changed { .. }
            | Act::GatheringPrepared { .. }
            | Act::GatheringRetitled { .. }
            | Act::RoundOpened { .. }
            | Act::GroupFormed { .. }
            | Act::DocumentOpened { .. }
            | Act::DocumentFrozen { .. }
            | Act::ParticipantJoined { .. }
            | Act::ParticipantReturned { .. }
            | Act::ParticipantRenamed { .. } => return,
            Act::RoundPlanned { .. } | Act::RoundClosed { .. } => return,
            Act::RegionNamed { .. } | Act::RoomChanged { .. } => return,
            Act::Conducted(_) => return,
            Act::Voted(_) => return,
            Act::ConsentSet { .. } | Act::FileAdded { .. } | Act::Reverted { .. } => return,
            Act::ParticipantLeft { .. } => return,
            _ => unreachable!("every act that this version can decode stands above"),
        };
        for connection in asked_back {
            if self.may_offer_again(connection) {
                let reason = "edits that were not applied may be now: offer them again";
                self.close(turn, connection, CloseCode::ComeBack, reason);
            }
        }
    }

    fn sockets_of(&self, participant: ParticipantId) -> BTreeSet<ConnectionId> {
        self.sockets.get(&participant).cloned().unwrap_or_default()
    }

    /// Whether the connection holds edits, in any of its documents, that it may write now.
    fn may_offer_again(&self, connection: ConnectionId) -> bool {
        let Some(session) = self.sessions.get(&connection) else { return false };
        let participant = session.participant();
        let waits = |id: &&DocumentId| {
            let document = self.documents.get(id);
            document.is_some_and(|document| document.withholds(connection))
                && self.durable.access(participant, **id) == Access::Write
        };
        session.documents.iter().any(|id| waits(&id))
    }
}
