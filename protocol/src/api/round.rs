//! Rounds and groups: how they are planned, shown and run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Document;
use crate::event::RoundKind;
use crate::ids::{GroupId, ItemId, ParticipantId, RoundId};

/// A group to be formed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// 1 to 80 characters.
    pub name: String,
    /// Its learning question, at most 300 characters; none yet where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How many people fit, 1 or more; any number where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// Which table it sits at: at most 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The programme's theme that it works on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<ItemId>,
}

/// `POST /api/gatherings/{g}/rounds`: a round that is planned, and not opened yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRound {
    /// 1 to 300 characters.
    pub title: String,
    /// What it is for.
    pub kind: RoundKind,
    /// Its groups: at most 50.
    pub groups: Vec<NewGroup>,
    /// Who is placed in which group, by its place in `groups`, from 0 on. From the round's
    /// opening on they are its members.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, usize>)]
    pub members: BTreeMap<ParticipantId, usize>,
}

/// Where a round is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// Not opened yet: people can be placed in its groups.
    Planned,
    /// The one that runs.
    Running,
    /// Over. Its members may write in its documents until these are locked.
    Earlier,
}

/// A round: one division into groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Round {
    /// Which.
    pub id: RoundId,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub kind: RoundKind,
    /// Where it is in its life.
    pub status: RoundStatus,
    /// Its groups. Left out for the running round: those are the gathering's `groups`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// A group of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The learning question as its harvest has it now; empty while there is none.
    pub question: String,
    /// How many people fit, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u16>,
    /// Which table it sits at, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The programme's theme that it works on, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<ItemId>,
    /// Who is in it.
    #[serde(default)]
    pub members: Vec<ParticipantId>,
    /// Its documents.
    pub documents: Vec<Document>,
}
