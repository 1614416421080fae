//! Maps in which few items live at once: how many there are, removed ones included.

use std::collections::BTreeSet;

use oogst_protocol::ids::ItemId;

use super::undo::Undo;
use super::{Mark, ObjectNumber, Spot, Table};

/// A map in which few items live at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowd {
    pub(crate) map: ObjectNumber,
    /// Most items that are not removed.
    pub(crate) most: usize,
}

impl Table {
    /// The items of a crowd, removed ones included.
    pub(crate) fn crowd(&self, crowd: Crowd) -> impl Iterator<Item = ItemId> + '_ {
        self.crowds.get(&crowd.map).into_iter().flatten().copied()
    }

    /// Whether something says of an item that it is removed.
    pub(crate) fn is_removed(&self, item: ItemId) -> bool {
        self.marked(Mark::Removed).contains_key(&item)
    }

    /// Notes a new item of a crowd.
    pub(super) fn join_crowd(&mut self, spot: &Spot) {
        if let (Some(crowd), Some(item)) = (spot.crowd, spot.item)
            && self.crowds.entry(crowd.map).or_default().insert(item)
        {
            self.journal.push(Undo::Crowd { map: crowd.map, item });
        }
    }

    pub(super) fn leave_crowd(&mut self, map: ObjectNumber, item: ItemId) {
        self.crowds.get_mut(&map).map(|items: &mut BTreeSet<ItemId>| items.remove(&item));
    }
}
