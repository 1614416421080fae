//! The harvest as Markdown: `# ` with the title, then per group `## ` with its question and its
//! nested items as `- `, two spaces a level, each on one line.

use oogst_protocol::ids::ItemId;

use super::document::{DocumentView, Insight};
use super::structure::{Group, NOW};
use super::wall::Tree;
use super::{GatheringView, LEVELS_MAX, Names};

/// What an item's line says of who contributed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attribution {
    /// Nothing: the line holds only the text.
    #[default]
    None,
    /// The group, in brackets.
    Group,
    /// Those who said it, in brackets; the group where none of them may be named.
    Name,
}

impl GatheringView {
    /// The running round's harvest: `# title`, `## question` a group, nested `- ` items.
    ///
    /// `names` gives only names that may be published.
    #[must_use]
    pub fn markdown(&self, attribution: Attribution, names: Names<'_>) -> String {
        let mut text = format!("# {}\n", one_line(&self.structure.title));
        for group in self.structure.groups_after(NOW) {
            let harvest = group.harvest_after(NOW).and_then(|id| self.documents.get(&id));
            let question = one_line(harvest.map_or("", DocumentView::question));
            let heading = if question.is_empty() { one_line(&group.name) } else { question };
            text.push_str(&format!("\n## {heading}\n"));
            if let Some(view) = harvest {
                let tree = Tree::of(view.insights());
                let lines = Lines { view, tree: &tree, group, attribution, names };
                let items = lines.under(None, 1);
                if !items.is_empty() {
                    text.push('\n');
                    text.push_str(&items);
                }
            }
        }
        text
    }
}

struct Lines<'v> {
    view: &'v DocumentView,
    tree: &'v Tree,
    group: &'v Group,
    attribution: Attribution,
    names: Names<'v>,
}

impl Lines<'_> {
    /// The lines of what stands under `parent`, itself at `level`; 1 is the top.
    fn under(&self, parent: Option<ItemId>, level: usize) -> String {
        let mut text = String::new();
        for id in self.tree.level(parent, level) {
            let insight = &self.view.insights()[&id];
            let (line, credit) = (one_line(&insight.item.text), self.credit(insight));
            text.push_str(&format!("{}- {line}{credit}\n", "  ".repeat(level - 1)));
            if level < LEVELS_MAX {
                text.push_str(&self.under(Some(id), level + 1));
            }
        }
        text
    }

    fn credit(&self, insight: &Insight) -> String {
        let group = || format!(" ({})", one_line(&self.group.name));
        match self.attribution {
            Attribution::None => String::new(),
            Attribution::Group => group(),
            Attribution::Name => {
                let said = insight.item.said_by.iter().filter_map(|who| who.parse().ok());
                let mut people: Vec<_> = said.collect();
                if people.is_empty() {
                    people.extend(insight.added_by.and_then(|(who, _)| who));
                }
                let names = people.into_iter().filter_map(self.names);
                let names: Vec<_> = names.map(|name| one_line(&name)).collect();
                if names.is_empty() { group() } else { format!(" ({})", names.join(", ")) }
            }
        }
    }
}

/// The text on one line, otherwise as it is: line breaks become blanks.
fn one_line(text: &str) -> String {
    let breaks =
        |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let lines = text.split(breaks).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}
