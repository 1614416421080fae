//! The one thread that writes: takes all that waits, one write, one sync, then tells.
//!
//! Invariant: nothing is told before it is on the disk. A write that fails is never tried again
//! (after a failed sync nobody knows what the disk holds): the writer ends the process.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use oogst_protocol::event::Event;
use oogst_protocol::ids::{GatheringId, Seq};
use tokio::sync::mpsc::error::TrySendError;

use super::follow::Durable;
use super::highwater::{self, Highwater};
use super::queue::{Append, Appends, Before, Recorded, Taken};
use super::{Fatal, LogError};
use crate::disk;

/// Events of one append, in their places.
pub(super) type Placed = Vec<Arc<Event>>;

/// What the writer needs of a store.
pub(super) trait Store: Send {
    /// Writes all events, each append whole or not at all, and returns when they survive a
    /// power cut.
    fn write(&mut self, appends: &[Placed]) -> io::Result<()>;
}

pub(super) struct Writer<S> {
    pub(super) store: S,
    pub(super) directory: PathBuf,
    pub(super) reserve_bytes: u64,
    pub(super) appends: Appends,
    pub(super) durable: Arc<Durable>,
    pub(super) highwater: Highwater,
    pub(super) fatal: Fatal,
}

impl<S: Store> Writer<S> {
    /// Writes until the queue is closed and empty, or until the disk fails.
    pub(super) fn run(mut self) {
        if let Err(error) = self.write_all() {
            self.appends.close();
            self.durable.close();
            (self.fatal)(&error);
        }
    }

    fn write_all(&mut self) -> Result<(), LogError> {
        let mut before = Before::default();
        loop {
            match self.appends.take(highwater::INTERVAL, before) {
                Taken::Appends(appends) => before = self.write(appends)?,
                // Whoever was told of the last write has stopped.
                Taken::Nothing => before = Before::default(),
                Taken::Closed => break,
            }
            let kept = self.highwater.keep_up(&self.durable);
            kept.map_err(|source| self.io("write HIGHWATER", source))?;
        }
        let kept = self.highwater.write(&self.durable);
        self.durable.close();
        kept.map_err(|source| self.io("write HIGHWATER", source))
    }

    fn write(&mut self, appends: Vec<Append>) -> Result<Before, LogError> {
        require_room(&self.directory, self.reserve_bytes)?;
        let mut grown = BTreeMap::new();
        let mut reports = Vec::with_capacity(appends.len());
        let mut placed = Vec::with_capacity(appends.len());
        for Append { ticket, gathering, entries, report } in appends {
            let last = grown.entry(gathering).or_insert_with(|| self.durable.last(gathering));
            let events: Placed = entries
                .into_iter()
                .map(|entry| {
                    *last = last.next();
                    Arc::new(Event { gathering, seq: *last, entry })
                })
                .collect();
            placed.push(events.clone());
            reports.push((report, Recorded { ticket, events }));
        }
        let begun = Instant::now();
        self.store.write(&placed).map_err(|source| self.io("write and sync events", source))?;
        let before = Before { appends: placed.len(), took: begun.elapsed() };
        self.tell(&grown, reports);
        Ok(before)
    }

    /// From here on the events are durable and everybody may know.
    fn tell(
        &mut self,
        grown: &BTreeMap<GatheringId, Seq>,
        reports: Vec<(tokio::sync::mpsc::Sender<Recorded>, Recorded)>,
    ) {
        self.durable.advance(grown);
        self.highwater.grew();
        for (report, recorded) in reports {
            match report.try_send(recorded) {
                // A shard that is gone is told by the log itself when it loads again.
                Ok(()) | Err(TrySendError::Closed(_)) => {}
                Err(TrySendError::Full(_)) => {
                    unreachable!("an append's channel keeps a place free for its report")
                }
            }
        }
    }

    fn io(&self, doing: &'static str, source: io::Error) -> LogError {
        LogError::Io { directory: self.directory.clone(), doing, source }
    }
}

/// Refuses to go on when the disk has less than the reserve: what is left lets the operator
/// start, look and mend.
pub(super) fn require_room(
    directory: &std::path::Path,
    reserve_bytes: u64,
) -> Result<(), LogError> {
    match disk::free_bytes(directory) {
        Ok(free_bytes) if free_bytes >= reserve_bytes => Ok(()),
        Ok(free_bytes) => {
            Err(LogError::Full { directory: directory.into(), free_bytes, reserve_bytes })
        }
        Err(source) => {
            Err(LogError::Io { directory: directory.into(), doing: "ask for free room", source })
        }
    }
}
