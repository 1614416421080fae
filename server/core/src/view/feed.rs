//! Lines of feed and events: one a contribution, with the item as it was right after its event.
//!
//! No line is kept. An event's lines are made from the event and the view, which knows the heads
//! after each event; so the feed of this moment, a page of last year and a replay read the same,
//! whatever batches the view was folded in, and memory is bounded by the page that is asked for.

use std::sync::Arc;

use oogst_protocol::api::{ItemState, Line, LineParticipant};
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, Event, Owner, VoteAct};
use oogst_protocol::ids::{GroupId, ParticipantId};
use oogst_protocol::limits::EXCERPT_CHARACTERS_MAX;

use super::document::DocumentView;
use super::filter::Filter;
use super::item::Item;
use super::{GatheringView, Names};

impl GatheringView {
    /// The lines of events that the view covers and that the filter admits, in their order; other
    /// events give none.
    #[must_use]
    pub fn lines(&self, events: &[Arc<Event>], filter: &Filter, names: Names<'_>) -> Vec<Line> {
        let covered = events.iter().filter(|event| event.seq <= self.covered());
        covered.flat_map(|event| self.event_lines(event, filter, names)).collect()
    }

    fn event_lines(&self, event: &Event, filter: &Filter, names: Names<'_>) -> Vec<Line> {
        let (act, role) = (&event.entry.act, event.entry.by.role);
        let author = author(event);
        let document = act.document();
        let view = document.and_then(|document| self.view_of(document));
        let group = group(act, view);
        if !filter.admits(group, author) {
            return Vec::new();
        }
        let participant =
            author.map(|id| LineParticipant { id, name: names(id).unwrap_or_default(), role });
        let line = |(index, contribution): (u32, Contribution)| {
            let item = view.and_then(|view| item_after(view, event, contribution));
            let text = match (&item, contribution.kind) {
                (Some(item), _) => Some(item.text.clone()),
                (None, Kind::QuestionEdited) => {
                    view.and_then(|view| view.question_after(event.seq))
                }
                _ => None,
            };
            Line {
                seq: event.seq,
                index,
                at: event.entry.at,
                kind: contribution.kind.name().to_owned(),
                gathering: event.gathering,
                group,
                document,
                item: contribution.item,
                participant: participant.clone(),
                excerpt: text.map(|text| excerpt(&text)),
                state: item.map(|item| state(view, event, contribution, item)),
            }
        };
        let admitted = (0..).zip(act.contributions());
        admitted.filter(|(_, done)| filter.admits_kind(done.kind)).map(line).collect()
    }
}

fn item_after(view: &DocumentView, event: &Event, contribution: Contribution) -> Option<Item> {
    view.item_after(contribution.kind, contribution.item?, event.seq)
}

/// Whom a line names. Who voted is in none, also where lines are asked for by participant: a
/// ballot is cast in secret, and stays so (ADR 0011).
fn author(event: &Event) -> Option<ParticipantId> {
    let is_secret = matches!(event.entry.act, Act::Voted(VoteAct::Cast { .. }));
    event.entry.by.participant.filter(|_| !is_secret)
}

/// The group that an act is about, or in whose document it was done.
fn group(act: &Act, view: Option<&DocumentView>) -> Option<GroupId> {
    if let Act::GroupFormed { group, .. } = act {
        return Some(*group);
    }
    if let Act::ParticipantMoved { group, .. } = act {
        return *group;
    }
    match view?.owner() {
        Owner::Group(group) => Some(group),
        Owner::Gathering | Owner::Region(_) | Owner::Network(_) | Owner::Person(_) => None,
    }
}

fn state(
    view: Option<&DocumentView>,
    event: &Event,
    contribution: Contribution,
    item: Item,
) -> ItemState {
    let writing = contribution.item.and_then(|item| view?.writing(item));
    ItemState {
        settled: writing.is_none_or(|writing| writing.settled_after(event.seq, event.entry.at)),
        text: item.text,
        category: item.category,
        parent: item.parent,
        position: item.position,
        removed: item.removed,
        supports: item.supports,
    }
}

/// The first characters of a text.
fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT_CHARACTERS_MAX).collect()
}
