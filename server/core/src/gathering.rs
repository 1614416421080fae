//! A gathering's groups, documents and people: the fold of its events.
//!
//! Invariant: the same events give the same fold, whether they come from the log at start-up,
//! from the disk's confirmation, or, one step earlier, from the hub's own entries on their way
//! there. The hub keeps two: *accepted*, on which commands and edits are judged, so that nothing
//! slips through while the disk works; and *durable*, the only one that is shown.
//!
//! Way in: [`Fold::fold`], [`Fold::access`]. Commands are judged in [`command`], questions
//! answered in [`look`]. Not here: the contents of documents.

mod budget;
pub mod command;
mod conduct;
pub mod consent;
mod files;
pub mod look;
mod people;
mod reverts;
mod rounds;
#[cfg(test)]
mod tests;
mod vote;

use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::event::{Act, By, Entry, Owner, Publish, Role, Status};
use oogst_protocol::ids::{DocumentId, GroupId, NetworkId, ParticipantId, RegionId, RoundId};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use self::budget::Budgets;
use self::conduct::Conduct;
use self::consent::Consents;
use self::people::Participant;
use self::rounds::{Group, Rounds};
use self::vote::Votes;
use crate::rights::{self, Access, Relation};

/// What a gathering's events say about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// Absent before the first event.
    about: Option<About>,
    rounds: Rounds,
    /// In order of naming.
    regions: Vec<Region>,
    /// In order of opening.
    documents: Vec<Document>,
    document_places: BTreeMap<DocumentId, usize>,
    participants: BTreeMap<ParticipantId, Participant>,
    /// Who was removed, or left.
    gone: BTreeSet<ParticipantId>,
    /// Who is inside the room of which intervision.
    rooms: BTreeSet<(DocumentId, ParticipantId)>,
    consents: Consents,
    files: files::Files,
    conduct: Conduct,
    votes: Votes,
    /// How often somebody's acts were undone.
    reverts: u64,
    budgets: Budgets,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct About {
    title: String,
    language: String,
    date: Option<String>,
    status: Status,
    network: Option<NetworkId>,
    /// The region that the gathering itself is of.
    region: Option<RegionId>,
    participants_max: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Region {
    id: RegionId,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Document {
    id: DocumentId,
    kind: DocumentKind,
    owner: Owner,
    title: String,
    frozen: bool,
}

impl Fold {
    /// Folds one entry. Live, at start-up and in replay all come through here.
    ///
    /// # Panics
    ///
    /// Where the entries are not those of one gathering in their order: the log is corrupt beyond
    /// what its checksums notice, or we wrote what we must not.
    pub fn fold(&mut self, entry: &Entry) {
        self.budgets.fold(entry);
        if let Act::Conducted(conduct) = &entry.act {
            self.conduct.fold(entry.at, conduct);
        } else if let Act::Voted(vote) = &entry.act {
            self.votes.fold(entry.by, vote);
        } else {
            self.apply(&entry.act);
        }
    }

    /// Folds an act that means the same whoever did it, and when.
    fn apply(&mut self, act: &Act) {
        match act {
            // The documents' contents are another fold.
            Act::Changed { .. }
            // These two say that somebody is here and is called otherwise: the vault's business.
            | Act::ParticipantReturned { .. }
            | Act::ParticipantRenamed { .. } => {}
            Act::GatheringPrepared { title, language, date, network } => {
                self.about = Some(About::new(title, language, date.as_deref(), *network));
            }
            Act::GatheringRetitled { title } => self.about_mut().title.clone_from(title),
            Act::GatheringStatus { status } => self.about_mut().status = *status,
            Act::RoundPlanned { round, title, kind } => self.rounds.plan(*round, title, *kind),
            Act::RoundOpened { round, title, kind } => self.rounds.open(*round, title, *kind),
            Act::RoundClosed { .. } => self.rounds.close(),
            Act::GroupFormed { .. } => self.rounds.form(group(act)),
            Act::RegionNamed { region, name } => self.name_region(*region, name),
            Act::DocumentOpened { document, kind, owner, title, template: _ } => {
                self.document_places.insert(*document, self.documents.len());
                let (id, kind, owner, title) = (*document, *kind, *owner, title.clone());
                self.documents.push(Document { id, kind, owner, title, frozen: false });
            }
            Act::DocumentFrozen { document } => self.document_mut(*document).frozen = true,
            Act::DocumentThawed { document } => self.document_mut(*document).frozen = false,
            Act::RoomChanged { document, participant, inside } => {
                self.change_room((*document, *participant), *inside);
            }
            Act::ParticipantJoined { participant, role, region, together } => {
                let joined = Participant::new(*role, *region, together.unwrap_or(0));
                self.participants.insert(*participant, joined);
            }
            Act::ParticipantsBounded { participants_max } => {
                self.about_mut().participants_max = *participants_max;
            }
            Act::ParticipantMoved { participant, group, round } => {
                self.move_to(*participant, *group, *round);
            }
            Act::ParticipantPromoted { participant, role } => {
                self.participant_mut(*participant).role = *role;
            }
            Act::ParticipantRemoved { participant } | Act::ParticipantLeft { participant } => {
                self.participants.remove(participant);
                self.gone.insert(*participant);
            }
            Act::Conducted(_) | Act::Voted(_) => unreachable!("folded above"),
            Act::ConsentSet { participant, publish } => self.consents.set(*participant, *publish),
            Act::FileAdded { file, document, media_type, length_bytes, sha256: _ } => {
                self.files.add(*file, *document, media_type, *length_bytes);
            }
            Act::Reverted { .. } => self.reverts += 1,
            Act::Withheld { .. } => {}
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
        self.member(participant).map(|participant| participant.role)
    }

    /// Whether somebody belongs to the gathering, or did once: they may be named.
    #[must_use]
    pub fn knows(&self, participant: ParticipantId) -> bool {
        self.participants.contains_key(&participant) || self.gone.contains(&participant)
    }

    /// How many they are whom [`Fold::knows`] knows.
    pub(crate) fn known(&self) -> usize {
        self.participants.len() + self.gone.len()
    }

    /// Whether somebody came as a guest, and the guests' time is over: they may do nothing now.
    #[must_use]
    pub fn is_dismissed(&self, participant: ParticipantId) -> bool {
        let role = self.participants.get(&participant).map(|participant| participant.role);
        self.conduct.guests_are_dismissed && role == Some(Role::Guest)
    }

    /// Whether somebody is a guest whose time has passed at `now`: a member no more, also where
    /// the log does not say so yet.
    #[must_use]
    pub fn is_over(&self, participant: ParticipantId, now: Timestamp) -> bool {
        self.role(participant) == Some(Role::Guest) && self.conduct.guests.is_over(now)
    }

    /// Whether a time that was set for the guests has passed at `now`.
    pub(crate) fn guests_are_over(&self, now: Timestamp) -> bool {
        self.conduct.guests.is_over(now)
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
        let known = (&self.about, self.member(participant), self.document(document));
        let (Some(about), Some(member), Some(document)) = known else {
            return Access::Nothing;
        };
        let relation = if document.kind == DocumentKind::Intervision {
            let is_inside = self.rooms.contains(&(document.id, participant));
            if is_inside { Relation::Inside } else { Relation::Outside }
        } else {
            member.relation(participant, document.owner, &self.rounds)
        };
        rights::access(member.role, relation, document.kind, about.status, document.frozen)
    }

    /// Somebody who may be here now.
    fn member(&self, participant: ParticipantId) -> Option<&Participant> {
        let member = self.participants.get(&participant)?;
        (!self.is_dismissed(participant)).then_some(member)
    }

    fn change_room(&mut self, place: (DocumentId, ParticipantId), inside: bool) {
        if inside {
            self.rooms.insert(place);
        } else {
            self.rooms.remove(&place);
        }
    }

    /// A region that is named before there is any round is the gathering's own.
    fn name_region(&mut self, id: RegionId, name: &str) {
        if self.rounds.iter().len() == 0 {
            self.about_mut().region = Some(id);
        }
        self.regions.push(Region { id, name: name.to_owned() });
    }

    fn move_to(
        &mut self,
        participant: ParticipantId,
        group: Option<GroupId>,
        round: Option<RoundId>,
    ) {
        let formed = group.map(|group| {
            let group = self.rounds.group(group).expect("a group is formed before it is joined");
            (group.round, group.id)
        });
        let running = self.rounds.running();
        let participant = self.participant_mut(participant);
        if let Some((round, group)) = formed {
            participant.groups.insert(round, group);
        } else if let Some(round) = round.or(running) {
            participant.groups.remove(&round);
        }
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

impl About {
    fn new(title: &str, language: &str, date: Option<&str>, network: Option<NetworkId>) -> Self {
        Self {
            title: title.to_owned(),
            language: language.to_owned(),
            date: date.map(str::to_owned),
            status: Status::Prepared,
            network,
            region: None,
            participants_max: None,
        }
    }
}

fn group(act: &Act) -> Group {
    let Act::GroupFormed { round, group, name, question, seats, table, theme } = act else {
        unreachable!("only this act forms a group");
    };
    Group {
        id: *group,
        round: *round,
        name: name.clone(),
        question: question.clone(),
        seats: *seats,
        table: table.clone(),
        theme: *theme,
    }
}
