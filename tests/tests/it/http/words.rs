//! What people type is what everybody reads: on the wall, in the feed, in the past, in the export.

use oogst_tests::day::{Day, text};
use oogst_tests::http::{Request, Stream};
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged, served};
use serde_json::{Value, json};

/// The words of a harvest as they are typed: the level and the text.
const TYPED: [(usize, &str); 8] = [
    (0, "Eén loket, “warm” en dichtbij: café, theeën & co"),
    (1, "Zorg voor 'n gastheer (m/v/x)"),
    (2, "Über-duidelijk: <b>geen</b> jargon # ook niet - hier"),
    (1, "ﷺ العربية 🌻 türkçe"),
    (0, "* geen lijst, 1. geen nummer, \\ geen teken"),
    (0, "Wat werkt: vragen, luisteren, „samen” doen"),
    (1, "… en dan pas schrijven"),
    (0, "Slot ’s avonds"),
];

/// Types the words in order, letter by letter, and gives the items.
async fn type_all(stock: &mut Stock) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut above: Vec<String> = Vec::new();
    for (place, (level, words)) in TYPED.iter().enumerate() {
        let item = stock.add("").await;
        above.truncate(*level);
        stock.set(&item, "position", json!(format!("a{place}"))).await;
        if let Some(parent) = above.last() {
            stock.set(&item, "parent", json!(parent)).await;
        }
        stock.write(&item, 0, words).await;
        above.push(item.clone());
        items.push(item);
    }
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn the_export_is_what_was_typed() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Hoe bereik je wie niet komt?", ""]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Rust, &server, &day, "Bo", 1).await;
    let items = type_all(&mut an).await;
    let gone = an.add("weg ermee").await;
    an.set(&gone, "removed", json!(true)).await;
    bo.add("van de buren").await;
    for (stock, group) in [(&mut an, 0), (&mut bo, 1)] {
        let document = stock.document().await;
        served(&server, &day, group, &document).await;
    }

    let mut expected = String::from("# Startdag\n## Hoe bereik je wie niet komt?\n");
    for (level, words) in TYPED {
        expected.push_str(&format!("{}- {words}\n", "  ".repeat(level)));
    }
    expected.push_str("## Groep 2\n- van de buren\n");
    let answer = day.get(&server, "/export.md?attribution=none").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // Empty lines between are the writer's taste; the lines themselves are the contract.
    let lines: Vec<_> =
        answer.text().lines().filter(|l| !l.is_empty()).map(str::to_owned).collect();
    assert_eq!(lines.join("\n") + "\n", expected);

    let wall = day.wall(&server).await;
    let first = &wall["groups"][0];
    assert_eq!(first["question"], "Hoe bereik je wie niet komt?");
    assert_eq!(first["insights"][0]["id"], *items[0]);
    assert_eq!(first["insights"][0]["text"], TYPED[0].1);
    assert_eq!(first["insights"][0]["children"][0]["children"][0]["text"], TYPED[2].1);
    assert!(!wall.to_string().contains("weg ermee"), "what is removed is not on the wall");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_past_moment_can_be_read_again() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut moments: Vec<(u64, Value)> = vec![];
    for words in ["eerst", "toen", "later"] {
        an.add(words).await;
        let document = an.document().await;
        served(&server, &day, 0, &document).await;
        let (document, seq) = day.document(&server, 0).await;
        let wall = day.wall(&server).await;
        assert_eq!(wall["seq"], seq);
        moments.push((seq, document));
        let shown = wall["groups"][0]["insights"].as_array().unwrap().len();
        assert_eq!(shown, moments.len());
    }
    for (place, (seq, document)) in moments.iter().enumerate() {
        let path = format!("/api/documents/{}?at={seq}", day.groups[0].harvest);
        let answer = server.send(Request::new("GET", &path).token(&day.facilitator)).await;
        assert_eq!(answer.expect(200), *document, "as it was right after {seq}");
        let wall = day.get(&server, &format!("/wall?at={seq}")).await.expect(200);
        assert_eq!(wall["groups"][0]["insights"].as_array().unwrap().len(), place + 1);
    }
}

/// One line of the feed: its id, its event and its data.
async fn line(feed: &mut Stream) -> (u64, String, Value) {
    loop {
        let block = feed.block().await;
        let field = |name: &str| {
            let start = format!("{name}:");
            let line = block.iter().find(|line| line.starts_with(&start));
            line.map(|line| line[start.len()..].trim_start().to_owned())
        };
        if let (Some(id), Some(event), Some(data)) = (field("id"), field("event"), field("data")) {
            return (id.parse().unwrap(), event, serde_json::from_str(&data).unwrap());
        }
    }
}

async fn added(feed: &mut Stream, words: &str) -> u64 {
    loop {
        let (seq, event, data) = line(feed).await;
        assert_eq!((&data["seq"], &data["type"]), (&json!(seq), &json!(event)));
        if text_of(&data) == words {
            return seq;
        }
    }
}

fn text_of(data: &Value) -> String {
    data["state"]["text"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_gives_what_was_missed_and_then_what_happens() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let item = an.add("gemist").await;
    let document = an.document().await;
    served(&server, &day, 0, &document).await;

    // A browser's EventSource sends no headers: the token stands in the query.
    let path = format!("/api/gatherings/{}/feed?after=0&token={}", day.id, day.facilitator);
    let mut feed = Request::new("GET", &path).open(server.address).await.unwrap();
    assert_eq!(feed.status, 200);
    let missed = added(&mut feed, "gemist").await;
    an.add("nu pas").await;
    let live = added(&mut feed, "nu pas").await;
    assert!(live > missed);

    let path = format!("/api/gatherings/{}/feed", day.id);
    let request = Request::new("GET", &path).token(&day.facilitator);
    let request = request.header("last-event-id", &missed.to_string());
    let mut resumed = request.open(server.address).await.unwrap();
    let (seq, event, data) = line(&mut resumed).await;
    assert_eq!(seq, live, "the first line after what had come");
    assert_eq!(event, "insight.added");
    assert_eq!(data["participant"]["name"], "An");
    assert_eq!(data["participant"]["id"], *an.author());
    assert_eq!(data["group"], *day.groups[0].id);
    assert_eq!(data["document"], *day.groups[0].harvest);
    assert_eq!(data["excerpt"], "nu pas");

    let events = day.events(&server).await;
    let lines: Vec<_> = events.iter().filter(|line| line["item"] == *item).collect();
    assert_eq!(lines[0]["type"], "insight.added");
    assert_eq!(lines[0]["seq"], missed);
    let kinds: Vec<_> = events.iter().map(|line| text(&line["type"])).collect();
    for kind in ["gathering.prepared", "document.opened", "participant.joined"] {
        assert!(kinds.iter().any(|found| found == kind), "{kind} in {kinds:?}");
    }
}

/// The wish behind row 002-8, small: several type at once, lines break, and nothing is missing.
#[tokio::test(flavor = "multi_thread")]
async fn two_at_one_table_type_at_once_and_the_export_has_every_word() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
    bo.proxy.cut();
    let items = type_all(&mut an).await;
    let alone = bo.add("onderweg getypt").await;
    bo.set(&alone, "position", json!("b0")).await;
    bo.proxy.restore();
    converged(&mut [&mut an, &mut bo]).await;
    let export = day.get(&server, "/export.md").await.text();
    for (level, words) in TYPED.iter().chain([&(0, "onderweg getypt")]) {
        let line = format!("{}- {words}", "  ".repeat(*level));
        assert_eq!(export.lines().filter(|found| *found == line).count(), 1, "{line}");
    }
    assert_eq!(
        items.len() + 1,
        export.lines().filter(|l| l.trim_start().starts_with("- ")).count()
    );
}
