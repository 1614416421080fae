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
