//! Whoever comes to a long history is sent it in one piece, and goes on as everybody does.

use automerge::AutoCommit;
use automerge::sync::{State, SyncDoc};
use oogst_tests::client::Client;
use oogst_tests::day::{Day, Member};
use oogst_tests::line::Line;
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged, served};
use oogst_tests::wait::until;

/// Enough that a snapshot is worth it.
const EDITS: usize = 400;

/// First byte of a message that holds a whole document.
const WHOLE_MESSAGE: u8 = 0x43;

/// What the server first says of a document to somebody who has nothing of it.
async fn greeting(server: &Server, member: &Member, document: &str) -> Vec<u8> {
    let mut line = Line::join(&server.sync_url(&member.token)).await;
    let request = AutoCommit::new().sync().generate_sync_message(&mut State::new()).unwrap();
    line.request(document, &request.encode()).await;
    let heard = line.hear().await.unwrap();
    line.close().await;
    heard.data
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_sent_a_long_history_whole_and_goes_on() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let harvest = &day.groups[0].harvest;
    let member = day.join(&server, "An", 0).await;
    let mut an = Client::find(&server.sync_url(&member.token), harvest).await;
    let texts: Vec<_> = (0..EDITS).map(|number| format!("inzicht {number}")).collect();
    for text in &texts {
        an.add(text);
    }
    an.saved().await.unwrap();

    // It is made behind the log: until it is there newcomers are sent the changes.
    let whole = until("a whole document", || async {
        let greeting = greeting(&server, &member, harvest).await;
        (greeting[0] == WHOLE_MESSAGE).then_some(greeting)
    });
    let whole = whole.await;
    let changes: usize = an.document.get_changes(&[]).iter().map(|c| c.raw_bytes().len()).sum();
    assert!(whole.len() * 4 < changes, "{} bytes in place of {changes}", whole.len());

    let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
    let mut carla = Stock::seat(Make::Rust, &server, &day, "Carla", 0).await;
    let document = converged(&mut [&mut bo, &mut carla]).await;
    let held = document["insights"].as_object().unwrap();
    assert_eq!(held.len(), EDITS);
    assert!(texts.iter().all(|text| held.values().any(|insight| insight["text"] == **text)));
    let (late, later) = (bo.add("later").await, carla.add("nog later").await);
    let document = converged(&mut [&mut bo, &mut carla]).await;
    assert_eq!(document["insights"][&late]["text"], "later");
    assert_eq!(document["insights"][&later]["text"], "nog later");
    served(&server, &day, 0, &document).await;
}
