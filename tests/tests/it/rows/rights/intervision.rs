//! What is said in an intervision stays in its room.

use automerge::ROOT;
use automerge::transaction::Transactable;
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::{OPERATOR_KEY, Server};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{add, ask, asks_in_vain, live, open};

/// In the title, the case, a question and an advice.
const CANARY: &str = "kanarie-7319";

fn write(client: &mut Client, key: &str, words: &str) {
    client.edit(|document| {
        let text = object(document, &ROOT, key);
        document.splice_text(&text, 0, 0, words).unwrap();
    });
}

fn let_in(client: &mut Client, person: &str, inside: bool) {
    client.edit(|document| {
        let room = object(document, &ROOT, "room");
        document.put(&room, person, inside).unwrap();
    });
}

/// Every address that is read by GET, as the server describes them, for this gathering and each
/// of its documents.
async fn addresses(server: &Server, day: &Day, documents: &[&str]) -> Vec<String> {
    let api = server.send(Request::new("GET", "/api/openapi.json")).await.expect(200);
    let mut addresses = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        // The socket and the feed are streams of their own.
        let is_stream = path == "/sync" || path.ends_with("/feed");
        if item["get"].is_null() || is_stream {
            continue;
        }
        let path = path.replace("{gathering}", &day.id);
        let path = path.replace("{code}", day.codes["participant"].as_str().unwrap());
        let formats = ["md", "html", "csv", "json", "docx", "pdf"];
        for (document, format) in documents.iter().flat_map(|d| formats.map(|f| (d, f))) {
            let path = path.replace("{document}", document).replace("{format}", format);
            if !addresses.contains(&path) {
                addresses.push(path);
            }
        }
    }
    assert!(addresses.len() > 8, "{addresses:?}");
    addresses
}

fn tells(answer: &Answer, secret: &str) -> bool {
    answer.body.windows(secret.len()).any(|found| found == secret.as_bytes())
}

/// What the feed has said up to the newest event.
async fn feed(server: &Server, day: &Day, token: &str) -> String {
    let lines = ask((server, day), ("GET", "/events"), token, &Value::Null).await.text();
    let newest: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let newest = format!("id: {}", newest["seq"]);
    let path = format!("/api/gatherings/{}/feed", day.id);
    let mut stream = Request::new("GET", &path).token(token).open(server.address).await.unwrap();
    let mut said = String::new();
    loop {
        let block = stream.block().await;
        said.push_str(&block.join("\n"));
        if block.contains(&newest) {
            return said;
        }
    }
}

struct Case {
    day: Day,
    an: Member,
    bo: Member,
    intervision: String,
    inside: Client,
}

/// An's case, with the canary everywhere where words can be.
async fn case(server: &Server) -> Case {
    let day = Day::open(server, &["Samen"]).await;
    let an = day.join(server, "An", 0).await;
    let bo = day.join(server, "Bo", 0).await;
    let owner = json!({ "kind": "group", "id": day.groups[0].id });
    let body = json!({ "kind": "intervision", "owner": owner, "title": CANARY });
    let opened = ask((server, &day), ("POST", "/documents"), &an.token, &body).await;
    let intervision = text(&opened.expect(201)["id"]);
    let mut inside = open(server, &an, &intervision).await;
    write(&mut inside, "case", CANARY);
    add(&mut inside, "questions", &Uuid::new_v4().to_string(), &[("text", CANARY)]);
    add(&mut inside, "advice", &Uuid::new_v4().to_string(), &[("text", CANARY)]);
    inside.saved().await.unwrap();
    Case { day, an, bo, intervision, inside }
}

/// The canary is in nothing that anybody outside the room gets: no answer, no sync, no feed, no
/// line of the log. Nor does any list say that there is an intervision.
#[tokio::test(flavor = "multi_thread")]
async fn row_i_3_a_case_stays_in_its_room() {
    let server = Server::start().await;
    let Case { day, an, bo, intervision, .. } = case(&server).await;
    let guest = day.enter(&server, "Gus", "guest").await;
    let observer = day.enter(&server, "Oda", "observer").await;
    let harvest = day.groups[0].harvest.as_str();
    let outside = [bo.token.as_str(), &guest.token, &observer.token, &day.facilitator];
    let mut read = 0;
    for token in outside.into_iter().chain([OPERATOR_KEY]) {
        for address in addresses(&server, &day, &[harvest, &intervision]).await {
            let answer = server.send(Request::new("GET", &address).token(token)).await;
            assert!(!tells(&answer, CANARY), "{address}: {}", answer.text());
            assert!(!tells(&answer, &intervision), "{address}: {}", answer.text());
            read += usize::from(answer.status == 200);
        }
    }
    assert!(read > 20, "{read} answers were looked through");
    for token in outside {
        let said = feed(&server, &day, token).await;
        assert!(said.contains("intervision."), "that something was done is no secret");
        assert!(!said.contains(CANARY) && !said.contains(&intervision), "{said}");
    }
    for member in [&bo, &guest, &observer] {
        asks_in_vain(&mut live(&server, member).await, &intervision).await;
    }
    assert!(!server.log().contains(CANARY), "{}", server.log());
    // It is there all the same, for whoever is inside.
    let path = format!("/api/documents/{intervision}");
    let own = server.send(Request::new("GET", &path).token(&an.token)).await.expect(200);
    assert_eq!(own["case"], CANARY);
}

/// Whoever is let in reads at once, also on a socket that asked in vain; whoever is let out stops
/// reading as fast.
#[tokio::test(flavor = "multi_thread")]
async fn row_i_3_the_room_opens_and_closes_at_once() {
    let server = Server::start().await;
    let Case { bo, intervision, mut inside, .. } = case(&server).await;
    let mut line = live(&server, &bo).await;
    asks_in_vain(&mut line, &intervision).await;
    let_in(&mut inside, &bo.id, true);
    inside.saved().await.unwrap();
    assert_eq!(line.end().await.code, Some(1012));
    let mut other = open(&server, &bo, &intervision).await;
    add(&mut other, "advice", &Uuid::new_v4().to_string(), &[("text", "Vraag hulp")]);
    other.saved().await.unwrap();
    let_in(&mut inside, &bo.id, false);
    inside.saved().await.unwrap();
    assert_eq!(other.line().end().await.code, Some(1012));
    asks_in_vain(&mut live(&server, &bo).await, &intervision).await;
}
