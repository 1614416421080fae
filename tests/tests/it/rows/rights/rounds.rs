//! A round by region, then one by theme.

use oogst_tests::day::{Day, text};
use oogst_tests::server::Server;
use oogst_tests::wait::until;
use serde_json::{Value, json};

use super::{ask, come_back, open, write_in_vain};

/// The ids of a group and of its harvest.
fn ids(group: &Value) -> (String, String) {
    let documents = group["documents"].as_array().unwrap();
    assert_eq!(documents[0]["kind"], "harvest");
    (text(&group["id"]), text(&documents[0]["id"]))
}

/// Every phone of a region writes in the region's list, everybody reads all of them, and the wall
/// shows all at once.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_3_each_region_writes_its_own_questions_and_the_wall_shows_all() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Waasland", "Westhoek"]).await;
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 0).await;
    let cas = day.join(&server, "Cas", 1).await;
    let (waasland, westhoek) = (&day.groups[0].harvest, &day.groups[1].harvest);
    let mut a = open(&server, &an, waasland).await;
    let mut b = open(&server, &bo, waasland).await;
    let mut c = open(&server, &cas, westhoek).await;
    a.add("Wie bereiken we niet?");
    a.saved().await.unwrap();
    b.add("Hoe houden we het vol?");
    b.saved().await.unwrap();
    let both = b.document.get_heads();
    a.reach(&both).await.unwrap();
    assert_eq!(a.texts().len(), 2, "one list on both phones");
    c.add("Wie betaalt de bus?");
    c.saved().await.unwrap();
    // The other region's list can be read, and not be written in.
    let mut reader = open(&server, &cas, waasland).await;
    assert_eq!(reader.texts().len(), 2);
    write_in_vain(&mut reader, "Niet van ons").await;

    let wall = day.wall(&server).await;
    let shown: Vec<usize> =
        (0..2).map(|group| wall["groups"][group]["insights"].as_array().unwrap().len()).collect();
    assert_eq!(shown, [2, 1]);
}

/// People are placed in a planned round; when it opens, what they wrote too early arrives, and
/// what they write in their earlier group still does, until it is locked.
#[tokio::test(flavor = "multi_thread")]
async fn a_theme_round_after_the_regions_moves_everybody_at_once() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Waasland", "Westhoek"]).await;
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 1).await;
    let at = (&server, &day);
    let body = json!({
        "title": "Thema's", "kind": "theme", "members": { &an.id: 0 },
        "groups": [
            { "name": "Thema 1", "question": "Wie doet mee?", "seats": 1, "table": "7" },
            { "name": "Thema 2" },
        ],
    });
    ask(at, ("POST", "/rounds"), &an.token, &body).await.expect(403);
    let planned = ask(at, ("POST", "/rounds"), &day.facilitator, &body).await.expect(201);
    assert_eq!((&planned["kind"], &planned["status"]), (&json!("theme"), &json!("planned")));
    assert_eq!(planned["groups"][0]["members"], json!([an.id]));
    assert_eq!(planned["groups"][0]["table"], "7");
    let (first, harvest) = ids(&planned["groups"][0]);
    let (second, _) = ids(&planned["groups"][1]);
    // Nobody goes there by themselves before the round runs, and nothing is applied.
    let go = |group: &str| json!({ "group": group });
    day.put(&server, &bo, &bo.token, &go(&second)).await.expect(409);
    let mut early = open(&server, &an, &harvest).await;
    write_in_vain(&mut early, "Al begonnen").await;

    let running = ask(at, ("PUT", "/rounds/running"), &day.facilitator, &planned["id"]).await;
    let running = running.expect(200);
    assert_eq!(running["round"], planned["id"]);
    assert_eq!(running["groups"][0]["id"], *first);
    assert_eq!(running["rounds"][0]["status"], "earlier");
    assert_eq!(running["rounds"][0]["groups"].as_array().unwrap().len(), 2);
    assert_eq!(running["rounds"][1]["status"], "running");
    come_back(&mut early, 1012).await;
    early.saved().await.unwrap();

    // The one seat is taken; the facilitator can place somebody all the same.
    let full = day.put(&server, &bo, &bo.token, &go(&first)).await;
    assert!(text(&full.expect(409)["detail"]).contains("full"));
    day.put(&server, &bo, &bo.token, &go(&second)).await.expect(200);
    day.put(&server, &bo, &day.facilitator, &go(&first)).await.expect(200);
    let mut b = open(&server, &bo, &harvest).await;
    b.add("Ik schuif aan");
    b.saved().await.unwrap();

    // The earlier round's list stays writable for its own people, until it is locked.
    let mut before = open(&server, &an, &day.groups[0].harvest).await;
    before.add("Nog een vraag");
    before.saved().await.unwrap();
    day.freeze(&server, 0, true).await;
    write_in_vain(&mut before, "Te laat").await;

    // One more table, and no round at all.
    let below = format!("/rounds/{}/groups", text(&planned["id"]));
    let extra = ask(at, ("POST", &below), &day.facilitator, &json!({ "name": "Thema 3" })).await;
    let (third, _) = ids(&extra.expect(201));
    assert_eq!(day.get(&server, "").await.expect(200)["groups"][2]["id"], *third);
    let none = ask(at, ("PUT", "/rounds/running"), &day.facilitator, &Value::Null).await;
    let none = none.expect(200);
    assert_eq!((&none["round"], &none["groups"]), (&Value::Null, &json!([])));
}

/// Moves are felt on sockets that are open, both ways.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_opens_and_closes_a_harvest_on_an_open_socket() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Waasland", "Westhoek"]).await;
    let an = day.join(&server, "An", 0).await;
    let mut client = open(&server, &an, &day.groups[1].harvest).await;
    write_in_vain(&mut client, "Van verre").await;
    day.place(&server, &an, Some(1)).await;
    come_back(&mut client, 1012).await;
    client.saved().await.unwrap();
    day.place(&server, &an, Some(0)).await;
    write_in_vain(&mut client, "Weer van verre").await;
}

/// Whoever leaves is out at once, with all their devices.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_out_at_once() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Waasland"]).await;
    let an = day.join(&server, "An", 0).await;
    let bo = day.join(&server, "Bo", 0).await;
    let mut client = open(&server, &an, &day.groups[0].harvest).await;
    let below = format!("/participants/{}", an.id);
    ask((&server, &day), ("DELETE", &below), &bo.token, &Value::Null).await.expect(403);
    let left = ask((&server, &day), ("DELETE", &below), &an.token, &Value::Null).await;
    assert_eq!(left.status, 204);
    assert_eq!(client.line().end().await.code, Some(4401));
    until("the token opens nothing", || async {
        let answer = ask((&server, &day), ("GET", ""), &an.token, &Value::Null).await;
        (answer.status == 401).then_some(())
    })
    .await;
    let events = day.events(&server).await;
    let line = events.iter().find(|line| line["type"] == "participant.left").unwrap();
    assert_eq!(line["participant"]["id"], *an.id);
    let seen = day.get(&server, "").await.expect(200);
    let people = seen["participants"].as_array().unwrap();
    assert!(people.iter().all(|person| person["id"] != *an.id));
}

/// People who name their region stand in it, however they spell it.
#[tokio::test(flavor = "multi_thread")]
async fn a_region_is_one_however_it_is_spelled() {
    let server = Server::start().await;
    let day = Day::open(&server, &["Samen"]).await;
    for (name, region) in [("An", "Waasland"), ("Bo", " waasland "), ("Cas", "Westhoek")] {
        let body = json!({ "code": day.codes["participant"], "name": name, "region": region });
        let join = oogst_tests::http::Request::new("POST", "/api/join").json(&body);
        let joined = server.send(join).await.expect(200);
        assert_eq!(
            joined["participant"]["region"],
            if name == "Cas" { region } else { "Waasland" }
        );
    }
    let seen = day.get(&server, "").await.expect(200);
    let names: Vec<_> = seen["regions"].as_array().unwrap().iter().map(|r| &r["name"]).collect();
    assert_eq!(names, ["Waasland", "Westhoek"]);
}
