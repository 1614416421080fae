//! What an operator, a facilitator and a participant do with requests alone.

use oogst_protocol::ids::DocumentId;
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};

/// An error is RFC 9457, says its status again and something a person can use.
fn problem(answer: &oogst_tests::http::Answer, status: u16) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let body = answer.expect(status);
    assert_eq!(body["status"], status);
    for field in ["type", "title", "detail"] {
        assert!(!text(&body[field]).is_empty(), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_well_and_describes_itself() {
    let server = Server::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = server.send(Request::new("GET", path)).await;
        assert_eq!((answer.status, answer.text().trim()), (200, "ok"), "{path}");
    }
    let openapi = server.send(Request::new("GET", "/api/openapi.json")).await.expect(200);
    assert!(text(&openapi["openapi"]).starts_with("3.1"));
    let paths: Vec<_> = openapi["paths"].as_object().unwrap().keys().collect();
    for start in ["/api/gatherings", "/api/join", "/api/return", "/api/documents/{"] {
        assert!(paths.iter().any(|path| path.starts_with(start)), "{start} in {paths:?}");
    }
    let page = server.send(Request::new("GET", "/")).await;
    assert_eq!(page.status, 200, "a page, be it one that says how to build the client");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_opens_joins_moves_looks_and_returns() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?", "Waarom?"]).await;
    for role in ["participant", "guest", "observer", "facilitator"] {
        let code = text(&day.codes[role]);
        assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'), "{role}: XXXX-XXXX");
    }
    let an = day.join(&server, "An", 1).await;
    let seen = day.get(&server, "").await.expect(200);
    assert_eq!(seen["title"], "Startdag");
    assert_eq!(seen["status"], "open");
    assert_eq!(seen["groups"][1]["question"], "Waarom?");
    let participants = seen["participants"].as_array().unwrap();
    let found = participants.iter().find(|person| person["id"] == *an.id).unwrap();
    assert_eq!((&found["name"], &found["role"]), (&json!("An"), &json!("participant")));
    assert_eq!(found["group"], *day.groups[1].id);

    // The same person: again with the earlier token, and from another device.
    let body = json!({ "code": day.codes["participant"], "name": "An" });
    let again = Request::new("POST", "/api/join").token(&an.token).json(&body);
    assert_eq!(server.send(again).await.expect(200)["participant"]["id"], *an.id);
    let body = json!({ "return_code": an.return_code });
    let back = server.send(Request::new("POST", "/api/return").json(&body)).await.expect(200);
    assert_eq!(back["participant"]["id"], *an.id);
    assert_eq!(back["participant"]["group"], *day.groups[1].id);
    assert_ne!(back["token"], *an.token);

    let rename = json!({ "name": "Anna" });
    let renamed = day.put(&server, &an, &an.token, &rename).await.expect(200);
    assert_eq!((&renamed["name"], &renamed["group"]), (&json!("Anna"), &json!(day.groups[1].id)));
    let none = day.place(&server, &an, None).await;
    assert_eq!(none["group"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_and_whose_fault_it_is() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 0).await;
    let send = |request: Request| server.send(request);
    let new = json!({ "title": "T", "groups": [{ "name": "G" }] });

    problem(&send(Request::new("POST", "/api/gatherings").json(&new)).await, 401);
    let request = Request::new("POST", "/api/gatherings").token(&an.token).json(&new);
    problem(&send(request).await, 403);
    let unknown = json!({ "title": "T", "groups": [], "kleur": "geel" });
    let request = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&unknown);
    problem(&send(request).await, 400);
    let request = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY);
    problem(&send(request.body("application/json", "{".to_owned())).await, 400);
    for code in ["ZZZZ-ZZZZ", "kort", ""] {
        let body = json!({ "code": code, "name": "An" });
        problem(&send(Request::new("POST", "/api/join").json(&body)).await, 404);
    }
    problem(&day.put(&server, &bo, &an.token, &json!({ "name": "Bob" })).await, 403);
    problem(&day.put(&server, &an, &an.token, &json!({ "role": "facilitator" })).await, 403);
    let path = format!("/api/documents/{}/frozen", day.groups[0].harvest);
    let request = Request::new("PUT", &path).token(&an.token).json(&json!(true));
    problem(&send(request).await, 403);

    // Another gathering's member can't tell this one from one that does not exist.
    let other = Day::open(&server, &["Elders"]).await;
    let stranger = other.join(&server, "Vreemd", 0).await;
    let nobody = uuid::Uuid::new_v4();
    let nothing = DocumentId::new(nobody).to_string();
    for (path, unknown) in [
        (format!("/api/gatherings/{}", day.id), format!("/api/gatherings/{nobody}")),
        (format!("/api/gatherings/{}/wall", day.id), format!("/api/gatherings/{nobody}/wall")),
        (format!("/api/gatherings/{}/events", day.id), format!("/api/gatherings/{nobody}/events")),
        (format!("/api/documents/{}", day.groups[0].harvest), format!("/api/documents/{nothing}")),
    ] {
        let theirs = send(Request::new("GET", &path).token(&stranger.token)).await;
        let none = send(Request::new("GET", &unknown).token(&stranger.token)).await;
        problem(&theirs, none.status);
        assert!(matches!(none.status, 403 | 404), "{}", none.text());
        assert_eq!(theirs.text(), none.text(), "{path}");
        problem(&send(Request::new("GET", &path)).await, 401);
    }
    problem(&send(Request::new("GET", "/api/nergens").token(&an.token)).await, 404);
}
