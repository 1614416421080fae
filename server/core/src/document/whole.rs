//! The document in one piece, for whoever comes with nothing.
//!
//! A long history as automerge saves it is a hundredth of its changes' bytes, and loads in a third
//! of the time that applying them takes. The core never makes it: it asks for one, with
//! [`Effect::Snapshot`](crate::port::Effect::Snapshot), when so much has come since the last that
//! newcomers would notice, and meanwhile sends what it has, with the changes since.

use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::ChangeHash;

use super::peer::has_nothing;
use super::{Content, Document};
use crate::graph::Graph;
use crate::sync::{self, Incoming};
use crate::view::Snapshot;

/// What part of the document's changes may have come since the snapshot, before another is asked
/// for: while people write, and when somebody comes who would be sent them. Each costs as much as
/// the document is long, so parts of it keep that cost the same for each change.
const GROWN_PART: usize = 4;
const CAME_PART: usize = 16;

/// The newest snapshot of a document, and whether another was asked for.
#[derive(Debug, Default)]
pub(crate) struct Wholes {
    newest: Option<Whole>,
    /// How many changes were durable when one was last asked for; 0 where none came of it.
    asked: usize,
}

/// A document as automerge saves it, at heads that are durable here.
#[derive(Debug)]
pub(crate) struct Whole {
    heads: Vec<ChangeHash>,
    content: Bytes,
    /// How many changes it holds.
    changes: usize,
}

impl Wholes {
    /// What a newcomer is sent, if there is anything.
    pub(crate) const fn newest(&self) -> Option<&Whole> {
        self.newest.as_ref()
    }

    /// Whether another snapshot is to be asked for; notes that it is. Fewer than `changes_min`
    /// changes are never worth one; `came` is true where somebody is here who would be sent it.
    pub(crate) fn wants(&mut self, graph: &Graph, came: bool, changes_min: usize) -> bool {
        let durable = graph.durable_len();
        let part = if came { CAME_PART } else { GROWN_PART };
        let since = durable - self.newest.as_ref().map_or(0, |whole| whole.changes);
        let unasked = durable - self.asked.min(durable);
        let due = changes_min.max(durable / part);
        let wants = since >= due && unasked >= due;
        if wants {
            self.asked = durable;
        }
        wants
    }

    /// Takes a snapshot, where all of it is durable here. Where there is none now, the next who
    /// comes asks again.
    pub(crate) fn take(&mut self, graph: &Graph, snapshot: Option<&Snapshot>) {
        let Some(snapshot) = snapshot else {
            self.asked = 0;
            return;
        };
        if snapshot.heads().is_empty() || !snapshot.heads().iter().all(|h| graph.is_durable(h)) {
            return;
        }
        let (heads, content) = (snapshot.heads().to_vec(), snapshot.content().clone());
        let changes = graph.durable_len() - graph.durable_since(&heads).len();
        if self.newest.as_ref().is_none_or(|newest| newest.changes < changes) {
            self.newest = Some(Whole { heads, content, changes });
        }
    }
}

impl Whole {
    /// The message that gives all of the document to a peer that has nothing of it.
    pub(crate) fn message(&self, graph: &Graph, need: &[ChangeHash]) -> Vec<u8> {
        let since = graph.durable_since(&self.heads);
        let since: Vec<&ChangeBytes> = since.iter().filter_map(|hash| graph.bytes(hash)).collect();
        sync::encode_whole(&graph.durable_heads(), need, &self.content, &since)
    }
}

impl Document {
    /// Whether a snapshot of the document is to be made, because it has grown, or because whoever
    /// sent `message` would be sent it. Asked once for each that is wanted.
    pub(crate) fn wants_snapshot(
        &mut self,
        message: Option<&Incoming>,
        changes_min: usize,
    ) -> bool {
        let Content::Live(accepted) = &self.content else { return false };
        let came = message.is_some_and(has_nothing);
        (came || message.is_none()) && self.wholes.wants(accepted.graph(), came, changes_min)
    }

    /// Takes a snapshot of the document, to be sent to newcomers, or that there is none now.
    pub(crate) fn take_snapshot(&mut self, snapshot: Option<&Snapshot>) {
        if let Content::Live(accepted) = &self.content {
            self.wholes.take(accepted.graph(), snapshot);
        }
    }
}
