//! The feed's calm: a burst of typing in one item is its first line and its last.
//!
//! An item's first edit goes out at once. Those that follow within [`QUIET`] of each other wait,
//! each replacing the one before it, and the last goes out when the burst is over, or earlier
//! when a later event goes out: a feed's ids only rise, so whoever resumes after an id has missed
//! nothing before it. Lines of one event go out together or not at all.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use oogst_protocol::api::Line;
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::{DocumentId, ItemId, Seq};
use oogst_protocol::time::Timestamp;

/// A pause that ends a burst: shorter than the second that a feed's reader may wait, by more than
/// the views' own delay.
pub(super) const QUIET: Duration = Duration::from_millis(600);

/// Most events that wait; more than people can type at once.
const HELD_MAX: usize = 1_000;

/// What is being typed in: an item, or the question above all items.
type Place = (Option<DocumentId>, Option<ItemId>, &'static str);

/// Holds back the middle of bursts. Lines come in by event, in order.
#[derive(Debug, Default)]
pub(super) struct Calm {
    /// The newest edit of each place that may still be in a burst.
    typed: BTreeMap<Place, Timestamp>,
    held: BTreeMap<Seq, Held>,
}

#[derive(Debug)]
struct Held {
    lines: Vec<Line>,
    until: Instant,
}

impl Calm {
    /// Takes the lines of one event and gives what goes out now, in order.
    pub(super) fn take(&mut self, lines: Vec<Line>, now: Timestamp, clock: Instant) -> Vec<Line> {
        let Some(first) = lines.first() else { return Vec::new() };
        let (seq, at) = (first.seq, first.at);
        self.typed.retain(|_, typed| within(*typed, at));
        let mut at_once = false;
        for line in &lines {
            match typing(line) {
                None => at_once = true,
                Some(place) => match self.typed.insert(place, at) {
                    // Another burst: the last of the one before it still goes out.
                    None => at_once = true,
                    Some(_) => self.replace(place),
                },
            }
        }
        if !at_once && self.held.len() < HELD_MAX {
            let gone = now.milliseconds().saturating_sub(at.milliseconds());
            let gone = Duration::from_millis(u64::try_from(gone).unwrap_or_default());
            self.held.insert(seq, Held { lines, until: clock + QUIET.saturating_sub(gone) });
            return Vec::new();
        }
        let mut out = self.through(seq);
        out.extend(lines);
        out
    }

    /// Gives what has waited long enough, in order.
    pub(super) fn release(&mut self, clock: Instant) -> Vec<Line> {
        let over = self.held.iter().rev().find(|(_, held)| held.until <= clock);
        over.map(|(seq, _)| *seq).map(|seq| self.through(seq)).unwrap_or_default()
    }

    /// When something has waited long enough.
    pub(super) fn due(&self) -> Option<Instant> {
        self.held.values().map(|held| held.until).min()
    }

    fn through(&mut self, seq: Seq) -> Vec<Line> {
        let later = self.held.split_off(&seq.next());
        let out = std::mem::replace(&mut self.held, later);
        out.into_values().flat_map(|held| held.lines).collect()
    }

    /// A newer edit of the place makes the waiting one needless.
    fn replace(&mut self, place: Place) {
        for held in self.held.values_mut() {
            held.lines.retain(|line| typing(line) != Some(place));
        }
        self.held.retain(|_, held| !held.lines.is_empty());
    }
}

fn within(earlier: Timestamp, later: Timestamp) -> bool {
    let gap = later.milliseconds().saturating_sub(earlier.milliseconds());
    u64::try_from(gap).is_ok_and(|gap| Duration::from_millis(gap) < QUIET)
}

/// Where a line's author was typing, if that is what the line says.
fn typing(line: &Line) -> Option<Place> {
    const TYPED: [Kind; 8] = [
        Kind::InsightEdited,
        Kind::InsightTranslated,
        Kind::WordingProposed,
        Kind::QuestionEdited,
        Kind::RegionQuestionEdited,
        Kind::ThemeEdited,
        Kind::BlockEdited,
        Kind::NewsEdited,
    ];
    let kind = TYPED.iter().find(|kind| kind.name() == line.kind)?;
    Some((line.document, line.item, kind.name()))
}

#[cfg(test)]
mod tests {
    use oogst_protocol::ids::GatheringId;
    use uuid::Uuid;

    use super::*;

    /// A feed and what it gave out.
    struct Played {
        calm: Calm,
        start: Instant,
        /// How long ago everything happened, in milliseconds.
        late: i64,
        out: Vec<u64>,
    }

    impl Played {
        fn new() -> Self {
            Self { calm: Calm::default(), start: Instant::now(), late: 0, out: Vec::new() }
        }

        fn clock(&self, at: i64) -> Instant {
            self.start + Duration::from_millis(u64::try_from(at).unwrap())
        }

        /// The lines of one event at a moment, each a kind and an item.
        fn event(&mut self, seq: u64, at: i64, lines: &[(Kind, u128)]) {
            // A page of what was missed is taken in at one moment.
            if self.late == 0 {
                self.rest(at);
            }
            let line = |(index, (kind, item)): (u32, &(Kind, u128))| Line {
                seq: Seq(seq),
                index,
                at: Timestamp::from_milliseconds(at),
                kind: kind.name().to_owned(),
                gathering: GatheringId::new(Uuid::nil()),
                group: None,
                document: None,
                item: Some(ItemId::new(Uuid::from_u128(*item))),
                participant: None,
                excerpt: None,
                state: None,
            };
            let lines = (0..).zip(lines).map(line).collect();
            let clock = self.clock(at);
            let now = Timestamp::from_milliseconds(at + self.late);
            let out = self.calm.take(lines, now, clock);
            self.out.extend(out.iter().map(|line| line.seq.0));
        }

        fn rest(&mut self, until: i64) {
            let out = self.calm.release(self.clock(until));
            self.out.extend(out.iter().map(|line| line.seq.0));
        }
    }

    const TYPED: Kind = Kind::InsightEdited;

    #[test]
    fn a_burst_is_its_first_line_at_once_and_its_last_within_a_second_of_its_end() {
        let mut feed = Played::new();
        for letter in 0..50 {
            feed.event(1 + letter, 100 * i64::try_from(letter).unwrap(), &[(TYPED, 1)]);
            assert_eq!(feed.out, [1], "at once, and nothing in between");
        }
        feed.rest(4_900 + 599);
        assert_eq!(feed.out, [1]);
        feed.rest(4_900 + 600);
        assert_eq!(feed.out, [1, 50]);
        feed.event(51, 9_000, &[(TYPED, 1)]);
        assert_eq!(feed.out, [1, 50, 51], "another burst");
        assert_eq!(feed.calm.due(), None);
    }

    #[test]
    fn many_who_type_at_once_do_not_undo_each_others_calm() {
        let mut feed = Played::new();
        for seq in 0..200_u64 {
            feed.event(1 + seq, 20 * i64::try_from(seq).unwrap(), &[(TYPED, u128::from(seq % 10))]);
        }
        assert_eq!(feed.out, (1..=10).collect::<Vec<u64>>());
        feed.rest(60_000);
        assert_eq!(feed.out, (1..=10).chain(191..=200).collect::<Vec<u64>>());
    }

    #[test]
    fn what_waits_goes_out_before_a_later_event_so_that_ids_only_rise() {
        let mut feed = Played::new();
        feed.event(1, 0, &[(TYPED, 1)]);
        feed.event(2, 100, &[(TYPED, 1)]);
        feed.event(3, 200, &[(Kind::InsightSupported, 2)]);
        assert_eq!(feed.out, [1, 2, 3]);
        feed.event(4, 300, &[(TYPED, 1)]);
        feed.event(5, 400, &[(TYPED, 1), (Kind::InsightMoved, 1)]);
        assert_eq!(feed.out, [1, 2, 3, 5, 5], "an event's lines together, 4 is out of date");
    }

    #[test]
    fn what_was_missed_is_calmed_by_its_own_times_and_waits_for_nothing() {
        let mut feed = Played::new();
        feed.late = 1_000_000;
        for (seq, at) in [(1, 0), (2, 100), (3, 200), (4, 5_000), (5, 5_100)] {
            feed.event(seq, at, &[(TYPED, 1)]);
        }
        assert_eq!(feed.out, [1, 3, 4]);
        feed.rest(5_100);
        assert_eq!(feed.out, [1, 3, 4, 5]);
    }
}
