//! Which parts of a document each of its events touched.
//!
//! A cell is what stands under one key of the root, or under one key of a map of the root: an
//! item, a card, a title. Every operation lies in one cell, the one that its object is a part of.
//! So between two moments only those cells can differ that an operation in between lies in: what
//! a past state costs to read is what was touched since the nearest state that is known.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{ActorId, ExpandedChange, ObjType};
use oogst_protocol::ids::Seq;

/// One part of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cell {
    /// The root's key.
    pub(super) top: String,
    /// The key in the root's map, where it is one.
    pub(super) key: Option<String>,
}

/// Where an object stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// It is a map under the root's key: those of [`Cells::tops`].
    Top(u32),
    /// It is a part of a cell.
    In(u32),
}

/// The cells of one document, and when each was touched.
#[derive(Debug, Default)]
pub(super) struct Cells {
    cells: Vec<Cell>,
    places: BTreeMap<Cell, u32>,
    tops: Vec<String>,
    actors: BTreeMap<ActorId, u32>,
    /// Objects by the operation that made them: its counter and its actor's place.
    objects: BTreeMap<(u64, u32), Place>,
    touched: Vec<(Seq, u32)>,
}

impl Cells {
    /// Notes what the changes of one event touch; they come in causal order.
    pub(super) fn note(&mut self, seq: Seq, changes: &[ExpandedChange]) {
        let mut now = BTreeSet::new();
        for change in changes {
            let author = self.actor(&change.actor_id);
            for (counter, operation) in (change.start_op.get()..).zip(&change.operations) {
                let Some(cell) = self.cell(&operation.obj, &operation.key) else { continue };
                now.insert(cell);
                if let OpType::Make(kind) = &operation.action {
                    let place = self.made(&operation.obj, &operation.key, *kind, cell);
                    self.objects.insert((counter, author), place);
                }
            }
        }
        self.touched.extend(now.into_iter().map(|cell| (seq, cell)));
    }

    /// The cells that the events after `after` touched, up to `through`.
    pub(super) fn between(&self, after: Seq, through: Seq) -> impl Iterator<Item = &Cell> {
        let touched = self.touches(after, through).iter();
        let cells: BTreeSet<u32> = touched.map(|(_, cell)| *cell).collect();
        cells.into_iter().filter_map(|cell| self.cells.get(usize::try_from(cell).ok()?))
    }

    /// How often the events after `after` touched a cell, up to `through`.
    pub(super) fn distance(&self, after: Seq, through: Seq) -> usize {
        self.touches(after, through).len()
    }

    fn touches(&self, after: Seq, through: Seq) -> &[(Seq, u32)] {
        let from = self.touched.partition_point(|(seq, _)| *seq <= after);
        let to = self.touched.partition_point(|(seq, _)| *seq <= through).max(from);
        &self.touched[from..to]
    }

    /// The cell that an operation lies in. None only for an object that no accepted change made.
    fn cell(&mut self, object: &ObjectId, key: &Key) -> Option<u32> {
        let ObjectId::Id(id) = object else {
            return Some(self.place(Cell { top: map_key(key)?, key: None }));
        };
        let actor = self.actor(id.actor());
        match *self.objects.get(&(id.counter(), actor))? {
            Place::In(cell) => Some(cell),
            Place::Top(top) => {
                let top = self.tops.get(usize::try_from(top).ok()?)?.clone();
                Some(self.place(Cell { top, key: Some(map_key(key)?) }))
            }
        }
    }

    /// Where an object stands that was made in `cell`.
    fn made(&mut self, within: &ObjectId, key: &Key, kind: ObjType, cell: u32) -> Place {
        let is_map = matches!(kind, ObjType::Map | ObjType::Table);
        match map_key(key) {
            Some(key) if is_map && matches!(within, ObjectId::Root) => {
                let known = self.tops.iter().position(|top| *top == key);
                let top = known.unwrap_or_else(|| {
                    self.tops.push(key);
                    self.tops.len() - 1
                });
                Place::Top(number(top))
            }
            _ => Place::In(cell),
        }
    }

    fn place(&mut self, cell: Cell) -> u32 {
        if let Some(place) = self.places.get(&cell) {
            return *place;
        }
        let place = number(self.cells.len());
        self.cells.push(cell.clone());
        self.places.insert(cell, place);
        place
    }

    fn actor(&mut self, actor: &ActorId) -> u32 {
        if let Some(known) = self.actors.get(actor) {
            return *known;
        }
        let place = number(self.actors.len());
        self.actors.insert(actor.clone(), place);
        place
    }
}

fn map_key(key: &Key) -> Option<String> {
    match key {
        Key::Map(key) => Some(key.to_string()),
        Key::Seq(_) => None,
    }
}

/// A place in a list that a document's limits keep far below this.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
