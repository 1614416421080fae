//! How the day is conducted: blocks and their real times, clocks, the spotlight, guests.

use minicbor::{Decode, Encode};

use crate::contribution::{Contribution, Kind};
use crate::ids::{DocumentId, GroupId, ItemId, RoundId};
use crate::time::Timestamp;

/// An act of whoever conducts the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum Conduct {
    /// A block of the programme began.
    #[n(0)]
    BlockStarted {
        /// The block.
        #[n(0)]
        block: ItemId,
    },
    /// A block ended.
    #[n(1)]
    BlockEnded {
        /// The block.
        #[n(0)]
        block: ItemId,
    },
    /// A block and all after it were put later, or earlier.
    #[n(2)]
    BlockShifted {
        /// The block.
        #[n(0)]
        block: ItemId,
        /// By how many minutes more than it was shifted before.
        #[n(1)]
        minutes: i32,
    },
    /// A clock was started, or started anew; it runs from the event's time on.
    #[n(3)]
    TimerStarted {
        /// For whom.
        #[n(0)]
        scope: TimerScope,
        /// How long it runs, in seconds.
        #[n(1)]
        seconds: u32,
    },
    /// A clock was stopped.
    #[n(4)]
    TimerStopped {
        /// For whom.
        #[n(0)]
        scope: TimerScope,
    },
    /// Something was put in the spotlight, or nothing any more.
    #[n(5)]
    SpotlightSet {
        /// What.
        #[n(0)]
        spotlight: Option<Spotlight>,
    },
    /// It was said when guests will be let in.
    #[n(6)]
    GuestsAnnounced {
        /// When, as planned.
        #[n(0)]
        starts: Timestamp,
    },
    /// Guests are let in.
    #[n(7)]
    GuestsAdmitted {
        /// Until when, if that was said.
        #[n(0)]
        until: Option<Timestamp>,
    },
    /// The guests' time is over.
    #[n(8)]
    GuestsDismissed,
}

/// Who a clock is for. One runs in each scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum TimerScope {
    /// Everybody.
    #[n(0)]
    Gathering,
    /// One group.
    #[n(1)]
    Group(#[n(0)] GroupId),
    /// Whoever reads one document.
    #[n(2)]
    Document(#[n(0)] DocumentId),
}

/// What the projector shows large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Spotlight {
    /// One group.
    #[n(0)]
    Group(#[n(0)] GroupId),
    /// One item of a document.
    #[n(1)]
    Item {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The item.
        #[n(1)]
        item: ItemId,
    },
    /// A round with its groups.
    #[n(2)]
    Round(#[n(0)] RoundId),
}

impl Conduct {
    /// What the act contributes. A block's lines name the block as their item.
    #[must_use]
    pub fn contributions(&self) -> Vec<Contribution> {
        let (kind, item) = match self {
            Self::BlockStarted { block } => (Kind::BlockStarted, Some(*block)),
            Self::BlockEnded { block } => (Kind::BlockEnded, Some(*block)),
            Self::BlockShifted { block, .. } => (Kind::BlockShifted, Some(*block)),
            Self::TimerStarted { .. } => (Kind::TimerStarted, None),
            Self::TimerStopped { .. } => (Kind::TimerStopped, None),
            Self::SpotlightSet { .. } => (Kind::SpotlightSet, None),
            // Only a plan: no word of the vocabulary says it.
            Self::GuestsAnnounced { .. } => return Vec::new(),
            Self::GuestsAdmitted { .. } => (Kind::GuestsAdmitted, None),
            Self::GuestsDismissed => (Kind::GuestsDismissed, None),
        };
        vec![Contribution { kind, item }]
    }
}
