//! What somebody did in a span, as the log tells it.

use std::collections::{BTreeMap, BTreeSet};

use oogst_core::change::Opened;
use oogst_protocol::api::{Edge, Revert};
use oogst_protocol::event::{Act, ChangeBytes, Event};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, ParticipantId, Seq};
use oogst_protocol::time::Timestamp;

use crate::http::problem::ApiError;
use crate::log::EventLog;

/// Events read from the log at a time.
const READ_EVENTS: usize = 256;

/// Most changes that one revert undoes: a day of typing of one person is a tenth of it.
const CHANGES_MAX: usize = 100_000;

/// What somebody did in one document.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Their changes.
    pub(super) hashes: BTreeSet<ChangeHash>,
    /// When the last of them came.
    pub(super) at: Timestamp,
}

/// What somebody did in a span, and what is not undone yet.
#[derive(Debug)]
pub(super) struct Traces {
    /// The first and the last of their events in the span.
    pub(super) from: Seq,
    pub(super) to: Seq,
    /// How many reverts the log holds.
    pub(super) known: u64,
    pub(super) documents: BTreeMap<DocumentId, Trace>,
}

/// A span of events that was undone in a document before.
struct Undone {
    document: DocumentId,
    from: Seq,
    to: Seq,
}

/// What one event of theirs did.
struct Done {
    seq: Seq,
    at: Timestamp,
    document: DocumentId,
    hashes: Vec<ChangeHash>,
}

impl Traces {
    /// Reads a gathering's log from its beginning: what was undone may lie anywhere after. Keeps
    /// the names of changes alone: what somebody wrote in a year would not fit.
    pub(super) fn find(
        log: &dyn EventLog,
        gathering: GatheringId,
        participant: ParticipantId,
        span: Revert,
    ) -> Result<Self, ApiError> {
        let newest = log.last(gathering);
        let (mut found, mut undone, mut known) = (Vec::new(), Vec::new(), 0);
        let (mut after, mut changes_count) = (Seq::ZERO, 0);
        while after < newest {
            let events = log.read(gathering, after, READ_EVENTS).map_err(ApiError::ours)?;
            let Some(last) = events.last() else { break };
            after = last.seq;
            for event in events {
                if let Act::Reverted { participant: whose, from, to, documents } = &event.entry.act
                {
                    known += 1;
                    let of = documents.iter().filter(|_| *whose == participant);
                    let (from, to) = (*from, *to);
                    undone.extend(of.map(|document| Undone { document: *document, from, to }));
                }
                if let Act::Changed { document, changes, .. } = &event.entry.act
                    && event.entry.by.participant == Some(participant)
                    && covers(span, &event)
                {
                    changes_count += changes.len();
                    let hashes = changes.iter().filter_map(hash).collect();
                    let (seq, at, document) = (event.seq, event.entry.at, *document);
                    found.push(Done { seq, at, document, hashes });
                }
            }
            if changes_count > CHANGES_MAX {
                let detail = format!("over {CHANGES_MAX} changes are in it: take a shorter span");
                return Err(ApiError::invalid(detail));
            }
        }
        let (from, to) = match (found.first(), found.last()) {
            (Some(first), Some(last)) => (first.seq, last.seq),
            _ => (newest, newest),
        };
        let mut documents: BTreeMap<DocumentId, Trace> = BTreeMap::new();
        for Done { seq, at, document, hashes } in found {
            let is_undone =
                |span: &Undone| span.document == document && (span.from..=span.to).contains(&seq);
            if !undone.iter().any(is_undone) {
                let trace = documents.entry(document).or_default();
                trace.hashes.extend(hashes);
                trace.at = at;
            }
        }
        Ok(Self { from, to, known, documents })
    }
}

fn covers(span: Revert, event: &Event) -> bool {
    let begun = match span.from {
        Edge::Seq(seq) => seq <= event.seq,
        Edge::Moment(moment) => moment <= event.entry.at,
    };
    begun
        && match span.to {
            None => true,
            Some(Edge::Seq(seq)) => event.seq <= seq,
            Some(Edge::Moment(moment)) => event.entry.at <= moment,
        }
}

/// The name of a change of the log.
fn hash(ChangeBytes(chunk): &ChangeBytes) -> Option<ChangeHash> {
    Opened::new(chunk).ok().map(|opened| opened.hash())
}
