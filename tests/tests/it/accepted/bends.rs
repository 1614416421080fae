//! How one change is bent, operation by operation.
//!
//! Each bend is one that a client could make by a fault of its own: numbers with a gap, what is
//! there anyway said twice, another element, another value overwritten. Most are admitted.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{ExpandedChange, ObjType, ScalarValue};
use oogst_protocol::ids::ParticipantId;

use super::random::Random;
use super::sites::Sites;

const WORDS: &[&str] =
    &["tip", "x", "één 👩‍👩‍👧", "a0", "", "insight", "nl-BE", "ja ja", "\u{fffc}", "\0\u{301}"];

/// One change, and what it can refer to.
pub(super) struct Bend<'a> {
    pub(super) random: &'a mut Random,
    pub(super) change: &'a mut ExpandedChange,
    /// By which names others know its operations.
    pub(super) names: &'a mut Vec<Option<OpId>>,
    pub(super) sites: Sites,
    pub(super) known: &'a [ExpandedChange],
    /// The highest operation counter that the server has.
    pub(super) highest: u64,
    pub(super) me: ParticipantId,
}

impl Bend<'_> {
    /// Bends it in one place.
    pub(super) fn bend(&mut self) {
        match self.random.below(24) {
            0 | 1 => self.start(),
            2 => self.redundant_dep(),
            3 => self.concurrent_dep(),
            4 => self.drop_dep(),
            5 => self.header(),
            6 => self.truncate(),
            7 | 8 => self.reorder(),
            9 => self.repeat(),
            10 => self.remove(),
            11..=13 => self.predecessors(),
            14 | 15 => self.element(),
            16 => self.insert(),
            17 => self.delete_element(),
            18 => self.key(),
            19 | 20 => self.value(),
            21 => self.delete_value(),
            _ => self.overwrite(),
        }
    }

    fn place(&mut self) -> Option<usize> {
        let length = self.change.operations.len();
        (length > 0).then(|| self.random.below(length))
    }

    fn push(&mut self, operation: Op) {
        // Mostly at the end: texts that are written whole bear nothing between.
        let end = self.change.operations.len();
        let at = if self.random.once_in(4) { self.random.below(end + 1) } else { end };
        self.change.operations.insert(at, operation);
        self.names.insert(at, None);
    }

    /// Anywhere between what it builds on and what the server takes, now and then past that.
    fn start(&mut self) {
        let least = self.sites.max_op() + 1;
        let most = (self.highest + 1).max(least);
        let room = usize::try_from(most - least).unwrap();
        let start = match self.random.below(8) {
            0 => least.saturating_sub(1),
            1 => most + 1,
            2 | 3 => most,
            _ => least + self.random.below(room + 1) as u64,
        };
        self.change.start_op = NonZeroU64::new(start).unwrap_or(self.change.start_op);
        if self.random.once_in(4) {
            self.truncate();
        }
    }

    /// What it builds on anyway, named once more.
    fn redundant_dep(&mut self) {
        let Some(dep) = self.random.pick_of(self.sites.changes()).copied() else { return };
        if !self.change.deps.contains(&dep) || self.random.once_in(8) {
            self.change.deps.push(dep);
        }
    }

    fn concurrent_dep(&mut self) {
        let other = self.random.pick(self.known);
        let after = other.start_op.get() + other.operations.len() as u64;
        let known = self.change.deps.iter().any(|dep| Some(*dep) == other.hash);
        self.change.deps.extend(other.hash.filter(|_| !known));
        if !self.random.once_in(8) {
            self.change.start_op = self.change.start_op.max(NonZeroU64::new(after).unwrap());
        }
    }

    /// Seldom the last one: every change builds on something.
    fn drop_dep(&mut self) {
        let count = self.change.deps.len();
        if count > 1 || (count == 1 && self.random.once_in(8)) {
            self.change.deps.remove(self.random.below(count));
        }
    }

    /// What stands around the operations.
    fn header(&mut self) {
        match self.random.below(3) {
            0 => {
                let times = [0, -1, i64::MAX, i64::MIN, 1 << 40, i64::MIN + 1];
                self.change.time = *self.random.pick(&times);
            }
            1 => self.change.message = Some("een bericht ".repeat(self.random.below(20))),
            _ if self.change.seq == 1 || self.random.once_in(8) => {
                let (text, uuid) = (self.me.to_string().into_bytes(), *self.me.uuid().as_bytes());
                let author = if self.random.once_in(2) { text } else { uuid.to_vec() };
                let length = u8::try_from(author.len()).unwrap();
                self.change.extra_bytes = [&[1, length][..], &author].concat();
            }
            _ => self.change.message = None,
        }
    }

    fn truncate(&mut self) {
        let Some(length) = self.place() else { return };
        let length = if self.random.once_in(4) { 0 } else { length };
        self.change.operations.truncate(length);
        self.names.truncate(length);
    }

    /// Elsewhere, mostly where it meets nothing that it refers to or is referred to by.
    fn reorder(&mut self) {
        for _ in 0..4 {
            let (Some(from), Some(mut to)) = (self.place(), self.place()) else { return };
            if self.random.once_in(2) {
                to = (from + 1) % self.names.len();
            }
            let (low, high) = (from.min(to), from.max(to));
            let meets = |place: usize| self.refers(place, from) || self.refers(from, place);
            if from != to && (!(low..=high).any(meets) || self.random.once_in(16)) {
                let (operation, name) =
                    (self.change.operations.remove(from), self.names.remove(from));
                self.change.operations.insert(to, operation);
                return self.names.insert(to, name);
            }
        }
    }

    /// Whether one operation of the change refers to another.
    fn refers(&self, one: usize, other: usize) -> bool {
        let Some(id) = &self.names[other] else { return false };
        let operation = &self.change.operations[one];
        operation.obj == ObjectId::Id(id.clone())
            || operation.key == Key::Seq(ElementId::Id(id.clone()))
            || operation.pred.iter().any(|before| before == id)
    }

    /// The same again: the same element deleted or inserted twice, the same value overwritten.
    fn repeat(&mut self) {
        let Some(place) = self.place() else { return };
        let again = self.change.operations[place].clone();
        self.push(again);
    }

    fn remove(&mut self) {
        for _ in 0..4 {
            let Some(place) = self.place() else { return };
            let needed = (0..self.names.len()).any(|other| self.refers(other, place));
            if !needed || self.random.once_in(16) {
                self.change.operations.remove(place);
                self.names.remove(place);
                return;
            }
        }
    }

    /// Any of what was ever written at its key, overwritten already or not.
    fn predecessors(&mut self) {
        let maps = |operation: &Op| matches!(operation.key, Key::Map(_));
        let Some(place) = self.pick_operation(maps) else { return };
        let operation = &mut self.change.operations[place];
        let later = &self.names[place..];
        let mut written = self.sites.written(&operation.obj, &operation.key);
        written.retain(|id| !later.contains(&Some(id.clone())));
        operation.pred = match self.random.below(3) {
            0 => written.into(),
            1 => operation.pred.iter().skip(1).cloned().collect(),
            _ => written.into_iter().filter(|_| self.random.once_in(2)).collect(),
        };
    }

    /// An insert or a delete of another element of the same text.
    fn element(&mut self) {
        let seqs = |operation: &Op| matches!(operation.key, Key::Seq(_));
        let Some(place) = self.pick_operation(seqs) else { return };
        let operation = &mut self.change.operations[place];
        let later = &self.names[place..];
        let mut elements = self.sites.elements(&operation.obj);
        elements.retain(|id| !later.contains(&Some(id.clone())));
        if elements.is_empty() || (operation.insert && self.random.once_in(8)) {
            operation.key = Key::Seq(ElementId::Head);
            return;
        }
        let element = self.random.pick(&elements).clone();
        if !operation.insert {
            operation.pred = vec![element.clone()].into();
        }
        operation.key = Key::Seq(ElementId::Id(element));
    }

    /// A piece after any element of any text, a deleted one too.
    fn insert(&mut self) {
        let Some((obj, element)) = self.sites.any_element(self.random) else { return };
        let piece = ScalarValue::Str(word(self.random).into());
        let (action, key) = (OpType::Put(piece), Key::Seq(ElementId::Id(element)));
        self.push(Op { action, obj, key, pred: Vec::new().into(), insert: true });
    }

    fn delete_element(&mut self) {
        let Some((obj, element)) = self.sites.any_element(self.random) else { return };
        let pred = vec![element.clone()].into();
        let key = Key::Seq(ElementId::Id(element));
        self.push(Op { action: OpType::Delete, obj, key, pred, insert: false });
    }

    /// A write at one key, at another of the same map.
    fn key(&mut self) {
        let keys = |operation: &Op| matches!(operation.key, Key::Map(_));
        let Some(place) = self.pick_operation(keys) else { return };
        let operation = &mut self.change.operations[place];
        let Some(other) = self.sites.any_write_in(&operation.obj, self.random) else { return };
        operation.action = plain(&other.action);
        operation.key = other.key.clone();
        let later = &self.names[place..];
        let written = self.sites.written(&operation.obj, &operation.key).into_iter();
        operation.pred = written.filter(|id| !later.contains(&Some(id.clone()))).collect();
    }

    fn value(&mut self) {
        let puts = |operation: &Op| matches!(operation.action, OpType::Put(_));
        let Some(place) = self.pick_operation(puts) else { return };
        let OpType::Put(value) = &mut self.change.operations[place].action else { return };
        *value = match value {
            ScalarValue::Str(_) => ScalarValue::Str(word(self.random).into()),
            ScalarValue::Boolean(flag) => ScalarValue::Boolean(!*flag),
            ScalarValue::Null => ScalarValue::Boolean(true),
            ScalarValue::Bytes(_)
            | ScalarValue::Int(_)
            | ScalarValue::Uint(_)
            | ScalarValue::F64(_)
            | ScalarValue::Counter(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Unknown { .. } => match self.random.below(5) {
                0 => ScalarValue::Int(i64::MIN),
                1 => ScalarValue::Uint(u64::MAX),
                2 => ScalarValue::Timestamp(-1),
                3 => ScalarValue::F64(*self.random.pick(&[-0.0, f64::NAN, f64::INFINITY])),
                _ => ScalarValue::Bytes(vec![0; self.random.below(300)]),
            },
        };
    }

    /// What was written somewhere is deleted, all of it or the newest.
    fn delete_value(&mut self) {
        let Some((id, Op { obj, key, .. })) = self.sites.any_value(self.random) else { return };
        let written = self.sites.written(&obj, &key);
        let pred = if self.random.once_in(2) { written } else { vec![id] };
        self.push(Op { action: OpType::Delete, obj, key, pred: pred.into(), insert: false });
    }

    /// What was written somewhere is written over, or beside.
    fn overwrite(&mut self) {
        let Some((id, Op { obj, key, action, .. })) = self.sites.any_value(self.random) else {
            return;
        };
        let pred = match self.random.below(3) {
            0 => self.sites.written(&obj, &key),
            1 => vec![id],
            _ => Vec::new(),
        };
        let action = match self.random.below(8) {
            0 => OpType::Put(ScalarValue::Boolean(self.random.once_in(2))),
            1 => OpType::Put(ScalarValue::Str(word(self.random).into())),
            2 | 3 => OpType::Put(ScalarValue::Null),
            _ => plain(&action),
        };
        self.push(Op { action, obj, key, pred: pred.into(), insert: false });
    }

    fn pick_operation(&mut self, fits: impl Fn(&Op) -> bool) -> Option<usize> {
        let operations = self.change.operations.iter().enumerate();
        let places: Vec<usize> =
            operations.filter(|(_, operation)| fits(operation)).map(|(place, _)| place).collect();
        (!places.is_empty()).then(|| *self.random.pick(&places))
    }
}

/// The same without what only a map as a whole is: nothing in its place.
fn plain(action: &OpType) -> OpType {
    let is_plain = matches!(action, OpType::Put(_) | OpType::Make(ObjType::Text));
    if is_plain { action.clone() } else { OpType::Put(ScalarValue::Null) }
}

/// Seldom an empty one: no text takes it.
fn word(random: &mut Random) -> &'static str {
    let word = *random.pick(WORDS);
    if word.is_empty() && !random.once_in(4) { "x" } else { word }
}
