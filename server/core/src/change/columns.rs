//! The columns of a change, and the operations that they spell.
//!
//! Column numbers, types and layout are those of automerge's storage format for change chunks.

use std::sync::Arc;

use oogst_protocol::limits::{CHANGE_OPERATIONS_MAX, OPERATION_COUNTER_MAX};

use super::cursor::Cursor;
use super::runs::{Deltas, Flags, Runs};
use super::{Action, Actor, ChangeFault, Key, Operation, OperationId, Scalar, malformed};

const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_COUNTER: u64 = 0x13;
const KEY_WORD: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_KIND: u64 = 0x56;
const VALUE: u64 = 0x57;
const PREDECESSOR_COUNT: u64 = 0x70;
const PREDECESSOR_ACTOR: u64 = 0x71;
const PREDECESSOR_COUNTER: u64 = 0x73;

/// In the order in which they stand.
const KNOWN: [u64; 12] = [
    OBJECT_ACTOR,
    OBJECT_COUNTER,
    KEY_ACTOR,
    KEY_COUNTER,
    KEY_WORD,
    INSERT,
    ACTION,
    VALUE_KIND,
    VALUE,
    PREDECESSOR_COUNT,
    PREDECESSOR_ACTOR,
    PREDECESSOR_COUNTER,
];

/// An operation overwrites what its author saw at its key: one value, or one for each that wrote
/// there at the same time. Twice as many as operations is never reached by honest hands.
const PREDECESSORS_MAX: usize = 2 * CHANGE_OPERATIONS_MAX;

/// The columns' bytes, in the order of [`KNOWN`].
pub(super) struct Columns<'a> {
    data: [&'a [u8]; KNOWN.len()],
}

impl<'a> Columns<'a> {
    /// Reads the columns' headers and takes their bytes.
    pub(super) fn parse(input: &mut Cursor<'a>) -> Result<Self, ChangeFault> {
        let count = input.length()?;
        let mut lengths = [0; KNOWN.len()];
        let mut next = 0;
        for _ in 0..count {
            let kind = input.unsigned()?;
            let length = input.length()?;
            let place = KNOWN[next..].iter().position(|known| *known == kind);
            let place = place.ok_or_else(|| unknown(kind))? + next;
            if length == 0 {
                return Err(malformed("the columns"));
            }
            lengths[place] = length;
            next = place + 1;
        }
        let mut data: [&[u8]; KNOWN.len()] = [&[]; KNOWN.len()];
        for (column, length) in data.iter_mut().zip(lengths) {
            *column = input.take(length)?;
        }
        Ok(Self { data })
    }

    fn column(&self, kind: u64) -> &'a [u8] {
        let place = KNOWN.iter().position(|known| *known == kind);
        place.map_or(&[], |place| self.data[place])
    }

    /// How many operations there are, at most [`CHANGE_OPERATIONS_MAX`].
    pub(super) fn rows(&self) -> Result<usize, ChangeFault> {
        Runs::<u64>::new(self.column(ACTION), "the actions").count(CHANGE_OPERATIONS_MAX)
    }

    /// Reads `rows` operations that name `actors`, and checks that every column ends with them
    /// and that every actor is named.
    pub(super) fn operations(
        &self,
        rows: usize,
        actors: &'a [Actor],
    ) -> Result<(Vec<Operation>, Vec<OperationId>), ChangeFault> {
        let mut reader = Reader::new(self, actors);
        let mut operations = Vec::with_capacity(rows);
        for _ in 0..rows {
            operations.push(reader.operation()?);
        }
        reader.finish()?;
        Ok((operations, reader.predecessors))
    }
}

/// Deflated columns, marks and whatever else automerge may once write.
const fn unknown(kind: u64) -> ChangeFault {
    match kind {
        0x94 | 0xa5 => ChangeFault::Unsupported { what: "marks" },
        _ => malformed("the columns"),
    }
}

struct Reader<'a> {
    object_actor: Runs<'a, u64>,
    object_counter: Runs<'a, u64>,
    key_actor: Runs<'a, u64>,
    key_counter: Deltas<'a>,
    key_word: Runs<'a, &'a str>,
    insert: Flags<'a>,
    action: Runs<'a, u64>,
    value_kind: Runs<'a, u64>,
    value: Cursor<'a>,
    predecessor_count: Runs<'a, u64>,
    predecessor_actor: Runs<'a, u64>,
    predecessor_counter: Deltas<'a>,
    predecessors: Vec<OperationId>,
    actors: &'a [Actor],
    named: Vec<bool>,
    /// The last word, so that a run of one key shares it.
    word: Option<Arc<str>>,
}

impl<'a> Reader<'a> {
    fn new(columns: &Columns<'a>, actors: &'a [Actor]) -> Self {
        let mut named = vec![false; actors.len()];
        named[0] = true;
        Self {
            object_actor: Runs::new(columns.column(OBJECT_ACTOR), "the objects"),
            object_counter: Runs::new(columns.column(OBJECT_COUNTER), "the objects"),
            key_actor: Runs::new(columns.column(KEY_ACTOR), "the keys"),
            key_counter: Deltas::new(columns.column(KEY_COUNTER), "the keys"),
            key_word: Runs::new(columns.column(KEY_WORD), "the keys"),
            insert: Flags::new(columns.column(INSERT), "the inserts"),
            action: Runs::new(columns.column(ACTION), "the actions"),
            value_kind: Runs::new(columns.column(VALUE_KIND), "the values"),
            value: Cursor::new(columns.column(VALUE), "the values"),
            predecessor_count: Runs::new(columns.column(PREDECESSOR_COUNT), "predecessors"),
            predecessor_actor: Runs::new(columns.column(PREDECESSOR_ACTOR), "predecessors"),
            predecessor_counter: Deltas::new(columns.column(PREDECESSOR_COUNTER), "predecessors"),
            predecessors: Vec::new(),
            actors,
            named,
            word: None,
        }
    }

    fn operation(&mut self) -> Result<Operation, ChangeFault> {
        let object = self.object()?;
        let key = self.key()?;
        let insert = self.insert.next()?;
        let action = self.action.value()?;
        let value = self.scalar()?;
        let action = match action {
            0 => Action::MakeMap,
            1 => return self.complete(object, key, insert, Action::Put(value)),
            2 => return Err(ChangeFault::Unsupported { what: "lists" }),
            3 => Action::Delete,
            4 => Action::MakeText,
            5 => return Err(ChangeFault::Unsupported { what: "counters" }),
            6 => return Err(ChangeFault::Unsupported { what: "tables" }),
            7 => return Err(ChangeFault::Unsupported { what: "marks" }),
            _ => return Err(malformed("the actions")),
        };
        // Automerge drops such a value when it writes the change again.
        if value != Scalar::Null {
            return Err(malformed("the values"));
        }
        self.complete(object, key, insert, action)
    }

    fn complete(
        &mut self,
        object: Option<OperationId>,
        key: Key,
        insert: bool,
        action: Action,
    ) -> Result<Operation, ChangeFault> {
        let start = self.predecessors.len();
        let count = self.predecessor_count.value()?;
        if count > (PREDECESSORS_MAX - start) as u64 {
            return Err(ChangeFault::TooMuch { what: "predecessors", most: PREDECESSORS_MAX });
        }
        for _ in 0..count {
            let actor = self.predecessor_actor.next()?;
            let counter = self.predecessor_counter.next()?;
            let id = self.id(actor, counter)?.ok_or(malformed("predecessors"))?;
            // By counter, then by the actors' bytes; none twice.
            let before = self.predecessors[start..].last().copied();
            if before.is_some_and(|before| self.order(before) >= self.order(id)) {
                return Err(malformed("predecessors"));
            }
            self.predecessors.push(id);
        }
        let end = self.predecessors.len();
        let narrow = |place: usize| u32::try_from(place).map_err(|_| malformed("predecessors"));
        Ok(Operation { object, key, insert, action, predecessors: narrow(start)?..narrow(end)? })
    }

    fn order(&self, id: OperationId) -> (u64, Option<&'a Actor>) {
        (id.counter, self.actors.get(id.actor as usize))
    }

    fn object(&mut self) -> Result<Option<OperationId>, ChangeFault> {
        let (actor, counter) = (self.object_actor.next()?, self.object_counter.next()?);
        self.id(actor, counter)
    }

    fn key(&mut self) -> Result<Key, ChangeFault> {
        let word = self.key_word.next()?;
        let (actor, counter) = (self.key_actor.next()?, self.key_counter.next()?);
        match (word, actor, counter) {
            (Some(word), None, None) => {
                if self.word.as_deref() != Some(word) {
                    self.word = Some(word.into());
                }
                self.word.clone().map(Key::Word).ok_or(malformed("the keys"))
            }
            (None, None, Some(0)) => Ok(Key::Head),
            (None, actor @ Some(_), counter) => {
                let id = self.id(actor, counter)?;
                id.map(Key::Element).ok_or(malformed("the keys"))
            }
            _ => Err(malformed("the keys")),
        }
    }

    fn id(
        &mut self,
        actor: Option<u64>,
        counter: Option<u64>,
    ) -> Result<Option<OperationId>, ChangeFault> {
        let (actor, counter) = match (actor, counter) {
            (None, None) => return Ok(None),
            (Some(actor), Some(counter)) => (actor, counter),
            _ => return Err(malformed("operation ids")),
        };
        let place = usize::try_from(actor).map_err(|_| malformed("operation ids"))?;
        let named = self.named.get_mut(place).ok_or(malformed("operation ids"))?;
        *named = true;
        if counter == 0 || counter > OPERATION_COUNTER_MAX {
            return Err(malformed("operation ids"));
        }
        let actor = u32::try_from(actor).map_err(|_| malformed("operation ids"))?;
        Ok(Some(OperationId { counter, actor }))
    }

    fn scalar(&mut self) -> Result<Scalar, ChangeFault> {
        let kind = self.value_kind.value()?;
        let length = usize::try_from(kind >> 4).map_err(|_| malformed("the values"))?;
        let bytes = self.value.take(length)?;
        let mut input = Cursor::new(bytes, "the values");
        let value = match kind & 0x0f {
            0 => Scalar::Null,
            1 => Scalar::Flag(false),
            2 => Scalar::Flag(true),
            3 => Scalar::Unsigned(input.unsigned()?),
            4 => Scalar::Signed(input.signed()?),
            5 => {
                let eight = input.take(8)?.try_into().map_err(|_| malformed("the values"))?;
                Scalar::Float(f64::from_le_bytes(eight))
            }
            6 => {
                let text = std::str::from_utf8(input.take(length)?);
                Scalar::Text(text.map_err(|_| malformed("the values"))?.into())
            }
            7 => Scalar::Bytes(input.take(length)?.into()),
            8 => return Err(ChangeFault::Unsupported { what: "counters" }),
            9 => Scalar::Timestamp(input.signed()?),
            _ => return Err(ChangeFault::Unsupported { what: "values of an unknown type" }),
        };
        input.finish()?;
        Ok(value)
    }

    fn finish(&self) -> Result<(), ChangeFault> {
        self.object_actor.finish()?;
        self.object_counter.finish()?;
        self.key_actor.finish()?;
        self.key_counter.finish()?;
        self.key_word.finish()?;
        self.insert.finish()?;
        self.action.finish()?;
        self.value_kind.finish()?;
        self.value.finish()?;
        self.predecessor_count.finish()?;
        self.predecessor_actor.finish()?;
        self.predecessor_counter.finish()?;
        if self.named.iter().all(|named| *named) { Ok(()) } else { Err(malformed("the actors")) }
    }
}
