//! How fast a day is played: how long unhurried people take for what they do, and how much faster
//! it goes here.

use std::time::Duration;

use super::script::{
    Act, DEVICES, Day, Deed, GUESTS, Piece, REGION_QUESTIONS, THEMES, Table, pieces,
};

/// How fast a day is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How long a second of unhurried people takes here.
    second: Duration,
}

/// Unhurried people: a letter on a phone, and the time between two acts at a table.
const LETTER_SECONDS: f64 = 0.09;
const BETWEEN_SECONDS: f64 = 3.0;

/// How many times as fast somebody types on a laptop.
const LAPTOP_TIMES: f64 = 2.5;

/// Time to choose between six themes, to put a question under one, and between two who come in.
const THOUGHT_SECONDS: f64 = 2.0;
const CLUSTER_SECONDS: f64 = 0.25;
const ARRIVAL_SECONDS: f64 = 0.1;

/// How much of somebody's typing goes by before the next at the table begins: half sentences
/// of several people grow at once.
const OVERLAP: f64 = 0.6;

/// Faster than this nobody sees letters come one by one; they come by the handful then.
const LETTER_SEEN: Duration = Duration::from_millis(4);

impl Pace {
    /// So many times as fast as unhurried people.
    #[must_use]
    pub fn times(speed: f64) -> Self {
        Self { second: Duration::from_secs_f64(1.0 / speed) }
    }

    /// The day is over after about so many minutes.
    #[must_use]
    pub fn minutes(day: &Day, minutes: f64) -> Self {
        Self { second: Duration::from_secs_f64(60.0 * minutes / seconds(day)) }
    }

    /// Of somebody who types on a laptop.
    pub(super) fn on_a_laptop(self) -> Self {
        Self { second: self.second.div_f64(LAPTOP_TIMES) }
    }

    fn letter(self) -> Duration {
        self.second.mul_f64(LETTER_SECONDS)
    }

    /// Typing so many letters.
    pub(super) fn letters(self, many: usize) -> Duration {
        self.letter().saturating_mul(u32::try_from(many).unwrap_or(u32::MAX))
    }

    /// How many letters come at once, at most.
    pub(super) fn run_letters_max(self) -> usize {
        if self.letter() < LETTER_SEEN { 12 } else { 3 }
    }

    /// From the begin of one act to the begin of the next at the same table.
    pub(super) fn stride(self, deed: Deed) -> Duration {
        self.second.mul_f64(stride_seconds(deed))
    }

    /// From the first act of so many to the last.
    pub(super) fn strides(self, acts: &[Act]) -> Duration {
        acts.iter().map(|act| self.stride(act.deed)).sum()
    }

    /// Before somebody gives their dots.
    pub(super) fn thought(self) -> Duration {
        self.second.mul_f64(THOUGHT_SECONDS)
    }

    /// Between two people who come in.
    pub(super) fn arrival(self) -> Duration {
        self.second.mul_f64(ARRIVAL_SECONDS)
    }

    /// Putting a question under its theme.
    pub(super) fn cluster(self) -> Duration {
        self.second.mul_f64(CLUSTER_SECONDS)
    }
}

fn stride_seconds(deed: Deed) -> f64 {
    let text = match deed {
        Deed::Add { text, .. } | Deed::Choose { text, .. } => text,
        Deed::Mend { to, .. } => to,
        Deed::Photo { .. } => return BETWEEN_SECONDS,
        // Several are proposed at once.
        Deed::Word { .. }
        | Deed::Consent { .. }
        | Deed::Support { .. }
        | Deed::Highlight { .. }
        | Deed::Move { .. }
        | Deed::Remove { .. }
        | Deed::Restore { .. } => return BETWEEN_SECONDS / 2.0,
    };
    BETWEEN_SECONDS + OVERLAP * typing_seconds(text)
}

fn typing_seconds(text: &str) -> f64 {
    let strokes = pieces(text).into_iter().map(|piece| match piece {
        Piece::Typed(text) => text.chars().count(),
        Piece::Slip(text) => 2 * text.chars().count(),
    });
    LETTER_SECONDS * count(strokes.sum())
}

fn count(things: usize) -> f64 {
    f64::from(u32::try_from(things).unwrap_or(u32::MAX))
}

/// How long unhurried people take until the tables begin: each turn is as long as who takes
/// longest.
fn seconds_before() -> f64 {
    let questions = REGION_QUESTIONS.iter().map(|question| typing_seconds(question.text));
    let themes: f64 = THEMES.iter().map(|theme| typing_seconds(theme.text)).sum();
    let typed = questions.fold(themes / LAPTOP_TIMES, f64::max);
    let clustered = CLUSTER_SECONDS * count(REGION_QUESTIONS.len());
    ARRIVAL_SECONDS * count(DEVICES.len()) + typed + clustered + THOUGHT_SECONDS
}

/// How long they take for all of it.
fn seconds(day: &Day) -> f64 {
    let half = |of: fn(&Table) -> &'static [Act]| {
        let tables = day.tables.iter().map(of);
        let seconds = tables.map(|acts| acts.iter().map(|act| stride_seconds(act.deed)).sum());
        seconds.fold(0.0, f64::max)
    };
    let guests = ARRIVAL_SECONDS * count(GUESTS.len());
    seconds_before() + half(|table| table.halves().0) + guests + half(|table| table.halves().1)
}

#[cfg(test)]
mod tests {
    use super::super::script::KICK_OFF;
    use super::*;

    #[test]
    fn a_day_of_four_minutes_fills_the_wall_within_the_first() {
        let pace = Pace::minutes(&KICK_OFF, 4.0);
        let day = seconds(&KICK_OFF);
        assert!((pace.second.as_secs_f64() * day - 240.0).abs() < 0.01, "{day}");
        let mut insights = 0;
        for table in KICK_OFF.tables {
            let mut at = seconds_before();
            for act in table.acts {
                let is_over = pace.second.as_secs_f64() * at > 60.0;
                insights += usize::from(matches!(act.deed, Deed::Add { .. }) && !is_over);
                at += stride_seconds(act.deed);
            }
        }
        assert!(insights >= 12, "{insights} beside the questions of regions and groups");
    }
}
