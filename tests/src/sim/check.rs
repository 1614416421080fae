//! The laws of the simulation, and when each is held.
//!
//! After every input of the hub (a frame, an event that became durable, a command, a line that
//! opens or ends, a start):
//!
//! - *acknowledged is durable*: each head that the server names, each change that it hands on and
//!   each answer that it gives is in the log and written;
//! - *live = replayed*: groups, people and rights, every document's heads in graph, live view and
//!   replay, and, when an event came, the wall and each document as it reads, are those of a second
//!   fold that is fed from the log's records alone;
//! - *no gap*: the records are 1, 2, 3, and so on;
//! - *no queue over its limit*, and *no ping-pong*: what one input makes the server say is bounded
//!   by who listens and what is new.
//!
//! After every step of a day at which nothing is on its way: *peers converge*. Whoever is connected
//! holds every durable change; whoever may write holds nothing else. Days are made to rest often
//! enough, and each must have done so; at each rest the frames since the one before are bounded.
//!
//! After every crash: what was ever acknowledged is still there, and all records folded at once
//! give the same as one by one. At the end of a day all that, and nothing refused was lost.

use std::hash::{DefaultHasher, Hash, Hasher};

use automerge::sync::Message as SyncMessage;
use automerge::{Automerge, Change, ReadDoc};
use bytes::Bytes;
use oogst_core::document::{WAITING_BYTES_MAX, WAITING_CHANGES_MAX};
use oogst_core::gathering::Fold;
use oogst_core::hub::{APPENDS_BYTES_MAX, APPENDS_MAX, REQUESTS_MAX};
use oogst_core::port::Effect;
use oogst_core::rights::Access;
use oogst_core::view::GatheringView;
use oogst_protocol::ids::{ChangeHash, Seq};
use oogst_protocol::limits::MESSAGE_BYTES_MAX;
use oogst_protocol::wire::Message;

use super::World;
use super::settle::heads;

/// What a chunk of a message holds: one change, or a document's.
fn handed_on(chunk: &[u8]) -> Vec<automerge::ChangeHash> {
    if let Ok(change) = Change::from_bytes(chunk.to_vec()) {
        return vec![change.hash()];
    }
    let document = Automerge::load(chunk).unwrap();
    document.get_changes(&[]).iter().map(Change::hash).collect()
}

impl World {
    /// Every head that the server names, and every change that it hands on, is durable.
    pub(super) fn check_promise(&mut self, frame: &Bytes) {
        let Message::Sync { document, data, .. } = Message::decode(frame).unwrap() else { return };
        let document = document.id().unwrap();
        let message = SyncMessage::decode(&data).unwrap();
        for head in message.heads {
            let head = ChangeHash(head.0);
            assert!(self.disk.holds(document, &head), "{head} was named before it was durable");
            self.promised.insert((document, head));
        }
        for hash in message.changes.iter().flat_map(handed_on) {
            let durable = self.disk.holds(document, &ChangeHash(hash.0));
            assert!(durable, "{hash} was handed on before it was durable");
        }
    }

    /// What one input makes the server say: to the one that it came from, and to each listener for
    /// each event.
    pub(super) fn check_answers(&self, effects: &[Effect], events: usize) {
        let sent = effects.iter().filter(|effect| matches!(effect, Effect::Send { .. })).count();
        let most = 4 + self.lines.len() * (1 + events);
        assert!(sent <= most, "{sent} frames at once for {events} events: somebody echoes");
    }

    /// What must be so after every input.
    pub(super) fn check(&mut self) {
        let counts = self.hub.counts();
        assert!(counts.appends_max <= APPENDS_MAX, "{counts:?}");
        assert!(counts.append_bytes_max <= APPENDS_BYTES_MAX + MESSAGE_BYTES_MAX, "{counts:?}");
        assert!(counts.requests_max <= REQUESTS_MAX, "{counts:?}");
        assert!(counts.waiting_changes_max <= WAITING_CHANGES_MAX, "{counts:?}");
        assert!(counts.waiting_bytes_max <= WAITING_BYTES_MAX, "{counts:?}");
        assert!(counts.connections <= self.lines.len(), "{counts:?}");
        let before = self.replay.view.covered();
        self.replay.follow(&self.disk, self.view.covered());
        self.check_live(&self.replay.fold, &self.replay.view, before);
    }

    /// *Live = replayed*: what the hub and the views hold is what this fold of the log gives. What
    /// was the same at the event `before`, and has not changed since, is not read again.
    fn check_live(&self, fold: &Fold, view: &GatheringView, before: Seq) {
        if let Some(live) = self.hub.fold(self.gathering) {
            assert_eq!(live, fold, "groups, people and rights");
        }
        assert_eq!(view.covered(), self.view.covered());
        assert_eq!(self.view.stopped().count() + view.stopped().count(), 0, "no document stops");
        assert!(view.documents().eq(self.view.documents()), "the documents");
        for document in view.documents() {
            let replayed = view.heads(document);
            assert_eq!(self.view.heads(document), replayed, "materialised heads, live");
            if let Some(heads) = self.hub.durable_heads(self.gathering, document) {
                assert_eq!(Some(heads), replayed, "materialised heads = graph heads");
            }
            if view.newest(document) > Some(before) {
                assert_eq!(view.document(document, None), self.view.document(document, None));
            }
        }
        if view.covered() > before {
            assert_eq!(view.wall_digest(), self.view.wall_digest(), "the wall");
        }
    }

    /// All records that the hub has heard of, folded at once from nothing.
    pub fn check_replay(&self) {
        let events = self.disk.reload();
        let covered = usize::try_from(self.view.covered().0).unwrap();
        let heard = &events[..covered];
        let mut fold = Fold::default();
        heard.iter().for_each(|event| fold.fold(&event.entry));
        let mut view = GatheringView::new(self.gathering);
        view.fold(heard).unwrap();
        self.check_live(&fold, &view, Seq::ZERO);
    }

    /// After a crash: what was acknowledged is there.
    pub(super) fn check_kept(&self) {
        for (document, head) in &self.promised {
            assert!(self.disk.holds(*document, head), "{head} was acknowledged, and is lost");
        }
        let newest = Seq(self.disk.records().len() as u64);
        assert!(self.answered <= newest, "event {} was answered for, and is lost", self.answered);
    }

    /// *Peers converge*: where nothing is on its way, whoever is connected has all that is durable,
    /// and whoever may write has nothing else. Counts a rest where that is everybody.
    pub fn check_rest(&mut self) {
        if !self.stirred || !self.is_quiet() {
            return;
        }
        self.stirred = false;
        for peer in self.peers.iter().filter(|peer| peer.joined()) {
            for (document, copy) in &peer.copies {
                let (durable, held) = (self.view.heads(*document).unwrap(), heads(&copy.document));
                let access = self.replay.fold.access(peer.participant, *document);
                if access == Access::Write {
                    assert_eq!(held, durable, "{} at {document}", peer.name);
                }
                for head in durable.into_iter().filter(|head| !held.contains(head)) {
                    let head = automerge::ChangeHash(head.0);
                    let known = copy.document.get_change_by_hash(&head).is_some();
                    assert!(known, "{} lacks {head} of {document}", peer.name);
                }
            }
        }
        self.rests += usize::from(self.peers.iter().all(|peer| peer.joined()));
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
