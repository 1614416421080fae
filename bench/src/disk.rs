//! What the log does with the disk that it is given: events made durable a second, against what
//! the disk itself can do in the same minute.
//!
//! A disk of a shared machine has windows in which it is ten times slower than in others. So every
//! round measures all of it, one after the other, and rounds are kept apart by how fast the disk
//! itself was in them.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use oogst_core::port::Ticket;
use oogst_protocol::event::Entry;
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_server::log::sled::{SledOptions, open};
use oogst_server::log::{Append, EventLog, LogError};
use tokio::sync::mpsc;

use crate::accept::template;
use crate::context::Context;
use crate::failure::Failure;
use crate::gathering::Opened;
use crate::history::{Edit, History};
use crate::sample::{count, grouped, median, milliseconds, percentile};
use crate::table::Table;

/// Participants who wait for their event to be durable before they make the next.
const WRITERS: [usize; 3] = [1, 8, 64];

/// How long a record is that the disk alone is given, in bytes: about an event with one change.
const RECORD_BYTES: usize = 200;

/// Records a second below which the disk is in a slow window.
const SLOW: f64 = 1_000.0;

/// How many times what the disk alone does 64 writers must reach in a slow window.
const RATIO_MIN: f64 = 40.0;

/// Events a second that 64 writers must reach in a fast window.
const EVENTS_MIN: f64 = 20_000.0;

/// Events that are made beforehand, and written over and over.
const EVENTS: usize = 4_000;

/// One round: the disk, and the log with each number of writers.
struct Round {
    raw: f64,
    log: Vec<Written>,
}

/// What some writers wrote.
struct Written {
    /// Events a second.
    rate: f64,
    /// From handing an event over to hearing that it is durable.
    took: Vec<Duration>,
}

/// Measures the disk and the log.
///
/// # Errors
///
/// The disk's.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let rounds = context.size(10, 3);
    let stretch = Duration::from_millis(if context.quick { 500 } else { 1_500 });
    let folder = context.folder()?;
    let opened = Opened::new(1, 1)?;
    let entries = entries(&opened)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::io("start a runtime"))?;
    let log = open_log(&folder.path().join("log"))?;
    let mut measured = Vec::new();
    for _ in 0..rounds {
        let raw = raw(&folder.path().join("raw"), stretch)?;
        let mut round = Round { raw, log: Vec::new() };
        for writers in WRITERS {
            let written = write(&log, &entries, opened.gathering, writers, stretch);
            round.log.push(runtime.block_on(written)?);
        }
        eprintln!("disk: {:.0} records/s; log: {:.0?} events/s", round.raw, rates(&round));
        measured.push(round);
    }
    log.close();
    Ok(vec![table(measured, stretch)])
}

fn rates(round: &Round) -> Vec<f64> {
    round.log.iter().map(|written| written.rate).collect()
}

/// Opens a log that ends this process when its disk fails.
///
/// # Errors
///
/// As [`open`].
pub fn open_log(directory: &Path) -> Result<Arc<dyn EventLog>, Failure> {
    let fatal = Box::new(|error: &LogError| oogst_server::fatal::end(error));
    Ok(open(directory, SledOptions::default(), fatal)?)
}

/// Records a second that the disk makes durable, each by itself, at the end of a file.
fn raw(path: &Path, stretch: Duration) -> Result<f64, Failure> {
    let append = || {
        let mut file = File::create(path)?;
        let (begun, mut records) = (Instant::now(), 0);
        while begun.elapsed() < stretch {
            file.write_all(&[0x6f; RECORD_BYTES])?;
            file.sync_data()?;
            records += 1;
        }
        Ok(count(records) / begun.elapsed().as_secs_f64())
    };
    append().map_err(Failure::io(format!("append to {}", path.display())))
}

/// Events as the hub appends them: one key a person.
fn entries(opened: &Opened) -> Result<Vec<Entry>, Failure> {
    let harvest = opened.harvests[0];
    let mut history = History::new(template(&opened.events, harvest)?, opened.seated(0))?;
    let edits = history.edits(EVENTS)?;
    let bytes: usize = edits.iter().map(|edit| edit.change.0.len()).sum();
    eprintln!("disk: a change has {} bytes on average", bytes / EVENTS);
    let entry = |(seq, edit): (u64, &Edit)| edit.entry(harvest, Seq(seq));
    Ok((0..).zip(&edits).map(entry).collect())
}

/// Some writers append events, each the next one once its last is durable.
async fn write(
    log: &Arc<dyn EventLog>,
    entries: &[Entry],
    gathering: GatheringId,
    writers: usize,
    stretch: Duration,
) -> Result<Written, Failure> {
    let begun = Instant::now();
    let until = begun + stretch;
    let next = AtomicUsize::new(0);
    let writer = || async {
        let (report, mut reports) = mpsc::channel(1);
        let appends = log.appends();
        let mut took = Vec::new();
        while Instant::now() < until {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let entries = vec![entries[at % entries.len()].clone()];
            let report = report.clone();
            let append = Append { ticket: Ticket(1), gathering, entries, report };
            let handed = Instant::now();
            appends.room(&append).await?.append(append)?;
            if reports.recv().await.is_none() {
                break;
            }
            took.push(handed.elapsed());
        }
        Ok::<_, Failure>(took)
    };
    let all = futures_util::future::try_join_all((0..writers).map(|_| writer())).await?;
    let took: Vec<_> = all.into_iter().flatten().collect();
    Ok(Written { rate: count(took.len()) / begun.elapsed().as_secs_f64(), took })
}

fn table(measured: Vec<Round>, stretch: Duration) -> Table {
    let columns = [
        "window",
        ">rounds",
        "what",
        ">a second",
        ">times the disk",
        ">acknowledged p50 ms",
        ">p99 ms",
    ];
    let mut table = Table::new("disk", &columns);
    let (slow, fast): (Vec<_>, Vec<_>) = measured.into_iter().partition(|it| it.raw < SLOW);
    for (window, mut rounds) in [("slow", slow), ("fast", fast)] {
        if rounds.is_empty() {
            continue;
        }
        let number = rounds.len().to_string();
        let raw: Vec<f64> = rounds.iter().map(|round| round.raw).collect();
        let row = |what: &str, rates: &[f64], ratio: f64, took: &mut [Duration]| {
            let time = |time: Option<Duration>| {
                time.map_or_else(|| "-".to_owned(), |time| format!("{:.2}", milliseconds(time)))
            };
            let (middle, high) = (percentile(took, 50), percentile(took, 99));
            let rate = grouped(median(rates).unwrap_or_default());
            let (what, ratio) = (what.to_owned(), format!("{ratio:.1}"));
            [window.to_owned(), number.clone(), what, rate, ratio, time(middle), time(high)]
        };
        table.row(row("disk alone", &raw, 1.0, &mut []));
        for (at, writers) in WRITERS.iter().enumerate() {
            let rates: Vec<f64> = rounds.iter().map(|round| round.log[at].rate).collect();
            let ratios: Vec<f64> = rates.iter().zip(&raw).map(|(rate, raw)| rate / raw).collect();
            let ratio = median(&ratios).unwrap_or_default();
            let took = rounds.iter_mut().flat_map(|round| round.log[at].took.drain(..));
            let mut took: Vec<_> = took.collect();
            let what = if *writers == 1 { "1 writer" } else { &format!("{writers} writers") };
            table.row(row(what, &rates, ratio, &mut took));
        }
    }
    table.note(format!(
        "Disk alone: records of {RECORD_BYTES} bytes, each written at a file's end and synced. \
         Writers: each appends\nan event of one change and waits until it is durable. Rounds of \
         {:.1} s each, one after the other;\nmedians of rounds, and of the same round's ratio. A \
         window is slow where the disk alone does less\nthan {} a second. Bounds for 64 writers: \
         {RATIO_MIN} times the disk where it is slow, {} a second\nwhere it is fast.",
        stretch.as_secs_f64(),
        grouped(SLOW),
        grouped(EVENTS_MIN),
    ));
    table
}
