//! Changes that automerge applies and cannot load again: each is refused.

use automerge::transaction::CommitOptions;

use super::day::{AN, Day};
use super::orders;
use super::random::Random;

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
