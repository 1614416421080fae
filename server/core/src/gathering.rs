//! A gathering's groups, documents and people: the fold of its events.
//!
//! Invariant: the same events give the same fold, whether they come from the log at start-up,
//! from the disk's confirmation, or, one step earlier, from the hub's own entries on their way
//! there. The hub keeps two: *accepted*, on which commands and edits are judged, so that nothing
//! slips through while the disk works; and *durable*, the only one that is shown.
//!
//! Way in: [`Fold::fold`], [`Fold::access`]. Commands are judged in [`command`], questions
//! answered in [`look`]. Not here: the contents of documents.

pub mod command;
pub mod consent;
pub mod look;

use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::event::{Act, By, Entry, Owner, Publish, Role, Status};
use oogst_protocol::ids::{DocumentId, GroupId, ParticipantId, RoundId};
use oogst_protocol::schema::DocumentKind;

use self::consent::Consents;
use crate::rights::{self, Access, Relation};

/// What a gathering's events say about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// Absent before the first event.
    about: Option<About>,
    rounds: Vec<(RoundId, String)>,
    /// In order of forming.
    groups: Vec<Group>,
    group_places: BTreeMap<GroupId, usize>,
    /// In order of opening.
    documents: Vec<Document>,
    document_places: BTreeMap<DocumentId, usize>,
    participants: BTreeMap<ParticipantId, Participant>,
    removed: BTreeSet<ParticipantId>,
    consents: Consents,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    title: String,
    language: String,
    date: Option<String>,
    status: Status,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    id: GroupId,
    round: RoundId,
    name: String,
    question: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Document {
    id: DocumentId,
    kind: DocumentKind,
    owner: Owner,
    title: String,
    frozen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Participant {
    role: Role,
    /// In the running round.
    group: Option<GroupId>,
    /// In earlier rounds.
    former: BTreeSet<GroupId>,
}

impl Fold {
    /// Folds one entry. Live, at start-up and in replay all come through here.
    ///
    /// # Panics
    ///
    /// Where the entries are not those of one gathering in their order: the log is corrupt beyond
    /// what its checksums notice, or we wrote what we must not.
    pub fn fold(&mut self, entry: &Entry) {
        self.apply(&entry.act);
    }

    /// Folds an act that means the same whoever did it, and when.
    fn apply(&mut self, act: &Act) {
        match act {
            // The documents' contents are another fold.
            Act::Changed { .. }
            // These two say that somebody is here and is called otherwise: the vault's business.
            | Act::ParticipantReturned { .. }
            | Act::ParticipantRenamed { .. } => {}
            Act::GatheringPrepared { title, language, date, .. } => {
                let (title, language, date) = (title.clone(), language.clone(), date.clone());
                self.about = Some(About { title, language, date, status: Status::Prepared });
            }
            Act::GatheringRetitled { title } => self.about_mut().title.clone_from(title),
            Act::GatheringStatus { status } => self.about_mut().status = *status,
            Act::RoundOpened { round, title, .. } => self.open_round(*round, title),
            Act::GroupFormed { round, group, name, question, .. } => {
                self.group_places.insert(*group, self.groups.len());
                let (name, question) = (name.clone(), question.clone());
                self.groups.push(Group { id: *group, round: *round, name, question });
            }
            Act::DocumentOpened { document, kind, owner, title, template: _ } => {
                self.document_places.insert(*document, self.documents.len());
                let (id, kind, owner, title) = (*document, *kind, *owner, title.clone());
                self.documents.push(Document { id, kind, owner, title, frozen: false });
            }
            Act::DocumentFrozen { document } => self.document_mut(*document).frozen = true,
            Act::DocumentThawed { document } => self.document_mut(*document).frozen = false,
            Act::ParticipantJoined { participant, role, .. } => {
                let joined = Participant { role: *role, group: None, former: BTreeSet::new() };
                self.participants.insert(*participant, joined);
            }
            Act::ParticipantMoved { participant, group, .. } => {
                self.participant_mut(*participant).group = *group;
            }
            Act::ParticipantPromoted { participant, role } => {
                self.participant_mut(*participant).role = *role;
            }
            Act::ParticipantRemoved { participant } => {
                self.participants.remove(participant);
                self.removed.insert(*participant);
            }
            Act::RoundPlanned { .. } | Act::RoundClosed { .. } => {}
            Act::RegionNamed { .. } | Act::RoomChanged { .. } => {}
            Act::Conducted(_) => {}
            Act::Voted(_) => {}
            Act::ConsentSet { participant, publish } => self.consents.set(*participant, *publish),
            Act::FileAdded { .. } | Act::Reverted { .. } => {}
            Act::ParticipantLeft { .. } => {}
            _ => unreachable!("every act that this version can decode is folded above"),
        }
    }

    /// Whether the gathering exists: has been prepared.
    #[must_use]
    pub const fn exists(&self) -> bool {
        self.about.is_some()
    }

    /// What kind of document it is; `None` where there is none of this id.
    #[must_use]
    pub fn kind(&self, document: DocumentId) -> Option<DocumentKind> {
        self.document(document).map(|document| document.kind)
    }

    /// The participant's role; `None` where they are no member, or not any more.
    #[must_use]
    pub fn role(&self, participant: ParticipantId) -> Option<Role> {
        self.participants.get(&participant).map(|participant| participant.role)
    }

    /// Whether somebody belongs to the gathering, or did once: they may be named.
    #[must_use]
    pub fn knows(&self, participant: ParticipantId) -> bool {
        self.participants.contains_key(&participant) || self.removed.contains(&participant)
    }

    /// The participant as an event names them; `None` where they are no member.
    #[must_use]
    pub fn by(&self, participant: ParticipantId) -> Option<By> {
        self.role(participant).map(|role| By { participant: Some(participant), role })
    }

    /// How the participant is named where what they said is published.
    #[must_use]
    pub fn consent(&self, participant: ParticipantId) -> Publish {
        self.consents.of(participant)
    }

    /// What the participant may do in the document; nothing where either does not exist.
    #[must_use]
    pub fn access(&self, participant: ParticipantId, document: DocumentId) -> Access {
        let known = (&self.about, self.participants.get(&participant), self.document(document));
        let (Some(about), Some(participant), Some(document)) = known else {
            return Access::Nothing;
        };
        let relation = participant.relation(document.owner);
        rights::access(participant.role, relation, document.kind, about.status, document.frozen)
    }

    fn open_round(&mut self, round: RoundId, title: &str) {
        for participant in self.participants.values_mut() {
            participant.former.extend(participant.group.take());
        }
        self.rounds.push((round, title.to_owned()));
    }

    fn running_round(&self) -> Option<RoundId> {
        self.rounds.last().map(|(round, _)| *round)
    }

    fn group(&self, id: GroupId) -> Option<&Group> {
        self.group_places.get(&id).map(|place| &self.groups[*place])
    }

    fn document(&self, id: DocumentId) -> Option<&Document> {
        self.document_places.get(&id).map(|place| &self.documents[*place])
    }

    fn about_mut(&mut self) -> &mut About {
        self.about.as_mut().expect("a gathering's first event prepares it")
    }

    fn document_mut(&mut self, id: DocumentId) -> &mut Document {
        let place = self.document_places.get(&id);
        &mut self.documents[*place.expect("a document is opened before it is locked")]
    }

    fn participant_mut(&mut self, id: ParticipantId) -> &mut Participant {
        self.participants.get_mut(&id).expect("somebody joins before anything else about them")
    }
}

impl Participant {
    fn relation(&self, owner: Owner) -> Relation {
        match owner {
            Owner::Group(group) if self.group == Some(group) || self.former.contains(&group) => {
                Relation::OwnGroup
            }
            Owner::Group(_) | Owner::Region(_) | Owner::Network(_) | Owner::Person(_) => {
                Relation::OtherGroup
            }
            Owner::Gathering if self.group.is_some() || !self.former.is_empty() => {
                Relation::CommonGrouped
            }
            Owner::Gathering => Relation::CommonUngrouped,
        }
    }
}

#[cfg(test)]
mod tests {
    use oogst_protocol::event::ChangeBytes;
    use uuid::Uuid;

    use super::*;

    fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn round(number: u128) -> RoundId {
        RoundId::new(uuid(number))
    }

    fn group(number: u128) -> GroupId {
        GroupId::new(uuid(number))
    }

    fn harvest(number: u128) -> DocumentId {
        DocumentId::new(uuid(number))
    }

    fn opened(number: u128) -> Act {
        Act::RoundOpened { round: round(number), title: String::new(), kind: None }
    }

    fn moved(participant: ParticipantId, number: u128) -> Act {
        Act::ParticipantMoved { participant, group: Some(group(number)), round: None }
    }

    /// A round, and a group with a harvest of the same number.
    fn form(fold: &mut Fold, number: u128) {
        fold.apply(&Act::GroupFormed {
            round: fold.running_round().unwrap(),
            group: group(number),
            name: String::new(),
            question: String::new(),
            seats: None,
            table: None,
            theme: None,
        });
        fold.apply(&Act::DocumentOpened {
            document: harvest(number),
            kind: DocumentKind::Harvest,
            owner: Owner::Group(group(number)),
            title: String::new(),
            template: ChangeBytes(bytes::Bytes::new()),
        });
    }

    fn gathering() -> (Fold, ParticipantId) {
        let mut fold = Fold::default();
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        fold.apply(&Act::GatheringPrepared { title, language, date: None, network: None });
        fold.apply(&opened(1));
        form(&mut fold, 1);
        form(&mut fold, 2);
        let participant = ParticipantId::new(uuid(9));
        let role = Role::Participant;
        fold.apply(&Act::ParticipantJoined { participant, role, region: None });
        (fold, participant)
    }

    #[test]
    fn a_group_writes_in_its_own_harvest_also_after_its_round() {
        let (mut fold, participant) = gathering();
        let access = |fold: &Fold| [1, 2].map(|number| fold.access(participant, harvest(number)));
        assert_eq!(access(&fold), [Access::Read, Access::Read]);
        fold.apply(&moved(participant, 1));
        assert_eq!(access(&fold), [Access::Write, Access::Read]);
        fold.apply(&moved(participant, 2));
        assert_eq!(access(&fold), [Access::Read, Access::Write], "one group in a round");
        fold.apply(&opened(2));
        assert_eq!(access(&fold), [Access::Read, Access::Write], "an earlier round's stays");
        fold.apply(&Act::DocumentFrozen { document: harvest(2) });
        assert_eq!(access(&fold), [Access::Read, Access::Read], "until it is locked");
    }

    #[test]
    fn whoever_is_removed_or_unknown_sees_nothing() {
        let (mut fold, participant) = gathering();
        assert_eq!(fold.access(participant, harvest(3)), Access::Nothing);
        fold.apply(&Act::ParticipantRemoved { participant });
        assert_eq!(fold.access(participant, harvest(1)), Access::Nothing);
        assert_eq!((fold.by(participant), fold.knows(participant)), (None, true));
    }
}
