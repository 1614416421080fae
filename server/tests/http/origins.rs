//! Which pages may ask, with which proof.

use serde_json::json;

use crate::day::{Day, OPERATOR_KEY};
use crate::limits::handshake;
use crate::request::Request;

/// Origins that are not ours, each in its own way.
fn foreign(day: &Day) -> Vec<String> {
    let address = day.address();
    let port = address.port();
    vec![
        "https://evil.example".into(),
        "null".into(),
        String::new(),
        format!("http://{address}.evil.example"),
        format!("http://evil.example/{address}"),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("https://{address}"),
        format!("http://evil-{address}"),
    ]
}

#[tokio::test]
async fn a_request_carries_no_origin_or_ours() {
    let day = Day::open().await;
    let own = format!("http://{}", day.address());
    let path = format!("/api/gatherings/{}", day.id);
    let look = || Request::new("GET", &path).token(&day.facilitator);
    day.send(look()).await.expect(200);
    day.send(look().header("origin", &own)).await.expect(200);
    for origin in foreign(&day) {
        day.send(look().header("origin", &origin)).await.problem(403, "foreign-origin");
        let both = look().header("origin", &own).header("origin", &origin);
        day.send(both).await.problem(403, "foreign-origin");
        let join = json!({ "code": day.code("participant"), "name": "An" });
        let join = Request::new("POST", "/api/join").json(&join).header("origin", &origin);
        day.send(join).await.problem(403, "foreign-origin");
        let health = Request::new("GET", "/healthz").header("origin", &origin);
        day.send(health).await.problem(403, "foreign-origin");
    }
}

#[tokio::test]
async fn a_socket_opens_to_our_pages_and_to_scripts_with_a_token() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let with_token = format!("/sync?token={}", an.token);
    let own = format!("http://{}", day.address());
    let status = async |request: Request| request.open(day.address()).await.status().as_u16();
    assert_eq!(status(handshake(&day, &with_token)).await, 101);
    assert_eq!(status(handshake(&day, &with_token).header("origin", &own)).await, 101);
    assert_eq!(status(handshake(&day, "/sync").token(&an.token)).await, 101);
    let cookie = format!("a=b; oogst={}", an.token);
    let by_cookie = || handshake(&day, "/sync").header("cookie", &cookie);
    assert_eq!(status(by_cookie().header("origin", &own)).await, 101);
    day.send(by_cookie()).await.problem(403, "bare-cookie");
    for origin in foreign(&day) {
        let request = handshake(&day, &with_token).header("origin", &origin);
        day.send(request).await.problem(403, "foreign-origin");
    }
    day.send(handshake(&day, "/sync")).await.problem(401, "unauthenticated");
    day.send(handshake(&day, "/sync?token=x")).await.problem(401, "unauthenticated");
    let operator = handshake(&day, "/sync").token(OPERATOR_KEY);
    day.send(operator).await.problem(403, "forbidden");
    let plain = Request::new("GET", &with_token);
    day.send(plain).await.problem(400, "invalid");
}

#[tokio::test]
async fn the_cookie_alone_needs_our_page() {
    let day = Day::open().await;
    let an = day.join("An", "participant").await;
    let own = format!("http://{}", day.address());
    let cookie = format!("oogst={}", an.token);
    let path = format!("/api/gatherings/{}", day.id);
    let look = || Request::new("GET", &path).header("cookie", &cookie);
    day.send(look()).await.problem(403, "bare-cookie");
    for site in ["cross-site", "same-site", "none"] {
        day.send(look().header("sec-fetch-site", site)).await.problem(403, "bare-cookie");
    }
    day.send(look().header("sec-fetch-site", "same-origin")).await.expect(200);
    day.send(look().header("origin", &own)).await.expect(200);
    day.send(look().token(&an.token)).await.expect(200);
    let foreign = look().header("sec-fetch-site", "same-origin");
    day.send(foreign.header("origin", "https://evil.example")).await.problem(403, "foreign-origin");
}

#[tokio::test]
async fn behind_a_proxy_the_public_address_alone_is_ours() {
    let day = Day::with(|config| {
        config.public_url = Some("https://oogst.example".parse().unwrap());
    });
    let day = day.await;
    let health = |origin: &str| Request::new("GET", "/healthz").header("origin", origin);
    assert_eq!(day.send(health("https://oogst.example")).await.status, 200);
    let own = format!("http://{}", day.address());
    for origin in [own.as_str(), "http://oogst.example", "https://oogst.example:8443"] {
        day.send(health(origin)).await.problem(403, "foreign-origin");
    }
}
