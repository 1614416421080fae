//! What a gathering's events come to, in one line: two logs that say the same hold the same.
//!
//! Folded from the first event, without snapshots: what is printed is what the log says, not what
//! a cache remembers.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use oogst_core::view::{FoldError, GatheringView};
use oogst_protocol::event::{Act, Event};
use oogst_protocol::ids::{GatheringId, Seq};
use serde::{Deserialize, Serialize};
use sha2::Digest;

use crate::log::{EventLog, LogError};

/// Events that are read at a time, and about the most bytes of changes that are folded at once.
const PAGE_EVENTS: usize = 256;
const BATCH_BYTES_MAX: usize = 4 << 20;

/// What a gathering's events come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The newest event.
    pub seq: u64,
    /// How many documents.
    pub documents: usize,
    /// SHA-256 over each document's id and heads, in hexadecimal digits.
    pub heads: String,
    /// SHA-256 of all that the wall shows, in hexadecimal digits.
    pub wall: String,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, documents, heads, wall } = self;
        write!(f, "event {seq}, {documents} documents, heads {heads}, wall {wall}")
    }
}

/// Why there is no state to tell. The log's fault, or ours.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The log can't be read.
    #[error("the log can't be read")]
    Log(#[source] LogError),
    /// Its events can't be folded.
    #[error("the events can't be folded")]
    Fold(#[source] FoldError),
}

impl State {
    /// What a log's events of one gathering come to.
    ///
    /// # Errors
    ///
    /// [`StateError`].
    pub fn of(log: &dyn EventLog, gathering: GatheringId) -> Result<Self, StateError> {
        let mut folding = Folding::new(gathering);
        let mut after = Seq::ZERO;
        while after < log.last(gathering) {
            let events = log.read(gathering, after, PAGE_EVENTS).map_err(StateError::Log)?;
            let Some(last) = events.last() else { break };
            after = last.seq;
            for event in events {
                folding.take(event)?;
            }
        }
        folding.finish().map(|(state, _)| state)
    }
}

/// A gathering's events on their way to its state, folded some at a time.
pub(crate) struct Folding {
    view: GatheringView,
    waiting: Vec<Arc<Event>>,
    bytes: usize,
}

impl Folding {
    pub(crate) fn new(gathering: GatheringId) -> Self {
        Self { view: GatheringView::new(gathering), waiting: Vec::new(), bytes: 0 }
    }

    /// Takes the next event.
    pub(crate) fn take(&mut self, event: Arc<Event>) -> Result<(), StateError> {
        self.bytes += weight(&event);
        self.waiting.push(event);
        if self.waiting.len() >= PAGE_EVENTS || self.bytes >= BATCH_BYTES_MAX {
            self.fold()?;
        }
        Ok(())
    }

    /// What all of it comes to, and the view that says so.
    pub(crate) fn finish(mut self) -> Result<(State, GatheringView), StateError> {
        self.fold()?;
        let view = self.view;
        let mut heads = sha2::Sha256::new();
        let mut documents = 0;
        for document in view.documents() {
            documents += 1;
            heads.update(document.as_bytes());
            view.heads(document).iter().flatten().for_each(|head| heads.update(head.0));
        }
        let state = State {
            seq: view.covered().0,
            documents,
            heads: hex(&heads.finalize()),
            wall: hex(&view.wall_digest()),
        };
        Ok((state, view))
    }

    fn fold(&mut self) -> Result<(), StateError> {
        self.bytes = 0;
        let events = std::mem::take(&mut self.waiting);
        self.view.fold(&events).map_err(StateError::Fold)
    }
}

/// About how much memory an event's changes take, in bytes.
fn weight(event: &Event) -> usize {
    let Act::Changed { changes, .. } = &event.entry.act else { return 0 };
    changes.iter().map(|change| change.0.len()).sum()
}

/// One hash over what many gatherings come to: equal where all of them are.
#[must_use]
pub fn of_all(states: &BTreeMap<GatheringId, State>) -> String {
    let mut all = sha2::Sha256::new();
    for (gathering, state) in states {
        all.update(format!("{gathering}: {state}\n"));
    }
    hex(&all.finalize())
}

/// In hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all text");
        text
    })
}
