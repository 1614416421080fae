//! The log on sled 0.34, whose weaknesses are designed around; nothing outside this file sees it.
//!
//! - Its `flush` is not an fsync on Linux (spacejam/sled#1452): after each flush we sync the data
//!   file through a descriptor of our own, and the directories once they are made.
//! - It writes any item over 128 KiB, such as a leaf of large values, to a file that nothing
//!   syncs: parts are small (`frame`).
//! - It panics on many damaged files: it is opened and read behind a `guard`.
//! - It can come back shorter without a word: `HIGHWATER` is compared before anything is served.
//! - Transactions, merge operators and subscribers are not used; one thread writes.

mod guard;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use oogst_protocol::event::Event;
use oogst_protocol::ids::{GatheringId, Seq};
use sled::{Batch, Db, Tree};
use uuid::Uuid;

use self::guard::{guarded, guarded_in_time};
use super::follow::{Durable, Follower};
use super::frame::{self, Reader};
use super::highwater::Highwater;
use super::lock::DataLock;
use super::queue::Appends;
use super::writer::{Placed, Store, Writer, require_room};
use super::{EventLog, Fatal, LogError};
use crate::{disk, fatal};

/// The layout of the store that this build writes, and the newest that it reads.
const FORMAT: u32 = 1;

/// What sled may keep in memory, in bytes.
const CACHE_BYTES: u64 = 64 << 20;

/// Events of each gathering that are verified before the server starts; the rest when it loads.
const TAIL_EVENTS: u64 = 32;

/// What an operator may set.
#[derive(Clone, Copy, Debug)]
pub struct SledOptions {
    /// Free bytes on the disk below which the log refuses to start or to go on.
    pub reserve_bytes: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self { reserve_bytes: 256 << 20 }
    }
}

/// Opens the log in `directory`, making it where there is none, and starts its writer.
///
/// The events are in `log/`; beside it are `LOCK` and `HIGHWATER`. `fatal` is called at most
/// once, from the writer, when the disk fails; it should not return.
///
/// # Errors
///
/// [`LogError`] when another server has it, it is of a newer format, damaged, shorter than it
/// was, or when the disk is full or fails. Nothing is served then.
pub fn open(
    directory: &Path,
    options: SledOptions,
    fatal: Fatal,
) -> Result<Arc<dyn EventLog>, LogError> {
    Opening::new(directory, options)?.start(fatal)
}

/// A log that was opened and checked, before its writer runs.
struct Opening {
    directory: PathBuf,
    options: SledOptions,
    lock: DataLock,
    trees: Trees,
    data: File,
    identity: Uuid,
    last: BTreeMap<GatheringId, Seq>,
}

impl Opening {
    fn new(directory: &Path, options: SledOptions) -> Result<Self, LogError> {
        let io = |doing, source| LogError::Io { directory: directory.into(), doing, source };
        disk::create_directory(directory).map_err(|e| io("make the data directory", e))?;
        let lock = DataLock::take(directory)?;
        require_room(directory, options.reserve_bytes)?;
        let durable = Highwater::read(directory)?;
        let store = directory.join("log");
        if !store.join("db").exists() {
            // Before sled makes a new one in its place.
            require_no_less(directory, &durable, &BTreeMap::new())?;
        }
        // sled would let everybody read it.
        disk::private_directory(&store).map_err(|e| io("make log/ private", e))?;
        let path = store.clone();
        let trees = guarded_in_time(directory, bytes_of(&store), move || Trees::open(&path))?;
        let data = File::open(store.join("db")).map_err(|e| io("open log/db", e))?;
        let identity = guarded(directory, || trees.identity())?;
        let last = guarded(directory, || trees.last_of_all())?;
        require_no_less(directory, &durable, &last)?;
        let identity = match identity {
            Some((found, _)) if found > FORMAT => {
                return Err(LogError::Newer { found, newest: FORMAT });
            }
            Some((_, identity)) => identity,
            None if last.is_empty() => trees.found().map_err(|e| io("found the log", e))?,
            None => {
                let what = "it has events but no format";
                return Err(LogError::Damaged { directory: directory.into(), what, source: None });
            }
        };
        sync_everything(directory, &store, &data).map_err(|e| io("sync the log", e))?;
        for (gathering, last) in &last {
            let after = Seq(last.0.saturating_sub(TAIL_EVENTS));
            read(directory, &trees, *gathering, after, *last, usize::MAX)?;
        }
        Ok(Self { directory: directory.into(), options, lock, trees, data, identity, last })
    }

    fn start(self, fatal: Fatal) -> Result<Arc<dyn EventLog>, LogError> {
        let durable = Arc::new(Durable::new(self.last));
        let appends = Appends::new();
        let writer = Writer {
            store: SledStore { trees: self.trees.clone(), data: self.data },
            directory: self.directory.clone(),
            reserve_bytes: self.options.reserve_bytes,
            appends: appends.clone(),
            durable: Arc::clone(&durable),
            highwater: Highwater::new(&self.directory),
            fatal,
        };
        let thread = std::thread::Builder::new()
            .name("oogst-log".into())
            .spawn(|| fatal::end_on_panic("log", || writer.run()))
            .map_err(|source| LogError::Io {
                directory: self.directory.clone(),
                doing: "start the writer",
                source,
            })?;
        Ok(Arc::new(SledLog {
            directory: self.directory,
            identity: self.identity,
            trees: self.trees,
            appends,
            durable,
            writer: Mutex::new(Some(thread)),
            _lock: self.lock,
        }))
    }
}

/// The open log.
struct SledLog {
    directory: PathBuf,
    identity: Uuid,
    trees: Trees,
    appends: Appends,
    durable: Arc<Durable>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// Let go of last: fields are dropped in their order.
    _lock: DataLock,
}

impl EventLog for SledLog {
    fn identity(&self) -> Uuid {
        self.identity
    }

    fn appends(&self) -> Appends {
        self.appends.clone()
    }

    fn read(
        &self,
        gathering: GatheringId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Arc<Event>>, LogError> {
        let last = self.durable.last(gathering);
        read(&self.directory, &self.trees, gathering, after, last, limit)
    }

    fn last(&self, gathering: GatheringId) -> Seq {
        self.durable.last(gathering)
    }

    fn gatherings(&self) -> Vec<GatheringId> {
        self.durable.all().into_keys().collect()
    }

    fn follow(&self) -> Follower {
        self.durable.follow()
    }

    fn close(&self) {
        self.appends.close();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            writer.join().expect("the writer ends the process rather than panic");
        }
    }
}

impl Drop for SledLog {
    fn drop(&mut self) {
        self.close();
    }
}

/// sled's handles.
#[derive(Clone)]
struct Trees {
    db: Db,
    events: Tree,
    meta: Tree,
}

impl Trees {
    fn open(path: &Path) -> sled::Result<Self> {
        let db = sled::Config::default()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .open()?;
        Ok(Self { events: db.open_tree("events")?, meta: db.open_tree("meta")?, db })
    }

    /// The format and the name of the data; `None` in a store that was never used.
    fn identity(&self) -> sled::Result<Option<(u32, Uuid)>> {
        let Some(format) = self.meta.get("format")? else { return Ok(None) };
        let identity = self.meta.get("identity")?;
        let identity = identity.and_then(|bytes| Uuid::from_slice(&bytes).ok());
        let format = format.as_ref().try_into().map(u32::from_be_bytes);
        match (format, identity) {
            (Ok(format), Some(identity)) => Ok(Some((format, identity))),
            _ => Err(sled::Error::Corruption { at: None, bt: () }),
        }
    }

    /// Names new data.
    fn found(&self) -> io::Result<Uuid> {
        let identity = Uuid::new_v4();
        let mut batch = Batch::default();
        batch.insert("format", &FORMAT.to_be_bytes());
        batch.insert("identity", identity.as_bytes());
        self.meta.apply_batch(batch)?;
        self.db.flush()?;
        Ok(identity)
    }

    /// The newest event of every gathering, by its key alone.
    fn last_of_all(&self) -> sled::Result<BTreeMap<GatheringId, Seq>> {
        let mut last = BTreeMap::new();
        let mut end = self.events.last()?;
        while let Some((key, _)) = end {
            let place = frame::place(&key);
            let (gathering, seq, _) = place.ok_or(sled::Error::Corruption { at: None, bt: () })?;
            last.insert(gathering, seq);
            end = self.events.get_lt(frame::key(gathering, Seq::ZERO, 0))?;
        }
        Ok(last)
    }
}

/// The writer's side of the store.
struct SledStore {
    trees: Trees,
    data: File,
}

impl Store for SledStore {
    fn write(&mut self, appends: &[Placed]) -> io::Result<()> {
        let mut batch = Batch::default();
        for events in appends {
            for (index, event) in events.iter().enumerate() {
                let events_after = u16::try_from(events.len() - 1 - index)
                    .expect("an append has at most 4,096 entries");
                let record = event.encode();
                assert!(
                    record.len() <= oogst_protocol::limits::EVENT_BYTES_MAX,
                    "the core's limits keep an event readable"
                );
                for (part, value) in (0..).zip(frame::parts(&record, events_after)) {
                    batch.insert(&frame::key(event.gathering, event.seq, part), value);
                }
            }
        }
        self.trees.events.apply_batch(batch)?;
        self.trees.db.flush()?;
        self.data.sync_data()
    }
}

/// Reads the events after `after` up to `last`, verified, at most `limit`.
fn read(
    directory: &Path,
    trees: &Trees,
    gathering: GatheringId,
    after: Seq,
    last: Seq,
    limit: usize,
) -> Result<Vec<Arc<Event>>, LogError> {
    let wanted = last.0.saturating_sub(after.0).min(u64::try_from(limit).unwrap_or(u64::MAX));
    if wanted == 0 {
        return Ok(Vec::new());
    }
    let until = Seq(after.0 + wanted);
    let keys = frame::key(gathering, after.next(), 0)..=frame::key(gathering, until, u16::MAX);
    let mut reader = Reader::new(gathering, after);
    let mut events = Vec::new();
    let mut entries = trees.events.range(keys);
    while let Some((key, value)) = guarded(directory, || entries.next().transpose())? {
        if let Some(event) = reader.take(&key, &value)? {
            events.push(Arc::new(event));
        }
    }
    reader.finish(until, until == last)?;
    Ok(events)
}

/// Refuses a log that ends before what was durable.
fn require_no_less(
    directory: &Path,
    durable: &BTreeMap<GatheringId, Seq>,
    found: &BTreeMap<GatheringId, Seq>,
) -> Result<(), LogError> {
    for (gathering, durable) in durable {
        let found = found.get(gathering).copied().unwrap_or_default();
        if found < *durable {
            return Err(LogError::Shorter {
                directory: directory.into(),
                gathering: *gathering,
                found,
                durable: *durable,
            });
        }
    }
    Ok(())
}

/// How large the store's file is.
fn bytes_of(store: &Path) -> u64 {
    std::fs::metadata(store.join("db")).map_or(0, |found| found.len())
}

/// Makes the store and every name in it survive a power cut: sled syncs none of them.
fn sync_everything(directory: &Path, store: &Path, data: &File) -> io::Result<()> {
    data.sync_all()?;
    File::open(store.join("conf"))?.sync_all()?;
    for directory in [&store.join("blobs"), store, directory] {
        if directory.is_dir() {
            disk::sync_directory(directory)?;
        }
    }
    Ok(())
}
