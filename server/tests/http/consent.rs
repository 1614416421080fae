//! How somebody is named in what is published: their own choice, and nobody else's business.

use serde_json::{Value, json};

use crate::day::{Day, OPERATOR_KEY};
use crate::request::{Answer, Request};

async fn say(day: &Day, token: &str, publish: &str) -> Answer {
    let path = format!("/api/gatherings/{}/consent", day.id);
    let body = json!({ "publish": publish });
    day.send(Request::new("PUT", &path).token(token).json(&body)).await
}

#[tokio::test]
async fn everybody_chooses_for_themselves_also_after_the_close() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let bo = day.join("Bo", "observer").await;
    let unsaid = json!({ "publish": "group", "chosen": false });
    assert_eq!(day.get("/consent", &an.token).await.expect(200), unsaid);
    for publish in ["name", "organisation", "group", "not", "not"] {
        let said = json!({ "publish": publish, "chosen": true });
        assert_eq!(say(&day, &an.token, publish).await.expect(200), said);
        assert_eq!(day.get("/consent", &an.token).await.expect(200), said);
    }
    assert_eq!(day.get("/consent", &bo.token).await.expect(200), unsaid);

    let path = format!("/api/gatherings/{}", day.id);
    let close = Request::new("PATCH", &path).json(&json!({ "status": "closed" }));
    day.send(close.token(&day.facilitator)).await.expect(200);
    assert_eq!(say(&day, &an.token, "group").await.expect(200)["chosen"], true);

    // A choice is an event; the same again is none. What was chosen is in no line.
    let events = day.get("/events", &bo.token).await.text().to_owned();
    let lines: Vec<Value> =
        events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> = lines.iter().filter(|line| line["type"] == "consent.set").collect();
    assert_eq!(said.len(), 5, "{events}");
    for line in said {
        assert_eq!(line["participant"]["id"], an.id);
        assert_eq!((&line["excerpt"], &line["state"]), (&Value::Null, &Value::Null));
        assert!(!line.to_string().contains("organisation"), "{line}");
    }
}

#[tokio::test]
async fn nobody_says_it_for_somebody_else() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    say(&day, OPERATOR_KEY, "name").await.problem(403, "forbidden");
    day.get("/consent", OPERATOR_KEY).await.problem(403, "forbidden");
    say(&day, "nobody", "name").await.problem(401, "unauthenticated");
    say(&day, &an.token, "loudly").await.problem(400, "invalid");
    let other = Day::open().await;
    let path = format!("/api/gatherings/{}/consent", other.id);
    let body = json!({ "publish": "name" });
    let foreign = Request::new("PUT", &path).token(&an.token).json(&body);
    day.send(foreign).await.problem(404, "unknown");
    let body = json!({ "publish": "name", "participant": an.id });
    let path = format!("/api/gatherings/{}/consent", day.id);
    let for_another = Request::new("PUT", &path).token(&day.facilitator).json(&body);
    let detail = day.send(for_another).await.problem(400, "invalid");
    assert!(detail.contains("participant"), "{detail}");
}
