//! The requests and answers of the REST part, as JSON: one type each, shared with clients.
//!
//! Requests refuse unknown fields; a field left out of a PUT or PATCH stays as it is. Answers may
//! grow fields, so clients ignore what they do not know. The OpenAPI document is made of these
//! types and the handlers. Not here: the sync protocol (`wire`), the limits of texts (`limits`).

mod conduct;
mod consent;
mod device;
mod export;
mod file;
mod gathering;
mod history;
mod joining;
mod plan;
mod revert;
mod round;
mod vote;
mod wall;

pub use conduct::{
    BlockTimes, Conduct, Guests, SetGuests, SetSpotlight, SetTimer, ShiftBlock, Spotlight, Timer,
    TimerScope,
};
pub use consent::{Consent, SetConsent};
pub use device::{DeviceWord, Devices, HoldingDevice};
pub use export::{
    Attribution, ExportFormat, ExportedGroup, ExportedInsight, ExportedSource, ExportedTranslation,
    HARVEST_FORMAT, HARVEST_FORMAT_VERSION, HarvestExport, Outside,
};
pub use file::File;
pub use gathering::{
    Codes, Document, DocumentOwner, EditGathering, EditParticipant, Gathering, NewDocument,
    NewGathering, OpenedGathering, Participant, Region,
};
pub use history::{Bucket, Chapter, History};
pub use joining::{Join, Joined, Return, Waiting};
pub use plan::{CheckIn, HundredDays, Period, PlanOverview, ScenarioTotal};
pub use revert::{Edge, LeftItem, Revert, Reverted, RevertedDocument};
pub use round::{Group, NewGroup, NewRound, Round, RoundStatus};
pub use vote::{
    Ballot, ConfirmSelection, MergeThemes, NewVote, Selection, SourceQuestion, Vote, VoteBounds,
    VotePhase, VoteTheme, VoteTie, Votes,
};
pub use wall::{
    Counts, GroupShare, Insight, ItemState, Line, LineParticipant, QuietGroup, RegionQuestion,
    TargetGroupShare, Wall, WallGroup, WallRegion, WallRound, WallSpotlight, WallTheme,
};

use serde::{Deserialize, Serialize};

/// Every error's body, `application/problem+json` (RFC 9457): what was wrong, what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// A stable name for the kind of problem: `urn:oogst:problem:unknown`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words; the same for every problem of the kind.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What was wrong with this request, and what would be right.
    pub detail: String,
    /// At 409, what stands in the way, by a name that stays: `group_full`. For programs, which say
    /// it in their reader's language; left out where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
