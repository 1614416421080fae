//! Two clients of either make edit one harvest: live, over a cut line, over the server's death.

use oogst_tests::day::Day;
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, PAIRS, Stock, converged, served};
use serde_json::json;

async fn pair(server: &Server, day: &Day, makes: (Make, Make)) -> (Stock, Stock) {
    let an = Stock::seat(makes.0, server, day, "An", 0).await;
    let bo = Stock::seat(makes.1, server, day, "Bo", 0).await;
    (an, bo)
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_either_make_find_edit_and_converge() {
    let server = Server::start().await;
    for makes in PAIRS {
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let (mut an, mut bo) = pair(&server, &day, makes).await;
        let first = an.add("De eerste").await;
        let document = converged(&mut [&mut an, &mut bo]).await;
        assert_eq!(document["kind"], "harvest");
        assert_eq!(document["question"], "Wie doet er mee?");
        assert_eq!(document["insights"][&first]["text"], "De eerste");

        bo.write(&first, 3, "aller").await;
        an.set(&first, "category", json!("tip")).await;
        let second = bo.add("De tweede 🌱").await;
        an.write(&first, 0, "Ja! ").await;
        let document = converged(&mut [&mut an, &mut bo]).await;
        assert_eq!(document["insights"][&first]["text"], "Ja! De allereerste", "{makes:?}");
        assert_eq!(document["insights"][&first]["category"], "tip");
        assert_eq!(document["insights"][&second]["text"], "De tweede 🌱");
        served(&server, &day, 0, &document).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_write_while_the_line_is_cut() {
    let server = Server::start().await;
    for makes in PAIRS {
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let (mut an, mut bo) = pair(&server, &day, makes).await;
        let shared = an.add("samen").await;
        converged(&mut [&mut an, &mut bo]).await;

        an.proxy.cut();
        let (alone, there) = (an.add("van An").await, bo.add("van Bo").await);
        an.write(&shared, 0, "links ").await;
        bo.write(&shared, 5, " rechts").await;
        an.proxy.restore();

        let document = converged(&mut [&mut an, &mut bo]).await;
        let insights = &document["insights"];
        assert_eq!(insights[&shared]["text"], "links samen rechts", "{makes:?}");
        assert_eq!(insights[&alone]["text"], "van An");
        assert_eq!(insights[&there]["text"], "van Bo");
        served(&server, &day, 0, &document).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_writes_on_while_the_server_is_killed_or_stopped() {
    for makes in PAIRS {
        let mut server = Server::start().await;
        let day = Day::open(&server, &["Wie doet er mee?"]).await;
        let (mut an, mut bo) = pair(&server, &day, makes).await;
        let shared = an.add("samen").await;
        converged(&mut [&mut an, &mut bo]).await;

        server.kill().await;
        an.write(&shared, 0, "links ").await;
        bo.write(&shared, 5, " rechts").await;
        server.restart().await;
        let document = converged(&mut [&mut an, &mut bo]).await;
        assert_eq!(document["insights"][&shared]["text"], "links samen rechts", "{makes:?}");

        let (code, took) = server.stop().await;
        assert_eq!(code, Some(0), "SIGTERM ends it well");
        assert!(took.as_secs() < 5, "SIGTERM took {took:?}");
        let later = an.add("onderweg").await;
        bo.set(&shared, "removed", json!(true)).await;
        server.restart().await;
        let document = converged(&mut [&mut an, &mut bo]).await;
        assert_eq!(document["insights"][&later]["text"], "onderweg");
        assert_eq!(document["insights"][&shared]["removed"], true);
        served(&server, &day, 0, &document).await;
    }
}
