//! Row 002-9: a subtree that two move while a third edits in it ends as one subtree.

use std::collections::BTreeMap;

use oogst_tests::day::{Day, text};
use oogst_tests::server::Server;
use oogst_tests::stock::{Make, Stock, converged};
use serde_json::{Value, json};

/// Each insight on the wall with the texts above it, outermost first.
fn places(wall: &Value) -> BTreeMap<String, Vec<String>> {
    fn walk(found: &mut BTreeMap<String, Vec<String>>, insights: &Value, above: &[String]) {
        for insight in insights.as_array().unwrap() {
            let words = text(&insight["text"]);
            let again = found.insert(words.clone(), above.to_vec());
            assert!(again.is_none(), "`{words}` stands twice on the wall");
            walk(found, &insight["children"], &[above, &[words]].concat());
        }
    }
    let mut found = BTreeMap::new();
    for group in wall["groups"].as_array().unwrap() {
        walk(&mut found, &group["insights"], &[]);
    }
    found
}

async fn nest(stock: &mut Stock, words: &str, parent: Option<&String>) -> String {
    let item = stock.add(words).await;
    if let Some(parent) = parent {
        stock.set(&item, "parent", json!(parent)).await;
    }
    item
}

async fn table(server: &Server, day: &Day) -> [Stock; 3] {
    [
        Stock::seat(Make::Js, server, day, "An", 0).await,
        Stock::seat(Make::Rust, server, day, "Bo", 0).await,
        Stock::seat(Make::Js, server, day, "Cil", 0).await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subtree_that_two_move_while_a_third_edits_in_it_stays_one() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let [mut an, mut bo, mut cil] = table(&server, &day).await;
    let left = nest(&mut an, "links", None).await;
    let right = nest(&mut an, "rechts", None).await;
    let moved = nest(&mut an, "tak", None).await;
    let twig = nest(&mut an, "twijg", Some(&moved)).await;
    nest(&mut an, "blad", Some(&twig)).await;
    converged(&mut [&mut an, &mut bo, &mut cil]).await;

    for stock in [&an, &bo, &cil] {
        stock.proxy.cut();
    }
    an.set(&moved, "parent", json!(left)).await;
    bo.set(&moved, "parent", json!(right)).await;
    cil.write(&twig, 5, " groeit").await;
    nest(&mut cil, "knop", Some(&twig)).await;
    for stock in [&an, &bo, &cil] {
        stock.proxy.restore();
    }

    let document = converged(&mut [&mut an, &mut bo, &mut cil]).await;
    let winner = text(&document["insights"][&moved]["parent"]);
    let above = text(&document["insights"][&winner]["text"]);
    assert!(winner == left || winner == right, "one of the two moves won");
    let wall = places(&day.wall(&server).await);
    let branch = vec![above.clone(), "tak".to_owned()];
    let tip = [branch.clone(), vec!["twijg groeit".to_owned()]].concat();
    assert_eq!(wall["tak"], branch[..1], "the subtree has one place");
    assert_eq!(wall["twijg groeit"], branch, "with the edit in it");
    assert_eq!(wall["blad"], tip, "with what was in it");
    assert_eq!(wall["knop"], tip, "with what was added in it");
    assert_eq!(wall.len(), 6, "{wall:?}");

    let export = day.get(&server, "/export.md").await.text();
    for line in ["  - tak", "    - twijg groeit", "      - blad", "      - knop"] {
        assert_eq!(export.lines().filter(|found| *found == line).count(), 1, "{line}:\n{export}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_moves_into_each_other_make_no_cycle() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?"]).await;
    let [mut an, mut bo, mut cil] = table(&server, &day).await;
    let ying = nest(&mut an, "ying", None).await;
    let yang = nest(&mut an, "yang", None).await;
    nest(&mut an, "in ying", Some(&ying)).await;
    nest(&mut an, "in yang", Some(&yang)).await;
    converged(&mut [&mut an, &mut bo, &mut cil]).await;

    an.proxy.cut();
    bo.proxy.cut();
    an.set(&ying, "parent", json!(yang)).await;
    bo.set(&yang, "parent", json!(ying)).await;
    cil.write(&ying, 4, "!").await;
    an.proxy.restore();
    bo.proxy.restore();

    converged(&mut [&mut an, &mut bo, &mut cil]).await;
    let wall = places(&day.wall(&server).await);
    assert_eq!(wall.len(), 4, "each once, none lost: {wall:?}");
    assert_eq!(wall["in ying"].last().unwrap(), "ying!");
    assert_eq!(wall["in yang"].last().unwrap(), "yang");
    let export = day.get(&server, "/export.md").await.text();
    let bullets = export.lines().filter(|line| line.trim_start().starts_with("- ")).count();
    assert_eq!(bullets, 4, "{export}");
}
