//! What an operation leaves in the shape table. It was judged before, or stands in the log: what
//! does not fit the shape of this build is passed over, never refused.

use crate::change::{Action, Change, Key, Operation, OperationId, Scalar};
use crate::shape::{Held, Id, ROOT, Table};

/// The actors of one change, by their numbers in the table.
pub(super) struct Numbers(Vec<Option<u32>>);

impl Numbers {
    pub(super) fn new(table: &Table, change: &Change) -> Self {
        Self(change.actors.iter().map(|actor| table.number(actor)).collect())
    }

    /// An operation as the table names it, if its actor ever wrote.
    pub(super) fn id(&self, id: OperationId) -> Option<Id> {
        let actor = self.0.get(id.actor as usize).copied().flatten()?;
        Some(Id { actor, counter: u32::try_from(id.counter).ok()? })
    }
}

/// UTF-16 units of a text, as its limit counts them.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Records one operation. `id` is its own.
pub(super) fn record(
    table: &mut Table,
    change: &Change,
    numbers: &Numbers,
    id: Id,
    operation: &Operation,
) {
    let object = match operation.object {
        None => Some(ROOT),
        Some(object) => numbers.id(object).and_then(|id| table.made_by(id)),
    };
    let Some(object) = object else { return };
    match (table.object(object).held, &operation.key) {
        (Held::Map(_) | Held::FreeMap, Key::Word(word)) => {
            let spot = table.spot(object, word);
            let predecessors: Vec<Id> = change
                .predecessors(operation)
                .iter()
                .filter_map(|predecessor| numbers.id(*predecessor))
                .collect();
            table.record_write(id, object, word, &spot, &operation.action, &predecessors);
        }
        (Held::Text | Held::Whole | Held::FreeText, _) => match &operation.action {
            Action::Put(Scalar::Text(text)) if operation.insert => {
                table.record_insert(id, object, narrow(units(text)), narrow(text.len()));
                table.extend_case_owner(object, text);
            }
            Action::Delete => table.record_delete(object),
            Action::Put(_) | Action::MakeMap | Action::MakeText => {}
        },
        (Held::Map(_) | Held::FreeMap, Key::Head | Key::Element(_)) => {}
    }
}
