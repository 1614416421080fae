//! A gathering's people, as far as the log knows them: roles, regions, groups.
//!
//! Invariant: somebody is in at most one group a round. Names are in the vault.

use std::collections::BTreeMap;

use oogst_protocol::event::{Owner, Role};
use oogst_protocol::ids::{GroupId, ParticipantId, RegionId, RoundId};

use super::rounds::Rounds;
use crate::rights::Relation;

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Participant {
    pub(super) role: Role,
    pub(super) region: Option<RegionId>,
    /// How many others share their device.
    together: u8,
    /// The group in each round, planned ones included.
    pub(super) groups: BTreeMap<RoundId, GroupId>,
}

impl Participant {
    pub(super) const fn new(role: Role, region: Option<RegionId>, together: u8) -> Self {
        Self { role, region, together, groups: BTreeMap::new() }
    }

    /// How many of the gathering's places they take, with who shares their device. Who looks on,
    /// conducts or comes for half a day takes none.
    pub(super) fn places(&self) -> usize {
        match self.role {
            Role::Participant | Role::CoreGroup => 1 + usize::from(self.together),
            Role::Observer | Role::Guest | Role::Facilitator | Role::Operator => 0,
        }
    }

    /// Where they are in the running round.
    pub(super) fn group(&self, rounds: &Rounds) -> Option<GroupId> {
        rounds.running().and_then(|round| self.groups.get(&round)).copied()
    }

    /// Whether they are in a group of the running round, or were in one of an earlier round. A
    /// place in a planned round counts from its opening on.
    fn is_grouped(&self, rounds: &Rounds) -> bool {
        self.groups.keys().any(|round| rounds.was_opened(*round))
    }

    /// Whether a group is theirs, in the running round or an earlier one.
    pub(super) fn is_in(&self, group: GroupId, rounds: &Rounds) -> bool {
        let round = rounds.group(group).map(|group| group.round);
        round.is_some_and(|round| {
            self.groups.get(&round) == Some(&group) && rounds.was_opened(round)
        })
    }

    /// How they stand to what `owner` owns; `own` is who they are.
    pub(super) fn relation(&self, own: ParticipantId, owner: Owner, rounds: &Rounds) -> Relation {
        match owner {
            Owner::Group(group) if self.is_in(group, rounds) => Relation::OwnGroup,
            Owner::Group(_) => Relation::OtherGroup,
            Owner::Gathering if self.is_grouped(rounds) => Relation::CommonGrouped,
            Owner::Gathering => Relation::CommonUngrouped,
            Owner::Region(region) if self.region == Some(region) => Relation::OwnRegion,
            Owner::Region(_) => Relation::OtherRegion,
            Owner::Network(_) if self.is_grouped(rounds) => Relation::NetworkGrouped,
            Owner::Network(_) => Relation::NetworkUngrouped,
            Owner::Person(person) if person == own => Relation::Oneself,
            Owner::Person(_) => Relation::SomebodyElse,
        }
    }
}
