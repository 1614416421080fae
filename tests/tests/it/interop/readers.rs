//! Who may not write (now) is heard but not applied; the edits wait and arrive afterwards.

use oogst_tests::client::Client;
use oogst_tests::day::{Day, Member};
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged, served};
use serde_json::json;

/// Edits as a member with the kit's own client, and gives it back once the server has dealt with
/// that: still connected, nothing acknowledged, nothing recorded.
async fn heard_but_not_applied(server: &Server, day: &Day, who: &Member) -> Client {
    let (before, seq) = day.document(server, 0).await;
    let url = server.sync_url(&who.token);
    let mut client = Client::find(&url, &day.groups[0].harvest).await;
    client.add("te vroeg");
    client.settled().await.unwrap();
    client.settled().await.unwrap();
    assert_eq!(client.ledger.count(), 0, "nothing is acknowledged");
    assert_eq!(client.waiting.len(), 1);
    assert_eq!(day.document(server, 0).await, (before, seq), "nothing is recorded");
    client
}

/// After the door opened: the socket closes with 1012, and the same edit arrives by itself.
async fn comes_back(client: &mut Client) {
    let end = client.saved().await.unwrap_err();
    assert_eq!(end.code, Some(1012), "come back and offer it again");
    client.connect().await.unwrap();
    client.saved().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_an_observer_wait_for_the_promotion() {
    let server = Server::start().await;
    for make in [Make::Js, Make::Rust] {
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
        let member = day.enter(&server, "Oda", "observer").await;
        let mut oda = Stock::start(make, &server, &member).await;
        assert!(oda.find(&day.groups[0].harvest).await, "an observer reads");
        let lines = oda.proxy.carried();
        let early = oda.add("mag ik ook?").await;
        let mut client = heard_but_not_applied(&server, &day, &member).await;

        // The observer sees on what others write, on the same socket.
        let live = bo.add("iedereen leest mee").await;
        oogst_tests::stock::shows(&mut oda, &live, "iedereen leest mee").await;
        assert_eq!(bo.text(&early).await, None);
        assert_eq!(oda.proxy.carried(), lines, "{make:?}: nobody's socket closes for reading");

        let change = json!({ "role": "participant", "group": day.groups[0].id });
        day.put(&server, &member, &day.facilitator, &change).await.expect(200);
        let document = converged(&mut [&mut oda, &mut bo]).await;
        assert_eq!(document["insights"][&early]["text"], "mag ik ook?", "{make:?}");
        comes_back(&mut client).await;
        client.leave().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_in_another_group_wait_for_the_move() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?", "Waarom?"]).await;
    let member = day.join(&server, "An", 1).await;
    let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
    let mut client = heard_but_not_applied(&server, &day, &member).await;
    let mut an = Stock::start(Make::Js, &server, &member).await;
    assert!(an.find(&day.groups[0].harvest).await, "a member reads the other groups");
    let early = an.add("ik kom zo").await;
    day.place(&server, &member, Some(0)).await;
    comes_back(&mut client).await;
    let document = converged(&mut [&mut an, &mut bo]).await;
    assert_eq!(document["insights"][&early]["text"], "ik kom zo");
    client.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_of_a_frozen_document_arrive_after_the_thaw() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Rust, &server, &day, "Bo", 0).await;
    let shared = an.add("samen").await;
    converged(&mut [&mut an, &mut bo]).await;
    let member = day.join(&server, "Cil", 0).await;

    day.freeze(&server, 0, true).await;
    an.write(&shared, 0, "links ").await;
    bo.write(&shared, 5, " rechts").await;
    let mut client = heard_but_not_applied(&server, &day, &member).await;
    assert_eq!(an.text(&shared).await.unwrap(), "links samen", "it stays with its author");

    // Locked stays locked over a restart, and what waits still waits.
    server.kill().await;
    server.restart().await;
    client.connect().await.unwrap();
    client.settled().await.unwrap();
    assert_eq!(client.ledger.count(), 0);
    assert_eq!(day.document(&server, 0).await.0["insights"][&shared]["text"], "samen");

    day.freeze(&server, 0, false).await;
    let document = converged(&mut [&mut an, &mut bo]).await;
    assert_eq!(document["insights"][&shared]["text"], "links samen rechts");
    comes_back(&mut client).await;
    client.leave().await;
    let document = converged(&mut [&mut an, &mut bo]).await;
    served(&server, &day, 0, &document).await;
}
