//! What the hub does for one edit, by itself: no disk, no sockets.
//!
//! `cargo xtask bench core` runs it. `OOGST_BENCH_CHANGES=1000000` adds a history of that length,
//! which takes some minutes to write.

#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use oogst_bench::accept::{Accepting, template};
use oogst_bench::gathering::{Opened, PEOPLE};
use oogst_bench::history::History;
use oogst_core::sync;
use oogst_protocol::wire::{PeerId, SyncEnvelope};

const HISTORIES: [usize; 3] = [100, 10_000, 100_000];

/// One key of one person at a table: from its frame to the frames for everybody.
fn accept(criterion: &mut Criterion) {
    let more = std::env::var("OOGST_BENCH_CHANGES").ok().map(|text| text.parse().unwrap());
    let mut group = criterion.benchmark_group("accept an edit, by changes before it");
    for changes in HISTORIES.into_iter().chain(more) {
        let mut accepting = Accepting::new(changes).unwrap();
        let edits = BenchmarkId::from_parameter(changes);
        group.bench_function(edits, |bencher| {
            bencher.iter_custom(|edits| {
                let mut spent = Duration::ZERO;
                for _ in 0..edits {
                    accepting.ready(1).unwrap();
                    let begun = Instant::now();
                    assert!(accepting.accept(), "an edit was refused");
                    spent += begun.elapsed();
                }
                spent
            });
        });
    }
    group.finish();
}

/// What an edit is made of: reading a change as automerge does, writing it for a table.
fn parts(criterion: &mut Criterion) {
    let opened = Opened::new(1, 1).unwrap();
    let harvest = opened.harvests[0];
    let first = template(&opened.events, harvest).unwrap();
    let mut history = History::new(first, opened.seated(0)).unwrap();
    let edit = history.edits(1_000).unwrap().pop().unwrap();
    criterion.bench_function("automerge reads a change", |bencher| {
        bencher.iter(|| automerge::Change::from_bytes(edit.change.0.to_vec()).unwrap());
    });
    let server = PeerId::new("server");
    let peers: Vec<_> = (0..PEOPLE).map(|peer| PeerId::new(&format!("peer-{peer}"))).collect();
    criterion.bench_function("encode one change for a table of six", |bencher| {
        bencher.iter(|| {
            let news = sync::encode(&edit.heads, &[], &[&edit.change]);
            let news = SyncEnvelope::new(&server, harvest, &news);
            peers.iter().for_each(|peer| drop(black_box(news.to(peer))));
        });
    });
}

criterion_group!(benches, accept, parts);
criterion_main!(benches);
