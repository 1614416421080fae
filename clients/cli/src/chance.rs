//! Chance that can be repeated: the same seed, the same play.

use std::time::Duration;

use oogst_protocol::ids::ItemId;
use uuid::{Builder, Uuid};

/// A small generator of numbers (splitmix64): for jitter, never for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Its own for each name under one seed.
    pub(crate) fn of(seed: u64, name: &str) -> Self {
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
    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % most).unwrap_or(0) + 1
    }

    /// From 0 up to, not including, 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// The wait, half as long up to one and a half times.
    pub(crate) fn about(&mut self, wait: Duration) -> Duration {
        let percent = u32::try_from(self.next() % 101).unwrap_or(50) + 50;
        wait.saturating_mul(percent) / 100
    }
}

/// The item that a key of a table stands for: the same one in every play of a seed.
pub(crate) fn item(seed: u64, table: usize, key: &str) -> ItemId {
    ItemId::new(uuid(seed, table, key))
}

/// As [`item`], for what is no item.
pub(crate) fn uuid(seed: u64, table: usize, key: &str) -> Uuid {
    let mut chance = Chance::of(seed, &format!("{table}/{key}"));
    let bytes = u128::from(chance.next()) << 64 | u128::from(chance.next());
    Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_items_and_another_seed_others() {
        assert_eq!(item(1, 0, "kapper"), item(1, 0, "kapper"));
        assert_ne!(item(1, 0, "kapper"), item(2, 0, "kapper"));
        assert_ne!(item(1, 0, "kapper"), item(1, 1, "kapper"));
    }
}
