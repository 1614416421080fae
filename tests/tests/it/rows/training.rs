//! Rows about a gathering that begins with a kind of day, and about a training's places.

use automerge::ROOT;
use automerge::transaction::Transactable;
use oogst_tests::client::{Client, object};
use oogst_tests::day::text;
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::archives::run;

async fn open(server: &Server, body: &Value) -> Answer {
    let request = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(body);
    server.send(request).await
}

async fn get(server: &Server, path: &str, opened: &Value) -> Value {
    let token = text(&opened["facilitator_token"]);
    server.send(Request::new("GET", path).token(&token)).await.expect(200)
}

/// The id of the gathering's programme.
fn programme(opened: &Value) -> String {
    let documents = opened["documents"].as_array().unwrap();
    let found = documents.iter().find(|document| document["kind"] == "programme").unwrap();
    text(&found["id"])
}

/// The programme's blocks, by id, in the order in which clients show them.
async fn blocks(server: &Server, opened: &Value) -> Vec<(String, Value)> {
    let path = format!("/api/documents/{}", programme(opened));
    let shown = get(server, &path, opened).await;
    let blocks = shown["blocks"].as_object().unwrap();
    let mut blocks: Vec<_> = blocks.iter().map(|(id, block)| (id.clone(), block.clone())).collect();
    blocks.sort_by_key(|(id, block)| (text(&block["position"]), id.clone()));
    blocks
}

fn column(blocks: &[(String, Value)], key: &str) -> Vec<String> {
    blocks.iter().map(|(_, block)| text(&block[key])).collect()
}

/// Goal: a training's programme is there from its opening: four half-days, a visit between the
/// first and the second, and a return day, all for the same groups; it is the facilitator's.
/// Method: read it, conduct one block, and retitle and move another over a real socket.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_1_a_training_begins_with_six_linked_blocks_in_their_order() {
    let server = Server::start().await;
    let groups = json!([{ "name": "Tafel 1" }, { "name": "Tafel 2" }]);
    let body = json!({ "title": "Training", "day": "training", "groups": groups });
    let opened = open(&server, &body).await.expect(201);
    let six = blocks(&server, &opened).await;
    let titles = [
        "Dagdeel 1: de theorie",
        "Werkbezoek",
        "Dagdeel 2: je eigen werk",
        "Dagdeel 3: wat we zagen en aanraden",
        "Dagdeel 4: eigen gevallen en oefeningen",
        "Terugkomdag",
    ];
    assert_eq!(column(&six, "title"), titles);
    let kinds = ["inspiration", "visit", "breakout", "plenary", "intervision", "reflection"];
    assert_eq!(column(&six, "kind"), kinds);
    let round = text(&opened["round"]);
    assert_eq!(column(&six, "round"), vec![round; 6], "the same groups go through all of them");

    // A block that was there from the start is a block like any other.
    let id = text(&opened["id"]);
    let (visit, half_day) = (&six[1].0, &six[2].0);
    let path = format!("/api/gatherings/{id}/blocks/{visit}/started");
    let token = text(&opened["facilitator_token"]);
    let start = Request::new("PUT", &path).token(&token);
    server.send(start).await.expect(200);
    let history = get(&server, &format!("/api/gatherings/{id}/history"), &opened).await;
    assert_eq!(history["chapters"][0]["title"], "Werkbezoek", "{history}");
    let mut laptop = Client::find(&server.sync_url(&token), &programme(&opened)).await;
    laptop.edit(|document| {
        let all = object(document, &ROOT, "blocks");
        let block = object(document, &all, half_day);
        let title = object(document, &block, "title");
        document.splice_text(&title, 0, 9, "Dinsdag").unwrap();
        document.put(&block, "position", "a0").unwrap();
        let last = object(document, &all, &six[5].0);
        document.put(&last, "removed", true).unwrap();
    });
    laptop.saved().await.unwrap();
    let after = blocks(&server, &opened).await;
    assert_eq!(after[0].0, *half_day, "it comes first now");
    assert_eq!(after[0].1["title"], "Dinsdag: je eigen werk");
    assert_eq!(after[5].1["removed"], true);
}

/// Goal: a gathering of each of the five programmes begins with that programme's blocks, in the
/// gathering's language; without one it begins empty, and what is none is told so.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_1_each_of_the_five_programmes_opens_a_gathering_with_its_blocks() {
    let server = Server::start().await;
    for (day, language, length, kind, title) in [
        ("participation", "nl-BE", 11, "intervision", "Intervisie"),
        ("government", "nl-NL", 7, "speed_intervision", "Speedintervisie"),
        ("kick_off", "fr-BE", 11, "who_is_who", "Qui est qui ?"),
        ("training", "en", 6, "visit", "Site visit"),
        ("green", "nl-NL", 9, "breakout", "Behoeften en belemmeringen"),
    ] {
        let body = json!({ "title": "Dag", "language": language, "day": day, "groups": [] });
        let opened = open(&server, &body).await.expect(201);
        let blocks = blocks(&server, &opened).await;
        assert_eq!(blocks.len(), length, "{day}");
        let found = blocks.iter().find(|(_, block)| block["kind"] == kind);
        assert_eq!(found.unwrap().1["title"], title, "{day}");
        assert!(blocks.iter().all(|(_, block)| block["minutes"].as_u64() > Some(0)), "{day}");
        let id = text(&opened["id"]);
        let path = format!("/api/gatherings/{id}/events?limit=10000");
        let token = text(&opened["facilitator_token"]);
        let lines = server.send(Request::new("GET", &path).token(&token)).await.text();
        assert!(!lines.contains("block."), "nobody contributed what a template holds");
    }
    let bare = open(&server, &json!({ "title": "Dag", "groups": [] })).await.expect(201);
    assert_eq!(blocks(&server, &bare).await, []);
    let odd = json!({ "title": "Dag", "day": "workshop", "groups": [] });
    let refused = open(&server, &odd).await.expect(400);
    assert!(text(&refused["detail"]).contains("kick_off"), "{refused}");
}

/// A training with a bound on who takes part, and its way in.
struct Bounded {
    server: Server,
    opened: Value,
}

impl Bounded {
    async fn to(most: u16) -> Self {
        let server = Server::start().await;
        let body = json!({
            "title": "Training", "day": "training", "participants_max": most, "groups": [],
        });
        let opened = open(&server, &body).await.expect(201);
        assert_eq!(opened["participants_max"], most);
        Self { server, opened }
    }

    fn path(&self, below: &str) -> String {
        format!("/api/gatherings/{}{below}", text(&self.opened["id"]))
    }

    async fn ask(&self, method: &str, below: &str, token: &str, body: &Value) -> Answer {
        let request = Request::new(method, &self.path(below)).token(token).json(body);
        self.server.send(request).await
    }

    /// As the facilitator.
    async fn conduct(&self, method: &str, below: &str, body: &Value) -> Value {
        self.ask(method, below, &text(&self.opened["facilitator_token"]), body).await.expect(200)
    }

    fn join(&self, role: &str, name: &str, with: &[&str]) -> Request {
        let code = &self.opened["codes"][role];
        let body = json!({ "code": code, "name": name, "together_with": with });
        Request::new("POST", "/api/join").json(&body)
    }

    async fn comes(&self, role: &str, name: &str, with: &[&str]) -> Answer {
        self.server.send(self.join(role, name, with)).await
    }

    /// Everybody's name, in the order of the alphabet.
    async fn names(&self) -> Vec<String> {
        let seen = get(&self.server, &self.path(""), &self.opened).await;
        let people = seen["participants"].as_array().unwrap().iter();
        let mut names: Vec<_> = people.map(|who| text(&who["name"])).collect();
        names.sort();
        names
    }
}

/// That nobody came in: the gathering is full, and the facilitator is whom to ask.
fn refused(answer: &Answer) {
    let problem = answer.expect(409);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem["type"], "urn:oogst:problem:full");
    let detail = text(&problem["detail"]);
    assert!(detail.contains("is full") && detail.contains("ask its facilitator"), "{detail}");
}

/// Goal: twelve take part in a training and no thirteenth; who helps, speaks or looks on takes no
/// place; who is in stays in, and who leaves makes room.
/// Method: all of them at the door, one after the other; then the bound is moved.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_2_the_thirteenth_finds_the_training_full() {
    let training = Bounded::to(12).await;
    let mut twelve = Vec::new();
    for number in 1..=12 {
        let joined = training.comes("participant", &format!("Deelnemer {number}"), &[]).await;
        twelve.push(joined.expect(200));
    }
    refused(&training.comes("participant", "Dertien", &[]).await);
    training.conduct("PUT", "/guests", &json!({ "state": "admitted" })).await;
    let speaker = training.comes("guest", "Gastspreker", &[]).await.expect(200);
    let observer = training.comes("observer", "Meekijker", &["Nog een"]).await.expect(200);
    training.comes("facilitator", "Collega", &[]).await.expect(200);
    assert_eq!(speaker["gathering"]["participants_max"], 12, "everybody sees how many");
    refused(&training.comes("participant", "Dertien", &[]).await);
    let names = training.names().await;
    assert_eq!(names.len(), 16);
    assert!(!names.contains(&"Dertien".to_owned()), "{names:?}");

    // Who was in is in, on whatever device they come back.
    let token = text(&twelve[0]["token"]);
    let again = training.join("participant", "Deelnemer 1", &[]).token(&token);
    let again = training.server.send(again).await.expect(200);
    assert_eq!(again["participant"]["id"], twelve[0]["participant"]["id"]);
    let words = json!({ "return_code": twelve[1]["return_code"] });
    let back = Request::new("POST", "/api/return").json(&words);
    let back = training.server.send(back).await.expect(200);
    assert_eq!(back["participant"]["id"], twelve[1]["participant"]["id"]);

    // Who leaves makes room for one.
    let (gone, own) = (text(&twelve[2]["participant"]["id"]), text(&twelve[2]["token"]));
    let path = training.path(&format!("/participants/{gone}"));
    training.server.send(Request::new("DELETE", &path).token(&own)).await.expect(204);
    training.comes("participant", "Dertien", &[]).await.expect(200);
    refused(&training.comes("participant", "Veertien", &[]).await);

    // A facilitator may overbook, knowingly, by name; the door stays shut.
    let id = text(&observer["participant"]["id"]);
    let path = format!("/participants/{id}");
    training.conduct("PUT", &path, &json!({ "role": "participant" })).await;
    refused(&training.comes("participant", "Veertien", &[]).await);

    // Or move the bound, which nobody else can; nobody is put out by a smaller one.
    let asked = training.ask("PATCH", "", &token, &json!({ "participants_max": 20 })).await;
    asked.expect(403);
    let facilitator = text(&training.opened["facilitator_token"]);
    for wrong in [json!(0), json!(1001), json!(-1)] {
        let body = json!({ "title": "Anders", "participants_max": wrong });
        let refused = training.ask("PATCH", "", &facilitator, &body).await.expect(400);
        assert!(text(&refused["detail"]).contains("1 to 1000"), "{refused}");
    }
    let seen = training.conduct("PATCH", "", &json!({ "participants_max": 3 })).await;
    assert_eq!((&seen["participants_max"], &seen["title"]), (&json!(3), &json!("Training")));
    assert_eq!(training.names().await.len(), 16);
    let seen = training.conduct("PATCH", "", &json!({ "participants_max": 15 })).await;
    assert_eq!(seen["participants_max"], 15);
    training.comes("participant", "Veertien", &[]).await.expect(200);
    refused(&training.comes("participant", "Vijftien", &[]).await);
    let seen = training.conduct("PATCH", "", &json!({ "participants_max": null })).await;
    assert_eq!(seen["participants_max"], Value::Null);
    training.comes("participant", "Vijftien", &[]).await.expect(200);
}

/// Goal: people who share a phone all come in, or none of them: nobody half joins.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_2_who_shares_a_phone_comes_in_whole_or_not_at_all() {
    let training = Bounded::to(4).await;
    let an = training.comes("participant", "An", &["Bo"]).await.expect(200);
    refused(&training.comes("participant", "Cas", &["Dirk", "Els"]).await);
    assert_eq!(training.names().await, ["An", "Begeleider"]);
    training.comes("participant", "Cas", &["Dirk"]).await.expect(200);
    refused(&training.comes("participant", "Els", &[]).await);
    let gone = format!("/participants/{}", text(&an["participant"]["id"]));
    let gone = Request::new("DELETE", &training.path(&gone)).token(&text(&an["token"]));
    training.server.send(gone).await.expect(204);
    training.comes("participant", "Els", &["Fatma"]).await.expect(200);
}

/// Goal: of those who come at once to the last place exactly one gets it.
/// Method: eight sockets at once, in gatherings one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_2_one_of_eight_who_come_at_once_gets_the_last_place() {
    let training = Bounded::to(1).await;
    for _ in 0..5 {
        let at_door = (0..8).map(|number| {
            let request = training.join("participant", &format!("Iemand {number}"), &[]);
            let address = training.server.address;
            tokio::spawn(async move { request.send(address).await.unwrap() })
        });
        let at_door: Vec<_> = at_door.collect();
        let mut inside = Vec::new();
        for comes in at_door {
            let answer = comes.await.unwrap();
            if answer.status == 200 {
                inside.push(answer.expect(200));
            } else {
                refused(&answer);
            }
        }
        assert_eq!(inside.len(), 1);
        assert_eq!(training.names().await.len(), 2);
        // The next eight come for the place that is free again.
        let gone = format!("/participants/{}", text(&inside[0]["participant"]["id"]));
        let gone = Request::new("DELETE", &training.path(&gone));
        let gone = gone.token(&text(&inside[0]["token"]));
        training.server.send(gone).await.expect(204);
    }
}

/// Goal: the bound, and who takes which places, are in the log: they hold after a restart and
/// after an archive was restored elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_2_the_bound_holds_after_a_restart_and_in_a_restored_archive() {
    let mut training = Bounded::to(3).await;
    training.comes("participant", "An", &["Bo"]).await.expect(200);
    training.server.kill().await;
    training.server.restart().await;
    refused(&training.comes("participant", "Cas", &["Dirk"]).await);
    let seen = training.conduct("PATCH", "", &json!({ "participants_max": 2 })).await;
    assert_eq!(seen["participants_max"], 2);
    let token = text(&training.opened["facilitator_token"]);
    let archive = Request::new("GET", &training.path("/archive")).token(&token);
    let archive = training.server.send(archive).await;
    assert_eq!(archive.status, 200);

    let folder = TempDir::new().unwrap();
    let (kept, data) = (folder.path().join("dag.jsonl"), folder.path().join("data"));
    std::fs::write(&kept, &archive.body).unwrap();
    let restored = run("restore", &data, Some(&kept));
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let printed = String::from_utf8(restored.stdout).unwrap();
    let elsewhere = Server::on(&data).await;
    let path = training.path("");
    let seen = Request::new("GET", &path).token(OPERATOR_KEY);
    assert_eq!(elsewhere.send(seen).await.expect(200)["participants_max"], 2);
    let code = printed.lines().find_map(|line| line.trim().strip_prefix("participants: ")).unwrap();
    let body = json!({ "code": code, "name": "Cas" });
    let come = || Request::new("POST", "/api/join").json(&body);
    refused(&elsewhere.send(come()).await);
    let more = json!({ "participants_max": 3 });
    let more = Request::new("PATCH", &path).token(OPERATOR_KEY).json(&more);
    elsewhere.send(more).await.expect(200);
    elsewhere.send(come()).await.expect(200);
}
