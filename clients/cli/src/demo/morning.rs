//! What the facilitator does before the theme groups begin: the regions' questions are clustered
//! into themes, and a round divides people over those that were chosen. The vote between the two
//! is in [`vote`](super::vote).

use std::collections::BTreeMap;

use oogst_client::{Access, ClientError, Document};
use oogst_protocol::api::{Group, NewGroup, NewRound};
use oogst_protocol::event::RoundKind;
use oogst_protocol::ids::{DocumentId, ItemId, ParticipantId};
use tokio::time::sleep;

use super::device::{now, position, region_question, type_in};
use super::pace::Pace;
use super::play::again;
use super::script::{Day, REGION_QUESTIONS, THEMES, typed};
use super::typing::{Born, Text, put};
use crate::chance::{Chance, item};

/// A theme's item.
pub(super) fn theme(seed: u64, place: usize) -> ItemId {
    item(seed, usize::MAX, &format!("theme {place}"))
}

/// Writes the themes while the regions type their questions, and puts each question under its own
/// once it is whole.
///
/// # Errors
///
/// Why the line ended.
pub(super) async fn cluster(
    access: &Access,
    programme: DocumentId,
    (seed, pace): (u64, Pace),
) -> Result<(), ClientError> {
    let session = access.connect();
    let programme = session.find(programme).await?;
    let mut chance = Chance::of(seed, "facilitator");
    for place in 0..THEMES.len() {
        propose(&programme, place, (seed, &mut chance, pace.on_a_laptop())).await?;
    }
    for (place, question) in REGION_QUESTIONS.iter().enumerate() {
        let text = Text::item("questions", &region_question(seed, place));
        let whole = typed(question.text);
        let stands = |copy: &automerge::Automerge| text.read(copy).filter(|now| *now == whole);
        programme.until(stands).await?;
        sleep(chance.about(pace.cluster())).await;
        let (item, theme) = (region_question(seed, place), theme(seed, question.theme).to_string());
        programme.edit(|tx| put(tx, &["questions", &item], "theme", theme.as_str()))?;
    }
    programme.saved().await
}

async fn propose(
    programme: &Document,
    place: usize,
    (seed, chance, pace): (u64, &mut Chance, Pace),
) -> Result<(), ClientError> {
    let item = theme(seed, place).to_string();
    let born = Born {
        map: &["themes"],
        item: &item,
        author: None,
        created: now(),
        position: &position(Some(place)),
        maps: &[],
        values: Vec::new(),
        texts: Vec::new(),
    };
    programme.edit(|tx| born.add(tx))?;
    type_in(programme, &Text::item("themes", &item), THEMES[place].text, (chance, pace)).await
}

/// Opens the theme round with a group for each theme that was chosen, everybody seated; gives the
/// groups in the order of the tables.
///
/// # Errors
///
/// What the server refused.
pub(super) async fn divide(
    access: &Access,
    (day, seed): (&Day, u64),
    chosen: &[usize],
    seats: BTreeMap<ParticipantId, usize>,
) -> Result<Vec<Group>, ClientError> {
    let tables = chosen.iter().filter_map(|place| Some((*place, THEMES[*place].table?)));
    let tables: BTreeMap<usize, usize> = tables.map(|(place, table)| (table, place)).collect();
    let group = |(table, place): (&usize, &usize)| NewGroup {
        name: day.tables[*table].name.to_owned(),
        table: Some(format!("Tafel {}", table + 1)),
        theme: Some(theme(seed, *place)),
        ..NewGroup::default()
    };
    let groups = tables.iter().map(group).collect();
    let (title, kind) = ("Thema's".to_owned(), RoundKind::Theme);
    let round = NewRound { title, kind, groups, members: seats };
    // Made again after an answer that was lost, it plans a round that nobody opens.
    let round = again(|| access.plan_round(&round)).await?;
    Ok(again(|| access.run_round(Some(round.id))).await?.groups)
}
