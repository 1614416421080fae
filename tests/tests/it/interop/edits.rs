//! Nothing that a stock client makes of a well-formed edit is refused.

use oogst_tests::day::Day;
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged, served};
use oogst_tests::wait::until;
use serde_json::{Value, json};

/// A page of text with letters of one, two and four bytes, `characters` UTF-16 units long.
fn page(seed: usize, characters: usize) -> String {
    let words = ["geleerd ", "ideeën ", "café ", "samen ", "übung ", "vraag ", "oogst ", "\n"];
    let mut text = String::new();
    let mut place = seed;
    let mut length = 0;
    while length + 8 < characters {
        text.push_str(words[place % words.len()]);
        length += words[place % words.len()].chars().count();
        place = place * 31 + 7;
        place %= 10_007;
    }
    text.push_str(&"x".repeat(characters - length));
    text
}

/// Waits until the server has named all that the client holds.
async fn saved(stock: &mut Stock, what: &str) {
    let node = tokio::sync::Mutex::new(stock.js());
    until(&format!("saved: {what}"), || async {
        let saved = node.lock().await.ask("saved", json!({})).await;
        (saved == Value::Bool(true)).then_some(())
    })
    .await;
}

async fn ask(stock: &mut Stock, request: &str, fields: Value) -> Value {
    stock.js().ask(request, fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_pasting_undoing_and_older_states_are_all_taken() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Rust, &server, &day, "Bo", 0).await;
    let lines = an.proxy.carried();
    let item = an.add("").await;
    let path = json!(["insights", item, "text"]);

    let typed = "Eén zin, letter voor letter getypt, met “aanhalingstekens” en 🌻. ".repeat(4);
    ask(&mut an, "type", json!({ "path": path, "text": typed })).await;
    saved(&mut an, "typing letter by letter").await;

    let fields = json!({ "path": path, "index": 0, "remove": 0, "text": page(1, 20_000) });
    ask(&mut an, "splice", fields).await;
    saved(&mut an, "pasting 20,000 characters").await;
    let length = an.text(&item).await.unwrap().encode_utf16().count();
    let fields = json!({ "path": path, "index": 0, "remove": length, "text": page(2, 20_000) });
    ask(&mut an, "splice", fields).await;
    saved(&mut an, "replacing them in one change").await;
    let revised = page(2, 20_000).replace("vraag", "leervraag");
    ask(&mut an, "update", json!({ "path": path, "text": revised })).await;
    saved(&mut an, "updating them by the difference").await;

    let heads = ask(&mut an, "heads", json!({})).await;
    let fields = json!({ "path": path, "index": 4, "remove": 9, "text": "spijt" });
    ask(&mut an, "splice", fields).await;
    an.set(&item, "category", json!("tip")).await;
    saved(&mut an, "before the undo").await;
    ask(&mut an, "undo", json!({ "heads": heads })).await;
    saved(&mut an, "an undo").await;
    assert_eq!(an.text(&item).await.unwrap(), revised);

    ask(&mut an, "splice", json!({ "path": path, "index": 0, "remove": 0, "text": "later " }))
        .await;
    saved(&mut an, "before the edit of an older state").await;
    let fields =
        json!({ "path": path, "heads": heads, "index": 0, "remove": 1, "text": "eerder " });
    ask(&mut an, "change_at", fields).await;
    saved(&mut an, "an edit of an older state").await;

    let document = converged(&mut [&mut an, &mut bo]).await;
    served(&server, &day, 0, &document).await;
    assert_eq!(an.proxy.carried(), lines, "the server never closed the socket");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_and_immutable_strings_are_both_taken() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Rust, &server, &day, "Bo", 0).await;
    let item = an.add("oud").await;
    let parent = bo.add("ouder").await;
    converged(&mut [&mut an, &mut bo]).await;
    let author = an.author().to_owned();
    let lines = an.proxy.carried();

    // A plain string of the JS library is a new text object, an immutable one a scalar.
    let edits = [
        ("text", json!("heel vervangen")),
        ("category", json!("tool")),
        ("category", json!({ "immutable": "tip" })),
        ("category", json!("success_factor")),
        ("position", json!({ "immutable": "b1" })),
        ("position", json!("b2")),
        ("parent", json!(parent)),
        ("parent", json!({ "immutable": parent })),
        ("parent", Value::Null),
        ("language", json!("ar")),
        ("highlight", json!(true)),
        ("highlight", json!(false)),
        ("removed", json!(true)),
        ("removed", json!(false)),
        ("author", json!({ "immutable": author })),
        ("created", json!(1_795_256_103_120_i64)),
        ("ext", json!({ "kleur": "geel", "maten": { "breed": 2.5 } })),
        ("source", json!({ "place": "Gent", "country": "BE", "url": "https://example.org" })),
        ("translations", json!({ "fr": { "text": "remplacé", "by": "person" } })),
        ("supports", json!({ (an.author()): true })),
    ];
    for (key, value) in edits {
        let path = json!(["insights", item, key]);
        ask(&mut an, "set", json!({ "path": path, "value": value })).await;
        saved(&mut an, &format!("{key} = {value}")).await;
        assert_eq!(an.proxy.carried(), lines, "{key} = {value} closed the socket");
    }
    let path = json!(["insights", item, "supports", an.author()]);
    ask(&mut an, "remove", json!({ "path": path })).await;
    saved(&mut an, "support taken back").await;
    for (key, text) in [("title", "Onze oogst"), ("question", "Wie doet er nog mee?")] {
        ask(&mut an, "update", json!({ "path": [key], "text": text })).await;
        saved(&mut an, key).await;
    }
    let document = converged(&mut [&mut an, &mut bo]).await;
    assert_eq!(document["insights"][&item]["text"], "heel vervangen");
    assert_eq!(document["title"], "Onze oogst");
    served(&server, &day, 0, &document).await;
    assert_eq!(an.proxy.carried(), lines, "the server never closed the socket");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_day_offline_arrives_whole() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let mut an = Stock::seat(Make::Js, &server, &day, "An", 0).await;
    let mut bo = Stock::seat(Make::Js, &server, &day, "Bo", 0).await;
    an.add("vertrek").await;
    converged(&mut [&mut an, &mut bo]).await;

    an.proxy.cut();
    for (stock, edits, seed) in [(&mut an, 2_000, 7), (&mut bo, 200, 8)] {
        let ids: Vec<_> = (0..40).map(|_| uuid::Uuid::new_v4().to_string()).collect();
        let author = stock.author().to_owned();
        let fields = json!({ "edits": edits, "seed": seed, "author": author, "ids": ids });
        ask(stock, "work", fields).await;
    }
    an.proxy.restore();
    let document = converged(&mut [&mut an, &mut bo]).await;
    saved(&mut an, "two thousand edits").await;
    let changes = ask(&mut an, "changes", json!({})).await.as_u64().unwrap();
    assert!(changes > 2_000, "{changes} changes");
    served(&server, &day, 0, &document).await;
    let lines = an.proxy.carried();
    an.add("thuis").await;
    converged(&mut [&mut an, &mut bo]).await;
    assert_eq!(an.proxy.carried(), lines, "the server took it all and kept the socket");
}
