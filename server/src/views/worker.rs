//! A thread of the views: folds what the log tells, answers reads, drops what nobody uses.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use oogst_protocol::ids::{GatheringId, Seq};
use rustix::process::setpriority_process;

use super::kept::Kept;
use super::mailbox::{Mailbox, Query};
use super::snapshots::Snapshots;
use super::{SLICE, ViewError, place};
use crate::log::{EventLog, Follower};

/// How long news waits for more at least and at most: automerge's cost is by the batch. A read does
/// not wait.
const GATHER: Duration = Duration::from_millis(50);
const GATHER_MAX: Duration = Duration::from_millis(500);

/// How many times as long as it takes to fold them news waits for more: a room that writes without
/// rest leaves the processor to whoever accepts edits.
const GATHER_TIMES: u32 = 4;

/// How far behind those who accept edits a thread of the views stands: where all want the
/// processor, it gets half of what one of them gets.
const NICENESS: i32 = 3;

/// How long a view stays in memory after its last use.
pub(super) const IDLE: Duration = Duration::from_secs(600);

/// Most views that one thread keeps in memory; the one that was used longest ago goes first.
pub(super) const KEPT_MAX: usize = 64;

/// After news the herald rests: who writes without rest would wake each thread for each sync of the
/// disk, and news waits for [`GATHER`] anyway.
const HERALD_REST: Duration = Duration::from_millis(20);

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
        std::thread::sleep(HERALD_REST);
    }
}

/// How long news waits, by what folding the last took.
fn gather(effort: Option<Duration>) -> Duration {
    (effort.unwrap_or_default() * GATHER_TIMES).clamp(GATHER, GATHER_MAX)
}

pub(super) struct Worker {
    log: Arc<dyn EventLog>,
    snapshots: Snapshots,
    alarms: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    kept: BTreeMap<GatheringId, Kept>,
    /// When the log's news must be folded, and up to where.
    due: BTreeMap<GatheringId, (Instant, Seq)>,
    /// Gatherings whose view broke: not tried again before a restart.
    broken: BTreeSet<GatheringId>,
}

impl Worker {
    pub(super) fn new(
        log: Arc<dyn EventLog>,
        directory: PathBuf,
        alarms: Arc<AtomicU64>,
        closing: Arc<AtomicBool>,
    ) -> Self {
        let snapshots = Snapshots::new(directory);
        let (kept, due, broken) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { log, snapshots, alarms, closing, kept, due, broken }
    }

    pub(super) fn run(mut self, mailbox: &Mailbox) {
        // Of this thread alone, as Linux has it. Where it may not be, views are as fast as others.
        setpriority_process(None, NICENESS).ok();
        loop {
            let next = self.due.values().map(|(when, _)| *when).min();
            let taken = mailbox.take(next.unwrap_or_else(|| Instant::now() + TURN));
            let now = Instant::now();
            for (gathering, seq) in taken.grown {
                let wait = gather(self.kept.get(&gathering).map(|kept| kept.effort));
                let (_, wanted) = self.due.entry(gathering).or_insert((now + wait, seq));
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
            let closing = self.closing.load(Ordering::Relaxed);
            read(Err(if closing { ViewError::Closed } else { ViewError::Broken }));
        }
    }

    /// Brings a gathering's view up to `wanted`; `false` where it is broken, or the server closes.
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
        let begun = Instant::now();
        let stopped = match kept.catch_up(wanted, &self.closing) {
            Ok(stopped) => stopped,
            Err(fault) => {
                let cause = std::error::Error::source(&fault).map(ToString::to_string);
                self.alarm(gathering, &format!("{fault}: {}", cause.unwrap_or_default()));
                return false;
            }
        };
        if !kept.covers(wanted) {
            // The server closes. What is here is kept; the rest is in the log.
            return false;
        }
        if self.due.get(&gathering).is_some_and(|(_, seq)| *seq <= wanted) {
            self.due.remove(&gathering);
            kept.used = Instant::now();
        }
        if kept.wants_snapshots() {
            kept.write_snapshots();
        }
        kept.effort = begun.elapsed();
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

    /// Drops what nobody used for long, and lets sleep what nobody used for a while. Only so much
    /// at a time: somebody may want to read meanwhile.
    pub(super) fn tidy(&mut self, now: Instant) {
        let idle =
            |kept: &Kept| !kept.is_followed() && now.saturating_duration_since(kept.used) >= IDLE;
        let idle = self.kept.iter().filter(|(_, kept)| idle(kept)).map(|(id, _)| *id);
        for gathering in idle.collect::<Vec<_>>() {
            self.drop_kept(gathering);
        }
        let until = Instant::now() + SLICE;
        for gathering in self.kept.keys().copied().collect::<Vec<_>>() {
            self.guarded(gathering, |worker| {
                worker.kept.get_mut(&gathering).is_none_or(|kept| {
                    kept.rest(now, until);
                    true
                })
            });
            if Instant::now() >= until {
                break;
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_waits_longer_where_folding_it_costs_more_and_never_too_long() {
        let after = |milliseconds| gather(Some(Duration::from_millis(milliseconds))).as_millis();
        assert_eq!([after(0), after(10), after(50), after(900)], [50, 50, 200, 500]);
        assert_eq!(gather(None), GATHER);
    }
}
