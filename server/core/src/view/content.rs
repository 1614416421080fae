//! Automerge's changes out of an event, and the guard around what calls automerge.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, OpType};
use automerge::{Change, ExpandedChange, ObjType};
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::ItemId;

use super::Step;

/// What one event's changes hold.
pub(super) struct Content {
    pub(super) changes: Vec<Change>,
    /// The hash of the first of them.
    pub(super) first: Option<automerge::ChangeHash>,
    /// Items that they make, whether or not there was one of that key.
    pub(super) made: BTreeSet<ItemId>,
    pub(super) decoded: Vec<ExpandedChange>,
}

impl Content {
    pub(super) fn read(step: &Step<'_>) -> Result<Self, String> {
        let read = |chunk: &ChangeBytes| Change::from_bytes(chunk.0.to_vec());
        let changes: Result<Vec<_>, _> = step.changes.iter().map(read).collect();
        let changes = changes.map_err(|error| error.to_string())?;
        let decoded: Vec<_> = changes.iter().map(Change::decode).collect();
        let made = decoded.iter().flat_map(|change| &change.operations);
        let made = made.filter_map(|operation| match (&operation.action, &operation.key) {
            (OpType::Make(ObjType::Map), Key::Map(key)) => key.parse().ok(),
            _ => None,
        });
        let made = made.collect();
        let first = changes.first().map(Change::hash);
        Ok(Self { changes, first, made, decoded })
    }
}

/// Runs what calls automerge: a panic there is that document's stop, not the view's.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(text.unwrap_or_else(|| "a panic without words".to_owned()))
    })
}
