//! What a new document holds: the words of its kind in the gathering's language, and every map
//! and text that people will write in.
//!
//! Texts are there from the start, empty ones too: two who type in the same one at the same time
//! then type in one text.

use super::node::{Keys, Node};
use super::{DayTemplate, Description, DocumentKind};
use crate::ids::{DocumentId, ItemId, ParticipantId, RoundId};

/// What is known of a document when it is opened.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Which. The ids of what stands in it from the start follow from this one.
    pub document: DocumentId,
    /// What it is called; see [`DocumentKind::title`] for what to take where nobody said.
    pub title: &'a str,
    /// The group's learning question; only a harvest has one.
    pub question: &'a str,
    /// The gathering's, BCP 47.
    pub language: &'a str,
    /// Who opens it: an intervision's first case owner. `None` is the operator.
    pub opener: Option<ParticipantId>,
    /// What kind of day a programme begins as; without one it begins empty.
    pub day: Option<DayTemplate>,
    /// The round that is opened with the gathering, for its programme.
    pub round: Option<RoundId>,
    /// The stakeholder map that a plan's first step leads to.
    pub map: Option<DocumentId>,
    /// The gathering's programme, which a plan's second step leads to.
    pub programme: Option<DocumentId>,
}

/// What a key of a new document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seed {
    /// A text object. Every string that the server writes is one: a plain string reads as
    /// `ImmutableString` in the JavaScript library.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// True or false.
    Flag(bool),
    /// A map, with what it holds.
    Map(Vec<(String, Seed)>),
}

impl Seed {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// One word or line in the languages that templates speak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) be: &'static str,
    pub(super) nl: &'static str,
    pub(super) fr: &'static str,
    pub(super) en: &'static str,
}

impl Words {
    /// In a language by its tag; English where it is none of ours.
    pub(super) fn in_language(&self, tag: &str) -> &'static str {
        let mut parts = tag.split('-').map(str::to_ascii_lowercase);
        let first = parts.next().unwrap_or_default();
        match first.as_str() {
            "nl" if parts.any(|part| part == "nl") => self.nl,
            "nl" => self.be,
            "fr" => self.fr,
            _ => self.en,
        }
    }
}

pub(super) const fn no_seeds(_: &About<'_>) -> Vec<(&'static str, Seed)> {
    Vec::new()
}

impl<'a> About<'a> {
    /// What every document has; nothing that only some kinds look at.
    #[must_use]
    pub const fn new(document: DocumentId, title: &'a str, language: &'a str) -> Self {
        Self {
            document,
            title,
            question: "",
            language,
            opener: None,
            day: None,
            round: None,
            map: None,
            programme: None,
        }
    }

    /// The id of the item of this number that stands there from the start.
    pub(super) fn item(&self, number: u8) -> ItemId {
        let mut bytes = *self.document.as_bytes();
        bytes[15] = bytes[15].wrapping_add(number);
        ItemId::new(uuid::Builder::from_random_bytes(bytes).into_uuid())
    }
}

/// What a new document of a kind holds, key by key, in the order of its shape. Equal arguments
/// give equal seeds.
#[must_use]
pub fn template(kind: DocumentKind, about: &About<'_>) -> Vec<(String, Seed)> {
    let Description { root, seeds, .. } = kind.description();
    let mut given = seeds(about);
    given.extend([
        ("kind", Seed::text(kind.name())),
        ("schema", Seed::Whole(1)),
        ("title", Seed::text(about.title)),
    ]);
    let seed = |field: &super::Field| {
        let place = given.iter().position(|(key, _)| *key == field.key);
        let seed = match (place, &field.node) {
            (Some(place), _) => Some(given[place].1.clone()),
            (None, Node::Map(shape)) => Some(Seed::Map(texts(&shape.keys))),
            (None, Node::Text) => Some(Seed::text("")),
            (None, Node::Value(_)) => None,
        };
        seed.map(|seed| (field.key.to_owned(), seed))
    };
    root.fields().filter_map(seed).collect()
}

/// The texts of a map with named keys; other maps begin empty.
fn texts(keys: &Keys) -> Vec<(String, Seed)> {
    let groups = if let Keys::Named(groups) = keys { *groups } else { &[] };
    let texts = groups.iter().copied().flatten().filter(|field| matches!(field.node, Node::Text));
    texts.map(|field| (field.key.to_owned(), Seed::text(""))).collect()
}
