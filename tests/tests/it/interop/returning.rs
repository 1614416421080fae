//! A client comes back with a document that it loaded from its own store.

use oogst_tests::day::Day;
use oogst_tests::line::Line;
use oogst_tests::proxy::Proxy;
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged, served};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_returns_with_what_its_own_store_holds() {
    let mut server = Server::start().await;
    for make in [Make::Js, Make::Rust] {
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let member = day.join(&server, "An", 0).await;
        let store = TempDir::new().unwrap();
        let proxy = Proxy::start(server.address).await;
        let mut an = Stock::behind(make, proxy, &member, Some(store.path())).await;
        an.introduced().await;
        assert!(an.find(&day.groups[0].harvest).await);
        let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
        let shared = an.add("samen").await;
        converged(&mut [&mut an, &mut bo]).await;
        an.stop().await;

        // Meanwhile life goes on, and the server is another process.
        bo.write(&shared, 5, " rechts").await;
        server.kill().await;
        server.restart().await;

        // No line yet: what is found now comes from the store, and is written on.
        let proxy = Proxy::start(server.address).await;
        proxy.cut();
        let mut an = Stock::behind(make, proxy, &member, Some(store.path())).await;
        assert!(an.find(&day.groups[0].harvest).await);
        assert_eq!(an.text(&shared).await.unwrap(), "samen", "{make:?} has it in its store");
        an.write(&shared, 0, "links ").await;
        let alone = an.add("in de trein").await;
        an.proxy.restore();

        let document = converged(&mut [&mut an, &mut bo]).await;
        assert_eq!(document["insights"][&shared]["text"], "links samen rechts", "{make:?}");
        assert_eq!(document["insights"][&alone]["text"], "in de trein");
        served(&server, &day, 0, &document).await;
    }
}

/// The storage id tells clients whose memory this is: kept, their resync is cheap.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_known_by_one_storage_id_for_the_life_of_its_data() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let url = server.sync_url(&day.facilitator);
    let before = Line::join(&url).await.storage;
    assert!(uuid::Uuid::try_parse(&before).is_ok(), "`{before}` is no UUID");
    server.kill().await;
    server.restart().await;
    assert_eq!(Line::join(&url).await.storage, before);

    let other = Server::start().await;
    let day = Day::open(&other, &["Wie doet er mee?"]).await;
    assert_ne!(Line::join(&other.sync_url(&day.facilitator)).await.storage, before);
}
