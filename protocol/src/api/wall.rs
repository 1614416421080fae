//! What views show: the wall, and the lines of feed and events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::{Role, RoundKind};
use crate::ids::{DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RegionId, RoundId, Seq};
use crate::time::Timestamp;

/// `GET /api/gatherings/{g}/wall`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Wall {
    /// The event right after which the gathering looked like this.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The round whose groups these are; `null` before the first.
    pub round: Option<WallRound>,
    /// Its groups, in order of forming.
    pub groups: Vec<WallGroup>,
    /// The programme's themes, in order; removed ones are left out.
    pub themes: Vec<WallTheme>,
    /// Every region with its questions: those that were named, in that order, then those that only
    /// a question names.
    pub regions: Vec<WallRegion>,
    /// What everybody is asked to look at.
    pub spotlight: Option<WallSpotlight>,
    /// The groups where nobody has contributed for some minutes, for facilitators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Vec<QuietGroup>>,
    /// How much of the harvest has input of the target group, for facilitators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_group: Option<TargetGroupShare>,
}

/// The round that runs; where none does, the one that ran last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallRound {
    /// Which.
    pub id: RoundId,
    /// Its title.
    pub title: String,
    /// What it divides people for.
    pub kind: RoundKind,
    /// Whether it runs now.
    pub running: bool,
}

/// A theme, and which questions it clusters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallTheme {
    /// Which.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// The group that works on it, if one does.
    pub group: Option<GroupId>,
    /// The questions under it, by region and in order; their texts stand with their regions.
    pub questions: Vec<ItemId>,
}

/// A region and what it brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallRegion {
    /// Which; `null` where only a question names it.
    pub id: Option<RegionId>,
    /// Its name; empty for questions of no region.
    pub name: String,
    /// Its questions and challenges, in order; removed ones are left out.
    pub questions: Vec<RegionQuestion>,
}

/// A region's question or challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RegionQuestion {
    /// Which.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// `question` or `challenge`; `null` where nobody said.
    pub kind: Option<String>,
    /// The theme that it is put under, if that is there.
    pub theme: Option<ItemId>,
    /// `false` while somebody writes in it.
    pub settled: bool,
}

/// What is in the spotlight: a group, an item of a document, or a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallSpotlight {
    /// The group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The item's document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundId>,
}

/// How many of the insights on the wall somebody added, or is named as having said, who is marked
/// as of the target group now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TargetGroupShare {
    /// All insights.
    pub insights: u64,
    /// Those with input of the target group.
    pub with_input: u64,
    /// By group, in order of forming.
    pub groups: Vec<GroupShare>,
}

/// The target group's share in one group's insights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GroupShare {
    /// Which.
    pub group: GroupId,
    /// All insights.
    pub insights: u64,
    /// Those with input of the target group.
    pub with_input: u64,
}

/// A group where nobody has contributed for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuietGroup {
    /// Which.
    pub group: GroupId,
    /// Whole minutes since the last contribution; where there was none, since it could begin.
    pub minutes: u64,
}

/// One group on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WallGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The theme that it works on, if it was formed for one.
    pub theme: Option<ItemId>,
    /// Its harvest's current learning question.
    pub question: String,
    /// What stands at top level, in order; removed ones are left out.
    pub insights: Vec<Insight>,
    /// Its key points, in order: they stand among the insights.
    pub highlights: Vec<ItemId>,
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
    /// The same by the language that they are written in: the gathering's where none is said.
    pub languages: BTreeMap<String, u64>,
    /// How many of them a guest added.
    pub from_outside: u64,
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
    /// The language that it is written in, where that is not the gathering's.
    pub language: Option<String>,
    /// `false` while somebody writes in it.
    pub settled: bool,
    /// A key point for the plenary.
    pub highlight: bool,
    /// How many support it.
    pub supports: u64,
    /// Added by a guest: "from outside".
    pub from_outside: bool,
    /// Who added it; `null` for the operator.
    pub by: Option<ParticipantId>,
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
