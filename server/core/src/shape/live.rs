//! What stands at the keys of maps: the writes that nothing overwrote.
//!
//! Nearly always one. More stand beside each other where several wrote at the same time, until
//! somebody who sees them all writes over them. Flags that views count are kept by item, too.

use oogst_protocol::ids::ItemId;
use oogst_protocol::schema::Rule;

use super::undo::Undo;
use super::{Id, Mark, ObjectNumber, Spot, Table, WordNumber};

/// A few operations, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids(Vec<Id>);

impl Ids {
    pub(crate) fn as_slice(&self) -> &[Id] {
        &self.0
    }

    /// True where it was not there yet.
    fn insert(&mut self, id: Id) -> bool {
        let Err(place) = self.0.binary_search(&id) else { return false };
        self.0.insert(place, id);
        true
    }

    /// True where it was there.
    fn remove(&mut self, id: Id) -> bool {
        let Ok(place) = self.0.binary_search(&id) else { return false };
        self.0.remove(place);
        true
    }
}

impl Table {
    /// Notes that a write stands at a key. True where nothing else does.
    pub(super) fn stand(&mut self, object: ObjectNumber, word: WordNumber, id: Id) -> bool {
        let ids = self.live.entry((object, word)).or_default();
        let first = ids.0.is_empty();
        ids.insert(id);
        self.journal.push(Undo::Live { object, word, id, added: true });
        first
    }

    /// What `predecessors` wrote at a key is overwritten.
    pub(super) fn retire(
        &mut self,
        object: ObjectNumber,
        word: WordNumber,
        spot: &Spot,
        predecessors: &[Id],
    ) {
        let marks: &[Mark] = match spot.rule() {
            Some(Rule::Highlight) => &[Mark::Highlighted, Mark::Plain],
            Some(Rule::Removed) => &[Mark::Removed],
            _ => &[],
        };
        for id in predecessors {
            if !self.set_live(object, word, *id, false) {
                continue;
            }
            self.journal.push(Undo::Live { object, word, id: *id, added: false });
            for (mark, item) in marks.iter().zip(std::iter::repeat(spot.item)) {
                if let Some(item) = item {
                    self.change_mark(*mark, item, *id, false);
                }
            }
            self.shrink(*id);
        }
    }

    /// Notes what an item's flag says from now on.
    pub(super) fn mark(&mut self, id: Id, spot: &Spot, set: bool) {
        let mark = match (spot.rule(), set) {
            (Some(Rule::Highlight), true) => Mark::Highlighted,
            (Some(Rule::Highlight), false) => Mark::Plain,
            (Some(Rule::Removed), true) => Mark::Removed,
            _ => return,
        };
        if let Some(item) = spot.item {
            self.change_mark(mark, item, id, true);
        }
    }

    fn change_mark(&mut self, mark: Mark, item: ItemId, id: Id, added: bool) {
        if self.set_mark(mark, item, id, added) {
            self.journal.push(Undo::Mark { mark, item, id, added });
        }
    }

    /// Adds or removes; true where that changed anything.
    pub(super) fn set_live(
        &mut self,
        object: ObjectNumber,
        word: WordNumber,
        id: Id,
        there: bool,
    ) -> bool {
        let key = (object, word);
        if there {
            return self.live.entry(key).or_default().insert(id);
        }
        let Some(ids) = self.live.get_mut(&key) else { return false };
        let changed = ids.remove(id);
        if ids.0.is_empty() {
            self.live.remove(&key);
        }
        changed
    }

    /// Adds or removes; true where that changed anything.
    pub(super) fn set_mark(&mut self, mark: Mark, item: ItemId, id: Id, there: bool) -> bool {
        let marked = &mut self.marks[mark as usize];
        if there {
            return marked.entry(item).or_default().insert(id);
        }
        let Some(ids) = marked.get_mut(&item) else { return false };
        let changed = ids.remove(id);
        if ids.0.is_empty() {
            marked.remove(&item);
        }
        changed
    }
}
