//! A client that cannot keep up is let go with 1013, and loses nothing when it comes back; one
//! that keeps others' memory busy is bounded.

use automerge::ObjType;
use automerge::transaction::Transactable;
use oogst_tests::chance::Chance;
use oogst_tests::client::{Client, object};
use oogst_tests::day::Day;
use oogst_tests::hostile::{dense, message};
use oogst_tests::line::Line;
use oogst_tests::server::Server;

/// Changes of about 430 KiB each, so few of them: more than sockets and an outbox take in together.
const CHANGES: usize = 60;
const ITEMS: usize = 74;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_let_go_and_comes_back_whole() {
    let mut chance = Chance::of("a_client_that_does_not_read_is_let_go_and_comes_back_whole");
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let [an, slow] = [day.join(&server, "An", 0).await, day.join(&server, "Traag", 0).await];
    let harvest = &day.groups[0].harvest;
    let mut an = Client::find(&server.sync_url(&an.token), harvest).await;
    let url = server.sync_url(&slow.token);
    let mut lagging = Client::over(Line::narrow(&url, 4 << 10).await, &url, harvest).await;

    // From here on nobody reads at the far end; the writer must not notice.
    for _ in 0..CHANGES {
        an.edit(|document| {
            let insights = object(document, &automerge::ROOT, "insights");
            for _ in 0..ITEMS {
                let item = uuid::Uuid::new_v4().to_string();
                let item = document.put_object(&insights, item, ObjType::Map).unwrap();
                let ext = document.put_object(&item, "ext", ObjType::Map).unwrap();
                for key in ["a", "b", "c", "d"] {
                    document.put(&ext, key, noise(&mut chance)).unwrap();
                }
                let source = document.put_object(&item, "source", ObjType::Map).unwrap();
                for key in ["place", "url"] {
                    document.put(&source, key, noise(&mut chance)).unwrap();
                }
            }
        });
        an.saved().await.unwrap();
    }
    let end = loop {
        if let Err(end) = lagging.hear().await {
            break end;
        }
    };
    // The close frame stands behind what the peer did not read; it may be too late for it.
    assert!(matches!(end.code, Some(1013) | None), "{end:?}");

    lagging.connect().await.unwrap();
    let heads = an.document.get_heads();
    lagging.reach(&heads).await.unwrap();
    assert_eq!(lagging.document.get_heads(), heads);
}

/// A kilobyte, nearly, that no compression makes smaller.
fn noise(chance: &mut Chance) -> String {
    (0..980).map(|_| char::from(b'!' + u8::try_from(chance.below(90)).unwrap())).collect()
}

/// Goal: what waits for changes that never come is kept as the bytes that came. Decoded, these
/// eighty changes of a hundred bytes took 400 MiB.
#[tokio::test(flavor = "multi_thread")]
async fn changes_that_wait_take_no_more_memory_than_they_came_with() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let harvest = &day.groups[0].harvest;
    let member = day.join(&server, "Schurk", 0).await;
    let url = server.sync_url(&member.token);
    let mut lines = Vec::new();
    let mut before = 0;
    for socket in 0..20_u8 {
        let mut line = Line::join(&url).await;
        let nowhere = automerge::ChangeHash([socket; 32]);
        let waiting = (0..4).map(|_| dense(nowhere, 60_000)).collect();
        line.sync(harvest, &message(waiting)).await;
        let heard = line.hear().await.unwrap();
        assert_eq!(heard.kind, "sync", "{}", heard.message);
        lines.push(line);
        if socket == 0 {
            before = server.resident_kib();
        }
    }
    let grown = server.resident_kib().saturating_sub(before);
    assert!(grown < 100 << 10, "{grown} KiB");
}
