//! Undoing what one participant did.

use serde::{Deserialize, Serialize};

use crate::ids::{DocumentId, ItemId, Seq};
use crate::time::Timestamp;

/// Where a span begins or ends: a moment, or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum Edge {
    /// This event, by its `seq`.
    #[schema(value_type = u64)]
    Seq(Seq),
    /// This moment.
    #[schema(value_type = String, format = DateTime)]
    Moment(Timestamp),
}

/// `POST /api/gatherings/{g}/participants/{p}/revert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revert {
    /// The first that is undone.
    pub from: Edge,
    /// The last that is undone; up to now if left out.
    #[serde(default)]
    pub to: Option<Edge>,
}

/// What came of a revert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Reverted {
    /// The newest event that the answer includes.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The participant's changes that are undone now, in all documents; none where there was
    /// nothing to undo, or it was undone before.
    pub changes: u64,
    /// The documents in which the participant did something in the span.
    pub documents: Vec<RevertedDocument>,
}

/// What came of a revert in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RevertedDocument {
    /// Which.
    pub document: DocumentId,
    /// Whether the participant's changes in it are undone, as far as others did not build on them.
    pub undone: bool,
    /// Why they are not, and what would be right.
    pub why: Option<String>,
    /// How many changes there were.
    pub changes: u64,
    /// The items that read otherwise now.
    pub items: Vec<ItemId>,
    /// What stays as the participant left it.
    pub left: Vec<LeftItem>,
}

/// Something that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LeftItem {
    /// The item; absent where it is of the document itself.
    pub item: Option<ItemId>,
    /// Why.
    pub why: String,
}
