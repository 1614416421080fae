//! Is everything there that was typed? Asked of the server, against the script: insights and
//! questions of the wall, dots of the vote, photos of the files, the common documents.

use std::collections::BTreeMap;

use oogst_client::ClientError;
use oogst_protocol::api::{self, Group, Wall, WallGroup};
use oogst_protocol::ids::ItemId;
use oogst_protocol::schema::DocumentKind;

use super::device::{Copies, region_question};
use super::play::{Play, again};
use super::room::{Common, find};
use super::script::{
    Harvest, Insight, REGION_QUESTIONS, REGIONS, RegionQuestion, THEMES, Theme, typed,
};
use super::typing::{Text, flag, told};
use super::{morning, vote};
use crate::chance::item;

/// Something that was typed and is not there as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// At which table, in which region, about which theme, in which common document.
    pub place: &'static str,
    /// What was typed.
    pub typed: String,
    /// What is there instead.
    pub found: String,
}

/// What a JPEG begins with; the server makes every photo one.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];

/// An insight on the wall, and what it is nested under.
type OnWall<'w> = BTreeMap<ItemId, (Option<ItemId>, &'w api::Insight)>;

/// What is missing. Whatever somebody else did to a text of ours in the meantime is no loss: then
/// the wall has to show what stands in the copies of those who typed it.
pub(super) async fn check(
    play: &Play,
    (tables, ends): (&[Group], &[Harvest]),
    commons: &[Common],
    copies: &[Copies],
) -> Result<Vec<Missing>, ClientError> {
    let wall = again(|| play.facilitator().wall()).await?;
    let mut missing = Vec::new();
    for (table, end) in ends.iter().enumerate() {
        let place = play.day().tables[table].name;
        let id = tables.get(table).map(|group| group.id);
        let group = wall.groups.iter().find(|group| Some(group.id) == id);
        let Some(copy) = copies.iter().find(|copies| copies.table == table) else { continue };
        let seek = Seek { place, seed: play.seed(), table, copy, on_wall: on_wall(group) };
        let question = group.map_or("", |group| &group.question);
        let own = copy.harvest.read(|copy| Text::question().read(copy)).unwrap_or_default();
        if question != end.question && question != own {
            missing.push(seek.missing(&end.question, question));
        }
        missing.extend(end.insights.iter().filter_map(|insight| seek.insight(insight)));
    }
    missing.extend(questions(play, &wall, copies));
    missing.extend(votes(play).await?);
    missing.extend(photos(play, (tables, ends)).await?);
    for one in commons {
        missing.extend(written(play, one, copies).await?);
    }
    Ok(missing)
}

/// The photos that do not stand with their insight, or are no image.
async fn photos(
    play: &Play,
    (tables, ends): (&[Group], &[Harvest]),
) -> Result<Vec<Missing>, ClientError> {
    let mut missing = Vec::new();
    for (table, (group, end)) in tables.iter().zip(ends).enumerate() {
        let Some(harvest) = find(&group.documents, DocumentKind::Harvest) else { continue };
        let document = again(|| play.facilitator().document(harvest)).await?;
        for insight in end.insights.iter().filter(|insight| !insight.photos.is_empty()) {
            let id = item(play.seed(), table, insight.key);
            let files = document.pointer(&format!("/insights/{id}/photos"));
            let files = files.and_then(serde_json::Value::as_object).into_iter().flatten();
            let mut there = 0;
            for file in files.filter_map(|(file, _)| file.parse().ok()) {
                let image = again(|| play.facilitator().photo(file)).await?;
                there += usize::from(image.starts_with(JPEG));
            }
            if there < insight.photos.len() {
                let place = play.day().tables[table].name;
                let typed: Vec<_> = insight.photos.iter().map(|picture| picture.of).collect();
                let (typed, found) = (typed.join(", "), format!("{there} photos"));
                missing.push(Missing { place, typed, found });
            }
        }
    }
    Ok(missing)
}

/// What is not in a common document as it was written last.
async fn written(
    play: &Play,
    common: &Common,
    copies: &[Copies],
) -> Result<Vec<Missing>, ClientError> {
    let document = again(|| play.facilitator().document(common.id)).await?;
    let mut wanted = BTreeMap::new();
    for entry in &common.entries {
        for (keys, put) in &entry.puts {
            let path: Vec<&str> = entry.path.iter().chain(keys).map(String::as_str).collect();
            wanted.insert(path, put.told());
        }
    }
    let sought = |(path, typed): (Vec<&str>, String)| {
        let found = match document.pointer(&format!("/{}", path.join("/"))) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        };
        let own = |copies: &Copies| copies.commons.get(&common.id)?.read(|copy| told(copy, &path));
        let fine = found == typed || copies.iter().filter_map(own).any(|own| own == found);
        (!fine).then_some(Missing { place: common.name, typed, found })
    };
    Ok(wanted.into_iter().filter_map(sought).collect())
}

/// The themes that have fewer dots than they were given, or were chosen and are not. Whoever
/// plays along may have given some more.
async fn votes(play: &Play) -> Result<Vec<Missing>, ClientError> {
    let votes = again(|| play.facilitator().votes()).await?;
    let vote = votes.iter().find(|vote| vote.id == vote::id(play.seed()));
    let selection = vote.and_then(|vote| vote.selection.as_ref());
    let sought = |(place, theme): (usize, &Theme)| {
        let id = morning::theme(play.seed(), place);
        let found = vote.and_then(|vote| vote.themes.iter().find(|found| found.id == id));
        let dots = found.and_then(|found| found.dots).unwrap_or(0);
        let chosen = selection.is_some_and(|selection| selection.themes.contains(&id));
        let fine =
            usize::try_from(dots).unwrap_or(0) >= theme.dots && chosen == theme.table.is_some();
        let told = |dots: usize, chosen| {
            format!("{dots} dots, {}", if chosen { "chosen" } else { "not chosen" })
        };
        let typed = told(theme.dots, theme.table.is_some());
        let found = told(usize::try_from(dots).unwrap_or(0), chosen);
        (!fine).then_some(Missing { place: theme.text, typed, found })
    };
    Ok(THEMES.iter().enumerate().filter_map(sought).collect())
}

/// The regions' questions that the wall does not show, under their regions.
fn questions(play: &Play, wall: &Wall, copies: &[Copies]) -> Vec<Missing> {
    let shown: BTreeMap<String, (&str, &str)> = (wall.regions.iter())
        .flat_map(|region| region.questions.iter().map(|one| (&*region.name, one)))
        .map(|(region, one)| (one.id.to_string(), (region, &*one.text)))
        .collect();
    let sought = |(place, one): (usize, &RegionQuestion)| {
        let id = region_question(play.seed(), place);
        let wanted = (REGIONS[one.region], typed(one.text));
        let found = shown.get(&id).copied().unwrap_or_default();
        let text = Text::item("questions", &id);
        let own = |copies: &Copies| copies.programme.read(|copy| text.read(copy));
        let fine = found == (wanted.0, &*wanted.1)
            || copies.iter().filter_map(own).any(|own| own != wanted.1 && own == found.1);
        (!fine).then(|| Missing { place: wanted.0, typed: wanted.1, found: found.1.to_owned() })
    };
    REGION_QUESTIONS.iter().enumerate().filter_map(sought).collect()
}

fn on_wall(group: Option<&WallGroup>) -> OnWall<'_> {
    let mut found = OnWall::new();
    level(None, group.map_or(&[], |group| &group.insights), &mut found);
    found
}

fn level<'w>(parent: Option<ItemId>, insights: &'w [api::Insight], found: &mut OnWall<'w>) {
    for insight in insights {
        found.insert(insight.id, (parent, insight));
        level(Some(insight.id), &insight.children, found);
    }
}

/// One table's harvest, sought on the wall.
struct Seek<'a> {
    place: &'static str,
    seed: u64,
    table: usize,
    copy: &'a Copies,
    on_wall: OnWall<'a>,
}

impl Seek<'_> {
    fn id(&self, key: &str) -> ItemId {
        item(self.seed, self.table, key)
    }

    fn missing(&self, typed: &str, found: &str) -> Missing {
        Missing { place: self.place, typed: typed.to_owned(), found: found.to_owned() }
    }

    fn insight(&self, insight: &Insight) -> Option<Missing> {
        let id = self.id(insight.key);
        let key = id.to_string();
        let own = |look: &dyn Fn(&automerge::Automerge) -> bool| self.copy.harvest.read(look);
        let removed = own(&|copy| flag(copy, &["insights", &key], "removed") == Some(true));
        let Some((parent, shown)) = self.on_wall.get(&id) else {
            let fine = insight.removed || removed;
            return (!fine).then(|| self.missing(&insight.text, ""));
        };
        let text = Text::item("insights", &key);
        let told = shown.text == insight.text
            || own(&|copy| text.read(copy).is_some_and(|own| own == shown.text));
        let nested = *parent == insight.parent.map(|parent| self.id(parent));
        if told && nested && (!insight.removed || !removed) {
            return None;
        }
        Some(self.missing(&insight.text, &shown.text))
    }
}
