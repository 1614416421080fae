//! A participant's share of the server: what all their sockets together may take of it.
//!
//! Invariant: bounds of one socket alone would be worth as much as the number of sockets that one
//! person may open, so what is dear is counted by person. A share is the same one for as long as
//! anything of it is taken: whoever leaves and comes back does not begin anew.
//!
//! Way in: [`Shares::of`]. The frames on their way in are in `shard`, what waits to go out is in
//! `outbox`.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use oogst_protocol::ids::ParticipantId;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Most frames of one participant that are on their way through the shard. A frame that took long
/// keeps its place there for a while (`shard`), so that its sender waits and nobody else does.
pub(crate) const LANE_FRAMES_MAX: u32 = 4;

/// Most bytes that may wait for all sockets of one participant: what is over it is refused.
pub(crate) const UNREAD_BYTES_MAX: usize = 64 << 20;

/// A frame counts for no more than this, so that a document of any size goes, and while a slow
/// line takes it the edits that follow.
const FRAME_BYTES_MAX: usize = UNREAD_BYTES_MAX / 2;

/// Shares that are remembered before the first look for those that nobody has any more.
const SWEEP_SHARES_MIN: usize = 1_024;

/// What one participant's sockets have together.
#[derive(Debug)]
pub(crate) struct Share {
    lane: Arc<Semaphore>,
    unread_bytes: AtomicUsize,
}

/// A frame's place in its sender's lane. Dropped, it makes room for another.
pub(crate) struct Place {
    _lane: OwnedSemaphorePermit,
    /// Whoever has something on its way keeps their share, even without a socket.
    _share: Arc<Share>,
}

impl Share {
    pub(crate) fn new() -> Self {
        let lane = Arc::new(Semaphore::new(LANE_FRAMES_MAX as usize));
        Self { lane, unread_bytes: AtomicUsize::new(0) }
    }

    /// Waits for a place in the lane; those who wait are served in their order.
    pub(crate) async fn place(self: &Arc<Self>) -> Result<Place, AcquireError> {
        let lane = Arc::clone(&self.lane).acquire_owned().await?;
        Ok(Place { _lane: lane, _share: Arc::clone(self) })
    }

    /// Counts a frame of so many bytes that begins to wait for one of the sockets. Gives what is
    /// to be released later; `None` where too much waits.
    pub(crate) fn admit(&self, bytes: usize) -> Option<usize> {
        let counted = bytes.min(FRAME_BYTES_MAX);
        let grown = |waiting: usize| Some(waiting + counted).filter(|sum| *sum <= UNREAD_BYTES_MAX);
        self.unread_bytes.fetch_update(Ordering::AcqRel, Ordering::Acquire, grown).ok()?;
        Some(counted)
    }

    /// Bytes that were counted wait no longer.
    pub(crate) fn release(&self, counted: usize) {
        self.unread_bytes.fetch_sub(counted, Ordering::AcqRel);
    }
}

/// Everybody's share, for as long as they have it. Only those with a socket are kept.
#[derive(Default)]
pub(crate) struct Shares(Mutex<Known>);

struct Known {
    shares: HashMap<ParticipantId, Weak<Share>>,
    /// At this many the dead ones go: so a look at all costs each newcomer a constant.
    sweep_at: usize,
}

impl Default for Known {
    fn default() -> Self {
        Self { shares: HashMap::new(), sweep_at: SWEEP_SHARES_MIN }
    }
}

impl Shares {
    /// The share of a participant.
    pub(crate) fn of(&self, participant: ParticipantId) -> Arc<Share> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = known.shares.get(&participant).and_then(Weak::upgrade) {
            return share;
        }
        if known.shares.len() >= known.sweep_at {
            known.shares.retain(|_, share| share.strong_count() > 0);
            known.sweep_at = SWEEP_SHARES_MIN.max(2 * known.shares.len());
        }
        let share = Arc::new(Share::new());
        known.shares.insert(participant, Arc::downgrade(&share));
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(number: usize) -> ParticipantId {
        ParticipantId::new(Uuid::from_u128(number as u128))
    }

    #[tokio::test]
    async fn who_comes_back_while_a_frame_is_on_its_way_has_the_same_share() {
        let shares = Shares::default();
        let first = shares.of(person(1));
        assert!(Arc::ptr_eq(&first, &shares.of(person(1))), "a second socket");
        assert!(!Arc::ptr_eq(&first, &shares.of(person(2))), "another person");
        let place = first.place().await.unwrap();
        let known = Arc::downgrade(&first);
        drop(first);
        assert_eq!(shares.of(person(1)).lane.available_permits(), LANE_FRAMES_MAX as usize - 1);
        drop(place);
        assert!(known.upgrade().is_none(), "who has nothing is nobody's burden");
        assert_eq!(shares.of(person(1)).lane.available_permits(), LANE_FRAMES_MAX as usize);
    }

    #[test]
    fn those_who_left_are_forgotten() {
        let shares = Shares::default();
        let stays = shares.of(person(0));
        for number in 1..10 * SWEEP_SHARES_MIN {
            shares.of(person(number));
            assert!(shares.0.lock().unwrap().shares.len() <= SWEEP_SHARES_MIN);
        }
        assert!(Arc::ptr_eq(&stays, &shares.of(person(0))), "and nobody else");
    }
}
