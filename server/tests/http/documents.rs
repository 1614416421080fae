//! Opening, locking and reading documents.

use oogst_protocol::limits::PARTICIPANT_DOCUMENTS_MAX;
use serde_json::json;

use crate::day::{Day, OPERATOR_KEY, text};
use crate::request::Request;

#[tokio::test]
async fn a_document_reads_as_json_with_the_event_it_covers() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let path = format!("/api/documents/{}", day.harvest(0));
    for token in [an.token.as_str(), &day.facilitator, OPERATOR_KEY] {
        let read = day.send(Request::new("GET", &path).token(token)).await;
        let root = read.expect(200);
        assert_eq!((&root["kind"], &root["schema"]), (&json!("harvest"), &json!(1)));
        assert_eq!(root["question"], "Hoe bereiken we iedereen?");
        let now = day.get("", token).await.expect(200)["seq"].as_u64().unwrap();
        assert_eq!(read.header("oogst-seq"), Some(now.to_string().as_str()));
        let past = format!("{path}?at={}", now - 1);
        let past = day.send(Request::new("GET", &past).token(token)).await;
        assert_eq!(past.expect(200), root);
        assert_eq!(past.header("oogst-seq"), Some((now - 1).to_string().as_str()));
        for at in [1, now + 1] {
            let never = format!("{path}?at={at}");
            let never = day.send(Request::new("GET", &never).token(token)).await;
            assert_eq!(never.status, 404, "{}", never.text());
        }
    }
    let odd = format!("{path}?at=soon");
    let odd = day.send(Request::new("GET", &odd).token(&an.token)).await;
    odd.problem(400, "invalid");
}

#[tokio::test]
async fn a_foreign_document_and_none_look_alike() {
    let day = Day::open().await;
    let foreign = format!("/api/documents/{}", day.harvest(0));
    let unknown = "/api/documents/4NMNnkMhL8jXrdJ9jamS58PAVdXu";
    for (method, body, below) in [("GET", json!(null), ""), ("PUT", json!(true), "/frozen")] {
        let ask = |path: &str, token: &str| {
            let request = Request::new(method, &format!("{path}{below}")).token(token);
            day.send(request.json(&body))
        };
        let (first, second) =
            (ask(&foreign, &day.stranger).await, ask(unknown, &day.stranger).await);
        first.problem(404, "unknown");
        assert_eq!(first.text(), second.text());
        ask(unknown, OPERATOR_KEY).await.problem(404, "unknown");
        ask(&foreign, "nobody's").await.problem(401, "unauthenticated");
        ask("/api/documents/not-an-id", &day.facilitator).await.problem(404, "unknown");
    }
}

#[tokio::test]
async fn a_facilitator_locks_and_unlocks() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let path = format!("/api/documents/{}/frozen", day.harvest(0));
    let lock = |token: &str, locked: serde_json::Value| {
        day.send(Request::new("PUT", &path).token(token).json(&locked))
    };
    lock(&an.token, json!(true)).await.problem(403, "forbidden");
    lock(&day.facilitator, json!("yes")).await.problem(400, "invalid");
    for locked in [true, true, false] {
        let document = lock(&day.facilitator, json!(locked)).await.expect(200);
        assert_eq!(document["frozen"], locked);
        assert_eq!(document["writable"], !locked);
        let seen = day.get("", &an.token).await.expect(200);
        assert_eq!(seen["groups"][0]["documents"][0]["frozen"], locked);
    }
}

#[tokio::test]
async fn a_facilitator_opens_a_common_harvest() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let body = json!({ "kind": "harvest", "title": "Plenair" });
    day.ask("POST", "/documents", &an.token, &body).await.problem(403, "forbidden");
    let opened = day.ask("POST", "/documents", &day.facilitator, &body).await.expect(201);
    assert_eq!(opened["owner"], json!({ "kind": "gathering" }));
    assert_eq!(opened["title"], "Plenair");
    let seen = day.get("", &an.token).await.expect(200);
    let found = seen["documents"].as_array().unwrap().iter().find(|d| d["id"] == opened["id"]);
    assert_eq!(found.unwrap()["kind"], "harvest");
    let path = format!("/api/documents/{}", text(&opened["id"]));
    let root = day.send(Request::new("GET", &path).token(&an.token)).await.expect(200);
    assert_eq!(root["kind"], "harvest");
    for body in [json!({ "kind": "poem" }), json!({}), json!({ "kind": "harvest", "x": 1 })] {
        day.ask("POST", "/documents", &day.facilitator, &body).await.problem(400, "invalid");
    }
    let nowhere = json!({ "kind": "group", "id": "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f" });
    let body = json!({ "kind": "harvest", "owner": nowhere });
    day.ask("POST", "/documents", &day.facilitator, &body).await.problem(404, "unknown");
}

#[tokio::test]
async fn nobody_opens_the_documents_that_others_need_room_for() {
    let day = Day::open().await;
    let (an, bo) = (day.join("An", "participant").await, day.join("Bo", "participant").await);
    let open = |id: &str, token: &str| {
        let owner = json!({ "kind": "person", "id": id });
        let body = json!({ "kind": "visit", "owner": owner });
        let path = format!("/api/gatherings/{}/documents", day.id);
        day.send(Request::new("POST", &path).token(token).json(&body))
    };
    for _ in 0..PARTICIPANT_DOCUMENTS_MAX {
        open(&an.id, &an.token).await.expect(201);
    }
    let full = open(&an.id, &an.token).await.problem(409, "full");
    assert!(full.contains("at most 50 documents that one participant opened"), "{full}");
    open(&bo.id, &bo.token).await.expect(201);
}
