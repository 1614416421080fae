//! `oogst load` against the real server: what it counts is so, and what is missing is told.

use std::time::Duration;

use oogst_tests::cli::run;
use oogst_tests::http::Request;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::until;
use serde_json::Value;

use super::url;

const KEY: (&str, &str) = ("OOGST_OPERATOR_KEY", OPERATOR_KEY);

/// Processor time that only many edits take.
const WORK: Duration = Duration::from_millis(500);

/// Runs a load of some shape and gives its figures.
async fn load(server: &Server, shape: &[&str]) -> Value {
    let at = url(server.address);
    let pid = server.pid().as_raw_nonzero().to_string();
    let common = ["--server", &at, "--server-pid", &pid, "--json"];
    let arguments = [&["load"], shape, &common].concat();
    serde_json::from_str(&run(&arguments, &[KEY]).await.done()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_write_are_counted_and_every_edit_is_everywhere() {
    let server = Server::start().await;
    let shape = ["edits", "--groups", "2", "--participants", "3", "--seconds", "1"];
    let closed = load(&server, &[&shape[..], &["--warm-up-seconds", "0.2"]].concat()).await;
    let number = |figures: &Value, name: &str| figures[name].as_f64().unwrap();
    assert_eq!((closed["missing"].as_u64(), closed["returns"].as_u64()), (Some(0), Some(0)));
    assert_eq!((closed["groups"].as_u64(), closed["writers"].as_u64()), (Some(2), Some(6)));
    assert!(number(&closed, "edits_per_second") > 6.0, "{closed}");
    // Each edit goes to the two others at its table; the window cuts a few off at its ends.
    let ratio = number(&closed, "deliveries_per_second") / number(&closed, "edits_per_second");
    assert!((1.7..2.3).contains(&ratio), "{closed}");
    assert!(number(&closed["server"], "memory_mebibytes") > 1.0, "{closed}");

    let paced = [&shape[..], &["--rate", "5", "--writers", "1"]].concat();
    let paced = load(&server, &paced).await;
    let acknowledged = paced["acknowledged"]["count"].as_u64().unwrap();
    assert!((8..=12).contains(&acknowledged), "one at each table, five a second: {paced}");
    assert_eq!(paced["peer"]["count"].as_u64(), Some(2 * acknowledged), "{paced}");
}

/// Whether all six have their lines open.
async fn sat(server: &Server) -> bool {
    let metrics = server.send(Request::new("GET", "/metrics")).await;
    let text = String::from_utf8_lossy(&metrics.body).into_owned();
    text.lines().any(|line| line == "oogst_connections_open 6")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_under_load_loses_none_of_it() {
    let mut server = Server::start().await;
    let at = url(server.address);
    let shape = ["load", "edits", "--groups", "2", "--participants", "3", "--seconds", "4"];
    let arguments = [&shape[..], &["--server", &at, "--json"]].concat();
    let (loaded, ()) = tokio::join!(run(&arguments, &[KEY]), async {
        until("six open lines", || async { sat(&server).await.then_some(()) }).await;
        let before = server.cpu();
        let busy = || async { (server.cpu() > before + WORK).then_some(()) };
        until("a server at work", busy).await;
        server.kill().await;
        server.restart().await;
    });
    let figures: Value = serde_json::from_str(&loaded.done()).unwrap();
    assert_eq!(figures["missing"].as_u64(), Some(0), "{figures}");
    assert!(figures["returns"].as_u64().unwrap() >= 6, "everybody came back: {figures}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_cold_sits_idle_or_comes_back_has_it_all() {
    let server = Server::start().await;
    let cold = ["cold", "--edits", "700", "--joins", "3"];
    let cold = load(&server, &cold).await;
    assert_eq!((cold["missing"].as_u64(), cold["whole"]["count"].as_u64()), (Some(0), Some(3)));
    assert!(cold["bytes"].as_u64().unwrap() > 700, "{cold}");

    let idle = ["idle", "--groups", "2", "--participants", "3", "--seconds", "0.2"];
    assert_eq!(load(&server, &idle).await["participants"].as_u64(), Some(6));

    let storm = ["storm", "--groups", "2", "--participants", "3", "--edits", "50", "--storms", "2"];
    let storm = load(&server, &storm).await;
    assert_eq!((storm["missing"].as_u64(), storm["back"]["count"].as_u64()), (Some(0), Some(12)));
}

#[tokio::test]
async fn a_load_that_makes_no_sense_is_told_so() {
    let nobody = ["load", "edits", "--groups", "0", "--server", "http://127.0.0.1:1"];
    assert!(run(&nobody, &[KEY]).await.failed(2).contains("1 to 10000 participants"));
    let away = ["load", "idle", "--server", "http://127.0.0.1:1"];
    assert!(run(&away, &[KEY]).await.failed(1).contains("could not be reached"));
}
