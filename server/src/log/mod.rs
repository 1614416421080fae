//! The log: the only truth of a gathering, behind the port [`EventLog`].
//!
//! Invariant: an event is reported, read or counted only once it is durable, written *and*
//! synced. Seqs are gap-free in a gathering, in the one order in which events are told.
//!
//! Way in: [`EventLog`]. Appends go through [`Appends`] into the one writer; what became durable
//! comes back on the channel that each [`Append`] carries, and wakes every [`Follower`].
//! [`sled::open`] is the embedded log; [`verify::verify`] reads one from end to end.

mod follow;
mod frame;
mod highwater;
mod lock;
mod queue;
pub mod sled;
#[cfg(test)]
mod tests;
pub mod verify;
mod writer;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use oogst_protocol::event::Event;
use oogst_protocol::ids::{GatheringId, Seq};
use uuid::Uuid;

pub use follow::Follower;
pub use queue::{Append, Appends, LogClosed, Recorded, Room};

/// Where events are kept. Every method may be called from any thread; those that touch the disk
/// block, so not from an async worker.
pub trait EventLog: Send + Sync {
    /// A name for this data that stays the same for its life: peers know the server by it.
    fn identity(&self) -> Uuid;

    /// The queue into the writer. Cheap to clone.
    fn appends(&self) -> Appends;

    /// The durable events of a gathering after `after`, oldest first, at most `limit`.
    ///
    /// Every one is verified: checksum, place, and no gap between them.
    ///
    /// # Errors
    ///
    /// [`LogError::Corrupt`] names the first event that is not what was written.
    fn read(
        &self,
        gathering: GatheringId,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Arc<Event>>, LogError>;

    /// The newest durable event of a gathering; [`Seq::ZERO`] where there is none.
    fn last(&self, gathering: GatheringId) -> Seq;

    /// Every gathering with an event.
    fn gatherings(&self) -> Vec<GatheringId>;

    /// Hears from now on which gatherings grew.
    fn follow(&self) -> Follower;

    /// Takes no more appends, makes durable and reports those that wait, and returns when the
    /// disk has everything. A second call returns at once.
    fn close(&self);
}

/// What ends the process when the log can no longer keep its promise. Tests observe it; a
/// server passes [`crate::fatal::end`]. When it returns, the log stays closed.
pub type Fatal = Box<dyn Fn(&LogError) + Send + Sync>;

/// Why the log can't be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// Another server has the directory.
    #[error("another server uses {directory:?}; stop it first, or name another --data directory")]
    Locked {
        /// The data directory.
        directory: PathBuf,
    },
    /// A newer server wrote it.
    #[error("the log is of format {found}, this server reads up to {newest}: use a newer server")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest that this build reads.
        newest: u32,
    },
    /// Durable events are gone: the file was cut, swapped or lost.
    #[error(
        "gathering {gathering} ends at event {found} but {durable} was durable: \
         the log in {directory:?} has lost events; put a backup in its place"
    )]
    Shorter {
        /// The data directory.
        directory: PathBuf,
        /// The first gathering that is too short.
        gathering: GatheringId,
        /// Its newest event now.
        found: Seq,
        /// The newest that was durable.
        durable: Seq,
    },
    /// An event is not what was written.
    #[error("event {seq} of gathering {gathering} is damaged ({fault}); put a backup in its place")]
    Corrupt {
        /// The gathering.
        gathering: GatheringId,
        /// The first bad event.
        seq: Seq,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The store as a whole can't be trusted.
    #[error("the log in {directory:?} is damaged ({what}); put a backup in its place")]
    Damaged {
        /// The data directory.
        directory: PathBuf,
        /// What was met.
        what: &'static str,
        /// The store's own words.
        #[source]
        source: Option<io::Error>,
    },
    /// Too little room on the disk.
    #[error(
        "the disk of {directory:?} has {free_bytes} bytes left, fewer than the reserve of \
         {reserve_bytes}: make room, then start again"
    )]
    Full {
        /// The data directory.
        directory: PathBuf,
        /// What is left.
        free_bytes: u64,
        /// What must stay.
        reserve_bytes: u64,
    },
    /// A call to the system failed.
    #[error("could not {doing} in {directory:?}")]
    Io {
        /// The data directory.
        directory: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

/// What is wrong with one event in the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A key of the store names no event.
    #[error("its key is of no known form")]
    Key,
    /// A part of the event, or a whole event, is missing.
    #[error("it is missing, or a part of it")]
    Gap,
    /// The record stands under another event's key.
    #[error("the record is that of event {found} of gathering {gathering}")]
    Misplaced {
        /// Whose it is.
        gathering: GatheringId,
        /// Its place there.
        found: Seq,
    },
    /// Events that were appended together are not all there.
    #[error("{missing} events that were appended with it are missing")]
    Torn {
        /// How many.
        missing: u16,
    },
    /// The record is no event.
    #[error(transparent)]
    Record(oogst_protocol::event::EventError),
}
