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

mod any_kind;
mod at_once;
mod bends;
mod bombs;
mod budgets;
mod chunks;
mod concurrent;
mod contributions;
mod day;
mod edits;
mod fine;
mod folded;
mod kinds;
mod loads;
mod mutations;
mod orders;
mod places;
mod random;
mod refusals;
mod respell;
mod sites;
mod well_formed;
mod world;

use oogst_tests::seeds;
use random::Random;
use world::World;

/// Cases of the normal test.
const CASES: u64 = 10_000;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Goal: the law of the accept path, both ways round.
#[test]
fn what_is_admitted_automerge_applies_and_nothing_well_formed_is_refused() {
    let (first, cases) = (setting("OOGST_SEED", 1), setting("OOGST_CASES", CASES));
    let again = |seed| {
        format!(
            "OOGST_SEED={seed} OOGST_CASES=1 cargo test -p oogst-tests --test it accepted::what"
        )
    };
    let mut tally = world::Tally::default();
    for case in seeds::each(first..first + cases, again, |seed| {
        let mut tally = world::Tally::default();
        World::new(Random::new(seed)).run(&mut tally);
        tally
    }) {
        tally.add(&case);
    }
    println!("{cases} cases from seed {first}: {tally:?}");
    if cases >= 1_000 {
        let share = 100 * tally.bent_admitted / (tally.bent_admitted + tally.bent_refused);
        println!("{share} % of the bent pushes were admitted");
        assert!(share >= 20, "mutations are too wild to test anything: {share} % admitted");
        assert!(tally.bent_admitted > cases / 10, "too few mutations to test anything");
        assert!(tally.bent_refused > cases / 10, "mutations are too tame to test anything");
    }
}
