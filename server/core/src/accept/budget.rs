//! What one participant may put into one document: enough for many days, and never so much that
//! the others' work stops.
//!
//! Counted over the log, so that a restart gives nobody a second budget.

use std::collections::HashMap;

use oogst_protocol::ids::ParticipantId;
use oogst_protocol::limits::{
    CHANGE_OVERHEAD_BYTES, HASHES_MAX, PARTICIPANT_BYTES_MAX, PARTICIPANT_HEADS_MAX,
    PARTICIPANT_OPERATIONS_MAX,
};

use super::fault::Fault;
use crate::change::Change;
use crate::graph::Graph;
use crate::shape::Table;

/// What somebody has put in.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    operations: u64,
    bytes: u64,
}

impl Spent {
    fn of(changes: &[Change]) -> Self {
        changes.iter().fold(Self::default(), |spent, change| Self {
            operations: spent.operations + change.operations.len() as u64,
            bytes: spent.bytes + change.body_bytes as u64 + CHANGE_OVERHEAD_BYTES,
        })
    }

    const fn and(self, other: Self) -> Self {
        let operations = self.operations + other.operations;
        Self { operations, bytes: self.bytes + other.bytes }
    }
}

/// What everybody has put in.
#[derive(Debug, Default)]
pub(super) struct Budgets(HashMap<ParticipantId, Spent>);

impl Budgets {
    /// Whether these changes fit what is left to their author.
    pub(super) fn check(&self, by: ParticipantId, changes: &[Change]) -> Result<(), Fault> {
        let spent = self.0.get(&by).copied().unwrap_or_default().and(Spent::of(changes));
        if spent.operations > PARTICIPANT_OPERATIONS_MAX {
            return Err(full("operations of one participant", PARTICIPANT_OPERATIONS_MAX));
        }
        if spent.bytes > PARTICIPANT_BYTES_MAX {
            return Err(full("bytes of one participant's changes", PARTICIPANT_BYTES_MAX));
        }
        Ok(())
    }

    /// These changes are in.
    pub(super) fn spend(&mut self, by: ParticipantId, changes: &[Change]) {
        let spent = self.0.entry(by).or_default();
        *spent = spent.and(Spent::of(changes));
    }
}

fn full(what: &'static str, most: u64) -> Fault {
    Fault::Full { what, most: usize::try_from(most).unwrap_or(usize::MAX) }
}

/// Whether the heads can still be sent, and are not one participant's forgotten branches. Whoever
/// merges before writing is never refused: that leaves one head.
pub(super) fn check_heads(graph: &Graph, table: &Table, by: ParticipantId) -> Result<(), Fault> {
    let (mut all, mut own) = (0, 0);
    for actor in graph.head_actors() {
        all += 1;
        own += usize::from(table.writer(actor).owner == Some(by));
    }
    if own > PARTICIPANT_HEADS_MAX {
        let what = "changes of one participant that nothing builds on";
        return Err(Fault::Full { what, most: PARTICIPANT_HEADS_MAX });
    }
    if all > HASHES_MAX {
        return Err(Fault::Full { what: "changes that nothing builds on", most: HASHES_MAX });
    }
    Ok(())
}
