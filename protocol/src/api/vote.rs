//! Theme votes: opened, cast, closed, selected, shown.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, VoteId};

/// How far a vote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VotePhase {
    /// Dots are given. Nobody sees any.
    Open,
    /// Closed; whoever conducts sees how it came out.
    Closed,
    /// The themes are chosen; whoever conducts knows.
    Confirmed,
    /// Everybody sees what was chosen, and how it came out.
    Shown,
}

/// What a vote gives everybody, and what it is to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoteBounds {
    /// How many dots each person has.
    pub budget: u16,
    /// The most that one person may give one theme.
    pub most_each: u16,
    /// How many themes are to be chosen.
    pub choose: u16,
}

/// `GET /api/gatherings/{g}/votes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Votes {
    /// In order of opening.
    pub votes: Vec<Vote>,
}

/// A vote as its reader may see it. Nobody's ballot is in any answer, their own neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Vote {
    /// Which.
    pub id: VoteId,
    /// How far it is, as far as the reader may know.
    pub phase: VotePhase,
    /// As it was opened.
    #[serde(flatten)]
    pub bounds: VoteBounds,
    /// How many people have given dots on a device.
    pub voters: u64,
    /// Whether the reader is one of them.
    pub voted: bool,
    /// As they were opened; in their order of rank where the reader may see how it came out.
    pub themes: Vec<VoteTheme>,
    /// Themes that are tied for the last places, where the reader may see how it came out.
    pub tie: Option<VoteTie>,
    /// What was chosen, where the reader may see it.
    pub selection: Option<Selection>,
}

/// A theme of a vote, with what it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoteTheme {
    /// Which, in the programme.
    pub id: ItemId,
    /// Its text there.
    pub title: String,
    /// Themes that were merged into it; shown with the totals.
    pub merged: Vec<ItemId>,
    /// The questions that it clusters, and those of themes that were merged into it.
    pub questions: Vec<SourceQuestion>,
    /// Its dots, on devices and on paper; absent where the reader may not see how it came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dots: Option<u32>,
    /// 1 for the first; equal where dots are equal and no lot was drawn. Absent as `dots` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u64>,
}

/// A question that a theme came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SourceQuestion {
    /// Which, in the programme.
    pub id: ItemId,
    /// Its text.
    pub text: String,
    /// The region that brings it; empty where none was named.
    pub region: String,
}

/// Themes with equal dots, of which some are within the choice and some are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct VoteTie {
    /// Which; in the order of the lot, once it is drawn.
    pub themes: Vec<ItemId>,
    /// How many of them are to be chosen.
    pub places: u64,
    /// Whether the lot was drawn.
    pub drawn: bool,
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Selection {
    /// The themes, exactly as many as the vote was to choose.
    pub themes: Vec<ItemId>,
    /// Why these, where they are not simply those that came out first.
    pub reason: Option<String>,
}

/// `POST /api/gatherings/{g}/votes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVote {
    /// Made by the client, so that a request sent twice opens one vote; by the server where left
    /// out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<VoteId>,
    /// 2 to 100 themes of the programme, in the order shown.
    pub themes: Vec<ItemId>,
    /// How many dots each person has: 1 to 100; as many as `choose` where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    pub budget: Option<u16>,
    /// The most that one person may give one theme; 2 where left out and there are as many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    pub most_each: Option<u16>,
    /// How many themes are to be chosen; 5 where left out and there are as many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    pub choose: Option<u16>,
}

/// `PUT /api/gatherings/{g}/votes/{v}/ballot`, and `…/paper` for what was counted on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    /// Dots by theme: all of them, in place of those before. None takes them back.
    #[schema(value_type = BTreeMap<String, u16>)]
    pub dots: BTreeMap<ItemId, u16>,
}

/// `PUT /api/gatherings/{g}/votes/{v}/merged`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeThemes {
    /// The theme that goes up in the other.
    pub from: ItemId,
    /// The other.
    pub into: ItemId,
}

/// `PUT /api/gatherings/{g}/votes/{v}/selection`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmSelection {
    /// Exactly as many as the vote is to choose.
    pub themes: Vec<ItemId>,
    /// Why these: at most 300 characters; needed where they are not simply those that came out
    /// first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
