//! What walls show of a programme: the regions' questions and the themes that cluster them.

use std::collections::BTreeMap;

use automerge::{ObjId, ROOT};
use oogst_protocol::ids::{GroupId, ItemId};
use serde::{Deserialize, Serialize};

use super::item::Reader;

/// Questions and themes as they read at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Programme {
    pub(super) questions: BTreeMap<ItemId, Question>,
    pub(super) themes: BTreeMap<ItemId, Theme>,
}

/// What a region brings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) text: String,
    pub(super) kind: Option<String>,
    /// The region's id or its name, as somebody wrote it.
    pub(super) region: String,
    pub(super) theme: Option<ItemId>,
    pub(super) position: String,
    pub(super) removed: bool,
}

/// What clusters questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Theme {
    pub(super) text: String,
    /// The group that works on it.
    pub(super) group: Option<GroupId>,
    pub(super) position: String,
    pub(super) removed: bool,
}

impl Programme {
    /// Reads again what stands under `id`; what is not there any more is dropped.
    pub(super) fn refresh(&mut self, reader: Reader<'_>, id: ItemId) {
        match question(reader, id) {
            Some(question) => drop(self.questions.insert(id, question)),
            None => drop(self.questions.remove(&id)),
        }
        match theme(reader, id) {
            Some(theme) => drop(self.themes.insert(id, theme)),
            None => drop(self.themes.remove(&id)),
        }
    }

    pub(super) fn contains(&self, id: ItemId) -> bool {
        self.questions.contains_key(&id) || self.themes.contains_key(&id)
    }
}

fn objects(reader: Reader<'_>, home: &str, id: ItemId) -> Option<Vec<ObjId>> {
    let homes = reader.maps(&[ROOT], home);
    Some(reader.maps(&homes, &id.to_string())).filter(|objects| !objects.is_empty())
}

fn question(reader: Reader<'_>, id: ItemId) -> Option<Question> {
    let item = objects(reader, "questions", id)?;
    Some(Question {
        text: reader.text(&item, "text"),
        kind: Some(reader.text(&item, "kind")).filter(|kind| !kind.is_empty()),
        region: reader.text(&item, "region"),
        theme: reader.text(&item, "theme").parse().ok(),
        position: reader.text(&item, "position"),
        removed: reader.flag(&item, "removed"),
    })
}

fn theme(reader: Reader<'_>, id: ItemId) -> Option<Theme> {
    let item = objects(reader, "themes", id)?;
    Some(Theme {
        text: reader.text(&item, "text"),
        group: reader.text(&item, "chosen_group").parse().ok(),
        position: reader.text(&item, "position"),
        removed: reader.flag(&item, "removed"),
    })
}

/// A block's title; empty where there is none.
pub(super) fn block_title(reader: Reader<'_>, id: ItemId) -> String {
    objects(reader, "blocks", id).map_or_else(String::new, |item| reader.text(&item, "title"))
}
