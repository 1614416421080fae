//! The page, its QR code, its files, and the headers that go with everything.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::day::Day;
use crate::request::{DEADLINE, Request};

#[tokio::test]
async fn the_page_answers_at_its_routes_with_a_strict_policy() {
    let day = Day::open().await;
    for path in ["/", "/j/7K3M-9QXB", "/j/nonsense", "/groep", "/muur", "/nu", "/regie", "/dag"] {
        let page = day.send(Request::new("GET", path)).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").unwrap();
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{part} in {policy}");
        }
    }
    for path in ["/healthz", "/api/openapi.json", "/nothing"] {
        let answer = day.send(Request::new("GET", path)).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
}

#[tokio::test]
async fn the_qr_code_is_a_drawing_of_the_join_page() {
    let day = Day::open().await;
    let code = day.code("participant");
    let drawing = async |code: &str| {
        let answer = day.send(Request::new("GET", &format!("/j/{code}/qr.svg"))).await;
        assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
        assert_eq!(answer.status, 200);
        answer.text().to_owned()
    };
    let shown = drawing(&code).await;
    assert!(shown.contains("<svg") && shown.contains("<path"), "{shown}");
    assert_eq!(shown, drawing(&code.to_lowercase().replace('-', "")).await);
    assert_ne!(shown, drawing("0000-0000").await);
    day.send(Request::new("GET", "/j/ABC/qr.svg")).await.problem(404, "unknown-code");
}

/// Goal: no path leads to a file that is not the client's.
/// Method: paths as bytes on the line, because clients tidy them.
#[tokio::test]
async fn no_path_leads_outside() {
    let day = Day::open().await;
    let climbs =
        ["..", "%2e%2e", "..%2f", "%2e%2e%2f", "..\\", "%5c..", "....//", "..;", "%252e%252e"];
    let targets = ["etc/passwd", "server/Cargo.toml", "src/main.rs", "package.json"];
    let roots = ["", "assets/", "j/", "groep/", "api/"];
    let mut tried = 0;
    for (climb, target) in climbs.iter().flat_map(|c| targets.iter().map(move |t| (c, t))) {
        for (root, depth) in roots.iter().flat_map(|r| [1, 3, 8].map(|depth| (r, depth))) {
            let path = format!("/{root}{}{target}", format!("{climb}/").repeat(depth));
            let mut line = tokio::net::TcpStream::connect(day.address()).await.unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            line.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let read = tokio::time::timeout(DEADLINE, line.read_to_end(&mut answer));
            read.await.unwrap().unwrap();
            let answer = String::from_utf8_lossy(&answer);
            let status = answer.split(' ').nth(1).unwrap_or_default();
            assert!(["404", "400"].contains(&status), "{path}: {answer}");
            tried += 1;
        }
    }
    assert_eq!(tried, 9 * 4 * 5 * 3);
}

#[tokio::test]
async fn health_is_for_all_and_counters_on_loopback() {
    let day = Day::open().await;
    for path in ["/healthz", "/readyz"] {
        let answer = day.send(Request::new("GET", path)).await;
        assert_eq!((answer.status, answer.text()), (200, "ok"));
    }
    day.join("An", "participant").await;
    let metrics = day.send(Request::new("GET", "/metrics")).await;
    assert!(metrics.text().contains("\noogst_joins_total 1\n"), "{}", metrics.text());

    let anywhere = |config: &mut oogst_server::Config| {
        config.listen = "0.0.0.0:0".parse().unwrap();
    };
    let day = Day::with(anywhere).await;
    let get = || Request::new("GET", "/metrics");
    day.send(get()).await.problem(401, "unauthenticated");
    day.send(get().token(&day.facilitator)).await.problem(403, "forbidden");
    assert_eq!(day.send(get().token(crate::day::OPERATOR_KEY)).await.status, 200);
}
