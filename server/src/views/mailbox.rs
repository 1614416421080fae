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
    pub(super) read: Read,
}

/// News is kept by gathering, so it is bounded by their number; reads by `queries_max`.
pub(super) struct Mailbox {
    queries_max: usize,
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
pub(super) struct Waiting {
    pub(super) grown: BTreeMap<GatheringId, Seq>,
    pub(super) queries: VecDeque<Query>,
    pub(super) closed: bool,
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
        if waiting.queries.len() >= self.queries_max {
            return Err(ViewError::Overload);
        }
        waiting.queries.push_back(query);
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

    /// Takes all there is, waiting for something until `until`.
    pub(super) fn take(&self, until: Instant) -> Waiting {
        let mut waiting = self.lock();
        while waiting.grown.is_empty() && waiting.queries.is_empty() && !waiting.closed {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.came.wait_timeout(waiting, left);
            (waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let closed = waiting.closed;
        let taken = std::mem::take(&mut *waiting);
        waiting.closed = closed;
        taken
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
