//! Chance that can be repeated: the same seed, the same play. And how fast it goes.

use std::time::Duration;

use oogst_protocol::ids::ItemId;

use super::script::{Day, Deed, Piece, pieces};

/// A small generator of numbers (splitmix64): for jitter, never for secrets.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// Its own for each name under one seed.
    pub(super) fn of(seed: u64, name: &str) -> Self {
        // FNV-1a, so that names that differ in a letter begin far apart.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 1 up to and including `most`.
    pub(super) fn up_to(&mut self, most: usize) -> usize {
        let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % most).unwrap_or(0) + 1
    }

    /// The wait, half as long up to one and a half times.
    pub(super) fn about(&mut self, wait: Duration) -> Duration {
        let percent = u32::try_from(self.next() % 101).unwrap_or(50) + 50;
        wait.saturating_mul(percent) / 100
    }
}

/// The item that a key of a table stands for: the same one in every play of a seed.
pub(super) fn item(seed: u64, table: usize, key: &str) -> ItemId {
    let mut chance = Chance::of(seed, &format!("{table}/{key}"));
    let bytes = u128::from(chance.next()) << 64 | u128::from(chance.next());
    ItemId::new(uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid())
}

/// How fast a day is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How long a second of unhurried people takes here.
    second: Duration,
}

/// Unhurried people: a letter on a phone, and the time between two acts at a table.
const LETTER_SECONDS: f64 = 0.09;
const BETWEEN_SECONDS: f64 = 3.0;

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
        let longest = (0..day.tables.len()).map(|table| seconds(day, table)).fold(1.0, f64::max);
        Self { second: Duration::from_secs_f64(60.0 * minutes / longest) }
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

    /// Between two people who come in.
    pub(super) fn arrival(self) -> Duration {
        self.second.mul_f64(0.15)
    }
}

fn stride_seconds(deed: Deed) -> f64 {
    let text = match deed {
        Deed::Word { text, .. } | Deed::Add { text, .. } | Deed::Choose { text, .. } => text,
        Deed::Mend { to, .. } => to,
        Deed::Consent { .. }
        | Deed::Support { .. }
        | Deed::Highlight { .. }
        | Deed::Move { .. }
        | Deed::Remove { .. }
        | Deed::Restore { .. } => return BETWEEN_SECONDS / 2.0,
    };
    let strokes: usize = pieces(text)
        .iter()
        .map(|piece| match piece {
            Piece::Typed(text) => text.chars().count(),
            Piece::Slip(text) => 2 * text.chars().count(),
        })
        .sum();
    let letters = f64::from(u32::try_from(strokes).unwrap_or(u32::MAX));
    BETWEEN_SECONDS + OVERLAP * letters * LETTER_SECONDS
}

/// How long unhurried people take at a table.
fn seconds(day: &Day, table: usize) -> f64 {
    day.tables[table].acts.iter().map(|act| stride_seconds(act.deed)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::script::KICK_OFF;
    use super::*;

    #[test]
    fn a_seed_gives_the_same_items_and_another_seed_others() {
        assert_eq!(item(1, 0, "kapper"), item(1, 0, "kapper"));
        assert_ne!(item(1, 0, "kapper"), item(2, 0, "kapper"));
        assert_ne!(item(1, 0, "kapper"), item(1, 1, "kapper"));
    }

    #[test]
    fn the_longest_table_takes_the_minutes_that_were_asked_for() {
        let pace = Pace::minutes(&KICK_OFF, 4.0);
        let table = |table: usize| -> f64 {
            let acts = KICK_OFF.tables[table].acts.iter();
            acts.map(|act| pace.stride(act.deed).as_secs_f64()).sum()
        };
        let longest = (0..5).map(table).fold(0.0, f64::max);
        assert!((longest - 240.0).abs() < 0.01, "{longest}");
    }
}
