//! Conducting the day over HTTP: what is asked, what is answered, who may.

use serde_json::{Value, json};

use crate::day::{Day, text};
use crate::request::{Answer, Request};

const BLOCK: &str = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";

async fn put(day: &Day, below: &str, body: &Value) -> Answer {
    day.ask("PUT", below, &day.facilitator, body).await
}

#[tokio::test]
async fn blocks_clocks_and_the_spotlight_are_the_same_for_everybody() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let before = day.get("/conduct", &an.token).await.expect(200);
    assert_eq!(before["guests"], json!({ "state": "expected", "starts": null }));
    for field in ["running", "spotlight"] {
        assert_eq!(before[field], Value::Null);
    }

    let started = put(&day, &format!("/blocks/{BLOCK}/started"), &Value::Null).await.expect(200);
    assert_eq!(started["running"], BLOCK);
    let shift = json!({ "minutes": -5 });
    put(&day, &format!("/blocks/{BLOCK}/shifted"), &shift).await.expect(200);
    let timer = json!({ "scope": { "kind": "group", "id": day.group(0) }, "seconds": 300 });
    put(&day, "/timer", &timer).await.expect(200);
    put(&day, "/timer", &json!({ "seconds": 60 })).await.expect(200);
    let spotlight = json!({ "kind": "item", "document": day.harvest(0), "id": BLOCK });
    put(&day, "/spotlight", &json!({ "spotlight": spotlight })).await.expect(200);

    let mut seen = day.get("/conduct", &an.token).await.expect(200);
    assert_eq!(seen["blocks"][0]["id"], BLOCK);
    assert_eq!(seen["blocks"][0]["shifted_minutes"], -5);
    assert_eq!(seen["blocks"][0]["ended"], Value::Null);
    assert!(text(&seen["blocks"][0]["started"]) <= text(&seen["now"]), "{seen}");
    assert_eq!(seen["timers"][0]["scope"], json!({ "kind": "gathering" }));
    assert_eq!(seen["timers"][1]["scope"], timer["scope"]);
    assert_eq!(seen["timers"][1]["seconds"], 300);
    assert_eq!(seen["spotlight"], spotlight);
    let mut whole = day.get("", &day.facilitator).await.expect(200)["conduct"].take();
    for shown in [&mut seen, &mut whole] {
        shown["now"].take();
    }
    assert_eq!(seen, whole, "a part of the gathering's own answer");

    put(&day, "/timer", &json!({ "seconds": null })).await.expect(200);
    let none = put(&day, "/spotlight", &json!({ "spotlight": null })).await.expect(200);
    assert_eq!((none["timers"].as_array().unwrap().len(), &none["spotlight"]), (1, &Value::Null));
    let ended = put(&day, &format!("/blocks/{BLOCK}/ended"), &Value::Null).await.expect(200);
    assert_eq!(ended["running"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_conducted_is_refused_with_the_reason() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let early = put(&day, &format!("/blocks/{BLOCK}/ended"), &Value::Null).await;
    early.problem(409, "conflict");
    // By a name too, for who says it in another language.
    assert_eq!(early.expect(409)["reason"], "block_not_begun");
    let bad = put(&day, "/timer", &json!({})).await.expect(400);
    assert!(bad.get("reason").is_none(), "{bad}");
    put(&day, "/timer", &json!({})).await.problem(400, "invalid");
    put(&day, "/timer", &json!({ "seconds": 0 })).await.problem(400, "invalid");
    let nowhere = json!({ "scope": { "kind": "group", "id": BLOCK }, "seconds": 1 });
    put(&day, "/timer", &nowhere).await.problem(404, "unknown");
    let nothing = json!({ "spotlight": { "kind": "round", "id": BLOCK } });
    put(&day, "/spotlight", &nothing).await.problem(404, "unknown");
    put(&day, "/guests", &json!({ "state": "asleep" })).await.problem(400, "invalid");
    let past = json!({ "state": "admitted", "until": "2020-01-01T00:00:00Z" });
    put(&day, "/guests", &past).await.problem(400, "invalid");
    put(&day, "/blocks/one/started", &Value::Null).await.problem(404, "unknown");
    for (below, body) in [
        ("/timer".to_owned(), json!({ "seconds": 1 })),
        ("/spotlight".to_owned(), json!({ "spotlight": null })),
        ("/guests".to_owned(), json!({ "state": "dismissed" })),
        (format!("/blocks/{BLOCK}/started"), Value::Null),
        (format!("/blocks/{BLOCK}/ended"), Value::Null),
        (format!("/blocks/{BLOCK}/shifted"), json!({ "minutes": 1 })),
    ] {
        day.ask("PUT", &below, &an.token, &body).await.problem(403, "forbidden");
        day.ask("PUT", &below, &day.stranger, &body).await.problem(404, "unknown");
    }
}

#[tokio::test]
async fn a_guest_who_is_early_is_told_when_and_is_not_written_down() {
    let day = Day::open().await;
    let join = |token: Option<String>| {
        let body = json!({ "code": day.code("guest"), "name": "Gust" });
        let request = Request::new("POST", "/api/join").json(&body);
        let request = match token {
            Some(token) => request.token(&token),
            None => request,
        };
        async { day.send(request).await }
    };
    assert_eq!(join(None).await.expect(202), json!({ "starts": null }));
    let starts = "2030-11-21T12:00:00.000Z";
    put(&day, "/guests", &json!({ "state": "expected", "starts": starts })).await.expect(200);
    assert_eq!(join(None).await.expect(202), json!({ "starts": starts }));
    let people = day.get("", &day.facilitator).await.expect(200);
    assert_eq!(people["participants"].as_array().unwrap().len(), 1, "{people}");

    put(&day, "/guests", &json!({ "state": "admitted" })).await.expect(200);
    let first = join(None).await.expect(200);
    let token = text(&first["token"]);
    let back = join(Some(token.clone())).await.expect(200);
    assert_eq!(back["participant"]["id"], first["participant"]["id"]);

    let dismissed = json!({ "state": "dismissed" });
    put(&day, "/guests", &dismissed).await.expect(200);
    day.get("", &token).await.problem(404, "unknown");
    join(None).await.problem(404, "unknown-code");
    join(Some(token.clone())).await.problem(404, "unknown-code");
    let words = json!({ "return_code": first["return_code"] });
    let come_back = Request::new("POST", "/api/return").json(&words);
    day.send(come_back).await.problem(404, "unknown-code");

    // A next time is announced: whoever went waits for it as anybody does.
    put(&day, "/guests", &json!({ "state": "expected", "starts": starts })).await.expect(200);
    for token in [None, Some(token.clone())] {
        assert_eq!(join(token).await.expect(202), json!({ "starts": starts }));
    }

    // Let in once more, whoever went is who they were.
    put(&day, "/guests", &json!({ "state": "admitted" })).await.expect(200);
    let back = join(Some(token)).await.expect(200);
    assert_eq!(back["participant"]["id"], first["participant"]["id"]);
}
