//! What a change can refer to: the operations of its causal past, and its own.

use std::collections::HashSet;

use automerge::legacy::{Key, ObjectId, Op, OpId, OpType};
use automerge::{ChangeHash, ExpandedChange, ObjType};

use super::fine::ids;
use super::random::Random;

/// Keys whose values are written whole, as texts too.
const PLAIN: &[&str] = &[
    "author",
    "by",
    "case_owner",
    "category",
    "chosen",
    "chosen_group",
    "date",
    "due",
    "fixed_start",
    "format",
    "from",
    "group",
    "kind",
    "language",
    "level",
    "moment",
    "parent",
    "position",
    "round",
    "section",
    "since",
    "stakeholder",
    "start",
    "status",
    "step",
    "target",
    "theme",
];

/// Keys of the template that nobody writes.
const FIXED: &[&str] = &["kind", "schema"];

/// The operations that one change can refer to.
pub(super) struct Sites {
    changes: Vec<ChangeHash>,
    operations: Vec<(OpId, Op)>,
    max_op: u64,
}

impl Sites {
    /// Of a change on top of `known` and of what its writer made earlier.
    pub(super) fn of(
        known: &[ExpandedChange],
        earlier: &[ExpandedChange],
        (change, names): (&ExpandedChange, &[Option<OpId>]),
    ) -> Self {
        let mut past: HashSet<ChangeHash> = change.deps.iter().copied().collect();
        let (mut changes, mut operations, mut max_op) = (Vec::new(), Vec::new(), 0);
        for before in known.iter().chain(earlier).rev() {
            let Some(hash) = before.hash.filter(|hash| past.contains(hash)) else { continue };
            past.extend(&before.deps);
            changes.push(hash);
            operations.extend(ids(before).zip(before.operations.iter().cloned()));
            max_op = max_op.max(before.start_op.get() + before.operations.len() as u64 - 1);
        }
        let own = names.iter().cloned().zip(&change.operations);
        operations.extend(own.filter_map(|(name, operation)| Some((name?, operation.clone()))));
        Self { changes, operations, max_op }
    }

    /// The changes of the past.
    pub(super) fn changes(&self) -> &[ChangeHash] {
        &self.changes
    }

    /// The highest operation counter of the past.
    pub(super) const fn max_op(&self) -> u64 {
        self.max_op
    }

    /// What was ever written at a key.
    pub(super) fn written(&self, object: &ObjectId, key: &Key) -> Vec<OpId> {
        let at = |operation: &Op| operation.obj == *object && operation.key == *key;
        self.all(|operation| at(operation) && operation.action != OpType::Delete)
    }

    /// The elements of a text, deleted ones too.
    pub(super) fn elements(&self, text: &ObjectId) -> Vec<OpId> {
        self.all(|operation| operation.insert && operation.obj == *text)
    }

    /// An element of a text, mostly of one that people type.
    pub(super) fn any_element(&self, random: &mut Random) -> Option<(ObjectId, OpId)> {
        let typed = |text: &ObjectId| {
            let ObjectId::Id(text) = text else { return false };
            let made = self.operations.iter().find(|(id, _)| id == text);
            made.is_some_and(|(_, maker)| !is_at(maker, PLAIN))
        };
        for _ in 0..4 {
            let (id, operation) = self.any(random, |operation| operation.insert)?;
            if typed(&operation.obj) || random.once_in(16) {
                return Some((operation.obj.clone(), id.clone()));
            }
        }
        None
    }

    /// A value at a key, mostly one that may be replaced.
    pub(super) fn any_value(&self, random: &mut Random) -> Option<(OpId, Op)> {
        let odd = random.once_in(16);
        let replaced = |operation: &Op| {
            operation.action != OpType::Make(ObjType::Map) && !is_at(operation, FIXED)
        };
        self.any(random, |operation| is_write(operation) && (odd || replaced(operation))).cloned()
    }

    /// A write at any key of a map.
    pub(super) fn any_write_in(&self, map: &ObjectId, random: &mut Random) -> Option<&Op> {
        let (_, operation) =
            self.any(random, |operation| is_write(operation) && operation.obj == *map)?;
        Some(operation)
    }

    fn all(&self, fits: impl Fn(&Op) -> bool) -> Vec<OpId> {
        let fitting = self.operations.iter().filter(|(_, operation)| fits(operation));
        fitting.map(|(id, _)| id.clone()).collect()
    }

    fn any(&self, random: &mut Random, fits: impl Fn(&Op) -> bool) -> Option<&(OpId, Op)> {
        let fitting: Vec<_> =
            self.operations.iter().filter(|(_, operation)| fits(operation)).collect();
        random.pick_of(&fitting).copied()
    }
}

fn is_write(operation: &Op) -> bool {
    matches!(operation.key, Key::Map(_)) && operation.action != OpType::Delete
}

fn is_at(operation: &Op, keys: &[&str]) -> bool {
    matches!(&operation.key, Key::Map(key) if keys.contains(&key.as_str()))
}
