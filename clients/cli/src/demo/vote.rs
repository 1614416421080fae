//! The vote between the themes: opened, cast by everybody at once, closed, chosen, shown.

use std::collections::{BTreeMap, BTreeSet};

use oogst_client::{Access, ClientError};
use oogst_protocol::api::{Ballot, ConfirmSelection, NewVote, Vote};
use oogst_protocol::ids::{ItemId, VoteId};
use tokio::time::sleep;

use super::morning::theme;
use super::pace::Pace;
use super::play::again;
use super::script::{DOTS_EACH, PAPER, THEMES, chosen};
use crate::chance::{Chance, uuid};

/// Why the script's themes, where somebody who plays along gave theirs to others.
const REASON: &str = "De tafels waren al gedekt.";

/// The play's vote: the same one however often it is asked for.
pub(super) fn id(seed: u64) -> VoteId {
    VoteId::new(uuid(seed, usize::MAX, "vote"))
}

/// Opens the vote between all themes, for as many as there are tables.
///
/// # Errors
///
/// What the server refused.
pub(super) async fn open(facilitator: &Access, seed: u64) -> Result<VoteId, ClientError> {
    let new = NewVote {
        id: Some(id(seed)),
        themes: (0..THEMES.len()).map(|place| theme(seed, place)).collect(),
        budget: u16::try_from(DOTS_EACH).ok(),
        choose: u16::try_from(chosen().count()).ok(),
        ..NewVote::default()
    };
    again(|| facilitator.open_vote(&new)).await.map(|vote| vote.id)
}

/// Thinks, and gives the dots; then thinks again, where there is another ballot.
///
/// # Errors
///
/// What the server refused.
pub(super) async fn cast(
    access: Access,
    vote: VoteId,
    ballots: Vec<[usize; DOTS_EACH]>,
    (name, (seed, pace)): (&'static str, (u64, Pace)),
) -> Result<(), ClientError> {
    let mut chance = Chance::of(seed, &format!("{name} votes"));
    for ballot in ballots {
        sleep(chance.about(pace.thought())).await;
        let ballot = dots(seed, &ballot);
        again(|| access.cast(vote, &ballot)).await?;
    }
    Ok(())
}

/// Adds what is on paper, closes the vote and shows everybody what is chosen; gives their places,
/// the first first.
///
/// # Errors
///
/// What the server refused.
pub(super) async fn choose(
    facilitator: &Access,
    vote: VoteId,
    seed: u64,
) -> Result<Vec<usize>, ClientError> {
    let paper: Vec<usize> = PAPER.iter().flat_map(|(_, ballot)| ballot).copied().collect();
    let paper = dots(seed, &paper);
    again(|| facilitator.add_paper(vote, &paper)).await?;
    let closed = again(|| facilitator.close_vote(vote)).await?;
    let places = |place: &usize| theme(seed, *place);
    let mut ours: Vec<usize> = (0..THEMES.len()).collect();
    ours.retain(|place| THEMES[*place].table.is_some());
    ours.sort_by_key(|place| closed.themes.iter().position(|one| one.id == places(place)));
    let themes: Vec<ItemId> = ours.iter().map(places).collect();
    let reason = (!came_out_first(&closed, &themes)).then(|| REASON.to_owned());
    let selection = ConfirmSelection { themes, reason };
    again(|| facilitator.select(vote, &selection)).await?;
    again(|| facilitator.show_selection(vote)).await?;
    Ok(ours)
}

fn came_out_first(closed: &Vote, themes: &[ItemId]) -> bool {
    let first: BTreeSet<_> = closed.themes.iter().take(themes.len()).map(|one| one.id).collect();
    closed.tie.is_none() && first == themes.iter().copied().collect()
}

fn dots(seed: u64, places: &[usize]) -> Ballot {
    let mut dots = BTreeMap::new();
    for place in places {
        *dots.entry(theme(seed, *place)).or_default() += 1;
    }
    Ballot { dots }
}
