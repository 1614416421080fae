//! What the accept path lets in, automerge applies; and nothing well-formed is refused.
//!
//! Each case is a day in one document: several clients, each with a real automerge document of
//! its own, edit, merge late, edit at earlier states, and push. Every push of theirs must be
//! admitted. Now and then a hostile client pushes a change that was bent out of shape, operation
//! by operation or byte by byte, its checksum mended. Whatever is admitted is applied by automerge
//! in several causal orders; each must end with the graph's heads and one content, and what it
//! saves must load again under the same heads.
//!
//! A failure names its seed. `OOGST_SEED=… OOGST_CASES=1` repeats that one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bombs;
mod budgets;
mod chunks;
mod contributions;
mod day;
mod edits;
mod mutations;
mod orders;
mod random;
mod refusals;
mod well_formed;
mod world;

use random::Random;
use world::World;

/// Cases of the normal test.
const CASES: u64 = 10_000;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Names the seed when a case panics.
struct Case(u64);

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "case failed; repeat it with: OOGST_SEED={} OOGST_CASES=1 \
                 cargo test -p oogst-tests --test it accepted::",
                self.0
            );
        }
    }
}

/// Goal: the law of the accept path, both ways round.
#[test]
fn what_is_admitted_automerge_applies_and_nothing_well_formed_is_refused() {
    let (first, cases) = (setting("OOGST_SEED", 1), setting("OOGST_CASES", CASES));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut tally = world::Tally::default();
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    let mut tally = world::Tally::default();
                    for seed in (first..first + cases).skip(thread).step_by(threads) {
                        let case = Case(seed);
                        World::new(Random::new(seed)).run(&mut tally);
                        drop(case);
                    }
                    tally
                })
            })
            .collect();
        for thread in running {
            tally.add(&thread.join().expect("its own words are above"));
        }
    });
    println!("{cases} cases from seed {first}: {tally:?}");
    if cases >= 1_000 {
        assert!(tally.bent_admitted > cases / 200, "mutations are too wild to test anything");
        assert!(tally.bent_refused > cases / 10, "mutations are too tame to test anything");
    }
}
