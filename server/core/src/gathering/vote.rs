//! Theme votes: ballots, totals, ranking, and what of them whom may see.
//!
//! Invariant: hidden means hidden (ADR 0011). Before the close nothing that leaves this module
//! depends on a ballot's dots, whoever asks; after it nothing depends on whose they were. Totals
//! are for whoever conducts until the selection is shown, then for everybody.
//!
//! Way in: [`Votes::fold`], [`Votes::seen`]. Commands are judged in `command::vote`; what a theme
//! is called and which questions it came from stands in the programme.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::api::{Selection, VoteBounds, VotePhase, VoteTie};
use oogst_protocol::event::{By, Dots, Role, VoteAct};
use oogst_protocol::ids::{ItemId, ParticipantId, VoteId};

use crate::port::{self, Tally, VotedTheme};

/// The votes of a gathering, in order of opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Votes(Vec<Vote>);

/// One vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vote {
    pub(super) id: VoteId,
    /// In the order shown.
    pub(super) themes: Vec<ItemId>,
    pub(super) bounds: VoteBounds,
    /// The last of each person; none that is empty.
    ballots: BTreeMap<ParticipantId, Vec<Dots>>,
    pub(super) paper: Vec<Dots>,
    pub(super) is_closed: bool,
    /// Which theme went up in which.
    merged: BTreeMap<ItemId, ItemId>,
    /// Each in the order drawn, oldest first.
    lots: Vec<Vec<ItemId>>,
    pub(super) selection: Option<Selection>,
    pub(super) is_shown: bool,
}

impl Votes {
    /// Folds an act of `by`.
    ///
    /// # Panics
    ///
    /// Where a vote's acts come before its opening.
    pub(super) fn fold(&mut self, by: By, act: &VoteAct) {
        match act {
            VoteAct::Opened { vote, themes, budget, most_each, choose } => {
                let (budget, most_each, choose) = (*budget, *most_each, *choose);
                let bounds = VoteBounds { budget, most_each, choose };
                self.0.push(Vote::opened(*vote, themes.clone(), bounds));
            }
            VoteAct::Cast { vote, dots } => {
                let ballots = &mut self.get_mut(*vote).ballots;
                let voter = by.participant.expect("a ballot is a member's");
                if dots.is_empty() {
                    ballots.remove(&voter);
                } else {
                    ballots.insert(voter, dots.clone());
                }
            }
            VoteAct::PaperAdded { vote, dots } => self.get_mut(*vote).paper.clone_from(dots),
            VoteAct::Closed { vote } => self.get_mut(*vote).is_closed = true,
            VoteAct::Merged { vote, from, into } => {
                self.get_mut(*vote).merged.insert(*from, *into);
            }
            VoteAct::LotDrawn { vote, order } => self.get_mut(*vote).lots.push(order.clone()),
            VoteAct::SelectionConfirmed { vote, themes, reason } => {
                let selection = Selection { themes: themes.clone(), reason: reason.clone() };
                self.get_mut(*vote).selection = Some(selection);
            }
            VoteAct::SelectionShown { vote } => self.get_mut(*vote).is_shown = true,
            _ => unreachable!("every act that this version can decode is folded above"),
        }
    }

    pub(super) fn get(&self, id: VoteId) -> Option<&Vote> {
        self.0.iter().find(|vote| vote.id == id)
    }

    pub(super) const fn count(&self) -> usize {
        self.0.len()
    }

    /// All votes as somebody may see them; `caller` is nobody for the operator.
    pub(super) fn seen(&self, role: Role, caller: Option<ParticipantId>) -> Vec<port::Vote> {
        self.0.iter().map(|vote| vote.seen(role, caller)).collect()
    }

    fn get_mut(&mut self, id: VoteId) -> &mut Vote {
        let vote = self.0.iter_mut().find(|vote| vote.id == id);
        vote.expect("a vote is opened before anything else about it")
    }
}

impl Vote {
    const fn opened(id: VoteId, themes: Vec<ItemId>, bounds: VoteBounds) -> Self {
        Self {
            id,
            themes,
            bounds,
            ballots: BTreeMap::new(),
            paper: Vec::new(),
            is_closed: false,
            merged: BTreeMap::new(),
            lots: Vec::new(),
            selection: None,
            is_shown: false,
        }
    }

    /// The dots of somebody's ballot: to judge their next one by, never to be shown.
    pub(super) fn ballot(&self, voter: ParticipantId) -> &[Dots] {
        self.ballots.get(&voter).map_or(&[], Vec::as_slice)
    }

    /// The theme that one went up in, itself where in none. The way there is no longer than there
    /// were merges, unless an archive that somebody forged leads it round in a circle.
    pub(super) fn standing(&self, mut theme: ItemId) -> ItemId {
        for _ in 0..self.merged.len() {
            let Some(into) = self.merged.get(&theme) else { break };
            theme = *into;
        }
        theme
    }

    /// The theme that this one was merged into, directly.
    pub(super) fn merged_into(&self, theme: ItemId) -> Option<ItemId> {
        self.merged.get(&theme).copied()
    }

    /// Themes that did not go up in another, in the order shown.
    pub(super) fn live(&self) -> impl Iterator<Item = ItemId> + Clone + '_ {
        self.themes.iter().copied().filter(|theme| !self.merged.contains_key(theme))
    }

    fn totals(&self) -> BTreeMap<ItemId, u32> {
        let mut totals: BTreeMap<_, _> = self.live().map(|theme| (theme, 0)).collect();
        for dots in self.ballots.values().flatten().chain(&self.paper) {
            *totals.entry(self.standing(dots.theme)).or_default() += u32::from(dots.count);
        }
        totals
    }

    /// The live themes with how they came out, first the first.
    pub(super) fn ranking(&self) -> Vec<(ItemId, Tally)> {
        let totals = self.totals();
        let tie = self.tie_of(&totals);
        let drawn = tie.filter(|tie| tie.drawn).map(|tie| tie.themes).unwrap_or_default();
        let lot = |theme| drawn.iter().position(|other| *other == theme).unwrap_or(0);
        let mut ranking: Vec<_> = totals.iter().map(|(theme, dots)| (*theme, *dots)).collect();
        let place = |theme| self.themes.iter().position(|other| *other == theme);
        ranking.sort_by_key(|(theme, dots)| (Reverse(*dots), lot(*theme), place(*theme)));
        let ahead = |dots: u32| totals.values().filter(|other| **other > dots).count();
        let tally = |(theme, dots)| (theme, Tally { dots, rank: 1 + ahead(dots) + lot(theme) });
        ranking.into_iter().map(tally).collect()
    }

    /// The themes that are tied for the last places of the choice, where there are more of them
    /// than places.
    pub(super) fn tie(&self) -> Option<VoteTie> {
        self.tie_of(&self.totals())
    }

    fn tie_of(&self, totals: &BTreeMap<ItemId, u32>) -> Option<VoteTie> {
        let choose = usize::from(self.bounds.choose);
        let mut sorted: Vec<_> = totals.values().copied().collect();
        sorted.sort_by_key(|dots| Reverse(*dots));
        let last = *sorted.get(choose.checked_sub(1)?)?;
        if sorted.get(choose) != Some(&last) {
            return None;
        }
        let places = (choose - sorted.iter().filter(|dots| **dots > last).count()) as u64;
        let themes: Vec<_> = self.live().filter(|theme| totals[theme] == last).collect();
        let tied: BTreeSet<_> = themes.iter().copied().collect();
        // A lot between other themes, before a merge, decides nothing here.
        let is_of = |lot: &&Vec<ItemId>| lot.iter().copied().collect::<BTreeSet<_>>() == tied;
        match self.lots.iter().rev().find(is_of) {
            Some(lot) => Some(VoteTie { themes: lot.clone(), places, drawn: true }),
            None => Some(VoteTie { themes, places, drawn: false }),
        }
    }

    /// Whether these are the themes that came out first, with no tie left open.
    pub(super) fn came_out_first(&self, themes: &[ItemId]) -> bool {
        let is_open = self.tie().is_some_and(|tie| !tie.drawn);
        let first = self.ranking().into_iter().take(usize::from(self.bounds.choose));
        let first: BTreeSet<_> = first.map(|(theme, _)| theme).collect();
        !is_open && first == themes.iter().copied().collect()
    }

    fn seen(&self, role: Role, caller: Option<ParticipantId>) -> port::Vote {
        let conducts = match role {
            Role::Facilitator | Role::Operator => true,
            Role::Observer | Role::Guest | Role::Participant | Role::CoreGroup => false,
        };
        let sees_all = self.is_closed && (conducts || self.is_shown);
        let as_opened =
            |theme: &ItemId| VotedTheme { theme: *theme, merged: Vec::new(), tally: None };
        port::Vote {
            id: self.id,
            phase: match (self.is_closed, &self.selection) {
                (false, _) => VotePhase::Open,
                (true, Some(_)) if self.is_shown => VotePhase::Shown,
                (true, Some(_)) if conducts => VotePhase::Confirmed,
                (true, _) => VotePhase::Closed,
            },
            bounds: self.bounds,
            voters: self.ballots.len(),
            has_voted: caller.is_some_and(|caller| self.ballots.contains_key(&caller)),
            themes: if sees_all {
                self.ranking().into_iter().map(|(theme, tally)| self.ranked(theme, tally)).collect()
            } else {
                self.themes.iter().map(as_opened).collect()
            },
            tie: self.tie().filter(|_| sees_all),
            selection: self.selection.clone().filter(|_| sees_all),
        }
    }

    fn ranked(&self, theme: ItemId, tally: Tally) -> VotedTheme {
        let all = self.themes.iter().copied();
        let merged = all.filter(|other| *other != theme && self.standing(*other) == theme);
        VotedTheme { theme, merged: merged.collect(), tally: Some(tally) }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// No command makes such merges, but a restored archive may hold what no command made.
    #[test]
    fn themes_that_went_up_in_each_other_are_shown_all_the_same() {
        let (vote, [a, b]) = (VoteId::new(Uuid::nil()), [1, 2].map(Uuid::from_u128));
        let [a, b] = [a, b].map(ItemId::new);
        let by = By { participant: Some(ParticipantId::new(Uuid::nil())), role: Role::Facilitator };
        let (themes, dots) = (vec![a, b], vec![Dots { theme: a, count: 1 }]);
        let mut votes = Votes::default();
        for act in [
            VoteAct::Opened { vote, themes, budget: 1, most_each: 1, choose: 1 },
            VoteAct::Cast { vote, dots },
            VoteAct::Closed { vote },
            VoteAct::Merged { vote, from: a, into: b },
            VoteAct::Merged { vote, from: b, into: a },
        ] {
            votes.fold(by, &act);
        }
        assert_eq!(votes.seen(Role::Facilitator, None).len(), 1);
    }
}
