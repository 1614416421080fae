//! How the day is conducted: blocks, clocks, guests, and who comes back.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use oogst_protocol::time::Timestamp;
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::Server;
use oogst_tests::wait::until;
use serde_json::{Value, json};
use uuid::Uuid;

async fn get(server: &Server, path: &str, token: &str) -> Answer {
    server.send(Request::new("GET", path).token(token)).await
}

async fn join(server: &Server, day: &Day, role: &str, name: &str) -> Answer {
    let body = json!({ "code": day.codes[role], "name": name });
    server.send(Request::new("POST", "/api/join").json(&body)).await
}

fn clock() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap())
}

/// The programme's document.
pub(super) async fn programme(server: &Server, day: &Day) -> String {
    let seen = day.get(server, "").await.expect(200);
    let documents = seen["documents"].as_array().unwrap();
    let found = documents.iter().find(|document| document["kind"] == "programme").unwrap();
    text(&found["id"])
}

/// Adds an item with a text under a map of the programme, and waits until it is saved.
async fn add(client: &mut Client, map: &str, words: &str) -> String {
    let item = Uuid::new_v4().to_string();
    client.edit(|document| {
        let items = object(document, &ROOT, map);
        let added = document.put_object(&items, &item, ObjType::Map).unwrap();
        let key = if map == "blocks" { "title" } else { "text" };
        let body = document.put_object(&added, key, ObjType::Text).unwrap();
        document.splice_text(&body, 0, 0, words).unwrap();
        document.put(&added, "position", "a0").unwrap();
    });
    client.saved().await.unwrap();
    item
}

/// Goal: ten guests come after noon and sit two by two with the five groups; they see learning
/// question and harvest, give something, and are out the moment that their time is over, with
/// what they gave still theirs.
/// Method: the guests' code before and after they are let in; then an end is set that passes.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_6_ten_guests_are_spread_over_five_groups_until_their_time_is_over() {
    let server = Server::start().await;
    let questions = ["Wie?", "Wat?", "Waar?", "Wanneer?", "Waarom?"];
    let day = Day::open(&server, &questions).await;
    for (place, seats) in [3, 1, 2, 0, 1].into_iter().enumerate() {
        for seat in 0..seats {
            day.join(&server, &format!("An {place}.{seat}"), place).await;
        }
    }
    assert_eq!(join(&server, &day, "guest", "Vroeg").await.expect(202), json!({ "starts": null }));
    let noon = json!({ "state": "expected", "starts": "2030-11-21T12:00:00.000Z" });
    day.conduct(&server, "/guests", &noon).await.expect(200);
    let waits = join(&server, &day, "guest", "Vroeg").await.expect(202);
    assert_eq!(waits["starts"], noon["starts"]);

    day.conduct(&server, "/guests", &json!({ "state": "admitted" })).await.expect(200);
    let mut guests = Vec::new();
    for number in 0..10 {
        guests.push(join(&server, &day, "guest", &format!("Gast {number}")).await.expect(200));
    }
    let seen = day.get(&server, "").await.expect(200);
    let people = seen["participants"].as_array().unwrap();
    for group in &day.groups {
        let there = people.iter().filter(|who| who["role"] == "guest" && who["group"] == *group.id);
        assert_eq!(there.count(), 2, "{people:?}");
    }

    // They see the learning question and write in their own group's harvest.
    let guest = &guests[0];
    let (id, token) = (text(&guest["participant"]["id"]), text(&guest["token"]));
    let own = day.groups.iter().position(|group| guest["participant"]["group"] == *group.id);
    let own = own.unwrap();
    let harvest = format!("/api/documents/{}", day.groups[own].harvest);
    assert_eq!(get(&server, &harvest, &token).await.expect(200)["question"], questions[own]);
    let url = server.sync_url(&token);
    let mut client = Client::find(&url, &day.groups[own].harvest).await;
    client.add("Vraag het eerst aan de buren");
    client.saved().await.unwrap();
    let path = format!("/api/gatherings/{}/feed?token={token}", day.id);
    let mut feed = Request::new("GET", &path).open(server.address).await.unwrap();

    // Their time ends by the server's clock, and nobody has to do anything for it.
    let conduct = day.get(&server, "/conduct").await.expect(200);
    let now: Timestamp = text(&conduct["now"]).parse().unwrap();
    let soon = Timestamp::from_milliseconds(now.milliseconds() + 1_500).to_string();
    let end = json!({ "state": "admitted", "until": soon });
    day.conduct(&server, "/guests", &end).await.expect(200);
    assert_eq!(client.line().end().await.code, Some(4401));
    while feed.piece().await.unwrap().is_some() {}
    for path in [format!("/api/gatherings/{}", day.id), harvest] {
        assert!(matches!(get(&server, &path, &token).await.status, 401 | 404), "{path}");
    }
    let words = json!({ "return_code": guest["return_code"] });
    server.send(Request::new("POST", "/api/return").json(&words)).await.expect(404);
    join(&server, &day, "guest", "Laat").await.expect(404);

    let after = day.get(&server, "").await.expect(200);
    assert_eq!(after["conduct"]["guests"], json!({ "state": "dismissed" }));
    let people = after["participants"].as_array().unwrap();
    assert!(people.iter().all(|who| who["role"] != "guest"), "{people:?}");
    let lines = day.events(&server).await;
    let over = lines.iter().find(|line| line["type"] == "guests.dismissed").unwrap();
    assert_eq!(over["participant"], Value::Null, "the server's own act");
    assert!(text(&over["at"]) >= soon);
    let given = lines.iter().find(|line| line["type"] == "insight.added").unwrap();
    assert_eq!(given["participant"], json!({ "id": id, "name": "Gast 0", "role": "guest" }));
    assert_eq!(day.wall(&server).await["groups"][own]["insights"][0]["from_outside"], true);
}

/// Goal: an expert of one block is out when it ends, by the clock, also where the server was not
/// running at that moment.
/// Method: the guest's hours end while the server is stopped.
#[tokio::test(flavor = "multi_thread")]
async fn row_000_7_a_guests_time_ends_while_the_server_is_down() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie?"]).await;
    let guest = day.enter(&server, "Gust", "guest").await;
    let conduct = day.get(&server, "/conduct").await.expect(200);
    let now: Timestamp = text(&conduct["now"]).parse().unwrap();
    let soon = Timestamp::from_milliseconds(now.milliseconds() + 5_000).to_string();
    let end = json!({ "state": "admitted", "until": soon });
    day.conduct(&server, "/guests", &end).await.expect(200);
    let path = format!("/api/gatherings/{}", day.id);
    server.stop().await;
    let passed = || async { (clock() > soon.parse().unwrap()).then_some(()) };
    until("the guest's time is over", passed).await;
    server.restart().await;
    assert_eq!(get(&server, &path, &guest.token).await.status, 404, "from the first request on");
    let after = day.get(&server, "/conduct").await.expect(200);
    assert_ne!(after["guests"]["state"], "expected");
}

/// Goal: a talk with questions: whoever reads the day back finds the talk's beginning, the
/// questions in the order and at the minute in which they were asked, and its end.
/// Method: two members ask over their own sockets while the block runs; one asks after it.
#[tokio::test(flavor = "multi_thread")]
async fn row_001_3_a_talk_and_its_questions_read_back_in_their_order() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie?"]).await;
    let document = programme(&server, &day).await;
    let mut facilitator = Client::find(&server.sync_url(&day.facilitator), &document).await;
    let talk = add(&mut facilitator, "blocks", "Gastspreker: samen beslissen").await;
    let rest = add(&mut facilitator, "blocks", "Pauze").await;
    let mut asking = Vec::new();
    for name in ["An", "Bo"] {
        let member = day.join(&server, name, 0).await;
        asking.push(Client::find(&server.sync_url(&member.token), &document).await);
    }
    let start = |block: &str| format!("/blocks/{block}/started");
    let started = day.conduct(&server, &start(&talk), &Value::Null).await.expect(200);
    assert_eq!(started["running"], *talk);
    let mut asked = Vec::new();
    for (place, words) in
        ["Wie betaalt dat?", "Werkt het ook klein?", "Doordenken: loten"].into_iter().enumerate()
    {
        asked.push(add(&mut asking[place % 2], "questions", words).await);
    }
    // The next block ends the talk.
    let after = day.conduct(&server, &start(&rest), &Value::Null).await.expect(200);
    let late = add(&mut asking[0], "questions", "Nog iets").await;
    let times = after["blocks"].as_array().unwrap();
    let of = |block: &str| times.iter().find(|times| times["id"] == *block).unwrap();
    assert_eq!(of(&talk)["ended"], of(&rest)["started"]);

    let lines = day.events(&server).await;
    let told = lines.iter().filter(|line| {
        let kind = text(&line["type"]);
        kind == "region_question.added" || kind == "block.started" || kind == "block.ended"
    });
    let told: Vec<_> = told.collect();
    let order: Vec<_> =
        told.iter().map(|line| (text(&line["type"]), text(&line["item"]))).collect();
    let line = |kind: &str, item: &String| (kind.to_owned(), item.clone());
    let mut wanted = vec![line("block.started", &talk)];
    wanted.extend(asked.iter().map(|item| line("region_question.added", item)));
    wanted.extend([line("block.ended", &talk), line("block.started", &rest)]);
    wanted.push(line("region_question.added", &late));
    assert_eq!(order, wanted);
    // The minute of the talk: each line's time, from the time that the block began.
    let moments: Vec<Timestamp> =
        told.iter().map(|line| text(&line["at"]).parse().unwrap()).collect();
    assert!(moments.is_sorted());
    assert_eq!(text(&of(&talk)["started"]).parse::<Timestamp>().unwrap(), moments[0]);
}

/// Goal: a clock shows the same remainder on every screen, also on one that comes in later.
/// Method: every role asks how the day goes; the feed tells each of them that a clock started.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_is_the_same_on_every_screen() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Wie?", "Wat?"]).await;
    let an = day.join(&server, "An", 0).await;
    let eye = day.enter(&server, "Oog", "observer").await;
    let scope = json!({ "kind": "group", "id": day.groups[1].id });
    let start = json!({ "scope": scope, "seconds": 240 });
    let started = day.conduct(&server, "/timer", &start).await.expect(200);
    let timer = &started["timers"][0];
    assert_eq!((&timer["scope"], &timer["seconds"]), (&scope, &json!(240)));
    assert!(text(&timer["started"]) <= text(&started["now"]), "by one and the same clock");
    let again = day.conduct(&server, "/timer", &start).await.expect(200);
    assert_eq!(again["timers"][0], *timer, "a repeat changes nothing");
    let late = day.enter(&server, "Later", "participant").await;
    for token in [&an.token, &eye.token, &late.token, &day.facilitator] {
        let path = format!("/api/gatherings/{}/conduct", day.id);
        assert_eq!(get(&server, &path, token).await.expect(200)["timers"], json!([timer]));
    }
    let lines = day.events(&server).await;
    let told: Vec<_> = lines.iter().filter(|line| line["type"] == "timer.started").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["at"], timer["started"]);
}

/// Goal: four words bring the same person back on another day, to a gathering that was closed
/// and opened again in between.
#[tokio::test(flavor = "multi_thread")]
async fn four_words_open_the_door_on_another_day() {
    let mut server = Server::start().await;
    let day = Day::open(&server, &["Wie?"]).await;
    let an = day.join(&server, "An", 0).await;
    let path = format!("/api/gatherings/{}", day.id);
    let set = |status: &str| {
        let body = json!({ "status": status });
        Request::new("PATCH", &path).token(&day.facilitator).json(&body)
    };
    server.send(set("closed")).await.expect(200);
    server.stop().await;
    server.restart().await;
    let words = json!({ "return_code": an.return_code });
    let come_back = || Request::new("POST", "/api/return").json(&words);
    let back = server.send(come_back()).await.expect(200);
    assert_eq!(back["participant"]["id"], *an.id);
    assert_eq!(back["gathering"]["status"], "closed");
    server.send(set("open")).await.expect(200);
    let back = server.send(come_back()).await.expect(200);
    assert_eq!(back["participant"]["group"], *day.groups[0].id);
    let url = server.sync_url(&text(&back["token"]));
    let mut client = Client::find(&url, &day.groups[0].harvest).await;
    client.add("Ik ben er weer");
    client.saved().await.unwrap();
}
