//! Random numbers that repeat by seed, and the line that says how to repeat them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The variable that sets the seed.
const VARIABLE: &str = "OOGST_SEED";

/// A stream of random numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// A stream for the named test, from the clock or from `OOGST_SEED`; prints how to repeat it.
    ///
    /// # Panics
    ///
    /// Where `OOGST_SEED` is no number.
    #[must_use]
    pub fn of(test: &str) -> Self {
        let seed = match std::env::var(VARIABLE) {
            Ok(seed) => seed.parse().unwrap_or_else(|_| panic!("{VARIABLE}={seed} is no number")),
            Err(_) => {
                u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos())
            }
        };
        println!(
            "seed {seed}; again: {VARIABLE}={seed} cargo test -p oogst-tests --test it {test}"
        );
        Self(seed)
    }

    /// A stream of its own, for one of many.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Lets a random time pass: for a stroke of bad luck at no particular moment, never to wait
    /// for something.
    pub async fn moment(&mut self, milliseconds: std::ops::Range<u64>) {
        let span = milliseconds.end - milliseconds.start;
        let pause = Duration::from_millis(milliseconds.start + self.below(span));
        tokio::time::sleep(pause).await;
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
