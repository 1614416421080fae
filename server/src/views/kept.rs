//! One gathering's view in memory, with its place in the log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use oogst_core::export::Called;
use oogst_core::view::revert::Copy;
use oogst_core::view::{
    Credits, DocumentJson, Filter, FoldError, GatheringView, Keyframes as _, Marked,
    Names as CoreNames, Snapshot, Stop, Wish,
};
use oogst_protocol::api::{HarvestExport, History, Wall};
use oogst_protocol::event::{Act, Event};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, Seq};
use oogst_protocol::time::Timestamp;
use tokio::sync::watch;

use super::keyframes::KeyframeStore;
use super::snapshots::Snapshots;
use super::{Digest, Page, ViewError};
use crate::log::{EventLog, LogError};

/// Events read from the log at a time.
const READ_EVENTS: usize = 64;

/// Most events, and about the most bytes of changes, that are folded at once.
const BATCH_EVENTS_MAX: usize = 2_048;
const BATCH_BYTES_MAX: usize = 4 << 20;

/// Newest events kept beside the view, so that followers do not read them from the log; and
/// about the most bytes of changes in them.
pub(super) const TAIL_EVENTS_MAX: usize = 512;
const TAIL_BYTES_MAX: usize = 1 << 20;

/// Events after which the documents that changed are worth a new snapshot: so many, or this part
/// of all there are where that is more. A snapshot costs as much as its document is long; at every
/// so many events, a day twice as long would cost four times as much.
const SNAPSHOT_EVENTS: u64 = 2_000;
const SNAPSHOT_PART: u64 = 16;

/// Shortest time between them: a restart folds in one second what the busiest room adds in it.
const SNAPSHOT_PAUSE: Duration = Duration::from_secs(5);

/// How often documents are let rest that nobody used since the last time. A group that thinks for
/// a while is not loaded again for its next word; one that is done takes no more than it says.
pub(super) const REST: Duration = Duration::from_secs(30);

/// Why the view can't be brought up to date. Ours, or the log's: an alarm.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("the log could not be read")]
    Log(#[source] LogError),
    #[error("the events could not be folded")]
    Fold(#[source] FoldError),
}

/// The view of one gathering.
pub(super) struct Kept {
    log: Arc<dyn EventLog>,
    snapshots: Snapshots,
    keyframes: KeyframeStore,
    view: GatheringView,
    /// Documents that can't be materialised, found by this view or an earlier one.
    stops: BTreeMap<DocumentId, Stop>,
    /// The newest events, all covered.
    tail: VecDeque<Arc<Event>>,
    tail_bytes: usize,
    grown: watch::Sender<Seq>,
    /// Up to where each document has a snapshot, and all of them were last looked at.
    snapshotted: BTreeMap<DocumentId, Seq>,
    snapshotted_at: Seq,
    snapshotted_when: Option<Instant>,
    /// Whether lost keyframes were made again.
    looked_for_keyframes: bool,
    /// When documents were last let rest.
    rested: Instant,
    /// When somebody last read or wrote.
    pub(super) used: Instant,
    /// How long it took to bring the view up to date last.
    pub(super) effort: Duration,
}

impl Kept {
    /// The view as the snapshots have it, to be brought up to date.
    pub(super) fn load(
        log: Arc<dyn EventLog>,
        snapshots: Snapshots,
        gathering: GatheringId,
    ) -> Self {
        let found = snapshots.read(gathering, log.last(gathering));
        let snapshotted = found.iter().map(|found| (found.document(), found.seq())).collect();
        Self {
            keyframes: snapshots.keyframes(gathering),
            looked_for_keyframes: false,
            view: GatheringView::new(gathering).with_snapshots(found),
            stops: BTreeMap::new(),
            tail: VecDeque::new(),
            tail_bytes: 0,
            grown: watch::Sender::new(Seq::ZERO),
            snapshotted,
            snapshotted_at: log.last(gathering),
            snapshotted_when: None,
            rested: Instant::now(),
            used: Instant::now(),
            effort: Duration::ZERO,
            log,
            snapshots,
        }
    }

    /// Folds until `wanted` is covered, or the server closes, which waits for one batch at most.
    /// Returns the documents that stopped on the way.
    pub(super) fn catch_up(
        &mut self,
        wanted: Seq,
        closing: &AtomicBool,
    ) -> Result<Vec<(DocumentId, Stop)>, Fault> {
        let mut stopped = Vec::new();
        while self.view.covered() < wanted && !closing.load(Ordering::Relaxed) {
            let events = batch(&*self.log, &self.view, wanted)?;
            match self.view.fold_keeping(&events, &mut self.keyframes) {
                Ok(()) => self.keep(&events),
                Err(FoldError::Snapshot { document }) => {
                    tracing::warn!(%document, "a snapshot does not fit the log and is dropped");
                    self.snapshots.delete(self.view.gathering());
                    self.keyframes = self.snapshots.keyframes(self.view.gathering());
                    self.snapshotted.clear();
                    self.start_again();
                    continue;
                }
                Err(error) => return Err(Fault::Fold(error)),
            }
            let known = &self.stops;
            let new = self.view.stopped().filter(|(id, _)| !known.contains_key(id));
            let new: Vec<_> = new.map(|(id, stop)| (id, stop.clone())).collect();
            if !new.is_empty() {
                // What automerge left behind is not trusted: made again up to the last good event.
                self.stops.extend(new.iter().cloned());
                stopped.extend(new);
                self.start_again();
            }
            if self.view.covered() >= wanted
                && !std::mem::replace(&mut self.looked_for_keyframes, true)
            {
                self.restore_keyframes();
            }
        }
        let covered = self.view.covered();
        self.grown.send_if_modified(|seq| std::mem::replace(seq, covered) != covered);
        Ok(stopped)
    }

    /// Documents whose keyframes were lost are folded from their first event, to make them again.
    fn restore_keyframes(&mut self) {
        let documents: Vec<_> = self.view.documents().collect();
        let every = self.keyframes.every_events();
        let lost = |id: &DocumentId| self.view.events(*id) >= every && !self.keyframes.has(*id);
        let lost: Vec<_> = documents.into_iter().filter(lost).collect();
        for document in &lost {
            self.snapshots.drop_one(self.view.gathering(), *document);
            self.snapshotted.remove(document);
        }
        if !lost.is_empty() {
            self.start_again();
        }
    }

    fn start_again(&mut self) {
        let gathering = self.view.gathering();
        self.tail.clear();
        self.tail_bytes = 0;
        self.view = GatheringView::new(gathering)
            .with_snapshots(self.snapshots.read(gathering, self.log.last(gathering)))
            .with_stops(self.stops.clone());
    }

    fn keep(&mut self, events: &[Arc<Event>]) {
        self.tail_bytes += events.iter().map(|event| weight(event)).sum::<usize>();
        self.tail.extend(events.iter().cloned());
        while self.tail.len() > TAIL_EVENTS_MAX || self.tail_bytes > TAIL_BYTES_MAX {
            let Some(oldest) = self.tail.pop_front() else { break };
            self.tail_bytes -= weight(&oldest);
        }
    }

    /// Whether everything up to `wanted` was folded.
    pub(super) fn covers(&self, wanted: Seq) -> bool {
        self.view.covered() >= wanted
    }

    /// Whether enough happened for new snapshots.
    pub(super) fn wants_snapshots(&self) -> bool {
        let covered = self.view.covered().0;
        let due = SNAPSHOT_EVENTS.max(covered / SNAPSHOT_PART);
        let paused = self.snapshotted_when.is_none_or(|when| when.elapsed() >= SNAPSHOT_PAUSE);
        paused && covered.saturating_sub(self.snapshotted_at.0) >= due
    }

    /// Writes a snapshot of each document that changed since its last one.
    pub(super) fn write_snapshots(&mut self) {
        self.snapshotted_at = self.view.covered();
        self.snapshotted_when = Some(Instant::now());
        for document in self.view.documents().collect::<Vec<_>>() {
            let newest = self.view.newest(document);
            if newest.is_none() || newest == self.snapshotted.get(&document).copied() {
                continue;
            }
            if let Some(snapshot) = self.view.snapshot(document) {
                self.snapshots.write(self.view.gathering(), &snapshot);
                self.snapshotted.insert(document, snapshot.seq());
            }
        }
    }

    /// Lets documents sleep that nobody used for a while, as far as it comes by `until`.
    pub(super) fn rest(&mut self, now: Instant, until: Instant) {
        if now.saturating_duration_since(self.rested) >= REST
            && self.view.rest(|| Instant::now() >= until)
        {
            self.rested = now;
        }
    }

    #[cfg(test)]
    pub(super) fn awake(&self) -> usize {
        self.view.awake()
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Seq> {
        self.grown.subscribe()
    }

    pub(super) fn is_followed(&self) -> bool {
        self.grown.receiver_count() > 0
    }

    /// How each group words its learning question.
    pub(super) fn questions(&self) -> BTreeMap<GroupId, String> {
        self.view.questions()
    }

    /// The wall, with quiet groups and the target group's share `for_facilitator`s alone.
    pub(super) fn wall(
        &self,
        at: Option<Seq>,
        for_facilitator: Option<&Marked>,
    ) -> Result<Wall, ViewError> {
        let newest = self.view.covered();
        let (seq, moment, wall) = match at {
            None => {
                let now = now();
                (newest, now, Some(self.view.wall_now(now, for_facilitator)))
            }
            Some(seq) => {
                let moment = self.view.moment(seq).unwrap_or_else(now);
                let wall = self.view.past_wall(seq, moment, &self.keyframes, for_facilitator);
                (seq, moment, wall)
            }
        };
        let mut wall = wall.ok_or(ViewError::Ahead { asked: seq, newest })?;
        wall.quiet = for_facilitator.map(|_| self.view.quiet_groups(seq, moment));
        Ok(wall)
    }

    pub(super) fn history(&self, buckets: usize) -> History {
        self.view.history(buckets)
    }

    pub(super) fn document(
        &self,
        document: DocumentId,
        at: Option<Seq>,
    ) -> Result<DocumentJson, ViewError> {
        self.is_covered(at)?;
        let found = self.view.document_from(document, at, &self.keyframes);
        found.ok_or(ViewError::UnknownDocument)
    }

    pub(super) fn united(
        &self,
        document: DocumentId,
        at: Option<Seq>,
    ) -> Result<DocumentJson, ViewError> {
        self.is_covered(at)?;
        self.view.united(document, at).ok_or(ViewError::UnknownDocument)
    }

    fn is_covered(&self, at: Option<Seq>) -> Result<(), ViewError> {
        let newest = self.view.covered();
        match at {
            Some(asked) if asked > newest => Err(ViewError::Ahead { asked, newest }),
            Some(_) | None => Ok(()),
        }
    }

    /// Makes a page longer, up to its `limit` of lines or the newest event, by one event at least;
    /// it stops for others at `until`. Of the lines only those that `filter` admits are there.
    pub(super) fn extend(
        &self,
        mut page: Page,
        limit: usize,
        filter: &Filter,
        names: CoreNames<'_>,
        until: Instant,
    ) -> Result<Page, ViewError> {
        while page.through < self.view.covered() {
            for event in self.events_after(page.through)? {
                let lines = self.view.lines(std::slice::from_ref(&event), filter, names);
                if !page.lines.is_empty() && page.lines.len() + lines.len() > limit {
                    return Ok(Page { is_whole: true, ..page });
                }
                page.lines.extend(lines);
                page.through = event.seq;
                if Instant::now() >= until {
                    return Ok(page);
                }
            }
        }
        Ok(Page { is_whole: true, ..page })
    }

    /// Some of the events after `after` that are covered; at least one where there is one.
    fn events_after(&self, after: Seq) -> Result<Vec<Arc<Event>>, ViewError> {
        if self.tail.front().is_some_and(|oldest| oldest.seq <= after.next()) {
            let place = self.tail.partition_point(|event| event.seq <= after);
            return Ok(self.tail.iter().skip(place).take(READ_EVENTS).cloned().collect());
        }
        let mut events =
            self.log.read(self.view.gathering(), after, READ_EVENTS).map_err(|error| {
                tracing::error!(%error, "the log could not be read");
                ViewError::Broken
            })?;
        events.retain(|event| event.seq <= self.view.covered());
        if events.is_empty() { Err(ViewError::Broken) } else { Ok(events) }
    }

    pub(super) fn export(&self, wish: Wish, credits: Credits<'_>) -> HarvestExport {
        self.view.export(wish, credits)
    }

    pub(super) fn copy(&self, document: DocumentId) -> Option<Copy> {
        self.view.copy(document)
    }

    pub(super) fn snapshot(&self, document: DocumentId) -> Option<Snapshot> {
        self.view.snapshot(document)
    }

    pub(super) fn table(
        &self,
        document: DocumentId,
        credits: Credits<'_>,
        write: fn(&serde_json::Value, Called<'_>) -> String,
    ) -> Result<String, ViewError> {
        let found = self.united(document, None)?;
        Ok(write(&found.root, &|who| self.view.called(who, credits)))
    }

    pub(super) fn digest(&self) -> Digest {
        let heads = |id| Some((id, self.view.heads(id)?));
        Digest {
            seq: self.view.covered(),
            heads: self.view.documents().filter_map(heads).collect(),
            wall: self.view.wall_digest(),
        }
    }
}

/// The events that follow a view, up to the one of `wanted` that it is read with; never none.
fn batch(log: &dyn EventLog, view: &GatheringView, wanted: Seq) -> Result<Vec<Arc<Event>>, Fault> {
    let (gathering, covered) = (view.gathering(), view.covered());
    let (mut after, mut bytes, mut batch) = (covered, 0, Vec::new());
    while after < wanted && batch.len() < BATCH_EVENTS_MAX && bytes < BATCH_BYTES_MAX {
        let events = log.read(gathering, after, READ_EVENTS).map_err(Fault::Log)?;
        let Some(last) = events.last() else { break };
        after = last.seq;
        bytes += events.iter().map(|event| weight(event)).sum::<usize>();
        batch.extend(events);
    }
    if batch.is_empty() {
        // Said to be durable, and not there.
        return Err(Fault::Fold(FoldError::Gap { covered, found: wanted }));
    }
    Ok(batch)
}

/// About how much memory an event takes, in bytes.
fn weight(event: &Event) -> usize {
    const BARE: usize = 256;
    let Act::Changed { changes, .. } = &event.entry.act else { return BARE };
    BARE + changes.iter().map(|change| change.0.len()).sum::<usize>()
}

/// The server's clock.
pub(super) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
