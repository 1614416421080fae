//! The log through its port, on the real store in a directory of its own.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use oogst_core::port::Ticket;
use oogst_protocol::event::{Act, By, Entry, Event, Role};
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_protocol::time::Timestamp;
use tempfile::TempDir;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::sled::{SledOptions, open};
use super::verify::verify;
use super::{Append, EventLog, LogError, Recorded};

pub(super) fn gathering(number: u128) -> GatheringId {
    GatheringId::new(Uuid::from_u128(number))
}

pub(super) fn titles(count: usize, title: &str) -> Vec<Entry> {
    let entry = Entry {
        at: Timestamp::from_milliseconds(1_795_256_103_120),
        by: By { participant: None, role: Role::Operator },
        act: Act::GatheringRetitled { title: title.into() },
    };
    vec![entry; count]
}

/// Small disks test too.
pub(super) fn quiet() -> SledOptions {
    SledOptions { reserve_bytes: 1 }
}

fn opened(directory: &Path) -> Result<Arc<dyn EventLog>, LogError> {
    open(directory, quiet(), Box::new(|error| eprintln!("{error}")))
}

/// Appends and waits for the report; `None` when the log will never tell.
pub(super) fn append(
    log: &dyn EventLog,
    gathering: GatheringId,
    entries: Vec<Entry>,
) -> Option<Recorded> {
    let (report, mut reports) = mpsc::channel(1);
    let append = Append { ticket: Ticket(7), gathering, entries, report };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let room = runtime.block_on(log.appends().room(&append)).ok()?;
    room.append(append).ok()?;
    reports.blocking_recv()
}

fn all(log: &dyn EventLog, gathering: GatheringId) -> Vec<Arc<Event>> {
    log.read(gathering, Seq::ZERO, usize::MAX).unwrap()
}

#[test]
fn what_was_reported_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    let first = append(&*log, gathering(1), titles(3, "one")).unwrap();
    assert_eq!(first.ticket, Ticket(7));
    assert_eq!(first.events.iter().map(|e| e.seq.0).collect::<Vec<_>>(), [1, 2, 3]);
    let second = append(&*log, gathering(2), titles(1, &"long ".repeat(5_000))).unwrap();
    assert_eq!(second.events[0].seq, Seq(1), "each gathering counts for itself");
    let identity = log.identity();
    drop(log);

    let log = opened(directory.path()).unwrap();
    assert_eq!(log.identity(), identity);
    assert_eq!(log.gatherings(), [gathering(1), gathering(2)]);
    assert_eq!(all(&*log, gathering(1)), first.events);
    assert_eq!(all(&*log, gathering(2)), second.events);
    assert_eq!(log.read(gathering(1), Seq(1), 1).unwrap(), first.events[1..2]);
    assert!(log.read(gathering(1), Seq(3), 1).unwrap().is_empty());
    assert!(log.read(gathering(3), Seq::ZERO, 1).unwrap().is_empty());
    let third = append(&*log, gathering(1), titles(1, "four")).unwrap();
    assert_eq!(third.events[0].seq, Seq(4));
}

#[test]
fn many_writers_share_syncs_and_leave_no_gap() {
    const WRITERS: u64 = 8;
    const APPENDS: u64 = 60;
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let log = &*log;
            scope.spawn(move || {
                let mut newest = Seq::ZERO;
                for _ in 0..APPENDS {
                    let shared = gathering(u128::from(writer % 2));
                    let recorded = append(log, shared, titles(2, "edit")).unwrap();
                    let seqs = (recorded.events[0].seq, recorded.events[1].seq);
                    assert_eq!(seqs.0.next(), seqs.1, "an append stands together");
                    assert!(seqs.0 > newest, "later appends stand later");
                    newest = seqs.1;
                    assert!(log.last(shared) >= newest, "what is told can be read");
                }
            });
        }
    });
    for shared in [gathering(0), gathering(1)] {
        let events = all(&*log, shared);
        let seqs: Vec<_> = events.iter().map(|event| event.seq.0).collect();
        assert_eq!(seqs, (1..=WRITERS / 2 * APPENDS * 2).collect::<Vec<_>>());
    }
    let verified = verify(&*log);
    assert_eq!((verified.gatherings, verified.events), (2, WRITERS * APPENDS * 2));
    assert!(verified.damage.is_empty());
}

#[test]
fn a_follower_hears_the_newest_and_then_the_end() {
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    let follower = log.follow();
    append(&*log, gathering(1), titles(2, "a")).unwrap();
    append(&*log, gathering(2), titles(1, "b")).unwrap();
    append(&*log, gathering(1), titles(1, "c")).unwrap();
    let grown = follower.wait(Duration::from_secs(10)).unwrap();
    assert_eq!(
        grown.into_iter().collect::<Vec<_>>(),
        [(gathering(1), Seq(3)), (gathering(2), Seq(1))]
    );
    assert!(follower.wait(Duration::ZERO).unwrap().is_empty());
    log.close();
    assert_eq!(follower.wait(Duration::from_secs(10)), None);
    assert!(append(&*log, gathering(1), titles(1, "late")).is_none(), "closed is closed");
}

#[test]
fn two_servers_cannot_share_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    let second = opened(directory.path()).map(|_| ()).unwrap_err();
    assert!(matches!(second, LogError::Locked { .. }), "{second}");
    append(&*log, gathering(1), titles(1, "unharmed")).unwrap();
    drop(log);
    assert_eq!(all(&*opened(directory.path()).unwrap(), gathering(1)).len(), 1);
}

fn copied(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_into(from, to.path());
    to
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_log_that_lost_events_is_never_served_shorter() {
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    append(&*log, gathering(1), titles(5, "old")).unwrap();
    drop(log);
    let old = copied(directory.path());
    let log = opened(directory.path()).unwrap();
    append(&*log, gathering(1), titles(1, "new")).unwrap();
    drop(log);

    let store = directory.path().join("log");
    fs::remove_dir_all(&store).unwrap();
    let lost = opened(directory.path()).map(|_| ()).unwrap_err();
    assert!(matches!(lost, LogError::Shorter { found: Seq(0), durable: Seq(6), .. }), "{lost}");
    assert!(!store.exists(), "an empty log was not put in its place");

    fs::rename(old.path().join("log"), &store).unwrap();
    let older = opened(directory.path()).map(|_| ()).unwrap_err();
    assert!(matches!(older, LogError::Shorter { found: Seq(5), durable: Seq(6), .. }), "{older}");
}

/// Goal: a damaged file is served whole or refused, never silently with fewer events.
/// Method: cut and flip copies of a log that holds 400 events, some of several parts.
#[test]
fn a_damaged_file_keeps_every_event_or_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let log = opened(directory.path()).unwrap();
    for round in 0..40 {
        let long = "x".repeat(if round % 10 == 0 { 9_000 } else { 80 });
        append(&*log, gathering(1), titles(10, &long)).unwrap();
    }
    let whole = all(&*log, gathering(1));
    drop(log);
    let bytes = fs::read(directory.path().join("log/db")).unwrap();
    let length = bytes.len();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    let cuts = [1, 7, 100, 5_000, 100_000].into_iter().map(|cut| used.saturating_sub(cut));
    let damaged = cuts.map(|at| bytes[..at].to_vec());
    let flipped = (0..24).map(|n| {
        let mut flipped = bytes.clone();
        flipped[used * n / 24] ^= 1 << (n % 8);
        flipped
    });
    let mut refused = 0;
    for (number, damaged) in damaged.chain(flipped).enumerate() {
        let copy = copied(directory.path());
        fs::write(copy.path().join("log/db"), &damaged).unwrap();
        match opened(copy.path()) {
            Err(_) => refused += 1,
            Ok(log) => match log.read(gathering(1), Seq::ZERO, usize::MAX) {
                Ok(events) => assert_eq!(events, whole, "damage {number} of {length} bytes"),
                Err(_) => {
                    assert_eq!(verify(&*log).damage.len(), 1, "`verify` names it too");
                    refused += 1;
                }
            },
        }
    }
    assert!(refused > 0, "some of the damage was met");
}
