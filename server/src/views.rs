//! Runs the projections behind the log, on threads of their own.
//!
//! Invariants: a view shows only what is durable, because it reads the log and nothing else; and
//! it delays no acknowledgement, because nothing waits for it but its readers. Reads are fresh:
//! they cover every event that was durable when they were asked, or fail within two seconds.
//! A view that breaks stops alone and raises an alarm; the log and the sync go on.
//! The past is read from the same view, from the nearest keyframe on: nothing is folded twice, and
//! who asks for it waits behind those who watch. A page of lines is read in slices,
//! with those who watch in between: each slice is fresh within two seconds, the page takes what
//! it takes.
//!
//! Way in: [`Views::start`], then the reads, and [`Views::follow`] for the live feed. What is
//! kept under the directory is a cache: delete it, and the next start makes the same views.
//! Not here: who may read what, and what a participant is called.

mod calm;
mod exported;
mod feed;
mod kept;
mod keyframes;
mod mailbox;
mod rebuild;
mod snapshots;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use oogst_core::view::revert::Copy;
use oogst_core::view::{DocumentJson, Filter, Marked, Snapshot};
use oogst_protocol::api::{History, Line, Wall};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, GroupId, ParticipantId, Seq};
use tokio::sync::{Semaphore, oneshot};

use self::kept::{Kept, TAIL_EVENTS_MAX};
use self::mailbox::{Mailbox, Query};
use crate::log::EventLog;

pub use self::feed::Feed;
pub use self::rebuild::{RebuildError, Rebuilt, rebuild};

/// What a participant is called among the members of its gathering; the vault knows.
pub type Names = Arc<dyn Fn(GatheringId, ParticipantId) -> Option<String> + Send + Sync>;

/// How long a read waits for the view to cover what was durable when it was asked.
pub const FRESH_WAIT: Duration = Duration::from_secs(2);

/// Threads that fold and read. A gathering stays with one of them.
const THREADS: usize = 2;

/// Reads that one thread lets wait; more are refused at once.
const QUERIES_MAX: usize = 1_024;

/// How long a page of lines may keep its thread from others at a time.
const SLICE: Duration = Duration::from_millis(20);

/// Why a read has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The caller's: no such gathering.
    #[error("there is no such gathering")]
    UnknownGathering,
    /// The caller's: no such document in the gathering at that moment.
    #[error("there is no such document")]
    UnknownDocument,
    /// The caller's: it asked for a moment that has not been.
    #[error("event {asked} has not happened: the newest is {newest}")]
    Ahead {
        /// What was asked for.
        asked: Seq,
        /// The newest event.
        newest: Seq,
    },
    /// Load: the view did not come up to date in time.
    #[error("the view could not be brought up to date in time; ask again")]
    Late,
    /// Load: too many reads wait.
    #[error("too many reads wait; ask again")]
    Overload,
    /// Ours: the gathering's view broke, and an alarm was raised.
    #[error("the view of this gathering has stopped; its documents still sync")]
    Broken,
    /// The server stops, or the view left memory; whoever follows comes back.
    #[error("the view was closed; come back")]
    Closed,
}

/// A page of lines, as far as it was read.
#[derive(Debug)]
struct Page {
    /// Oldest first, each event's together.
    lines: Vec<Line>,
    /// The newest event that the page covers; the next page is the one after it.
    through: Seq,
    /// Whether nothing more fits, or there is nothing more.
    is_whole: bool,
}

impl Page {
    const fn after(seq: Seq) -> Self {
        Self { lines: Vec::new(), through: seq, is_whole: false }
    }
}

/// What must be equal after everything but the log was deleted and made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// The newest event covered.
    pub seq: Seq,
    /// Each document's heads, ascending.
    pub heads: Vec<(DocumentId, Vec<ChangeHash>)>,
    /// A digest of all that the wall shows.
    pub wall: [u8; 32],
}

/// A handle on the running views. Cheap to clone.
#[derive(Clone)]
pub struct Views(Arc<Shared>);

struct Shared {
    log: Arc<dyn EventLog>,
    names: Names,
    mailboxes: Vec<Arc<Mailbox>>,
    /// One a thread: whose slice of an old page it is.
    turns: [Semaphore; THREADS],
    alarms: Arc<AtomicU64>,
    /// Whoever makes a view leaves off.
    closing: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Views {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Views").field("alarms", &self.alarms()).finish_non_exhaustive()
    }
}

impl Views {
    /// Starts the threads. `directory` holds the snapshots.
    ///
    /// # Errors
    ///
    /// The system's, where it has no more threads to give.
    pub fn start(log: Arc<dyn EventLog>, directory: &Path, names: Names) -> std::io::Result<Self> {
        let (alarms, closing) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let mut threads = Vec::new();
        let mut mailboxes = Vec::new();
        for number in 0..THREADS {
            let mailbox = Arc::new(Mailbox::new(QUERIES_MAX));
            mailboxes.push(Arc::clone(&mailbox));
            let (log, directory) = (Arc::clone(&log), PathBuf::from(directory));
            let (alarms, closing) = (Arc::clone(&alarms), Arc::clone(&closing));
            let name = format!("views-{number}");
            threads.push(std::thread::Builder::new().name(name).spawn(move || {
                worker::Worker::new(log, directory, alarms, closing).run(&mailbox);
            })?);
        }
        let (follower, told) = (log.follow(), mailboxes.clone());
        threads.push(std::thread::Builder::new().name("views-herald".into()).spawn(move || {
            worker::herald(&follower, &told);
        })?);
        let threads = Mutex::new(threads);
        let turns = std::array::from_fn(|_| Semaphore::new(1));
        Ok(Self(Arc::new(Shared { log, names, mailboxes, turns, alarms, closing, threads })))
    }

    /// Takes no more reads, writes what is worth keeping, and returns when the threads are done.
    pub fn stop(&self) {
        self.0.closing.store(true, Ordering::Relaxed);
        for mailbox in &self.0.mailboxes {
            mailbox.close();
        }
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the views ended by a panic");
            }
        }
    }

    /// How many views broke since the start: more than none is an alarm.
    #[must_use]
    pub fn alarms(&self) -> u64 {
        self.0.alarms.load(Ordering::Relaxed)
    }

    /// The wall now, or as it was right after the event `at`. For a facilitator, who comes with
    /// those that are marked as of the target group: also these people's share, and which groups
    /// are quiet.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn wall(
        &self,
        gathering: GatheringId,
        at: Option<Seq>,
        for_facilitator: Option<Marked>,
    ) -> Result<Wall, ViewError> {
        let read = move |kept: &Kept| kept.wall(at, for_facilitator.as_ref());
        self.ask_when(gathering, at.is_some(), read).await
    }

    /// How each group words its learning question now.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn questions(
        &self,
        gathering: GatheringId,
    ) -> Result<BTreeMap<GroupId, String>, ViewError> {
        self.ask(gathering, |kept| Ok(kept.questions())).await
    }

    /// The day as a time bar of at most `buckets` spans, with its chapters.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn history(
        &self,
        gathering: GatheringId,
        buckets: usize,
    ) -> Result<History, ViewError> {
        self.ask(gathering, move |kept| Ok(kept.history(buckets))).await
    }

    /// A document's root object now, or as it was right after the event `at`.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn document(
        &self,
        gathering: GatheringId,
        document: DocumentId,
        at: Option<Seq>,
    ) -> Result<DocumentJson, ViewError> {
        self.ask_when(gathering, at.is_some(), move |kept| kept.document(document, at)).await
    }

    /// The contributions of the events after `after`, oldest first, at most `limit` lines: an
    /// event's are never torn apart, so the last line's `seq` is where the next page begins. Only
    /// where the first event alone has more is the page longer. Lines that `filter` does not admit
    /// are as if they were not there.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn lines(
        &self,
        gathering: GatheringId,
        after: Seq,
        limit: usize,
        filter: Filter,
    ) -> Result<Vec<Line>, ViewError> {
        let filter = Arc::new(filter);
        let mut page = Page::after(after);
        while !page.is_whole {
            page = self.slice(gathering, page, limit, &filter).await?;
        }
        Ok(page.lines)
    }

    /// Makes a page longer by what one slice of time allows. Of those who read old events one at a
    /// time has a slice, so that whoever watches waits for one of them and no more; they take
    /// turns.
    async fn slice(
        &self,
        gathering: GatheringId,
        page: Page,
        limit: usize,
        filter: &Arc<Filter>,
    ) -> Result<Page, ViewError> {
        let newest = self.0.log.last(gathering);
        let is_old = newest.0.saturating_sub(page.through.0) > TAIL_EVENTS_MAX as u64;
        let turns = &self.0.turns[place(gathering, self.0.turns.len())];
        let turn = if is_old { turns.acquire().await.ok() } else { None };
        let (names, filter) = (Arc::clone(&self.0.names), Arc::clone(filter));
        let read = move |kept: &Kept| {
            let until = std::time::Instant::now() + SLICE;
            kept.extend(page, limit, &filter, &|who| names(gathering, who), until)
        };
        let page = self.ask(gathering, read).await;
        drop(turn);
        page
    }

    /// The contributions after `after` that `filter` admits, then those that come, for as long as
    /// it is polled.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn follow(
        &self,
        gathering: GatheringId,
        after: Seq,
        filter: Filter,
    ) -> Result<Feed, ViewError> {
        let grown = self.ask(gathering, |kept| Ok(kept.subscribe())).await?;
        Ok(Feed::new(self.clone(), gathering, after, filter, grown))
    }

    /// A document as it is now, to be worked on elsewhere; `None` where its view stopped.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn copy(
        &self,
        gathering: GatheringId,
        document: DocumentId,
    ) -> Result<Option<Copy>, ViewError> {
        self.ask_when(gathering, true, move |kept| Ok(kept.copy(document))).await
    }

    /// A document in one piece, at the newest event that changed it; `None` where it is unknown or
    /// its view stopped.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn snapshot(
        &self,
        gathering: GatheringId,
        document: DocumentId,
    ) -> Result<Option<Snapshot>, ViewError> {
        self.ask_when(gathering, true, move |kept| Ok(kept.snapshot(document))).await
    }

    /// What a rebuild must come to again.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn digest(&self, gathering: GatheringId) -> Result<Digest, ViewError> {
        self.ask(gathering, |kept| Ok(kept.digest())).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        gathering: GatheringId,
        read: impl FnOnce(&Kept) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, ViewError> {
        self.ask_when(gathering, false, read).await
    }

    /// Asks the gathering's thread, with everything that is durable now folded first. Reads of the
    /// `past` go one at a time, and behind the others.
    async fn ask_when<T: Send + 'static>(
        &self,
        gathering: GatheringId,
        past: bool,
        read: impl FnOnce(&Kept) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, ViewError> {
        let wanted = self.0.log.last(gathering);
        if wanted == Seq::ZERO {
            return Err(ViewError::UnknownGathering);
        }
        let (answer, answered) = oneshot::channel();
        let read = move |kept: Result<&Kept, ViewError>| {
            // Whoever no longer waits has been told that it is late.
            drop(answer.send(kept.and_then(read)));
        };
        let deadline = std::time::Instant::now() + FRESH_WAIT;
        self.mailbox(gathering).post(Query {
            gathering,
            wanted,
            deadline,
            past,
            read: Box::new(read),
        })?;
        match tokio::time::timeout(FRESH_WAIT, answered).await {
            Err(_) => Err(ViewError::Late),
            // The reader went down with its view.
            Ok(Err(_)) => Err(ViewError::Broken),
            Ok(Ok(answer)) => answer,
        }
    }

    fn mailbox(&self, gathering: GatheringId) -> &Mailbox {
        &self.0.mailboxes[place(gathering, self.0.mailboxes.len())]
    }
}

/// Which of several threads has a gathering.
fn place(gathering: GatheringId, threads: usize) -> usize {
    let [.., last] = gathering.uuid().into_bytes();
    usize::from(last) % threads
}
