//! Undoing what somebody did in a document: the new changes that take it back, and keep what
//! everybody else did.
//!
//! Invariant: what comes out are ordinary changes on top of the document as it is. Nothing is
//! taken out of its history, and whatever arrives meanwhile merges with them as with anybody's.
//! What each kind of act is undone by, and why, is in `docs/adr/0015-undoing-a-persons-acts.md`.
//!
//! Way in: [`GatheringView::copy`](super::GatheringView::copy), then [`Copy::undo`]. Not here:
//! which changes are whose (the log tells), whether the new ones may enter (`accept`).

mod past;
mod plan;
mod write;

use std::collections::BTreeSet;

use automerge::{ActorId, Automerge};
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::{ChangeHash, ItemId};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use self::past::Past;
use self::plan::Plan;
use super::content::guarded;
use crate::change::decode;

/// Most operations of a document that is looked through for a revert: some hundred bytes each.
pub const REVERT_HISTORY_OPERATIONS_MAX: usize = 1_000_000;

/// Most operations that a revert writes in one document: so that what comes of it fits one event.
pub const REVERT_OPERATIONS_MAX: usize = 200_000;

/// A document as it is at this moment, to work on away from its view.
pub struct Copy {
    kind: DocumentKind,
    content: Automerge,
}

impl std::fmt::Debug for Copy {
    /// What people wrote stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Copy").field(&self.kind).finish_non_exhaustive()
    }
}

/// What undoes some changes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undoing {
    /// The changes, in causal order; none where everything was overwritten already.
    pub changes: Vec<ChangeBytes>,
    /// The items that they change.
    pub items: BTreeSet<ItemId>,
    /// What stays as it is.
    pub left: Vec<Left>,
}

/// Something that was not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The item; `None` where it is of the document itself.
    pub item: Option<ItemId>,
    /// Why.
    pub why: LeftWhy,
}

/// Why something was not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftWhy {
    /// Others built on what was made, so it stays; what was typed in it has gone.
    BuiltOn,
    /// It was a key point, and there are as many as there may be.
    KeyPoints,
}

/// Why nothing of a document could be undone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UndoFault {
    /// There is too much of it.
    #[error("there are over {most} {what} in it: undo a shorter span")]
    TooMuch {
        /// What, with its unit.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// The document can't be read, or written on: our fault.
    #[error("the document can't be worked on: {why}")]
    Broken {
        /// What automerge said.
        why: String,
    },
}

impl Copy {
    pub(super) const fn new(kind: DocumentKind, content: Automerge) -> Self {
        Self { kind, content }
    }

    /// Makes the changes that undo the `undone` ones. `actor` has never written; the changes are
    /// said to be made `at` this moment.
    ///
    /// # Errors
    ///
    /// [`UndoFault`]; then nothing of the document can be undone.
    pub fn undo(
        self,
        undone: &BTreeSet<ChangeHash>,
        actor: [u8; 16],
        at: Timestamp,
    ) -> Result<Undoing, UndoFault> {
        let Self { kind, content } = self;
        let past = read(&content, undone)?;
        let plan = Plan::new(&past, kind.root()).make();
        let document = content.with_actor(ActorId::from(actor));
        let broken = |why| UndoFault::Broken { why };
        guarded(|| Ok(write::write(document, &past, plan, at))).map_err(broken)?
    }
}

fn read(content: &Automerge, undone: &BTreeSet<ChangeHash>) -> Result<Past, UndoFault> {
    let broken = |why| UndoFault::Broken { why };
    let chunks = guarded(|| Ok(content.get_changes(&[]))).map_err(broken)?;
    let operations: usize = chunks.iter().map(automerge::Change::len).sum();
    if operations > REVERT_HISTORY_OPERATIONS_MAX {
        let what = "operations";
        return Err(UndoFault::TooMuch { what, most: REVERT_HISTORY_OPERATIONS_MAX });
    }
    let changes = chunks.iter().map(|chunk| decode(&chunk.raw_bytes().to_vec().into()));
    let changes: Result<Vec<_>, _> = changes.collect();
    let changes = changes.map_err(|fault| broken(fault.to_string()))?;
    Ok(Past::read(changes, undone))
}
