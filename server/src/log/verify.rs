//! Reads a log from its first event to its last.

use oogst_protocol::ids::Seq;

use super::{EventLog, LogError};

/// Events read at once.
const PAGE_EVENTS: usize = 1_000;

/// What a full reading found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Gatherings read.
    pub gatherings: usize,
    /// Events that are what was written: checksum, place, no gap.
    pub events: u64,
    /// The first fault of each gathering that has one.
    pub damage: Vec<LogError>,
}

/// Reads and verifies every event of every gathering.
pub fn verify(log: &dyn EventLog) -> Verified {
    let mut verified = Verified::default();
    for gathering in log.gatherings() {
        verified.gatherings += 1;
        let last = log.last(gathering);
        let mut after = Seq::ZERO;
        while after < last {
            match log.read(gathering, after, PAGE_EVENTS) {
                Ok(events) => {
                    let newest = events.last().expect("the log reads on to its newest event");
                    verified.events += newest.seq.0 - after.0;
                    after = newest.seq;
                }
                Err(fault) => {
                    verified.damage.push(fault);
                    break;
                }
            }
        }
    }
    verified
}
