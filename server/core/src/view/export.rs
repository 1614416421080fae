//! The running round's harvest as one model, which every format of `crate::export` renders.
//!
//! Who is named is decided here and nowhere else. A line is bound by the strictest of those whose
//! words it holds: its author and everybody in `said_by`; an author who named these themselves
//! only typed, and binds nothing (ADR 0016). Whoever wants to be in nothing that is
//! published takes their lines along; what others nested under such a line takes its place.

use std::collections::BTreeSet;

use oogst_protocol::api::{
    Attribution, ExportedGroup, ExportedInsight, ExportedSource, ExportedTranslation,
    HARVEST_FORMAT, HARVEST_FORMAT_VERSION, HarvestExport, Outside,
};
use oogst_protocol::event::Publish;
use oogst_protocol::ids::{ItemId, ParticipantId};
use oogst_protocol::limits::HIGHLIGHTS_MAX;

use super::document::{DocumentView, Insight};
use super::structure::{Group, NOW, Structure};
use super::wall::Tree;
use super::{GatheringView, LEVELS_MAX};
use crate::export::Labels;

/// What somebody may be credited as. The vault knows; nobody there: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credited {
    /// The name they go by.
    pub name: Option<String>,
    /// Where they come from.
    pub organisation: Option<String>,
    /// Whether they asked themselves to be credited as of the target group.
    pub as_target_group: bool,
}

/// Looks somebody up in the vault. What may be told of them is decided by their consent.
pub type Credits<'a> = &'a dyn Fn(ParticipantId) -> Credited;

/// What whoever exports asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// How much to say of who contributed what.
    pub attribution: Attribution,
    /// Where to put what guests contributed.
    pub outside: Outside,
}

impl GatheringView {
    /// The running round's harvest, with what may be said of who contributed it.
    #[must_use]
    pub fn export(&self, wish: Wish, credits: Credits<'_>) -> HarvestExport {
        let structure = &self.structure;
        let mut withheld = 0;
        let mut groups = Vec::new();
        for group in structure.groups_after(NOW) {
            let harvest = group.harvest_after(NOW).and_then(|id| self.view_of(id));
            let mut exported = ExportedGroup {
                id: Some(group.id),
                name: group.name.clone(),
                question: harvest.map_or("", DocumentView::question).to_owned(),
                ..ExportedGroup::default()
            };
            if let Some(view) = harvest {
                let tree = Tree::of(view.insights());
                let attribution = wish.attribution;
                let lines = Lines { view, tree: &tree, group, structure, attribution, credits };
                exported.insights = lines.under(None, 1, &mut withheld);
            }
            let mut left = HIGHLIGHTS_MAX;
            keep_first_highlights(&mut exported.insights, &mut left);
            if wish.outside == Outside::Apart {
                let all = std::mem::take(&mut exported.insights);
                exported.insights = part(all, None, &mut exported.guests_insights);
            }
            groups.push(exported);
        }
        HarvestExport {
            format: HARVEST_FORMAT.to_owned(),
            version: HARVEST_FORMAT_VERSION,
            gathering: self.gathering(),
            seq: self.covered(),
            title: structure.title.clone(),
            date: structure.date.clone(),
            language: structure.language.clone(),
            attribution: wish.attribution,
            outside: wish.outside,
            withheld,
            groups,
        }
    }

    /// What somebody may be called outside the gathering; nothing beyond their group.
    #[must_use]
    pub fn called(&self, who: ParticipantId, credits: Credits<'_>) -> Option<String> {
        match self.structure.consents.of(who) {
            Publish::Name => credits(who).name,
            Publish::Organisation => credits(who).organisation,
            Publish::Group | Publish::Not => None,
        }
    }
}

struct Lines<'v> {
    view: &'v DocumentView,
    tree: &'v Tree,
    group: &'v Group,
    structure: &'v Structure,
    attribution: Attribution,
    credits: Credits<'v>,
}

impl Lines<'_> {
    /// What stands under `parent`, itself at `level`; 1 is the top.
    fn under(
        &self,
        parent: Option<ItemId>,
        level: usize,
        withheld: &mut u64,
    ) -> Vec<ExportedInsight> {
        let mut lines = Vec::new();
        for id in self.tree.level(parent, level) {
            let nested = match level {
                LEVELS_MAX => Vec::new(),
                _ => self.under(Some(id), level + 1, withheld),
            };
            match self.line(id) {
                Some(line) => lines.push(ExportedInsight { insights: nested, ..line }),
                None => {
                    *withheld += 1;
                    lines.extend(nested);
                }
            }
        }
        lines
    }

    /// One insight without what is nested under it; `None` where it may not be published.
    fn line(&self, id: ItemId) -> Option<ExportedInsight> {
        let insight = &self.view.insights()[&id];
        let credits = self.credits(insight)?;
        let reader = self.view.reader();
        let homes = reader.maps(&[automerge::ROOT], "insights");
        let item = reader.maps(&homes, &id.to_string());
        let source = reader.maps(&item, "source");
        let source = ExportedSource {
            place: reader.text(&source, "place"),
            country: reader.text(&source, "country"),
            url: reader.text(&source, "url"),
        };
        Some(ExportedInsight {
            id: Some(id),
            text: insight.item.text.clone(),
            language: insight.item.language.clone(),
            category: insight.item.category.clone(),
            highlight: insight.item.highlight,
            from_outside: insight.is_from_outside(),
            about: None,
            source: (source != ExportedSource::default()).then_some(source),
            translations: self.translations(&item),
            credits,
            insights: Vec::new(),
        })
    }

    /// The insight in other languages, but for what its translator wants in nothing published.
    fn translations(&self, item: &[automerge::ObjId]) -> Vec<ExportedTranslation> {
        let reader = self.view.reader();
        let homes = reader.maps(item, "translations");
        let languages: BTreeSet<_> = homes.iter().flat_map(|home| reader.keys_of(home)).collect();
        let translation = |language: String| {
            let found = reader.maps(&homes, &language);
            let translator = reader.text(&found, "author").parse().ok();
            let text = reader.text(&found, "text");
            let is_published =
                translator.is_none_or(|who| self.structure.consents.of(who) != Publish::Not);
            let by_machine = reader.text(&found, "by") == "machine";
            (is_published && !text.is_empty()).then_some(ExportedTranslation {
                language,
                text,
                by_machine,
            })
        };
        languages.into_iter().filter_map(translation).collect()
    }

    /// Whom an insight is credited to; `None` where it may not be published.
    fn credits(&self, insight: &Insight) -> Option<Vec<String>> {
        let bound = self.structure.consents.attribution(insight.bound_by());
        let mut people: Vec<ParticipantId> = insight.said_by().collect();
        if people.is_empty() {
            people.extend(insight.author());
        }
        let word = Labels::of(&self.structure.language).target_group;
        let mut named = match (self.attribution, bound) {
            (_, Publish::Not) => return None,
            (Attribution::None, _) => return Some(Vec::new()),
            (Attribution::Group, _) | (Attribution::Name, Publish::Group) => Vec::new(),
            (Attribution::Name, Publish::Organisation) => {
                self.told(&people, |known| known.organisation)
            }
            (Attribution::Name, Publish::Name) => {
                let named = self.told(&people, |known| {
                    let name = known.name.filter(|name| !name.is_empty())?;
                    Some(if known.as_target_group { format!("{name} ({word})") } else { name })
                });
                // Each name says for itself whether it is of the target group.
                if !named.is_empty() {
                    return Some(named);
                }
                named
            }
        };
        if named.is_empty() {
            named.push(self.group.name.clone());
        }
        if people.iter().any(|who| (self.credits)(*who).as_target_group) {
            named.push(word.to_owned());
        }
        Some(named)
    }

    /// What the vault has of people, each once.
    fn told(
        &self,
        people: &[ParticipantId],
        what: impl Fn(Credited) -> Option<String>,
    ) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for text in people.iter().filter_map(|who| what((self.credits)(*who))) {
            if !text.is_empty() && !told.contains(&text) {
                told.push(text);
            }
        }
        told
    }
}

/// Key points that were set at the same time may be too many together: the first are shown.
fn keep_first_highlights(insights: &mut [ExportedInsight], left: &mut usize) {
    for insight in insights {
        if insight.highlight {
            insight.highlight = *left > 0;
            *left = left.saturating_sub(1);
        }
        keep_first_highlights(&mut insight.insights, left);
    }
}

/// The group's own insights; those of guests go to `guests`, each with what is nested under it.
fn part(
    insights: Vec<ExportedInsight>,
    about: Option<&str>,
    guests: &mut Vec<ExportedInsight>,
) -> Vec<ExportedInsight> {
    let mut own = Vec::new();
    for mut insight in insights {
        if insight.from_outside {
            insight.about = about.map(str::to_owned);
            guests.push(insight);
        } else {
            let nested = std::mem::take(&mut insight.insights);
            insight.insights = part(nested, Some(&insight.text), guests);
            own.push(insight);
        }
    }
    own
}
