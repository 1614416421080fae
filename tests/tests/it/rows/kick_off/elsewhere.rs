//! The day's archive, restored on another server: everything that can be read is the same there.

use std::collections::BTreeMap;

use oogst_tests::day::text;
use oogst_tests::http::Request;
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Day;
use crate::archives::run;

const FORMATS: [&str; 6] = ["md", "html", "csv", "json", "docx", "pdf"];

/// Everything that can be read of the day, by where it is read.
async fn read(server: &Server, day: &Day) -> BTreeMap<String, Vec<u8>> {
    let gathering = format!("/api/gatherings/{}", text(&day.gathering["id"]));
    let newest = &day.gathering["seq"];
    let mut paths = Vec::new();
    for format in FORMATS {
        for how in ["attribution=none", "attribution=name", "attribution=name&outside=apart"] {
            paths.push(format!("{gathering}/export.{format}?{how}"));
        }
    }
    // The wall right after the newest event: what is still being typed is told by the event's
    // clock then, not by the test's.
    let below = [format!("/wall?at={newest}"), "/history".into(), "/votes".into()];
    paths.extend(below.iter().map(|below| format!("{gathering}{below}")));
    for after in (0..newest.as_u64().unwrap()).step_by(10_000) {
        paths.push(format!("{gathering}/events?after={after}&limit=10000"));
    }
    let (map, plan) = (day.document("stakeholders"), day.document("action_plan"));
    paths.push(format!("/api/documents/{plan}/overview"));
    paths.extend([&map, &plan].map(|id| format!("/api/documents/{id}/export.csv")));
    let mut documents = day.harvests();
    documents.extend([map, plan, day.document("programme")]);
    paths.extend(documents.iter().map(|id| format!("/api/documents/{id}")));
    let mut answers = BTreeMap::new();
    for path in paths {
        let body = body(server, &path).await;
        answers.insert(path, body);
    }
    for harvest in day.harvests() {
        let harvest = &answers[&format!("/api/documents/{harvest}")];
        let harvest: Value = serde_json::from_slice(harvest).unwrap();
        let insights = harvest["insights"].as_object().unwrap().values();
        let photos = insights.filter_map(|insight| insight["photos"].as_object()).flatten();
        let photos: Vec<_> = photos.map(|(file, _)| format!("/api/files/{file}")).collect();
        for path in photos {
            let body = body(server, &path).await;
            answers.insert(path, body);
        }
    }
    answers
}

/// What is read at a path, but for what no archive takes along: whose dots are whose, and so how
/// many gave some, and that the facilitator added those on paper.
async fn body(server: &Server, path: &str) -> Vec<u8> {
    let answer = server.send(Request::new("GET", path).token(OPERATOR_KEY)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    if path.ends_with("/votes") {
        let mut votes: Value = serde_json::from_slice(&answer.body).unwrap();
        votes["votes"][0]["voters"].take();
        return votes.to_string().into_bytes();
    }
    if path.contains("/events?") {
        let text = answer.text();
        let lines = text.lines().map(|line| {
            let mut told: Value = serde_json::from_str(line).unwrap();
            if told["type"] != "vote.paper_added" {
                return line.to_owned();
            }
            told["participant"].take();
            told.to_string()
        });
        return lines.collect::<Vec<_>>().join("\n").into_bytes();
    }
    answer.body
}

/// What a program printed of what a data directory holds: events, heads and wall.
fn state(printed: &[u8]) -> String {
    let printed = String::from_utf8(printed.to_vec()).unwrap();
    printed.lines().find_map(|line| line.strip_prefix("state ")).unwrap().to_owned()
}

/// Archived, restored on another server, and read there.
pub(super) async fn is_equal(mut day: Day) {
    let before = read(&day.server, &day).await;
    let archive = day.below("/archive").await;
    assert_eq!(archive.status, 200);
    let folder = TempDir::new().unwrap();
    let (kept, data) = (folder.path().join("dag.jsonl"), folder.path().join("data"));
    std::fs::write(&kept, &archive.body).unwrap();
    assert_eq!(day.server.stop().await.0, Some(0));
    let here = run("verify", day.server.data(), None);
    let restored = run("restore", &data, Some(&kept));
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_eq!(state(&restored.stdout), state(&here.stdout), "the same heads, the same wall");

    let elsewhere = Server::on(&data).await;
    let after = read(&elsewhere, &day).await;
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (path, body) in &before {
        assert!(&after[path] == body, "{path} is not as it was");
    }
    assert_eq!(before.keys().filter(|path| path.starts_with("/api/files/")).count(), 3);
    // And it goes on: the code that the restore prints lets people in.
    let printed = String::from_utf8(restored.stdout).unwrap();
    let code = printed.lines().find_map(|line| line.trim().strip_prefix("participants: ")).unwrap();
    let body = json!({ "code": code, "name": "Nieuw" });
    elsewhere.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
}
