//! The log on faulty disks and in foreign formats.

use super::*;
use crate::log::tests::{append, gathering, quiet, titles};
use std::sync::mpsc;

/// Changes a byte in the middle of an event, in a log that nobody has open.
pub(crate) fn damage(directory: &Path, gathering: GatheringId, seq: Seq) {
    let trees = Trees::open(&directory.join("log")).unwrap();
    let key = frame::key(gathering, seq, 0);
    let mut value = trees.events.get(key).unwrap().unwrap().to_vec();
    let middle = value.len() / 2;
    value[middle] ^= 1;
    trees.events.insert(key, value).unwrap();
    trees.db.flush().unwrap();
}

fn watched() -> (Fatal, mpsc::Receiver<String>) {
    let (told, ends) = mpsc::sync_channel(4);
    (Box::new(move |error| told.send(error.to_string()).unwrap()), ends)
}

/// Goal: an append whose sync failed is never told, and the writer stops for good.
/// Method: the descriptor that is synced is one that the system refuses to sync.
#[test]
fn a_failed_sync_is_told_to_nobody_and_ends_the_writer() {
    let directory = tempfile::tempdir().unwrap();
    let mut opening = Opening::new(directory.path(), quiet()).unwrap();
    opening.data = File::open("/dev/null").unwrap();
    let (fatal, ends) = watched();
    let log = opening.start(fatal).unwrap();
    let follower = log.follow();
    let report = append(&*log, gathering(1), titles(1, "lost"));
    assert!(report.is_none(), "nothing is acknowledged");
    assert!(ends.recv().unwrap().contains("could not write and sync events"));
    assert!(append(&*log, gathering(1), titles(1, "later")).is_none(), "never tried again");
    assert!(ends.try_recv().is_err(), "told once");
    assert_eq!(log.last(gathering(1)), Seq::ZERO);
    assert!(log.read(gathering(1), Seq::ZERO, 10).unwrap().is_empty(), "shown to nobody");
    assert_eq!(follower.wait(std::time::Duration::from_secs(10)), None);
}

#[test]
fn a_disk_under_its_reserve_refuses_at_the_start_and_ends_on_the_way() {
    let directory = tempfile::tempdir().unwrap();
    let starved = SledOptions { reserve_bytes: u64::MAX };
    let refused = Opening::new(directory.path(), starved).map(|_| ()).unwrap_err();
    assert!(matches!(refused, LogError::Full { reserve_bytes: u64::MAX, .. }), "{refused}");
    let mut opening = Opening::new(directory.path(), quiet()).unwrap();
    opening.options = starved;
    let (fatal, ends) = watched();
    let log = opening.start(fatal).unwrap();
    assert!(append(&*log, gathering(1), titles(1, "no room")).is_none());
    assert!(ends.recv().unwrap().contains("fewer than the reserve"));
}

#[test]
fn a_newer_format_is_refused_untouched() {
    let directory = tempfile::tempdir().unwrap();
    let opening = Opening::new(directory.path(), quiet()).unwrap();
    opening.trees.meta.insert("format", &(FORMAT + 1).to_be_bytes()).unwrap();
    opening.trees.db.flush().unwrap();
    drop(opening);
    let refused = Opening::new(directory.path(), quiet()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, LogError::Newer { found: 2, newest: 1 }), "{refused}");
}

/// Goal: no event lies in a file that sled writes but never syncs.
#[test]
fn large_events_stay_in_the_file_that_is_synced() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path(), quiet(), watched().0).unwrap();
    for _ in 0..8 {
        append(&*log, gathering(1), titles(3, &"x".repeat(150_000))).unwrap();
    }
    log.close();
    let blobs = std::fs::read_dir(directory.path().join("log/blobs")).unwrap();
    assert_eq!(blobs.count(), 0);
    assert_eq!(log.read(gathering(1), Seq::ZERO, 100).unwrap().len(), 24);
}
