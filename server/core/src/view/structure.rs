//! What lies around the documents: title, rounds, groups; now, and as it was after any event.

use oogst_protocol::api::WallRound;
use oogst_protocol::event::{Act, Event, Owner, RoundKind};
use oogst_protocol::ids::{DocumentId, GroupId, ItemId, RoundId, Seq};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use crate::gathering::consent::Consents;

/// Later than every event: things as they are now.
pub(super) const NOW: Seq = Seq(u64::MAX);

/// The fold of the acts outside documents, as far as views show them.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) title: String,
    /// BCP 47.
    pub(super) language: String,
    /// ISO 8601.
    pub(super) date: Option<String>,
    /// Since when each round ran, or none did, in order.
    running: Vec<(Seq, Option<RoundId>)>,
    /// Every round that was opened, the newest title and kind last.
    rounds: Vec<(Seq, RoundId, String, RoundKind)>,
    /// The gathering's first document of each kind that walls show, and since when.
    common: Vec<(Seq, DocumentKind, DocumentId)>,
    /// Of every round, in order of forming.
    groups: Vec<Group>,
    /// As they are now: who takes one back means the past too.
    pub(super) consents: Consents,
}

/// A group and what stands for it on the wall.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: GroupId,
    round: RoundId,
    formed: Seq,
    formed_at: Timestamp,
    pub(super) name: String,
    /// What it was formed with; empty where there was none yet.
    pub(super) question: String,
    pub(super) theme: Option<ItemId>,
    /// Its first harvest, and since when.
    harvest: Option<(Seq, DocumentId)>,
    documents: Vec<DocumentId>,
    /// Every event that contributed something.
    contributed: Vec<(Seq, Timestamp)>,
}

impl Group {
    /// Its harvest right after the event `seq`.
    pub(super) fn harvest_after(&self, seq: Seq) -> Option<DocumentId> {
        self.harvest.filter(|(since, _)| *since <= seq).map(|(_, harvest)| harvest)
    }

    /// When somebody had last contributed, right after the event `seq`.
    pub(super) fn last_contribution_after(&self, seq: Seq) -> Option<Timestamp> {
        newest(&self.contributed, seq)
    }
}

/// What was noted last up to the event `seq`.
fn newest<T: Copy>(noted: &[(Seq, T)], seq: Seq) -> Option<T> {
    let place = noted.partition_point(|(since, _)| *since <= seq).checked_sub(1)?;
    Some(noted[place].1)
}

impl Structure {
    pub(super) fn fold(&mut self, event: &Event) {
        match &event.entry.act {
            Act::Changed { document, contributions, .. } if !contributions.is_empty() => {
                let owned = |group: &&mut Group| group.documents.contains(document);
                if let Some(group) = self.groups.iter_mut().find(owned) {
                    group.contributed.push((event.seq, event.entry.at));
                }
            }
            Act::GatheringPrepared { title, language, date, .. } => {
                (self.title, self.language) = (title.clone(), language.clone());
                self.date.clone_from(date);
            }
            Act::GatheringRetitled { title } => self.title.clone_from(title),
            Act::RoundOpened { round, title, kind } => {
                let kind = kind.unwrap_or(RoundKind::Free);
                self.rounds.push((event.seq, *round, title.clone(), kind));
                self.running.push((event.seq, Some(*round)));
            }
            Act::RoundClosed { round } => {
                if newest(&self.running, NOW) == Some(Some(*round)) {
                    self.running.push((event.seq, None));
                }
            }
            Act::DocumentOpened { document, kind, owner: Owner::Gathering, .. } => {
                self.common.push((event.seq, *kind, *document));
            }
            Act::GroupFormed { round, group, name, question, theme, .. } => {
                self.groups.push(Group {
                    id: *group,
                    round: *round,
                    formed: event.seq,
                    formed_at: event.entry.at,
                    theme: *theme,
                    name: name.clone(),
                    question: question.clone(),
                    harvest: None,
                    documents: Vec::new(),
                    contributed: Vec::new(),
                });
            }
            Act::DocumentOpened { document, kind, owner: Owner::Group(owner), .. } => {
                if let Some(group) = self.groups.iter_mut().find(|group| group.id == *owner) {
                    group.documents.push(*document);
                    if *kind == DocumentKind::Harvest && group.harvest.is_none() {
                        group.harvest = Some((event.seq, *document));
                    }
                }
            }
            // Whom these are about and what they may do is the business of others.
            Act::Changed { .. }
            | Act::DocumentOpened { .. }
            | Act::GatheringStatus { .. }
            | Act::DocumentFrozen { .. }
            | Act::DocumentThawed { .. }
            | Act::ParticipantJoined { .. }
            | Act::ParticipantReturned { .. }
            | Act::ParticipantMoved { .. }
            | Act::ParticipantRenamed { .. }
            | Act::ParticipantPromoted { .. }
            | Act::ParticipantRemoved { .. } => {}
            Act::RoundPlanned { .. } => {}
            Act::RegionNamed { .. } | Act::RoomChanged { .. } => {}
            Act::Conducted(_) => {}
            Act::Voted(_) => {}
            Act::ConsentSet { participant, publish } => self.consents.set(*participant, *publish),
            Act::FileAdded { .. } | Act::Reverted { .. } | Act::Withheld { .. } => {}
            Act::ParticipantLeft { .. } | Act::ParticipantsBounded { .. } => {}
            _ => unreachable!("every act that this build can decode is folded above"),
        }
    }

    /// The round that ran right after the event `seq`, and that it did; where none ran, the one
    /// that had run last: what was harvested stays on the wall when people come back together.
    fn round_after(&self, seq: Seq) -> Option<(RoundId, bool)> {
        let known = self.running.partition_point(|(since, _)| *since <= seq);
        let mut before = self.running[..known].iter().rev().map(|(_, round)| *round);
        match before.next()? {
            Some(round) => Some((round, true)),
            None => before.flatten().next().map(|round| (round, false)),
        }
    }

    /// The same, as the wall shows it.
    pub(super) fn wall_round_after(&self, seq: Seq) -> Option<WallRound> {
        let (id, running) = self.round_after(seq)?;
        let mut opened = self.rounds.iter().rev();
        let (_, _, title, kind) =
            opened.find(|(since, round, ..)| *since <= seq && *round == id)?;
        Some(WallRound { id, title: title.clone(), kind: *kind, running })
    }

    /// The groups of every round, in order of forming.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    /// The groups of the round that ran right after the event `seq`, in order of forming; of the
    /// one that ran last, where none did.
    pub(super) fn groups_after(&self, seq: Seq) -> impl Iterator<Item = &Group> {
        let round = self.round_after(seq).map(|(round, _)| round);
        let groups = self.groups.iter().take_while(move |group| group.formed <= seq);
        groups.filter(move |group| Some(group.round) == round)
    }

    /// The gathering's first document of a kind, right after the event `seq`.
    pub(super) fn common_after(&self, kind: DocumentKind, seq: Seq) -> Option<DocumentId> {
        let mut opened = self.common.iter().take_while(|(since, ..)| *since <= seq);
        opened.find(|(_, found, _)| *found == kind).map(|(.., document)| *document)
    }

    /// Since when a group could contribute: it was formed, and its round ran.
    pub(super) fn begun(
        &self,
        group: &Group,
        moment: impl Fn(Seq) -> Option<Timestamp>,
    ) -> Timestamp {
        let opened = self.running.iter().rev().find(|(_, round)| *round == Some(group.round));
        let opened = opened.and_then(|(since, _)| moment(*since));
        opened.map_or(group.formed_at, |opened| opened.max(group.formed_at))
    }
}
