//! Is everything there that was typed? Asked of the wall, against the script.

use std::collections::BTreeMap;

use oogst_client::ClientError;
use oogst_protocol::api::{self, WallGroup};
use oogst_protocol::ids::ItemId;

use super::chance::item;
use super::device::{Copies, region_question};
use super::play::{Play, again};
use super::script::{Harvest, Insight, REGION_QUESTIONS, typed};
use super::typing::{Text, flag};

/// Something that was typed and is not there as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// At which table; in the programme where it is none's.
    pub place: &'static str,
    /// What was typed.
    pub typed: String,
    /// What is there instead.
    pub found: String,
}

/// An insight on the wall, and what it is nested under.
type OnWall<'w> = BTreeMap<ItemId, (Option<ItemId>, &'w api::Insight)>;

/// What is missing. Whatever somebody else did to a text of ours in the meantime is no loss: then
/// the wall has to show what stands in the copies of those who typed it.
pub(super) async fn check(
    play: &Play,
    ends: &[Harvest],
    copies: &[Copies],
) -> Result<Vec<Missing>, ClientError> {
    let wall = again(|| play.facilitator().wall()).await?;
    let mut missing = Vec::new();
    for (table, end) in ends.iter().enumerate() {
        let place = play.day().tables[table].name;
        let id = play.gathering().groups.get(table).map(|group| group.id);
        let group = wall.groups.iter().find(|group| Some(group.id) == id);
        let Some(copy) = copies.iter().find(|copies| copies.table == table) else { continue };
        let seek = Seek { place, seed: play.seed(), table, copy, on_wall: on_wall(group) };
        let question = group.map_or("", |group| &group.question);
        let own = copy.harvest.read(|copy| Text::Question.read(copy)).unwrap_or_default();
        if question != end.question && question != own {
            missing.push(seek.missing(&end.question, question));
        }
        missing.extend(end.insights.iter().filter_map(|insight| seek.insight(insight)));
    }
    missing.extend(questions(play, copies));
    Ok(missing)
}

/// The regions' questions in the copies of those who did not type them, as of everybody else.
fn questions(play: &Play, copies: &[Copies]) -> Vec<Missing> {
    let stands = |place: usize| {
        let text = Text::Item("questions", region_question(play.seed(), place));
        copies.iter().any(|copies| copies.programme.read(|copy| text.read(copy)).is_some())
    };
    let gone = REGION_QUESTIONS.iter().enumerate().filter(|(place, _)| !stands(*place));
    let place = "programme";
    gone.map(|(_, one)| Missing { place, typed: typed(one.text), found: String::new() }).collect()
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
        let text = Text::Item("insights", key.clone());
        let told = shown.text == insight.text
            || own(&|copy| text.read(copy).is_some_and(|own| own == shown.text));
        let nested = *parent == insight.parent.map(|parent| self.id(parent));
        if told && nested && (!insight.removed || !removed) {
            return None;
        }
        Some(self.missing(&insight.text, &shown.text))
    }
}
