//! Rows about a gathering that begins with a kind of day, and about a training's places.

use automerge::ROOT;
use automerge::transaction::Transactable;
use oogst_tests::client::{Client, object};
use oogst_tests::day::text;
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};

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
