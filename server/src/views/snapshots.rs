//! Snapshots on disk: `<directory>/<gathering>/<document>.snapshot`.
//!
//! A cache. What can't be read is as good as absent, what can't be written is tried again later,
//! and what does not fit the log is thrown away.

use std::fs;
use std::path::{Path, PathBuf};

use oogst_core::view::Snapshot;
use oogst_protocol::ids::{DocumentId, GatheringId, Seq};

use super::keyframes::KeyframeStore;
use crate::disk;

/// Largest snapshot that is read, in bytes: more than the largest document can come to.
const SNAPSHOT_BYTES_MAX: u64 = 256 << 20;

/// Where snapshots are.
#[derive(Clone, Debug)]
pub(super) struct Snapshots(PathBuf);

impl Snapshots {
    pub(super) const fn new(directory: PathBuf) -> Self {
        Self(directory)
    }

    /// Those of a gathering that cover no more than the log has.
    pub(super) fn read(&self, gathering: GatheringId, last: Seq) -> Vec<Snapshot> {
        let Ok(entries) = fs::read_dir(self.of(gathering)) else { return Vec::new() };
        let paths = entries.flatten().map(|entry| entry.path());
        let named = paths.filter(|path| path.extension().is_some_and(|end| end == "snapshot"));
        let snapshots = named.filter_map(|path| {
            let small = fs::metadata(&path).is_ok_and(|found| found.len() <= SNAPSHOT_BYTES_MAX);
            small.then(|| fs::read(&path).ok()).flatten()
        });
        snapshots
            .filter_map(|bytes| Snapshot::decode(&bytes))
            .filter(|snapshot| snapshot.seq() <= last)
            .collect()
    }

    pub(super) fn write(&self, gathering: GatheringId, snapshot: &Snapshot) {
        let directory = self.of(gathering);
        let path = directory.join(format!("{}.snapshot", snapshot.document()));
        let written = disk::create_directory(&directory)
            .and_then(|()| disk::write_whole(&path, &snapshot.encode()));
        if let Err(error) = written {
            tracing::warn!(?path, %error, "a snapshot could not be written; the log has it all");
        }
    }

    /// Drops one of a gathering's snapshots.
    pub(super) fn drop_one(&self, gathering: GatheringId, document: DocumentId) {
        let path = self.of(gathering).join(format!("{document}.snapshot"));
        if let Err(error) = disk::remove(&path) {
            tracing::warn!(?path, %error, "a snapshot could not be deleted");
        }
    }

    /// A gathering's keyframes, which stand beside its snapshots.
    pub(super) fn keyframes(&self, gathering: GatheringId) -> KeyframeStore {
        KeyframeStore::open(self.of(gathering))
    }

    /// Drops a gathering's snapshots and keyframes.
    pub(super) fn delete(&self, gathering: GatheringId) {
        delete(&self.of(gathering));
    }

    /// Drops everything.
    pub(super) fn delete_all(&self) {
        delete(&self.0);
    }

    fn of(&self, gathering: GatheringId) -> PathBuf {
        self.0.join(gathering.to_string())
    }
}

fn delete(directory: &Path) {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(?directory, %error, "snapshots could not be deleted");
        }
        Ok(()) | Err(_) => {}
    }
}
