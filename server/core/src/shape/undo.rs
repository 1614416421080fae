//! Taking back what was recorded since the table was last settled.

use oogst_protocol::ids::{ItemId, ParticipantId};

use super::ext::{Size, Weight};
use super::{CaseOwner, Id, Mark, ObjectNumber, Table, WordNumber};

/// How to take back one step.
#[derive(Debug)]
pub(super) enum Undo {
    Writer,
    Head { writer: u32, before: Option<(u64, u32)> },
    Entry { writer: u32, extended: bool },
    Word,
    Units { object: ObjectNumber, before: u32 },
    Object { made_by: Id },
    Live { object: ObjectNumber, word: WordNumber, id: Id, added: bool },
    Item { owner: Option<ParticipantId> },
    Mark { mark: Mark, item: ItemId, id: Id, added: bool },
    Size { id: Id, before: Option<Size> },
    Weight { object: ObjectNumber, before: Weight },
    Crowd { map: ObjectNumber, item: ItemId },
    CaseOwner { before: Box<CaseOwner> },
}

impl Table {
    /// Takes back every record since the last [`Table::settle`], newest first.
    pub(crate) fn undo(&mut self) {
        while let Some(step) = self.journal.pop() {
            self.undo_step(step);
        }
    }

    fn undo_step(&mut self, step: Undo) {
        match step {
            Undo::Writer => {
                if let Some(writer) = self.writers.pop() {
                    self.numbers.remove(&writer.actor);
                }
            }
            Undo::Head { writer, before } => self.writers[writer as usize].head = before,
            Undo::Entry { writer, extended } => self.writers[writer as usize].pop(extended),
            Undo::Word => {
                if let Some(word) = self.words.pop() {
                    self.word_numbers.remove(&word);
                }
            }
            Undo::Units { object, before } => self.objects[object as usize].units = before,
            Undo::Object { made_by } => {
                self.objects.pop();
                self.makers.remove(&made_by);
            }
            Undo::Live { object, word, id, added } => {
                self.set_live(object, word, id, !added);
            }
            Undo::Item { owner } => {
                self.items -= 1;
                if let Some(count) = self.items_of.get_mut(&owner) {
                    *count -= 1;
                }
            }
            Undo::Mark { mark, item, id, added } => {
                self.set_mark(mark, item, id, !added);
            }
            Undo::Size { id, before: Some(size) } => drop(self.sizes.insert(id, size)),
            Undo::Size { id, before: None } => drop(self.sizes.remove(&id)),
            Undo::Weight { object, before } => self.set_weight(object, before),
            Undo::Crowd { map, item } => self.leave_crowd(map, item),
            Undo::CaseOwner { before } => self.restore_case_owner(*before),
        }
    }
}
