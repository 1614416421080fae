//! The demo: a whole day through real sockets, and what of it is there at the end.

use std::time::Duration;

use oogst_cli::demo::script::KICK_OFF;
use oogst_cli::demo::{Pace, Play};
use oogst_client::{Attribution, Format, Server as Address};
use oogst_tests::cli::{Running, printed, run};
use oogst_tests::proxy::Proxy;
use oogst_tests::server::{OPERATOR_KEY, Server};
use oogst_tests::wait::within;

const KEY: (&str, &str) = ("OOGST_OPERATOR_KEY", OPERATOR_KEY);

async fn markdown(play: &Play) -> String {
    let export = play.facilitator().export(Format::Markdown, Attribution::None).await;
    let mut file = export.unwrap();
    let mut text = Vec::new();
    while let Some(piece) = file.piece().await.unwrap() {
        text.extend_from_slice(&piece);
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_prints_its_links_plays_the_day_and_says_that_all_is_there() {
    let server = Server::start().await;
    let at = format!("http://{}", server.address);
    let played = run(&["demo", "--speed", "5000", "--server", &at], &[KEY]).await.done();
    assert!(printed(&played, "wall").starts_with(&format!("{at}/muur#")), "{played}");
    let (code, _) = printed(&played, "observer").split_once(' ').unwrap();
    let last = played.lines().last().unwrap();
    assert_eq!(last, "all there: 57 insights by 44 devices, acknowledged and on the wall");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("me");
    let file = file.to_str().unwrap();
    run(&["join", code, "Meekijker", "--server", &at, "--token-file", file], &[]).await.done();
    let export = run(&["export", "--token-file", file], &[]).await.done();
    assert_eq!(export, KICK_OFF.markdown(), "letter by letter, in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_is_whole_over_lines_that_break() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address).await;
    let address = Address::at(&format!("http://{}", proxy.address)).unwrap();
    let how = (7, Pace::times(60.0));
    let play = Play::open(&address, OPERATOR_KEY, KICK_OFF, how).await.unwrap();
    let mut cuts = tokio::time::interval(Duration::from_millis(700));
    let end = play.to_the_end(|_| {});
    tokio::pin!(end);
    let outcome = within("the end of the day", async {
        loop {
            tokio::select! {
                outcome = &mut end => return outcome.unwrap(),
                _ = cuts.tick() => {
                    proxy.cut();
                    proxy.restore();
                }
            }
        }
    });
    let outcome = outcome.await;
    assert!(proxy.carried() > 2 * outcome.devices, "lines broke: {}", proxy.carried());
    assert_eq!(outcome.missing, []);
    assert_eq!(markdown(&play).await, KICK_OFF.markdown());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_that_is_interrupted_ends_well() {
    let server = Server::start().await;
    let at = format!("http://{}", server.address);
    let demo = Running::start(&["demo", "--minutes", "60", "--server", &at], &[KEY]);
    let mut demo = demo.until("34 devices come in").await;
    demo.interrupt();
    assert_eq!(demo.line().await.unwrap(), "ended before its end; the gathering stays");
    let (status, complaints) = demo.end().await;
    assert_eq!((status.code(), complaints.as_str()), (Some(0), ""));
    let line = run(&["demo", "--minutes", "0", "--server", &at], &[KEY]).await;
    assert_eq!(line.code, Some(2), "{line:?}");
}
