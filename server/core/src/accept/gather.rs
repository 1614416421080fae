//! What a message's changes contribute, each act once.

use std::collections::{BTreeMap, HashMap, HashSet};

use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::ids::{ItemId, ParticipantId};

/// Gathers contributions over one message.
///
/// An item that the message adds is added, not also edited, moved or sorted: its first content
/// says nothing more. What else is done to it (supported, attributed, removed) is said.
#[derive(Debug, Default)]
pub(super) struct Gather {
    list: Vec<Contribution>,
    seen: HashSet<Contribution>,
    /// Items that the message makes, by the place of the change that did, and whether the
    /// document had none of that key before.
    made: HashMap<ItemId, (usize, bool)>,
    change: usize,
    /// Who was let into the document's room, or out of it, by the last word on each.
    room: BTreeMap<ParticipantId, bool>,
}

impl Gather {
    /// The next change begins.
    pub(super) const fn next_change(&mut self) {
        self.change += 1;
    }

    /// A new item.
    pub(super) fn add(&mut self, kind: Kind, item: ItemId) {
        self.made.insert(item, (self.change, true));
        self.push(Contribution { kind, item: Some(item) });
    }

    /// An item that somebody else made at the same time: its content edits what is there.
    pub(super) fn unite(&mut self, item: ItemId) {
        self.made.insert(item, (self.change, false));
    }

    /// An act on an item, or on the document. `taken_back`: false, null or nothing was written.
    pub(super) fn note(&mut self, kind: Kind, item: Option<ItemId>, taken_back: bool) {
        if let Some((change, added)) = item.and_then(|item| self.made.get(&item)) {
            let default = taken_back && *change == self.change;
            if default || (*added && is_content(kind)) {
                return;
            }
        }
        self.push(Contribution { kind, item });
    }

    fn push(&mut self, contribution: Contribution) {
        if self.seen.insert(contribution) {
            self.list.push(contribution);
        }
    }

    /// Somebody is let into the document's room, or out of it.
    pub(super) fn let_in(&mut self, participant: ParticipantId, inside: bool) {
        self.room.insert(participant, inside);
    }

    pub(super) fn finish(self) -> Gathered {
        Gathered { contributions: self.list, room: self.room.into_iter().collect() }
    }
}

/// What a message's changes come to.
pub(super) struct Gathered {
    /// In the order of their first appearance.
    pub(super) contributions: Vec<Contribution>,
    /// Who was let into the room, or out of it.
    pub(super) room: Vec<(ParticipantId, bool)>,
}

/// Whether an act only fills in what a new item holds.
const fn is_content(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::InsightEdited
            | Kind::InsightRecategorised
            | Kind::InsightMoved
            | Kind::RegionQuestionEdited
            | Kind::RegionQuestionClustered
            | Kind::ThemeEdited
            | Kind::BlockEdited
            | Kind::NewsEdited
            | Kind::IntroductionEdited
            | Kind::StakeholderEdited
            | Kind::StakeholderAssessed
            | Kind::ActionEdited
            | Kind::ActionPlanned
            | Kind::ActionProgressed
            | Kind::PlanEdited
            | Kind::CheckInNoted
            | Kind::VisitNoted
            | Kind::VisitAsked
            | Kind::VisitRecommended
            | Kind::ReportEdited
    )
}
