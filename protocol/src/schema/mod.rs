//! The shapes of documents: which keys, which values, who writes them, and what an operation on
//! each contributes.
//!
//! [`node`] is the language, [`rule`] says which plain values fit, and each kind of document is
//! described in a file of its own, as constant data: [`DocumentKind::root`] is where a reader
//! starts. Nothing here reads a document; the server's shape table does, operation by operation.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

mod harvest;
pub mod node;
mod programme;
pub mod rule;

pub use node::{Acts, By, Field, Item, Keys, Name, Node, Shape};
pub use rule::{Plain, Rule};

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

impl DocumentKind {
    /// The shape of the document's root.
    #[must_use]
    pub fn root(self) -> &'static Shape {
        match self {
            Self::Harvest => &harvest::ROOT,
            Self::Programme => &programme::ROOT,
        }
    }
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

/// What a new document of a kind holds, key by key, in order. No word of it is in a language.
///
/// `question` is the group's learning question; only a harvest has one.
#[must_use]
pub fn template(kind: DocumentKind, title: &str, question: &str) -> Vec<(&'static str, Seed)> {
    match kind {
        DocumentKind::Harvest => harvest::template(title, question),
        DocumentKind::Programme => programme::template(title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key of a template is one that the shape knows, and every kept map of the shape's
    /// root is there from the start: nobody can make it later without two of them.
    #[test]
    fn templates_fit_their_shapes() {
        for kind in [DocumentKind::Harvest, DocumentKind::Programme] {
            let seeds = template(kind, "t", "q");
            for (key, seed) in &seeds {
                let field = kind.root().field(key).unwrap();
                assert_eq!(matches!(seed, Seed::Map), matches!(field.node, Node::Map(_)), "{key}");
            }
            let Keys::Named(groups) = kind.root().keys else { panic!("a root has named keys") };
            for field in groups.iter().copied().flatten() {
                if matches!(field.node, Node::Map(_)) {
                    assert!(seeds.iter().any(|(key, _)| *key == field.key), "{}", field.key);
                }
            }
        }
    }
}
