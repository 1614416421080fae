//! People who write: the shapes of load that the servers are compared by.

use crate::chart::{Bar, Chart, Scale};
use crate::context::{Context, root};
use crate::failure::Failure;
use crate::load::{Edits, Usage, load};
use crate::peers::{PEERS, Peer};
use crate::sample::grouped;
use crate::table::Table;

/// A shape of load.
#[derive(Clone, Copy, Debug)]
struct Shape {
    name: &'static str,
    groups: &'static str,
    participants: &'static str,
    /// Edits a second of each; without it the next comes once the last is acknowledged.
    rate: Option<&'static str>,
}

/// As fast as they are acknowledged: what the servers are compared by first.
const CLOSED: Shape =
    Shape { name: "10 x 8, closed loop", groups: "10", participants: "8", rate: None };

/// A large day at work.
const BUSY: Shape =
    Shape { name: "30 x 10, 1 edit/s each", groups: "30", participants: "10", rate: Some("1") };

const SHAPES: [Shape; 5] = [
    Shape { name: "1 x 2, closed loop", groups: "1", participants: "2", rate: None },
    Shape { name: "10 x 8, 1 edit/s each", groups: "10", participants: "8", rate: Some("1") },
    Shape {
        name: "30 x 10, 0.2 edits/s each",
        groups: "30",
        participants: "10",
        rate: Some("0.2"),
    },
    BUSY,
    CLOSED,
];

/// The README's chart, drawn where tables are written.
const CHART: &str = "docs/images/edits.svg";

/// How long the slowest may take to have everything, in seconds: a peer that is overrun says so
/// after it.
const PATIENCE_SECONDS: &str = "20";

/// The servers, one after the other, at each shape.
///
/// # Errors
///
/// Where a server does not start, or a load gives no figures.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "edits",
        &[
            "people",
            "server",
            ">edits/s",
            ">deliveries/s",
            ">to another: p50 ms",
            ">p95",
            ">p99",
            ">acknowledged: p99 ms",
            ">CPU %",
            ">MiB",
            "all there",
            ">generator CPU %",
        ],
    );
    let (mut closed, mut busy) = (Vec::new(), Vec::new());
    for shape in &SHAPES {
        for peer in PEERS {
            eprintln!("{}: {}", shape.name, peer.name());
            let figures = measure(context, peer, *shape)?;
            row(&mut table, shape.name, peer, &figures);
            if shape.name == CLOSED.name {
                closed.push(figures.edits_per_second);
            } else if shape.name == BUSY.name {
                busy.push(figures.peer.p99_ms);
            }
        }
    }
    eprintln!("{}: {}", CLOSED.name, Peer::SamodAnnouncing.name());
    let figures = measure(context, Peer::SamodAnnouncing, CLOSED)?;
    row(&mut table, CLOSED.name, Peer::SamodAnnouncing, &figures);
    table.note(compared(&closed, figures.edits_per_second, &busy));
    if context.write {
        draw(&closed)?;
    }
    Ok(vec![table])
}

/// 80 people who write without rest.
///
/// # Errors
///
/// Where the server does not start, or the load gives no figures.
pub fn closed(context: &Context, peer: Peer) -> Result<Edits, Failure> {
    measure(context, peer, CLOSED)
}

/// 300 people at an edit a second each.
///
/// # Errors
///
/// Where the server does not start, or the load gives no figures.
pub fn busy(context: &Context, peer: Peer) -> Result<Edits, Failure> {
    measure(context, peer, BUSY)
}

fn measure(context: &Context, peer: Peer, shape: Shape) -> Result<Edits, Failure> {
    let server = peer.start(context)?;
    let seconds = if context.quick { "5" } else { "10" };
    let mut arguments = vec!["edits", "--groups", shape.groups];
    arguments.extend(["--participants", shape.participants, "--seconds", seconds]);
    arguments.extend(["--patience-seconds", PATIENCE_SECONDS]);
    arguments.extend(shape.rate.iter().flat_map(|rate| ["--rate", rate]));
    load(context, &server, &arguments)
}

fn row(table: &mut Table, shape: &str, peer: Peer, figures: &Edits) {
    let percent = |usage: Option<Usage>| {
        usage.map_or_else(|| "?".to_owned(), |usage| format!("{:.0}", usage.cpu_percent))
    };
    let memory = figures.server.map_or(0.0, |usage| usage.memory_mebibytes);
    let there = match figures.missing {
        0 => "yes".to_owned(),
        many => format!("no: {} short", grouped(crate::sample::count(many))),
    };
    table.row([
        shape.to_owned(),
        peer.name().to_owned(),
        grouped(figures.edits_per_second),
        grouped(figures.deliveries_per_second),
        format!("{:.1}", figures.peer.p50_ms),
        format!("{:.1}", figures.peer.p95_ms),
        format!("{:.1}", figures.peer.p99_ms),
        format!("{:.1}", figures.acknowledged.p99_ms),
        percent(figures.server),
        format!("{memory:.0}"),
        there,
        percent(figures.generator),
    ]);
}

/// Draws the README's chart.
fn draw(closed: &[f64]) -> Result<(), Failure> {
    let bars = PEERS.iter().zip(closed).map(|(peer, value)| Bar {
        label: peer.name().to_owned(),
        value: *value,
        ours: *peer == Peer::Oogst,
    });
    let bars: Vec<Bar> = bars.collect();
    let said = bars.iter().map(|bar| format!("{} {}", bar.label, grouped(bar.value)));
    let said = said.collect::<Vec<_>>().join(", ");
    let chart = Chart {
        title: "Edits a second, 80 people in 10 groups without rest".to_owned(),
        description: format!("{said}; one machine of two cores, the people included"),
        unit: "edits a second".to_owned(),
        scale: Scale::Logarithmic,
        bars,
    };
    std::fs::write(root().join(CHART), chart.svg()).map_err(Failure::io("write the chart"))
}

/// What the two shapes come to that have a target, in words.
fn compared(closed: &[f64], announcing: f64, busy: &[f64]) -> String {
    let mut said = Vec::new();
    if let [ours, node, samod] = closed {
        let times = |others: f64| ours / others.max(f64::MIN_POSITIVE);
        let (as_they_come, at_best) = (times(node.max(announcing)), times(node.max(*samod)));
        said.push(format!(
            "In the closed loop Oogst acknowledges {as_they_come:.0} times as many edits a second \
             as the better of the others as they come, {at_best:.0} times as many once samod is \
             kept from announcing, as in all other rows; each edit of ours is on disk before."
        ));
    }
    if let [ours, others @ ..] = busy {
        let best = others.iter().copied().fold(f64::INFINITY, f64::min);
        let part = best / ours.max(f64::MIN_POSITIVE);
        said.push(format!(
            "With {} the slowest hundredth reaches another in 1/{part:.0} of the time that it \
             takes with the better of the others.",
            BUSY.name
        ));
    }
    said.join("\n")
}
