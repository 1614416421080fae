//! How fast one connection may go on.

use std::time::Duration;

use tokio::time::Instant;

/// So many a second on average, with some seconds' worth at once.
#[derive(Debug)]
pub(super) struct Pace {
    /// What one costs; zero where there is no limit.
    each: Duration,
    burst: Duration,
    /// When everything so far is paid for.
    paid: Instant,
}

impl Pace {
    /// `per_second` 0: no limit.
    pub(super) fn new(per_second: u32, burst: Duration) -> Self {
        let each = Duration::from_secs(1).checked_div(per_second).unwrap_or_default();
        let now = Instant::now();
        Self { each, burst, paid: now.checked_sub(burst).unwrap_or(now) }
    }

    /// Counts one; gives how long it has to wait.
    pub(super) fn slow_down(&mut self, now: Instant) -> Duration {
        let earliest = now.checked_sub(self.burst).unwrap_or(now);
        self.paid = self.paid.max(earliest) + self.each;
        self.paid.saturating_duration_since(now)
    }

    /// Whether there is room for one now; counts it where there is.
    pub(super) fn admits(&mut self, now: Instant) -> bool {
        let earliest = now.checked_sub(self.burst).unwrap_or(now);
        let paid = self.paid.max(earliest) + self.each;
        let admitted = paid <= now || self.each.is_zero();
        if admitted {
            self.paid = paid;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BURST: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_burst_is_free_and_what_is_over_it_waits() {
        let mut pace = Pace::new(10, Duration::from_secs(2));
        let now = Instant::now() + Duration::from_secs(60);
        assert!((0..20).all(|_| pace.slow_down(now).is_zero()));
        assert_eq!(pace.slow_down(now), Duration::from_millis(100));
        assert_eq!(pace.slow_down(now), Duration::from_millis(200));
        assert!(pace.slow_down(now + Duration::from_secs(60)).is_zero());
    }

    #[tokio::test]
    async fn a_connection_begins_with_all_that_may_come_at_once() {
        let (mut slowed, mut thinned) = (Pace::new(10, BURST), Pace::new(10, BURST));
        let now = Instant::now();
        assert!((0..10).all(|_| slowed.slow_down(now).is_zero()), "a device that comes back");
        assert_eq!((0..100).filter(|_| thinned.admits(now)).count(), 10);
    }

    #[tokio::test]
    async fn what_is_not_admitted_costs_nothing() {
        let mut pace = Pace::new(10, BURST);
        let now = Instant::now() + Duration::from_secs(60);
        assert_eq!((0..100).filter(|_| pace.admits(now)).count(), 10);
        assert!(pace.admits(now + Duration::from_millis(100)));
        let mut free = Pace::new(0, Duration::ZERO);
        assert!((0..100).all(|_| free.admits(now) && free.slow_down(now).is_zero()));
    }
}
