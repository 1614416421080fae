//! The laws, held after every step of the simulation.

use std::hash::{DefaultHasher, Hash, Hasher};

use automerge::sync::Message as SyncMessage;
use bytes::Bytes;
use oogst_core::document::{WAITING_BYTES_MAX, WAITING_CHANGES_MAX};
use oogst_core::gathering::Fold;
use oogst_core::hub::{APPENDS_BYTES_MAX, APPENDS_MAX, REQUESTS_MAX};
use oogst_core::port::Effect;
use oogst_core::view::GatheringView;
use oogst_protocol::ids::{ChangeHash, Seq};
use oogst_protocol::limits::MESSAGE_BYTES_MAX;
use oogst_protocol::wire::Message;

use super::World;

impl World {
    /// *Acknowledged is durable*: every head that the server names is in the log and synced.
    pub(super) fn check_promise(&self, frame: &Bytes) {
        let Message::Sync { document, data, .. } = Message::decode(frame).unwrap() else { return };
        let document = document.id().unwrap();
        for head in SyncMessage::decode(&data).unwrap().heads {
            let durable = self.disk.holds(document, &ChangeHash(head.0));
            assert!(durable, "the server named {head} before it was durable");
        }
    }

    /// What must be so after every step.
    pub(super) fn check(&self) {
        let counts = self.hub.counts();
        assert!(counts.appends_max <= APPENDS_MAX, "{counts:?}");
        assert!(counts.append_bytes_max <= APPENDS_BYTES_MAX + MESSAGE_BYTES_MAX, "{counts:?}");
        assert!(counts.requests_max <= REQUESTS_MAX, "{counts:?}");
        assert!(counts.waiting_changes_max <= WAITING_CHANGES_MAX, "{counts:?}");
        assert!(counts.waiting_bytes_max <= WAITING_BYTES_MAX, "{counts:?}");
        assert!(counts.connections <= self.lines.len(), "{counts:?}");
        let last = self.disk.events().len() as u64;
        assert_eq!(self.disk.events().last().map_or(0, |event| event.seq.0), last, "a gap");
    }

    /// *Live = replayed*: what the hub and the views fold as it comes is what the log alone gives.
    pub fn check_replay(&self) {
        let events = self.disk.reload();
        let covered = usize::try_from(self.view.covered().0).unwrap();
        let heard = &events[..covered];
        let mut replayed = Fold::default();
        heard.iter().for_each(|event| replayed.apply(&event.entry.act));
        assert_eq!(self.hub.fold(self.gathering), Some(&replayed), "groups, people and rights");
        let mut view = GatheringView::new(self.gathering);
        view.fold(heard).unwrap();
        assert_eq!(view.covered(), Seq(covered as u64));
        assert_eq!(view.wall_digest(), self.view.wall_digest(), "the wall");
        assert_eq!(self.view.stopped().count(), 0, "no document stops");
        for document in view.documents() {
            if let Some(heads) = self.hub.durable_heads(self.gathering, document) {
                assert_eq!(view.heads(document), Some(heads), "materialised heads = graph heads");
            }
        }
    }

    /// Takes an effect into the trace.
    pub(super) fn note(&mut self, effect: &Effect) {
        let mut hasher = DefaultHasher::new();
        (self.trace, format!("{effect:?}")).hash(&mut hasher);
        self.trace = hasher.finish();
    }

    /// A digest of everything that the hub has said so far.
    #[must_use]
    pub const fn trace(&self) -> u64 {
        self.trace
    }
}
