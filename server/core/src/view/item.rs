//! Reading items out of a materialised document, now or at past heads.
//!
//! Nothing here fails: what is missing, or of a type that it should not be, reads as empty.
//! Where two people created one item, or one map within it, at the same time, both were accepted;
//! a reader unites them, so that nobody's part is lost to a winner.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value};
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::ItemId;
use oogst_protocol::schema::DocumentKind;
use serde::{Deserialize, Serialize};

/// The harvest's map of insights, which walls and exports are made of.
pub(super) const INSIGHTS: &str = "insights";

/// Where an item stands, and the keys of its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Home {
    /// The root's map and the key in it; where it stands within that item, its map and its key.
    steps: [Option<(&'static str, ItemId)>; 2],
    words: &'static [&'static str],
}

impl Home {
    /// An item of a map of the root, with the keys of its texts.
    pub(super) const fn top(map: &'static str, id: ItemId, words: &'static [&'static str]) -> Self {
        Self { steps: [Some((map, id)), None], words }
    }

    /// An insight of a harvest.
    pub(super) const fn insight(id: ItemId) -> Self {
        Self::top(INSIGHTS, id, &["text"])
    }

    pub(super) fn is_insight(&self) -> bool {
        matches!(self.steps, [Some((INSIGHTS, _)), None])
    }
}

/// The maps of the root with items that a contribution may be about, and the keys of their texts.
pub(super) fn tops(
    document: DocumentKind,
    kind: Kind,
) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let homes = document.root().homes();
    let told = homes.filter(move |(_, item)| item.is_told() && item.contributes(kind));
    told.map(|(map, item)| (map, item.words))
}

/// Whether items of this kind of document hold items themselves.
pub(super) fn nests(document: DocumentKind) -> bool {
    document.root().homes().any(|(_, item)| item.shape.homes().next().is_some())
}

/// An item as it reads at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    /// The first of its texts that is not empty.
    pub(super) text: String,
    pub(super) category: Option<String>,
    pub(super) language: Option<String>,
    pub(super) parent: Option<ItemId>,
    pub(super) position: String,
    pub(super) removed: bool,
    pub(super) highlight: bool,
    pub(super) supports: u64,
    /// Who is named as having said it.
    pub(super) said_by: Vec<String>,
}

/// Reads a document now, or at past heads of it.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    document: &'d Automerge,
    at: Option<&'d [ChangeHash]>,
}

impl<'d> Reader<'d> {
    pub(super) const fn now(document: &'d Automerge) -> Self {
        Self { document, at: None }
    }

    pub(super) const fn at(document: &'d Automerge, heads: &'d [ChangeHash]) -> Self {
        Self { document, at: Some(heads) }
    }

    /// The item that stands there; `None` where there is none.
    pub(super) fn item(&self, home: &Home) -> Option<Item> {
        let steps = home.steps.iter().flatten();
        let item = steps.fold(vec![ROOT], |objects, (map, key)| {
            self.maps(&self.maps(&objects, map), &key.to_string())
        });
        if item.is_empty() {
            return None;
        }
        let mut texts = home.words.iter().map(|key| self.text(&item, key));
        Some(Item {
            text: texts.find(|text| !text.is_empty()).unwrap_or_default(),
            category: Some(self.text(&item, "category")).filter(|category| !category.is_empty()),
            language: Some(self.text(&item, "language")).filter(|language| !language.is_empty()),
            parent: self.text(&item, "parent").parse().ok(),
            position: self.text(&item, "position"),
            removed: self.flag(&item, "removed"),
            highlight: self.flag(&item, "highlight"),
            supports: self.flags(&item, "supports").len() as u64,
            said_by: self.flags(&item, "said_by"),
        })
    }

    /// Where those of these items stand that stand within others.
    pub(super) fn nested(
        &self,
        document: DocumentKind,
        mut wanted: BTreeSet<ItemId>,
    ) -> BTreeMap<ItemId, Home> {
        let mut found = BTreeMap::new();
        for (top, item) in document.root().homes() {
            let tops = self.maps(&[ROOT], top);
            wanted.retain(|id| self.maps(&tops, &id.to_string()).is_empty());
            let holders: BTreeSet<_> = match wanted.is_empty() {
                true => BTreeSet::new(),
                false => tops.iter().flat_map(|map| self.keys_of(map)).collect(),
            };
            for holder in holders {
                let Ok(id) = holder.parse() else { continue };
                let objects = self.maps(&tops, &holder);
                for (map, part) in item.shape.homes() {
                    let parts = self.maps(&objects, map);
                    let keys = parts.iter().flat_map(|parts| self.keys_of(parts));
                    let ids = keys.filter_map(|key| key.parse().ok());
                    for part_id in ids.filter(|id| wanted.contains(id)) {
                        let steps = [Some((top, id)), Some((map, part_id))];
                        found.entry(part_id).or_insert(Home { steps, words: part.words });
                    }
                }
            }
        }
        found
    }

    /// A text at the document's root.
    pub(super) fn root_text(&self, key: &str) -> String {
        self.text(&[ROOT], key)
    }

    pub(super) fn keys_of(&self, map: &ObjId) -> Vec<String> {
        match self.at {
            None => self.document.keys(map).collect(),
            Some(heads) => self.document.keys_at(map, heads).collect(),
        }
    }

    /// The value that automerge shows under a key.
    pub(super) fn value(
        &self,
        object: &ObjId,
        key: impl Into<automerge::Prop>,
    ) -> Option<(Value<'d>, ObjId)> {
        let value = match self.at {
            None => self.document.get(object, key),
            Some(heads) => self.document.get_at(object, key, heads),
        };
        value.ok().flatten()
    }

    pub(super) fn text_of(&self, text: &ObjId) -> String {
        let text = match self.at {
            None => self.document.text(text),
            Some(heads) => self.document.text_at(text, heads),
        };
        text.unwrap_or_default()
    }

    pub(super) fn length_of(&self, list: &ObjId) -> usize {
        match self.at {
            None => self.document.length(list),
            Some(heads) => self.document.length_at(list, heads),
        }
    }

    /// Every map under `key` of one of `objects`: the one that automerge shows comes first.
    pub(super) fn maps(&self, objects: &[ObjId], key: &str) -> Vec<ObjId> {
        let all = objects.iter().flat_map(|object| {
            let values = match self.at {
                None => self.document.get_all(object, key),
                Some(heads) => self.document.get_all_at(object, key, heads),
            };
            values.unwrap_or_default().into_iter().rev()
        });
        all.filter(|(value, _)| matches!(value, Value::Object(ObjType::Map)))
            .map(|(_, map)| map)
            .collect()
    }

    /// The first text that is not empty, whether a text object or a plain string.
    pub(super) fn text(&self, objects: &[ObjId], key: &str) -> String {
        let mut texts = objects.iter().filter_map(|object| match self.value(object, key)? {
            (Value::Object(ObjType::Text), text) => Some(self.text_of(&text)),
            (Value::Scalar(scalar), _) => scalar.as_str().map(str::to_owned),
            (Value::Object(_), _) => None,
        });
        texts.find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The first `true` or `false`.
    pub(super) fn flag(&self, objects: &[ObjId], key: &str) -> bool {
        let mut flags = objects.iter().filter_map(|object| match self.value(object, key)? {
            (Value::Scalar(scalar), _) => scalar.as_bool(),
            (Value::Object(_), _) => None,
        });
        flags.next().unwrap_or_default()
    }

    /// The keys that are `true` in the map under `key`, in order.
    fn flags(&self, objects: &[ObjId], key: &str) -> Vec<String> {
        let maps = self.maps(objects, key);
        let set = |map: &ObjId| {
            let keys = self.keys_of(map).into_iter();
            let map = std::slice::from_ref(map);
            keys.filter(|key| self.flag(map, key)).collect::<Vec<_>>()
        };
        let mut keys: Vec<_> = maps.iter().flat_map(set).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
