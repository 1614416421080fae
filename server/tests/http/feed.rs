//! The feed: missed, then live, and its end.

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::day::Day;
use crate::request::{DEADLINE, Request};

/// Reads a feed message by message.
struct Reader {
    response: Response<Incoming>,
    text: String,
}

/// One message: its id, its event and its data.
type Message = (u64, String, Value);

impl Reader {
    async fn open(day: &Day, request: Request) -> Self {
        let response = request.open(day.address()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: String::new() }
    }

    /// The next message; `None` where the feed ended.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let mut lines = block.lines();
                    lines.find_map(|line| line.strip_prefix(name)).map(str::to_owned)
                };
                let message = field("id: ").map(|id| {
                    let data = serde_json::from_str(&field("data: ").unwrap()).unwrap();
                    (id.parse().unwrap(), field("event: ").unwrap(), data)
                });
                self.text = rest.to_owned();
                if message.is_some() {
                    return message;
                }
                continue;
            }
            let frame = tokio::time::timeout(DEADLINE, self.response.body_mut().frame()).await;
            let frame = frame.expect("a message or the end within the deadline")?.ok()?;
            self.text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }
}

fn feed(day: &Day, query: &str) -> Request {
    Request::new("GET", &format!("/api/gatherings/{}/feed{query}", day.id))
}

#[tokio::test]
async fn first_what_was_missed_then_what_comes() {
    let day = Day::open().await;
    let before = day.get("", &day.facilitator).await.expect(200)["seq"].as_u64().unwrap();
    let mut all = Reader::open(&day, feed(&day, "").token(&day.facilitator)).await;
    for place in 1..=before {
        let (id, _, data) = all.next().await.unwrap();
        assert_eq!((id, data["seq"].as_u64()), (place, Some(place)));
    }
    let query = format!("?after={before}&token={}", day.facilitator);
    let mut live = Reader::open(&day, feed(&day, &query)).await;
    let resumed = feed(&day, "?after=0").token(&day.facilitator);
    let resumed = resumed.header("last-event-id", &(before - 1).to_string());
    let mut resumed = Reader::open(&day, resumed).await;
    assert_eq!(resumed.next().await.unwrap().0, before);
    let an = day.join("An", "participant").await;
    for reader in [&mut all, &mut live, &mut resumed] {
        let (id, event, data) = reader.next().await.unwrap();
        assert_eq!((id, event.as_str()), (before + 1, "participant.joined"));
        assert_eq!((&data["type"], &data["participant"]["id"]), (&json!(event), &json!(an.id)));
    }
}

#[tokio::test]
async fn it_ends_with_the_token_and_with_the_server() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let after = day.get("", &an.token).await.expect(200)["seq"].as_u64().unwrap();
    let query = format!("?after={after}");
    let mut hers = Reader::open(&day, feed(&day, &query).token(&an.token)).await;
    let mut other = Reader::open(&day, feed(&day, &query).token(&day.facilitator)).await;
    let path = format!("/participants/{}", an.id);
    assert_eq!(day.ask("DELETE", &path, &day.facilitator, &json!({})).await.status, 204);
    assert_eq!(other.next().await.unwrap().1, "participant.removed");
    day.join("Bo", "participant").await;
    let mut seen = Vec::new();
    while let Some((_, event, _)) = hers.next().await {
        seen.push(event);
    }
    assert!(!seen.contains(&"participant.joined".to_owned()), "{seen:?}");
    assert_eq!(other.next().await.unwrap().1, "participant.joined");
    let stopped = tokio::time::timeout(DEADLINE, day.stop());
    let (stopped, end) = tokio::join!(stopped, other.next());
    stopped.expect("a stop within the deadline");
    assert_eq!(end, None);
}

#[tokio::test]
async fn who_may_not_read_gets_a_problem() {
    let day = Day::open().await;
    day.send(feed(&day, "")).await.problem(401, "unauthenticated");
    day.send(feed(&day, "?token=nobodys")).await.problem(401, "unauthenticated");
    day.send(feed(&day, "").token(&day.stranger)).await.problem(404, "unknown");
    let odd = feed(&day, "").token(&day.facilitator).header("last-event-id", "x");
    day.send(odd).await.problem(400, "invalid");
    let elsewhere = format!("/api/gatherings/{}?token={}", day.id, day.facilitator);
    day.send(Request::new("GET", &elsewhere)).await.problem(401, "unauthenticated");
}
