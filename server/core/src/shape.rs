//! The shape table of one document: which object is which node of the schema, which operation
//! wrote where.
//!
//! Invariant: the table holds exactly what the accepted changes made, and [`Table::undo`] takes
//! back whatever was recorded since [`Table::settle`]. A typed run is one entry, so the table
//! grows with the runs, not with the letters.
//!
//! Not here: whether an operation may be accepted (`accept`). What is recorded was judged before,
//! or stands in the log already; a record never fails.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use oogst_protocol::ids::{ItemId, ParticipantId};
use oogst_protocol::schema::{Acts, By, DocumentKind, Node, Shape};

use crate::change::{Action, Actor, Scalar};

mod crowd;
mod ext;
mod live;
mod owner;
mod spot;
mod undo;
mod written;

pub(crate) use crowd::Crowd;
use live::Ids;
use owner::CaseOwner;
pub(crate) use spot::{Place, Spot};
use undo::Undo;
pub(crate) use written::{Id, Writer};

/// An object's place in the table.
pub(crate) type ObjectNumber = u32;
/// A key's place among the words of the table.
pub(crate) type WordNumber = u32;

/// The document's root map.
pub(crate) const ROOT: ObjectNumber = 0;
/// What stands for the key in an entry of inserted elements.
const ELEMENTS: WordNumber = WordNumber::MAX;

/// What an object is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// A map of the schema.
    Map(&'static Shape),
    /// A text that people type.
    Text,
    /// A plain value as a text, written whole in one change.
    Whole,
    /// A map of which the schema knows nothing: under `ext`.
    FreeMap,
    /// A text of which the schema knows nothing.
    FreeText,
}

/// One object of the document.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) held: Held,
    /// What an operation in it contributes, where the schema says nothing nearer.
    pub(crate) acts: Acts,
    /// Who writes in it.
    pub(crate) by: By,
    /// The person who alone writes in it: it is their card, or a part of it.
    pub(crate) keeper: Option<ParticipantId>,
    /// The item that it belongs to.
    pub(crate) item: Option<ItemId>,
    /// Whether contributions name that item.
    pub(crate) told: bool,
    /// Those among which the item counts, where few live at once.
    pub(crate) crowd: Option<Crowd>,
    /// UTF-16 units that stand there, of a text: all inserted, but one for each element deleted.
    pub(crate) units: u32,
    ext: Option<ext::Stand>,
}

/// What an item's flags say, of operations that nothing overwrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It is a key point.
    Highlighted,
    /// It is none.
    Plain,
    /// It is removed.
    Removed,
}

/// The items that bear a mark: by which operations.
pub(crate) type Marked = BTreeMap<ItemId, Ids>;

/// The table.
#[derive(Debug)]
pub(crate) struct Table {
    writers: Vec<Writer>,
    numbers: HashMap<Actor, u32>,
    objects: Vec<Object>,
    makers: HashMap<Id, ObjectNumber>,
    words: Vec<Arc<str>>,
    word_numbers: HashMap<Arc<str>, WordNumber>,
    /// What stands at each key of each map: the writes that nothing overwrote.
    live: HashMap<(ObjectNumber, WordNumber), Ids>,
    items: usize,
    /// How many of them each participant added first.
    items_of: HashMap<Option<ParticipantId>, usize>,
    marks: [Marked; 3],
    /// The items of each map that holds few live ones, removed ones included.
    crowds: BTreeMap<ObjectNumber, BTreeSet<ItemId>>,
    case_owner: CaseOwner,
    sizes: HashMap<Id, ext::Size>,
    journal: Vec<Undo>,
}

impl Table {
    pub(crate) fn new(kind: DocumentKind) -> Self {
        let root = Object {
            held: Held::Map(kind.root()),
            acts: Acts::INHERITED,
            by: By::Writers,
            keeper: None,
            item: None,
            told: false,
            crowd: None,
            units: 0,
            ext: None,
        };
        Self {
            writers: Vec::new(),
            numbers: HashMap::new(),
            objects: vec![root],
            makers: HashMap::new(),
            words: Vec::new(),
            word_numbers: HashMap::new(),
            live: HashMap::new(),
            items: 0,
            items_of: HashMap::new(),
            marks: Default::default(),
            crowds: BTreeMap::new(),
            case_owner: CaseOwner::default(),
            sizes: HashMap::new(),
            journal: Vec::new(),
        }
    }

    /// Everything so far stays.
    pub(crate) fn settle(&mut self) {
        self.journal.clear();
    }

    pub(crate) fn number(&self, actor: &Actor) -> Option<u32> {
        self.numbers.get(actor).copied()
    }

    pub(crate) fn writer(&self, number: u32) -> &Writer {
        &self.writers[number as usize]
    }

    /// The number of an actor that is about to write, bound to `owner` if it is new.
    pub(crate) fn enroll(&mut self, actor: &Actor, owner: Option<ParticipantId>) -> u32 {
        if let Some(number) = self.number(actor) {
            return number;
        }
        let number = u32::try_from(self.writers.len()).expect("a document has under 2^32 actors");
        self.writers.push(Writer::new(actor.clone(), owner));
        self.numbers.insert(actor.clone(), number);
        self.journal.push(Undo::Writer);
        number
    }

    /// A writer's newest change.
    pub(crate) fn wrote(&mut self, number: u32, seq: u64, place: u32) {
        let head = &mut self.writers[number as usize].head;
        self.journal.push(Undo::Head { writer: number, before: *head });
        *head = Some((seq, place));
    }

    pub(crate) fn object(&self, number: ObjectNumber) -> &Object {
        &self.objects[number as usize]
    }

    /// The object that an operation made, if it made one.
    pub(crate) fn made_by(&self, id: Id) -> Option<ObjectNumber> {
        self.makers.get(&id).copied()
    }

    pub(crate) fn word(&self, word: &str) -> Option<WordNumber> {
        self.word_numbers.get(word).copied()
    }

    /// Whether an operation wrote at this key of this map.
    pub(crate) fn wrote_at(&self, id: Id, object: ObjectNumber, word: WordNumber) -> bool {
        self.writer(id.actor).at(id.counter) == Some((object, word))
    }

    /// Whether an operation inserted an element of this text.
    pub(crate) fn inserted_in(&self, id: Id, object: ObjectNumber) -> bool {
        self.wrote_at(id, object, ELEMENTS)
    }

    /// What stands at a key of a map: the writes that nothing overwrote, ascending.
    pub(crate) fn standing(&self, object: ObjectNumber, word: &str) -> &[Id] {
        let number = self.word(word);
        number.and_then(|number| self.live.get(&(object, number))).map_or(&[], Ids::as_slice)
    }

    /// How many items there are, removed ones included.
    pub(crate) const fn items(&self) -> usize {
        self.items
    }

    /// How many items somebody added, removed ones included.
    pub(crate) fn items_of(&self, owner: ParticipantId) -> usize {
        self.items_of.get(&Some(owner)).copied().unwrap_or(0)
    }

    /// The items that bear a mark.
    pub(crate) const fn marked(&self, mark: Mark) -> &Marked {
        &self.marks[mark as usize]
    }

    /// Records an inserted element of a text, `units` long.
    pub(crate) fn record_insert(&mut self, id: Id, object: ObjectNumber, units: u32, bytes: u32) {
        let extended = self.writers[id.actor as usize].push(id.counter, object, ELEMENTS);
        self.journal.push(Undo::Entry { writer: id.actor, extended });
        let text = &mut self.objects[object as usize];
        self.journal.push(Undo::Units { object, before: text.units });
        text.units = text.units.saturating_add(units);
        self.grow(object, bytes);
    }

    /// Records that an element of a text is deleted. One that two delete at the same time counts
    /// twice: a text may then come out longer than its limit, never shorter.
    pub(crate) fn record_delete(&mut self, object: ObjectNumber) {
        let text = &mut self.objects[object as usize];
        self.journal.push(Undo::Units { object, before: text.units });
        text.units = text.units.saturating_sub(1);
    }

    /// Records an operation at a key of a map.
    pub(crate) fn record_write(
        &mut self,
        id: Id,
        object: ObjectNumber,
        word: &str,
        spot: &Spot,
        action: &Action,
        predecessors: &[Id],
    ) {
        if let Some(number) = self.word(word) {
            self.retire(object, number, spot, predecessors);
        }
        if matches!(action, Action::Delete) {
            return;
        }
        let number = self.intern(word);
        let first = self.stand(object, number, id);
        if first && matches!((spot.place, action), (Place::Item(_), Action::MakeMap)) {
            let owner = self.writer(id.actor).owner;
            self.items += 1;
            *self.items_of.entry(owner).or_default() += 1;
            self.journal.push(Undo::Item { owner });
            self.join_crowd(spot);
        }
        let extended = self.writers[id.actor as usize].push(id.counter, object, number);
        self.journal.push(Undo::Entry { writer: id.actor, extended });
        self.size(id, object, spot, word, action);
        match action {
            Action::MakeMap | Action::MakeText => self.make(id, object, spot, action),
            Action::Put(value) => self.mark(id, spot, value == &Scalar::Flag(true)),
            Action::Delete => {}
        }
        self.note_case_owner(id, spot, action);
    }

    fn intern(&mut self, word: &str) -> WordNumber {
        if let Some(number) = self.word(word) {
            return number;
        }
        let number = WordNumber::try_from(self.words.len()).expect("fewer words than operations");
        let word: Arc<str> = word.into();
        self.words.push(word.clone());
        self.word_numbers.insert(word, number);
        self.journal.push(Undo::Word);
        number
    }

    fn make(&mut self, id: Id, parent: ObjectNumber, spot: &Spot, action: &Action) {
        let held = match (spot.place, action) {
            (Place::Item(item), Action::MakeMap) => Held::Map(item.shape),
            (Place::Node(Node::Map(shape)), Action::MakeMap) => Held::Map(shape),
            (Place::Node(Node::Text), Action::MakeText) => Held::Text,
            (Place::Node(Node::Value(_)), Action::MakeText) => Held::Whole,
            (_, Action::MakeText) => Held::FreeText,
            (_, _) => Held::FreeMap,
        };
        let number =
            ObjectNumber::try_from(self.objects.len()).expect("fewer objects than operations");
        let ext = self.ext_stand(parent, held);
        self.objects.push(Object {
            held,
            acts: spot.acts,
            by: spot.by,
            keeper: spot.keeper,
            item: spot.item,
            told: spot.told,
            crowd: spot.crowd,
            units: 0,
            ext,
        });
        self.makers.insert(id, number);
        self.journal.push(Undo::Object { made_by: id });
    }
}
