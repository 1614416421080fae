//! Theme votes: what can be done, and what is shown of them.

use oogst_protocol::api::{Selection, VoteBounds, VotePhase, VoteTie};
use oogst_protocol::event::Dots;
use oogst_protocol::ids::{ItemId, VoteId};

/// An act of a theme vote. Facilitators; dots are cast by whoever takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voting {
    /// Opens it.
    Open {
        /// The themes to choose from, in the order shown.
        themes: Vec<ItemId>,
        /// What it gives everybody, and what it is to choose.
        bounds: VoteBounds,
    },
    /// Gives all of the caller's dots, in place of those before.
    Cast {
        /// The dots, each theme once.
        dots: Vec<Dots>,
    },
    /// Notes the dots that were counted on paper, in place of those before.
    AddPaper {
        /// The dots, each theme once.
        dots: Vec<Dots>,
    },
    /// Closes it: from here on there are totals.
    Close,
    /// Has two themes count as one.
    Merge {
        /// The theme that goes up in the other.
        from: ItemId,
        /// The other.
        into: ItemId,
    },
    /// Draws a lot between the themes that are tied for the last places. Drawn once.
    DrawLot {
        /// The shell's randomness: the same number draws the same lot.
        chance: u64,
    },
    /// Chooses the themes.
    Confirm {
        /// Exactly as many as the vote is to choose.
        themes: Vec<ItemId>,
        /// Why these, where they are not those that came out first.
        reason: Option<String>,
    },
    /// Shows the chosen themes, and how it came to them, to everybody.
    Show,
}

/// A vote as one caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Which.
    pub id: VoteId,
    /// How far it is, as far as the caller may know.
    pub phase: VotePhase,
    /// As it was opened.
    pub bounds: VoteBounds,
    /// How many people have given dots on a device.
    pub voters: usize,
    /// Whether the caller is one of them.
    pub has_voted: bool,
    /// As they were opened; in their order of rank where the caller may see how it came out.
    pub themes: Vec<VotedTheme>,
    /// Themes that are tied for the last places.
    pub tie: Option<VoteTie>,
    /// What was chosen.
    pub selection: Option<Selection>,
}

/// A theme of a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VotedTheme {
    /// Which.
    pub theme: ItemId,
    /// Themes that went up in it.
    pub merged: Vec<ItemId>,
    /// How it came out, where the caller may see that.
    pub tally: Option<Tally>,
}

/// How a theme came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Its dots, on devices and on paper, those of themes that went up in it included.
    pub dots: u32,
    /// 1 for the first; equal where dots are and no lot was drawn.
    pub rank: usize,
}
