//! Action plans, as a network writes them.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use oogst_protocol::ids::DocumentId;
use oogst_tests::day::{Day, text};
use oogst_tests::http::Request;
use oogst_tests::server::Server;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{at, client, opened, shown, table, told, write};

#[tokio::test(flavor = "multi_thread")]
async fn row_002_14_a_plan_goes_through_its_states_with_dates_and_who_was_consulted() {
    let (server, day, members) = table(&["An", "Bo"]).await;
    let plan = opened(&server, &day, "action_plan").await;
    let mut phone = client(&server, &members[0], &plan).await;
    let action = Uuid::new_v4().to_string();
    phone.edit(|doc| {
        let texts = [("goal", "Elke buurt praat mee"), ("limits", "Geen extra mensen")];
        write(doc, &ROOT, &texts);
        let action = at(doc, &["actions", &action]);
        write(doc, &action, &[("what", "Buurtgesprek"), ("who_text", "An en de wijkploeg")]);
        doc.put(&action, "due", "2023-12-01").unwrap();
        doc.put(&action, "cost", 250).unwrap();
        let scenarios = doc.put_object(&action, "scenarios", ObjType::Map).unwrap();
        doc.put(&scenarios, "none", true).unwrap();
    });
    phone.saved().await.unwrap();
    assert_eq!(shown(&server, &day, &plan, None).await["status"], "draft");
    let states = [("submitted", "2023-11-01"), ("progress_talk", "2024-01-15")];
    for (place, (status, date)) in states.iter().enumerate() {
        phone.edit(|doc| {
            doc.put(ROOT, "status", *status).unwrap();
            let who = at(doc, &["consulted", &Uuid::new_v4().to_string()]);
            write(doc, &who, &[("text", &format!("raad {place}"))]);
            doc.put(&who, "date", *date).unwrap();
        });
        phone.saved().await.unwrap();
    }
    phone.edit(|doc| doc.put(ROOT, "status", "final").unwrap());
    phone.saved().await.unwrap();
    let now = shown(&server, &day, &plan, None).await;
    let consulted: Vec<_> = now["consulted"].as_object().unwrap().values().collect();
    for (place, (_, date)) in states.iter().enumerate() {
        let raad = format!("raad {place}");
        assert!(consulted.iter().any(|who| who["text"] == raad && who["date"] == *date));
    }
    assert_eq!(now["actions"][&action]["scenarios"], json!({ "none": true }));
    let edits = told(&server, &day, "plan.edited").await;
    let mut statuses = Vec::new();
    for line in edits.iter().filter(|line| line["item"].is_null()) {
        assert!(line["at"].is_string(), "when");
        let then = shown(&server, &day, &plan, line["seq"].as_u64()).await;
        statuses.push(text(&then["status"]));
    }
    assert_eq!(statuses, ["draft", "submitted", "progress_talk", "final"]);
}

/// The steps are there from the start, in the words of the gathering.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_16_a_plan_begins_with_the_three_steps_in_the_gatherings_language() {
    let (server, day, _) = table(&[]).await;
    let plan = opened(&server, &day, "action_plan").await;
    let plan = shown(&server, &day, &plan, None).await;
    let mut steps: Vec<_> = plan["actions"].as_object().unwrap().values().collect();
    steps.sort_by_key(|step| text(&step["position"]));
    let what: Vec<_> = steps.iter().map(|step| text(&step["what"])).collect();
    assert_eq!(what, ["Stakeholdermapping", "Eerste netwerkmoment", "Draft actieplan"]);
    assert_eq!(plan["title"], "Actieplan");
}

/// The step of this number, and the document that it leads to.
fn leads_to(plan: &Value, number: usize) -> (String, String) {
    let mut steps: Vec<_> = plan["actions"].as_object().unwrap().iter().collect();
    steps.sort_by_key(|(_, step)| text(&step["position"]));
    let (id, step) = steps[number - 1];
    let links: Vec<_> = step["refs"].as_object().unwrap().values().collect();
    assert_eq!((links.len(), &links[0]["kind"]), (1, &json!("about")));
    let target = text(&links[0]["target"]);
    let (document, item) = target.split_once('/').unwrap();
    let own = document.parse::<DocumentId>().unwrap();
    assert_eq!(item, Uuid::from_bytes(*own.as_bytes()).to_string(), "the document as a whole");
    (id.clone(), document.to_owned())
}

/// The gathering's stakeholder maps, whosever they are.
async fn maps(server: &Server, day: &Day) -> Vec<String> {
    let gathering = day.get(server, "").await.expect(200);
    let documents = gathering["documents"].as_array().unwrap().iter();
    let maps = documents.filter(|document| document["kind"] == "stakeholders");
    maps.map(|map| text(&map["id"])).collect()
}

async fn opened_by(server: &Server, day: &Day, token: &str, body: Value) -> String {
    let path = format!("/api/gatherings/{}/documents", day.id);
    let request = Request::new("POST", &path).token(token).json(&body);
    text(&server.send(request).await.expect(201)["id"])
}

/// Goal: each step of a plan leads to the live document in which it is done, also where nobody has
/// mapped anything yet.
/// Method: from a new plan alone, one phone follows each link; it writes where the first leads,
/// and strikes that link and draws another.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_16_the_steps_of_a_plan_lead_to_live_documents() {
    let (server, day, members) = table(&["An"]).await;
    let an = &members[0];
    assert_eq!(maps(&server, &day).await.len(), 0);
    let plan = opened(&server, &day, "action_plan").await;
    let begun = shown(&server, &day, &plan, None).await;
    for (number, kind) in [(1, "stakeholders"), (2, "programme"), (3, "action_plan")] {
        let (_, document) = leads_to(&begun, number);
        let path = format!("/api/documents/{document}");
        let there = server.send(Request::new("GET", &path).token(&an.token)).await.expect(200);
        assert_eq!(there["kind"], kind);
    }
    let (first, map) = leads_to(&begun, 1);
    assert_eq!(leads_to(&begun, 3).1, plan);
    assert_eq!(maps(&server, &day).await, [map.as_str()], "there is one now");
    let mut phone = client(&server, an, &map).await;
    let bib = Uuid::new_v4().to_string();
    phone.edit(|doc| {
        let row = at(doc, &["stakeholders", &bib]);
        write(doc, &row, &[("organisation", "Bib")]);
    });
    phone.saved().await.unwrap();
    let mapped = shown(&server, &day, &map, None).await;
    assert_eq!(mapped["stakeholders"][&bib]["organisation"], "Bib");
    assert_eq!(mapped["title"], "Stakeholdermapping");

    // The links are the writers' own from here on.
    let mut phone = client(&server, an, &plan).await;
    let target = format!("{map}/{bib}");
    phone.edit(|doc| {
        let refs = at(doc, &["actions", &first, "refs"]);
        let struck: Vec<_> = doc.keys(&refs).collect();
        struck.iter().for_each(|link| doc.delete(&refs, link).unwrap());
        let link = at(doc, &["actions", &first, "refs", &Uuid::new_v4().to_string()]);
        doc.put(&link, "kind", "about").unwrap();
        doc.put(&link, "target", target.as_str()).unwrap();
    });
    phone.saved().await.unwrap();
    let now = shown(&server, &day, &plan, None).await;
    let links: Vec<_> = now["actions"][&first]["refs"].as_object().unwrap().values().collect();
    assert_eq!(links, [&json!({ "kind": "about", "target": target })]);
    let lines = told(&server, &day, "document.opened").await;
    let last: Vec<_> = lines.iter().rev().take(2).map(|line| text(&line["document"])).collect();
    assert_eq!(last, [plan, map], "the map is there before what leads to it");
}

/// Goal: a plan leads to its own owner's map, and to one that is there already.
/// Method: maps of a region and of the gathering, plans of both and of a person, in turn.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_16_a_plan_leads_to_the_map_of_its_owner() {
    let (server, day, _) = table(&[]).await;
    let body = json!({ "code": day.codes["participant"], "name": "An", "region": "Kempen" });
    let an = server.send(Request::new("POST", "/api/join").json(&body)).await.expect(200);
    let bo = day.join(&server, "Bo", 0).await;
    let (an_id, token) = (text(&an["participant"]["id"]), text(&an["token"]));
    let seen = day.get(&server, "").await.expect(200);
    let kempen = json!({ "kind": "region", "id": seen["regions"][0]["id"] });
    let own = |id: &str| json!({ "kind": "person", "id": id });
    let body = |kind: &str, owner: &Value| json!({ "kind": kind, "owner": owner });
    let all = json!({ "kind": "gathering" });

    // Before there is any map a person's own plan has no first link, and opens none.
    let bos = opened_by(&server, &day, &bo.token, body("action_plan", &own(&bo.id))).await;
    let path = format!("/api/documents/{bos}");
    let bos = server.send(Request::new("GET", &path).token(&bo.token)).await.expect(200);
    let links = bos["actions"].as_object().unwrap().values().map(|step| step["refs"].clone());
    assert_eq!(links.filter(|links| *links != json!({})).count(), 2);
    assert_eq!(maps(&server, &day).await.len(), 0);

    let opens = |kind: &'static str, owner: Value| {
        opened_by(&server, &day, &day.facilitator, body(kind, &owner))
    };
    let theirs = opens("stakeholders", kempen.clone()).await;
    let ours = opens("stakeholders", all.clone()).await;
    let second = opens("stakeholders", all.clone()).await;
    for (owner, map) in [(&kempen, &theirs), (&all, &ours), (&all, &ours)] {
        let plan = opens("action_plan", owner.clone()).await;
        let plan = shown(&server, &day, &plan, None).await;
        assert_eq!(&leads_to(&plan, 1).1, map);
    }
    // Who has a region follows its map; who has none, the gathering's.
    for (token, id, map) in [(&token, &an_id, &theirs), (&bo.token, &bo.id, &ours)] {
        let plan = opened_by(&server, &day, token, body("action_plan", &own(id))).await;
        let path = format!("/api/documents/{plan}");
        let plan = server.send(Request::new("GET", &path).token(token)).await.expect(200);
        assert_eq!(&leads_to(&plan, 1).1, map);
    }
    assert_eq!(maps(&server, &day).await, [theirs, ours, second], "and nothing else was opened");
}

/// Periods carry who does what; check-ins at their start and end hold all five points.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_18_and_002_19_periods_have_roles_and_check_ins_of_their_own() {
    let (server, day, members) = table(&["An", "Bo"]).await;
    let plan = opened(&server, &day, "action_plan").await;
    let mut phones = Vec::new();
    for member in &members {
        phones.push(client(&server, member, &plan).await);
    }
    let points = ["money", "organisation", "time", "information", "quality"];
    for (phone, (member, period)) in phones.iter_mut().zip(members.iter().zip(["Q4", "Q1"])) {
        let before = shown(&server, &day, &plan, None).await;
        phone.settled().await.unwrap();
        phone.edit(|doc| {
            let action = at(doc, &["actions", &Uuid::new_v4().to_string()]);
            write(doc, &action, &[("what", "Het netwerk samenroepen"), ("period", period)]);
            let who = doc.put_object(&action, "who", ObjType::Map).unwrap();
            doc.put(&who, member.id.as_str(), true).unwrap();
            for moment in ["start", "end"] {
                let check_in = at(doc, &["check_ins", &Uuid::new_v4().to_string()]);
                write(doc, &check_in, &[("period", period)]);
                doc.put(&check_in, "moment", moment).unwrap();
                doc.put(&check_in, "date", "2024-01-08").unwrap();
                doc.put(&check_in, "author", member.id.as_str()).unwrap();
                write(doc, &check_in, &points.map(|point| (point, "gaat goed")));
            }
        });
        phone.saved().await.unwrap();
        assert_ne!(shown(&server, &day, &plan, None).await, before);
    }
    let now = shown(&server, &day, &plan, None).await;
    let check_ins: Vec<_> = now["check_ins"].as_object().unwrap().values().collect();
    for (period, moment) in [("Q4", "start"), ("Q4", "end"), ("Q1", "start"), ("Q1", "end")] {
        let found = check_ins.iter().find(|c| c["period"] == period && c["moment"] == moment);
        let found = found.unwrap_or_else(|| panic!("{period} {moment}"));
        assert!(points.iter().all(|point| found[point] == "gaat goed"), "{found}");
    }
    let actions = now["actions"].as_object().unwrap().values();
    let mut roles: Vec<_> =
        actions.filter(|a| a["who"].is_object()).map(|a| (text(&a["period"]), &a["who"])).collect();
    roles.sort_by_key(|(period, _)| period.clone());
    assert_eq!(roles[0], ("Q1".to_owned(), &json!({ members[1].id.as_str(): true })));
    assert_eq!(roles[1], ("Q4".to_owned(), &json!({ members[0].id.as_str(): true })));
    assert_eq!(told(&server, &day, "check_in.noted").await.len(), 4);
}
