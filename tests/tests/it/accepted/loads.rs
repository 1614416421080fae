//! Changes that automerge applies and cannot load again: each is refused.

use std::num::NonZeroU64;

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{AutoCommit, Change, ROOT};
use bytes::Bytes;
use oogst_core::accept::Fault;
use oogst_protocol::event::Role;

use super::day::{AN, BO, Day};
use super::orders;
use super::random::Random;

/// Bo is a dozen operations ahead of what An's last change builds on.
fn divided() -> (Day, AutoCommit) {
    let mut day = Day::harvest();
    let (mut an, mut bo) = (day.client(), day.client());
    for _ in 0..12 {
        bo.put(ROOT, "chosen", ()).unwrap();
        bo.commit();
    }
    day.push(&mut bo, BO).unwrap();
    an.empty_change(CommitOptions::default());
    (day, an)
}

fn started_at(an: &mut AutoCommit, start: u64) -> Bytes {
    let mut change = an.get_last_local_change().unwrap().decode();
    change.start_op = NonZeroU64::new(start).unwrap();
    Bytes::copy_from_slice(Change::from(change).raw_bytes())
}

/// Goal: a document with an empty change loads again. Automerge's saved form holds a change's
/// highest operation and finds the first by its operations; where there are none, by what it
/// builds on. Method: an empty change that starts higher than one above that.
#[test]
fn an_empty_change_that_starts_too_high() {
    let (mut day, mut an) = divided();
    let right = an.get_last_local_change().unwrap().start_op().get();
    for gap in [1, 5, 12] {
        let high = started_at(&mut an, right + gap);
        let fault = day.server.admit(&[high], AN, Role::Participant).unwrap_err();
        assert!(matches!(fault, Fault::StartOp { .. }), "{fault}");
    }
    let chunk = started_at(&mut an, right);
    day.server.admit(&[chunk], AN, Role::Participant).unwrap();
    orders::check(&day.server, &mut Random::new(7));
}

/// Goal: a document loads again whatever the clocks of its writers said. Automerge keeps times as
/// their differences in 64 bits. Method: times at both ends, those that are too far off refused.
#[test]
fn times_at_both_ends_of_time() {
    let mut day = Day::harvest();
    let (far, most) = (1_i64 << 40, 1_i64 << 53);
    for time in [i64::MIN, -most, most + 1, most, -far] {
        let mut an = day.client();
        an.empty_change(CommitOptions::default().with_time(time));
        let admitted = day.push(&mut an, AN);
        assert_eq!(admitted.is_ok(), time.unsigned_abs() <= 1 << 53, "{time}: {admitted:?}");
    }
    orders::check(&day.server, &mut Random::new(7));
}
