//! What has to be written so that some changes have never been, as far as others did not build on
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use oogst_protocol::ids::{ItemId, canonical_uuid};
use oogst_protocol::schema::{Keys, Node, Rule, Shape};

use super::past::{Id, Object, Past, Write};
use super::{Left, LeftWhy};
use crate::accept::units;
use crate::change::{Action, Scalar};

/// About how many UTF-16 units one step takes out of a text.
const SPLICE_UNITS: usize = 10_000;

/// One thing to be written.
#[derive(Debug)]
pub(super) enum Step {
    /// A value at a key of a map, over what stands there.
    Put { map: Object, key: Arc<str>, content: Content },
    /// Nothing at a key of a map any more.
    Clear { map: Object, key: Arc<str> },
    /// A part of a text in the place of another; `at` and `remove` in UTF-16 units.
    Splice { text: Id, at: usize, remove: usize, insert: String },
    /// An item is a key point again, if there are not too many now.
    Highlight { map: Object, key: Arc<str>, item: Option<ItemId> },
}

/// What is written at a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Plain(Scalar),
    Text(String),
    Map(Vec<(Arc<str>, Content)>),
}

/// What the schema says of an object.
#[derive(Clone, Copy)]
enum Sort {
    Map(&'static Shape),
    /// A text that people type, also one of which the schema knows nothing.
    Text,
    /// A plain value as a text.
    Whole,
    /// A map of which the schema knows nothing.
    Free,
}

/// What the schema says of a key.
#[derive(Clone, Copy)]
enum Place {
    Map(&'static Shape),
    Text,
    Value(Rule),
    Free,
}

/// The way to undo some changes of a document.
pub(super) struct Plan<'p> {
    past: &'p Past,
    root: &'static Shape,
    pub(super) steps: Vec<Step>,
    pub(super) items: BTreeSet<ItemId>,
    pub(super) left: Vec<Left>,
    /// Objects that go as a whole: what is in them needs nothing.
    gone: BTreeSet<Id>,
    /// Items that are to be undone, and stay because others built on them.
    staying: BTreeSet<Id>,
    /// What is put back at the beginning of a text.
    heads: BTreeMap<Id, String>,
}

impl<'p> Plan<'p> {
    pub(super) fn new(past: &'p Past, root: &'static Shape) -> Self {
        let (steps, items, left) = (Vec::new(), BTreeSet::new(), Vec::new());
        let (gone, staying, heads) = (BTreeSet::new(), BTreeSet::new(), BTreeMap::new());
        Self { past, root, steps, items, left, gone, staying, heads }
    }

    pub(super) fn make(mut self) -> Self {
        // Whatever is in a map comes after the map itself.
        for (map, keys) in &self.past.touched {
            if self.is_gone(*map) || !self.past.is_reachable(*map) {
                continue;
            }
            let Some(sort) = self.sort(*map) else { continue };
            for key in keys {
                if let Some(place) = place(sort, key) {
                    self.key(*map, key, place);
                }
            }
        }
        let texts: BTreeSet<Id> =
            self.heads.keys().chain(&self.past.touched_texts).copied().collect();
        for text in texts {
            let typed = matches!(self.sort(Some(text)), Some(Sort::Text));
            if typed && !self.is_gone(Some(text)) && self.past.is_reachable(Some(text)) {
                self.text(text);
            }
        }
        // Key points come last: there is room for them when others have gone.
        self.steps.sort_by_key(|step| matches!(step, Step::Highlight { .. }));
        self
    }

    fn key(&mut self, map: Object, key: &Arc<str>, place: Place) {
        let standing = self.past.standing(map, key);
        if let Place::Map(shape) = place
            && shape.kept
        {
            return self.kept(map, key, shape, &standing);
        }
        let shown = standing.last().copied();
        if shown.is_some_and(|shown| !shown.undone) {
            return;
        }
        let content = self.before(map, key, place, shown);
        if let Some(shown) = shown {
            if shown.is_map() && self.past.is_others(shown.id) {
                return self.leave(map, key, LeftWhy::BuiltOn);
            }
            if shown.is_text() && matches!(place, Place::Text) {
                // The text stays, as an object: others may be typing in it at this moment. What
                // was typed in it goes, and what it replaced is put back in it.
                if let Some(Content::Text(before)) = content {
                    self.heads.insert(shown.id, before);
                }
                return;
            }
            if content.is_some() && content == self.content_as_is(shown, place) {
                return;
            }
            if shown.is_map() || shown.is_text() {
                self.gone.insert(shown.id);
            }
        }
        let holds = is_place(place) && map.is_some_and(|map| self.staying.contains(&map));
        match content {
            None if shown.is_none() || holds => return,
            None => self.steps.push(Step::Clear { map, key: key.clone() }),
            Some(Content::Plain(Scalar::Flag(true))) if is_highlight(place) => {
                let item = self.item(map, key);
                self.steps.push(Step::Highlight { map, key: key.clone(), item });
            }
            Some(content) => self.steps.push(Step::Put { map, key: key.clone(), content }),
        }
        self.note(map, key);
    }

    /// A map that is never replaced. One that only what is to be undone made is removed, the way
    /// items are; where others built on it, it stays.
    fn kept(&mut self, map: Object, key: &Arc<str>, shape: &'static Shape, standing: &[&Write]) {
        let is_new = !standing.is_empty() && standing.iter().all(|maker| maker.undone);
        if !is_new || shape.field("removed").is_none() {
            return;
        }
        if standing.iter().any(|maker| self.past.is_others(maker.id)) {
            self.staying.extend(standing.iter().map(|maker| maker.id));
            return self.leave(map, key, LeftWhy::BuiltOn);
        }
        self.gone.extend(standing.iter().map(|maker| maker.id));
        for maker in standing {
            let removed = self.past.standing(Some(maker.id), "removed");
            let already = Action::Put(Scalar::Flag(true));
            if removed.last().is_some_and(|flag| flag.action == already) {
                continue;
            }
            let content = Content::Plain(Scalar::Flag(true));
            self.steps.push(Step::Put { map: Some(maker.id), key: "removed".into(), content });
            self.note(map, key);
        }
    }

    /// What belongs at a key in the place of what is `shown`: what was there before; and what
    /// others typed in texts that came and went in between.
    fn before(
        &self,
        map: Object,
        key: &str,
        place: Place,
        shown: Option<&Write>,
    ) -> Option<Content> {
        let content = self.past.wanted(map, key).and_then(|wanted| self.content(wanted, place));
        if !matches!(place, Place::Text) {
            return content;
        }
        let shown = shown.map(|shown| shown.id);
        let between = self.past.writes(map, key).iter();
        let between = between.filter(|write| write.undone && write.is_text());
        let between = between.filter(|write| Some(write.id) != shown);
        let typed: String = between.map(|write| self.past.wanted_text(write.id)).collect();
        match content {
            Some(Content::Text(text)) => Some(Content::Text(text + &typed)),
            content if typed.is_empty() => content,
            _ => Some(Content::Text(typed)),
        }
    }

    fn text(&mut self, text: Id) {
        let (mut at, mut remove) = (0, 0);
        let mut insert = self.heads.remove(&text).unwrap_or_default();
        let before = self.steps.len();
        for piece in self.past.pieces(text) {
            match (piece.stands(), piece.is_wanted()) {
                (true, true) => {
                    at += self.splice(text, at, std::mem::take(&mut remove), &mut insert);
                    at += units(&piece.text);
                }
                (true, false) => {
                    remove += units(&piece.text);
                    if remove >= SPLICE_UNITS {
                        self.splice(text, at, std::mem::take(&mut remove), &mut String::new());
                    }
                }
                (false, true) => insert.push_str(&piece.text),
                (false, false) => {}
            }
        }
        self.splice(text, at, remove, &mut insert);
        if self.steps.len() > before
            && let Some((map, key)) = self.past.home(text)
        {
            self.note(*map, key);
        }
    }

    /// Gives how much longer the text is before what follows.
    fn splice(&mut self, text: Id, at: usize, remove: usize, insert: &mut String) -> usize {
        let insert = std::mem::take(insert);
        let length = units(&insert);
        if remove > 0 || length > 0 {
            self.steps.push(Step::Splice { text, at, remove, insert });
        }
        length
    }

    /// What a write put at a key, as it would be if what is to be undone had never been.
    fn content(&self, write: &Write, place: Place) -> Option<Content> {
        Some(match (&write.action, place) {
            // A plain string reads otherwise in the JavaScript library than a text.
            (Action::Put(Scalar::Text(text)), Place::Text | Place::Value(_)) => {
                Content::Text(text.to_string())
            }
            (Action::Put(value), _) => Content::Plain(value.clone()),
            (Action::MakeText, _) => Content::Text(self.past.wanted_text(write.id)),
            (Action::MakeMap, place) => {
                let sort = match place {
                    Place::Map(shape) => Sort::Map(shape),
                    Place::Text | Place::Value(_) | Place::Free => Sort::Free,
                };
                let entries = self.past.keys(write.id).filter_map(|key| {
                    let wanted = self.past.wanted(Some(write.id), key)?;
                    Some((key.clone(), self.content(wanted, self::place(sort, key)?)?))
                });
                Content::Map(entries.collect())
            }
            (Action::Delete, _) => return None,
        })
    }

    /// What a write put at a key, where it is a plain value.
    fn content_as_is(&self, write: &Write, place: Place) -> Option<Content> {
        match (&write.action, place) {
            (Action::MakeText, Place::Value(_)) => {
                let pieces = self.past.pieces(write.id);
                Some(Content::Text(pieces.iter().map(|piece| &*piece.text).collect()))
            }
            (Action::Put(_), _) => self.content(write, place),
            (Action::MakeText | Action::MakeMap | Action::Delete, _) => None,
        }
    }

    fn leave(&mut self, map: Object, key: &str, why: LeftWhy) {
        let left = Left { item: self.item(map, key), why };
        if !self.left.contains(&left) {
            self.left.push(left);
        }
    }

    fn note(&mut self, map: Object, key: &str) {
        self.items.extend(self.item(map, key));
    }

    fn is_gone(&self, object: Object) -> bool {
        let Some(id) = object else { return false };
        let home = self.past.home(id);
        self.gone.contains(&id) || home.is_some_and(|(parent, _)| self.is_gone(*parent))
    }

    fn sort(&self, object: Object) -> Option<Sort> {
        let Some(id) = object else { return Some(Sort::Map(self.root)) };
        let (parent, key) = self.past.home(id)?;
        let place = place(self.sort(*parent)?, key)?;
        Some(match place {
            Place::Map(shape) => Sort::Map(shape),
            Place::Value(_) => Sort::Whole,
            Place::Text => Sort::Text,
            Place::Free if self.past.is_text(id) => Sort::Text,
            Place::Free => Sort::Free,
        })
    }

    /// The item that a key belongs to, or is.
    fn item(&self, map: Object, key: &str) -> Option<ItemId> {
        if let Some(Sort::Map(Shape { keys: Keys::Items(_) | Keys::Cards(_), .. })) = self.sort(map)
        {
            return canonical_uuid(key).map(ItemId::new);
        }
        let (parent, key) = self.past.home(map?)?;
        self.item(*parent, key)
    }
}

fn place(sort: Sort, key: &str) -> Option<Place> {
    let shape = match sort {
        Sort::Map(shape) => shape,
        Sort::Free => return Some(Place::Free),
        Sort::Text | Sort::Whole => return None,
    };
    let node = match &shape.keys {
        Keys::Named(_) => &shape.field(key)?.node,
        Keys::Items(item) | Keys::Cards(item) => return Some(Place::Map(item.shape)),
        Keys::Each(_, node) => node,
        Keys::Any => return Some(Place::Free),
    };
    Some(match node {
        Node::Map(shape) => Place::Map(shape),
        Node::Text => Place::Text,
        Node::Value(rule) => Place::Value(*rule),
    })
}

/// Whether a value says where an item is, and whose: one that stays needs it.
const fn is_place(place: Place) -> bool {
    matches!(
        place,
        Place::Value(Rule::Own | Rule::Moment | Rule::Position | Rule::Uuid | Rule::Link)
    )
}

const fn is_highlight(place: Place) -> bool {
    matches!(place, Place::Value(Rule::Highlight))
}
