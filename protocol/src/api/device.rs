//! What devices say of what they still have to send, and who is told: nothing of it is an event.

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, ParticipantId};
use crate::time::Timestamp;

/// `PUT /api/gatherings/{g}/devices/{device}`: how it is on the caller's device now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceWord {
    /// Things that were changed there and that the server has not named yet.
    pub unsent: u32,
    /// Whether somebody looks at it: then it speaks again within half a minute, and its silence
    /// says that its line is gone. `false` is its last word before it is put away.
    pub open: bool,
}

/// `GET /api/gatherings/{g}/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Devices {
    /// Since when this server has listened: it knows nothing of devices that fell silent before.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// How many devices it heard of since then, of those who take part now, in the last day.
    pub heard: usize,
    /// Those that hold something, or may do so: the longest silent first.
    pub holding: Vec<HoldingDevice>,
}

/// A device that holds changes, or whose line was gone before it said that all was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HoldingDevice {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub participant: ParticipantId,
    /// What it said last that it still had to send; 0 where its silence alone is the reason.
    pub unsent: u32,
    /// Whether it was heard of just now.
    pub connected: bool,
    /// When it was last heard of.
    #[schema(value_type = String, format = DateTime)]
    pub heard: Timestamp,
}
