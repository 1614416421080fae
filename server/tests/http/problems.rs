//! Every error is a problem that says what was wrong and what would be right.

use serde_json::json;

use crate::day::{Day, OPERATOR_KEY};
use crate::request::Request;

#[tokio::test]
async fn what_is_not_there_and_what_is_not_done_so() {
    let day = Day::open().await;
    for path in ["/nothing", "/api", "/api/", "/api/gathering", "/api/rounds/1", "/assets/x.js"] {
        day.send(Request::new("GET", path)).await.problem(404, "unknown");
        day.send(Request::new("POST", path)).await.problem(404, "unknown");
    }
    let gathering = format!("/api/gatherings/{}", day.id);
    for (method, path, allowed) in [
        ("GET", "/api/join", "POST"),
        ("DELETE", "/api/return", "POST"),
        ("PUT", gathering.as_str(), "GET, PATCH"),
        ("POST", "/healthz", "GET"),
    ] {
        let answer = day.send(Request::new(method, path)).await;
        assert!(answer.problem(405, "method").contains(allowed));
        assert_eq!(answer.header("allow"), Some(allowed));
    }
}

#[tokio::test]
async fn what_is_no_json_is_told_where() {
    let day = Day::open().await;
    for body in ["", "{", "[]", "\"x\"", "{\"code\": 1, \"name\": \"An\"}", "\u{0}"] {
        let request = Request::new("POST", "/api/join").body(body.to_owned());
        let detail = day.send(request).await.problem(400, "invalid");
        assert!(detail.contains("JSON") && detail.contains("column"), "{body}: {detail}");
    }
    let latin = Request::new("POST", "/api/join").body(&b"{\"code\": \"\xe9\"}"[..]);
    day.send(latin).await.problem(400, "invalid");
}

#[tokio::test]
async fn a_missing_token_says_how_to_show_one() {
    let day = Day::open().await;
    let path = format!("/api/gatherings/{}", day.id);
    let too_long = "x".repeat(2_000);
    let basic = Request::new("GET", &path).header("authorization", "Basic eDp5");
    for request in [
        Request::new("GET", &path),
        Request::new("GET", &path).token(""),
        Request::new("GET", &path).token(&too_long),
        basic,
    ] {
        let answer = day.send(request).await;
        assert!(answer.problem(401, "unauthenticated").contains("Bearer"));
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn a_body_that_never_comes_ends_its_own_request() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let day = Day::open().await;
    let mut slow = tokio::net::TcpStream::connect(day.address()).await.unwrap();
    let head = "POST /api/join HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    let mut silent = tokio::net::TcpStream::connect(day.address()).await.unwrap();
    silent.write_all(b"GET /healthz HT").await.unwrap();
    // The others are served all the while.
    let body = json!({ "title": "Dag", "groups": [] });
    let open = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body);
    day.send(open).await.expect(201);
    for line in [&mut slow, &mut silent] {
        let mut answer = Vec::new();
        let read = tokio::time::timeout(crate::request::DEADLINE, line.read_to_end(&mut answer));
        read.await.expect("the server ends it").unwrap();
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
}
