//! An action plan at a glance: scenarios side by side, the hundred days, the check-ins.

use serde::{Deserialize, Serialize};

use crate::ids::ItemId;

/// `GET /api/documents/{d}/overview`: what an action plan adds up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PlanOverview {
    /// The event that the answer covers.
    pub seq: u64,
    /// The four scenarios, always in this order: none, small, medium, large.
    pub scenarios: Vec<ScenarioTotal>,
    /// Whether the plan says what can be done without money. Until it does, the other scenarios
    /// are not ready to be settled.
    pub starts_without_money: bool,
    /// Live actions that belong to no scenario yet, oldest position first.
    #[schema(value_type = Vec<String>)]
    pub in_no_scenario: Vec<ItemId>,
    /// The hundred days, where a start was set.
    pub hundred_days: Option<HundredDays>,
    /// The periods that actions or check-ins name, in order of their names.
    pub periods: Vec<Period>,
}

/// What one scenario comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ScenarioTotal {
    /// `none`, `small`, `medium` or `large`.
    pub scenario: String,
    /// How many live actions belong to it. Dropped ones do not count.
    pub actions: usize,
    /// What they cost together, in whole euros. Actions without a cost count for nothing.
    pub cost_euros: i64,
}

/// The days that the hundred are counted by, ISO 8601.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HundredDays {
    /// The first day.
    pub start: String,
    /// Half way.
    pub day_50: String,
    /// Ten days before the end.
    pub day_90: String,
    /// The end.
    pub day_100: String,
}

/// One period of the plan: about three months.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Period {
    /// What people call it, as `2026-K4`.
    pub period: String,
    /// How many live actions it has.
    pub actions: usize,
    /// How many of them are done.
    pub done: usize,
    /// The check-in at its start, where there is one.
    pub start: Option<CheckIn>,
    /// The check-in at its end, where there is one.
    pub end: Option<CheckIn>,
    /// What is missing: `start`, `end`, or `start.time` where a check-in leaves a point out.
    pub missing: Vec<String>,
}

/// A check-in's five points, as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CheckIn {
    /// Its day, ISO 8601, where it was set.
    pub date: Option<String>,
    /// Money.
    pub money: String,
    /// Organisation.
    pub organisation: String,
    /// Time.
    pub time: String,
    /// Information.
    pub information: String,
    /// Quality.
    pub quality: String,
}
