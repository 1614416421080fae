//! The day as a replay's time bar shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, ItemId, Seq};
use crate::time::Timestamp;

/// `GET /api/gatherings/{g}/history`: the day from its opening to its newest event, in equal spans
/// of time, and the blocks that were run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct History {
    /// The first event of the bar: the gathering's opening; its very first where it never opened.
    #[schema(value_type = u64)]
    pub first: Seq,
    /// The newest event.
    #[schema(value_type = u64)]
    pub last: Seq,
    /// Equal spans of time, one after the other without a gap.
    pub buckets: Vec<Bucket>,
    /// The blocks that were started, in that order.
    pub chapters: Vec<Chapter>,
}

/// What was contributed in one span of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Bucket {
    /// Its first moment.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The first moment after it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// The newest event at its end: what to ask a wall or a document at.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// Contributions by what they were about: `insight`, `vote`, `block`, …
    pub counts: BTreeMap<String, u64>,
    /// The same by group, for those in or about one.
    pub groups: BTreeMap<GroupId, u64>,
}

/// A block of the programme that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Chapter {
    /// Which.
    pub block: ItemId,
    /// What the programme calls it now; empty where it has no such block.
    pub title: String,
    /// When it was started.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// When it ended, or the next one was started; absent while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
    /// The event that started it.
    #[schema(value_type = u64)]
    pub seq: Seq,
}
