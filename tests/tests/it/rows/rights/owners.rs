//! Documents by their owners: a region's, a person's, a group's own, and those of everybody.

use automerge::{ROOT, ReadDoc};
use oogst_tests::client::object;
use oogst_tests::day::{Day, Member, text};
use oogst_tests::http::Request;
use oogst_tests::server::Server;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{add, ask, asks_in_vain, come_back, live, open, write_in_vain};

/// Joins as a participant of a region, in a group.
async fn join_from(server: &Server, day: &Day, name: &str, region: &str, group: usize) -> Member {
    let body = json!({ "code": day.codes["participant"], "name": name, "region": region });
    let joined = server.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
    let member = Member {
        id: text(&joined["participant"]["id"]),
        token: text(&joined["token"]),
        return_code: text(&joined["return_code"]),
    };
    day.place(server, &member, Some(group)).await;
    member
}

/// Opens a document; gives its id.
async fn opened((server, day): (&Server, &Day), token: &str, body: &Value) -> String {
    let answer = ask((server, day), ("POST", "/documents"), token, body).await;
    text(&answer.expect(201)["id"])
}

async fn status_of(server: &Server, document: &str, token: &str) -> u16 {
    let path = format!("/api/documents/{document}");
    server.send(Request::new("GET", &path).token(token)).await.status
}

/// Which documents somebody is shown, wherever they stand.
async fn shown(at: (&Server, &Day), token: &str) -> String {
    ask(at, ("GET", ""), token, &Value::Null).await.expect(200).to_string()
}

const PHONE: &str = "0499 12 34 56";

/// Contacts are seen by the core group and the region that they are of, and by nobody else: not
/// in a list, not in a line, not over a socket.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_12_contacts_are_hidden_outside_the_core_group_and_their_region() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    let at = (&server, &day);
    let an = join_from(&server, &day, "An", "Waasland", 0).await;
    let bo = join_from(&server, &day, "Bo", "Westhoek", 0).await;
    let gus = day.enter(&server, "Gus", "guest").await;
    let oda = day.enter(&server, "Oda", "observer").await;
    let seen = day.get(&server, "").await.expect(200);
    let owner = json!({ "kind": "region", "id": seen["regions"][0]["id"] });
    let body = |kind: &str| json!({ "kind": kind, "owner": owner });
    let map = opened(at, &day.facilitator, &body("stakeholders")).await;
    let contacts = opened(at, &day.facilitator, &body("contacts")).await;

    let mut a = open(&server, &an, &contacts).await;
    add(&mut a, "contacts", &Uuid::new_v4().to_string(), &[("phone", PHONE)]);
    a.saved().await.unwrap();
    for (who, sees_map) in [(&bo, 200), (&gus, 404), (&oda, 200)] {
        assert_eq!(status_of(&server, &contacts, &who.token).await, 404);
        assert_eq!(status_of(&server, &map, &who.token).await, sees_map);
        assert!(!shown(at, &who.token).await.contains(&contacts));
        let events = ask(at, ("GET", "/events"), &who.token, &Value::Null).await.text();
        assert!(events.contains("contact.edited"), "something was done");
        assert!(!events.contains(&contacts) && !events.contains(PHONE), "{events}");
    }
    // The map is its region's to write; others read it.
    let mut reader = open(&server, &bo, &map).await;
    add(&mut reader, "stakeholders", &Uuid::new_v4().to_string(), &[("text", "Buren")]);
    reader.settled().await.unwrap();
    assert_eq!(reader.waiting.len(), 1);

    // Whoever comes into the core group sees them at once, and stops seeing them as fast.
    let mut line = live(&server, &bo).await;
    asks_in_vain(&mut line, &contacts).await;
    day.put(&server, &bo, &day.facilitator, &json!({ "role": "core_group" })).await.expect(200);
    assert_eq!(line.end().await.code, Some(1012));
    let mut b = open(&server, &bo, &contacts).await;
    assert!(b.document.get(ROOT, "contacts").unwrap().is_some());
    add(&mut b, "contacts", &Uuid::new_v4().to_string(), &[("name", "Cas")]);
    b.saved().await.unwrap();
    day.put(&server, &bo, &day.facilitator, &json!({ "role": "participant" })).await.expect(200);
    assert_eq!(b.line().end().await.code, Some(1012));
    asks_in_vain(&mut live(&server, &bo).await, &contacts).await;
}

/// What a region owns is written in after the gathering has closed; what a group owns is not.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_region_owns_lives_on_after_the_day() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    let at = (&server, &day);
    let an = join_from(&server, &day, "An", "Waasland", 0).await;
    let plan = json!({ "kind": "action_plan" });
    ask(at, ("POST", "/documents"), &an.token, &plan).await.expect(403);
    let seen = day.get(&server, "").await.expect(200);
    let owner = json!({ "kind": "region", "id": seen["regions"][0]["id"] });
    let body = json!({ "kind": "action_plan", "owner": owner });
    let plan = opened(at, &day.facilitator, &body).await;
    let mut own = open(&server, &an, &plan).await;
    let mut harvest = open(&server, &an, &day.groups[0].harvest).await;
    ask(at, ("PATCH", ""), &day.facilitator, &json!({ "status": "closed" })).await.expect(200);
    add(&mut own, "actions", &Uuid::new_v4().to_string(), &[("what", "Bellen")]);
    own.saved().await.unwrap();
    write_in_vain(&mut harvest, "Te laat").await;
}

/// Whoever goes on a visit with a group opens its dossier and prepares it with them; what came
/// over is there without any line.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_5_a_group_prepares_its_visit_and_reads_it_without_a_line() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Oost", "West"]).await;
    let at = (&server, &day);
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 0).await;
    let cas = day.join(&server, "Cas", 1).await;
    let owner = json!({ "kind": "group", "id": day.groups[0].id });
    let body = json!({ "kind": "visit", "owner": owner, "title": "De broedplaats" });
    ask(at, ("POST", "/documents"), &cas.token, &body).await.expect(403);
    let visit = opened(at, &an.token, &body).await;
    let mut a = open(&server, &an, &visit).await;
    let mut b = open(&server, &bo, &visit).await;
    let question = Uuid::new_v4().to_string();
    add(&mut a, "prepared_questions", &question, &[("text", "Wie betaalt?")]);
    a.saved().await.unwrap();
    add(&mut b, "tasks", &Uuid::new_v4().to_string(), &[("text", "Bo neemt foto's")]);
    b.saved().await.unwrap();
    a.reach(&b.document.get_heads()).await.unwrap();
    // Another group reads along, and writes nothing.
    let mut c = open(&server, &cas, &visit).await;
    add(&mut c, "tasks", &Uuid::new_v4().to_string(), &[("text", "Niet van ons")]);
    c.settled().await.unwrap();
    assert_eq!(c.waiting.len(), 1);
    // On the bus there is no line: the questions are on the phone, and answers are kept there.
    b.leave().await;
    let questions = object(&b.document, &ROOT, "prepared_questions");
    let asked = object(&b.document, &questions, &question);
    let words = object(&b.document, &asked, "text");
    assert_eq!(b.document.text(&words).unwrap(), "Wie betaalt?");
    add(&mut b, "observations", &Uuid::new_v4().to_string(), &[("text", "Veel groen")]);
    b.connect().await.unwrap();
    b.saved().await.unwrap();
}

/// Somebody takes a recommendation over, and carries it into a plan of their own, which is
/// nobody else's business.
#[tokio::test(flavor = "multi_thread")]
async fn row_003_7_a_recommendation_is_taken_over_into_ones_own_plan() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Oost", "West"]).await;
    let at = (&server, &day);
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 1).await;
    let visit = opened(at, &day.facilitator, &json!({ "kind": "visit" })).await;
    let mut a = open(&server, &an, &visit).await;
    let advice = Uuid::new_v4().to_string();
    add(&mut a, "recommendations", &advice, &[("text", "Begin klein")]);
    a.saved().await.unwrap();
    let mut b = open(&server, &bo, &visit).await;
    super::mark(&mut b, "recommendations", &advice, "adopted", &bo.id);
    b.saved().await.unwrap();

    let own = |id: &str| json!({ "kind": "action_plan", "owner": { "kind": "person", "id": id } });
    ask(at, ("POST", "/documents"), &an.token, &own(&bo.id)).await.expect(403);
    ask(at, ("POST", "/documents"), &day.facilitator, &own(&bo.id)).await.expect(403);
    let plan = opened(at, &bo.token, &own(&bo.id)).await;
    let mut p = open(&server, &bo, &plan).await;
    let action = Uuid::new_v4().to_string();
    add(&mut p, "actions", &action, &[("what", "Klein beginnen in onze wijk")]);
    super::refer(&mut p, "actions", &action, &format!("{visit}/{advice}"));
    p.saved().await.unwrap();
    let path = format!("/api/documents/{plan}");
    let read = server.send(Request::new("GET", &path).token(&bo.token)).await.expect(200);
    let refs = read["actions"][&action]["refs"].as_object().unwrap();
    assert!(refs.values().any(|found| found["target"] == format!("{visit}/{advice}")));

    let operator = oogst_tests::server::OPERATOR_KEY;
    for token in [an.token.as_str(), &day.facilitator, operator] {
        assert_eq!(status_of(&server, &plan, token).await, 404);
        assert!(!shown(at, token).await.contains(&plan));
        let events = ask(at, ("GET", "/events"), token, &Value::Null).await.text();
        assert!(!events.contains(&plan) && !events.contains("Klein beginnen"), "{events}");
    }
    asks_in_vain(&mut live(&server, &an).await, &plan).await;
    // It is theirs also after the day.
    ask(at, ("PATCH", ""), &day.facilitator, &json!({ "status": "closed" })).await.expect(200);
    add(&mut p, "actions", &Uuid::new_v4().to_string(), &[("what", "En dan groot")]);
    p.saved().await.unwrap();
}

/// Everybody writes their own card, at a table or not; guests close with the others, and do not
/// see who is who.
#[tokio::test(flavor = "multi_thread")]
async fn cards_are_written_without_a_group_and_guests_see_no_introductions() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    let an = day.enter(&server, "An", "participant").await;
    let gus = day.enter(&server, "Gus", "guest").await;
    let seen = day.get(&server, "").await.expect(200);
    let id = |kind: &str| {
        let documents = seen["documents"].as_array().unwrap();
        let found: Vec<_> = documents.iter().filter(|found| found["kind"] == kind).collect();
        assert_eq!(found.len(), 1, "one {kind}: {documents:?}");
        text(&found[0]["id"])
    };
    let (introductions, closing) = (id("introductions"), id("closing"));
    id("programme");
    let mut card = open(&server, &an, &introductions).await;
    add(&mut card, "cards", &an.id, &[("on_my_plate", "Een fusie")]);
    card.saved().await.unwrap();
    assert_eq!(status_of(&server, &introductions, &gus.token).await, 404);
    let mut last = open(&server, &gus, &closing).await;
    add(&mut last, "cards", &gus.id, &[("word", "Goesting")]);
    last.saved().await.unwrap();
    let second = json!({ "kind": "closing" });
    let again = ask((&server, &day), ("POST", "/documents"), &day.facilitator, &second).await;
    again.expect(409);
}

/// Who is made an observer writes nothing from then on, also on a socket that is open; who is
/// made a participant again has what they wrote meanwhile applied.
#[tokio::test(flavor = "multi_thread")]
async fn a_demotion_and_a_promotion_are_felt_on_open_sockets() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    let an = day.join(&server, "An", 0).await;
    let mut client = open(&server, &an, &day.groups[0].harvest).await;
    client.add("Voor");
    client.saved().await.unwrap();
    day.put(&server, &an, &day.facilitator, &json!({ "role": "observer" })).await.expect(200);
    write_in_vain(&mut client, "Tussen").await;
    day.put(&server, &an, &day.facilitator, &json!({ "role": "participant" })).await.expect(200);
    come_back(&mut client, 1012).await;
    client.saved().await.unwrap();
}
