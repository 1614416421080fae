//! Applying what was admitted, in several causal orders, with automerge itself.

use std::collections::HashSet;

use automerge::hydrate::Value;
use automerge::{AutoCommit, Change, ReadDoc, ScalarValue};
use oogst_core::accept::Accepted;
use oogst_core::change::decode;

use super::random::Random;
use super::world::{Server, automerge_change};

/// Checks the law on everything that a server admitted.
pub(super) fn check(server: &Server, random: &mut Random) {
    let arrived: Vec<Change> = server.chunks.iter().map(automerge_change).collect();
    let heads: Vec<_> = server.accepted.graph().heads().iter().map(|hash| hash.0).collect();
    let mut content = None;
    // All at once, and one other order.
    for order in [0, 1 + random.below(4)] {
        let mut doc = AutoCommit::new();
        match order {
            0 => doc.apply_changes(arrived.clone()).unwrap(),
            1 => one_by_one(&mut doc, arrived.clone()),
            2 => one_by_one(&mut doc, latest_branch_first(&arrived)),
            3 => doc = interrupted(shuffled(&arrived, random), random),
            _ => in_batches(&mut doc, shuffled(&arrived, random), random),
        }
        let mut found: Vec<_> = doc.get_heads().iter().map(|hash| hash.0).collect();
        found.sort_unstable();
        assert_eq!(found, heads, "order {order}: automerge has the graph's heads");
        let hydrated = doc.hydrate(automerge::ROOT, None).unwrap();
        let first = content.get_or_insert_with(|| hydrated.clone());
        assert!(same(first, &hydrated), "order {order}: one content");
        let mut loaded = AutoCommit::load(&doc.save()).expect("what is saved loads");
        let mut loaded_heads: Vec<_> = loaded.get_heads().iter().map(|hash| hash.0).collect();
        loaded_heads.sort_unstable();
        assert_eq!(loaded_heads, heads, "order {order}: loaded again");
    }
    replayed(server);
}

/// Equal to the bit: a fraction that is no number is not equal to itself.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Map(one), Value::Map(other)) => {
            one.iter().count() == other.iter().count()
                && one.iter().all(|(key, value)| {
                    let other = other.get(key.as_str());
                    other.is_some_and(|other| same(&value.value, other))
                })
        }
        (Value::Scalar(ScalarValue::F64(one)), Value::Scalar(ScalarValue::F64(other))) => {
            one.to_bits() == other.to_bits()
        }
        _ => one == other,
    }
}

fn one_by_one(doc: &mut AutoCommit, changes: Vec<Change>) {
    for change in changes {
        doc.apply_changes([change]).unwrap();
    }
}

/// Saved in the middle, and loaded again before the rest comes. What it then hands on is the same.
fn interrupted(mut changes: Vec<Change>, random: &mut Random) -> AutoCommit {
    let rest = changes.split_off(random.below(changes.len()));
    let mut doc = AutoCommit::new();
    doc.apply_changes(changes.clone()).unwrap();
    let mut doc = AutoCommit::load(&doc.save()).expect("what is saved in the middle loads");
    let handed_on: HashSet<_> =
        doc.get_changes(&[]).into_iter().map(|change| change.hash()).collect();
    assert_eq!(handed_on, changes.iter().map(Change::hash).collect(), "handed on after loading");
    doc.apply_changes(rest).unwrap();
    doc
}

fn in_batches(doc: &mut AutoCommit, mut changes: Vec<Change>, random: &mut Random) {
    while !changes.is_empty() {
        let rest = changes.split_off(1 + random.below(changes.len()));
        doc.apply_changes(changes).unwrap();
        changes = rest;
    }
}

/// A causal order that takes, of what is ready, what `choose` says.
fn causal(arrived: &[Change], mut choose: impl FnMut(usize) -> usize) -> Vec<Change> {
    let mut left: Vec<Change> = arrived.to_vec();
    let mut taken = HashSet::new();
    let mut order = Vec::new();
    while !left.is_empty() {
        let ready: Vec<usize> = (0..left.len())
            .filter(|place| left[*place].deps().iter().all(|dep| taken.contains(dep)))
            .collect();
        let change = left.remove(ready[choose(ready.len())]);
        taken.insert(change.hash());
        order.push(change);
    }
    order
}

/// Branches in the reverse of the order in which they arrived.
fn latest_branch_first(arrived: &[Change]) -> Vec<Change> {
    causal(arrived, |ready| ready - 1)
}

fn shuffled(arrived: &[Change], random: &mut Random) -> Vec<Change> {
    causal(arrived, |ready| random.below(ready))
}

/// The log's changes give the same graph again.
fn replayed(server: &Server) {
    let mut again = Accepted::open(server.accepted.kind(), &server.chunks[0]).unwrap();
    let rest = server.chunks[1..].iter().map(|chunk| decode(&chunk.0).unwrap()).collect();
    again.replay(rest, None);
    assert_eq!(again.graph().heads(), server.accepted.graph().heads());
    assert_eq!(again.graph().durable_heads(), again.graph().heads());
    assert_eq!(again.graph().max_op(), server.accepted.graph().max_op());
}
