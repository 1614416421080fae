//! Who: roles, the author of an event, whose a document is, what somebody agrees to.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{GroupId, NetworkId, ParticipantId, RegionId};

/// What somebody may do in a gathering.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// Reads only.
    #[n(0)]
    Observer,
    /// Fresh eyes for half a day.
    #[n(1)]
    Guest,
    /// Writes in its own group.
    #[n(2)]
    Participant,
    /// Edits the report and sees contacts; promoted, never joined as.
    #[n(3)]
    CoreGroup,
    /// Conducts the day.
    #[n(4)]
    Facilitator,
    /// Runs the server. Not a member of any gathering.
    #[n(5)]
    Operator,
}

/// Who a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Owner {
    /// The gathering as a whole.
    #[n(0)]
    Gathering,
    /// One group.
    #[n(1)]
    Group(#[n(0)] GroupId),
    /// One region of the gathering.
    #[n(2)]
    Region(#[n(0)] RegionId),
    /// The network that the gathering is of.
    #[n(3)]
    Network(#[n(0)] NetworkId),
    /// One person.
    #[n(4)]
    Person(#[n(0)] ParticipantId),
}

/// How somebody is named where what they said is published. From the strictest to the freest, so
/// that the least of several binds them all.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Publish {
    /// Not at all: what they said is left out of what is published.
    #[n(0)]
    Not,
    /// As their group.
    #[n(1)]
    Group,
    /// As their organisation.
    #[n(2)]
    Organisation,
    /// By name.
    #[n(3)]
    Name,
}

/// Who did it: the authenticated connection's participant and its role at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct By {
    /// Absent for the operator, who is no member.
    #[n(0)]
    pub participant: Option<ParticipantId>,
    /// The role when it was done.
    #[n(1)]
    pub role: Role,
}
