//! How long it takes to read the past: document and wall right after any event of a long day.
//!
//! A day is written straight into a real log, with the views behind it as the server runs them.
//! At some lengths of the day random moments are asked for, and each answer is also written as
//! JSON, as a reader gets it. `cargo xtask bench seek` runs it; docs/performance.md has figures.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

mod day;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use oogst_protocol::ids::Seq;
use oogst_server::log::sled::{SledOptions, open};
use oogst_server::views::{ViewError, Views};

use self::day::{Choices, Day, GATHERING, GROWING, STEADY, Size};

/// How long the day is, in events, when it is looked back on.
const LENGTHS: [u64; 4] = [25_000, 50_000, 100_000, 200_000];

/// Moments that are asked for at each length.
const SEEKS: usize = 300;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!("| day | events | what | kB | p50 ms | p99 ms | slowest ms | caches MB |");
    println!("|---|---|---|---|---|---|---|---|");
    for size in [STEADY, GROWING] {
        let directory = tempfile::tempdir().unwrap();
        runtime.block_on(run(directory.path(), size));
    }
}

async fn run(directory: &Path, size: Size) {
    let fatal = Box::new(|error: &_| unreachable!("the disk works: {error}"));
    let log = open(&directory.join("log"), SledOptions { reserve_bytes: 1 }, fatal).unwrap();
    let views = Views::start(Arc::clone(&log), &directory.join("views"), Arc::new(|_, _| None));
    let views = views.unwrap();
    let mut day = Day::open(&log, size).await;
    let mut choices = Choices(7);
    for length in LENGTHS {
        let begun = Instant::now();
        while log.last(GATHERING).0 < length {
            day.write(&log, 500).await;
            // The views keep up, as they do on a day.
            let last = log.last(GATHERING);
            settle(&views, last).await;
        }
        eprintln!("{length} events written and shown in {:.1} s", begun.elapsed().as_secs_f64());
        let mut walls = Vec::new();
        let mut documents = Vec::new();
        for _ in 0..SEEKS {
            let at = Some(Seq(20 + choices.below(length - 20)));
            walls.push(
                timed(async || {
                    let wall = views.wall(GATHERING, at, None).await.unwrap();
                    serde_json::to_vec(&wall).unwrap().len()
                })
                .await,
            );
            let document = day.document(&mut choices);
            documents.push(
                timed(async || {
                    let found = views.document(GATHERING, document, at).await.unwrap();
                    serde_json::to_vec(&found.root).unwrap().len()
                })
                .await,
            );
        }
        let megabytes = bytes_below(&directory.join("views")) / 1_000_000;
        line((size.name, length, "wall"), walls, megabytes);
        line((size.name, length, "document"), documents, megabytes);
    }
    views.stop();
    log.close();
}

/// Waits until the views cover what was written.
async fn settle(views: &Views, last: Seq) {
    loop {
        match views.wall(GATHERING, None, None).await.map(|wall| wall.seq) {
            Ok(seq) if seq >= last => return,
            Ok(_) | Err(ViewError::Late) => {}
            Err(error) => unreachable!("{error}"),
        }
    }
}

/// How long a read takes, and how many bytes it gives.
async fn timed(read: impl AsyncFnOnce() -> usize) -> (Duration, usize) {
    let begun = Instant::now();
    let bytes = read().await;
    assert!(bytes > 2, "there is something to read");
    (begun.elapsed(), bytes)
}

fn line((day, length, what): (&str, u64, &str), reads: Vec<(Duration, usize)>, megabytes: u64) {
    let kilobytes = reads.iter().map(|(_, bytes)| bytes).sum::<usize>() / reads.len() / 1_000;
    let mut times: Vec<_> = reads.into_iter().map(|(time, _)| time).collect();
    times.sort_unstable();
    let part = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    let (middle, high, most) = (part(50), part(99), part(100));
    println!(
        "| {day} | {length} | {what} | {kilobytes} | {:.1} | {:.1} | {:.1} | {megabytes} |",
        milliseconds(middle),
        milliseconds(high),
        milliseconds(most),
    );
}

fn bytes_below(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_below(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
