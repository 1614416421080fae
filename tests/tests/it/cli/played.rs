//! The demo: a whole day through real sockets, and what of it is there at the end.

use oogst_cli::demo::script::KICK_OFF;
use oogst_tests::cli::{Running, printed, run};
use oogst_tests::server::{OPERATOR_KEY, Server};

const KEY: (&str, &str) = ("OOGST_OPERATOR_KEY", OPERATOR_KEY);

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_prints_its_links_plays_the_day_and_says_that_all_is_there() {
    let server = Server::start().await;
    let at = format!("http://{}", server.address);
    let played = run(&["demo", "--speed", "5000", "--server", &at], &[KEY]).await.done();
    assert!(printed(&played, "wall").starts_with(&format!("{at}/muur#")), "{played}");
    let (code, _) = printed(&played, "observer").split_once(' ').unwrap();
    let last = played.lines().last().unwrap();
    let wanted = "all there: 57 insights with 3 photos, 108 dots, 7 stakeholders and 8 actions by \
                  44 devices, all acknowledged";
    assert_eq!(last, wanted);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("me");
    let file = file.to_str().unwrap();
    run(&["join", code, "Meekijker", "--server", &at, "--token-file", file], &[]).await.done();
    let export = run(&["export", "--token-file", file], &[]).await.done();
    assert_eq!(export, KICK_OFF.markdown(), "letter by letter, in order");
    let named = run(&["export", "--token-file", file, "--attribution", "name"], &[]).await.done();
    let credit = |text: &str| {
        let line = named.lines().find(|line| line.contains(text)).unwrap();
        line.rsplit_once(" (").unwrap().1.trim_end_matches(')').to_owned()
    };
    assert_eq!(credit("Wie niet naar de zaal komt"), "Samira");
    assert!(!credit("Mensen vragen wat er met").contains("Moussa"), "{named}");
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
