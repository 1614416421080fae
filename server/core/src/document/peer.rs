//! What one connection knows of one document, and what to say to it.
//!
//! The rules, in the words of automerge's sync protocol:
//!
//! - **First contact** (and whenever a peer begins again with nothing, or says with a blank
//!   summary that it cannot follow): it gets every durable change that is no ancestor of its
//!   heads or of its `last_sync`, but for those that its filter holds and that build on none that
//!   it lacks.
//! - **From then on in step**: every durable change is sent as it comes, over an ordered stream,
//!   so nothing has to be remembered of what was sent. Should the filter have been wrong, the peer
//!   says so (by `need` or a blank summary), and its heads tell exactly what it lacks.
//! - **Answer** only at first contact, to a repetition, to something asked for, or to ask for
//!   something not asked before: an answer to every message never ends.
//! - A peer that may not write is never asked for anything: what it holds and we lack would be
//!   refused, and the asking never end.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::ChangeHash;
use oogst_protocol::limits::{CHANGE_BYTES_MAX, CHANGE_OPERATIONS_MAX};

use super::DocumentFault;
use super::whole::Whole;
use crate::change::{self, Change};
use crate::graph::Graph;
use crate::sync::{self, Incoming, Summary};

/// Most changes of one connection that wait for others. Honest clients send changes together
/// with all that they build on.
pub const WAITING_CHANGES_MAX: usize = 1_000;

/// Most bytes of them: two of the largest changes.
pub const WAITING_BYTES_MAX: usize = 2 * CHANGE_BYTES_MAX;

/// Most operations of them, and values that these overwrite: each takes some hundred bytes once
/// it is decoded.
pub(crate) const WAITING_OPERATIONS_MAX: usize = 4 * CHANGE_OPERATIONS_MAX;

/// Bytes of changes asked for by name after which an answer ends.
const NAMED_BYTES_MAX: usize = 4 << 20;

/// Most changes that one message asks for. A peer that has more to give is asked again.
const NEEDS_MAX: usize = 1_000;

/// Most hashes kept of where both sides agreed. Fewer only send more.
const AGREED_MAX: usize = 100;

/// How often one connection may begin again with one document. Each time may cost all of it.
pub const RESTARTS_MAX: u8 = 32;

/// One connection's sync of one document. Lives and dies with the connection.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    /// Whether it was answered once, and so is in step.
    greeted: bool,
    restarts: u8,
    /// Where it said at first contact that both sides agreed, as far as we know it.
    agreed: Vec<ChangeHash>,
    /// What it was last asked for.
    asked: Vec<ChangeHash>,
    /// Changes that came before what they build on, and belong to this connection until then.
    waiting: BTreeMap<ChangeHash, Waits>,
    waiting_bytes: usize,
    missing: Vec<ChangeHash>,
    /// Whether it holds edits that were not applied, so that it must come back once they may be.
    withheld: bool,
}

/// A change that waits: its bytes, for decoded it may be a thousand times as large.
#[derive(Debug)]
struct Waits {
    bytes: Bytes,
    deps: Vec<ChangeHash>,
    max_op: u64,
    weight: usize,
}

impl Waits {
    fn of(change: &Change) -> Self {
        let (max_op, weight) = (change.max_op(), change.weight());
        Self { bytes: change.bytes.clone(), deps: change.deps.clone(), max_op, weight }
    }
}

/// What a message means between the two sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contact {
    /// The peer begins with it, for the first time or again.
    pub(crate) begins: bool,
    /// The peer may write.
    pub(crate) writes: bool,
    /// Some of it must be answered at once: it is known and durable already, or refused.
    pub(crate) again: bool,
}

impl Peer {
    pub(crate) fn waits_with(&self, hash: &ChangeHash) -> bool {
        self.waiting.contains_key(hash)
    }

    /// How many changes and bytes wait.
    pub(crate) fn waiting(&self) -> (usize, usize) {
        (self.waiting.len(), self.waiting_bytes)
    }

    pub(crate) fn waiting_max_op(&self) -> u64 {
        self.waiting.values().map(|waits| waits.max_op).max().unwrap_or(0)
    }

    /// What the waiting changes build on and nobody brought, ascending.
    pub(crate) fn missing(&self) -> &[ChangeHash] {
        &self.missing
    }

    pub(crate) fn withholds(&self) -> bool {
        self.withheld
    }

    /// Notes that the peer holds edits that may not be applied.
    pub(crate) fn withhold(&mut self) {
        self.withheld = true;
    }

    /// Drops what waits: the peer may not write any more. Gives what that was missing.
    pub(crate) fn drop_waiting(&mut self) -> Vec<ChangeHash> {
        self.withheld |= !self.waiting.is_empty();
        self.waiting.clear();
        self.waiting_bytes = 0;
        std::mem::take(&mut self.missing)
    }

    /// Takes fresh changes and what waits, and gives those that can enter, in causal order.
    pub(crate) fn settle(
        &mut self,
        graph: &Graph,
        fresh: Vec<Change>,
    ) -> Result<Vec<Change>, DocumentFault> {
        // In step, and nearly always. What follows takes blocks of memory of over a thousand bytes,
        // for which the allocator each time tidies up all that it has of smaller ones.
        let is_here = |change: &Change| change.deps.iter().all(|dep| graph.contains(dep));
        if self.waiting.is_empty() && fresh.iter().all(is_here) {
            self.missing.clear();
            return Ok(fresh);
        }
        let mut order: Vec<ChangeHash> = self.waiting.keys().copied().collect();
        order.extend(fresh.iter().map(|change| change.hash));
        let mut pool = std::mem::take(&mut self.waiting);
        pool.extend(fresh.iter().map(|change| (change.hash, Waits::of(change))));
        let mut decoded: BTreeMap<_, _> =
            fresh.into_iter().map(|change| (change.hash, change)).collect();
        // Another connection may have brought what waits here.
        pool.retain(|hash, _| !graph.contains(hash));
        order.retain(|hash| pool.contains_key(hash));

        let mut missing = BTreeSet::new();
        let mut lacking: BTreeMap<ChangeHash, usize> = BTreeMap::new();
        let mut dependents: BTreeMap<ChangeHash, Vec<ChangeHash>> = BTreeMap::new();
        for (hash, waits) in &pool {
            let unknown = waits.deps.iter().filter(|dep| !graph.contains(dep));
            for dep in unknown {
                if !pool.contains_key(dep) {
                    missing.insert(*dep);
                }
                *lacking.entry(*hash).or_default() += 1;
                dependents.entry(*dep).or_default().push(*hash);
            }
        }
        order.retain(|hash| !lacking.contains_key(hash));
        let mut queue = VecDeque::from(order);
        let mut ready = Vec::new();
        while let Some(hash) = queue.pop_front() {
            if let Some(waits) = pool.remove(&hash) {
                let change = decoded.remove(&hash).map_or_else(|| change::decode(&waits.bytes), Ok);
                ready.push(change.expect("it was decoded when it came"));
            }
            for dependent in dependents.get(&hash).into_iter().flatten() {
                let left = lacking.get_mut(dependent).expect("a dependent lacks something");
                *left -= 1;
                if *left == 0 {
                    queue.push_back(*dependent);
                }
            }
        }
        self.missing = missing.into_iter().collect();
        self.waiting_bytes = pool.values().map(|waits| waits.bytes.len()).sum();
        self.waiting = pool;
        self.check_bounds()?;
        Ok(ready)
    }

    fn check_bounds(&self) -> Result<(), DocumentFault> {
        if self.waiting.len() > WAITING_CHANGES_MAX {
            return Err(DocumentFault::Waiting { what: "changes", most: WAITING_CHANGES_MAX });
        }
        let operations: usize = self.waiting.values().map(|waits| waits.weight).sum();
        if operations > WAITING_OPERATIONS_MAX {
            return Err(DocumentFault::Waiting {
                what: "operations",
                most: WAITING_OPERATIONS_MAX,
            });
        }
        if self.waiting_bytes > WAITING_BYTES_MAX {
            return Err(DocumentFault::Waiting { what: "bytes", most: WAITING_BYTES_MAX });
        }
        Ok(())
    }

    /// Whether the peer begins with this message, for the first time or again. Asked before any
    /// of the message is let in: what is let in can't be refused any more.
    pub(crate) fn begins(&mut self, message: &Incoming) -> Result<bool, DocumentFault> {
        let begins = !self.greeted
            || message.heads.is_empty()
            || message.have.iter().any(|summary| summary.blank);
        if begins && self.greeted {
            self.restarts += 1;
            if self.restarts > RESTARTS_MAX {
                return Err(DocumentFault::Restarts { most: RESTARTS_MAX });
            }
        }
        Ok(begins)
    }

    /// What to say now, if anything. `brought` is what the message held, `whole` what a peer that
    /// has nothing is sent, where there is any.
    pub(crate) fn answer(
        &mut self,
        graph: &Graph,
        message: &Incoming,
        brought: &BTreeSet<ChangeHash>,
        contact: Contact,
        whole: Option<&Whole>,
    ) -> Option<Vec<u8>> {
        let Contact { begins, writes, again } = contact;
        let need = if writes { self.needs(graph, message) } else { Vec::new() };
        let asks = !need.is_empty() && need != self.asked;
        if message.heads.is_empty() {
            self.agreed.clear();
        }
        let mut send = Vec::new();
        if begins {
            let agreed = message.have.iter().flat_map(|summary| &summary.last_sync);
            let agreed: BTreeSet<_> = agreed.chain(&self.agreed).copied().collect();
            let agreed = agreed.into_iter().filter(|hash| graph.contains(hash));
            self.agreed = agreed.take(AGREED_MAX).collect();
            if let Some(whole) = whole.filter(|_| has_nothing(message)) {
                self.asked.clone_from(&need);
                self.greeted = true;
                return Some(whole.message(graph, &need));
            }
            send = lacks(graph, message, &self.agreed, brought);
        }
        let there: BTreeSet<_> = send.iter().copied().collect();
        send.extend(named(graph, message, &there));

        self.asked.clone_from(&need);
        if !(begins || asks || again || !send.is_empty()) {
            return None;
        }
        self.greeted = true;
        let changes: Vec<&ChangeBytes> = send.iter().filter_map(|hash| graph.bytes(hash)).collect();
        Some(sync::encode(&graph.durable_heads(), &need, &changes))
    }

    /// What this peer alone can give us, ascending.
    fn needs(&self, graph: &Graph, message: &Incoming) -> Vec<ChangeHash> {
        let unknown = |hash: &&ChangeHash| !graph.contains(hash) && !self.waits_with(hash);
        let heads = message.heads.iter().filter(unknown);
        let needs: BTreeSet<_> = heads.chain(&self.missing).copied().collect();
        needs.into_iter().take(NEEDS_MAX).collect()
    }
}

/// Whether the peer has nothing of the document, and takes it whole.
pub(super) fn has_nothing(message: &Incoming) -> bool {
    let Incoming { heads, need, have, chunks, takes_whole } = message;
    let blank = have.iter().all(|summary| summary.last_sync.is_empty() && summary.filter.is_none());
    *takes_whole && heads.is_empty() && need.is_empty() && chunks.is_empty() && blank
}

/// The durable changes that a peer asks for by name, but for those that are sent anyhow. At least
/// one; beyond [`NAMED_BYTES_MAX`] the peer asks again.
fn named(graph: &Graph, message: &Incoming, there: &BTreeSet<ChangeHash>) -> BTreeSet<ChangeHash> {
    let mut named = BTreeSet::new();
    let mut bytes = 0;
    for hash in message.need.iter().filter(|hash| graph.is_durable(hash)) {
        if bytes > NAMED_BYTES_MAX {
            break;
        }
        if !there.contains(hash) && named.insert(*hash) {
            bytes += graph.bytes(hash).map_or(0, |change| change.0.len());
        }
    }
    named
}

/// The durable changes that a peer lacks, by what its message says of it, in causal order.
fn lacks(
    graph: &Graph,
    message: &Incoming,
    agreed: &[ChangeHash],
    brought: &BTreeSet<ChangeHash>,
) -> Vec<ChangeHash> {
    let since = graph.durable_since(&[agreed, &message.heads].concat());
    if message.have.iter().all(|summary| summary.filter.is_none()) {
        return since.into_iter().filter(|hash| !brought.contains(hash)).collect();
    }
    let holds = |hash: &ChangeHash| message.have.iter().any(|have: &Summary| have.holds(hash));
    let mut lacking = BTreeSet::new();
    let mut send = Vec::new();
    for hash in since {
        let builds = || graph.deps(&hash).iter().any(|dep| lacking.contains(dep));
        if !brought.contains(&hash) && (!holds(&hash) || builds()) {
            lacking.insert(hash);
            send.push(hash);
        }
    }
    send
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Actor;

    fn hash(name: u8) -> ChangeHash {
        ChangeHash([name; 32])
    }

    /// A change named by a number, on top of others.
    fn change(name: u8, deps: &[u8]) -> Change {
        let deps = deps.iter().copied().map(hash).collect();
        Change::bare(hash(name), Actor::new(&[name]), deps, Bytes::new())
    }

    fn settled(peer: &mut Peer, graph: &Graph, fresh: &[(u8, &[u8])]) -> Vec<u8> {
        let fresh = fresh.iter().map(|(name, deps)| change(*name, deps)).collect();
        let ready = peer.settle(graph, fresh).unwrap();
        ready.iter().map(|change| change.hash.0[0]).collect()
    }

    /// Goal: it makes no difference to what enters whether anything waits.
    #[test]
    fn what_can_enter_enters_in_the_order_in_which_it_came_after_what_it_builds_on() {
        let mut graph = Graph::default();
        graph.add(&change(1, &[]), 0);
        for is_behind in [false, true] {
            let settles = |fresh: &[(u8, &[u8])], ready: &[u8]| {
                let (mut peer, mut missing) = (Peer::default(), Vec::new());
                if is_behind {
                    assert_eq!(settled(&mut peer, &graph, &[(9, &[8])]), [0; 0]);
                    missing.push(hash(8));
                }
                assert_eq!(settled(&mut peer, &graph, fresh), ready);
                assert_eq!((peer.missing(), peer.waiting().0), (&missing[..], missing.len()));
            };
            settles(&[(2, &[1]), (3, &[1])], &[2, 3]);
            settles(&[(3, &[1]), (2, &[1])], &[3, 2]);
            settles(&[(4, &[2]), (2, &[1])], &[2, 4]);
            settles(&[], &[]);
        }
    }
}
