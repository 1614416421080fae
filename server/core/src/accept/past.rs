//! What lies in a change's causal past.
//!
//! A reference must lie there, not merely exist: a change that names a concurrent one's element
//! applies in one order and panics the client that has the other. An actor's changes build on
//! each other, so its past in a change is a prefix of what it wrote: for each actor that wrote
//! concurrently, the counter at which that begins is enough.

use std::collections::HashMap;

use oogst_protocol::ids::ChangeHash;

use super::fault::Fault;
use crate::graph::{Graph, Place};
use crate::shape::Id;

/// Most changes and values that one message may make us look at beyond its own operations. In
/// step, a change walks over none; one that branches off, over what was accepted since; the next
/// ones of its branch, over none again.
const STEPS_MAX: usize = 500_000;

/// Most branches that are remembered; one for each actor that writes without merging.
const BRANCHES_MAX: usize = 256;

/// Most actors in all remembered pasts together, some 16 bytes each.
const BRANCH_ACTORS_MAX: usize = 1 << 18;

/// What one message made us look at so far.
#[derive(Debug, Default)]
pub(super) struct Steps(usize);

impl Steps {
    pub(super) const fn spend(&mut self, steps: usize) -> Result<(), Fault> {
        self.0 += steps;
        if self.0 > STEPS_MAX { Err(Fault::Divergence) } else { Ok(()) }
    }
}

/// The causal past of one change.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Where the actors' concurrent operations begin. Empty: everything accepted is past.
    concurrent: HashMap<u32, u64>,
}

impl Past {
    /// Whether an accepted operation lies in the past.
    pub(super) fn holds(&self, id: Id) -> bool {
        self.concurrent.get(&id.actor).is_none_or(|begin| u64::from(id.counter) < *begin)
    }

    /// Whether it lacks something that this actor wrote.
    pub(super) fn lacks_of(&self, actor: u32) -> bool {
        self.concurrent.contains_key(&actor)
    }

    /// Whether all that was accepted lies in it: its change is in step.
    pub(super) fn is_all(&self) -> bool {
        self.concurrent.is_empty()
    }

    fn exclude(&mut self, graph: &Graph, place: Place) {
        let start = graph.start_op_at(place);
        let begin = self.concurrent.entry(graph.actor_at(place)).or_insert(start);
        *begin = start.min(*begin);
    }
}

/// A branch that has not merged: its tip, its past, and how far the graph was looked at.
#[derive(Debug)]
struct Branch {
    past: Past,
    seen: usize,
}

/// Finds pasts, and remembers those of branches: a long offline day is walked once.
#[derive(Debug, Default)]
pub(super) struct Pasts {
    branches: HashMap<ChangeHash, Branch>,
    /// How many actors their pasts hold together.
    actors: usize,
}

impl Pasts {
    /// Nothing that was remembered may stand: changes were taken back.
    pub(super) fn forget(&mut self) {
        self.branches.clear();
        self.actors = 0;
    }

    /// The past of a change with these dependencies, all in the graph.
    pub(super) fn of(
        &mut self,
        graph: &Graph,
        deps: &[ChangeHash],
        steps: &mut Steps,
    ) -> Result<Past, Fault> {
        if graph.are_heads(deps) {
            return Ok(Past::default());
        }
        if let [tip] = deps
            && let Some(branch) = self.branches.remove(tip)
        {
            self.actors -= branch.past.concurrent.len();
            return go_on(graph, tip, branch, steps);
        }
        let mut past = Past::default();
        let mut walk = graph.concurrent_with(deps);
        while let Some(place) = walk.next(graph) {
            past.exclude(graph, place);
        }
        steps.spend(walk.steps())?;
        Ok(past)
    }

    /// Remembers the past of the newest change of the graph.
    pub(super) fn remember(&mut self, graph: &Graph, newest: ChangeHash, past: Past) {
        if past.is_all() {
            return;
        }
        self.actors += past.concurrent.len();
        if self.branches.len() >= BRANCHES_MAX || self.actors > BRANCH_ACTORS_MAX {
            self.forget();
            self.actors = past.concurrent.len();
        }
        self.branches.insert(newest, Branch { past, seen: graph.len() });
    }
}

/// Concurrent with the change on top of a tip is what was concurrent with the tip, and all that
/// was accepted since.
fn go_on(
    graph: &Graph,
    tip: &ChangeHash,
    branch: Branch,
    steps: &mut Steps,
) -> Result<Past, Fault> {
    let Branch { mut past, seen } = branch;
    let tip = graph.place(tip);
    steps.spend(graph.len() - seen)?;
    for place in seen..graph.len() {
        let place = Place::try_from(place).ok();
        if let Some(place) = place.filter(|place| Some(*place) != tip) {
            past.exclude(graph, place);
        }
    }
    Ok(past)
}
