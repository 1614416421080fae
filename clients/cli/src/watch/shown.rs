//! What the wall shows of what the server tells: only text that its writers have let rest.
//!
//! While somebody writes in an insight the wall goes on showing what stood there before; a new one
//! appears when it rests. What is nested under one that does not show yet takes its place.

use std::collections::BTreeMap;

use oogst_protocol::api::{Insight, Wall, WallGroup, WallRegion};
use oogst_protocol::ids::ItemId;

use crate::plain::plain;

/// A group as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) question: String,
    /// In order, each followed by what is nested under it.
    pub(super) insights: Vec<Shown>,
    /// How much there is, unsettled ones included: `9 insights, 3 tip`.
    pub(super) counts: String,
}

/// An insight as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) id: ItemId,
    /// 0 at top level.
    pub(super) depth: usize,
    pub(super) highlight: bool,
    /// Text, category, supporters and "from outside", on one line.
    pub(super) text: String,
}

/// The last settled text of each insight; grown by each look at the wall, and no longer than it.
#[derive(Debug, Default)]
pub(super) struct Settled(BTreeMap<ItemId, String>);

impl Settled {
    /// What to show of the wall as it is now: the groups, and what the regions bring as long as
    /// no group has harvested anything.
    pub(super) fn look(&mut self, wall: &Wall) -> Vec<Group> {
        let mut seen = BTreeMap::new();
        let mut groups: Vec<_> =
            wall.groups.iter().map(|group| self.group(group, &mut seen)).collect();
        if wall.groups.iter().all(|group| group.counts.insights == 0) {
            let brought = wall.regions.iter().filter(|region| !region.questions.is_empty());
            let brought: Vec<_> = brought.map(|region| self.region(region, &mut seen)).collect();
            if !brought.is_empty() {
                groups = brought;
            }
        }
        self.0 = seen;
        groups
    }

    fn region(&self, region: &WallRegion, seen: &mut BTreeMap<ItemId, String>) -> Group {
        let mut insights = Vec::new();
        for question in &region.questions {
            let text = self.rested(question.id, question.settled, &question.text);
            if !text.is_empty() {
                let (id, depth, highlight) = (question.id, 0, false);
                seen.insert(id, text.clone());
                insights.push(Shown { id, depth, highlight, text });
            }
        }
        let counts = many(region.questions.len(), "question");
        Group { name: plain(&region.name), question: String::new(), insights, counts }
    }

    /// The text where it rests, else what rested there before.
    fn rested(&self, id: ItemId, settled: bool, text: &str) -> String {
        match self.0.get(&id) {
            _ if settled => plain(text),
            before => before.cloned().unwrap_or_default(),
        }
    }

    fn group(&self, group: &WallGroup, seen: &mut BTreeMap<ItemId, String>) -> Group {
        let mut insights = Vec::new();
        self.level(&group.insights, 0, &mut insights, seen);
        let (name, question) = (plain(&group.name), plain(&group.question));
        Group { name, question, insights, counts: counts(group) }
    }

    fn level(
        &self,
        level: &[Insight],
        depth: usize,
        into: &mut Vec<Shown>,
        seen: &mut BTreeMap<ItemId, String>,
    ) {
        for insight in level {
            let text = self.rested(insight.id, insight.settled, &insight.text);
            let visible = !text.is_empty();
            if visible {
                let (id, highlight) = (insight.id, insight.highlight);
                seen.insert(id, text.clone());
                into.push(Shown { id, depth, highlight, text: marked(insight, text) });
            }
            self.level(&insight.children, depth + usize::from(visible), into, seen);
        }
    }
}

/// The text with what else is known of the insight.
fn marked(insight: &Insight, mut text: String) -> String {
    if let Some(category) = insight.category.as_deref().filter(|category| *category != "insight") {
        text = format!("[{}] {text}", plain(category));
    }
    if insight.from_outside {
        text.push_str(" (from outside)");
    }
    if insight.supports > 0 {
        text.push_str(&format!(" +{}", insight.supports));
    }
    text
}

fn counts(group: &WallGroup) -> String {
    let mut counts = many(usize::try_from(group.counts.insights).unwrap_or(0), "insight");
    for (category, many) in group.counts.categories.iter().filter(|(name, _)| *name != "insight") {
        counts.push_str(&format!(", {many} {}", plain(category)));
    }
    counts
}

fn many(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Whether something waits to be settled, so that the wall is to be looked at again.
pub(super) fn unsettled(wall: &Wall) -> bool {
    fn any(level: &[Insight]) -> bool {
        level.iter().any(|insight| !insight.settled || any(&insight.children))
    }
    wall.groups.iter().any(|group| any(&group.insights))
        || wall.regions.iter().any(|region| region.questions.iter().any(|one| !one.settled))
}

#[cfg(test)]
mod tests {
    use oogst_protocol::ids::Seq;
    use uuid::Uuid;

    use super::*;

    fn insight(id: u128, text: &str, settled: bool, children: Vec<Insight>) -> Insight {
        let told = serde_json::json!({
            "id": Uuid::from_u128(id), "text": text, "category": "tip", "settled": settled,
            "highlight": false, "supports": 2, "from_outside": true, "children": children,
            "language": null, "by": null,
        });
        serde_json::from_value(told).unwrap()
    }

    fn wall(insights: &[Insight]) -> Wall {
        let told = serde_json::json!({
            "seq": Seq(1), "round": null, "themes": [], "regions": [], "spotlight": null,
            "groups": [{
                "id": Uuid::from_u128(9), "name": "Tafel\u{1b}1", "question": "",
                "theme": null, "highlights": [],
                "insights": insights,
                "counts": {
                    "insights": 1, "categories": { "tip": 1 }, "languages": {}, "from_outside": 0,
                },
                "last_contribution": null,
            }],
        });
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn half_sentences_are_not_shown_and_what_rested_stays_while_it_is_mended() {
        let mut settled = Settled::default();
        let texts = |groups: &[Group]| -> Vec<(usize, String)> {
            groups[0].insights.iter().map(|shown| (shown.depth, shown.text.clone())).collect()
        };
        let child = |text, rests| insight(2, text, rests, Vec::new());
        let first = wall(&[insight(1, "Ga na", false, vec![child("Bak koekjes", true)])]);
        assert!(unsettled(&first));
        let shown = settled.look(&first);
        assert_eq!(texts(&shown), [(0, "[tip] Bak koekjes (from outside) +2".to_owned())]);
        assert_eq!(shown[0].name, "Tafel 1");
        assert_eq!(shown[0].counts, "1 insight, 1 tip");

        let second = wall(&[insight(1, "Ga naar hen", true, vec![child("Bak koe", false)])]);
        let shown = texts(&settled.look(&second));
        assert_eq!(shown[0], (0, "[tip] Ga naar hen (from outside) +2".to_owned()));
        assert_eq!(shown[1], (1, "[tip] Bak koekjes (from outside) +2".to_owned()));
        assert!(!unsettled(&wall(&[])));
        let mut morning = wall(&[]);
        morning.groups[0].counts.insights = 0;
        morning.regions = serde_json::from_value(serde_json::json!([{
            "id": null, "name": "Kempen", "questions": [{
                "id": Uuid::from_u128(3), "text": "Wie?", "kind": null, "theme": null,
                "settled": true,
            }],
        }]))
        .unwrap();
        let shown = Settled::default().look(&morning);
        assert_eq!((&*shown[0].name, &*shown[0].counts), ("Kempen", "1 question"));
        assert_eq!(shown[0].insights[0].text, "Wie?");
        assert_eq!(settled.look(&wall(&[]))[0].insights, []);
    }
}
