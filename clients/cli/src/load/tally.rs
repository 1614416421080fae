//! What is counted while people write: in a window of time, so that neither the start nor the end
//! of a run is in the figures.

use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::time::{Duration, Instant};

/// The longest time that is told apart: what takes longer counts as this, in microseconds.
const LONGEST_MICROSECONDS: u64 = 600_000_000;

/// Significant figures of what is kept.
const FIGURES: u8 = 3;

/// How long something took, many times.
#[derive(Debug)]
pub(super) struct Times(Histogram<u64>);

/// What [`Times`] come to, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Quantiles {
    pub(super) count: u64,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

impl Times {
    pub(super) fn new() -> Self {
        let histogram = Histogram::new_with_max(LONGEST_MICROSECONDS, FIGURES);
        Self(histogram.expect("three figures of ten minutes fit a histogram"))
    }

    pub(super) fn add(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }

    pub(super) fn quantiles(&self) -> Quantiles {
        let at = |quantile| milliseconds(self.0.value_at_quantile(quantile));
        Quantiles {
            count: self.0.len(),
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: milliseconds(self.0.max()),
        }
    }
}

fn milliseconds(microseconds: u64) -> f64 {
    f64::from(u32::try_from(microseconds).unwrap_or(u32::MAX)) / 1_000.0
}

/// What happened in the window.
#[derive(Debug)]
pub(super) struct Tally {
    begin: Instant,
    end: Instant,
    /// Edits made in the window, and how many of all edits were acknowledged, and arrived, in it.
    pub(super) edits: u64,
    pub(super) saved: u64,
    pub(super) deliveries: u64,
    /// Of edits made in the window, whenever that ended.
    pub(super) until_saved: Times,
    pub(super) until_peer: Times,
}

impl Tally {
    pub(super) fn new(begin: Instant, length: Duration) -> Self {
        Self {
            begin,
            end: begin + length,
            edits: 0,
            saved: 0,
            deliveries: 0,
            until_saved: Times::new(),
            until_peer: Times::new(),
        }
    }

    /// When people stop writing.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    fn is_in(&self, moment: Instant) -> bool {
        (self.begin..self.end).contains(&moment)
    }

    pub(super) fn made(&mut self, moment: Instant) {
        self.edits += u64::from(self.is_in(moment));
    }

    /// An edit was acknowledged to whoever made it.
    pub(super) fn saved(&mut self, made: Instant, now: Instant) {
        self.saved += u64::from(self.is_in(now));
        if self.is_in(made) {
            self.until_saved.add(now - made);
        }
    }

    /// An edit arrived at another participant.
    pub(super) fn delivered(&mut self, made: Instant, now: Instant) {
        self.deliveries += u64::from(self.is_in(now));
        if self.is_in(made) {
            self.until_peer.add(now - made);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn only_what_happens_in_the_window_counts_and_late_arrivals_show_in_the_times() {
        let start = Instant::now();
        let mut tally = Tally::new(start + SECOND, 2 * SECOND);
        for (made, arrived) in [(0, 2), (1, 2), (2, 9), (3, 4)] {
            let (made, arrived) = (start + made * SECOND, start + arrived * SECOND);
            tally.made(made);
            tally.saved(made, arrived);
            tally.delivered(made, arrived);
        }
        assert_eq!((tally.edits, tally.saved, tally.deliveries), (2, 2, 2));
        let times = tally.until_peer.quantiles();
        assert_eq!(times.count, 2, "of the two that were made in it");
        assert!((times.max_ms - 7_000.0).abs() < 10.0, "{}", times.max_ms);
    }
}
