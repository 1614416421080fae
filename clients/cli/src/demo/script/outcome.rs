//! What stands in a harvest when everybody has done everything.

use super::{Deed, Picture, Table, typed};

/// A harvest at the end of the day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Harvest {
    /// The learning question; empty where none was chosen.
    pub question: String,
    /// Every wording that was proposed: its key and its text.
    pub wordings: Vec<(&'static str, String)>,
    /// Every insight, removed ones too; siblings in their order.
    pub insights: Vec<Insight>,
}

/// An insight at the end of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insight {
    /// What the script calls it.
    pub key: &'static str,
    /// Who added it.
    pub by: &'static str,
    /// What it says.
    pub text: String,
    /// Its category.
    pub category: &'static str,
    /// What it is nested under.
    pub parent: Option<&'static str>,
    /// Whether it is for the plenary.
    pub highlight: bool,
    /// Who supports it.
    pub supports: Vec<&'static str>,
    /// Whether it was taken away.
    pub removed: bool,
    /// The photos that stand with it.
    pub photos: Vec<&'static Picture>,
}

/// Plays a table's acts in their order. An act about a key that is not there is a slip of whoever
/// wrote the script, and does nothing; the tests of the script would see it.
pub(super) fn outcome(table: &Table) -> Harvest {
    let mut harvest = Harvest::default();
    for act in table.acts {
        harvest.take(act.by, act.deed);
    }
    harvest
}

impl Harvest {
    fn take(&mut self, by: &'static str, deed: Deed) {
        match deed {
            Deed::Word { key, text } => self.wordings.push((key, typed(text))),
            Deed::Consent { .. } => {}
            Deed::Choose { text, .. } => self.question = typed(text),
            Deed::Add { key, under, category, text } => self.insights.push(Insight {
                key,
                by,
                text: typed(text),
                category,
                parent: under,
                highlight: false,
                supports: Vec::new(),
                removed: false,
                photos: Vec::new(),
            }),
            Deed::Mend { key, from, to } => {
                self.with(key, |insight| insight.text = insight.text.replacen(from, to, 1));
            }
            Deed::Support { key } => self.with(key, |insight| insight.supports.push(by)),
            Deed::Highlight { key } => self.with(key, |insight| insight.highlight = true),
            Deed::Move { key, under } => {
                if let Some(at) = self.insights.iter().position(|insight| insight.key == key) {
                    let mut insight = self.insights.remove(at);
                    insight.parent = under;
                    self.insights.push(insight);
                }
            }
            Deed::Remove { key } => self.with(key, |insight| insight.removed = true),
            Deed::Restore { key } => self.with(key, |insight| insight.removed = false),
            Deed::Photo { key, picture } => {
                self.with(key, |insight| insight.photos.push(picture));
            }
        }
    }

    fn with(&mut self, key: &str, act: impl FnOnce(&mut Insight)) {
        if let Some(insight) = self.insights.iter_mut().find(|insight| insight.key == key) {
            act(insight);
        }
    }

    /// The insight's place in the harvest: what its position is made of.
    #[must_use]
    pub fn rank(&self, key: &str) -> Option<usize> {
        self.insights.iter().position(|insight| insight.key == key)
    }

    /// What is nested under an insight, or stands at top level, removed ones left out.
    pub fn under(&self, parent: Option<&str>) -> impl Iterator<Item = &Insight> {
        self.insights.iter().filter(move |one| one.parent == parent && !one.removed)
    }

    /// Nested `- ` lines, two spaces a level.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.lines(None, 0)
    }

    fn lines(&self, parent: Option<&str>, level: usize) -> String {
        let mut text = String::new();
        for insight in self.under(parent) {
            text.push_str(&format!("{}- {}\n", "  ".repeat(level), insight.text));
            text.push_str(&self.lines(Some(insight.key), level + 1));
        }
        text
    }
}
