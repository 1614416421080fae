//! `cargo xtask bench --quick`: the few figures that say what this server is, in one table.

use crate::context::Context;
use crate::failure::Failure;
use crate::load::{Cold, Edits, load};
use crate::peers::{PEERS, Peer};
use crate::sample::grouped;
use crate::table::Table;
use crate::{cold, crowd, edits};

/// How long the history is that somebody joins cold, in edits.
const COLD_EDITS: &str = "10000";

/// The servers side by side, in what people of a full day would notice.
///
/// # Errors
///
/// Where a server does not start, or a load gives no figures.
pub fn suite(context: &Context) -> Result<Vec<Table>, Failure> {
    let mut table = Table::new(
        "headline",
        &[
            "what people notice",
            ">Oogst",
            ">automerge-repo-sync-server",
            ">samod",
            ">Oogst against the better",
        ],
    );
    let closed = each(|peer| edits::closed(context, peer))?;
    let busy = each(|peer| edits::busy(context, peer))?;
    let joined = each(|peer| {
        let server = peer.start(context)?;
        load::<Cold>(context, &server, &cold::arguments(COLD_EDITS, "5"))
    })?;
    let rate = closed.map(|figures: Edits| figures.edits_per_second);
    row(&mut table, "edits a second, 80 people in 10 groups without rest", rate, Better::More);
    let late = busy.map(|figures: Edits| figures.peer.p99_ms);
    row(&mut table, "300 people at work: the slowest 1 % of edits reach another, ms", late, LESS);
    let whole = joined.map(|figures| figures.whole.p50_ms);
    row(&mut table, "somebody comes to 10,000 edits: until they are loaded, ms", whole, LESS);
    let listened = crowd::compared(context, 300)?;
    table.row([
        "deliveries a second to 300 at one document, 32 of whom write".to_owned(),
        grouped(listened.ours),
        "-".to_owned(),
        "-".to_owned(),
        format!("{:.0} % of the bare libraries", 100.0 * listened.ours / listened.bare),
    ]);
    table.note(
        "All on this machine, one after the other, the simulated people included. Oogst alone has \
         every edit on disk before it acknowledges it.",
    );
    Ok(vec![table])
}

fn each<T>(mut measure: impl FnMut(Peer) -> Result<T, Failure>) -> Result<[T; 3], Failure> {
    let [ours, node, samod] = PEERS;
    Ok([measure(ours)?, measure(node)?, measure(samod)?])
}

/// Which way is better.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

const LESS: Better = Better::Less;

fn row(table: &mut Table, what: &str, [ours, node, samod]: [f64; 3], better: Better) {
    let times = match better {
        Better::More => ours / node.max(samod),
        Better::Less => node.min(samod) / ours,
    };
    let shown = |value: f64| if value < 100.0 { format!("{value:.1}") } else { grouped(value) };
    let times = if times >= 10.0 { format!("{times:.0} x") } else { format!("{times:.1} x") };
    table.row([what.to_owned(), shown(ours), shown(node), shown(samod), times]);
}
