//! Presence reaches those of the same document alone; what is not yours is unavailable.

use oogst_protocol::ids::DocumentId;
use oogst_tests::day::Day;
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, PAIRS, Stock, converged, reaches};
use oogst_tests::wait::until;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn presence_reaches_the_others_and_is_not_recorded() {
    let server = Server::start().await;
    for (left, right) in PAIRS {
        let day = Day::open(&server, &["Wie doet er mee?", "Waarom?"]).await;
        let mut an = Stock::seat(left, &server, &day, "An", 0).await;
        let mut bo = Stock::seat(right, &server, &day, "Bo", 0).await;
        let mut far = Stock::seat(Make::Js, &server, &day, "Cil", 1).await;
        let (_, before) = day.document(&server, 0).await;
        reaches(&mut an, &mut bo, "hier").await;
        reaches(&mut bo, &mut an, "daar").await;
        assert!(!an.heard("hier").await, "nobody hears themselves");
        assert!(!far.heard("hier").await, "another group's document stays quiet");
        assert_eq!(day.document(&server, 0).await.1, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_and_unknown_documents_are_unavailable_and_the_socket_stays() {
    let server = Server::start().await;
    let theirs = Day::open(&server, &["Van een ander"]).await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut witness = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
    for make in [Make::Js, Make::Rust] {
        let mut an = Stock::seat(make, &server, &day, "An", 0).await;
        let lines = an.proxy.carried();
        let unknown = DocumentId::new(Uuid::new_v4()).to_string();
        assert!(!an.find(&theirs.groups[0].harvest).await, "{make:?}: a foreign document");
        assert!(!an.find(&unknown).await, "{make:?}: an unknown document");
        let item = an.add("nog altijd welkom").await;
        let document = converged(&mut [&mut an, &mut witness]).await;
        assert_eq!(document["insights"][&item]["text"], "nog altijd welkom");
        assert_eq!(an.proxy.carried(), lines, "{make:?}: one socket all along");
    }
}

/// A token that ends closes its sockets with 4401, and opens none.
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_participant_is_out() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let member = day.join(&server, "An", 0).await;
    let mut line = oogst_tests::line::Line::join(&server.sync_url(&member.token)).await;
    day.remove(&server, &member).await;
    assert_eq!(line.end().await.code, Some(4401));
    let url = server.sync_url(&member.token);
    let refused = until("the token is refused", || async {
        oogst_tests::line::Line::open(&url, &[]).await.err()
    });
    assert_eq!(refused.await.0, 401);
}
