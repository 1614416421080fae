//! The bytes of files that people add, beside the log: so that a file can be erased.
//!
//! Invariant: an event that adds a file is written only when its bytes are on the disk and synced.
//! They wait in `files/incoming/` until the event is durable, and then move to the folder of their
//! gathering. What a crash leaves in `incoming` is settled at the next start: moved where the log
//! has the file, removed where it has not. Names are made of ids alone, never of what came in.
//!
//! Way in: [`Files`]; every method blocks. What an image is and how it is made small is in
//! [`picture`]. Not here: whose file it is (the core).

pub(crate) mod picture;
mod uploads;

use std::io;
use std::path::{Path, PathBuf};

use oogst_protocol::event::Act;
use oogst_protocol::ids::{FileId, GatheringId, Seq};

pub(crate) use self::uploads::{Busy, Uploads};
use crate::disk;
use crate::log::{EventLog, LogError};

/// Where files are, in the data directory.
pub const FILES_DIRECTORY: &str = "files";

const INCOMING: &str = "incoming";

/// Events that are read from the log at a time.
const PAGE_EVENTS: usize = 1_000;

/// Why the files cannot be opened. The operator's to mend.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FilesError {
    /// A call to the system failed.
    #[error("could not use {}", path.display())]
    Io {
        /// The directory.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The log does not say whether a file was added.
    #[error("could not look for files in the log")]
    Log(#[source] LogError),
}

/// The files' bytes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    directory: PathBuf,
}

impl Files {
    /// Opens `files/` of the data directory, and settles what a crash left.
    ///
    /// # Errors
    ///
    /// [`FilesError`].
    pub fn open(data: &Path, log: &dyn EventLog) -> Result<Self, FilesError> {
        let files = Self { directory: data.join(FILES_DIRECTORY) };
        let incoming = files.directory.join(INCOMING);
        let io = |source| FilesError::Io { path: files.directory.clone(), source };
        disk::private_directory(&files.directory).map_err(io)?;
        disk::private_directory(&incoming).map_err(io)?;
        for found in std::fs::read_dir(&incoming).map_err(io)? {
            let path = found.map_err(io)?.path();
            match named(&path) {
                Some((gathering, file)) if is_added(log, gathering, file)? => {
                    files.settle(gathering, file).map_err(io)?;
                }
                Some(_) => disk::remove(&path).map_err(io)?,
                None if disk::is_leftover(&path) => disk::remove(&path).map_err(io)?,
                // Not ours: left where it is.
                None => tracing::warn!("files/incoming holds a file that the server did not make"),
            }
        }
        Ok(files)
    }

    /// Writes a file's bytes; on return they survive a power cut.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn keep(&self, gathering: GatheringId, file: FileId, bytes: &[u8]) -> io::Result<()> {
        disk::write_whole(&self.incoming(gathering, file), bytes)
    }

    /// Moves a file to its gathering, once its event is durable.
    ///
    /// # Errors
    ///
    /// The system's. The file can be read all the same.
    pub fn settle(&self, gathering: GatheringId, file: FileId) -> io::Result<()> {
        let place = self.place(gathering, file);
        disk::create_directory(&self.of(gathering))?;
        std::fs::rename(self.incoming(gathering, file), place)?;
        disk::sync_directory(&self.of(gathering))
    }

    /// Removes a file that was kept and is not to be added after all.
    ///
    /// # Errors
    ///
    /// The system's. What stays is removed at the next start.
    pub fn discard(&self, gathering: GatheringId, file: FileId) -> io::Result<()> {
        disk::remove(&self.incoming(gathering, file))
    }

    /// A file's bytes; `None` where they are gone.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn read(&self, gathering: GatheringId, file: FileId) -> io::Result<Option<Vec<u8>>> {
        // Its event may be durable a moment before it is moved: so the old place first, and then
        // the new one, which it cannot leave any more.
        for path in [self.incoming(gathering, file), self.place(gathering, file)] {
            match std::fs::read(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                other => return other.map(Some),
            }
        }
        Ok(None)
    }

    fn of(&self, gathering: GatheringId) -> PathBuf {
        self.directory.join(gathering.to_string())
    }

    fn place(&self, gathering: GatheringId, file: FileId) -> PathBuf {
        self.of(gathering).join(file.to_string())
    }

    fn incoming(&self, gathering: GatheringId, file: FileId) -> PathBuf {
        self.directory.join(INCOMING).join(format!("{gathering}.{file}"))
    }
}

/// The gathering and file that a name in `incoming` stands for.
fn named(path: &Path) -> Option<(GatheringId, FileId)> {
    let (gathering, file) = path.file_name()?.to_str()?.split_once('.')?;
    Some((gathering.parse().ok()?, file.parse().ok()?))
}

fn is_added(
    log: &dyn EventLog,
    gathering: GatheringId,
    wanted: FileId,
) -> Result<bool, FilesError> {
    let mut after = Seq::ZERO;
    loop {
        let events = log.read(gathering, after, PAGE_EVENTS).map_err(FilesError::Log)?;
        let Some(last) = events.last() else { return Ok(false) };
        after = last.seq;
        let is = |act: &Act| matches!(act, Act::FileAdded { file, .. } if *file == wanted);
        if events.iter().any(|event| is(&event.entry.act)) {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use oogst_core::port::Ticket;
    use oogst_protocol::event::{By, Entry, Role};
    use oogst_protocol::ids::{ChangeHash, DocumentId};
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::log::Append;
    use crate::log::sled::{self, SledOptions};

    const GATHERING: GatheringId = GatheringId::new(Uuid::from_u128(1));
    const ADDED: FileId = FileId::new(Uuid::from_u128(2));
    const REFUSED: FileId = FileId::new(Uuid::from_u128(3));

    /// A log in which one of the two files was added.
    fn log(directory: &Path) -> Arc<dyn EventLog> {
        let log = sled::open(directory, SledOptions::default(), Box::new(|_| ())).unwrap();
        let entry = Entry {
            at: Timestamp::from_milliseconds(1),
            by: By { participant: None, role: Role::Operator },
            act: Act::FileAdded {
                file: ADDED,
                document: DocumentId::new(Uuid::from_u128(4)),
                media_type: "image/jpeg".into(),
                length_bytes: 5,
                sha256: ChangeHash([0; 32]),
            },
        };
        let (report, mut reports) = tokio::sync::mpsc::channel(1);
        let append =
            Append { ticket: Ticket(1), gathering: GATHERING, entries: vec![entry], report };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let room = log.appends().room(&append).await.unwrap();
            room.append(append).unwrap();
            reports.recv().await.unwrap();
        });
        log
    }

    #[test]
    fn what_a_crash_left_is_settled_by_what_the_log_says() {
        let data = tempfile::tempdir().unwrap();
        let log = log(data.path());
        let files = Files::open(data.path(), &*log).unwrap();
        for file in [ADDED, REFUSED] {
            files.keep(GATHERING, file, b"bytes").unwrap();
            assert_eq!(files.read(GATHERING, file).unwrap().unwrap(), b"bytes");
        }
        let half = data.path().join("files/incoming").join(format!(".{GATHERING}.{ADDED}.new"));
        std::fs::write(&half, b"by").unwrap();
        let files = Files::open(data.path(), &*log).unwrap();
        assert_eq!(files.read(GATHERING, ADDED).unwrap().unwrap(), b"bytes");
        assert_eq!(files.read(GATHERING, REFUSED).unwrap(), None);
        assert!(files.place(GATHERING, ADDED).is_file(), "it is where it belongs");
        let left = std::fs::read_dir(data.path().join("files/incoming")).unwrap();
        assert_eq!(left.count(), 0);
        log.close();
    }
}
