//! The stakeholder map and the plan, which go as tables and documents of their own.

use std::collections::{BTreeMap, BTreeSet};

use oogst_cli::demo::script::{Action, PLAN, Said, Stakeholder, stakeholders, typed};
use oogst_tests::day::text;
use serde_json::{Value, json};

use super::Day;
use super::harvest::plain;

/// A table's rows, cells by the names of their columns.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    let table = table.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let names: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| names.iter().cloned().zip(row.iter().map(plain)).collect()).collect()
}

async fn table(day: &Day, document: &str) -> Vec<BTreeMap<String, String>> {
    let answer = day.get(&format!("/api/documents/{document}/export.csv")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    rows(&answer.text())
}

/// An item's texts, in the order of their positions.
fn ordered(items: &Value) -> Vec<&Value> {
    let items = items.as_object().into_iter().flat_map(|items| items.values());
    let mut live: Vec<_> = items.filter(|item| item["removed"] != true).collect();
    live.sort_by_key(|item| text(&item["position"]));
    live
}

fn said(all: &[Said]) -> String {
    all.iter().map(|(_, text)| typed(text)).collect::<Vec<_>>().join("\n")
}

/// Each stakeholder's row says what was noted, in the map's order; who was removed has none.
pub(super) async fn name_the_stakeholders(day: &Day) {
    let map = day.document("stakeholders");
    let rows = table(day, &map).await;
    assert_eq!(rows.len(), stakeholders().count());
    for (row, stakeholder) in rows.iter().zip(stakeholders()) {
        let weight = |place: fn((i64, i64)) -> i64| {
            stakeholder.weight.map_or_else(String::new, |both| place(both).to_string())
        };
        let (level, since) =
            stakeholder.engaged.last().map_or(("", ""), |(_, level, since)| (*level, *since));
        let wanted = [
            ("organisation", typed(stakeholder.organisation)),
            ("text", String::new()),
            ("municipality", typed(stakeholder.municipality)),
            ("level", stakeholder.level.to_owned()),
            ("interests", said(stakeholder.interests)),
            ("wins", said(stakeholder.wins)),
            ("reached_via", typed(stakeholder.reached_via)),
            ("next_step", typed(stakeholder.next_step)),
            ("influence", weight(|both| both.0)),
            ("interest", weight(|both| both.1)),
            ("engagement", level.to_owned()),
            ("engagement_since", since.to_owned()),
        ];
        for (column, wanted) in wanted {
            assert_eq!(row[column], wanted, "{column} of {row:?}");
        }
    }
    let document = day.get(&format!("/api/documents/{map}")).await.expect(200);
    let all = document["stakeholders"].as_object().unwrap();
    assert_eq!(all.values().filter(|one| one["removed"] == true).count(), 1, "it can come back");
    let shown = ordered(&document["stakeholders"]);
    for (found, Stakeholder { interests, wins, .. }) in shown.into_iter().zip(stakeholders()) {
        for (key, wanted) in [("interests", interests), ("wins", wins)] {
            let texts: Vec<_> =
                ordered(&found[key]).iter().map(|part| text(&part["text"])).collect();
            let wanted: Vec<_> = wanted.iter().map(|(_, text)| typed(text)).collect();
            assert_eq!(texts, wanted, "{key} of {found}");
        }
    }
}

/// The plan says what was planned, and adds it up: four scenarios, beginning without money.
pub(super) async fn hold_the_plan(day: &Day) {
    let (id, names) = (day.document("action_plan"), day.names());
    let plan = day.get(&format!("/api/documents/{id}")).await.expect(200);
    let texts = [("goal", PLAN.goal), ("why", PLAN.why), ("limits", PLAN.limits)];
    for (key, (_, wanted)) in texts {
        assert_eq!(plan[key], typed(wanted));
    }
    let days = &plan["hundred_days"];
    assert_eq!(days["question"], typed(PLAN.hundred_days.1));
    assert_eq!((&days["roles"], &days["start"]), (&PLAN.roles.1.into(), &PLAN.start.1.into()));
    let asked: Vec<_> = ordered(&plan["consulted"])
        .into_iter()
        .map(|one| (text(&one["text"]), text(&one["date"])))
        .collect();
    let wanted = PLAN.consulted.iter().map(|(_, text, date)| (typed(text), (*date).to_owned()));
    assert_eq!(asked, wanted.collect::<Vec<_>>());

    let actions = ordered(&plan["actions"]);
    let (steps, actions) = actions.split_at(3);
    assert!(steps.iter().all(|step| step["status"].is_null()), "what every plan begins with");
    assert_eq!(actions.len(), PLAN.actions.len());
    let map = day.document("stakeholders");
    let map_root = day.get(&format!("/api/documents/{map}")).await.expect(200);
    let people = |flags: &Value| -> BTreeSet<String> {
        let set = flags.as_object().unwrap().iter().filter(|(_, flag)| **flag == true);
        set.map(|(id, _)| names[id].clone()).collect()
    };
    let named = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
    let rows = table(day, &id).await;
    for (place, (found, wanted)) in actions.iter().zip(PLAN.actions).enumerate() {
        action(found, wanted);
        assert_eq!(people(&found["who"]), named(wanted.who), "{found}");
        assert_eq!(people(&found["supports"]), named(wanted.supports), "{found}");
        let stakeholder = found["stakeholder"].as_str().map(|link| {
            let (document, item) = link.split_once('/').unwrap();
            assert_eq!(document, map);
            text(&map_root["stakeholders"][item]["organisation"])
        });
        let known = |key: &str| stakeholders().find(|one| one.key == key).unwrap().organisation;
        assert_eq!(stakeholder.as_deref(), wanted.stakeholder.map(known), "{found}");
        let row = &rows[3 + place];
        assert_eq!(row["what"], wanted.what);
        assert_eq!(row["status"], wanted.status());
        assert_eq!(row["cost"], wanted.cost.map_or_else(String::new, |cost| cost.to_string()));
        assert_eq!(row["supports"], wanted.supports.len().to_string());
    }
    assert_eq!(rows.len(), 3 + actions.len());
    adds_up(&day.get(&format!("/api/documents/{id}/overview")).await.expect(200));
}

fn action(found: &Value, wanted: &Action) {
    let texts = [
        ("what", wanted.what),
        ("who_text", wanted.who_text),
        ("next_step", wanted.next_step),
        ("period", wanted.period),
    ];
    for (key, text) in texts {
        assert_eq!(found[key], typed(text), "{key} of {found}");
    }
    for (key, word) in [("due", wanted.due), ("kind", wanted.kind), ("status", wanted.status())] {
        assert_eq!(found[key], word, "{key} of {found}");
    }
    let scenarios = wanted.scenarios.iter().map(|name| ((*name).to_owned(), json!(true)));
    assert_eq!(found["scenarios"], Value::Object(scenarios.collect()));
    assert_eq!(found["cost"], json!(wanted.cost));
}

fn adds_up(overview: &Value) {
    let live = || PLAN.actions.iter().filter(|action| action.status() != "dropped");
    let wanted = ["none", "small", "medium", "large"].map(|scenario| {
        let within = || live().filter(|action| action.scenarios.contains(&scenario));
        let cost: i64 = within().filter_map(|action| action.cost).sum();
        json!({ "scenario": scenario, "actions": within().count(), "cost_euros": cost })
    });
    assert_eq!(overview["scenarios"], json!(wanted));
    assert_eq!(overview["starts_without_money"], true);
    assert_eq!(overview["in_no_scenario"].as_array().unwrap().len(), 3, "the three steps");
    assert_eq!(overview["hundred_days"]["start"], PLAN.start.1);
    let periods: BTreeMap<_, _> = overview["periods"]
        .as_array()
        .unwrap()
        .iter()
        .map(|period| (text(&period["period"]), period["actions"].as_u64().unwrap()))
        .collect();
    let mut wanted = BTreeMap::new();
    for action in live() {
        *wanted.entry(action.period.to_owned()).or_insert(0) += 1;
    }
    assert_eq!(periods, wanted);
}
