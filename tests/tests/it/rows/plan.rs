//! Rows about the action plan: what it adds up to.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT};
use oogst_tests::client::{Client, object};
use oogst_tests::day::{Day, text};
use oogst_tests::http::{Answer, Request};
use oogst_tests::server::Server;
use serde_json::{Value, json};
use uuid::Uuid;

/// A gathering with an action plan that the facilitator has open.
struct Plan {
    server: Server,
    day: Day,
    id: String,
    laptop: Client,
}

impl Plan {
    async fn open() -> Self {
        let server = Server::start().await;
        let day = Day::open(&server, &["Hoe houden we het vol?"]).await;
        let path = format!("/api/gatherings/{}/documents", day.id);
        let body = json!({ "kind": "action_plan" });
        let request = Request::new("POST", &path).token(&day.facilitator).json(&body);
        let id = text(&server.send(request).await.expect(201)["id"]);
        let laptop = Client::find(&server.sync_url(&day.facilitator), &id).await;
        Self { server, day, id, laptop }
    }

    /// Makes one change, and waits until it is saved.
    async fn write(&mut self, edit: impl FnOnce(&mut AutoCommit)) {
        self.laptop.edit(edit);
        self.laptop.saved().await.unwrap();
    }

    async fn overview(&self, query: &str) -> Answer {
        let path = format!("/api/documents/{}/overview{query}", self.id);
        self.server.send(Request::new("GET", &path).token(&self.day.facilitator)).await
    }
}

/// A new item, with these words and numbers.
fn item(document: &mut AutoCommit, map: &str, fields: &Value) -> ObjId {
    let map = object(document, &ROOT, map);
    let item = document.put_object(&map, Uuid::new_v4().to_string(), ObjType::Map).unwrap();
    for (key, value) in fields.as_object().unwrap() {
        if let Some(number) = value.as_i64() {
            document.put(&item, key, number).unwrap();
        } else if let Some(list) = value.as_array() {
            let flags = document.put_object(&item, key, ObjType::Map).unwrap();
            for name in list {
                document.put(&flags, text(name), true).unwrap();
            }
        } else {
            let words = document.put_object(&item, key, ObjType::Text).unwrap();
            document.splice_text(&words, 0, 0, &text(value)).unwrap();
        }
    }
    item
}

/// Goal: no money, small, medium and large stand side by side with their totals; the plan is told
/// to start from no money, and what belongs nowhere is named.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_15_four_scenarios_side_by_side_beginning_without_money() {
    let mut plan = Plan::open().await;
    let empty = plan.overview("").await.expect(200);
    let steps = empty["in_no_scenario"].as_array().unwrap().len();
    assert_eq!((&empty["starts_without_money"], steps), (&json!(false), 3));
    plan.write(|document| {
        for (cost, scenarios) in
            [(0, json!(["none", "small"])), (1_500, json!(["small"])), (9_000, json!(["large"]))]
        {
            item(document, "actions", &json!({ "cost": cost, "scenarios": scenarios }));
        }
    })
    .await;
    let seen = plan.overview("").await.expect(200);
    let scenarios = seen["scenarios"].as_array().unwrap();
    let totals: Vec<_> = scenarios
        .iter()
        .map(|total| (text(&total["scenario"]), total["actions"].as_i64().unwrap()))
        .zip(scenarios.iter().map(|total| total["cost_euros"].as_i64().unwrap()))
        .collect();
    let wanted =
        [(("none", 1), 0), (("small", 2), 1_500), (("medium", 0), 0), (("large", 1), 9_000)];
    let wanted = wanted.map(|((name, actions), euros)| ((name.to_owned(), actions), euros));
    assert_eq!(totals, wanted);
    assert_eq!(seen["starts_without_money"], true);

    // As it was before, and for nobody else.
    let before = plan.overview(&format!("?at={}", empty["seq"])).await.expect(200);
    assert_eq!(before, empty);
    let harvest = format!("/api/documents/{}/overview", plan.day.groups[0].harvest);
    let harvest = Request::new("GET", &harvest).token(&plan.day.facilitator);
    assert_eq!(plan.server.send(harvest).await.status, 404, "a harvest is no plan");
    let other = Day::open(&plan.server, &["Elders"]).await;
    let path = format!("/api/documents/{}/overview", plan.id);
    let request = Request::new("GET", &path).token(&other.facilitator);
    assert_eq!(plan.server.send(request).await.status, 404);
}

/// Goal: from the first day, the fiftieth, ninetieth and hundredth follow.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_17_the_hundred_days_are_counted_from_their_start() {
    let mut plan = Plan::open().await;
    assert_eq!(plan.overview("").await.expect(200)["hundred_days"], Value::Null);
    plan.write(|document| {
        let days = object(document, &ROOT, "hundred_days");
        document.put(&days, "start", "2026-11-25").unwrap();
        let question = object(document, &days, "question");
        document.splice_text(&question, 0, 0, "Wat wil ik verwezenlijkt hebben?").unwrap();
    })
    .await;
    let seen = plan.overview("").await.expect(200);
    let wanted = json!({
        "start": "2026-11-25", "day_50": "2027-01-14", "day_90": "2027-02-23",
        "day_100": "2027-03-05",
    });
    assert_eq!(seen["hundred_days"], wanted);
}

/// Goal: periods are what people name; each says who did how much, and which of the five points of
/// its check-ins is missing. An earlier period stays readable as it was.
#[tokio::test(flavor = "multi_thread")]
async fn row_002_18_and_19_periods_with_their_check_ins_say_what_is_missing() {
    let mut plan = Plan::open().await;
    let noted = |moment: &str, quality: &str| {
        json!({
            "period": "2026-K4", "moment": moment, "date": "2026-10-01", "money": "Genoeg tot mei",
            "organisation": "Twee trekkers", "time": "Krap", "information": "Op tijd",
            "quality": quality,
        })
    };
    plan.write(|document| {
        item(document, "actions", &json!({ "period": "2026-K4", "status": "done" }));
        item(document, "actions", &json!({ "period": "2026-K4", "status": "doing" }));
        item(document, "actions", &json!({ "period": "2027-K1", "status": "agreed" }));
        item(document, "check_ins", &noted("start", "Goed"));
        item(document, "check_ins", &noted("end", ""));
    })
    .await;
    let seen = plan.overview("").await.expect(200);
    let periods = seen["periods"].as_array().unwrap();
    let [autumn, winter] = &periods[..] else { panic!("two periods: {periods:?}") };
    assert_eq!((&autumn["actions"], &autumn["done"]), (&json!(2), &json!(1)));
    assert_eq!(autumn["start"]["organisation"], "Twee trekkers");
    assert_eq!(autumn["missing"], json!(["end.quality"]));
    assert_eq!((&winter["period"], &winter["start"]), (&json!("2027-K1"), &Value::Null));
    assert_eq!(winter["missing"], json!(["start", "end"]));
}
