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
                Some(place) => {
                    at_once |= self.typed.insert(place, at).is_none();
                    self.replace(place);
                }
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
