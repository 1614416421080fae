//! What in a gathering's state stands in the way of a command.

/// What stands in the way. The words say what would be right; the name is for programs, which say
/// it in their own language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Hindrance {
    /// The id is another's.
    #[error("this {what} exists: take a new id")]
    Taken {
        /// `gathering`, `round`, `group`, `document`, `vote`, `file`.
        what: &'static str,
    },
    /// Groups are formed in no round that ran before.
    #[error("this round is over: form groups in the running one, or in a planned one")]
    RoundOver,
    /// Merging would leave too few.
    #[error("there would be fewer themes than are to be chosen")]
    TooFewThemes,
    /// A lot needs a tie.
    #[error("no themes are tied for the last places")]
    NoTie,
    /// What all saw is not changed.
    #[error("the selection was shown: it stands")]
    SelectionShown,
    /// The dots are counted.
    #[error("the vote is closed: its dots are counted")]
    VoteClosed,
    /// The dots are not counted yet.
    #[error("the vote is open: close it first")]
    VoteOpen,
    /// The choice was made.
    #[error("the selection is confirmed already")]
    SelectionConfirmed,
    /// The choice was not made yet.
    #[error("confirm the selection first")]
    SelectionUnconfirmed,
    /// Nothing is done in a gathering that is over.
    #[error("the gathering is closed: its facilitator can open it again")]
    GatheringClosed,
    /// What has not begun has no end.
    #[error("this block has not begun: start it first")]
    BlockNotBegun,
    /// They can't be announced any more.
    #[error("guests are in: dismiss them first")]
    GuestsIn,
    /// Whoever was let in by the clock.
    #[error("the guests' time is over")]
    GuestsOver,
    /// The door is still shut for them.
    #[error("guests are not let in yet: come back later")]
    GuestsEarly,
    /// Nobody comes back by a token that was let go.
    #[error("this participant was removed, or left: join anew")]
    ParticipantGone,
    /// Nobody moves back in time.
    #[error("this group's round is over: move to a group of the running round")]
    GroupOver,
    /// Not by oneself.
    #[error("this group's round has not begun: a facilitator can place you")]
    GroupPlanned,
    /// As many as it has seats.
    #[error("this group is full: take another, or let a facilitator place you")]
    GroupFull,
    /// Of some kinds a gathering has one.
    #[error("the gathering has its document of this kind: write in that one")]
    OneOfItsKind,
    /// What is undone was another thing a moment ago.
    #[error("somebody else undid something at this moment: ask again")]
    UndoneMeanwhile,
}

impl Hindrance {
    /// Its name, which stays.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Taken { .. } => "taken",
            Self::RoundOver => "round_over",
            Self::TooFewThemes => "too_few_themes",
            Self::NoTie => "no_tie",
            Self::SelectionShown => "selection_shown",
            Self::VoteClosed => "vote_closed",
            Self::VoteOpen => "vote_open",
            Self::SelectionConfirmed => "selection_confirmed",
            Self::SelectionUnconfirmed => "selection_unconfirmed",
            Self::GatheringClosed => "gathering_closed",
            Self::BlockNotBegun => "block_not_begun",
            Self::GuestsIn => "guests_in",
            Self::GuestsOver => "guests_over",
            Self::GuestsEarly => "guests_early",
            Self::ParticipantGone => "participant_gone",
            Self::GroupOver => "group_over",
            Self::GroupPlanned => "group_planned",
            Self::GroupFull => "group_full",
            Self::OneOfItsKind => "one_of_its_kind",
            Self::UndoneMeanwhile => "undone_meanwhile",
        }
    }
}
