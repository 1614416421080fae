//! What is durable, and who wants to hear of it.
//!
//! A follower is told the newest seq of each gathering that grew, coalesced: what it holds is
//! bounded by the number of gatherings, however slow it is, and it never slows the writer.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use oogst_protocol::ids::{GatheringId, Seq};

/// The newest durable event of every gathering.
#[derive(Debug)]
pub(super) struct Durable {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    last: BTreeMap<GatheringId, Seq>,
    followers: Vec<Weak<Grown>>,
    closed: bool,
}

impl Durable {
    pub(super) fn new(last: BTreeMap<GatheringId, Seq>) -> Self {
        Self { state: Mutex::new(State { last, followers: Vec::new(), closed: false }) }
    }

    pub(super) fn last(&self, gathering: GatheringId) -> Seq {
        self.lock().last.get(&gathering).copied().unwrap_or_default()
    }

    pub(super) fn all(&self) -> BTreeMap<GatheringId, Seq> {
        self.lock().last.clone()
    }

    /// Moves the frontier and wakes the followers.
    pub(super) fn advance(&self, grown: &BTreeMap<GatheringId, Seq>) {
        let mut state = self.lock();
        state.last.extend(grown);
        state.followers.retain(|follower| {
            let Some(follower) = follower.upgrade() else { return false };
            follower.lock().grown.extend(grown);
            follower.came.notify_one();
            true
        });
    }

    pub(super) fn follow(&self) -> Follower {
        let mut state = self.lock();
        let news = News { grown: BTreeMap::new(), closed: state.closed };
        let grown = Arc::new(Grown { news: Mutex::new(news), came: Condvar::new() });
        state.followers.push(Arc::downgrade(&grown));
        Follower(grown)
    }

    /// Tells the followers that nothing more will come.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        for follower in state.followers.iter().filter_map(Weak::upgrade) {
            follower.lock().closed = true;
            follower.came.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears which gatherings grew, and up to where. For a thread of its own: it blocks.
#[derive(Debug)]
pub struct Follower(Arc<Grown>);

impl Follower {
    /// Waits up to `at_most` for news and takes all there is: gathering to newest durable seq.
    ///
    /// Empty when nothing grew in that time. `None` when the log is closed and all was told.
    pub fn wait(&self, at_most: Duration) -> Option<BTreeMap<GatheringId, Seq>> {
        let idle = |news: &mut News| news.grown.is_empty() && !news.closed;
        let waited = self.0.came.wait_timeout_while(self.0.lock(), at_most, idle);
        let (mut news, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let grown = std::mem::take(&mut news.grown);
        if grown.is_empty() && news.closed { None } else { Some(grown) }
    }
}

#[derive(Debug)]
struct Grown {
    news: Mutex<News>,
    came: Condvar,
}

impl Grown {
    fn lock(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct News {
    grown: BTreeMap<GatheringId, Seq>,
    closed: bool,
}
