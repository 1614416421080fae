//! What lies around the documents: title, rounds, groups.

use oogst_protocol::event::{Act, Event, Owner};
use oogst_protocol::ids::{DocumentId, GroupId, RoundId};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

/// The fold of the acts outside documents, as far as views show them.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) title: String,
    running: Option<RoundId>,
    /// Of every round, in order of forming.
    groups: Vec<Group>,
}

/// A group and what stands for it on the wall.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: GroupId,
    round: RoundId,
    pub(super) name: String,
    /// What it was formed with; empty where there was none yet.
    pub(super) question: String,
    /// Its first harvest.
    pub(super) harvest: Option<DocumentId>,
    pub(super) documents: Vec<DocumentId>,
    pub(super) last_contribution: Option<Timestamp>,
}

impl Structure {
    pub(super) fn fold(&mut self, event: &Event) {
        match &event.entry.act {
            Act::Changed { document, contributions, .. } if !contributions.is_empty() => {
                let owned = |group: &&mut Group| group.documents.contains(document);
                if let Some(group) = self.groups.iter_mut().find(owned) {
                    group.last_contribution = Some(event.entry.at);
                }
            }
            Act::GatheringPrepared { title, .. } | Act::GatheringRetitled { title } => {
                self.title.clone_from(title);
            }
            Act::RoundOpened { round, .. } => self.running = Some(*round),
            Act::GroupFormed { round, group, name, question } => self.groups.push(Group {
                id: *group,
                round: *round,
                name: name.clone(),
                question: question.clone(),
                harvest: None,
                documents: Vec::new(),
                last_contribution: None,
            }),
            Act::DocumentOpened { document, kind, owner: Owner::Group(owner), .. } => {
                if let Some(group) = self.groups.iter_mut().find(|group| group.id == *owner) {
                    group.documents.push(*document);
                    if *kind == DocumentKind::Harvest && group.harvest.is_none() {
                        group.harvest = Some(*document);
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
            _ => unreachable!("every act that this build can decode is folded above"),
        }
    }

    /// The running round's groups, in order of forming.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| Some(group.round) == self.running)
    }
}
