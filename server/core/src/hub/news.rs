//! What became durable, on its way to those who have the document open.
//!
//! One sync of the disk covers many edits. What it made durable in one document is one message to
//! each listener, not one an edit: nobody waits longer for it, since none of it was durable before,
//! and a room that writes without rest costs as many messages as the disk makes syncs.

use std::collections::BTreeMap;

use oogst_protocol::ids::DocumentId;
use oogst_protocol::wire::SyncEnvelope;

use super::Turn;
use super::venue::Venue;
use crate::document::Landed;
use crate::port::Effect;
use crate::session::Session;

/// Most bytes of changes, and changes' flights, that one telling gathers: a phone on a poor line
/// shows the first of them before the last is there. One flight may be longer than that.
const NEWS_BYTES_MAX: usize = 64 << 10;
const NEWS_FLIGHTS_MAX: usize = 64;

/// What is durable and not told yet, by document, in the order of the log.
#[derive(Default)]
pub(super) struct News {
    landed: BTreeMap<DocumentId, Vec<Landed>>,
    flights: usize,
    bytes: usize,
}

impl News {
    /// Adds what landed in a document, if anything did that can be told.
    pub(super) fn add(&mut self, document: DocumentId, landed: Option<Landed>) {
        let Some(landed) = landed else { return };
        self.flights += 1;
        self.bytes += landed.bytes();
        self.landed.entry(document).or_default().push(landed);
    }

    /// Whether it is to be told before more is added.
    pub(super) const fn is_full(&self) -> bool {
        self.flights >= NEWS_FLIGHTS_MAX || self.bytes >= NEWS_BYTES_MAX
    }
}

impl Venue {
    /// Tells everybody who has these documents open what is durable now.
    pub(super) fn tell(&mut self, turn: &mut Turn<'_>, news: News) {
        for (id, landed) in news.landed {
            let Some(document) = self.documents.get_mut(&id) else { continue };
            for (message, listeners) in document.news(&landed) {
                let envelope = SyncEnvelope::new(&turn.server.peer, id, &message);
                for connection in listeners {
                    let session = self.sessions.get(&connection);
                    let Some(peer) = session.and_then(Session::peer) else { continue };
                    turn.effects.push(Effect::Send { connection, frame: envelope.to(peer) });
                }
            }
            if document.wants_snapshot(None, turn.server.snapshot_changes_min) {
                turn.effects.push(Effect::Snapshot { gathering: self.id, document: id });
            }
        }
    }
}
