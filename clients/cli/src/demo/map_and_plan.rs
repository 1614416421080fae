//! The two common documents of the afternoon, the stakeholder map and the plan: who writes what in
//! which place of them. They are the gathering's own, and people of all tables write in them.

use oogst_protocol::ids::{DocumentId, ParticipantId};

use super::device::position;
use super::script::{Action, PLAN, STAKEHOLDERS, Stakeholder, typed};
use crate::chance::item;

/// What one person writes in one place of a common document, in one go.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) by: &'static str,
    /// The keys that lead to the item, or to the map that it is about.
    pub(super) path: Vec<String>,
    /// What the item is born with, where it is a new one.
    pub(super) born: Option<Fresh>,
    /// What is written in it: each with the keys that lead on to it.
    pub(super) puts: Vec<(Vec<String>, Put)>,
    /// What it takes the place of, by its last key: it is waited for, so that the newest wins.
    pub(super) after: Option<(&'static str, &'static str)>,
}

/// What a new item is born with.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    pub(super) position: String,
    pub(super) texts: &'static [&'static str],
    pub(super) maps: &'static [&'static str],
    /// Values that others put theirs in the place of.
    pub(super) words: &'static [(&'static str, &'static str)],
}

/// What is written.
#[derive(Clone, Debug)]
pub(super) enum Put {
    /// Letter by letter.
    Typed(&'static str),
    /// A value from a list, a date, a reference.
    Word(String),
    Number(i64),
    Yes,
}

impl Put {
    /// What stands there at the end, in letters.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Typed(text) => typed(text),
            Self::Word(word) => word.clone(),
            Self::Number(number) => number.to_string(),
            Self::Yes => "true".to_owned(),
        }
    }
}

/// Everybody's id, by first name; nothing for somebody who is not there.
pub(super) type Who<'w> = &'w dyn Fn(&str) -> Option<ParticipantId>;

/// The place of a key among items.
fn place(seed: u64, map: &str, key: &str) -> Vec<String> {
    vec![map.to_owned(), id(seed, map, key)]
}

fn id(seed: u64, map: &str, key: &str) -> String {
    item(seed, usize::MAX, &format!("{map} {key}")).to_string()
}

impl Entry {
    fn new(by: &'static str, path: Vec<String>) -> Self {
        Self { by, path, born: None, puts: Vec::new(), after: None }
    }

    fn born(
        self,
        rank: usize,
        texts: &'static [&'static str],
        maps: &'static [&'static str],
    ) -> Self {
        let position = position(Some(rank));
        Self { born: Some(Fresh { position, texts, maps, words: &[] }), ..self }
    }

    fn after(self, key: &'static str, word: Option<&'static str>) -> Self {
        Self { after: word.map(|word| (key, word)), ..self }
    }

    fn put(mut self, keys: &[&str], put: Put) -> Self {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        self.puts.push((keys, put));
        self
    }

    /// Types a text, where there is one.
    fn types(self, key: &str, text: &'static str) -> Self {
        if text.is_empty() { self } else { self.put(&[key], Put::Typed(text)) }
    }

    fn picks(self, key: &str, word: impl Into<String>) -> Self {
        self.put(&[key], Put::Word(word.into()))
    }
}

/// The stakeholder map, entry by entry.
pub(super) fn stakeholders(seed: u64) -> Vec<Entry> {
    let all = STAKEHOLDERS.iter().enumerate();
    all.flat_map(|(rank, stakeholder)| entries(seed, rank, stakeholder)).collect()
}

fn entries(seed: u64, rank: usize, stakeholder: &Stakeholder) -> Vec<Entry> {
    const TEXTS: &[&str] = &["organisation", "municipality", "reached_via", "next_step"];
    const MAPS: &[&str] = &["interests", "wins", "engagement"];
    let path = place(seed, "stakeholders", stakeholder.key);
    let mut row = Entry::new(stakeholder.by, path.clone())
        .born(rank, TEXTS, MAPS)
        .types("organisation", stakeholder.organisation)
        .types("municipality", stakeholder.municipality)
        .picks("level", stakeholder.level)
        .types("reached_via", stakeholder.reached_via)
        .types("next_step", stakeholder.next_step);
    if let Some((influence, interest)) = stakeholder.weight {
        row = row.put(&["influence"], Put::Number(influence));
        row = row.put(&["interest"], Put::Number(interest));
    }
    let mut entries = vec![row];
    for (map, parts) in [("interests", stakeholder.interests), ("wins", stakeholder.wins)] {
        for (rank, (by, text)) in parts.iter().enumerate() {
            let key = id(seed, map, &format!("{} {rank}", stakeholder.key));
            let path = [path.as_slice(), &[map.to_owned(), key]].concat();
            entries.push(Entry::new(by, path).born(rank, &[], &[]).types("text", text));
        }
    }
    let mut before = None;
    for (by, level, since) in stakeholder.engaged {
        let path = [path.as_slice(), &["engagement".to_owned()]].concat();
        let entry = Entry::new(by, path).after("since", before);
        entries.push(entry.picks("level", *level).picks("since", *since));
        before = Some(*since);
    }
    if let Some(by) = stakeholder.removed_by {
        entries.push(Entry::new(by, path).put(&["removed"], Put::Yes));
    }
    entries
}

/// The plan, entry by entry; `map` is the stakeholder map that it points at.
pub(super) fn plan(seed: u64, map: DocumentId, who: Who<'_>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (key, (by, text)) in [("goal", PLAN.goal), ("why", PLAN.why), ("limits", PLAN.limits)] {
        entries.push(Entry::new(by, Vec::new()).types(key, text));
    }
    for (rank, action) in PLAN.actions.iter().enumerate() {
        let row = row(seed, map, rank, action);
        let path = row.path.clone();
        entries.push(row);
        for (key, names) in [("who", action.who), ("supports", action.supports)] {
            let found = names.iter().filter_map(|name| Some((*name, who(name)?)));
            entries.extend(found.map(|(name, id)| {
                Entry::new(name, path.clone()).put(&[key, &id.to_string()], Put::Yes)
            }));
        }
        let mut before = IDEA;
        for (by, status) in action.progress {
            let entry = Entry::new(by, path.clone()).after("status", Some(before));
            entries.push(entry.picks("status", *status));
            before = status;
        }
    }
    for (rank, (by, text, date)) in PLAN.consulted.iter().enumerate() {
        let path = place(seed, "consulted", &rank.to_string());
        entries.push(
            Entry::new(by, path).born(rank, &[], &[]).types("text", text).picks("date", *date),
        );
    }
    let days = || vec!["hundred_days".to_owned()];
    for (key, (by, text)) in [("question", PLAN.hundred_days), ("roles", PLAN.roles)] {
        entries.push(Entry::new(by, days()).types(key, text));
    }
    let (by, start) = PLAN.start;
    entries.push(Entry::new(by, days()).picks("start", start));
    entries
}

/// How far an action is when it is proposed.
const IDEA: &str = "idea";

fn row(seed: u64, map: DocumentId, rank: usize, action: &Action) -> Entry {
    const TEXTS: &[&str] = &["what", "who_text", "resources", "next_step", "period"];
    const MAPS: &[&str] = &["who", "scenarios", "supports"];
    let mut row = Entry::new(action.by, place(seed, "actions", action.key))
        .born(rank, TEXTS, MAPS)
        .types("what", action.what)
        .picks("kind", action.kind)
        .picks("due", action.due)
        .types("who_text", action.who_text)
        .types("next_step", action.next_step)
        .types("period", action.period);
    if let Some(born) = &mut row.born {
        born.words = &[("status", IDEA)];
    }
    for scenario in action.scenarios {
        row = row.put(&["scenarios", scenario], Put::Yes);
    }
    if let Some(cost) = action.cost {
        row = row.put(&["cost"], Put::Number(cost));
    }
    if let Some(stakeholder) = action.stakeholder {
        row = row.picks("stakeholder", format!("{map}/{}", id(seed, "stakeholders", stakeholder)));
    }
    row
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use oogst_protocol::ids::DocumentId;
    use uuid::Uuid;

    use super::super::script::DEVICES;
    use super::*;

    #[test]
    fn whoever_writes_in_a_common_document_is_there_and_many_do() {
        let somebody = ParticipantId::new(Uuid::from_u128(7));
        let map = DocumentId::new(Uuid::from_u128(8));
        for entries in [stakeholders(1), plan(1, map, &|_| Some(somebody))] {
            let writers: BTreeSet<_> = entries.iter().map(|entry| entry.by).collect();
            assert!(writers.len() >= 12, "{writers:?}");
            for name in writers {
                assert!(DEVICES.iter().any(|person| person.name == name), "{name}");
            }
        }
    }

    #[test]
    fn sentences_are_short_enough_to_be_read_aloud() {
        let map = DocumentId::new(Uuid::from_u128(8));
        for entry in stakeholders(1).into_iter().chain(plan(1, map, &|_| None)) {
            for (_, put) in entry.puts {
                for sentence in put.told().split(['.', '?', '!', ':']) {
                    assert!(sentence.split_whitespace().count() <= 12, "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_plan_begins_with_what_costs_nothing_and_knows_its_stakeholders() {
        assert!(PLAN.actions[0].scenarios.contains(&"none"));
        for action in PLAN.actions {
            let known = |key| STAKEHOLDERS.iter().any(|stakeholder| stakeholder.key == key);
            assert!(action.stakeholder.is_none_or(known), "{}", action.what);
        }
    }
}
