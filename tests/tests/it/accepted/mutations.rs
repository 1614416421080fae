//! Changes bent operation by operation, encoded again by automerge.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{Change, ExpandedChange, ObjType, ScalarValue};
use bytes::Bytes;

use super::random::Random;

const KEYS: &[&str] = &["text", "category", "removed", "insights", "kind", "ext", "zz", ""];

/// Bends one of some changes. What was built on it is built on the bent one.
pub(super) fn bend(
    changes: Vec<Change>,
    all: &[ExpandedChange],
    random: &mut Random,
) -> Vec<Bytes> {
    let Some(last) = changes.len().checked_sub(1) else { return Vec::new() };
    let target = random.below(changes.len());
    let mut renamed = Vec::new();
    let mut chunks = Vec::new();
    for (place, change) in changes.into_iter().enumerate() {
        let before = change.hash();
        let mut expanded = change.decode();
        for dep in &mut expanded.deps {
            if let Some((_, after)) = renamed.iter().find(|(before, _)| before == dep) {
                *dep = *after;
            }
        }
        if place == target {
            for _ in 0..1 + random.below(2) {
                bend_one(&mut expanded, all, random);
            }
        }
        let Some(change) = encode(expanded) else { return chunks };
        renamed.push((before, change.hash()));
        chunks.push(Bytes::copy_from_slice(change.raw_bytes()));
        if place == last {
            break;
        }
    }
    chunks
}

/// Automerge's encoder panics on some changes that no decoder would give either.
pub(super) fn encode(expanded: ExpandedChange) -> Option<Change> {
    std::panic::catch_unwind(|| Change::from(expanded)).ok()
}

fn bend_one(change: &mut ExpandedChange, all: &[ExpandedChange], random: &mut Random) {
    match random.below(12) {
        0 => change.seq = random.word() % 4,
        1 => {
            let start = change.start_op.get();
            let bent = *random.pick(&[start + 1, start.saturating_sub(1), start + 40, 1]);
            change.start_op = NonZeroU64::new(bent).unwrap_or(change.start_op);
        }
        2 => change.actor_id = random.pick(all).actor_id.clone(),
        3 => {
            let Some(other) = random.pick(all).hash else { return };
            if random.once_in(2) || change.deps.is_empty() {
                change.deps.push(other);
            } else {
                let place = random.below(change.deps.len());
                change.deps[place] = other;
            }
        }
        4 => {
            change.deps.pop();
        }
        5 if change.operations.len() > 1 => {
            let (one, other) =
                (random.below(change.operations.len()), random.below(change.operations.len()));
            change.operations.swap(one, other);
        }
        6 if !change.operations.is_empty() => {
            let place = random.below(change.operations.len());
            if random.once_in(2) {
                change.operations.remove(place);
            } else {
                let again = change.operations[place].clone();
                change.operations.push(again);
            }
        }
        _ => bend_operation(change, all, random),
    }
}

fn bend_operation(change: &mut ExpandedChange, all: &[ExpandedChange], random: &mut Random) {
    if change.operations.is_empty() {
        return;
    }
    let place = random.below(change.operations.len());
    let known = any_id(change, all, random);
    let donor = &random.pick(all).operations;
    let operation = &mut change.operations[place];
    match random.below(8) {
        0 => operation.obj = if random.once_in(3) { ObjectId::Root } else { ObjectId::Id(known) },
        1 => {
            operation.key = match random.below(3) {
                0 => Key::Map((*random.pick(KEYS)).into()),
                1 => Key::Seq(ElementId::Head),
                _ => Key::Seq(ElementId::Id(known)),
            };
        }
        2 => operation.insert = !operation.insert,
        3 => operation.pred = vec![known].into(),
        4 => operation.pred = Vec::new().into(),
        5 => {
            let mut ids: Vec<OpId> = operation.pred.iter().cloned().collect();
            ids.push(known);
            operation.pred = ids.into();
        }
        6 => operation.action = action(random),
        _ if !donor.is_empty() => graft(operation, random.pick(donor)),
        _ => {}
    }
}

/// An operation's place from another change: a well-formed one where it stood.
fn graft(operation: &mut Op, donor: &Op) {
    operation.obj = donor.obj.clone();
    operation.key = donor.key.clone();
    operation.pred = donor.pred.clone();
    operation.insert = donor.insert;
}

fn action(random: &mut Random) -> OpType {
    match random.below(10) {
        0 => OpType::Make(ObjType::Map),
        1 => OpType::Make(ObjType::List),
        2 => OpType::Make(ObjType::Text),
        3 => OpType::Make(ObjType::Table),
        4 => OpType::Delete,
        5 => OpType::Increment(3),
        6 => OpType::Put(ScalarValue::Counter(1.into())),
        7 => OpType::Put(ScalarValue::Null),
        8 => OpType::Put(ScalarValue::Str("tip".into())),
        _ => OpType::Put(ScalarValue::Boolean(true)),
    }
}

/// Mostly an operation that exists, somewhere.
fn any_id(change: &ExpandedChange, all: &[ExpandedChange], random: &mut Random) -> OpId {
    let own = random.once_in(3) && !change.operations.is_empty();
    let from = if own { change } else { random.pick(all) };
    let (start, length) = (from.start_op.get(), from.operations.len());
    let slack = usize::from(random.once_in(10));
    OpId::new(start + random.below(length.max(1) + slack) as u64, &from.actor_id)
}
