//! Row X-5: one person spoils every group's harvest, and one call undoes it.

use std::collections::BTreeMap;

use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, shows};
use serde_json::{Value, json};

const GROUPS: usize = 5;

/// A group's harvest as it should be, and who sits there.
struct Table {
    stock: Stock,
    /// What each insight reads: these pieces, in the order that concurrent edits came to.
    good: BTreeMap<String, Vec<String>>,
}

impl Table {
    /// A group at work: four insights, one of them sorted.
    async fn set(server: &Server, day: &Day, group: usize) -> Self {
        let make = if group == 0 { Make::Js } else { Make::Rust };
        let mut stock = Stock::seat(make, server, day, &format!("An {group}"), group).await;
        let mut good = BTreeMap::new();
        for number in 0..4 {
            let words = format!("inzicht {number} van tafel {group} 🌾");
            good.insert(stock.add(&words).await, vec![words]);
        }
        let first = good.keys().next().unwrap().clone();
        stock.set(&first, "category", json!("tip")).await;
        Self { stock, good }
    }

    /// Puts a word before an insight's text.
    async fn begin_with(&mut self, item: &str, word: &str) {
        self.stock.splice(item, 0, 0, word).await;
        self.good.get_mut(item).unwrap().push(word.to_owned());
    }

    /// Writes on: a word in each insight, and a new one.
    async fn write_on(&mut self, word: &str) {
        for item in self.good.keys().cloned().collect::<Vec<_>>() {
            self.begin_with(&item, word).await;
        }
        let words = format!("{word}en nog een");
        self.good.insert(self.stock.add(&words).await, vec![words]);
    }

    /// Whether an insight reads as it should.
    fn is_good(&self, item: &str, words: &str) -> bool {
        let pieces = &self.good[item];
        let length: usize = pieces.iter().map(String::len).sum();
        length == words.len() && pieces.iter().all(|piece| words.contains(piece))
    }
}

async fn revert(server: &Server, day: &Day, who: &str, token: &str, body: &Value) -> Answer {
    let path = format!("/api/gatherings/{}/participants/{who}/revert", day.id);
    server.send(Request::new("POST", &path).token(token).json(body)).await
}

/// Goes from group to group, and spoils what is there in every way that there is.
async fn rage(server: &Server, day: &Day, vandal: &Member, tables: &mut [Table]) {
    let mut stock = Stock::start(Make::Js, server, vandal).await;
    for (group, table) in tables.iter_mut().enumerate() {
        day.place(server, vandal, Some(group)).await;
        assert!(stock.find(&day.groups[group].harvest).await);
        let items: Vec<String> = table.good.keys().cloned().collect();
        for item in &items {
            shows(&mut stock, item, &table.good[item][0]).await;
        }
        for item in &items {
            stock.set(item, "removed", json!(true)).await;
        }
        let length = table.good[&items[0]][0].encode_utf16().count();
        stock.splice(&items[0], 0, length, "").await;
        stock.splice(&items[1], 3, 4, "PLAT").await;
        stock.set(&items[2], "text", json!("WEG ERMEE")).await;
        stock.set(&items[0], "category", Value::Null).await;
        let rubbish = stock.add("ROMMEL").await;
        table.begin_with(&items[3], "intussen ").await;
        // All of it has come to the others, so it is in the log.
        for (item, spoilt) in [(&items[0], ""), (&items[2], "WEG ERMEE"), (&rubbish, "ROMMEL")] {
            shows(&mut table.stock, item, spoilt).await;
        }
    }
    stock.stop().await;
}

/// Waits until client and server hold what is good, and nothing else; gives the document.
async fn until_good(server: &Server, day: &Day, group: usize, table: &mut Table) -> Value {
    let mut round = 0;
    loop {
        let document = day.document(server, group).await.0;
        let insights = document["insights"].as_object().unwrap().iter();
        let live = insights.filter(|(_, insight)| insight["removed"] != true);
        let live: BTreeMap<&String, String> =
            live.map(|(item, insight)| (item, text(&insight["text"]))).collect();
        let good = live
            .iter()
            .all(|(item, words)| table.good.contains_key(*item) && table.is_good(item, words));
        if good && live.len() == table.good.len() && table.stock.document().await == document {
            return document;
        }
        round += 1;
        assert!(round < 1_000, "{document:#} is not {:#?}", table.good);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_x_5_one_call_undoes_a_vandal_in_five_groups_and_keeps_what_others_write() {
    let server = Server::start().await;
    let questions: Vec<String> = (0..GROUPS).map(|group| format!("Vraag {group}?")).collect();
    let questions: Vec<&str> = questions.iter().map(String::as_str).collect();
    let day = Day::open(&server, &questions).await;
    let mut tables = Vec::new();
    for group in 0..GROUPS {
        tables.push(Table::set(&server, &day, group).await);
    }
    let vandal = day.enter(&server, "Vik", "participant").await;
    rage(&server, &day, &vandal, &mut tables).await;

    let from_the_start = json!({ "from": 1 });
    let refused = revert(&server, &day, &vandal.id, &vandal.token, &from_the_start).await;
    assert_eq!(refused.status, 403, "not with a participant's token: {}", refused.text());
    let before = day.get(&server, "").await.expect(200)["seq"].as_u64().unwrap();

    // One action, while everybody writes.
    let undone = async {
        revert(&server, &day, &vandal.id, &day.facilitator, &from_the_start).await.expect(200)
    };
    let writing = async {
        for table in &mut tables {
            table.write_on("goed ").await;
        }
    };
    let (undone, ()) = tokio::join!(undone, writing);
    assert_eq!(undone["documents"].as_array().unwrap().len(), GROUPS);
    for document in undone["documents"].as_array().unwrap() {
        assert_eq!((&document["undone"], &document["left"]), (&json!(true), &json!([])));
        assert_eq!(document["items"].as_array().unwrap().len(), 5, "{document}");
    }

    for (group, table) in tables.iter_mut().enumerate() {
        let document = until_good(&server, &day, group, table).await;
        let first = table.good.keys().find(|item| document["insights"][*item]["category"] == "tip");
        assert!(first.is_some(), "the category is back");
    }

    let seen = day.get(&server, "").await.expect(200);
    let mut people = seen["participants"].as_array().unwrap().iter();
    let facilitator = people.find(|found| found["role"] == "facilitator").unwrap();
    let lines = day.events(&server).await;
    let restored = lines.iter().filter(|line| {
        let is_theirs = line["participant"]["id"] == facilitator["id"];
        let is_new = line["seq"].as_u64().unwrap() > before;
        is_new && is_theirs && line["type"] == "insight.restored"
    });
    assert_eq!(restored.count(), 4 * GROUPS, "the log shows who undid it");

    let again = revert(&server, &day, &vandal.id, &day.facilitator, &from_the_start).await;
    let again = again.expect(200);
    assert_eq!((&again["changes"], &again["documents"]), (&json!(0), &json!([])), "done once");
}

/// What is locked is named and left, and the same request does the rest once it is unlocked.
#[tokio::test(flavor = "multi_thread")]
async fn row_x_5_a_locked_harvest_waits_for_its_turn() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wat?", "Hoe?"]).await;
    let mut an = Stock::seat(Make::Rust, &server, &day, "An", 0).await;
    let item = an.add("blijft").await;
    let vandal = day.join(&server, "Vik", 0).await;
    let mut stock = Stock::start(Make::Rust, &server, &vandal).await;
    assert!(stock.find(&day.groups[0].harvest).await);
    shows(&mut stock, &item, "blijft").await;
    stock.splice(&item, 0, 6, "weg").await;
    shows(&mut an, &item, "weg").await;
    day.freeze(&server, 0, true).await;
    let whole = json!({ "from": "2020-01-01T00:00:00Z" });
    let ask =
        async || revert(&server, &day, &vandal.id, &day.facilitator, &whole).await.expect(200);
    let locked = ask().await;
    assert_eq!((&locked["changes"], &locked["documents"][0]["undone"]), (&json!(0), &json!(false)));
    assert!(text(&locked["documents"][0]["why"]).contains("locked"));
    assert_eq!(an.text(&item).await.as_deref(), Some("weg"));
    day.freeze(&server, 0, false).await;
    assert_eq!(ask().await["documents"][0]["undone"], true);
    shows(&mut an, &item, "blijft").await;
    // What comes after a span is not in it.
    let after = json!({ "from": "2020-01-01T00:00:00Z", "to": 3 });
    let nothing = revert(&server, &day, an.author(), &day.facilitator, &after).await.expect(200);
    assert_eq!(nothing["documents"], json!([]));
    let nobody = revert(&server, &day, &day.id, &day.facilitator, &whole).await;
    assert_eq!(nobody.status, 404, "{}", nobody.text());
}
