//! One change's operations against the shape table: each is judged, recorded, and told.

use std::collections::BTreeMap;

use oogst_protocol::event::Role;
use oogst_protocol::ids::{ParticipantId, canonical_uuid};
use oogst_protocol::limits::{
    DOCUMENT_ITEMS_MAX, EXT_BYTES_MAX, HIGHLIGHTS_MAX, SCALAR_BYTES_MAX, TEXT_CHARACTERS_MAX,
};
use oogst_protocol::schema::rule::{is_language, is_word};
use oogst_protocol::schema::{By, Keys, Name, Node, Plain, Rule};

use super::Author;
use super::fault::Fault;
use super::gather::Gather;
use super::past::Past;
use super::record::{Numbers, record, units};
use crate::change::{Action, Change, Key, Operation, OperationId, Scalar};
use crate::shape::{Held, Id, Mark, ObjectNumber, Place, ROOT, Spot, Table};

/// Deepest nesting under `ext`. Views walk it.
const EXT_DEPTH_MAX: u32 = 16;

/// Judges one change, whose header was found right.
pub(super) struct Judge<'a> {
    pub(super) table: &'a mut Table,
    pub(super) past: &'a Past,
    pub(super) author: &'a Author<'a>,
    pub(super) change: &'a Change,
    pub(super) gather: &'a mut Gather,
    /// The change's own actor.
    pub(super) own: u32,
}

/// A plain value that the change writes as a text.
struct Whole {
    rule: Rule,
    text: String,
    last: Option<Id>,
    counter: u64,
}

/// One operation on its way through: its counter, and what its actors are called here.
struct Context<'c> {
    counter: u64,
    id: Id,
    operation: &'c Operation,
    numbers: &'c Numbers,
}

impl Context<'_> {
    const fn wrong(&self, why: &'static str) -> Fault {
        Fault::Operation { counter: self.counter, why }
    }

    const fn unknown(&self, what: &'static str) -> Fault {
        Fault::Reference { counter: self.counter, what }
    }

    fn misshapen(&self, key: &str, why: &'static str) -> Fault {
        Fault::Shape { counter: self.counter, key: key.chars().take(64).collect(), why }
    }
}

impl Judge<'_> {
    /// Judges and records every operation of the change, in order.
    pub(super) fn run(mut self) -> Result<(), Fault> {
        let change = self.change;
        let numbers = Numbers::new(self.table, change);
        let mut wholes = BTreeMap::new();
        for (counter, operation) in (change.start_op..).zip(&change.operations) {
            let Ok(narrow) = u32::try_from(counter) else {
                return Err(Fault::Operation { counter, why: "its counter is too high" });
            };
            let id = Id { actor: self.own, counter: narrow };
            let context = Context { counter, id, operation, numbers: &numbers };
            self.operation(&context, &mut wholes)?;
        }
        for whole in wholes.into_values() {
            if !whole.rule.fits(Plain::Word(&whole.text), self.author.participant) {
                return Err(Fault::Shape {
                    counter: whole.counter,
                    key: whole.text.chars().take(64).collect(),
                    why: "is not a value that fits here",
                });
            }
        }
        Ok(())
    }

    fn operation(
        &mut self,
        context: &Context<'_>,
        wholes: &mut BTreeMap<ObjectNumber, Whole>,
    ) -> Result<(), Fault> {
        let object = match context.operation.object {
            None => ROOT,
            Some(id) => {
                let id = self.past_id(context, id).ok_or(context.unknown("an object"))?;
                self.table.made_by(id).ok_or(context.unknown("an object"))?
            }
        };
        match self.table.object(object).held {
            Held::Map(_) | Held::FreeMap => self.write(context, object, wholes),
            Held::Text | Held::Whole | Held::FreeText => self.splice(context, object, wholes),
        }
    }

    /// An operation as the table names it, if it lies in the change's past.
    fn past_id(&self, context: &Context<'_>, id: OperationId) -> Option<Id> {
        let id = context.numbers.id(id)?;
        (id.actor == self.own || self.past.holds(id)).then_some(id)
    }

    fn may(&self, by: By) -> bool {
        match by {
            By::Writers => true,
            By::Facilitator => self.author.role == Role::Facilitator,
            By::Nobody => false,
        }
    }

    // ---- texts ----------------------------------------------------------------------------

    fn splice(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        wholes: &mut BTreeMap<ObjectNumber, Whole>,
    ) -> Result<(), Fault> {
        let text = self.table.object(object);
        if !self.may(text.by) {
            return Err(context.wrong("only the facilitator writes here"));
        }
        let (acts, item, held) = (text.acts, text.item, text.held);
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
        let inserted = self.table.object(object).units as usize + units(piece);
        if inserted > TEXT_CHARACTERS_MAX {
            let most = TEXT_CHARACTERS_MAX;
            return Err(Fault::TooLarge { what: "a text, in characters ever typed in it,", most });
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

    // ---- maps -----------------------------------------------------------------------------

    fn write(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        wholes: &mut BTreeMap<ObjectNumber, Whole>,
    ) -> Result<(), Fault> {
        let operation = context.operation;
        let Key::Word(word) = &operation.key else {
            return Err(context.wrong("a map has keys, no elements"));
        };
        if operation.insert {
            return Err(context.wrong("nothing is inserted in a map"));
        }
        let spot = self.table.spot(object, word);
        self.check_name(context, &spot, word)?;
        if !self.may(spot.by) {
            return Err(context.misshapen(word, "somebody else writes that"));
        }
        self.check_predecessors(context, object, word)?;
        match spot.place {
            Place::Unknown => return Err(context.misshapen(word, "the document has no such key")),
            Place::Item(_) => self.check_kept(context, object, word, true)?,
            Place::Node(Node::Map(shape)) if shape.kept => {
                self.check_kept(context, object, word, false)?;
            }
            Place::Node(node) => self.check_value(context, &spot, node, word)?,
            Place::Free if word.is_empty() => {
                return Err(context.misshapen(word, "a key has at least one character"));
            }
            Place::Free => {}
        }
        record(self.table, self.change, context.numbers, context.id, operation);
        let made = self.table.made_by(context.id);
        if let (Place::Node(Node::Value(rule)), Some(made)) = (spot.place, made) {
            let (text, last) = (String::new(), None);
            wholes.insert(made, Whole { rule: *rule, text, last, counter: context.counter });
        }
        self.check_ext(made.unwrap_or(object))?;
        self.tell(context, object, word, &spot);
        Ok(())
    }

    fn check_name(&self, context: &Context<'_>, spot: &Spot, word: &str) -> Result<(), Fault> {
        let participant = || word.parse::<ParticipantId>().ok();
        let (fits, why) = match spot.name {
            None => return Ok(()),
            Some(Name::Own) => (
                participant() == Some(self.author.participant),
                "the key is the writer's own participant id",
            ),
            Some(Name::Member) => (
                participant().is_some_and(|named| (self.author.members)(named)),
                "the key is the id of somebody of the gathering",
            ),
            Some(Name::Uuid) => (canonical_uuid(word).is_some(), "the key is a UUID in lower case"),
            Some(Name::Language) => (is_language(word), "the key is a language tag"),
            Some(Name::Word) => (is_word(word), "the key is the id of a file"),
        };
        if fits { Ok(()) } else { Err(context.misshapen(word, why)) }
    }

    fn check_predecessors(
        &self,
        context: &Context<'_>,
        object: ObjectNumber,
        word: &str,
    ) -> Result<(), Fault> {
        let predecessors = self.change.predecessors(context.operation);
        if predecessors.is_empty() {
            return match context.operation.action {
                Action::Delete => Err(context.wrong("a delete names what it deletes")),
                Action::MakeMap | Action::MakeText | Action::Put(_) => Ok(()),
            };
        }
        let number = self.table.word(word).ok_or(context.unknown("a value"))?;
        for predecessor in predecessors {
            let id = self.past_id(context, *predecessor);
            if !id.is_some_and(|id| self.table.wrote_at(id, object, number)) {
                return Err(context.unknown("a value"));
            }
        }
        Ok(())
    }

    /// A map that is never replaced: made where there is none yet, or at the same time.
    fn check_kept(
        &self,
        context: &Context<'_>,
        object: ObjectNumber,
        word: &str,
        item: bool,
    ) -> Result<(), Fault> {
        let operation = context.operation;
        if operation.action != Action::MakeMap {
            return Err(context.misshapen(word, "is a map, neither replaced nor deleted"));
        }
        let number = self.table.word(word);
        let makers = number.map_or(&[][..], |number| self.table.makers_of(object, number));
        let seen = makers.iter().any(|id| id.actor == self.own || self.past.holds(*id));
        if seen || !self.change.predecessors(operation).is_empty() {
            return Err(context.misshapen(word, "is there already; write in it"));
        }
        if item && makers.is_empty() && self.table.items() >= DOCUMENT_ITEMS_MAX {
            return Err(Fault::Full { what: "items", most: DOCUMENT_ITEMS_MAX });
        }
        Ok(())
    }

    fn check_value(
        &self,
        context: &Context<'_>,
        spot: &Spot,
        node: &Node,
        word: &str,
    ) -> Result<(), Fault> {
        let writer = self.author.participant;
        let fits = match (node, &context.operation.action) {
            (_, Action::Delete) | (Node::Map(_), Action::MakeMap) => true,
            (_, Action::Put(Scalar::Null)) | (Node::Text, Action::MakeText) => true,
            (Node::Text, Action::Put(Scalar::Text(text))) => {
                if units(text) > TEXT_CHARACTERS_MAX {
                    let most = TEXT_CHARACTERS_MAX;
                    return Err(Fault::TooLarge { what: "a text, in characters,", most });
                }
                true
            }
            (Node::Value(rule), Action::MakeText) => rule.takes_words(),
            (Node::Value(rule), Action::Put(value)) => {
                if *rule == Rule::Highlight && *value == Scalar::Flag(true) {
                    self.check_highlights(spot)?;
                }
                rule.fits(plain(value), writer)
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(context.misshapen(word, "is not a value that fits here")) }
    }

    /// Too many are refused only where the writer could see them: key points set at the same
    /// time may exceed the bound together, and views show the first. An item counts only where
    /// its key point is beyond doubt: one operation, in the past, and none that says otherwise.
    fn check_highlights(&self, spot: &Spot) -> Result<(), Fault> {
        let live = self.table.marked(Mark::Highlighted).iter().filter(|(item, ids)| {
            let seen = matches!(ids[..], [id] if id.actor == self.own || self.past.holds(id));
            let other = [Mark::Plain, Mark::Removed];
            let doubtful = other.iter().any(|mark| self.table.marked(*mark).contains_key(item));
            Some(**item) != spot.item && seen && !doubtful
        });
        if live.count() < HIGHLIGHTS_MAX {
            return Ok(());
        }
        Err(Fault::Full { what: "key points; take one away first", most: HIGHLIGHTS_MAX })
    }

    fn check_ext(&self, object: ObjectNumber) -> Result<(), Fault> {
        let Some((bytes, depth)) = self.table.ext_total(object) else { return Ok(()) };
        if bytes as usize > EXT_BYTES_MAX {
            return Err(Fault::TooLarge { what: "`ext`, in bytes,", most: EXT_BYTES_MAX });
        }
        if depth > EXT_DEPTH_MAX {
            let most = EXT_DEPTH_MAX as usize;
            return Err(Fault::TooLarge { what: "`ext`, in levels,", most });
        }
        Ok(())
    }

    // ---- contributions --------------------------------------------------------------------

    fn tell(&mut self, context: &Context<'_>, object: ObjectNumber, word: &str, spot: &Spot) {
        let action = &context.operation.action;
        let node = match spot.place {
            Place::Node(node) => node,
            Place::Item(item) => {
                let number = self.table.word(word);
                let makers = number.map_or(0, |number| self.table.makers_of(object, number).len());
                if let (1, Some(id)) = (makers, spot.item) {
                    self.gather.add(item.added, id);
                }
                return;
            }
            Place::Free | Place::Unknown => return,
        };
        let taken_back =
            matches!(action, Action::Delete | Action::Put(Scalar::Null | Scalar::Flag(false)));
        if let Node::Map(shape) = node {
            // An empty map says nothing by itself, unless its keys are facts of the item.
            if !matches!(shape.keys, Keys::Named(_)) || action == &Action::MakeMap && shape.kept {
                return;
            }
        }
        let kind = if taken_back { spot.acts.unset.or(spot.acts.set) } else { spot.acts.set };
        if let Some(kind) = kind {
            self.gather.note(kind, spot.item, taken_back);
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

fn plain(value: &Scalar) -> Plain<'_> {
    match value {
        Scalar::Null => Plain::Null,
        Scalar::Flag(flag) => Plain::Flag(*flag),
        Scalar::Unsigned(number) => i64::try_from(*number).map_or(Plain::Other, Plain::Whole),
        Scalar::Signed(number) => Plain::Whole(*number),
        Scalar::Float(number) => whole(*number).map_or(Plain::Other, Plain::Whole),
        Scalar::Text(text) => Plain::Word(text),
        Scalar::Bytes(_) => Plain::Other,
        Scalar::Timestamp(moment) => Plain::Moment(*moment),
    }
}

/// A float that is a whole number, as JavaScript writes integers above 2^31 and below 2^53.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
    Some(number as i64)
}
