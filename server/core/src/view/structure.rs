//! What lies around the documents: title, rounds, groups; now, and as it was after any event.

use oogst_protocol::event::{Act, Event, Owner};
use oogst_protocol::ids::{DocumentId, GroupId, RoundId, Seq};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use crate::gathering::consent::Consents;

/// Later than every event: things as they are now.
pub(super) const NOW: Seq = Seq(u64::MAX);

/// The fold of the acts outside documents, as far as views show them.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) title: String,
    /// Since when each round ran, in order.
    running: Vec<(Seq, RoundId)>,
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
    pub(super) name: String,
    /// What it was formed with; empty where there was none yet.
    pub(super) question: String,
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
            Act::GatheringPrepared { title, .. } | Act::GatheringRetitled { title } => {
                self.title.clone_from(title);
            }
            Act::RoundOpened { round, .. } => self.running.push((event.seq, *round)),
            Act::GroupFormed { round, group, name, question, .. } => self.groups.push(Group {
                id: *group,
                round: *round,
                formed: event.seq,
                name: name.clone(),
                question: question.clone(),
                harvest: None,
                documents: Vec::new(),
                contributed: Vec::new(),
            }),
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
            Act::RoundPlanned { .. } | Act::RoundClosed { .. } => {}
            Act::RegionNamed { .. } | Act::RoomChanged { .. } => {}
            Act::Conducted(_) => {}
            Act::Voted(_) => {}
            Act::ConsentSet { participant, publish } => self.consents.set(*participant, *publish),
            Act::FileAdded { .. } | Act::Reverted { .. } => {}
            Act::ParticipantLeft { .. } => {}
            _ => unreachable!("every act that this build can decode is folded above"),
        }
    }

    /// The groups of the round that ran right after the event `seq`, in order of forming.
    pub(super) fn groups_after(&self, seq: Seq) -> impl Iterator<Item = &Group> {
        let running = newest(&self.running, seq);
        let groups = self.groups.iter().take_while(move |group| group.formed <= seq);
        groups.filter(move |group| Some(group.round) == running)
    }
}
