//! The projections of one gathering: documents, wall, feed lines, exports.
//!
//! Invariant: a view is a function of the gathering's events alone. Folded one by one, in
//! batches, live, at start-up or in replay, with or without snapshots, it is the same view; where
//! a moment matters (is somebody still writing?) the caller hands it in.
//!
//! Way in: [`GatheringView::fold`], then [`GatheringView::wall`], [`GatheringView::document`],
//! [`GatheringView::lines`], [`GatheringView::export`]. A document that automerge can't
//! materialise stops alone, see [`GatheringView::stopped`]. Not here: who may read what, threads,
//! files, names of people.

mod body;
mod cells;
mod content;
mod course;
mod document;
mod export;
mod feed;
mod filter;
mod history;
mod item;
mod json;
mod keyframe;
mod plan;
mod programme;
pub mod revert;
mod settled;
mod snapshot;
mod structure;
mod themes;
mod wall;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use oogst_protocol::contribution::Contribution;
use oogst_protocol::event::{Act, ChangeBytes, Event};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, ParticipantId, Seq};

use self::course::Course;
use self::document::DocumentView;
use self::structure::Structure;

pub use self::document::Stop;
pub use self::export::{Credited, Credits, Wish};
pub use self::filter::Filter;
pub use self::keyframe::{Keyframe, Keyframes, NoKeyframes};
pub use self::plan::plan_overview;
pub use self::settled::REST_MILLISECONDS;
pub use self::snapshot::Snapshot;
pub use self::wall::{Marked, QUIET_MINUTES};

/// Deepest nesting of insights that wall and exports keep; what is deeper follows its parent at
/// this level. Screens draw three levels; a chain of thousands must cost nobody their stack.
pub const LEVELS_MAX: usize = 32;

/// What a participant is called, where that may be shown; the vault knows.
pub type Names<'a> = &'a dyn Fn(ParticipantId) -> Option<String>;

/// A document's root object as JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentJson {
    /// The event right after which the document looked like this.
    pub seq: Seq,
    /// Texts as strings, maps as objects, moments as milliseconds.
    pub root: serde_json::Value,
}

/// Why events could not be folded. The view is no longer of use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FoldError {
    /// The log's events must come without a gap.
    #[error("event {found} was handed over after event {covered}")]
    Gap {
        /// The newest event that the view covers.
        covered: Seq,
        /// The one that came.
        found: Seq,
    },
    /// A snapshot does not fit the log: drop it and fold again without it.
    #[error("the snapshot of document {document} does not fit the log")]
    Snapshot {
        /// Whose.
        document: DocumentId,
    },
}

/// Everything that is shown of one gathering.
///
/// It holds each document materialised, or asleep where nobody uses it, with the heads after each
/// of its events (some 50 bytes an event), which parts of the document each touched, and the live
/// state of each insight. It holds no history of states: a past state is the nearest keyframe, and
/// what was touched since as the document has it at the heads that the event recorded.
#[derive(Debug)]
pub struct GatheringView {
    gathering: GatheringId,
    covered: Seq,
    structure: Structure,
    course: Course,
    /// Boxed: a tree keeps room for more than there are.
    documents: BTreeMap<DocumentId, Box<DocumentView>>,
    /// Snapshots and stops, until their document is opened.
    prepared: BTreeMap<DocumentId, Prepared>,
}

#[derive(Debug, Default)]
struct Prepared {
    snapshot: Option<Snapshot>,
    stop: Option<Stop>,
}

impl GatheringView {
    /// The view before the first event.
    #[must_use]
    pub fn new(gathering: GatheringId) -> Self {
        Self {
            gathering,
            covered: Seq::ZERO,
            structure: Structure::default(),
            course: Course::default(),
            documents: BTreeMap::new(),
            prepared: BTreeMap::new(),
        }
    }

    /// Takes the content of documents from snapshots; their events are then folded without it.
    #[must_use]
    pub fn with_snapshots(mut self, snapshots: impl IntoIterator<Item = Snapshot>) -> Self {
        for snapshot in snapshots {
            let prepared = self.prepared.entry(snapshot.document()).or_default();
            prepared.snapshot = Some(snapshot);
        }
        self
    }

    /// Leaves documents at their last good state, as an earlier view of the gathering found it.
    #[must_use]
    pub fn with_stops(mut self, stops: impl IntoIterator<Item = (DocumentId, Stop)>) -> Self {
        for (document, stop) in stops {
            self.prepared.entry(document).or_default().stop = Some(stop);
        }
        self
    }

    /// Whose view it is.
    #[must_use]
    pub const fn gathering(&self) -> GatheringId {
        self.gathering
    }

    /// The newest event that was folded.
    #[must_use]
    pub const fn covered(&self) -> Seq {
        self.covered
    }

    /// Folds the events that follow [`Self::covered`], oldest first; those it covers are skipped.
    ///
    /// The more at once the cheaper: each document takes all its changes in one go.
    ///
    /// # Errors
    ///
    /// [`FoldError`], after which the view must be dropped.
    pub fn fold(&mut self, events: &[Arc<Event>]) -> Result<(), FoldError> {
        self.fold_keeping(events, &mut NoKeyframes)
    }

    /// As [`Self::fold`], and hands over the keyframes that are due on the way.
    ///
    /// # Errors
    ///
    /// [`FoldError`], after which the view must be dropped.
    pub fn fold_keeping(
        &mut self,
        events: &[Arc<Event>],
        keyframes: &mut dyn Keyframes,
    ) -> Result<(), FoldError> {
        let mut batches: BTreeMap<DocumentId, Vec<Step<'_>>> = BTreeMap::new();
        let covered = self.covered;
        for event in events.iter().filter(|event| event.seq > covered) {
            if event.seq != self.covered.next() {
                return Err(FoldError::Gap { covered: self.covered, found: event.seq });
            }
            self.covered = event.seq;
            self.structure.fold(event);
            self.course.fold(event);
            if let Some(step) = self.step(event) {
                batches.entry(step.0).or_default().push(step.1);
            }
        }
        for (document, steps) in batches {
            let Some(view) = self.documents.get_mut(&document) else { continue };
            let mut steps = steps.as_slice();
            while !steps.is_empty() {
                let now = view.until_keyframe(keyframes).min(steps.len());
                view.fold(&steps[..now]).map_err(|_| FoldError::Snapshot { document })?;
                if let Some(keyframe) = view.keyframe(document, keyframes) {
                    keyframes.keep(&keyframe);
                }
                steps = &steps[now..];
            }
        }
        Ok(())
    }

    /// What an event means to a document's content, if anything; opens the document's view.
    fn step<'e>(&mut self, event: &'e Event) -> Option<(DocumentId, Step<'e>)> {
        let act = &event.entry.act;
        if let Act::Changed { document, changes, contributions, heads } = act {
            return Some((*document, Step { event, changes, contributions, heads }));
        }
        let Act::DocumentOpened { document, kind, owner, title: _, template } = act else {
            return None;
        };
        let prepared = self.prepared.remove(document).unwrap_or_default();
        let view = DocumentView::new(*kind, *owner, prepared.snapshot, prepared.stop);
        self.documents.insert(*document, Box::new(view));
        let changes = std::slice::from_ref(template);
        Some((*document, Step { event, changes, contributions: &[], heads: &[] }))
    }

    /// Lets documents sleep that nobody read or wrote since this was last called, until `enough`
    /// says so, which is asked after each. It shows the same as before, but to read or write one
    /// of them begins with loading it. True where none was left out.
    pub fn rest(&mut self, mut enough: impl FnMut() -> bool) -> bool {
        self.documents.values_mut().all(|view| !(view.rest() && enough()))
    }

    /// How many documents do not sleep.
    #[must_use]
    pub fn awake(&self) -> usize {
        self.documents.values().filter(|view| view.is_awake()).count()
    }

    fn view_of(&self, document: DocumentId) -> Option<&DocumentView> {
        self.documents.get(&document).map(Box::as_ref)
    }

    /// Every document that was opened, in order of id.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.documents.keys().copied()
    }

    /// The newest event that changed a document's content, as far as it was folded.
    #[must_use]
    pub fn newest(&self, document: DocumentId) -> Option<Seq> {
        self.view_of(document).map(DocumentView::newest)
    }

    /// How many of a document's events were folded.
    #[must_use]
    pub fn events(&self, document: DocumentId) -> u64 {
        self.view_of(document).map_or(0, DocumentView::events)
    }

    /// The heads of a document as it is now, ascending; `None` where there is no such document.
    #[must_use]
    pub fn heads(&self, document: DocumentId) -> Option<Vec<ChangeHash>> {
        self.view_of(document).map(DocumentView::heads)
    }

    /// Documents whose view stopped, where and why. Their log and their sync go on.
    pub fn stopped(&self) -> impl Iterator<Item = (DocumentId, &Stop)> {
        self.documents.iter().filter_map(|(id, view)| Some((*id, view.stop()?)))
    }

    /// The document's root object now, or as it was right after the event `at`.
    ///
    /// `None` where there was no such document then, or `at` is not covered yet.
    #[must_use]
    pub fn document(&self, document: DocumentId, at: Option<Seq>) -> Option<DocumentJson> {
        self.document_from(document, at, &NoKeyframes)
    }

    /// As [`Self::document`], beginning at a keyframe where one is near.
    #[must_use]
    pub fn document_from(
        &self,
        document: DocumentId,
        at: Option<Seq>,
        keyframes: &dyn Keyframes,
    ) -> Option<DocumentJson> {
        let seq = at.unwrap_or(self.covered);
        if seq > self.covered {
            return None;
        }
        let root = self.view_of(document)?.json(document, seq, keyframes)?;
        Some(DocumentJson { seq, root })
    }

    /// As [`Self::document`], but where two people made one map at the same time, of which
    /// clients show one, both are there: for what is made of documents.
    #[must_use]
    pub fn united(&self, document: DocumentId, at: Option<Seq>) -> Option<DocumentJson> {
        let seq = at.unwrap_or(self.covered);
        if seq > self.covered {
            return None;
        }
        let root = self.view_of(document)?.united(seq)?;
        Some(DocumentJson { seq, root })
    }

    /// The document as it is now, to be worked on elsewhere; `None` where there is none, or its
    /// view stopped.
    #[must_use]
    pub fn copy(&self, document: DocumentId) -> Option<revert::Copy> {
        self.view_of(document)?.copy()
    }

    /// What a start without this document's log would need; `None` where there is nothing yet.
    #[must_use]
    pub fn snapshot(&self, document: DocumentId) -> Option<Snapshot> {
        self.view_of(document)?.snapshot(document)
    }
}

/// One event's part in one document.
struct Step<'e> {
    event: &'e Event,
    changes: &'e [ChangeBytes],
    contributions: &'e [Contribution],
    heads: &'e [ChangeHash],
}
