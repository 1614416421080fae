//! Reading items out of a materialised document, now or at past heads.
//!
//! Nothing here fails: what is missing, or of a type that it should not be, reads as empty.
//! Where two people created one item, or one map within it, at the same time, both were accepted;
//! a reader unites them, so that nobody's part is lost to a winner.

use automerge::{Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value};
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::ItemId;
use serde::{Deserialize, Serialize};

/// The map at the document's root that holds the items which a contribution is about.
pub(super) const fn home(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::InsightAdded
        | Kind::InsightEdited
        | Kind::InsightRecategorised
        | Kind::InsightMoved
        | Kind::InsightHighlighted
        | Kind::InsightSupported
        | Kind::InsightUnsupported
        | Kind::InsightTranslated
        | Kind::InsightAttributed
        | Kind::InsightRemoved
        | Kind::InsightRestored => Some("insights"),
        Kind::WordingProposed | Kind::WordingConsented | Kind::WordingChosen => Some("wordings"),
        Kind::RegionQuestionAdded
        | Kind::RegionQuestionEdited
        | Kind::RegionQuestionClustered
        | Kind::RegionQuestionRemoved => Some("questions"),
        Kind::ThemeProposed | Kind::ThemeEdited | Kind::ThemeRemoved => Some("themes"),
        Kind::BlockAdded | Kind::BlockEdited | Kind::BlockRemoved => Some("blocks"),
        Kind::NewsShared | Kind::NewsEdited | Kind::NewsRemoved => Some("news"),
        // It stands at the root itself.
        Kind::QuestionEdited
        // These are outside documents.
        | Kind::GatheringPrepared
        | Kind::GatheringOpened
        | Kind::GatheringClosed
        | Kind::RoundOpened
        | Kind::GroupFormed
        | Kind::DocumentOpened
        | Kind::DocumentFrozen
        | Kind::DocumentThawed
        | Kind::ParticipantJoined
        | Kind::ParticipantReturned
        | Kind::ParticipantMoved
        | Kind::ParticipantRenamed
        | Kind::ParticipantPromoted
        | Kind::ParticipantRemoved
        | Kind::ParticipantLeft
        | Kind::RoundClosed
        | Kind::GuestsAdmitted
        | Kind::GuestsDismissed
        | Kind::BlockStarted
        | Kind::BlockEnded
        | Kind::BlockShifted
        | Kind::TimerStarted
        | Kind::TimerStopped
        | Kind::SpotlightSet
        | Kind::VoteOpened
        | Kind::VoteCast
        | Kind::VotePaperAdded
        | Kind::VoteClosed
        | Kind::SelectionConfirmed
        | Kind::ConsentSet
        | Kind::FileAdded => None,
        // A kind of a newer vocabulary; this crate is built with it, so there is none.
        _ => None,
    }
}

/// An item as it reads at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    /// Its text; a block's title.
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

    /// The item under `key` of the root's map `home`; `None` where there is none.
    pub(super) fn item(&self, home: &str, key: &str) -> Option<Item> {
        let homes = self.maps(&[ROOT], home);
        let item = self.maps(&homes, key);
        if item.is_empty() {
            return None;
        }
        let text = self.text(&item, "text");
        Some(Item {
            text: if text.is_empty() { self.text(&item, "title") } else { text },
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
