//! A thread of the views: folds what the log tells, answers reads, drops what nobody uses.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use oogst_protocol::ids::{GatheringId, Seq};

use super::kept::Kept;
use super::mailbox::{Mailbox, Query};
use super::snapshots::Snapshots;
use super::{ViewError, place};
use crate::log::{EventLog, Follower};

/// How long news may wait for more: automerge's cost is by the batch. A read does not wait.
const GATHER: Duration = Duration::from_millis(50);

/// How long a view stays in memory after its last use.
pub(super) const IDLE: Duration = Duration::from_secs(600);

/// Most views that one thread keeps in memory; the one that was used longest ago goes first.
pub(super) const KEPT_MAX: usize = 64;

/// Longest wait for something to do.
const TURN: Duration = Duration::from_secs(5);

/// Tells each thread of the views which of its gatherings grew, until they close.
pub(super) fn herald(follower: &Follower, mailboxes: &[Arc<Mailbox>]) {
    while let Some(grown) = follower.wait(Duration::from_millis(500)) {
        if mailboxes.iter().all(|mailbox| mailbox.is_closed()) {
            return;
        }
        for (gathering, seq) in grown {
            mailboxes[place(gathering, mailboxes.len())].tell(gathering, seq);
        }
    }
}

pub(super) struct Worker {
    log: Arc<dyn EventLog>,
    snapshots: Snapshots,
    alarms: Arc<AtomicU64>,
    kept: BTreeMap<GatheringId, Kept>,
    /// When the log's news must be folded, and up to where.
    due: BTreeMap<GatheringId, (Instant, Seq)>,
    /// Gatherings whose view broke: not tried again before a restart.
    broken: BTreeSet<GatheringId>,
}

impl Worker {
    pub(super) fn new(log: Arc<dyn EventLog>, directory: PathBuf, alarms: Arc<AtomicU64>) -> Self {
        let snapshots = Snapshots::new(directory);
        let (kept, due, broken) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { log, snapshots, alarms, kept, due, broken }
    }

    pub(super) fn run(mut self, mailbox: &Mailbox) {
        loop {
            let next = self.due.values().map(|(when, _)| *when).min();
            let taken = mailbox.take(next.unwrap_or_else(|| Instant::now() + TURN));
            let now = Instant::now();
            for (gathering, seq) in taken.grown {
                let (_, wanted) = self.due.entry(gathering).or_insert((now + GATHER, seq));
                *wanted = seq.max(*wanted);
            }
            for query in taken.queries.into_iter().chain(taken.past) {
                self.answer(query);
            }
            if taken.closed {
                break;
            }
            let due = self.due.iter().filter(|(_, (when, _))| *when <= now);
            let due: Vec<_> = due.map(|(gathering, (_, wanted))| (*gathering, *wanted)).collect();
            for (gathering, wanted) in due {
                self.guarded(gathering, |worker| worker.bring(gathering, wanted));
            }
            self.tidy(Instant::now());
        }
        for gathering in self.kept.keys().copied().collect::<Vec<_>>() {
            self.drop_kept(gathering);
        }
    }

    pub(super) fn answer(&mut self, query: Query) {
        let Query { gathering, wanted, deadline, read, past: _ } = query;
        if Instant::now() >= deadline {
            return read(Err(ViewError::Late));
        }
        let mut read = Some(read);
        self.guarded(gathering, |worker| {
            if worker.bring(gathering, wanted)
                && let Some(kept) = worker.kept.get_mut(&gathering)
                && let Some(read) = read.take()
            {
                kept.used = Instant::now();
                read(Ok(kept));
            }
            true
        });
        if let Some(read) = read {
            read(Err(ViewError::Broken));
        }
    }

    /// Brings a gathering's view up to `wanted`; `false` where it is broken.
    fn bring(&mut self, gathering: GatheringId, wanted: Seq) -> bool {
        if self.broken.contains(&gathering) {
            self.due.remove(&gathering);
            return false;
        }
        if !self.kept.contains_key(&gathering) {
            self.make_room();
        }
        let (log, snapshots) = (&self.log, &self.snapshots);
        let load = || Kept::load(Arc::clone(log), snapshots.clone(), gathering);
        let kept = self.kept.entry(gathering).or_insert_with(load);
        let stopped = match kept.catch_up(wanted) {
            Ok(stopped) => stopped,
            Err(fault) => {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                self.alarm(gathering, &format!("{fault}: {}", cause.unwrap_or_default()));
                return false;
            }
        };
        if self.due.get(&gathering).is_some_and(|(_, seq)| *seq <= wanted) {
            self.due.remove(&gathering);
            kept.used = Instant::now();
        }
        if kept.wants_snapshots() {
            kept.write_snapshots();
        }
        for (document, stop) in stopped {
            self.alarms.fetch_add(1, Ordering::Relaxed);
            let (after, why) = (stop.after, stop.why);
            tracing::error!(%gathering, %document, %after, why, "a document's view stopped");
        }
        true
    }

    /// Runs what must not take the thread with it: a panic is that gathering's alone.
    fn guarded(&mut self, gathering: GatheringId, work: impl FnOnce(&mut Self) -> bool) {
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            self.alarm(gathering, "a panic");
        }
    }

    fn alarm(&mut self, gathering: GatheringId, why: &str) {
        self.alarms.fetch_add(1, Ordering::Relaxed);
        tracing::error!(%gathering, why, "a gathering's view stopped; its log and sync go on");
        self.kept.remove(&gathering);
        self.due.remove(&gathering);
        self.broken.insert(gathering);
    }

    /// Drops what nobody used for long.
    pub(super) fn tidy(&mut self, now: Instant) {
        let idle =
            |kept: &Kept| !kept.is_followed() && now.saturating_duration_since(kept.used) >= IDLE;
        let idle = self.kept.iter().filter(|(_, kept)| idle(kept)).map(|(id, _)| *id);
        for gathering in idle.collect::<Vec<_>>() {
            self.drop_kept(gathering);
        }
    }

    /// Makes room for one more view.
    fn make_room(&mut self) {
        while self.kept.len() >= KEPT_MAX {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.used).map(|(id, _)| *id);
            let Some(oldest) = oldest else { return };
            self.drop_kept(oldest);
        }
    }

    fn drop_kept(&mut self, gathering: GatheringId) {
        self.guarded(gathering, |worker| {
            if let Some(mut kept) = worker.kept.remove(&gathering) {
                kept.write_snapshots();
            }
            true
        });
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> impl Iterator<Item = GatheringId> {
        self.kept.keys().copied()
    }

    #[cfg(test)]
    pub(super) fn subscribe(&self, to: GatheringId) -> Option<tokio::sync::watch::Receiver<Seq>> {
        Some(self.kept.get(&to)?.subscribe())
    }
}
