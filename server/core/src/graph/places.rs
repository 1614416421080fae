//! Where each change stands, by its hash.
//!
//! An edit asks some ten times where a change is, and nearly always it is one of the newest: a
//! head that it builds on, or the change that came just now. So those are looked at first; they
//! are in the processor's caches, where a table of a long history is not. What is left for the
//! table is to find that a change is new, and to note it.
//!
//! The table's key is four bytes of the hash, for a table a quarter as large. What they can't tell
//! apart stands in a tree, which nobody can make slow by finding hashes that begin alike. The
//! table's hasher is std's, whose keys nobody knows: with one that everybody can compute, whoever
//! tried some hundred thousand spellings of each change would fill one place of it.

use std::collections::{BTreeMap, HashMap};

use oogst_protocol::ids::ChangeHash;

use super::{Node, Place};

/// How many of the newest changes are looked at before the table: all that a table of people adds
/// while a message is on its way.
const NEWEST: usize = 8;

/// The table. It goes with the graph's nodes, which have the whole hashes.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By the hash's first bytes: the oldest change with these.
    first: HashMap<u32, Place>,
    /// The others with the same first bytes: one in a history of a hundred thousand changes.
    others: BTreeMap<ChangeHash, Place>,
}

impl Places {
    pub(super) fn find(&self, nodes: &[Node], hash: &ChangeHash) -> Option<Place> {
        let older = nodes.len().saturating_sub(NEWEST);
        if let Some(newest) = nodes[older..].iter().rposition(|node| node.hash == *hash) {
            return Place::try_from(older + newest).ok();
        }
        let place = *self.first.get(&key(hash))?;
        if nodes[place as usize].hash == *hash {
            return Some(place);
        }
        self.others.get(hash).copied()
    }

    /// Notes the place of a change that is new, and newer than all others.
    pub(super) fn insert(&mut self, hash: ChangeHash, place: Place) {
        if *self.first.entry(key(&hash)).or_insert(place) != place {
            self.others.insert(hash, place);
        }
    }

    /// Forgets a change, after all that are newer.
    pub(super) fn remove(&mut self, hash: &ChangeHash) {
        // Only the oldest of those with the same first bytes is not among the others.
        if self.others.remove(hash).is_none() {
            self.first.remove(&key(hash));
        }
    }
}

/// The hash's first bytes.
fn key(ChangeHash([a, b, c, d, ..]): &ChangeHash) -> u32 {
    u32::from_le_bytes([*a, *b, *c, *d])
}
