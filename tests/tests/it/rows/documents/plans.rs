//! Action plans, as a network writes them.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT};
use oogst_tests::day::text;
use serde_json::json;
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

/// The steps are there from the start; links to the documents behind them are drawn by hand.
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
