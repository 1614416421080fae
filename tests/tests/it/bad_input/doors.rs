//! Who gets in at all: origins and tokens.

use oogst_tests::day::Day;
use oogst_tests::http::Request;
use oogst_tests::line::{Line, Refused};
use oogst_tests::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_origin_is_refused_with_403() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let url = server.sync_url(&day.facilitator);
    let own = format!("http://{}", server.address);
    let foreign = [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        format!("{own}.evil.example"),
        format!("{own}0"),
        format!("https://{}", server.address),
        "http://localhost:1".to_owned(),
    ];
    for origin in &foreign {
        let refused = Line::open(&url, &[("origin", origin)]).await.err();
        assert_eq!(refused, Some(Refused(403)), "{origin}");
        let path = format!("/api/gatherings/{}", day.id);
        let request = Request::new("GET", &path).token(&day.facilitator).header("origin", origin);
        assert_eq!(server.send(request).await.status, 403, "{origin}");
    }
    let mut line = Line::open(&url, &[("origin", &own)]).await.unwrap();
    line.introduce().await;
    let mut script = Line::open(&url, &[]).await.unwrap();
    script.introduce().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_alone_needs_our_own_page() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let url = format!("ws://{}/sync", server.address);
    let cookie = format!("oogst={}", day.facilitator);
    let own = format!("http://{}", server.address);
    let alone = Line::open(&url, &[("cookie", &cookie)]).await.err();
    assert!(matches!(alone, Some(Refused(401 | 403))), "{alone:?}");
    let evil = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    assert_eq!(Line::open(&url, &evil).await.err(), Some(Refused(403)));
    let ours = [("cookie", cookie.as_str()), ("origin", own.as_str())];
    Line::open(&url, &ours).await.unwrap().introduce().await;
    let same = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    Line::open(&url, &same).await.unwrap().introduce().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_token_is_refused_with_401() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let none = format!("ws://{}/sync", server.address);
    let made_up = server.sync_url(&"a".repeat(43));
    let cut = server.sync_url(&day.facilitator[..day.facilitator.len() - 1]);
    for url in [none, made_up, cut, server.sync_url("")] {
        assert_eq!(Line::open(&url, &[]).await.err(), Some(Refused(401)), "{url}");
    }
    let path = format!("/api/gatherings/{}/events", day.id);
    assert_eq!(server.send(Request::new("GET", &path)).await.status, 401);
    // What opens a gathering never reaches a log.
    Line::join(&server.sync_url(&day.facilitator)).await;
    assert!(!server.log().contains(&day.facilitator), "{}", server.log());
}
