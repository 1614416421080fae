//! The wall and the day's replay: what everybody sees at once, and that the past stays what it
//! was.

use std::time::Duration;

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use oogst_tests::chance::Chance;
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::server::{Server, program};
use oogst_tests::writers::{Ledger, Writers, room};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A state as it was read live, to be met again.
struct Moment {
    seq: u64,
    /// Of the wall, or of the group's harvest.
    of: Option<usize>,
    digest: [u8; 32],
}

/// A digest of what a wall or a document shows. Whether somebody writes at this moment belongs to
/// the clock, not to the state.
fn digest(mut state: Value) -> [u8; 32] {
    fn rest(value: &mut Value) {
        match value {
            Value::Object(entries) => {
                entries.remove("settled");
                entries.remove("quiet");
                entries.sort_keys();
                entries.values_mut().for_each(rest);
            }
            Value::Array(values) => values.iter_mut().for_each(rest),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    rest(&mut state);
    Sha256::digest(state.to_string()).into()
}

/// Reads the wall and a harvest as they are now.
async fn record(server: &Server, day: &Day, group: usize, moments: &mut Vec<Moment>) -> u64 {
    let wall = day.wall(server).await;
    let seq = wall["seq"].as_u64().unwrap();
    moments.push(Moment { seq, of: None, digest: digest(wall) });
    let (document, seq) = day.document(server, group).await;
    moments.push(Moment { seq, of: Some(group), digest: digest(document) });
    seq
}

/// Every recorded moment reads as it did then.
async fn met_again(server: &Server, day: &Day, moments: &[Moment], when: &str) {
    for moment in moments {
        let path = match moment.of {
            None => format!("/api/gatherings/{}/wall?at={}", day.id, moment.seq),
            Some(group) => {
                format!("/api/documents/{}?at={}", day.groups[group].harvest, moment.seq)
            }
        };
        let request = Request::new("GET", &path).token(&day.facilitator);
        let state = server.send(request).await.expect(200);
        assert_eq!(digest(state), moment.digest, "{when}: {path}");
    }
}

/// Keyframes of the views that are on disk.
fn keyframes(server: &Server) -> usize {
    fn below(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| match entry.path() {
                path if path.is_dir() => below(&path),
                path => usize::from(path.extension().is_some_and(|end| end == "keyframe")),
            })
            .sum()
    }
    below(server.data())
}

/// Goal: the wall and the documents at any moment of a busy day are what they were then: while it
/// goes on, after a crash, and after everything but the log was made again.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_26_the_past_reads_as_it_was_seen_live() {
    const EVENTS: u64 = 1_200;
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie doet er mee?", "Wat hebben we nodig?"]).await;
    let clients = room(&server, &day, 3, &Ledger::default()).await;
    let mut chance = Chance::of("row_002_26");
    let writers = Writers::start(clients, &mut chance);
    let mut moments = Vec::new();
    let mut group = 0;
    let begun = tokio::time::Instant::now();
    while record(&server, &day, group, &mut moments).await < EVENTS {
        group = 1 - group;
        assert!(begun.elapsed() < Duration::from_secs(240), "nobody writes");
        // Of all that is seen, some is met again while the day goes on.
        let some = moments.len() * 2 / 3;
        met_again(&server, &day, &moments[some.min(moments.len() - 1)..][..1], "live").await;
    }
    writers.gather().await;
    record(&server, &day, 0, &mut moments).await;
    assert!(keyframes(&server) > 2, "long enough a day for keyframes");
    // Not every one of them: a day has hundreds.
    let step = (moments.len() / 24).max(1);
    let moments: Vec<Moment> = moments.into_iter().step_by(step).collect();
    met_again(&server, &day, &moments, "at the end of the day").await;

    let history = day.get(&server, "/history?buckets=40").await.expect(200);
    let spans = history["buckets"].as_array().unwrap();
    assert!(spans.len() <= 40);
    for span in spans {
        let path = format!("/wall?at={}", span["seq"]);
        assert_eq!(day.get(&server, &path).await.expect(200)["seq"], span["seq"]);
    }

    server.kill().await;
    server.restart().await;
    met_again(&server, &day, &moments, "after a crash").await;

    let (code, _) = server.stop().await;
    assert_eq!(code, Some(0));
    let before = keyframes(&server);
    let rebuilt = std::process::Command::new(program())
        .args(["rebuild", "--data"])
        .arg(server.data())
        .output()
        .unwrap();
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    assert_eq!(keyframes(&server), before, "keyframes are a function of the log");
    server.restart().await;
    met_again(&server, &day, &moments, "after a rebuild").await;
}

/// Writes an item of the programme: its texts, as one change.
fn bring(client: &mut Client, home: &str, texts: &[(&str, &str)]) -> String {
    let item = Uuid::new_v4().to_string();
    client.edit(|document| {
        let home = object(document, &ROOT, home);
        let made = document.put_object(&home, &item, ObjType::Map).unwrap();
        for (key, words) in texts {
            let body = document.put_object(&made, *key, ObjType::Text).unwrap();
            document.splice_text(&body, 0, 0, words).unwrap();
        }
        document.put(&made, "position", "a0").unwrap();
    });
    item
}

/// Goal: each region's list is written by its own phones, and all lists stand on the wall at once.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_3_every_regions_questions_are_on_the_wall_at_once() {
    const REGIONS: [&str; 3] = ["Gent", "Waasland", "Kempen"];
    let server = Server::start().await;
    let day = Day::open(&server, &REGIONS).await;
    let path = format!("/api/gatherings/{}/documents", day.id);
    let body = json!({ "kind": "programme", "title": "Programma" });
    let looked = day.get(&server, "").await.expect(200);
    let documents = looked["documents"].as_array().unwrap().iter();
    let mut programmes = documents.filter(|document| document["kind"] == "programme");
    let programme = match programmes.next() {
        Some(programme) => text(&programme["id"]),
        None => {
            let request = Request::new("POST", &path).token(&day.facilitator).json(&body);
            text(&server.send(request).await.expect(201)["id"])
        }
    };
    let mut phones = Vec::new();
    for (place, region) in REGIONS.iter().enumerate() {
        for seat in 0..2 {
            let member = day.join(&server, &format!("{region} {seat}"), place).await;
            let client = Client::find(&server.sync_url(&member.token), &programme).await;
            phones.push((place, client));
        }
    }
    let mut asked = vec![Vec::new(); REGIONS.len()];
    for (place, client) in &mut phones {
        for number in 0..3 {
            let words = format!("Vraag {number} van {}", REGIONS[*place]);
            let texts = [("text", words.as_str()), ("region", REGIONS[*place])];
            asked[*place].push(bring(client, "questions", &texts));
        }
        client.speak().await;
    }
    for (_, client) in &mut phones {
        client.saved().await.unwrap();
    }
    // One phone goes on in the other's words.
    let (place, client) = &mut phones[1];
    let other = asked[*place][0].clone();
    while object_of(client, &other).is_none() {
        client.hear().await.unwrap();
    }
    client.edit(|document| {
        let questions = object(document, &ROOT, "questions");
        let question = object(document, &questions, &other);
        let body = object(document, &question, "text");
        document.splice_text(&body, 0, 0, "Samen: ").unwrap();
    });
    client.saved().await.unwrap();

    let wall = day.wall(&server).await;
    let regions = wall["regions"].as_array().unwrap();
    for (place, region) in REGIONS.iter().enumerate() {
        let list = regions.iter().find(|list| list["name"] == *region).unwrap();
        let questions = list["questions"].as_array().unwrap();
        let mut shown: Vec<_> = questions.iter().map(|question| text(&question["id"])).collect();
        let mut wanted = asked[place].clone();
        shown.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(shown, wanted, "{region}: the list of both its phones, and nobody else's");
    }
    let words = wall["regions"].to_string();
    assert!(words.contains("Samen: Vraag 0 van Gent"), "{words}");
    let past = day.get(&server, &format!("/wall?at={}", wall["seq"])).await.expect(200);
    assert_eq!(digest(past), digest(wall));
}

fn object_of(client: &Client, item: &str) -> Option<automerge::ObjId> {
    let questions = object(&client.document, &ROOT, "questions");
    Some(client.document.get(questions, item).unwrap()?.1)
}

/// Goal: what guests bring is told apart from what the group has itself, also in the past.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_7_what_comes_from_outside_is_told_apart() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Hoe bereiken we iedereen?"]).await;
    let an = day.join(&server, "An", 0).await;
    let mut own = Client::find(&server.sync_url(&an.token), &day.groups[0].harvest).await;
    own.add("Wij bellen aan");
    own.saved().await.unwrap();
    let guest = day.enter(&server, "Noor", "guest").await;
    day.place(&server, &guest, Some(0)).await;
    let mut outside = Client::find(&server.sync_url(&guest.token), &day.groups[0].harvest).await;
    for (words, category) in [
        ("Waarom niet eerst luisteren?", "question"),
        ("Ga naar de markt", "tip"),
        ("Bij ons", "good_example"),
    ] {
        let item = outside.add(words).to_string();
        outside.edit(|document| {
            let insights = object(document, &ROOT, "insights");
            let insight = object(document, &insights, &item);
            document.put(&insight, "category", category).unwrap();
        });
    }
    outside.saved().await.unwrap();
    let wall = day.wall(&server).await;
    let past = day.get(&server, &format!("/wall?at={}", wall["seq"])).await.expect(200);
    for wall in [&wall, &past] {
        let group = &wall["groups"][0];
        let insights = group["insights"].as_array().unwrap();
        let told: Vec<_> = insights
            .iter()
            .map(|insight| {
                let from_outside = insight["from_outside"].as_bool().unwrap();
                let by = if from_outside { &guest.id } else { &an.id };
                assert_eq!(insight["by"], *by);
                (from_outside, insight["category"].as_str())
            })
            .collect();
        assert_eq!(told.len(), 4);
        for category in [Some("question"), Some("tip"), Some("good_example")] {
            assert!(told.contains(&(true, category)), "{told:?}");
        }
        assert!(told.contains(&(false, None)));
        assert_eq!(group["counts"]["from_outside"], 3);
        assert_eq!(group["counts"]["languages"], json!({ "nl-BE": 4 }));
    }
}
