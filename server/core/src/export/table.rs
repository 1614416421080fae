//! A stakeholder map or an action plan as CSV: one row an item, in its order, removed ones left
//! out. Cells are guarded as in a harvest's, see [`super::cell`].
//!
//! It is the document itself for those who may read it, not something published: no line is left
//! out. Only whose action it is goes by consent. A stakeholder's contact data is in another
//! document, and in none of these columns.

use oogst_protocol::ids::ParticipantId;
use serde_json::Value;

use super::row;

/// What a column shows of an item.
enum Column {
    /// The text or value under its own name.
    Own,
    /// The texts of the items under its name, one a line.
    Texts,
    /// The keys that are set under its name.
    Flags,
    /// The people under its name, as far as they may be named.
    People,
    /// How many are set under its name.
    Count,
    /// A value within a map.
    Within(&'static str, &'static str),
    /// The item's id.
    Id,
}

use Column::{Count, Flags, Id, Own, People, Texts, Within};

const STAKEHOLDERS: [(&str, Column); 13] = [
    ("organisation", Own),
    ("text", Own),
    ("municipality", Own),
    ("level", Own),
    ("interests", Texts),
    ("wins", Texts),
    ("reached_via", Own),
    ("next_step", Own),
    ("influence", Own),
    ("interest", Own),
    ("engagement", Within("engagement", "level")),
    ("engagement_since", Within("engagement", "since")),
    ("id", Id),
];

const ACTIONS: [(&str, Column); 16] = [
    ("what", Own),
    ("text", Own),
    ("who", People),
    ("who_text", Own),
    ("due", Own),
    ("status", Own),
    ("kind", Own),
    ("scenarios", Flags),
    ("cost", Own),
    ("resources", Own),
    ("next_step", Own),
    ("period", Own),
    ("stakeholder", Own),
    ("from", Own),
    ("supports", Count),
    ("id", Id),
];

/// What somebody may be called in a table; nothing where they may not be named.
pub type Called<'a> = &'a dyn Fn(ParticipantId) -> Option<String>;

/// The stakeholders of a map, whose root object as JSON this is.
#[must_use]
pub fn stakeholders_csv(root: &Value, called: Called<'_>) -> String {
    table(&root["stakeholders"], &STAKEHOLDERS, called)
}

/// The actions of a plan, whose root object as JSON this is.
#[must_use]
pub fn actions_csv(root: &Value, called: Called<'_>) -> String {
    table(&root["actions"], &ACTIONS, called)
}

fn table(items: &Value, columns: &[(&'static str, Column)], called: Called<'_>) -> String {
    let mut text = format!("\u{feff}{}", row(columns.iter().map(|(name, _)| *name)));
    for (id, item) in ordered(items) {
        let cells = columns.iter().map(|(name, column)| match column {
            Own => told(&item[*name]),
            Texts => {
                let texts = ordered(&item[*name]).into_iter().map(|(_, part)| told(&part["text"]));
                texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
            }
            Flags => set(&item[*name]).join(", "),
            People => {
                let people = set(&item[*name]);
                let people = people.iter().filter_map(|who| called(who.parse().ok()?));
                people.collect::<Vec<_>>().join(", ")
            }
            Count => set(&item[*name]).len().to_string(),
            Within(map, key) => told(&item[*map][*key]),
            Id => id.to_owned(),
        });
        let cells: Vec<String> = cells.collect();
        text.push_str(&row(cells.iter().map(String::as_str)));
    }
    text
}

/// The items of a map that are there, by position, ties by id.
fn ordered(items: &Value) -> Vec<(&str, &Value)> {
    let all = items.as_object().into_iter().flatten();
    let live = all.filter(|(_, item)| item["removed"] != true);
    let mut live: Vec<_> = live.map(|(id, item)| (id.as_str(), item)).collect();
    live.sort_by_key(|(id, item)| (item["position"].as_str().unwrap_or_default(), *id));
    live
}

/// The keys of a map that are `true`.
fn set(flags: &Value) -> Vec<&str> {
    let all = flags.as_object().into_iter().flatten();
    all.filter(|(_, flag)| **flag == true).map(|(key, _)| key.as_str()).collect()
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{actions_csv, stakeholders_csv};

    #[test]
    fn a_map_is_a_table_in_its_order_without_what_was_removed() {
        let root = json!({ "stakeholders": {
            "b": { "organisation": "=Buurtwerk", "position": "a", "level": "local",
                   "wins": { "2": { "text": "zalen", "position": "b" },
                             "1": { "text": "vrijwilligers", "position": "a" },
                             "3": { "text": "weg", "removed": true } },
                   "influence": 4, "engagement": { "level": "partner", "since": "2026-11-21" } },
            "a": { "organisation": "Stad \"Zuid\"", "position": "b" },
            "c": { "organisation": "weg", "removed": true },
        }});
        let table = stakeholders_csv(&root, &|_| None);
        let rows: Vec<_> = table.split("\r\n").collect();
        assert!(rows[0].starts_with("\u{feff}\"organisation\",\"text\",\"municipality\","));
        let first = "\"'=Buurtwerk\",\"\",\"\",\"local\",\"\",\"vrijwilligers\nzalen\",\"\",\"\",\
                     \"4\",\"\",\"partner\",\"2026-11-21\",\"b\"";
        assert_eq!(rows[1], first);
        assert!(rows[2].starts_with("\"Stad \"\"Zuid\"\"\","), "{}", rows[2]);
        assert_eq!(rows.len(), 4, "a header, two rows, and the end of the last");
    }

    #[test]
    fn a_plan_names_whose_action_it_is_as_far_as_they_agree() {
        let (an, bo) =
            ("018f0000-0000-4000-8000-000000000001", "018f0000-0000-4000-8000-000000000002");
        let root = json!({ "actions": { "x": {
            "what": "Bel de buurt", "who": { (an): true, (bo): true }, "cost": 250,
            "scenarios": { "none": true, "small": false, "large": true },
            "supports": { (bo): true },
        }}});
        let table = actions_csv(&root, &|who| (who.to_string() == an).then(|| "An".to_owned()));
        let wanted = "\"Bel de buurt\",\"\",\"An\",\"\",\"\",\"\",\"\",\"large, none\",\"250\",\
                      \"\",\"\",\"\",\"\",\"\",\"1\",\"x\"";
        assert_eq!(table.split("\r\n").nth(1).unwrap(), wanted);
    }
}
