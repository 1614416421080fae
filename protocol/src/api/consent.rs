//! What somebody agrees to: how they are named where what they said is published.

use serde::{Deserialize, Serialize};

use crate::event::Publish;

/// `PUT /api/gatherings/{g}/consent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetConsent {
    /// `name`, `organisation`, `group`, or `not` at all.
    pub publish: Publish,
}

/// What the caller agrees to. Nobody else is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Consent {
    /// How they are named: `group` until they choose.
    pub publish: Publish,
    /// Whether they chose it themselves.
    pub chosen: bool,
}
