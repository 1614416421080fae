//! A gathering's rounds and their groups, as a fold.
//!
//! Invariant: at most one round runs. A round is planned until it is opened for the first time;
//! opening one ends the one before. Who is in which group is in `people`.

use std::collections::BTreeMap;

use oogst_protocol::api::RoundStatus;
use oogst_protocol::event::RoundKind;
use oogst_protocol::ids::{GroupId, ItemId, RoundId};

/// The rounds of one gathering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rounds {
    /// In order of planning, or of opening where a round was opened without a plan.
    rounds: Vec<Round>,
    running: Option<RoundId>,
    /// In order of forming.
    groups: Vec<Group>,
    group_places: BTreeMap<GroupId, usize>,
}

/// One division into groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Round {
    pub(super) id: RoundId,
    pub(super) title: String,
    pub(super) kind: RoundKind,
    /// Running, or over: its members may write in their group's documents.
    opened: bool,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: GroupId,
    pub(super) round: RoundId,
    pub(super) name: String,
    pub(super) question: String,
    pub(super) seats: Option<u16>,
    pub(super) table: Option<String>,
    pub(super) theme: Option<ItemId>,
}

impl Rounds {
    pub(super) fn plan(&mut self, id: RoundId, title: &str, kind: RoundKind) {
        self.rounds.push(Round { id, title: title.to_owned(), kind, opened: false });
    }

    /// Makes a round the running one, whether it was planned or not.
    pub(super) fn open(&mut self, id: RoundId, title: &str, kind: Option<RoundKind>) {
        if self.round(id).is_none() {
            self.plan(id, title, kind.unwrap_or(RoundKind::Free));
        }
        let round = self.rounds.iter_mut().find(|round| round.id == id);
        round.expect("it was planned a line above, or before").opened = true;
        self.running = Some(id);
    }

    pub(super) const fn close(&mut self) {
        self.running = None;
    }

    pub(super) fn form(&mut self, group: Group) {
        self.group_places.insert(group.id, self.groups.len());
        self.groups.push(group);
    }

    pub(super) const fn running(&self) -> Option<RoundId> {
        self.running
    }

    pub(super) fn round(&self, id: RoundId) -> Option<&Round> {
        self.rounds.iter().find(|round| round.id == id)
    }

    pub(super) fn group(&self, id: GroupId) -> Option<&Group> {
        self.group_places.get(&id).map(|place| &self.groups[*place])
    }

    /// Whether a round runs, or did.
    pub(super) fn was_opened(&self, id: RoundId) -> bool {
        self.round(id).is_some_and(|round| round.opened)
    }

    pub(super) fn status(&self, round: &Round) -> RoundStatus {
        match round.opened {
            _ if self.running == Some(round.id) => RoundStatus::Running,
            true => RoundStatus::Earlier,
            false => RoundStatus::Planned,
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Round> {
        self.rounds.iter()
    }

    /// The groups of all rounds, in order of forming.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    /// A round's groups, in order of forming.
    pub(super) fn groups_of(&self, round: RoundId) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.round == round)
    }
}
