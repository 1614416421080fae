//! The language of shapes: maps, texts and plain values, all constant data.

use super::rule::Rule;
use crate::contribution::Kind;

/// A map of a document.
#[derive(Debug)]
pub struct Shape {
    /// Which keys it takes, and what stands under each.
    pub keys: Keys,
    /// Never replaced or deleted once it is made: others write in it.
    pub kept: bool,
}

/// The keys of a map.
#[derive(Debug)]
pub enum Keys {
    /// These, from several lists.
    Named(&'static [&'static [Field]]),
    /// A UUID for each item.
    Items(&'static Item),
    /// The participant id of somebody who alone writes what stands under it: an item a person.
    Cards(&'static Item),
    /// Any key of a certain form, all holding the same.
    Each(Name, &'static Node),
    /// Anything, kept and relayed unread.
    Any,
}

/// The form of keys that are not known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The writer's own participant id.
    Own,
    /// The id of anybody of the gathering.
    Member,
    /// A UUID.
    Uuid,
    /// A language tag, as `nl-BE`.
    Language,
    /// A short word: the id of a file.
    Word,
    /// An item of any document, as `<document>/<item>`.
    Target,
}

/// What stands under a key.
#[derive(Debug)]
pub enum Node {
    /// A map.
    Map(&'static Shape),
    /// A text that people type: spliced, or replaced whole; a plain string or null is fine too.
    Text,
    /// A plain value; strings also as a text object written whole in one change.
    Value(Rule),
}

/// One named key.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What stands under it.
    pub node: Node,
    /// What writing it contributes; nothing set means: as the map that holds it.
    pub acts: Acts,
    /// Who writes it; [`By::Writers`] means: as the map that holds it.
    pub by: By,
}

/// Items: maps under UUIDs, never replaced or deleted, each with its contributions.
#[derive(Debug)]
pub struct Item {
    /// What an item holds.
    pub shape: &'static Shape,
    /// What a new one contributes.
    pub added: Kind,
    /// The keys of its texts; feed and events quote the first that is not empty. An item without
    /// any is neither quoted nor named outside its document.
    pub words: &'static [&'static str],
    /// Most that are not removed at once, of those that their writer sees.
    pub live_max: Option<usize>,
}

impl Item {
    /// Items that feed and events quote by the first of `words` that is not empty.
    #[must_use]
    pub const fn new(shape: &'static Shape, added: Kind, words: &'static [&'static str]) -> Self {
        Self { shape, added, words, live_max: None }
    }

    /// The same, at most so many at once.
    #[must_use]
    pub const fn at_most(self, live: usize) -> Self {
        Self { live_max: Some(live), ..self }
    }

    /// Whether contributions name the item.
    #[must_use]
    pub const fn is_told(&self) -> bool {
        !self.words.is_empty()
    }

    /// Whether writing such an item can contribute this.
    #[must_use]
    pub fn contributes(&self, kind: Kind) -> bool {
        let acts = |field: &Field| [field.acts.set, field.acts.unset];
        self.added == kind || self.shape.fields().any(|field| acts(field).contains(&Some(kind)))
    }
}

/// What writing a key contributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acts {
    /// When it is written.
    pub set: Option<Kind>,
    /// When it is deleted, or set to false or null; as `set` where there is none.
    pub unset: Option<Kind>,
}

impl Acts {
    /// As the map that holds the key.
    pub const INHERITED: Self = Self { set: None, unset: None };

    /// The same, whatever is written.
    #[must_use]
    pub const fn always(kind: Kind) -> Self {
        Self { set: Some(kind), unset: None }
    }

    /// One when it is set, another when it is taken back.
    #[must_use]
    pub const fn either(set: Kind, unset: Kind) -> Self {
        Self { set: Some(set), unset: Some(unset) }
    }
}

/// Who writes a key, of those who may write in the document at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// All of them.
    Writers,
    /// The facilitator.
    Facilitator,
    /// The document's case owner, or the facilitator.
    CaseOwner,
    /// Nobody: the template alone.
    Nobody,
}

impl Shape {
    /// A map with these keys that may be replaced or deleted.
    #[must_use]
    pub const fn free(keys: Keys) -> Self {
        Self { keys, kept: false }
    }

    /// A map with these keys that is never replaced or deleted.
    #[must_use]
    pub const fn kept(keys: Keys) -> Self {
        Self { keys, kept: true }
    }

    /// The field of this key, where keys are named.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.key == key)
    }

    /// Every field, where keys are named.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let groups = if let Keys::Named(groups) = self.keys { groups } else { &[] };
        groups.iter().copied().flatten()
    }

    /// The named maps that hold items.
    pub fn homes(&self) -> impl Iterator<Item = (&'static str, &'static Item)> {
        self.fields().filter_map(|field| match field.node {
            Node::Map(Self { keys: Keys::Items(item) | Keys::Cards(item), .. }) => {
                Some((field.key, *item))
            }
            Node::Map(_) | Node::Text | Node::Value(_) => None,
        })
    }
}

impl Field {
    /// A text that people type.
    #[must_use]
    pub const fn text(key: &'static str, acts: Acts) -> Self {
        Self { key, node: Node::Text, acts, by: By::Writers }
    }

    /// A plain value.
    #[must_use]
    pub const fn value(key: &'static str, rule: Rule, acts: Acts) -> Self {
        Self { key, node: Node::Value(rule), acts, by: By::Writers }
    }

    /// A map.
    #[must_use]
    pub const fn map(key: &'static str, shape: &'static Shape, acts: Acts) -> Self {
        Self { key, node: Node::Map(shape), acts, by: By::Writers }
    }

    /// The same, written by others.
    #[must_use]
    pub const fn by(self, by: By) -> Self {
        let Self { key, node, acts, by: _ } = self;
        Self { key, node, acts, by }
    }
}

/// What the keys that every item has contribute.
#[derive(Clone, Copy, Debug)]
pub struct ItemActs {
    /// Its text.
    pub edited: Kind,
    /// Its position.
    pub moved: Kind,
    /// Who said it.
    pub attributed: Kind,
    /// It was removed, or restored.
    pub removed: Acts,
}

impl ItemActs {
    /// The same, whatever is done.
    #[must_use]
    pub const fn all(kind: Kind) -> Self {
        Self { edited: kind, moved: kind, attributed: kind, removed: Acts::always(kind) }
    }
}

/// A flag of each participant, set by nobody else.
pub(super) static OWN_FLAGS: Shape = Shape::kept(Keys::Each(Name::Own, &Node::Value(Rule::Flag)));

static SAID_BY: Shape = Shape::kept(Keys::Each(Name::Member, &Node::Value(Rule::Flag)));
static REFS: Shape = Shape::kept(Keys::Each(Name::Uuid, &Node::Map(&REF)));
static REF: Shape = Shape::free(Keys::Named(&[&[
    Field::value("kind", Rule::OneOf(REF_KINDS), Acts::INHERITED),
    Field::value("target", Rule::Target, Acts::INHERITED),
]]));
const REF_KINDS: &[&str] = &["solves", "tried", "replaces", "answers", "about"];
static PHOTOS: Shape = Shape::kept(Keys::Each(Name::Word, &Node::Value(Rule::Flag)));
static EXT: Shape = Shape::free(Keys::Any);

/// The first two keys of every document: its kind and the version of its shape.
pub(super) const HEADING: [Field; 2] = [
    Field::text("kind", Acts::INHERITED).by(By::Nobody),
    Field::value("schema", Rule::Whole { most: i64::MAX }, Acts::INHERITED).by(By::Nobody),
];

/// The keys that every item has, all optional.
#[must_use]
pub const fn item(acts: ItemActs) -> [Field; 9] {
    let edited = Acts::always(acts.edited);
    [
        Field::text("text", edited),
        Field::value("author", Rule::Own, edited),
        Field::value("created", Rule::Moment, edited),
        Field::value("position", Rule::Position, Acts::always(acts.moved)),
        Field::value("removed", Rule::Removed, acts.removed),
        Field::map("said_by", &SAID_BY, Acts::always(acts.attributed)),
        Field::map("refs", &REFS, edited),
        Field::map("photos", &PHOTOS, edited),
        Field::map("ext", &EXT, Acts::INHERITED),
    ]
}
