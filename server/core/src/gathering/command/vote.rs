//! Commands of a theme vote: opened, dots cast and counted, closed, themes merged, lots drawn,
//! the selection confirmed and shown.

use std::collections::BTreeSet;

use oogst_protocol::api::{Selection, VoteBounds};
use oogst_protocol::event::{Act, By, Dots, Role, VoteAct};
use oogst_protocol::ids::{ItemId, VoteId};
use oogst_protocol::limits::TITLE_CHARACTERS_MAX;

use super::{Acts, Fold, check_text, conducts, invalid};
use crate::gathering::vote::Vote;
use crate::port::{Hindrance, Refusal, Voting};

/// Most votes of one gathering. A day has one or two.
const VOTES_MAX: usize = 50;

/// Most themes of one vote.
const THEMES_MAX: usize = 100;

/// Most dots that each person may have.
const BUDGET_MAX: u16 = 100;

/// Most dots on paper for one theme: more than a room can stick on a wall.
const PAPER_DOTS_MAX: u16 = 10_000;

impl Fold {
    /// Judges an act of a theme vote.
    pub(super) fn voted(&self, by: By, vote: VoteId, asked: &Voting) -> Result<Acts, Refusal> {
        match asked {
            Voting::Cast { .. } => casts(by)?,
            Voting::Open { .. }
            | Voting::AddPaper { .. }
            | Voting::Close
            | Voting::Merge { .. }
            | Voting::DrawLot { .. }
            | Voting::Confirm { .. }
            | Voting::Show => conducts(by)?,
        }
        self.goes_on()?;
        if let Voting::Open { themes, bounds } = asked {
            return self.open_vote(vote, themes, *bounds);
        }
        let there = self.votes.get(vote).ok_or(Refusal::Unknown { what: "vote" })?;
        let act = match asked {
            Voting::Open { .. } => unreachable!("judged above"),
            Voting::Cast { dots } => there.cast(by, dots)?,
            Voting::AddPaper { dots } => there.add_paper(dots)?,
            Voting::Close => (!there.is_closed).then_some(VoteAct::Closed { vote }),
            Voting::Merge { from, into } => there.merge(*from, *into)?,
            Voting::DrawLot { chance } => there.draw_lot(*chance)?,
            Voting::Confirm { themes, reason } => there.confirm(themes, reason.as_deref())?,
            Voting::Show => there.show()?,
        };
        Ok(act.map(Act::Voted).into_iter().collect())
    }

    fn open_vote(
        &self,
        vote: VoteId,
        themes: &[ItemId],
        bounds: VoteBounds,
    ) -> Result<Acts, Refusal> {
        let VoteBounds { budget, most_each, choose } = bounds;
        let distinct: BTreeSet<_> = themes.iter().collect();
        if distinct.len() != themes.len() || !(2..=THEMES_MAX).contains(&themes.len()) {
            let why = format!("a vote is between 2 to {THEMES_MAX} different themes");
            return Err(Refusal::Invalid { why });
        }
        if choose == 0 || usize::from(choose) > themes.len() {
            return Err(invalid("a vote chooses at least one theme, and no more than there are"));
        }
        if !(1..=BUDGET_MAX).contains(&budget) || !(1..=budget).contains(&most_each) {
            let why = format!(
                "everybody has 1 to {BUDGET_MAX} dots, and may give one theme at least one and \
                 no more than all of them"
            );
            return Err(Refusal::Invalid { why });
        }
        let opened = VoteAct::Opened { vote, themes: themes.to_vec(), budget, most_each, choose };
        match self.votes.get(vote) {
            Some(there) if there.is_as_opened(&opened) => Ok(Acts::new()),
            Some(_) => Err(Refusal::Conflict { why: Hindrance::Taken { what: "vote" } }),
            None if self.votes.count() >= VOTES_MAX => {
                Err(Refusal::Full { what: "votes", most: VOTES_MAX })
            }
            None => Ok(vec![Act::Voted(opened)]),
        }
    }
}

/// Guests came after the questions were asked, and observers only read: neither chooses what the
/// others will work on.
fn casts(by: By) -> Result<(), Refusal> {
    let may = match by.role {
        Role::Participant | Role::CoreGroup | Role::Facilitator => by.participant.is_some(),
        Role::Observer | Role::Guest | Role::Operator => false,
    };
    let who = "a participant, the core group or a facilitator";
    if may { Ok(()) } else { Err(Refusal::Forbidden { who }) }
}

/// What a command of one vote comes to, if it does not find things so.
type Judged = Result<Option<VoteAct>, Refusal>;

impl Vote {
    fn is_as_opened(&self, opened: &VoteAct) -> bool {
        let (vote, themes) = (self.id, self.themes.clone());
        let VoteBounds { budget, most_each, choose } = self.bounds;
        *opened == VoteAct::Opened { vote, themes, budget, most_each, choose }
    }

    fn cast(&self, by: By, dots: &[Dots]) -> Judged {
        self.is_open()?;
        let dots = self.plain(dots)?;
        if dots.iter().any(|dots| dots.count > self.bounds.most_each) {
            let most = self.bounds.most_each;
            let why = format!("one theme gets at most {most} of your dots in this vote");
            return Err(Refusal::Invalid { why });
        }
        let given: u32 = dots.iter().map(|dots| u32::from(dots.count)).sum();
        if given > u32::from(self.bounds.budget) {
            let budget = self.bounds.budget;
            let why = format!("these are {given} dots: everybody has {budget} in this vote");
            return Err(Refusal::Invalid { why });
        }
        let already = by.participant.is_some_and(|voter| self.ballot(voter) == dots);
        Ok((!already).then_some(VoteAct::Cast { vote: self.id, dots }))
    }

    fn add_paper(&self, dots: &[Dots]) -> Judged {
        self.is_open()?;
        let dots = self.plain(dots)?;
        if dots.iter().any(|dots| dots.count > PAPER_DOTS_MAX) {
            let why = format!("a theme has at most {PAPER_DOTS_MAX} dots on paper");
            return Err(Refusal::Invalid { why });
        }
        Ok((self.paper != dots).then_some(VoteAct::PaperAdded { vote: self.id, dots }))
    }

    /// Dots in one order, none of zero, each on a theme of this vote and each theme once.
    fn plain(&self, dots: &[Dots]) -> Result<Vec<Dots>, Refusal> {
        let mut plain: Vec<_> = dots.iter().copied().filter(|dots| dots.count > 0).collect();
        plain.sort();
        if plain.iter().any(|dots| !self.themes.contains(&dots.theme)) {
            return Err(invalid("dots go to themes of this vote"));
        }
        if plain.windows(2).any(|pair| pair[0].theme == pair[1].theme) {
            return Err(invalid("each theme is named once, with all of its dots"));
        }
        Ok(plain)
    }

    fn merge(&self, from: ItemId, into: ItemId) -> Judged {
        self.is_decided(false)?;
        if self.merged_into(from) == Some(into) {
            return Ok(None);
        }
        let live: BTreeSet<_> = self.live().collect();
        if from == into || !live.contains(&from) || !live.contains(&into) {
            return Err(invalid("two themes of this vote are merged that both still stand alone"));
        }
        if live.len() <= usize::from(self.bounds.choose) {
            let why = Hindrance::TooFewThemes;
            return Err(Refusal::Conflict { why });
        }
        Ok(Some(VoteAct::Merged { vote: self.id, from, into }))
    }

    fn draw_lot(&self, chance: u64) -> Judged {
        self.is_decided(false)?;
        match self.tie() {
            // Drawn again until it suits, it would be no lot.
            Some(tie) if tie.drawn => Ok(None),
            Some(tie) => {
                let order = shuffled(tie.themes, chance);
                Ok(Some(VoteAct::LotDrawn { vote: self.id, order }))
            }
            None => Err(Refusal::Conflict { why: Hindrance::NoTie }),
        }
    }

    fn confirm(&self, themes: &[ItemId], reason: Option<&str>) -> Judged {
        self.is_counted()?;
        let live: BTreeSet<_> = self.live().collect();
        let chosen: BTreeSet<_> = themes.iter().copied().collect();
        let choose = usize::from(self.bounds.choose);
        if chosen.len() != themes.len() || themes.len() != choose || !chosen.is_subset(&live) {
            let why = format!(
                "exactly {choose} different themes are chosen, of those that still stand alone"
            );
            return Err(Refusal::Invalid { why });
        }
        if let Some(reason) = reason {
            check_text("the reason", reason, 1, TITLE_CHARACTERS_MAX)?;
        } else if !self.came_out_first(themes) {
            return Err(invalid(
                "these are not simply the themes that came out first: say why in `reason`, or \
                 draw the lot where themes are tied",
            ));
        }
        let reason = reason.map(str::to_owned);
        let selection = &self.selection;
        let same = |known: &Selection| known.themes == themes && known.reason == reason;
        match selection {
            Some(known) if same(known) => Ok(None),
            Some(_) if self.is_shown => Err(Refusal::Conflict { why: Hindrance::SelectionShown }),
            Some(_) | None => {
                let (vote, themes) = (self.id, themes.to_vec());
                Ok(Some(VoteAct::SelectionConfirmed { vote, themes, reason }))
            }
        }
    }

    fn show(&self) -> Judged {
        self.is_decided(true)?;
        Ok((!self.is_shown).then_some(VoteAct::SelectionShown { vote: self.id }))
    }

    fn is_open(&self) -> Result<(), Refusal> {
        let why = Hindrance::VoteClosed;
        if self.is_closed { Err(Refusal::Conflict { why }) } else { Ok(()) }
    }

    fn is_counted(&self) -> Result<(), Refusal> {
        let why = Hindrance::VoteOpen;
        if self.is_closed { Ok(()) } else { Err(Refusal::Conflict { why }) }
    }

    fn is_decided(&self, wanted: bool) -> Result<(), Refusal> {
        self.is_counted()?;
        match (self.selection.is_some(), wanted) {
            (true, false) => Err(Refusal::Conflict { why: Hindrance::SelectionConfirmed }),
            (false, true) => Err(Refusal::Conflict { why: Hindrance::SelectionUnconfirmed }),
            (true, true) | (false, false) => Ok(()),
        }
    }
}

/// An order that `chance` alone decides (Fisher and Yates, over `SplitMix64`).
fn shuffled(mut themes: Vec<ItemId>, chance: u64) -> Vec<ItemId> {
    let mut state = chance;
    for place in (1..themes.len()).rev() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut drawn = state;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        drawn ^= drawn >> 31;
        let other = usize::try_from(drawn % (place as u64 + 1)).expect("less than the themes");
        themes.swap(place, other);
    }
    themes
}

#[cfg(test)]
mod tests;
