//! Well-formed edits, as stock clients make them.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::limits::HIGHLIGHTS_MAX;
use oogst_protocol::schema::DocumentKind;
use uuid::Uuid;

use super::random::Random;

const PIECES: &[&str] = &["a", "é", "👩‍👩‍👧", "wat werkt ", "één zin.\n", "", "𝄞x", "ja"];

/// Whose document, and who else there is.
#[derive(Clone)]
pub(super) struct Where<'a> {
    pub(super) kind: DocumentKind,
    pub(super) me: ParticipantId,
    pub(super) members: &'a [ParticipantId],
    /// Whether the writer is a facilitator, who writes what is not everybody's, too.
    pub(super) facilitates: bool,
    /// Whether several choose the same key for what they add.
    pub(super) shared_keys: bool,
}

/// Edits one client's document.
pub(super) struct Editor<'a> {
    pub(super) random: &'a mut Random,
    pub(super) doc: &'a mut AutoCommit,
    pub(super) place: Where<'a>,
}

impl Editor<'_> {
    /// One edit of any sort.
    pub(super) fn edit(&mut self) {
        let kind = self.place.kind;
        if self.random.once_in(2) && kind == DocumentKind::Harvest {
            self.edit_harvest();
        } else if self.random.once_in(2) && kind == DocumentKind::Programme {
            self.edit_programme();
        } else {
            self.edit_any();
        }
    }

    fn edit_harvest(&mut self) {
        let map = if self.random.once_in(6) { "wordings" } else { "insights" };
        let items = self.child(&ROOT, map);
        match self.random.below(8) {
            0 => self.heading(&["title", "question"]),
            1 => {
                let chosen = self.random.uuid().to_string();
                self.string(&ROOT, "chosen", &chosen);
            }
            2 | 3 => self.add(&items),
            _ => match self.any_item(&items) {
                Some(item) if map == "insights" => self.edit_insight(&items, &item),
                Some(item) => self.edit_item(&item, &["consents"]),
                None => self.add(&items),
            },
        }
    }

    fn edit_programme(&mut self) {
        let maps: &[&str] = match self.place.facilitates {
            true => &["blocks", "questions", "themes", "news"],
            false => &["questions", "news"],
        };
        let map = *self.random.pick(maps);
        let items = self.child(&ROOT, map);
        if self.random.once_in(6) {
            return self.heading(&["title", "place", "host", "chair", "why"]);
        }
        let Some(item) = self.any_item(&items).filter(|_| !self.random.once_in(3)) else {
            return self.add(&items);
        };
        match map {
            "blocks" => match self.random.below(5) {
                0 => self.string(&item, "fixed_start", "09:30"),
                1 => self.doc.put(&item, "minutes", 45_u64).unwrap(),
                2 => self.string(&item, "kind", "plenary"),
                3 => self.type_at(&item, "title"),
                _ => self.flag(&item, "removed"),
            },
            "questions" if self.random.once_in(2) => {
                let theme = self.random.uuid().to_string();
                self.string(&item, "theme", &theme);
                self.string(&item, "kind", "challenge");
                self.type_at(&item, "region");
            }
            "news" if self.random.once_in(2) => {
                self.string(&item, "kind", "publication");
                self.type_at(&item, "link");
            }
            _ => self.edit_item(&item, &[]),
        }
    }

    fn heading(&mut self, keys: &[&str]) {
        let key = *self.random.pick(keys);
        self.type_at(&ROOT, key);
    }

    /// A new item, sometimes under a key that others also choose.
    fn add(&mut self, items: &ObjId) {
        let shared = Uuid::from_u128(1 + self.random.below(4) as u128);
        let shares = self.place.shared_keys && self.random.once_in(3);
        let key = if shares { shared } else { self.random.uuid() };
        let key = key.to_string();
        if self.doc.get(items, &key).unwrap().is_some() {
            return;
        }
        let item = self.doc.put_object(items, &key, ObjType::Map).unwrap();
        if self.random.once_in(8) {
            return;
        }
        let blocks = self.doc.get(ROOT, "blocks").unwrap();
        if blocks.is_some_and(|(_, blocks)| blocks == *items) {
            self.doc.put(&item, "removed", false).unwrap();
            return self.type_at(&item, "title");
        }
        let me = self.place.me.to_string();
        self.string(&item, "author", &me);
        self.doc.put(&item, "created", 1_795_256_103_120_f64).unwrap();
        self.doc.put(&item, "removed", false).unwrap();
        self.string(&item, "position", "a0");
        self.type_at(&item, "text");
    }

    fn edit_insight(&mut self, items: &ObjId, item: &ObjId) {
        match self.random.below(8) {
            0 => {
                let category = *self.random.pick(&["tip", "tool", "question", "obstacle"]);
                self.string(item, "category", category);
            }
            1 => {
                let parent = self.random.uuid().to_string();
                self.string(item, "parent", &parent);
            }
            2 => self.highlight(items, item),
            3 => {
                let source = self.child(item, "source");
                let key = *self.random.pick(&["place", "country", "url"]);
                self.type_at(&source, key);
            }
            4 => {
                let translations = self.child(item, "translations");
                let translation = self.child(&translations, "fr-BE");
                self.type_at(&translation, "text");
                self.string(&translation, "by", "machine");
            }
            _ => self.edit_item(item, &["supports"]),
        }
    }

    fn edit_item(&mut self, item: &ObjId, own: &[&str]) {
        match self.random.below(9) {
            0 => self.flag(item, "removed"),
            1 => self.string(item, "position", "Zz9"),
            2 => {
                let members = self.place.members;
                let named = self.random.pick(members).to_string();
                let said_by = self.child(item, "said_by");
                self.flag(&said_by, &named);
            }
            3 => {
                let refs = self.child(item, "refs");
                let key = self.random.uuid().to_string();
                let reference = self.child(&refs, &key);
                self.string(&reference, "kind", "solves");
            }
            4 => self.ext(item),
            5 if !own.is_empty() => {
                let key = *self.random.pick(own);
                let map = self.child(item, key);
                let me = self.place.me.to_string();
                self.flag(&map, &me);
            }
            6 => {
                let key = *self.random.pick(&["position", "removed", "created"]);
                if self.doc.get(item, key).unwrap().is_some() {
                    self.doc.delete(item, key).unwrap();
                }
            }
            _ => self.type_at(item, "text"),
        }
    }

    pub(super) fn highlight(&mut self, items: &ObjId, item: &ObjId) {
        let truth = |doc: &AutoCommit, item: &ObjId, key: &str| {
            doc.get(item, key).unwrap().is_some_and(|(value, _)| value.as_bool() == Some(true))
        };
        let keys: Vec<String> = self.doc.keys(items).collect();
        let live = keys.iter().filter(|key| {
            let other = self.doc.get(items, key.as_str()).unwrap().unwrap().1;
            other != *item
                && truth(self.doc, &other, "highlight")
                && !truth(self.doc, &other, "removed")
        });
        if live.count() < HIGHLIGHTS_MAX {
            self.flag(item, "highlight");
        }
    }

    pub(super) fn ext(&mut self, item: &ObjId) {
        let ext = self.child(item, "ext");
        match self.random.below(5) {
            0 => {
                let inner = self.child(&ext, "inner");
                self.type_at(&inner, "deep");
            }
            1 => self.doc.put(&ext, "x", ScalarValue::Bytes(vec![1, 2])).unwrap(),
            2 => self.type_at(&ext, "y"),
            3 if self.doc.get(&ext, "inner").unwrap().is_some() => {
                self.doc.delete(&ext, "inner").unwrap();
            }
            _ => self.doc.put(&ext, "x", 1.5).unwrap(),
        }
    }

    /// On, off, or no word of it.
    pub(super) fn flag(&mut self, map: &ObjId, key: &str) {
        let there = self.doc.get(map, key).unwrap().is_some();
        if there && self.random.once_in(4) {
            self.doc.delete(map, key).unwrap();
        } else {
            let value = self.random.once_in(2);
            self.doc.put(map, key, value).unwrap();
        }
    }

    /// A plain string, as the JavaScript library writes it or as `ImmutableString`.
    pub(super) fn string(&mut self, map: &ObjId, key: &str, value: &str) {
        match self.random.below(6) {
            0..=2 => {
                let text = self.doc.put_object(map, key, ObjType::Text).unwrap();
                self.doc.splice_text(&text, 0, 0, value).unwrap();
            }
            3 | 4 => self.doc.put(map, key, value).unwrap(),
            _ => self.doc.put(map, key, ScalarValue::Null).unwrap(),
        }
    }

    /// Types in a text, or replaces it whole, or pastes.
    pub(super) fn type_at(&mut self, map: &ObjId, key: &str) {
        let found = self.doc.get(map, key).unwrap();
        let text = match found {
            Some((Value::Object(ObjType::Text), text)) if !self.random.once_in(10) => text,
            _ if self.random.once_in(10) => {
                return self.doc.put(map, key, "in één keer").unwrap();
            }
            _ => self.doc.put_object(map, key, ObjType::Text).unwrap(),
        };
        let pasted = "plakken ".repeat(1 + self.random.below(30));
        for _ in 0..1 + self.random.below(4) {
            let length = self.doc.length(&text);
            let at = self.random.below(length + 1);
            let deleted = self.random.below(6).min(length - at);
            let paste = self.random.once_in(24);
            let piece = if paste { &pasted } else { *self.random.pick(PIECES) };
            self.doc.splice_text(&text, at, isize::try_from(deleted).unwrap(), piece).unwrap();
        }
    }

    pub(super) fn any_item(&mut self, items: &ObjId) -> Option<ObjId> {
        let keys: Vec<String> = self.doc.keys(items).collect();
        let key = (!keys.is_empty()).then(|| self.random.pick(&keys))?;
        self.doc.get(items, key.as_str()).unwrap().map(|(_, item)| item)
    }

    /// The map at a key, made where there is none.
    pub(super) fn child(&mut self, map: &ObjId, key: &str) -> ObjId {
        match self.doc.get(map, key).unwrap() {
            Some((Value::Object(ObjType::Map), child)) => child,
            _ => self.doc.put_object(map, key, ObjType::Map).unwrap(),
        }
    }
}
