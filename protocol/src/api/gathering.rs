//! A gathering: how it is opened, shown and changed; its groups, documents and participants.

use serde::{Deserialize, Deserializer, Serialize};

use super::Conduct;
use super::round::{Group, NewGroup, Round};
use crate::event::{Owner, Role, Status};
use crate::ids::{
    DocumentId, GatheringId, GroupId, JoinCode, NetworkId, ParticipantId, RegionId, RoundId, Seq,
};
use crate::limits::PLACES_MAX;
use crate::schema::{DayTemplate, DocumentKind};
use crate::time::Day;

/// `POST /api/gatherings`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGathering {
    /// 1 to 300 characters.
    pub title: String,
    /// BCP 47; `nl-BE` where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The day, ISO 8601: `2026-11-21`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// The network that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkId>,
    /// The name of the region that it is of: 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Where it starts; `open` where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How many take part at most, 1 to 1,000; any number where left out. Participants and core
    /// group count, with everybody who shares their device.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "places")]
    #[schema(minimum = 1, maximum = 1000)]
    pub participants_max: Option<u16>,
    /// The groups of its first round: at most 50.
    pub groups: Vec<NewGroup>,
    /// What kind of day its programme begins as; an empty programme where left out. The six
    /// blocks of a `training` are linked: each names the gathering's first round, whose groups
    /// go through all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<DayTemplate>,
}

/// The join codes of a gathering, one a role. Valid while the gathering is not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Codes {
    /// For participants: the one on the projector.
    pub participant: JoinCode,
    /// For guests.
    pub guest: JoinCode,
    /// For those who only read.
    pub observer: JoinCode,
    /// For a facilitator's further devices and colleagues.
    pub facilitator: JoinCode,
}

/// The answer to `POST /api/gatherings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OpenedGathering {
    /// The first facilitator's token. Shown once.
    pub facilitator_token: String,
    /// The gathering, with its codes.
    #[serde(flatten)]
    pub gathering: Gathering,
}

/// A gathering as its reader may see it: what they may not read is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Gathering {
    /// Which.
    pub id: GatheringId,
    /// Its title.
    pub title: String,
    /// Where it is in its life.
    pub status: Status,
    /// The day, ISO 8601.
    pub date: Option<String>,
    /// BCP 47.
    pub language: String,
    /// Its newest event.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// Documents that belong to no group.
    pub documents: Vec<Document>,
    /// The running round's groups.
    pub groups: Vec<Group>,
    /// The running round; `null` while none runs.
    pub round: Option<RoundId>,
    /// All rounds, in order of planning.
    pub rounds: Vec<Round>,
    /// The network that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkId>,
    /// The region that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionId>,
    /// How many take part at most; `null` for any number.
    #[serde(default)]
    pub participants_max: Option<u16>,
    /// The regions that its opening and its people named.
    #[serde(default)]
    pub regions: Vec<Region>,
    /// Everybody who is a member now.
    pub participants: Vec<Participant>,
    /// How the day goes: blocks, clocks, spotlight, guests.
    pub conduct: Conduct,
    /// The join codes; for facilitators and the operator alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codes: Option<Codes>,
}

/// A region that people of the gathering come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Region {
    /// Which.
    pub id: RegionId,
    /// Its name.
    pub name: String,
}

/// A document as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Document {
    /// Which.
    pub id: DocumentId,
    /// What automerge-repo's `find` takes: `automerge:ID`.
    pub url: String,
    /// Its kind.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: String,
    /// Locked: edits wait with their authors.
    pub frozen: bool,
    /// Whose it is.
    pub owner: DocumentOwner,
    /// Whether the reader may write in it now.
    pub writable: bool,
}

/// Whose a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DocumentOwner {
    /// The gathering as a whole.
    Gathering {},
    /// One group.
    Group {
        /// Which.
        id: GroupId,
    },
    /// One region of the gathering.
    Region {
        /// Which.
        id: RegionId,
    },
    /// The network that the gathering is of.
    Network {
        /// Which.
        id: NetworkId,
    },
    /// One person.
    Person {
        /// Who.
        id: ParticipantId,
    },
}

impl From<Owner> for DocumentOwner {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Gathering => Self::Gathering {},
            Owner::Group(id) => Self::Group { id },
            Owner::Region(id) => Self::Region { id },
            Owner::Network(id) => Self::Network { id },
            Owner::Person(id) => Self::Person { id },
        }
    }
}

impl From<DocumentOwner> for Owner {
    fn from(owner: DocumentOwner) -> Self {
        match owner {
            DocumentOwner::Gathering {} => Self::Gathering,
            DocumentOwner::Group { id } => Self::Group(id),
            DocumentOwner::Region { id } => Self::Region(id),
            DocumentOwner::Network { id } => Self::Network(id),
            DocumentOwner::Person { id } => Self::Person(id),
        }
    }
}

/// Somebody in the gathering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Participant {
    /// Who.
    pub id: ParticipantId,
    /// The name they go by; empty where it was erased.
    pub name: String,
    /// As what.
    pub role: Role,
    /// In which group of the running round.
    pub group: Option<GroupId>,
    /// Where they come from, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Their region, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Others who share the device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
    /// Whether they are marked as of the target group: told to themselves and to facilitators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_group: Option<bool>,
    /// Whether they asked to be credited as of the target group; told as `target_group` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited_as_target_group: Option<bool>,
}

/// `PATCH /api/gatherings/{g}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditGathering {
    /// 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How many take part at most, 1 to 1,000; `null` for any number; left out: stays. Who takes
    /// part already stays, also where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given_places")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 1000)]
    pub participants_max: Option<Option<u16>>,
    /// Prepared, open or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// `POST /api/gatherings/{g}/documents`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// Its kind.
    pub kind: DocumentKind,
    /// What it is called: at most 300 characters; its kind in the gathering's language where
    /// left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whose it is. Where left out: a map, contacts or a plan are of the region of who opens them,
    /// else of the gathering's, else of its network; an intervision or a visit of the group of who
    /// opens it; everything else of the gathering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<DocumentOwner>,
}

/// `PUT /api/gatherings/{g}/participants/{p}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditParticipant {
    /// 1 to 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A group of the running round; `null` for none; left out: stays. A facilitator also places
    /// people in a planned round's groups, and at a table that is full.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<GroupId>)]
    pub group: Option<Option<GroupId>>,
    /// The new role. Facilitators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether they are of the target group, whom the learning is about. It is kept beside the
    /// name and told to themselves and to facilitators. A facilitator does not turn somebody's own
    /// `false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_group: Option<bool>,
    /// Whether exports that name anybody credit them as of the target group, in addition and
    /// within their consent. Oneself alone, once marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credited_as_target_group: Option<bool>,
}

/// Tells `"group": null` (go to no group) from no `group` at all (stay).
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A bound that a gathering can have, or `null`: so that nothing of a request is done where it is
/// none.
fn places<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    let found = Option::<i64>::deserialize(deserializer)?;
    let Some(found) = found else { return Ok(None) };
    let most = u16::try_from(found).ok().filter(|most| (1..=PLACES_MAX).contains(most));
    let what = format!("`participants_max` is 1 to {PLACES_MAX}, or null; this is {found}");
    most.map(Some).ok_or_else(|| serde::de::Error::custom(what))
}

fn given_places<'de, D>(deserializer: D) -> Result<Option<Option<u16>>, D::Error>
where
    D: Deserializer<'de>,
{
    places(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_left_out_stays_and_a_group_of_null_is_none() {
        let stay: EditParticipant = serde_json::from_str("{}").unwrap();
        assert_eq!(stay.group, None);
        let leave: EditParticipant = serde_json::from_str(r#"{"group":null}"#).unwrap();
        assert_eq!(leave.group, Some(None));
    }

    #[test]
    fn a_request_with_an_unknown_field_is_refused_and_the_field_is_named() {
        let refused = serde_json::from_str::<EditGathering>(r#"{"titel":"x"}"#).unwrap_err();
        assert!(refused.to_string().contains("titel"), "{refused}");
        let owner = r#"{"kind":"harvest","owner":{"kind":"gathering","id":"x"}}"#;
        assert!(serde_json::from_str::<NewDocument>(owner).is_err());
    }

    #[test]
    fn an_owner_is_an_object_with_its_kind() {
        let id = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f".parse().unwrap();
        let shown = serde_json::to_string(&DocumentOwner::from(Owner::Group(id))).unwrap();
        assert_eq!(shown, format!(r#"{{"kind":"group","id":"{id}"}}"#));
        let shown = serde_json::to_string(&DocumentOwner::from(Owner::Gathering)).unwrap();
        assert_eq!(shown, r#"{"kind":"gathering"}"#);
    }
}
