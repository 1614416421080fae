//! What views show: the wall, and the lines of feed and events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::Role;
use crate::ids::{DocumentId, GatheringId, GroupId, ItemId, ParticipantId, Seq};
use crate::time::Timestamp;

/// `GET /api/gatherings/{g}/wall`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wall {
    /// The event right after which the gathering looked like this.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The running round's groups, in order of forming.
    pub groups: Vec<WallGroup>,
}

/// One group on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Its harvest's current learning question.
    pub question: String,
    /// What stands at top level, in order; removed ones are left out.
    pub insights: Vec<Insight>,
    /// How much there is.
    pub counts: Counts,
    /// When somebody last contributed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_contribution: Option<Timestamp>,
}

/// How much a group has harvested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Insights at every level that are not removed.
    pub insights: u64,
    /// The same by category; those without one are not counted here.
    pub categories: BTreeMap<String, u64>,
}

/// One insight and what is nested under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Insight {
    /// Which.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// Its category.
    pub category: Option<String>,
    /// `false` while somebody writes in it.
    pub settled: bool,
    /// A key point for the plenary.
    pub highlight: bool,
    /// How many support it.
    pub supports: u64,
    /// Added by a guest: "from outside".
    pub from_outside: bool,
    /// What is nested under it, in order.
    #[schema(no_recursion)]
    pub children: Vec<Self>,
}

/// One contribution: a line of `events`, the `data` of a message of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Line {
    /// Its event's place.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// Its place within the event.
    pub index: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was done: `insight.added`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where.
    pub gathering: GatheringId,
    /// In which group's document, or about which group.
    pub group: Option<GroupId>,
    /// In which document.
    pub document: Option<DocumentId>,
    /// To which item.
    pub item: Option<ItemId>,
    /// By whom; `null` for the operator.
    pub participant: Option<LineParticipant>,
    /// The item's first 140 characters as they are after the event.
    pub excerpt: Option<String>,
    /// The item after the event.
    pub state: Option<ItemState>,
}

impl Line {
    /// The line as somebody may have it who may not read its document: that something was done,
    /// and by whom, and nothing of what.
    #[must_use]
    pub fn concealed(self) -> Self {
        Self { document: None, item: None, excerpt: None, state: None, ..self }
    }
}

/// Who contributed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LineParticipant {
    /// Who.
    pub id: ParticipantId,
    /// The name they go by; empty where it was erased.
    pub name: String,
    /// The role when it was done.
    pub role: Role,
}

/// An item right after an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemState {
    /// Its text.
    pub text: String,
    /// Its category, where its kind has one.
    pub category: Option<String>,
    /// The item that it is nested under.
    pub parent: Option<ItemId>,
    /// Its place among its siblings; empty where it has none yet.
    pub position: String,
    /// Removed; it can be restored.
    pub removed: bool,
    /// `false` while somebody writes in it.
    pub settled: bool,
    /// How many support it.
    pub supports: u64,
}
