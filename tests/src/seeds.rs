//! Seeded cases on all cores; the first that fails names its seed and how to repeat it.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

/// Runs one case a seed and gives what they came to, in no order. A case is its seed's alone, on
/// whichever core it runs.
///
/// # Panics
///
/// As the first case that does, after the command of `again` was printed.
pub fn each<T: Send>(
    seeds: Range<u64>,
    again: impl Fn(u64) -> String + Sync,
    case: impl Fn(u64) -> T + Sync,
) -> Vec<T> {
    let (next, failed) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let work = || {
        let mut results = Vec::new();
        while !failed.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                break;
            }
            match catch_unwind(AssertUnwindSafe(|| case(seed))) {
                Ok(result) => results.push(result),
                Err(panic) => {
                    failed.store(true, Ordering::Relaxed);
                    println!("seed {seed} failed; again: {}", again(seed));
                    resume_unwind(panic);
                }
            }
        }
        results
    };
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let results = running.into_iter().map(|thread| thread.join());
        results.flat_map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}
