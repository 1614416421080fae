//! What an action plan adds up to, read from its root object.
//!
//! Everything here is counted anew for each reader: nothing of it stands in the document, so it
//! can't disagree with it, whoever edits at the same time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use oogst_protocol::api::{CheckIn, HundredDays, Period, PlanOverview, ScenarioTotal};
use oogst_protocol::ids::Seq;
use serde_json::{Map, Value as Json};

const SCENARIOS: [&str; 4] = ["none", "small", "medium", "large"];
const POINTS: [&str; 5] = ["money", "organisation", "time", "information", "quality"];

/// The overview of an action plan whose root object is `root`, as it was after `seq`.
#[must_use]
pub fn plan_overview(seq: Seq, root: &Json) -> PlanOverview {
    let actions = live(root, "actions", |action| word(action, "status") != "dropped");
    let scenarios: Vec<_> = SCENARIOS.iter().map(|name| total(name, &actions)).collect();
    let mut in_no_scenario: Vec<_> = actions
        .iter()
        .filter(|(_, action)| !SCENARIOS.iter().any(|name| belongs(action, name)))
        .map(|(id, action)| (word(action, "position"), *id))
        .collect();
    in_no_scenario.sort_unstable();
    PlanOverview {
        seq: seq.0,
        starts_without_money: scenarios.first().is_some_and(|none| none.actions > 0),
        scenarios,
        in_no_scenario: in_no_scenario.iter().filter_map(|(_, id)| id.parse().ok()).collect(),
        hundred_days: hundred_days(root),
        periods: periods(&actions, root),
    }
}

type Object = Map<String, Json>;

/// The live items of a map at the root, by id.
fn live<'d>(
    root: &'d Json,
    key: &str,
    counts: impl Fn(&Object) -> bool,
) -> Vec<(&'d str, &'d Object)> {
    let items = root[key].as_object().into_iter().flatten();
    let objects = items.filter_map(|(id, item)| Some((id.as_str(), item.as_object()?)));
    objects
        .filter(|(_, item)| item.get("removed") != Some(&Json::Bool(true)))
        .filter(|(_, item)| counts(item))
        .collect()
}

fn word<'d>(item: &'d Object, key: &str) -> &'d str {
    item.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn belongs(action: &Object, scenario: &str) -> bool {
    action.get("scenarios").is_some_and(|scenarios| scenarios[scenario] == Json::Bool(true))
}

fn total(scenario: &str, actions: &[(&str, &Object)]) -> ScenarioTotal {
    let mut total = ScenarioTotal { scenario: scenario.to_owned(), ..ScenarioTotal::default() };
    for (_, action) in actions.iter().filter(|(_, action)| belongs(action, scenario)) {
        let cost = action.get("cost").and_then(Json::as_i64).unwrap_or_default();
        total.actions += 1;
        total.cost_euros = total.cost_euros.saturating_add(cost);
    }
    total
}

/// The day itself is the first of the hundred's count: day 100 is a hundred days later.
fn hundred_days(root: &Json) -> Option<HundredDays> {
    let start: Date = root["hundred_days"]["start"].as_str()?.parse().ok()?;
    let after = |days: i64| {
        let day = start.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Some(day.to_string())
    };
    Some(HundredDays {
        start: start.to_string(),
        day_50: after(50)?,
        day_90: after(90)?,
        day_100: after(100)?,
    })
}

fn periods(actions: &[(&str, &Object)], root: &Json) -> Vec<Period> {
    let mut periods: BTreeMap<&str, Period> = BTreeMap::new();
    for (_, action) in actions {
        let name = word(action, "period").trim();
        if !name.is_empty() {
            let period = periods.entry(name).or_default();
            period.actions += 1;
            period.done += usize::from(word(action, "status") == "done");
        }
    }
    // Of several check-ins at one moment the last one, by day and then by id, is what counts.
    let mut check_ins = live(root, "check_ins", |_| true);
    check_ins.sort_by_key(|(id, noted)| (word(noted, "date"), *id));
    for (_, noted) in check_ins {
        let name = word(noted, "period").trim();
        let period = periods.entry(name).or_default();
        match word(noted, "moment") {
            "start" => period.start = Some(check_in(noted)),
            "end" => period.end = Some(check_in(noted)),
            _ => {}
        }
    }
    let named = periods.into_iter().filter(|(name, _)| !name.is_empty());
    named.map(|(name, period)| finish(name, period)).collect()
}

fn check_in(noted: &Object) -> CheckIn {
    let point = |key| word(noted, key).to_owned();
    CheckIn {
        date: noted.get("date").and_then(Json::as_str).map(ToOwned::to_owned),
        money: point("money"),
        organisation: point("organisation"),
        time: point("time"),
        information: point("information"),
        quality: point("quality"),
    }
}

fn finish(name: &str, mut period: Period) -> Period {
    name.clone_into(&mut period.period);
    for (moment, noted) in [("start", &period.start), ("end", &period.end)] {
        let Some(noted) = noted else {
            period.missing.push(moment.to_owned());
            continue;
        };
        let said =
            [&noted.money, &noted.organisation, &noted.time, &noted.information, &noted.quality];
        let blank = POINTS.iter().zip(said).filter(|(_, said)| said.trim().is_empty());
        period.missing.extend(blank.map(|(point, _)| format!("{moment}.{point}")));
    }
    period
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: [&str; 3] = [
        "00000000-0000-4000-8000-000000000001",
        "00000000-0000-4000-8000-000000000002",
        "00000000-0000-4000-8000-000000000003",
    ];

    #[test]
    fn an_empty_plan_has_four_empty_scenarios_and_nothing_else() {
        let empty = plan_overview(Seq(7), &json!({ "actions": {}, "check_ins": {} }));
        assert_eq!((empty.seq, empty.starts_without_money), (7, false));
        let names: Vec<_> = empty.scenarios.iter().map(|total| &*total.scenario).collect();
        assert_eq!(names, SCENARIOS);
        assert!(empty.periods.is_empty() && empty.hundred_days.is_none());
    }

    #[test]
    fn scenarios_add_up_what_lives_and_say_what_is_in_none() {
        let plan = json!({ "actions": {
            ID[0]: { "cost": 1_500, "scenarios": { "small": true, "large": true } },
            ID[1]: { "scenarios": { "small": false }, "position": "a0" },
            ID[2]: { "cost": 9_000, "removed": true, "scenarios": { "small": true } },
        } });
        let seen = plan_overview(Seq(1), &plan);
        let totals: Vec<_> =
            seen.scenarios.iter().map(|total| (total.actions, total.cost_euros)).collect();
        assert_eq!(totals, [(0, 0), (1, 1_500), (0, 0), (1, 1_500)]);
        assert!(!seen.starts_without_money);
        assert_eq!(seen.in_no_scenario, [ID[1].parse().unwrap()]);
        let plan = json!({ "actions": { ID[0]: { "scenarios": { "none": true } } } });
        assert!(plan_overview(Seq(1), &plan).starts_without_money);
        let dropped = json!({ "actions": { ID[0]: {
            "scenarios": { "none": true }, "status": "dropped",
        } } });
        assert!(!plan_overview(Seq(1), &dropped).starts_without_money, "nobody does it");
    }

    #[test]
    fn the_hundred_days_are_counted_over_months_and_leap_years() {
        let days = |start: &str| {
            let plan = json!({ "hundred_days": { "start": start } });
            plan_overview(Seq(1), &plan).hundred_days.map(|days| (days.day_50, days.day_100))
        };
        let wanted = ("2028-03-22".to_owned(), "2028-05-11".to_owned());
        assert_eq!(days("2028-02-01"), Some(wanted));
        assert_eq!(days(""), None);
        assert_eq!(days("9999-12-31"), None, "the calendar ends there");
    }

    #[test]
    fn a_period_says_which_check_in_or_point_is_missing() {
        let noted = |moment: &str, time: &str| {
            json!({
                "period": "2026-K4", "moment": moment, "date": "2026-10-01", "money": "krap",
                "organisation": "ja", "time": time, "information": "ja", "quality": "goed",
            })
        };
        let plan = json!({
            "actions": { ID[2]: { "period": "2026-K4", "status": "done" } },
            "check_ins": { ID[0]: noted("start", "veel"), ID[1]: noted("end", " ") },
        });
        let seen = plan_overview(Seq(1), &plan);
        let [period] = &*seen.periods else { panic!("one period: {:?}", seen.periods) };
        assert_eq!((&*period.period, period.actions, period.done), ("2026-K4", 1, 1));
        assert_eq!(period.missing, ["end.time"]);
        assert_eq!(period.start.as_ref().unwrap().money, "krap");
        let lone = json!({ "actions": { ID[0]: { "period": "2027-K1" } } });
        assert_eq!(plan_overview(Seq(1), &lone).periods[0].missing, ["start", "end"]);
    }
}
