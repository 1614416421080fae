//! The opening of a gathering, cut in two: what the vault has and the log has not, and never the
//! other way round.

use std::path::Path;

use serde_json::{Value, json};

use crate::day::{OPERATOR_KEY, text};
use crate::program::{Running, opening, program};
use crate::request::Request;

fn verified(folder: &Path) -> String {
    let output = program(folder).args(["verify", "--data", "data"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Goal: no gathering is in the log before its codes are on the disk.
/// Method: the process ends between the two, because the vault's directory is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gathering_whose_codes_cannot_be_kept_is_not_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path(), "data");
    std::fs::remove_dir_all(folder.path().join("data/people")).unwrap();
    let address = running.address;
    let unanswered = tokio::spawn(async move { opening().send(address).await.status });
    assert_eq!(running.child.wait().unwrap().code(), Some(1), "it ends: the vault cannot be kept");
    assert!(!matches!(unanswered.await, Ok(201)), "nobody was told of it");
    assert!(verified(folder.path()).starts_with("0 events of 0 gatherings"));
}

/// Goal: what such a cut leaves in the vault opens no door and is gone at the next start; names
/// of people are never thrown away.
/// Method: rolls of two gatherings of another server, one of them with somebody on it.
#[tokio::test]
async fn a_roll_without_a_gathering_opens_nothing_and_goes_where_nobody_is_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let other = Running::start(folder.path(), "other");
    let (bare, joined) = (other.open().await, other.open().await);
    other.join(&joined).await.expect(200);
    other.stop();
    let running = Running::start(folder.path(), "data");
    let own = running.open().await;
    running.stop();
    let roll = |data: &str, gathering: &Value| {
        folder.path().join(format!("{data}/people/{}.json", text(&gathering["id"])))
    };
    for orphan in [&bare, &joined] {
        std::fs::copy(roll("other", orphan), roll("data", orphan)).unwrap();
    }

    let running = Running::start(folder.path(), "data");
    for orphan in [&bare, &joined] {
        running.join(orphan).await.problem(404, "unknown-code");
        let token = text(&orphan["facilitator_token"]);
        let path = format!("/api/gatherings/{}", text(&orphan["id"]));
        let seen = Request::new("GET", &path).token(&token).send(running.address).await;
        assert!(matches!(seen.status, 401 | 404), "{}", seen.text());
    }
    running.join(&own).await.expect(200);
    running.stop();
    assert!(!roll("data", &bare).exists());
    assert!(roll("data", &joined).exists() && roll("data", &own).exists());
    let names = std::fs::read_to_string(roll("data", &joined)).unwrap();
    assert_eq!(names.matches("\"An\"").count(), 1, "{names}");
}

/// Goal: a gathering that the core refuses leaves nothing in the vault.
#[tokio::test]
async fn a_refused_opening_leaves_no_roll() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), "data");
    let body = json!({ "title": " ", "groups": [] });
    let refused = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body);
    refused.send(running.address).await.problem(400, "invalid");
    let rolls = std::fs::read_dir(folder.path().join("data/people")).unwrap();
    assert_eq!(rolls.count(), 0);
    running.stop();
}
