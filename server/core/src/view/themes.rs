//! The wall's view of the programme: every region's questions, and the themes that cluster them.

use std::collections::BTreeMap;

use oogst_protocol::api::{RegionQuestion, WallRegion, WallTheme};
use oogst_protocol::ids::{ItemId, RegionId};
use oogst_protocol::schema::DocumentKind;

use super::GatheringView;
use super::document::DocumentView;
use super::programme::{Programme, Question};
use super::wall::At;

impl GatheringView {
    /// The gathering's own document of a kind, the first that was opened.
    pub(super) fn first_of(&self, kind: DocumentKind) -> Option<&DocumentView> {
        self.view_of(self.structure.common_after(kind, self.covered())?)
    }

    pub(super) fn wall_themes(&self, at: At<'_>) -> (Vec<WallTheme>, Vec<WallRegion>) {
        let document = self.structure.common_after(DocumentKind::Programme, at.seq);
        let view = document.and_then(|id| Some((id, self.view_of(id)?)));
        let then = view.and_then(|(id, view)| view.then(id, at.seq, at.keyframes));
        let then = then.unwrap_or_default().programme;
        let settled = |id| view.is_none_or(|(_, view)| at.when.settled(view.writing(id)));
        let named = self.course.regions_after(at.seq);
        let regions = regions(&then, named, &settled);
        (themes(&then, &regions), regions)
    }
}

/// Every region with its questions. A question names its region by id or by name; one that no
/// region of the gathering goes by stands for itself.
fn regions<'v>(
    programme: &Programme,
    named: impl Iterator<Item = (RegionId, &'v str)>,
    settled: &dyn Fn(ItemId) -> bool,
) -> Vec<WallRegion> {
    let named = named.map(|(id, name)| WallRegion {
        id: Some(id),
        name: name.to_owned(),
        questions: Vec::new(),
    });
    let mut regions: Vec<WallRegion> = named.collect();
    let mut others: BTreeMap<String, WallRegion> = BTreeMap::new();
    let mut questions: Vec<(&ItemId, &Question)> =
        programme.questions.iter().filter(|(_, question)| !question.removed).collect();
    questions.sort_by_key(|(id, question)| (&question.position, **id));
    for (id, question) in questions {
        let called = question.region.trim();
        let goes_by = |region: &&mut WallRegion| {
            region.id.is_some_and(|id| id.to_string() == called)
                || region.name.trim().to_lowercase() == called.to_lowercase()
        };
        let region = match regions.iter_mut().find(goes_by) {
            Some(region) => region,
            None => others.entry(called.to_lowercase()).or_insert_with(|| WallRegion {
                id: None,
                name: called.to_owned(),
                questions: Vec::new(),
            }),
        };
        let there = |theme: &ItemId| programme.themes.get(theme).is_some_and(|t| !t.removed);
        region.questions.push(RegionQuestion {
            id: *id,
            text: question.text.clone(),
            kind: question.kind.clone(),
            theme: question.theme.filter(there),
            settled: settled(*id),
        });
    }
    regions.extend(others.into_values());
    regions
}

fn themes(programme: &Programme, regions: &[WallRegion]) -> Vec<WallTheme> {
    let themes = programme.themes.iter().filter(|(_, theme)| !theme.removed);
    let mut themes: Vec<_> = themes.collect();
    themes.sort_by_key(|(id, theme)| (&theme.position, **id));
    let under = |id: ItemId| {
        let questions = regions.iter().flat_map(|region| &region.questions);
        let clustered = questions.filter(move |question| question.theme == Some(id));
        clustered.map(|question| question.id).collect()
    };
    let shown = themes.into_iter().map(|(id, theme)| WallTheme {
        id: *id,
        text: theme.text.clone(),
        group: theme.group,
        questions: under(*id),
    });
    shown.collect()
}
