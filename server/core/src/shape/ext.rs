//! How many bytes stand under an item's `ext`: keys and values of what nothing overwrote.
//!
//! Every write under `ext` has a size. It counts for the object that it is in and for each object
//! above, up to the `ext` map itself. When it is overwritten or deleted, its size comes off again,
//! and with it that of the object that it made, which is dead from then on. A letter deleted
//! from a text stays counted until the text is replaced.

use oogst_protocol::schema::Keys;

use super::undo::Undo;
use super::{Held, Id, ObjectNumber, Place, Spot, Table};
use crate::change::{Action, Scalar};

/// Bytes that every write counts besides its key and value: an empty one is not free.
const WRITE_BYTES: u32 = 4;

/// Where an object under `ext` stands, and what it weighs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    above: Option<ObjectNumber>,
    depth: u32,
    weight: Weight,
}

/// Bytes that an object holds, those of its inner objects included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weight {
    bytes: u32,
    dead: bool,
}

/// What one write counts for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    object: ObjectNumber,
    bytes: u32,
}

impl Table {
    /// Bytes under the `ext` map that an object belongs to, and how deep the object stands in it.
    /// Nothing for an object that is not under `ext`, or no longer.
    pub(crate) fn ext_total(&self, object: ObjectNumber) -> Option<(u32, u32)> {
        let mut stand = self.object(object).ext?;
        let depth = stand.depth;
        while let Some(above) = stand.above.filter(|_| !stand.weight.dead) {
            stand = self.object(above).ext?;
        }
        Some((stand.weight.bytes, depth))
    }

    pub(super) fn ext_stand(&self, parent: ObjectNumber, held: Held) -> Option<Stand> {
        let weight = Weight { bytes: 0, dead: false };
        match held {
            Held::Map(shape) if matches!(shape.keys, Keys::Any) => {
                Some(Stand { above: None, depth: 0, weight })
            }
            Held::FreeMap | Held::FreeText => {
                let depth = self.object(parent).ext.map_or(0, |stand| stand.depth + 1);
                Some(Stand { above: Some(parent), depth, weight })
            }
            Held::Map(_) | Held::Text | Held::Whole => None,
        }
    }

    /// Counts a write under `ext`.
    pub(super) fn size(
        &mut self,
        id: Id,
        object: ObjectNumber,
        spot: &Spot,
        word: &str,
        action: &Action,
    ) {
        if !matches!(spot.place, Place::Free) {
            return;
        }
        let value = match action {
            Action::Put(Scalar::Text(text)) => text.len(),
            Action::Put(Scalar::Bytes(bytes)) => bytes.len(),
            Action::Put(_) | Action::MakeMap | Action::MakeText | Action::Delete => 0,
        };
        let bytes = u32::try_from(word.len() + value).unwrap_or(u32::MAX / 2) + WRITE_BYTES;
        let before = self.sizes.insert(id, Size { object, bytes });
        self.journal.push(Undo::Size { id, before });
        self.grow(object, bytes);
    }

    /// What a write counted for comes off again: it was overwritten.
    pub(super) fn shrink(&mut self, id: Id) {
        let Some(size) = self.sizes.remove(&id) else { return };
        self.journal.push(Undo::Size { id, before: Some(size) });
        let mut bytes = size.bytes;
        if let Some(made) = self.made_by(id)
            && let Some(stand) = self.object(made).ext
        {
            bytes = bytes.saturating_add(stand.weight.bytes);
            self.weigh(made, |weight| weight.dead = true);
        }
        self.climb(size.object, |weight| weight.bytes = weight.bytes.saturating_sub(bytes));
    }

    pub(super) fn grow(&mut self, object: ObjectNumber, bytes: u32) {
        self.climb(object, |weight| weight.bytes = weight.bytes.saturating_add(bytes));
    }

    /// Changes the weight of an object and of those above it, as far as they live.
    fn climb(&mut self, object: ObjectNumber, change: impl Fn(&mut Weight)) {
        let mut next = Some(object);
        while let Some(object) = next {
            let Some(stand) = self.object(object).ext else { return };
            self.weigh(object, &change);
            next = stand.above.filter(|_| !stand.weight.dead);
        }
    }

    fn weigh(&mut self, object: ObjectNumber, change: impl FnOnce(&mut Weight)) {
        if let Some(stand) = &mut self.objects[object as usize].ext {
            self.journal.push(Undo::Weight { object, before: stand.weight });
            change(&mut stand.weight);
        }
    }

    pub(super) fn set_weight(&mut self, object: ObjectNumber, weight: Weight) {
        if let Some(stand) = &mut self.objects[object as usize].ext {
            stand.weight = weight;
        }
    }
}
