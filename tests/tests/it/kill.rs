//! Row X-3: SIGKILL under eight writing clients, again and again.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use oogst_tests::chance::Chance;
use oogst_tests::day::Day;
use oogst_tests::http::Request;
use oogst_tests::server::{Server, program};
use oogst_tests::wait::until;
use oogst_tests::writers::{Ledger, Writers, kept, room};

const CYCLES: usize = 20;

/// What the issue asks: ready again within two seconds.
const READY: Duration = Duration::from_secs(2);

/// How long this machine takes to start the program at all, at this moment.
fn bare_start() -> Duration {
    let start = Instant::now();
    let output = Command::new(program()).arg("--help").output().unwrap();
    assert!(output.status.success());
    start.elapsed()
}

async fn ready(server: &Server) {
    until("/readyz says ok", || async {
        let answer = Request::new("GET", "/readyz").send(server.address).await.ok()?;
        (answer.status == 200).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let mut chance = Chance::of("nothing_acknowledged_is_lost_when_the_server_is_killed");
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Een", "Twee", "Drie", "Vier"]).await;
    let ledger = Ledger::default();
    let mut clients = room(&server, &day, 2, &ledger).await;
    let mut slowest = Duration::ZERO;
    for cycle in 0..CYCLES {
        let before = ledger.count();
        let writers = Writers::start(clients, &mut chance);
        until("work is under way", || async { (ledger.count() > before).then_some(()) }).await;
        chance.moment(50..900).await;
        server.kill().await;
        clients = writers.gather().await;

        let bare = bare_start();
        let start = Instant::now();
        server.restart().await;
        ready(&server).await;
        let took = start.elapsed();
        slowest = slowest.max(took);
        assert!(took < READY + bare, "cycle {cycle}: ready after {took:?} (bare start {bare:?})");
        kept(&server, &day, &ledger.entries()).await;
        for client in &mut clients {
            client.connect().await.unwrap();
        }
    }
    for client in &mut clients {
        client.saved().await.unwrap();
        client.leave().await;
    }
    kept(&server, &day, &ledger.entries()).await;
    none_twice(&server, &day).await;
    println!("{} acknowledged edits, slowest start {slowest:?}", ledger.count());

    let (code, _) = server.stop().await;
    assert_eq!(code, Some(0));
    verified(&server);
}

/// Every insight was added by one contribution alone, and the lines' seqs only rise.
async fn none_twice(server: &Server, day: &Day) {
    let mut places = BTreeSet::new();
    let mut added = BTreeSet::new();
    for line in day.events(server).await {
        let place = (line["seq"].as_u64().unwrap(), line["index"].as_u64().unwrap());
        assert!(places.last().is_none_or(|last| *last < place), "out of order: {line}");
        places.insert(place);
        if line["type"] == "insight.added" {
            assert!(added.insert(line["item"].to_string()), "added twice: {line}");
        }
    }
    let mut shown = 0;
    for group in 0..day.groups.len() {
        shown += day.document(server, group).await.0["insights"].as_object().unwrap().len();
    }
    assert_eq!(added.len(), shown, "each insight has its one contribution");
}

/// The log itself has no gap, no duplicate and no broken record.
fn verified(server: &Server) {
    let data = server.data();
    let output = Command::new(program()).arg("verify").arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
