//! How the day is conducted: blocks, clocks, the spotlight, guests.

use serde::{Deserialize, Deserializer, Serialize};

use crate::event;
use crate::ids::{DocumentId, GroupId, ItemId, RoundId};
use crate::time::Timestamp;

/// How the day goes. What points at a document that the reader may not read is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Conduct {
    /// The server's time of this answer: what is left of a clock is its `seconds` less the time
    /// from its `started` to this.
    #[schema(value_type = String, format = DateTime)]
    pub now: Timestamp,
    /// The block of the programme that runs, if one does.
    pub running: Option<ItemId>,
    /// What became of the programme's blocks: those that were started or shifted.
    pub blocks: Vec<BlockTimes>,
    /// Clocks that were started and not stopped; one that has run out stays until it is.
    pub timers: Vec<Timer>,
    /// What everybody is asked to look at.
    pub spotlight: Option<Spotlight>,
    /// Where the guests are.
    pub guests: Guests,
}

/// A block's real times, beside those that the programme plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BlockTimes {
    /// The block.
    pub id: ItemId,
    /// When it began, the last time that it did.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started: Option<Timestamp>,
    /// When it ended after that; `null` while it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended: Option<Timestamp>,
    /// How many minutes later than planned it and all after it were put; earlier where negative.
    pub shifted_minutes: i32,
}

/// A clock that every screen shows alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Timer {
    /// For whom.
    pub scope: TimerScope,
    /// When it was started, by the server's time.
    #[schema(value_type = String, format = DateTime)]
    pub started: Timestamp,
    /// How long it runs.
    pub seconds: u32,
}

/// Who a clock is for. One runs in each scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TimerScope {
    /// Everybody.
    Gathering {},
    /// One group.
    Group {
        /// Which.
        id: GroupId,
    },
    /// Whoever reads one document.
    Document {
        /// Which.
        id: DocumentId,
    },
}

/// What everybody is asked to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Spotlight {
    /// One group.
    Group {
        /// Which.
        id: GroupId,
    },
    /// One item of a document.
    Item {
        /// The document.
        document: DocumentId,
        /// The item.
        id: ItemId,
    },
    /// A round with its groups.
    Round {
        /// Which.
        id: RoundId,
    },
}

/// Where the guests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Guests {
    /// Not let in yet.
    Expected {
        /// When they are to be, where that was said.
        #[schema(value_type = Option<String>, format = DateTime)]
        starts: Option<Timestamp>,
    },
    /// Let in.
    Admitted {
        /// Until then; until they are dismissed where nothing was said.
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
    },
    /// Their time is over.
    Dismissed {},
}

/// `PUT /api/gatherings/{g}/blocks/{b}/shifted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftBlock {
    /// How many minutes later than planned in all, earlier shifts of this block included; earlier
    /// where negative; at most a day either way.
    #[schema(minimum = -1440, maximum = 1440)]
    pub minutes: i32,
}

/// `PUT /api/gatherings/{g}/timer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTimer {
    /// For whom; for everybody where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<TimerScope>,
    /// How long it runs: 1 to 86,400; `null` stops it.
    #[serde(deserialize_with = "required")]
    #[schema(required, minimum = 1, maximum = 86_400)]
    pub seconds: Option<u32>,
}

/// `PUT /api/gatherings/{g}/spotlight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSpotlight {
    /// What; `null` for nothing.
    #[serde(deserialize_with = "required")]
    #[schema(required)]
    pub spotlight: Option<Spotlight>,
}

/// `PUT /api/gatherings/{g}/guests`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum SetGuests {
    /// Says when they will be let in; until then whoever has the code is told to wait.
    Expected {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        starts: Timestamp,
    },
    /// Lets them in, spread over the running round's groups.
    Admitted {
        /// Until then; until they are dismissed where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        until: Option<Timestamp>,
    },
    /// Ends their time: what they gave stays, they see nothing any more.
    Dismissed {},
}

/// A field that may be `null` but not left out.
fn required<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}

impl From<event::TimerScope> for TimerScope {
    fn from(scope: event::TimerScope) -> Self {
        match scope {
            event::TimerScope::Gathering => Self::Gathering {},
            event::TimerScope::Group(id) => Self::Group { id },
            event::TimerScope::Document(id) => Self::Document { id },
        }
    }
}

impl From<TimerScope> for event::TimerScope {
    fn from(scope: TimerScope) -> Self {
        match scope {
            TimerScope::Gathering {} => Self::Gathering,
            TimerScope::Group { id } => Self::Group(id),
            TimerScope::Document { id } => Self::Document(id),
        }
    }
}

impl From<event::Spotlight> for Spotlight {
    fn from(spotlight: event::Spotlight) -> Self {
        match spotlight {
            event::Spotlight::Group(id) => Self::Group { id },
            event::Spotlight::Item { document, item: id } => Self::Item { document, id },
            event::Spotlight::Round(id) => Self::Round { id },
        }
    }
}

impl From<Spotlight> for event::Spotlight {
    fn from(spotlight: Spotlight) -> Self {
        match spotlight {
            Spotlight::Group { id } => Self::Group(id),
            Spotlight::Item { document, id: item } => Self::Item { document, item },
            Spotlight::Round { id } => Self::Round(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_a_clock_is_said_and_never_left_out() {
        let stop: SetTimer = serde_json::from_str(r#"{"seconds":null}"#).unwrap();
        assert_eq!((stop.scope, stop.seconds), (None, None));
        assert!(serde_json::from_str::<SetTimer>("{}").is_err());
        assert!(serde_json::from_str::<SetSpotlight>("{}").is_err());
        assert!(serde_json::from_str::<SetTimer>(r#"{"seconds":-1}"#).is_err());
    }

    #[test]
    fn a_scope_and_a_spotlight_have_one_spelling() {
        let id = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f".parse().unwrap();
        let scope = serde_json::to_string(&TimerScope::from(event::TimerScope::Group(id))).unwrap();
        assert_eq!(scope, format!(r#"{{"kind":"group","id":"{id}"}}"#));
        let group = format!(r#"{{"kind":"group","id":"{id}"}}"#);
        assert_eq!(serde_json::from_str::<Spotlight>(&group).unwrap(), Spotlight::Group { id });
        let guests: SetGuests = serde_json::from_str(r#"{"state":"admitted"}"#).unwrap();
        assert_eq!(guests, SetGuests::Admitted { until: None });
        assert!(serde_json::from_str::<SetGuests>(r#"{"state":"expected"}"#).is_err());
    }
}
