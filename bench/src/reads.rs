//! Fresh reads while a room writes without rest: whether the views keep their two seconds, and what
//! they take for it from those who write.
//!
//! All groups are of one gathering, so one shard accepts their edits and one thread of the views
//! folds them. A reader asks for the wall and for a harvest's JSON: every answer covers all that
//! was durable when it was asked, or is a refusal.

use std::path::Path;
use std::time::{Duration, Instant};

use oogst_client::Access;
use oogst_protocol::ids::{DocumentId, GatheringId};
use oogst_server::views::FRESH_WAIT;

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Edits, load_ours};
use crate::sample::{grouped, milliseconds, percentile};
use crate::server::{OPERATOR_KEY, Server};
use crate::stock;
use crate::table::Table;

/// A shape of load: groups of eight, all in one gathering.
struct Shape {
    name: &'static str,
    groups: &'static str,
    /// Edits a second of each; without it the next comes once the last is acknowledged.
    rate: Option<&'static str>,
}

const SHAPES: [Shape; 4] = [
    Shape { name: "10 x 8, 1 edit/s each", groups: "10", rate: Some("1") },
    Shape { name: "1 x 8, closed loop", groups: "1", rate: None },
    Shape { name: "5 x 8, closed loop", groups: "5", rate: None },
    Shape { name: "10 x 8, closed loop", groups: "10", rate: None },
];

/// How often each of the two is asked for.
const EVERY: Duration = Duration::from_millis(200);

/// How long people write before anything is measured, in seconds.
const WARM_UP_SECONDS: u64 = 2;

/// How long to wait until people write.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a path was answered.
struct Answered {
    took: Vec<Duration>,
    late: usize,
}

/// What came of a shape.
struct Found {
    edits: Edits,
    /// The wall, then a document; of none where nobody read.
    answered: Option<[Answered; 2]>,
    /// The processor time of the views' threads, for an edit, in µs.
    views: f64,
    niceness: i32,
}

/// Each shape with nobody who reads, then with somebody.
///
/// # Errors
///
/// Where the server does not start, or a load gives no figures.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "reads",
        &[
            "one gathering",
            "is read",
            ">edits/s",
            ">to another p99 ms",
            ">views' CPU of an edit, µs",
            ">wall p50 ms",
            ">p95",
            ">slowest",
            ">document p50 ms",
            ">p95",
            ">slowest",
            ">later than 2 s",
        ],
    );
    let mut niceness = 0;
    for shape in &SHAPES[context.size(0, SHAPES.len() - 1)..] {
        for is_read in [false, true] {
            eprintln!("reads: {}, {}", shape.name, if is_read { "read" } else { "not read" });
            let found = measure(context, shape, is_read)?;
            niceness = niceness.max(found.niceness);
            row(&mut table, shape, found);
        }
    }
    table.note(format!(
        "A reader asks for each every {} ms, or as soon as the answer before is here. Later than \
         {} s is answered 503. The views'\nthreads stand {niceness} behind the others, as `nice` \
         counts it.",
        EVERY.as_millis(),
        FRESH_WAIT.as_secs(),
    ));
    Ok(vec![table])
}

fn row(table: &mut Table, shape: &Shape, found: Found) {
    let Found { edits, answered, views, .. } = found;
    let is_read = answered.is_some();
    let late = answered.as_ref().map(|all| all.iter().map(|one| one.late).sum::<usize>());
    let asked = answered.as_ref().map(|all| all.iter().map(|one| one.took.len()).sum::<usize>());
    let times = |answered: Option<&Answered>| {
        let mut took = answered.map(|answered| answered.took.clone()).unwrap_or_default();
        [50, 95, 100].map(|percent| {
            let time = percentile(&mut took, percent);
            time.map_or_else(|| "-".to_owned(), |time| format!("{:.1}", milliseconds(time)))
        })
    };
    let [wall, document] = match &answered {
        Some([wall, document]) => [times(Some(wall)), times(Some(document))],
        None => [times(None), times(None)],
    };
    let [wall_p50, wall_p95, wall_slowest] = wall;
    let [document_p50, document_p95, document_slowest] = document;
    table.row([
        shape.name.to_owned(),
        if is_read { "yes" } else { "no" }.to_owned(),
        grouped(edits.edits_per_second),
        format!("{:.1}", edits.peer.p99_ms),
        format!("{views:.0}"),
        wall_p50,
        wall_p95,
        wall_slowest,
        document_p50,
        document_p95,
        document_slowest,
        late.zip(asked).map_or("-".to_owned(), |(late, asked)| format!("{late} of {asked}")),
    ]);
}

fn measure(context: &Context, shape: &Shape, is_read: bool) -> Result<Found, Failure> {
    let folder = context.folder()?;
    let server = Server::start(context, folder.path())?;
    let seconds = if context.quick { 5 } else { 20 };
    let (warm_up, length) = (WARM_UP_SECONDS.to_string(), seconds.to_string());
    let mut arguments = vec!["edits", "--groups", shape.groups, "--participants", "8"];
    arguments.extend(["--warm-up-seconds", &warm_up, "--seconds", &length]);
    arguments.extend(shape.rate.iter().flat_map(|rate| ["--rate", rate]));
    let stretch = Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        let load = scope.spawn(|| load_ours::<Edits>(context, &server, &arguments));
        let watched = watch(&server, folder.path(), is_read, stretch);
        let edits = load.join().map_err(|_| Failure::Unexpected("a load panicked".to_owned()));
        let edits = edits??;
        if edits.missing > 0 {
            return Err(Failure::Unexpected(format!("{} edits did not arrive", edits.missing)));
        }
        let (answered, cpu, niceness) = watched?;
        let made = edits.edits_per_second * stretch.as_secs_f64();
        Ok(Found { edits, answered, views: cpu.as_secs_f64() * 1e6 / made, niceness })
    })
}

/// Waits until people write and are warm, then looks at the server for as long as they are
/// measured: what its views take, and how it answers.
fn watch(
    server: &Server,
    data: &Path,
    is_read: bool,
    stretch: Duration,
) -> Result<(Option<[Answered; 2]>, Duration, i32), Failure> {
    let (gathering, document) = written_in(server, data)?;
    std::thread::sleep(Duration::from_secs(WARM_UP_SECONDS));
    let (before, _) = server.process.cpu_of_threads("views")?;
    let paths = [format!("/api/gatherings/{gathering}/wall"), format!("/api/documents/{document}")];
    let answered = if is_read {
        Some(std::thread::scope(|scope| {
            let asked = paths.map(|path| scope.spawn(move || read(server, &path, stretch)));
            let [wall, document] = asked.map(|asked| {
                asked.join().map_err(|_| Failure::Unexpected("a reader panicked".to_owned()))?
            });
            Ok::<_, Failure>([wall?, document?])
        })?)
    } else {
        std::thread::sleep(stretch);
        None
    };
    let (after, niceness) = server.process.cpu_of_threads("views")?;
    Ok((answered, after.saturating_sub(before), niceness))
}

/// Asks for a path again and again, each time when it is due or once the last is answered.
fn read(server: &Server, path: &str, stretch: Duration) -> Result<Answered, Failure> {
    let until = Instant::now() + stretch;
    let (mut took, mut late) = (Vec::new(), 0);
    while Instant::now() < until {
        let asked = Instant::now();
        match server.get(path)? {
            (200, _) => {}
            (503, _) => late += 1,
            (status, _) => {
                return Err(Failure::Unexpected(format!("{path} is answered {status}")));
            }
        }
        took.push(asked.elapsed());
        std::thread::sleep(EVERY.saturating_sub(asked.elapsed()));
    }
    Ok(Answered { took, late })
}

/// The gathering that the load has opened, and its first harvest, once somebody has written there.
fn written_in(server: &Server, data: &Path) -> Result<(GatheringId, DocumentId), Failure> {
    let begun = Instant::now();
    let runtime = stock::runtime()?;
    let client = server.client()?;
    while begun.elapsed() < PATIENCE {
        std::thread::sleep(EVERY / 2);
        let Some(gathering) = opened_in(data) else { continue };
        let access = Access::new(&client, gathering, OPERATOR_KEY);
        let Ok(wall) = runtime.block_on(access.wall()) else { continue };
        if wall.groups.iter().all(|group| group.insights.is_empty()) {
            continue;
        }
        let seen = runtime.block_on(access.gathering())?;
        let harvest = seen.groups.iter().find_map(|group| group.documents.first());
        if let Some(harvest) = harvest {
            return Ok((gathering, harvest.id));
        }
    }
    Err(Failure::Unexpected("nobody wrote".to_owned()))
}

/// The only gathering of a data directory, by the file of its roll: no other has anybody's name.
fn opened_in(data: &Path) -> Option<GatheringId> {
    let mut rolls = std::fs::read_dir(data.join("people")).ok()?;
    rolls.find_map(|roll| roll.ok()?.path().file_stem()?.to_str()?.parse().ok())
}
