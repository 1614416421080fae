//! The shapes of documents: which keys, which values, what an operation on each contributes.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What kind of document it is. One file of this folder describes each.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum DocumentKind {
    /// A group's nested insights.
    #[n(0)]
    Harvest,
    /// The gathering's blocks, regions' questions, themes and news.
    #[n(1)]
    Programme,
}

/// What a key of a new document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seed {
    /// A text object. Every string that the server writes is one: a plain string reads as
    /// `ImmutableString` in the JavaScript library.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// An empty map.
    Map,
}

/// What a new document of a kind holds, key by key, in order.
///
/// `question` is the group's learning question; only a harvest has one.
#[must_use]
pub fn template(kind: DocumentKind, title: &str, question: &str) -> Vec<(&'static str, Seed)> {
    let text = |text: &str| Seed::Text(text.to_owned());
    match kind {
        DocumentKind::Harvest => vec![
            ("kind", text("harvest")),
            ("schema", Seed::Whole(1)),
            ("title", text(title)),
            ("question", text(question)),
            ("wordings", Seed::Map),
            ("insights", Seed::Map),
        ],
        DocumentKind::Programme => vec![
            ("kind", text("programme")),
            ("schema", Seed::Whole(1)),
            ("title", text(title)),
            ("blocks", Seed::Map),
            ("questions", Seed::Map),
            ("themes", Seed::Map),
            ("news", Seed::Map),
        ],
    }
}
