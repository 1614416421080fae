//! Changes bent finely: most stay admissible, and no client makes the like.
//!
//! What refers to an operation that was moved, or to a change that was renamed, is mended, so that
//! the rest of the push goes on from the bent change. What is done to the one change is in `bends`;
//! what it can refer to in `sites`.

use std::collections::HashMap;
use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, OpId};
use automerge::{ActorId, Change, ChangeHash, ExpandedChange};
use bytes::Bytes;
use oogst_protocol::ids::ParticipantId;

use super::bends::Bend;
use super::mutations::encode;
use super::random::Random;
use super::sites::Sites;

/// A change on its way out of shape: each operation with the name that others know it by.
struct Draft {
    change: ExpandedChange,
    names: Vec<Option<OpId>>,
    /// Where it began, and where the next change of its actor did.
    counters: (u64, u64),
}

impl Draft {
    fn of(change: &Change) -> Self {
        let counters = (change.start_op().get(), change.max_op() + 1);
        let change = change.decode();
        let names = ids(&change).map(Some).collect();
        Self { change, names, counters }
    }
}

/// The names of a change's operations.
pub(super) fn ids(change: &ExpandedChange) -> impl Iterator<Item = OpId> + '_ {
    let start = change.start_op.get();
    (start..).take(change.operations.len()).map(|counter| OpId::new(counter, &change.actor_id))
}

/// What the hostile client works with.
pub(super) struct Hostile<'a> {
    pub(super) random: &'a mut Random,
    /// Everything that the server has let in.
    pub(super) known: &'a [ExpandedChange],
    /// The highest operation counter there.
    pub(super) highest: u64,
    pub(super) me: ParticipantId,
}

/// Bends one of some changes, mostly the last, once or twice.
pub(super) fn bend(changes: &[Change], hostile: Hostile<'_>) -> Vec<Bytes> {
    let mut drafts: Vec<Draft> = changes.iter().map(Draft::of).collect();
    let Some(last) = drafts.len().checked_sub(1) else { return Vec::new() };
    let Hostile { random, known, highest, me } = hostile;
    let target = if random.once_in(3) { random.below(drafts.len()) } else { last };
    if random.once_in(12) {
        change_actor(&mut drafts[target..], random);
    }
    if random.once_in(12) {
        split(&mut drafts, target, random);
    }
    let earlier: Vec<ExpandedChange> =
        drafts[..target].iter().map(|draft| draft.change.clone()).collect();
    for _ in 0..1 + random.below(2) {
        let Draft { change, names, .. } = &mut drafts[target];
        let sites = Sites::of(known, &earlier, (change, names));
        Bend { random, change, names, sites, known, highest, me }.bend();
    }
    finish(drafts, target)
}

/// Some changes go on under another actor of the same participant, from seq 1.
fn change_actor(drafts: &mut [Draft], random: &mut Random) {
    let bytes = random.uuid().into_bytes();
    let length = *random.pick(&[1, 8, 16, 16, 16]);
    let actor = ActorId::from(&bytes[..length]);
    for (draft, seq) in drafts.iter_mut().zip(1..) {
        draft.change.actor_id = actor.clone();
        draft.change.seq = seq;
    }
}

/// One change becomes two, one on the other.
fn split(drafts: &mut Vec<Draft>, target: usize, random: &mut Random) {
    let draft = &mut drafts[target];
    if draft.names.len() < 2 {
        return;
    }
    let at = 1 + random.below(draft.names.len() - 1);
    let mut rest = draft.change.clone();
    rest.operations = draft.change.operations.split_off(at);
    rest.start_op = rest.start_op.checked_add(at as u64).unwrap();
    let names = draft.names.split_off(at);
    // Whoever built on the whole builds on the second part, which keeps the name.
    draft.change.hash = Some(ChangeHash(random.uuid().into_bytes().repeat(2).try_into().unwrap()));
    rest.deps = draft.change.hash.into_iter().collect();
    let middle = rest.start_op.get();
    let counters = (middle, std::mem::replace(&mut draft.counters.1, middle));
    drafts.insert(target + 1, Draft { change: rest, names, counters });
    for draft in &mut drafts[target + 1..] {
        draft.change.seq += 1;
    }
}

/// Encodes the changes; what stands after `target` makes room for what went before.
fn finish(drafts: Vec<Draft>, target: usize) -> Vec<Bytes> {
    let mut names: HashMap<OpId, OpId> = HashMap::new();
    let mut hashes: HashMap<ChangeHash, ChangeHash> = HashMap::new();
    let (mut chunks, mut least, mut end) = (Vec::new(), 1, 0);
    for (place, Draft { mut change, names: before, counters }) in drafts.into_iter().enumerate() {
        let goes_on = std::mem::replace(&mut end, counters.1) == counters.0;
        if place > target {
            let start = NonZeroU64::new(least).unwrap();
            change.start_op = if goes_on { start } else { change.start_op.max(start) };
        }
        for (name, id) in before.into_iter().zip(ids(&change).collect::<Vec<_>>()) {
            name.map(|name| names.entry(name).or_insert(id));
        }
        least = change.start_op.get() + change.operations.len() as u64;
        let name = |id: &OpId| names.get(id).unwrap_or(id).clone();
        for operation in &mut change.operations {
            if let ObjectId::Id(id) = &mut operation.obj {
                *id = name(id);
            }
            if let Key::Seq(ElementId::Id(id)) = &mut operation.key {
                *id = name(id);
            }
            operation.pred = operation.pred.iter().map(name).collect();
        }
        for dep in &mut change.deps {
            *dep = hashes.get(dep).copied().unwrap_or(*dep);
        }
        let before = change.hash;
        let Some(change) = encode(change) else { return chunks };
        before.map(|before| hashes.insert(before, change.hash()));
        chunks.push(Bytes::copy_from_slice(change.raw_bytes()));
    }
    chunks
}
