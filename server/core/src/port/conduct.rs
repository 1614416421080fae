//! How the day is conducted: what can be done, and what is shown of it.

use oogst_protocol::event::{Spotlight, TimerScope};
use oogst_protocol::ids::ItemId;
use oogst_protocol::time::Timestamp;

/// An act of whoever conducts the day. Facilitators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conducting {
    /// Begins a block of the programme, and so ends the one that runs.
    StartBlock {
        /// The block.
        block: ItemId,
    },
    /// Ends a block.
    EndBlock {
        /// The block.
        block: ItemId,
    },
    /// Puts a block and all after it later than planned, or earlier.
    ShiftBlock {
        /// The block.
        block: ItemId,
        /// By how many minutes in all, earlier shifts of this block included.
        minutes: i32,
    },
    /// Starts a clock. One of as many seconds that still runs is left alone.
    StartTimer {
        /// For whom.
        scope: TimerScope,
        /// How long it runs.
        seconds: u32,
    },
    /// Stops a clock.
    StopTimer {
        /// For whom.
        scope: TimerScope,
    },
    /// Puts something in the spotlight, or nothing.
    SetSpotlight {
        /// What.
        spotlight: Option<Spotlight>,
    },
    /// Says when guests will be let in.
    AnnounceGuests {
        /// When.
        starts: Timestamp,
    },
    /// Lets guests in, and places those who have no group.
    AdmitGuests {
        /// Until then; until they are dismissed where nothing is said.
        until: Option<Timestamp>,
    },
    /// Ends the guests' time.
    DismissGuests,
}

/// How the day goes, as one caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// The server's time of this answer.
    pub now: Timestamp,
    /// The block that runs.
    pub running: Option<ItemId>,
    /// Blocks that were started or shifted, in order of id.
    pub blocks: Vec<(ItemId, Block)>,
    /// Clocks that were started and not stopped, also those that have run out.
    pub timers: Vec<(TimerScope, Timer)>,
    /// What everybody is asked to look at.
    pub spotlight: Option<Spotlight>,
    /// Where the guests are.
    pub guests: Guests,
}

/// What became of a planned block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// When it began, the last time that it did.
    pub started: Option<Timestamp>,
    /// When it ended after that; absent while it runs.
    pub ended: Option<Timestamp>,
    /// How many minutes later than planned it and all after it were put.
    pub shifted_minutes: i32,
}

/// A clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When it was started.
    pub started: Timestamp,
    /// How long it runs.
    pub seconds: u32,
}

impl Timer {
    /// Whether it still runs at `now`.
    #[must_use]
    pub fn runs(&self, now: Timestamp) -> bool {
        let ends = self.started.milliseconds().saturating_add(i64::from(self.seconds) * 1_000);
        now.milliseconds() < ends
    }
}

/// Where the guests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guests {
    /// Not let in yet.
    Expected {
        /// When they are to be, where that was said.
        starts: Option<Timestamp>,
    },
    /// Let in.
    Admitted {
        /// Until then; until they are dismissed where nothing was said.
        until: Option<Timestamp>,
    },
    /// Their time is over.
    Dismissed,
}

impl Default for Guests {
    fn default() -> Self {
        Self::Expected { starts: None }
    }
}

impl Guests {
    /// Whether a time that was set for them has passed at `now`.
    #[must_use]
    pub fn is_over(self, now: Timestamp) -> bool {
        match self {
            Self::Admitted { until: Some(until) } => until <= now,
            Self::Admitted { until: None } | Self::Expected { .. } | Self::Dismissed => false,
        }
    }
}
