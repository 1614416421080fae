//! Devices say what they still hold; who closes the day reads it.

use serde_json::{Value, json};

use crate::day::{Day, OPERATOR_KEY};
use crate::request::Answer;

const PHONE: &str = "2b1f6c1e-0a53-4b41-9f0c-6a7d0f3f5a01";

async fn say(day: &Day, token: &str, unsent: u32, open: bool) -> Answer {
    let word = json!({ "unsent": unsent, "open": open });
    day.ask("PUT", &format!("/devices/{PHONE}"), token, &word).await
}

async fn said(day: &Day, token: &str, unsent: u32, open: bool) {
    assert_eq!(say(day, token, unsent, open).await.status, 204);
}

async fn holding(day: &Day) -> (Value, Vec<Value>) {
    let told = day.get("/devices", &day.facilitator).await.expect(200);
    (told["heard"].clone(), told["holding"].as_array().unwrap().clone())
}

#[tokio::test]
async fn a_device_says_what_it_holds_until_it_is_sent() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    assert_eq!(holding(&day).await, (json!(0), vec![]));
    said(&day, &an.token, 3, true).await;
    let (heard, held) = holding(&day).await;
    assert_eq!((heard, held.len()), (json!(1), 1));
    assert_eq!(held[0]["device"], PHONE);
    assert_eq!(held[0]["participant"], an.id);
    assert_eq!((&held[0]["unsent"], &held[0]["connected"]), (&json!(3), &json!(true)));
    assert!(held[0]["heard"].as_str().unwrap().ends_with('Z'));
    // It is no event, and nobody else learns of it.
    let events = day.get("/events", &day.facilitator).await.text().to_owned();
    assert!(!events.contains(PHONE) && !events.contains("device"), "{events}");
    said(&day, &an.token, 0, true).await;
    assert_eq!(holding(&day).await, (json!(1), vec![]));
}

#[tokio::test]
async fn also_after_the_close_and_not_of_who_left() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let closed = json!({ "status": "closed" });
    day.ask("PATCH", "", &day.facilitator, &closed).await.expect(200);
    said(&day, &an.token, 2, false).await;
    assert_eq!(holding(&day).await.1.len(), 1);
    let who = format!("/participants/{}", an.id);
    let gone = day.ask("DELETE", &who, &day.facilitator, &json!({})).await;
    assert_eq!(gone.status, 204);
    assert_eq!(holding(&day).await, (json!(0), vec![]));
    say(&day, &an.token, 2, false).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn members_speak_for_themselves_and_facilitators_read() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    day.get("/devices", &an.token).await.problem(403, "forbidden");
    day.get("/devices", OPERATOR_KEY).await.expect(200);
    day.get("/devices", &day.stranger).await.problem(404, "unknown");
    say(&day, &day.stranger, 1, true).await.problem(404, "unknown");
    say(&day, OPERATOR_KEY, 1, true).await.problem(403, "forbidden");
    say(&day, "nobody", 1, true).await.problem(401, "unauthenticated");
    let path = format!("/devices/{PHONE}");
    for wrong in [json!({ "unsent": -1, "open": true }), json!({ "unsent": 1, "who": 2 })] {
        day.ask("PUT", &path, &an.token, &wrong).await.problem(400, "invalid");
    }
    assert_eq!(holding(&day).await, (json!(0), vec![]));
}
