//! Gatherings in one file: to take one elsewhere, or to back up a server.
//!
//! The file is JSON Lines, as `docs/archive-format.md` describes: readable by people and by any
//! tool, written and read in one pass, each line bounded, the last one a checksum of all before
//! it. There is no path, no length to be believed and nothing to unpack, so nothing to be tricked
//! with.
//!
//! Invariants: what is restored comes to the state that the file says of itself; and a file that
//! does not is refused before anything was written. An archive of one gathering lets nobody in,
//! and holds no intervision; a backup holds all that the server has.
//!
//! Way in: [`Source::write`] to make one, [`check()`] and [`restore()`] to take one.

mod ballots;
mod check;
mod line;
mod restore;
mod withheld;
mod write;

use std::io;

use oogst_protocol::event::EventError;
use oogst_protocol::ids::{GatheringId, Seq};

use crate::files::FilesError;
use crate::log::LogError;
use crate::people::VaultError;
use crate::state::{State, StateError};

pub use self::check::{Contents, Found, check};
pub use self::line::Holds;
pub use self::restore::{RESTORING, Restored, is_cut_short, restore};
pub use self::write::Source;

/// Why an archive can't be made, or not be restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file can't be read, or what is made can't be written.
    #[error("the archive can't be read or written")]
    Io(#[source] io::Error),
    /// A newer server wrote it.
    #[error("the archive is of version {found}, this server reads up to {newest}: use a newer one")]
    Newer {
        /// Its version.
        found: u32,
        /// The newest that this build reads.
        newest: u32,
    },
    /// It is no archive, or was cut short or touched.
    #[error("line {line} of the archive is not what belongs there: {what}")]
    Line {
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A record in it is no event.
    #[error("line {line} of the archive holds no event")]
    Event {
        /// Which line, from 1.
        line: u64,
        /// Why.
        #[source]
        fault: EventError,
    },
    /// Its events are not those of a gathering.
    #[error("event {seq} of gathering {gathering} is none that a server makes: {what}")]
    Refused {
        /// The gathering.
        gathering: GatheringId,
        /// The event.
        seq: Seq,
        /// What is wrong with it.
        what: String,
    },
    /// Its events do not come to what it says.
    #[error("gathering {gathering} comes to another state than the archive says: {found}")]
    State {
        /// The gathering.
        gathering: GatheringId,
        /// What it comes to.
        found: State,
    },
    /// The gathering is here already.
    #[error("gathering {gathering} is here already: take another --data directory, or erase it")]
    Known {
        /// The gathering.
        gathering: GatheringId,
    },
    /// Another restore was cut short here.
    #[error("the restore of another archive was cut short here: run that one again, to its end")]
    Other,
    /// The file was changed while it was read.
    #[error("the archive changed while it was read")]
    Changed,
    /// The log can't be read or written.
    #[error("the log can't be read or written")]
    Log(#[source] LogError),
    /// The log takes no more.
    #[error("the log was closed")]
    Closed,
    /// The vault can't be read or written.
    #[error("the vault can't be read or written")]
    Vault(#[source] VaultError),
    /// The files beside the log can't be read or written.
    #[error("the files can't be read or written")]
    Files(#[source] FilesError),
    /// The state of what was archived can't be told.
    #[error("the state of gathering {gathering} can't be told")]
    Unfolded {
        /// The gathering.
        gathering: GatheringId,
        /// Why.
        #[source]
        fault: StateError,
    },
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
