//! What the programme says of themes: their texts, and the questions that each clusters.

use std::collections::BTreeMap;

use oogst_core::port;
use oogst_protocol::api::{SourceQuestion, Vote, VoteTheme};
use oogst_protocol::ids::ItemId;
use oogst_protocol::schema::DocumentKind;
use serde_json::Value;

/// The themes of a programme that were not removed.
#[derive(Default)]
pub(super) struct Themes {
    titles: BTreeMap<ItemId, String>,
    /// By theme, in the programme's order.
    questions: BTreeMap<ItemId, Vec<SourceQuestion>>,
}

impl Themes {
    /// Whether themes stand in such a document.
    pub(super) fn stand_in(document: &port::Document) -> bool {
        document.kind == DocumentKind::Programme
    }

    /// Reads a programme's root object.
    pub(super) fn of(programme: &Value) -> Self {
        let titles = items(programme, "themes").map(|(id, theme)| (id, text(theme, "text")));
        let mut themes = Self { titles: titles.collect(), questions: BTreeMap::new() };
        let mut asked: Vec<_> = items(programme, "questions").collect();
        asked.sort_by_cached_key(|(id, question)| (text(question, "position"), *id));
        for (id, question) in asked {
            let Ok(theme) = text(question, "theme").parse() else { continue };
            let (text, region) = (text(question, "text"), text(question, "region"));
            themes.questions.entry(theme).or_default().push(SourceQuestion { id, text, region });
        }
        themes
    }

    /// Whether the programme has a theme.
    pub(super) fn has(&self, theme: ItemId) -> bool {
        self.titles.contains_key(&theme)
    }

    /// A vote with its themes' texts and questions.
    pub(super) fn told(&self, vote: port::Vote) -> Vote {
        let theme = |theme: port::VotedTheme| {
            let all = [theme.theme].into_iter().chain(theme.merged.iter().copied());
            let questions = all.filter_map(|theme| self.questions.get(&theme));
            VoteTheme {
                id: theme.theme,
                title: self.titles.get(&theme.theme).cloned().unwrap_or_default(),
                questions: questions.flatten().cloned().collect(),
                merged: theme.merged,
                dots: theme.tally.map(|tally| tally.dots),
                rank: theme.tally.map(|tally| tally.rank as u64),
            }
        };
        Vote {
            id: vote.id,
            phase: vote.phase,
            bounds: vote.bounds,
            voters: vote.voters as u64,
            voted: vote.has_voted,
            themes: vote.themes.into_iter().map(theme).collect(),
            tie: vote.tie,
            selection: vote.selection,
        }
    }
}

/// The items of a map that were not removed.
fn items<'v>(root: &'v Value, map: &str) -> impl Iterator<Item = (ItemId, &'v Value)> {
    let items = root.get(map).and_then(Value::as_object).into_iter().flatten();
    let items = items.filter_map(|(id, item)| Some((id.parse().ok()?, item)));
    items.filter(|(_, item)| item.get("removed") != Some(&Value::Bool(true)))
}

fn text(item: &Value, key: &str) -> String {
    item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_themes_questions_are_those_that_were_clustered_under_it() {
        let id = |number: u8| format!("00000000-0000-4000-8000-0000000000{number:02}");
        let programme = json!({
            "themes": {
                id(1): { "text": "Vertrouwen" },
                id(2): { "text": "Weg", "removed": true },
            },
            "questions": {
                id(4): { "text": "B", "region": "Oost", "theme": id(1), "position": "b" },
                id(3): { "text": "C", "theme": id(1), "position": "c" },
                id(5): { "text": "A", "region": "West", "theme": id(1), "position": "a" },
                id(6): { "text": "weg", "theme": id(1), "removed": true },
                id(7): { "text": "los", "theme": null },
                "no id": { "text": "niets", "theme": id(1) },
            },
        });
        let themes = Themes::of(&programme);
        let theme = id(1).parse().unwrap();
        assert!(themes.has(theme) && !themes.has(id(2).parse().unwrap()));
        let asked = themes.questions[&theme].iter().map(|q| (q.text.as_str(), q.region.as_str()));
        assert_eq!(asked.collect::<Vec<_>>(), [("A", "West"), ("B", "Oost"), ("C", "")]);
    }

    #[test]
    fn a_programme_of_another_shape_has_no_themes() {
        for odd in [json!(null), json!([]), json!({ "themes": 1, "questions": "x" })] {
            assert!(Themes::of(&odd).titles.is_empty());
        }
    }
}
