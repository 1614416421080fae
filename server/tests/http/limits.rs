//! Wrong codes, connections and bodies: how much is too much.

use serde_json::json;

use crate::day::Day;
use crate::request::{Answer, Request};

async fn join(day: &Day, code: &str) -> Answer {
    let body = json!({ "code": code, "name": "An" });
    day.send(Request::new("POST", "/api/join").json(&body)).await
}

#[tokio::test]
async fn wrong_codes_over_the_limit_wait_and_right_ones_are_free() {
    let day = Day::with(|config| config.failed_joins_per_minute_max = 3).await;
    let right = day.code("participant");
    for _ in 0..5 {
        join(&day, &right).await.expect(200);
    }
    for _ in 0..2 {
        join(&day, "0000-0000").await.problem(404, "unknown-code");
    }
    let words = json!({ "return_code": "een twee drie vier" });
    let back = || Request::new("POST", "/api/return").json(&words);
    day.send(back()).await.problem(404, "unknown-code");
    for answer in [join(&day, "0000-0001").await, day.send(back()).await] {
        answer.problem(429, "too-many-codes");
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    // The room behind the same address still comes in.
    join(&day, &right).await.expect(200);
}

#[tokio::test]
async fn an_address_holds_so_many_sockets_and_feeds() {
    let day = Day::with(|config| config.connections_per_address_max = 2).await;
    let address = day.address();
    let path = format!("/api/gatherings/{}/feed?token={}", day.id, day.facilitator);
    let feed = || Request::new("GET", &path);
    let first = feed().open(address).await;
    let second = feed().open(address).await;
    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200));
    let third = feed().send(address).await;
    third.problem(429, "too-many-connections");
    assert!(third.header("retry-after").is_some());
    let socket = handshake(&day, &format!("/sync?token={}", day.facilitator));
    day.send(socket).await.problem(429, "too-many-connections");
    drop(second);
    // The server learns of it when it next has something to say, or when the line's end arrives.
    let freed = async {
        while feed().open(address).await.status() != 200 {
            day.join("An", "participant").await;
        }
    };
    tokio::time::timeout(crate::request::DEADLINE, freed).await.expect("room again");
}

/// Goal: behind a proxy of ours limits count the people, and nobody can claim to be somebody else.
#[tokio::test]
async fn limits_count_whom_a_trusted_proxy_heard_and_believe_nobody_else() {
    let wrong = json!({ "code": "0000-0000", "name": "An" });
    let from = |heard: &str| {
        Request::new("POST", "/api/join").header("x-forwarded-for", heard).json(&wrong)
    };
    let behind = Day::with(|config| {
        config.failed_joins_per_minute_max = 1;
        config.trusted_proxies = "127.0.0.0/8".parse().unwrap();
    });
    let behind = behind.await;
    behind.send(from("6.6.6.6, 1.2.3.4")).await.problem(404, "unknown-code");
    behind.send(from("7.7.7.7, 1.2.3.4")).await.problem(429, "too-many-codes");
    behind.send(from("1.2.3.5")).await.problem(404, "unknown-code");
    let path = format!("/api/gatherings/{}/feed?token={}", behind.id, behind.facilitator);
    let feed = Request::new("GET", &path).header("x-forwarded-for", "1.2.3.4");
    assert_eq!(feed.open(behind.address()).await.status(), 200);

    let bare = Day::with(|config| config.failed_joins_per_minute_max = 1).await;
    bare.send(from("1.2.3.4")).await.problem(404, "unknown-code");
    bare.send(from("1.2.3.5")).await.problem(429, "too-many-codes");
}

#[tokio::test]
async fn a_body_has_a_bound() {
    let day = Day::open().await;
    let body = json!({ "title": "x".repeat(300 << 10), "groups": [] });
    let answer = day.operator("POST", "/api/gatherings", &body).await;
    assert!(answer.problem(413, "too-large").contains("262144"));
    let endless = Request::new("POST", "/api/join").body(vec![b' '; 300 << 10]);
    day.send(endless).await.problem(413, "too-large");
}

/// A WebSocket handshake as a browser or a library begins it.
pub(crate) fn handshake(day: &Day, path: &str) -> Request {
    Request::new("GET", path)
        .header("host", &day.address().to_string())
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}
