//! Operations in texts: inserts and deletes, nothing else.

use oogst_protocol::limits::{SCALAR_BYTES_MAX, TEXT_CHARACTERS_MAX};

use super::{Context, Judge, Whole, Wholes};
use crate::accept::fault::Fault;
use crate::accept::record::{record, units};
use crate::change::{Action, Key, Operation, Scalar};
use crate::shape::{Held, Id, ObjectNumber};

impl Judge<'_> {
    pub(super) fn splice(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        wholes: &mut Wholes,
    ) -> Result<(), Fault> {
        let text = self.table.object(object);
        if !self.may(text.by, text.keeper) {
            return Err(context.wrong("somebody else writes here"));
        }
        let (acts, held) = (text.acts, text.held);
        let item = text.item.filter(|_| text.told);
        let Operation { action, insert, .. } = context.operation;
        match (action, insert) {
            (Action::Put(Scalar::Text(piece)), true) => {
                let after = self.element(context, object)?;
                self.insert(context, object, piece)?;
                if matches!(held, Held::Whole) {
                    extend_whole(context, wholes.get_mut(&object), after, piece)?;
                    return Ok(());
                }
            }
            (Action::Delete, false) if !matches!(held, Held::Whole) => {
                self.delete_element(context, object)?;
                record(self.table, self.change, context.numbers, context.id, context.operation);
            }
            (Action::Delete, false) => {
                return Err(context.wrong("a value from a list is replaced whole, by a new text"));
            }
            _ => {
                return Err(
                    context.wrong("a text takes inserted strings and deletes, nothing else")
                );
            }
        }
        if let (Some(kind), Held::Text) = (acts.set, held) {
            self.gather.note(kind, item, false);
        }
        Ok(())
    }

    /// The element that an operation names, checked; nothing for the beginning.
    fn element(&self, context: &Context<'_>, text: ObjectNumber) -> Result<Option<Id>, Fault> {
        match &context.operation.key {
            Key::Head => Ok(None),
            Key::Element(id) => {
                let id = self.past_id(context, *id);
                let id = id.filter(|id| self.table.inserted_in(*id, text));
                id.map(Some).ok_or(context.unknown("an element"))
            }
            Key::Word(_) => Err(context.wrong("a text has no keys")),
        }
    }

    fn insert(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        piece: &str,
    ) -> Result<(), Fault> {
        if !self.change.predecessors(context.operation).is_empty() {
            return Err(context.wrong("an insert overwrites nothing"));
        }
        if piece.is_empty() {
            return Err(context.wrong("an insert has at least one character"));
        }
        let standing = self.table.object(object).units as usize + units(piece);
        if standing > TEXT_CHARACTERS_MAX {
            let most = TEXT_CHARACTERS_MAX;
            return Err(Fault::TooLarge { what: "a text, in characters,", most });
        }
        record(self.table, self.change, context.numbers, context.id, context.operation);
        self.check_ext(object)
    }

    fn delete_element(&self, context: &Context<'_>, text: ObjectNumber) -> Result<(), Fault> {
        let Some(element) = self.element(context, text)? else {
            return Err(context.wrong("the beginning of a text cannot be deleted"));
        };
        match self.change.predecessors(context.operation) {
            [only] if context.numbers.id(*only) == Some(element) => Ok(()),
            _ => Err(context.wrong("a delete in a text names its element as predecessor")),
        }
    }
}

/// Goes on with a value that the change writes as a text: piece after piece, at its end.
fn extend_whole(
    context: &Context<'_>,
    whole: Option<&mut Whole>,
    after: Option<Id>,
    piece: &str,
) -> Result<(), Fault> {
    let why = "a value from a list is written whole, in the change that makes its text";
    let whole = whole.filter(|whole| whole.last == after).ok_or(context.wrong(why))?;
    whole.text.push_str(piece);
    whole.last = Some(context.id);
    if whole.text.len() > SCALAR_BYTES_MAX {
        return Err(Fault::TooLarge { what: "a plain value, in bytes,", most: SCALAR_BYTES_MAX });
    }
    Ok(())
}
