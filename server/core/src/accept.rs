//! One document's accept path: whether changes may enter, and what they contribute.
//!
//! Invariant: *every accepted set of changes applies in automerge without error or panic, in each
//! causal order, and what it saves loads again under the graph's heads*. Automerge takes on trust
//! what is checked here. No automerge document is ever built for it: the change graph and the
//! shape table are enough, so an edit costs its own operations, whatever the history.
//!
//! Way in: [`template`] makes a document's first change, [`Accepted::open`] takes it,
//! [`Accepted::admit`] judges what clients bring, [`Accepted::replay`] takes what the log holds.
//!
//! Not here: decoding (`change`), waiting for missing dependencies and speaking to peers
//! (`document`), who may write in which document (`rights`).

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT, ScalarValue};
use bytes::Bytes;
use oogst_protocol::contribution::Contribution;
use oogst_protocol::event::{ChangeBytes, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, ParticipantId};
use oogst_protocol::schema::{self, DocumentKind, Seed};
use oogst_protocol::time::Timestamp;

use crate::change::{Change, ChangeFault, decode};
use crate::graph::Graph;

/// Why a message's changes were refused, all of them. Always the peer's fault: its socket closes
/// with 1008, or with 1009 where [`Fault::is_size`] says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A chunk that is no change.
    #[error(transparent)]
    Change(#[from] ChangeFault),
}

impl Fault {
    /// Whether it was too large (1009) rather than wrong (1008).
    #[must_use]
    pub const fn is_size(&self) -> bool {
        match self {
            Self::Change(fault) => fault.is_size(),
        }
    }
}

/// Who brings changes: the authenticated connection's participant.
#[derive(Clone, Copy)]
pub struct Author<'a> {
    /// The participant.
    pub participant: ParticipantId,
    /// Its role now.
    pub role: Role,
    /// Whether somebody belongs to the gathering.
    pub members: &'a dyn Fn(ParticipantId) -> bool,
}

/// What was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The changes, in causal order.
    pub changes: Vec<ChangeBytes>,
    /// Their hashes, in the same order.
    pub hashes: Vec<ChangeHash>,
    /// What they mean.
    pub contributions: Vec<Contribution>,
    /// The accepted heads after them, ascending.
    pub heads: Vec<ChangeHash>,
}

/// The graph and the shape table of one document.
#[derive(Debug)]
pub struct Accepted {
    kind: DocumentKind,
    graph: Graph,
}

impl Accepted {
    /// Opens a document with its template, which is durable from the start and nobody's.
    ///
    /// # Errors
    ///
    /// [`Fault`] where `template` is no change: the log's or our fault.
    pub fn open(kind: DocumentKind, template: &ChangeBytes) -> Result<Self, Fault> {
        let change = decode(&template.0)?;
        let mut accepted = Self { kind, graph: Graph::default() };
        accepted.replay(vec![change], None);
        Ok(accepted)
    }

    /// What kind of document it is.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The change graph.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Notes that changes are in the log and synced.
    pub fn mark_durable(&mut self, hashes: &[ChangeHash]) {
        self.graph.mark_durable(hashes);
    }

    /// Lets changes in, all or none: on an error nothing has changed.
    ///
    /// They come decoded, unknown to the graph, in causal order, and every dependency is in the
    /// graph or earlier among them. `waiting_max_op` is the highest operation counter of the
    /// changes that still wait for a dependency, 0 where none does.
    ///
    /// # Errors
    ///
    /// [`Fault`]: the peer's fault.
    pub fn admit(
        &mut self,
        changes: Vec<Change>,
        author: &Author<'_>,
        waiting_max_op: u64,
    ) -> Result<Admitted, Fault> {
        let _ = (author.participant, waiting_max_op);
        for change in &changes {
            self.graph.add(change, 0);
        }
        Ok(Admitted {
            hashes: changes.iter().map(|change| change.hash).collect(),
            changes: changes.into_iter().map(|change| ChangeBytes(change.bytes)).collect(),
            contributions: Vec::new(),
            heads: self.graph.heads(),
        })
    }

    /// Takes changes of the log, which [`Accepted::admit`] let in before: the same state, durable.
    /// `by` wrote them; `None` is nobody (templates).
    pub fn replay(&mut self, changes: Vec<Change>, by: Option<ParticipantId>) {
        let _ = by;
        for change in &changes {
            self.graph.add(change, 0);
        }
        let hashes: Vec<_> = changes.iter().map(|change| change.hash).collect();
        self.graph.mark_durable(&hashes);
    }
}

/// A document's first change: its kind, schema, title and question, and its empty maps.
///
/// Equal arguments give equal bytes. The actor is the document's id, and belongs to nobody.
#[must_use]
pub fn template(
    kind: DocumentKind,
    title: &str,
    question: &str,
    document: DocumentId,
    at: Timestamp,
) -> ChangeBytes {
    let mut empty = Automerge::new().with_actor(ActorId::from(document.as_bytes().as_slice()));
    let mut edit = empty.transaction();
    for (key, seed) in schema::template(kind, title, question) {
        let put = match seed {
            Seed::Whole(number) => edit.put(ROOT, key, ScalarValue::Int(number)),
            Seed::Map => edit.put_object(ROOT, key, ObjType::Map).map(drop),
            Seed::Text(text) => edit
                .put_object(ROOT, key, ObjType::Text)
                .and_then(|object| edit.splice_text(object, 0, 0, &text)),
        };
        put.expect("the root of a new document is a map");
    }
    let seconds = at.milliseconds().div_euclid(1000);
    edit.commit_with(CommitOptions::default().with_time(seconds));
    let change = empty.get_last_local_change().expect("a template has operations");
    ChangeBytes(Bytes::copy_from_slice(change.raw_bytes()))
}
