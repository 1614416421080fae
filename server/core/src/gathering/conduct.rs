//! How the day goes: blocks and their real times, clocks, the spotlight, the guests' hours.
//!
//! Invariant: a clock is the moment it was started and its seconds, by the server's time, and
//! nothing counts down here; so every screen comes to the same remainder. Who has run over their
//! time as a guest is no member from that moment on, whether or not the event that says so is in
//! the log yet.
//!
//! Way in: [`Conduct::fold`]. Commands are judged in `command::conduct`; the programme's blocks
//! with their planned times are a document.

use std::collections::BTreeMap;

use oogst_protocol::event::{self, Spotlight, TimerScope};
use oogst_protocol::ids::ItemId;
use oogst_protocol::time::Timestamp;

use crate::port::{Block, Guests, Timer};

/// Most blocks of one gathering that were ever started or shifted. A full day has some fifteen.
pub(super) const BLOCKS_MAX: usize = 300;

/// Most clocks of one gathering that were started and not stopped: one a group, one for all, and
/// as many again for documents.
pub(super) const TIMERS_MAX: usize = 100;

/// The fold of a gathering's conduct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conduct {
    pub(super) blocks: BTreeMap<ItemId, Block>,
    pub(super) running: Option<ItemId>,
    pub(super) timers: BTreeMap<TimerScope, Timer>,
    pub(super) spotlight: Option<Spotlight>,
    pub(super) guests: Guests,
    /// Until they are let in again: also while a next time is announced.
    pub(super) guests_are_dismissed: bool,
}

impl Conduct {
    /// Folds an act that was done at `at`.
    pub(super) fn fold(&mut self, at: Timestamp, act: &event::Conduct) {
        match act {
            event::Conduct::BlockStarted { block } => {
                let started = self.blocks.entry(*block).or_default();
                (started.started, started.ended) = (Some(at), None);
                self.running = Some(*block);
            }
            event::Conduct::BlockEnded { block } => {
                self.blocks.entry(*block).or_default().ended = Some(at);
                self.running = self.running.filter(|running| running != block);
            }
            event::Conduct::BlockShifted { block, minutes } => {
                let shifted = &mut self.blocks.entry(*block).or_default().shifted_minutes;
                *shifted = shifted.saturating_add(*minutes);
            }
            event::Conduct::TimerStarted { scope, seconds } => {
                self.timers.insert(*scope, Timer { started: at, seconds: *seconds });
            }
            event::Conduct::TimerStopped { scope } => {
                self.timers.remove(scope);
            }
            event::Conduct::SpotlightSet { spotlight } => self.spotlight = *spotlight,
            event::Conduct::GuestsAnnounced { starts } => {
                self.guests = Guests::Expected { starts: Some(*starts) };
            }
            event::Conduct::GuestsAdmitted { until } => {
                self.guests = Guests::Admitted { until: *until };
                self.guests_are_dismissed = false;
            }
            event::Conduct::GuestsDismissed => {
                self.guests = Guests::Dismissed;
                self.guests_are_dismissed = true;
            }
            _ => unreachable!("every act that this version can decode is folded above"),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn block(number: u128) -> ItemId {
        ItemId::new(Uuid::from_u128(number))
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_milliseconds(minute * 60_000)
    }

    #[test]
    fn a_block_has_the_times_of_its_last_run() {
        let mut conduct = Conduct::default();
        conduct.fold(at(1), &event::Conduct::BlockStarted { block: block(1) });
        assert_eq!(conduct.running, Some(block(1)));
        conduct.fold(at(2), &event::Conduct::BlockEnded { block: block(1) });
        let ended = Block { started: Some(at(1)), ended: Some(at(2)), shifted_minutes: 0 };
        assert_eq!((conduct.running, conduct.blocks[&block(1)]), (None, ended));
        conduct.fold(at(5), &event::Conduct::BlockStarted { block: block(1) });
        let again = Block { started: Some(at(5)), ended: None, shifted_minutes: 0 };
        assert_eq!(conduct.blocks[&block(1)], again);
    }

    #[test]
    fn shifts_add_up() {
        let mut conduct = Conduct::default();
        for minutes in [10, -3] {
            conduct.fold(at(1), &event::Conduct::BlockShifted { block: block(1), minutes });
        }
        assert_eq!(conduct.blocks[&block(1)].shifted_minutes, 7);
        assert_eq!(conduct.running, None, "a shift starts nothing");
    }

    #[test]
    fn a_clock_runs_for_its_seconds_and_not_a_millisecond_longer() {
        let timer = Timer { started: at(10), seconds: 60 };
        assert!(timer.runs(at(10)));
        assert!(timer.runs(Timestamp::from_milliseconds(11 * 60_000 - 1)));
        assert!(!timer.runs(at(11)));
    }

    #[test]
    fn guests_are_over_from_the_moment_that_was_said() {
        let until = Guests::Admitted { until: Some(at(10)) };
        assert_eq!([9, 10, 11].map(|minute| until.is_over(at(minute))), [false, true, true]);
        let open = Guests::Admitted { until: None };
        assert!(![open, Guests::Dismissed, Guests::default()].iter().any(|g| g.is_over(at(99))));
    }
}
