//! Every operation of a document, whole: what stands, what stood before, and what would stand had
//! some changes never been made.
//!
//! Read anew for each revert, from the changes themselves: nothing in the live paths pays for it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use oogst_protocol::ids::ChangeHash;

use crate::change::{Action, Actor, Change, Key, OperationId, Scalar};

/// An operation's name. Of two that compete automerge shows the greater: by counter, then by the
/// actor's bytes. So `actor` is its place among all actors of the document, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id {
    pub(super) counter: u64,
    pub(super) actor: usize,
}

/// An object, by the operation that made it; `None` is the root. One is always less than those
/// within it.
pub(super) type Object = Option<Id>;

/// An operation at a key of a map.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) id: Id,
    pub(super) action: Action,
    /// What it overwrote or deleted.
    over: Vec<Id>,
    /// Whether it is one of those to be undone.
    pub(super) undone: bool,
}

impl Write {
    pub(super) const fn is_map(&self) -> bool {
        matches!(self.action, Action::MakeMap)
    }

    pub(super) const fn is_text(&self) -> bool {
        matches!(self.action, Action::MakeText)
    }
}

/// What was inserted in a text by one operation.
#[derive(Debug)]
pub(super) struct Piece {
    id: Id,
    after: Option<Id>,
    pub(super) text: Box<str>,
    undone: bool,
    /// Deleted by an operation that is to be undone.
    deleted: bool,
    /// Deleted by another.
    deleted_otherwise: bool,
}

impl Piece {
    pub(super) const fn stands(&self) -> bool {
        !self.deleted && !self.deleted_otherwise
    }

    /// Whether it would stand if what is to be undone had never been.
    pub(super) const fn is_wanted(&self) -> bool {
        !self.undone && !self.deleted_otherwise
    }
}

#[derive(Debug, Default)]
struct Text {
    pieces: Vec<Piece>,
    places: HashMap<Id, usize>,
    /// Whether an operation that stays did something in it.
    is_others: bool,
}

/// See the module's words.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Ascending.
    actors: Vec<Actor>,
    maps: BTreeMap<Object, BTreeMap<Arc<str>, Vec<Write>>>,
    texts: BTreeMap<Id, Text>,
    /// Where each object was made.
    homes: HashMap<Id, (Object, Arc<str>)>,
    /// What was overwritten or deleted at keys of maps.
    over: HashSet<Id>,
    /// Keys that were written by what is to be undone.
    pub(super) touched: BTreeMap<Object, BTreeSet<Arc<str>>>,
    /// Texts in which that did something.
    pub(super) touched_texts: BTreeSet<Id>,
}

impl Past {
    /// Reads changes, in causal order.
    pub(super) fn read(changes: Vec<Change>, undone: &BTreeSet<ChangeHash>) -> Self {
        let actors: BTreeSet<Actor> = changes.iter().map(|change| change.actor.clone()).collect();
        let actors: Vec<Actor> = actors.into_iter().collect();
        let mut past = Self { actors, ..Self::default() };
        for change in changes {
            past.add(&change, undone.contains(&change.hash));
        }
        past
    }

    fn add(&mut self, change: &Change, undone: bool) {
        let place = |actor| self.actors.binary_search(actor).unwrap_or(usize::MAX);
        let actors: Vec<usize> = change.actors.iter().map(place).collect();
        let id = |id: OperationId| Id { counter: id.counter, actor: actors[id.actor as usize] };
        for (counter, operation) in (change.start_op..).zip(&change.operations) {
            let own = Id { counter, actor: actors[0] };
            let object = operation.object.map(id);
            match (&operation.key, object) {
                (Key::Word(word), _) => {
                    let over: Vec<Id> =
                        change.predecessors(operation).iter().copied().map(id).collect();
                    self.over.extend(&over);
                    let action = operation.action.clone();
                    if matches!(action, Action::MakeMap | Action::MakeText) {
                        self.homes.insert(own, (object, word.clone()));
                    }
                    if action == Action::MakeText {
                        self.texts.entry(own).or_default();
                    }
                    let writes = self.maps.entry(object).or_default().entry(word.clone());
                    writes.or_default().push(Write { id: own, action, over, undone });
                    if undone {
                        self.touched.entry(object).or_default().insert(word.clone());
                    }
                }
                (Key::Head | Key::Element(_), Some(text)) => {
                    if undone {
                        self.touched_texts.insert(text);
                    }
                    let element = match operation.key {
                        Key::Element(element) => Some(id(element)),
                        Key::Head | Key::Word(_) => None,
                    };
                    let text = self.texts.entry(text).or_default();
                    text.is_others |= !undone;
                    text.add(own, element, &operation.action, undone);
                }
                // The root is a map.
                (Key::Head | Key::Element(_), None) => {}
            }
        }
    }

    /// The bytes of the actor in an operation's name.
    pub(super) fn actor(&self, id: Id) -> &[u8] {
        self.actors[id.actor].as_bytes()
    }

    pub(super) fn home(&self, object: Id) -> Option<&(Object, Arc<str>)> {
        self.homes.get(&object)
    }

    pub(super) fn keys(&self, map: Id) -> impl Iterator<Item = &Arc<str>> {
        self.maps.get(&Some(map)).into_iter().flat_map(BTreeMap::keys)
    }

    /// Everything that was ever written at a key.
    pub(super) fn writes(&self, map: Object, key: &str) -> &[Write] {
        self.maps.get(&map).and_then(|keys| keys.get(key)).map_or(&[], Vec::as_slice)
    }

    /// What stands at a key now; the last is what automerge shows.
    pub(super) fn standing(&self, map: Object, key: &str) -> Vec<&Write> {
        let stands = |write: &&Write| write.action != Action::Delete && self.stands(write.id);
        let mut standing: Vec<&Write> = self.writes(map, key).iter().filter(stands).collect();
        standing.sort_unstable_by_key(|write| write.id);
        standing
    }

    /// What would be shown at a key if what is to be undone had never been written. What others
    /// overwrote stays overwritten, also where what is to be undone lies in between.
    pub(super) fn wanted(&self, map: Object, key: &str) -> Option<&Write> {
        let mut writes: Vec<&Write> = self.writes(map, key).iter().collect();
        writes.sort_unstable_by_key(|write| std::cmp::Reverse(write.id));
        let mut over: HashSet<Id> = HashSet::new();
        let mut wanted = None;
        for write in writes {
            let is_over = over.contains(&write.id);
            if is_over || !write.undone {
                over.extend(&write.over);
            }
            if !is_over && !write.undone && write.action != Action::Delete {
                wanted = wanted.or(Some(write));
            }
        }
        wanted
    }

    /// Whether an object can be reached: each map and text down to it stands at its key.
    pub(super) fn is_reachable(&self, object: Object) -> bool {
        let Some(id) = object else { return true };
        let Some((parent, _)) = self.home(id) else { return false };
        self.stands(id) && self.is_reachable(*parent)
    }

    /// Whether nothing was written over a write. Asked of an object, without a look at all that
    /// ever stood at its key: whoever replaces a text without end must not make a revert endless.
    fn stands(&self, write: Id) -> bool {
        !self.over.contains(&write)
    }

    /// Whether an object is a text.
    pub(super) fn is_text(&self, object: Id) -> bool {
        self.texts.contains_key(&object)
    }

    /// Whether what stays did anything in an object, at any depth.
    pub(super) fn is_others(&self, object: Id) -> bool {
        if self.texts.get(&object).is_some_and(|text| text.is_others) {
            return true;
        }
        let writes = self.maps.get(&Some(object)).into_iter().flat_map(BTreeMap::values).flatten();
        let makes = |write: &Write| write.is_map() || write.is_text();
        writes.into_iter().any(|write| !write.undone || makes(write) && self.is_others(write.id))
    }

    /// The pieces of a text in their order, deleted ones included: each after the one that it was
    /// inserted after, the newest first.
    pub(super) fn pieces(&self, text: Id) -> Vec<&Piece> {
        let Some(text) = self.texts.get(&text) else { return Vec::new() };
        let mut after: HashMap<Option<Id>, Vec<&Piece>> = HashMap::new();
        for piece in &text.pieces {
            after.entry(piece.after).or_default().push(piece);
        }
        after.values_mut().for_each(|pieces| pieces.sort_unstable_by_key(|piece| piece.id));
        let mut pieces = Vec::with_capacity(text.pieces.len());
        let mut next = after.remove(&None).unwrap_or_default();
        while let Some(piece) = next.pop() {
            pieces.push(piece);
            next.extend(after.remove(&Some(piece.id)).unwrap_or_default());
        }
        pieces
    }

    /// A text as it would read if what is to be undone had never been.
    pub(super) fn wanted_text(&self, text: Id) -> String {
        self.pieces(text).iter().filter(|piece| piece.is_wanted()).map(|p| &*p.text).collect()
    }
}

impl Text {
    fn add(&mut self, own: Id, element: Option<Id>, action: &Action, undone: bool) {
        match action {
            Action::Put(Scalar::Text(piece)) => {
                self.places.insert(own, self.pieces.len());
                let (text, deleted, deleted_otherwise) = (piece.clone(), false, false);
                let after = element;
                self.pieces.push(Piece {
                    id: own,
                    after,
                    text,
                    undone,
                    deleted,
                    deleted_otherwise,
                });
            }
            Action::Delete => {
                let place = element.and_then(|element| self.places.get(&element));
                if let Some(piece) = place.map(|place| &mut self.pieces[*place]) {
                    piece.deleted |= undone;
                    piece.deleted_otherwise |= !undone;
                }
            }
            // The accept path lets nothing else into a text.
            Action::Put(_) | Action::MakeMap | Action::MakeText => {}
        }
    }
}
