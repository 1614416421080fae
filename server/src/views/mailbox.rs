//! What waits for one thread of the views: news of the log, and reads.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use oogst_protocol::ids::{GatheringId, Seq};

use super::ViewError;
use super::kept::Kept;

/// What a read does with the view, or with why there is none.
pub(super) type Read = Box<dyn FnOnce(Result<&Kept, ViewError>) + Send>;

/// A read of one gathering.
pub(super) struct Query {
    pub(super) gathering: GatheringId,
    /// The newest event that was durable when it was asked.
    pub(super) wanted: Seq,
    /// Nobody waits for the answer after this.
    pub(super) deadline: Instant,
    /// Whether it asks for the past, which costs more to read: those who watch go before.
    pub(super) past: bool,
    pub(super) read: Read,
}

/// Most reads of the past that one thread lets wait: each may take some tenths of a second.
const PAST_QUERIES_MAX: usize = 32;

/// News is kept by gathering, so it is bounded by their number; reads by `queries_max`, those of
/// the past by [`PAST_QUERIES_MAX`].
pub(super) struct Mailbox {
    queries_max: usize,
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
pub(super) struct Waiting {
    pub(super) grown: BTreeMap<GatheringId, Seq>,
    pub(super) queries: VecDeque<Query>,
    pub(super) past: VecDeque<Query>,
    pub(super) closed: bool,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.grown.is_empty() && self.queries.is_empty() && self.past.is_empty()
    }
}

impl Mailbox {
    pub(super) fn new(queries_max: usize) -> Self {
        Self { queries_max, waiting: Mutex::default(), came: Condvar::new() }
    }

    /// Hands over a read; refuses it where too many wait.
    pub(super) fn post(&self, query: Query) -> Result<(), ViewError> {
        let mut waiting = self.lock();
        if waiting.closed {
            return Err(ViewError::Closed);
        }
        let (queue, most) = match query.past {
            false => (&mut waiting.queries, self.queries_max),
            true => (&mut waiting.past, PAST_QUERIES_MAX),
        };
        if queue.len() >= most {
            return Err(ViewError::Overload);
        }
        queue.push_back(query);
        self.came.notify_one();
        Ok(())
    }

    /// Says up to where a gathering's log has grown; `false` once the mailbox is closed.
    pub(super) fn tell(&self, gathering: GatheringId, seq: Seq) -> bool {
        let mut waiting = self.lock();
        waiting.grown.insert(gathering, seq);
        self.came.notify_one();
        !waiting.closed
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.came.notify_one();
    }

    /// Takes all there is, waiting for something until `until`; of the reads of the past only the
    /// oldest, so that whatever comes meanwhile goes before the next.
    pub(super) fn take(&self, until: Instant) -> Waiting {
        let mut waiting = self.lock();
        while waiting.is_empty() && !waiting.closed {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.came.wait_timeout(waiting, left);
            (waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let Waiting { grown, queries, past, closed } = &mut *waiting;
        Waiting {
            grown: std::mem::take(grown),
            queries: std::mem::take(queries),
            // Whoever waits when the views close is told so at once.
            past: if *closed {
                std::mem::take(past)
            } else {
                past.pop_front().into_iter().collect()
            },
            closed: *closed,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use uuid::Uuid;

    fn query(number: u64, past: bool) -> Query {
        Query {
            gathering: GatheringId::new(Uuid::from_u128(1)),
            wanted: Seq(number),
            deadline: Instant::now(),
            past,
            read: Box::new(|_| ()),
        }
    }

    fn taken(mailbox: &Mailbox) -> (Vec<u64>, Vec<u64>) {
        let Waiting { queries, past, .. } = mailbox.take(Instant::now() + Duration::from_secs(20));
        let numbers =
            |queries: VecDeque<Query>| queries.iter().map(|query| query.wanted.0).collect();
        (numbers(queries), numbers(past))
    }

    #[test]
    fn who_watches_goes_before_the_next_who_looks_back() {
        let mailbox = Mailbox::new(2);
        for number in 1..=3 {
            mailbox.post(query(number, true)).unwrap();
        }
        assert_eq!(taken(&mailbox), (vec![], vec![1]));
        mailbox.post(query(10, false)).unwrap();
        mailbox.post(query(11, false)).unwrap();
        assert!(matches!(mailbox.post(query(12, false)), Err(ViewError::Overload)));
        assert_eq!(taken(&mailbox), (vec![10, 11], vec![2]));
        mailbox.post(query(4, true)).unwrap();
        mailbox.close();
        assert_eq!(taken(&mailbox), (vec![], vec![3, 4]), "nobody is left waiting");
    }

    #[test]
    fn looking_back_has_a_bound_of_its_own() {
        let mailbox = Mailbox::new(1);
        for number in 0..PAST_QUERIES_MAX as u64 {
            mailbox.post(query(number, true)).unwrap();
        }
        assert!(matches!(mailbox.post(query(99, true)), Err(ViewError::Overload)));
        mailbox.post(query(1, false)).unwrap();
    }
}
