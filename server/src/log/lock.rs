//! One server a data directory.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::FlockOperation;

use super::LogError;
use crate::disk::PRIVATE_FILE;

/// Held for as long as this process uses the directory; the system lets go of it when the
/// process ends, however it ends.
#[derive(Debug)]
pub(super) struct DataLock {
    _file: File,
}

impl DataLock {
    pub(super) fn take(directory: &Path) -> Result<Self, LogError> {
        let io = |doing, source| LogError::Io { directory: directory.into(), doing, source };
        let path = directory.join("LOCK");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(PRIVATE_FILE);
        let file = options.open(path);
        let file = file.map_err(|e| io("open LOCK", e))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                Err(LogError::Locked { directory: directory.into() })
            }
            Err(error) => Err(io("lock LOCK", error.into())),
        }
    }
}
