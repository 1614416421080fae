//! How themes are chosen: hidden dots, the close, merges, ties, the confirmed selection.

use minicbor::{Decode, Encode};

use crate::contribution::{Contribution, Kind};
use crate::ids::{ItemId, VoteId};

/// Dots on one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Dots {
    /// The theme.
    #[n(0)]
    pub theme: ItemId,
    /// How many.
    #[n(1)]
    pub count: u16,
}

/// An act of a theme vote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum VoteAct {
    /// A vote was opened.
    #[n(0)]
    Opened {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The themes to choose from, in the order shown.
        #[n(1)]
        themes: Vec<ItemId>,
        /// How many dots each person has.
        #[n(2)]
        budget: u16,
        /// The most that one person may give one theme.
        #[n(3)]
        most_each: u16,
        /// How many themes are to be chosen.
        #[n(4)]
        choose: u16,
    },
    /// Somebody gave their dots: all of them, in place of those before.
    #[n(1)]
    Cast {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The dots, none of zero.
        #[n(1)]
        dots: Vec<Dots>,
    },
    /// Dots on paper were counted: all of them, in place of those before.
    #[n(2)]
    PaperAdded {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The dots.
        #[n(1)]
        dots: Vec<Dots>,
    },
    /// The vote was closed.
    #[n(3)]
    Closed {
        /// The vote.
        #[n(0)]
        vote: VoteId,
    },
    /// Two themes count as one from here on.
    #[n(4)]
    Merged {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The theme that goes up in the other.
        #[n(1)]
        from: ItemId,
        /// The other.
        #[n(2)]
        into: ItemId,
    },
    /// A lot was drawn between themes with equal dots.
    #[n(5)]
    LotDrawn {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The tied themes, in the order that the lot gave.
        #[n(1)]
        order: Vec<ItemId>,
    },
    /// The themes were chosen.
    #[n(6)]
    SelectionConfirmed {
        /// The vote.
        #[n(0)]
        vote: VoteId,
        /// The themes, exactly as many as the vote said.
        #[n(1)]
        themes: Vec<ItemId>,
        /// Why these, where they are not those that came out first.
        #[n(2)]
        reason: Option<String>,
    },
    /// The chosen themes were shown to everybody.
    #[n(7)]
    SelectionShown {
        /// The vote.
        #[n(0)]
        vote: VoteId,
    },
}

impl VoteAct {
    /// What the act contributes. What a vote holds is in none of it.
    #[must_use]
    pub fn contributions(&self) -> Vec<Contribution> {
        let (kind, item) = match self {
            Self::Opened { .. } => (Kind::VoteOpened, None),
            Self::Cast { .. } => (Kind::VoteCast, None),
            Self::PaperAdded { .. } => (Kind::VotePaperAdded, None),
            Self::Closed { .. } => (Kind::VoteClosed, None),
            Self::Merged { into, .. } => (Kind::ThemeEdited, Some(*into)),
            // The facilitator's own business, until the selection says how it ended.
            Self::LotDrawn { .. } => return Vec::new(),
            Self::SelectionConfirmed { .. } => (Kind::SelectionConfirmed, None),
            Self::SelectionShown { .. } => (Kind::SpotlightSet, None),
        };
        vec![Contribution { kind, item }]
    }
}
