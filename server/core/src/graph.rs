//! The change graph of one document: what builds on what, and how far the log has it.
//!
//! Two frontiers. *Accepted*: checked, and what later edits may build on. *Durable*: recorded in
//! the log and synced, the only one ever spoken of to a peer. Changes stand in the order in which
//! they were accepted, which is causal and the order of the log, so a change's place is greater
//! than that of everything it builds on. Every walk here costs the divergence that it looks at,
//! never the history.

mod places;

use std::collections::{BTreeSet, BinaryHeap};
use std::ops::Range;

use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::ChangeHash;

use self::places::Places;
use crate::change::Change;

/// A change's place in the order of acceptance.
pub(crate) type Place = u32;

/// One accepted change.
#[derive(Debug)]
struct Node {
    hash: ChangeHash,
    /// Where what it builds on ends in [`Graph::deps`]; it begins where the node before ends.
    deps_end: usize,
    /// Its actor, as the accept path numbers them.
    actor: u32,
    start_op: u64,
    max_op: u64,
    bytes: ChangeBytes,
    durable: bool,
}

/// The graph. See the module's words on its two frontiers.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// What the changes build on, one after the other: a block of memory for each would be taken
    /// from wherever one is free, and be cold.
    deps: Vec<Place>,
    places: Places,
    heads: BTreeSet<ChangeHash>,
    durable_heads: BTreeSet<ChangeHash>,
    durable_len: usize,
    max_op: u64,
    operations: u64,
}

impl Graph {
    /// Whether a change was accepted, durable or not.
    #[must_use]
    pub fn contains(&self, hash: &ChangeHash) -> bool {
        self.place(hash).is_some()
    }

    /// Whether a change is in the log and synced.
    #[must_use]
    pub fn is_durable(&self, hash: &ChangeHash) -> bool {
        self.node(hash).is_some_and(|node| node.durable)
    }

    /// The accepted changes that nothing accepted builds on, ascending.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.heads.iter().copied().collect()
    }

    /// The durable changes that nothing durable builds on, ascending.
    #[must_use]
    pub fn durable_heads(&self) -> Vec<ChangeHash> {
        self.durable_heads.iter().copied().collect()
    }

    /// A change's chunk as its author encoded it.
    #[must_use]
    pub fn bytes(&self, hash: &ChangeHash) -> Option<&ChangeBytes> {
        self.node(hash).map(|node| &node.bytes)
    }

    /// What a change builds on.
    #[must_use]
    pub fn deps(&self, hash: &ChangeHash) -> Vec<ChangeHash> {
        let deps = self.place(hash).map_or(&[][..], |place| self.deps_at(place));
        deps.iter().map(|place| self.nodes[*place as usize].hash).collect()
    }

    /// How many changes were accepted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no change yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many changes are durable.
    #[must_use]
    pub const fn durable_len(&self) -> usize {
        self.durable_len
    }

    /// The highest operation counter of all accepted changes.
    #[must_use]
    pub const fn max_op(&self) -> u64 {
        self.max_op
    }

    /// How many operations the accepted changes hold. Counters run ahead of it only by what was
    /// let in on the word of changes that never came.
    #[must_use]
    pub const fn operations(&self) -> u64 {
        self.operations
    }

    /// Notes that these accepted changes are in the log and synced. Unknown ones are skipped.
    pub fn mark_durable(&mut self, hashes: &[ChangeHash]) {
        let mut places: Vec<_> = hashes.iter().filter_map(|hash| self.place(hash)).collect();
        places.sort_unstable();
        for place in places {
            let node = &mut self.nodes[place as usize];
            if std::mem::replace(&mut node.durable, true) {
                continue;
            }
            self.durable_len += 1;
            self.durable_heads.insert(node.hash);
            for dep in self.deps_range(place) {
                let dep = self.deps[dep] as usize;
                self.durable_heads.remove(&self.nodes[dep].hash);
            }
        }
    }

    /// The durable changes that are neither among `known` nor ancestors of one of them, in the
    /// order of the log. Unknown hashes in `known` are skipped. Costs the changes since the point
    /// where both sides agree.
    #[must_use]
    pub fn durable_since(&self, known: &[ChangeHash]) -> Vec<ChangeHash> {
        let known = known.iter().filter_map(|hash| self.place(hash));
        let mut walk = Walk::new(self.durable_heads.iter().filter_map(|h| self.place(h)), known);
        let mut since = Vec::new();
        while let Some(place) = walk.next(self) {
            since.push(self.nodes[place as usize].hash);
        }
        since.reverse();
        since
    }

    /// Whether `ancestor` is one of `heads` or an ancestor of one. Costs the changes between.
    #[must_use]
    pub fn is_ancestor(&self, ancestor: &ChangeHash, heads: &[ChangeHash]) -> bool {
        let Some(wanted) = self.place(ancestor) else { return false };
        let mut queue: BinaryHeap<Place> = heads.iter().filter_map(|h| self.place(h)).collect();
        let mut last = None;
        while let Some(place) = queue.pop() {
            if place <= wanted {
                return place == wanted;
            }
            if last.replace(place) != Some(place) {
                queue.extend(self.deps_at(place));
            }
        }
        false
    }

    pub(crate) fn place(&self, hash: &ChangeHash) -> Option<Place> {
        self.places.find(&self.nodes, hash)
    }

    pub(crate) fn max_op_at(&self, place: Place) -> u64 {
        self.nodes[place as usize].max_op
    }

    pub(crate) fn actor_at(&self, place: Place) -> u32 {
        self.nodes[place as usize].actor
    }

    pub(crate) fn start_op_at(&self, place: Place) -> u64 {
        self.nodes[place as usize].start_op
    }

    /// Who wrote the accepted heads, one actor each.
    pub(crate) fn head_actors(&self) -> impl Iterator<Item = u32> + '_ {
        self.heads.iter().filter_map(|hash| self.node(hash)).map(|node| node.actor)
    }

    /// Whether these places are exactly the accepted heads.
    pub(crate) fn are_heads(&self, deps: &[ChangeHash]) -> bool {
        deps.len() == self.heads.len() && deps.iter().all(|dep| self.heads.contains(dep))
    }

    /// Walks over the accepted changes that are no ancestors of `deps`, newest first.
    pub(crate) fn concurrent_with(&self, deps: &[ChangeHash]) -> Walk {
        let deps = deps.iter().filter_map(|hash| self.place(hash));
        Walk::new(self.heads.iter().filter_map(|hash| self.place(hash)), deps)
    }

    fn deps_at(&self, place: Place) -> &[Place] {
        &self.deps[self.deps_range(place)]
    }

    fn deps_range(&self, place: Place) -> Range<usize> {
        let place = place as usize;
        let start = place.checked_sub(1).map_or(0, |before| self.nodes[before].deps_end);
        start..self.nodes[place].deps_end
    }

    fn node(&self, hash: &ChangeHash) -> Option<&Node> {
        self.place(hash).map(|place| &self.nodes[place as usize])
    }

    /// Adds an accepted change whose dependencies are all here; `actor` is its number.
    pub(crate) fn add(&mut self, change: &Change, actor: u32) -> Place {
        let place = Place::try_from(self.nodes.len()).expect("a document has under 2^32 changes");
        for dep in &change.deps {
            self.deps.extend(self.place(dep));
            self.heads.remove(dep);
        }
        self.heads.insert(change.hash);
        self.places.insert(change.hash, place);
        self.max_op = self.max_op.max(change.max_op());
        self.operations += change.operations.len() as u64;
        self.nodes.push(Node {
            hash: change.hash,
            deps_end: self.deps.len(),
            actor,
            start_op: change.start_op,
            max_op: change.max_op(),
            bytes: ChangeBytes(change.bytes.clone()),
            durable: false,
        });
        place
    }

    /// What [`Graph::restore`] goes back to.
    pub(crate) fn mark(&self) -> Mark {
        let Self { nodes, heads, max_op, operations, .. } = self;
        let (len, heads) = (nodes.len(), heads.clone());
        Mark { len, heads, max_op: *max_op, operations: *operations }
    }

    /// Forgets every change added since `mark`. None of them is durable yet.
    pub(crate) fn restore(&mut self, mark: Mark) {
        for node in self.nodes.drain(mark.len..).rev() {
            self.places.remove(&node.hash);
        }
        self.deps.truncate(self.nodes.last().map_or(0, |node| node.deps_end));
        self.heads = mark.heads;
        self.max_op = mark.max_op;
        self.operations = mark.operations;
    }
}

/// A graph as it was.
#[derive(Debug)]
pub(crate) struct Mark {
    len: usize,
    heads: BTreeSet<ChangeHash>,
    max_op: u64,
    operations: u64,
}

/// Walks back from `from` over what is not in the past of `known`, newest first.
#[derive(Debug)]
pub(crate) struct Walk {
    /// Places still to visit, and whether `known` reaches them; the greatest first, and of one
    /// place the reached entry first.
    queue: BinaryHeap<(Place, bool)>,
    /// How many entries of the queue are not reached from `known`.
    open: usize,
    steps: usize,
}

impl Walk {
    fn new(from: impl Iterator<Item = Place>, known: impl Iterator<Item = Place>) -> Self {
        let mut walk = Self { queue: BinaryHeap::new(), open: 0, steps: 0 };
        from.for_each(|place| walk.push(place, false));
        known.for_each(|place| walk.push(place, true));
        walk
    }

    fn push(&mut self, place: Place, known: bool) {
        self.open += usize::from(!known);
        self.queue.push((place, known));
    }

    /// How many changes were looked at.
    pub(crate) const fn steps(&self) -> usize {
        self.steps
    }

    /// The next place that `known` does not reach.
    pub(crate) fn next(&mut self, graph: &Graph) -> Option<Place> {
        while self.open > 0 {
            let (place, known) = self.queue.pop()?;
            self.open -= usize::from(!known);
            self.steps += 1;
            while self.queue.peek().is_some_and(|(other, _)| *other == place) {
                let same = self.queue.pop();
                self.open -= usize::from(same.is_some_and(|(_, known)| !known));
            }
            for dep in graph.deps_at(place) {
                self.push(*dep, known);
            }
            if !known {
                return Some(place);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
