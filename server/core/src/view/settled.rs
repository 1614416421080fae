//! Is somebody still writing in an item?
//!
//! Half sentences on a projector silence people, so wall and feed say of each item whether it
//! rests. The answer follows from the events' own times: the same for the live wall, for a replay
//! and for a line of the feed that is read a year later.

use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::Seq;
use oogst_protocol::time::Timestamp;

/// How long nobody must have written in an item before it counts as settled.
pub const REST_MILLISECONDS: i64 = 5_000;

/// Writing in one item without a rest in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Burst {
    first: Seq,
    last: Seq,
    last_at: Timestamp,
}

/// When an item was written in: its bursts, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Writing(Vec<Burst>);

/// Whether a contribution is writing in its item, so that the item does not rest yet.
pub(super) const fn is_writing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::InsightAdded
            | Kind::InsightEdited
            | Kind::WordingProposed
            | Kind::RegionQuestionAdded
            | Kind::RegionQuestionEdited
            | Kind::ThemeProposed
            | Kind::ThemeEdited
            | Kind::BlockAdded
            | Kind::BlockEdited
            | Kind::NewsShared
            | Kind::NewsEdited
            | Kind::IntroductionEdited
            | Kind::StakeholderAdded
            | Kind::StakeholderEdited
            | Kind::ActionAdded
            | Kind::ActionEdited
            | Kind::PlanEdited
            | Kind::CheckInNoted
            | Kind::VisitNoted
            | Kind::VisitAsked
            | Kind::VisitAnswered
            | Kind::VisitRecommended
            | Kind::ReportEdited
    )
}

/// A clock that was set back must not leave an item unsettled for as long as that.
const fn rests(last: Timestamp, now: Timestamp) -> bool {
    let since = now.milliseconds().saturating_sub(last.milliseconds());
    since < 0 || since >= REST_MILLISECONDS
}

impl Writing {
    /// Somebody wrote in the item.
    pub(super) fn note(&mut self, seq: Seq, at: Timestamp) {
        match self.0.last_mut() {
            Some(burst) if !rests(burst.last_at, at) => {
                (burst.last, burst.last_at) = (seq, at);
            }
            _ => self.0.push(Burst { first: seq, last: seq, last_at: at }),
        }
    }

    /// Whether the item rests at a moment after its newest event.
    pub(super) fn settled(&self, now: Timestamp) -> bool {
        self.0.last().is_none_or(|burst| rests(burst.last_at, now))
    }

    /// Whether the item rested right after the event `seq`, which happened at `at`.
    pub(super) fn settled_after(&self, seq: Seq, at: Timestamp) -> bool {
        let begun = self.0.partition_point(|burst| burst.first <= seq);
        match begun.checked_sub(1).map(|place| self.0[place]) {
            None => true,
            Some(burst) => seq > burst.last && rests(burst.last_at, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_milliseconds(milliseconds)
    }

    #[test]
    fn an_item_rests_five_seconds_after_the_last_letter() {
        let mut writing = Writing::default();
        assert!(writing.settled(at(0)));
        writing.note(Seq(1), at(1_000));
        writing.note(Seq(2), at(4_000));
        assert!(!writing.settled(at(8_999)));
        assert!(writing.settled(at(9_000)));
        assert!(writing.settled(at(0)), "a clock that was set back");
    }

    #[test]
    fn what_was_true_after_an_event_stays_true_when_more_is_written() {
        let mut writing = Writing::default();
        writing.note(Seq(2), at(1_000));
        let lines = [(Seq(1), 0), (Seq(2), 1_000), (Seq(3), 3_000)];
        let told = lines.map(|(seq, ms)| writing.settled_after(seq, at(ms)));
        assert_eq!(told, [true, false, false]);
        writing.note(Seq(4), at(5_500));
        writing.note(Seq(6), at(20_000));
        assert_eq!(lines.map(|(seq, ms)| writing.settled_after(seq, at(ms))), told);
        assert!(!writing.settled_after(Seq(5), at(7_000)));
        assert!(writing.settled_after(Seq(5), at(10_500)));
    }
}
