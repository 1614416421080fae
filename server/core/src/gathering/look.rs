//! Answers to questions: the gathering as one caller may see it.

use std::collections::BTreeMap;

use oogst_protocol::event::{By, Owner, Role, Spotlight, Status, TimerScope};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use super::rounds::Round;
use super::{Document, Fold, Region};
use crate::port::{self, Answer, Caller, Question, Refusal};
use crate::rights::{self, Access, Relation};

impl Fold {
    /// Answers a question of a member or the operator; `seq` is the fold's newest event, `now`
    /// the moment that the answer is for.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`], whether the thing does not exist or is not for the caller.
    pub fn look(
        &self,
        id: GatheringId,
        (seq, now): (Seq, Timestamp),
        caller: Caller,
        question: Question,
    ) -> Result<Answer, Refusal> {
        let unknown = Refusal::Unknown { what: "gathering" };
        match caller {
            Caller::Member(participant)
                if self.role(participant).is_none() || self.is_over(participant, now) =>
            {
                return Err(unknown);
            }
            Caller::Member(_) | Caller::Operator => {}
        }
        match question {
            Question::Gathering => {
                let seen = self.gathering(id, (seq, now), caller).ok_or(unknown)?;
                Ok(Answer::Gathering(Box::new(seen)))
            }
            Question::Document(document) => self
                .document(document)
                .and_then(|document| self.seen(document, caller))
                .map(Answer::Document)
                .ok_or(Refusal::Unknown { what: "document" }),
            Question::Conduct => Ok(Answer::Conduct(Box::new(self.conduct_seen(now, caller)))),
            Question::Votes => {
                let (role, voter) = match caller {
                    Caller::Operator => (Role::Operator, None),
                    Caller::Member(participant) => {
                        (self.role(participant).ok_or(unknown)?, Some(participant))
                    }
                };
                Ok(Answer::Votes(self.votes.seen(role, voter)))
            }
            Question::Consent => match caller {
                Caller::Member(participant) => Ok(Answer::Consent {
                    publish: self.consent(participant),
                    is_chosen: self.consents.chosen(participant).is_some(),
                }),
                Caller::Operator => Err(Refusal::Forbidden { who: "a member, for themselves" }),
            },
            Question::Readable => {
                let seen = || self.documents.iter().filter(|it| self.seen(it, caller).is_some());
                let open = seen().filter(|document| document.is_open());
                Ok(Answer::Readable(port::Readable {
                    documents: seen().map(|document| document.id).collect(),
                    open: open.map(|document| document.id).collect(),
                }))
            }
            Question::File(file) => {
                let unknown = Refusal::Unknown { what: "file" };
                let file = self.file(file).ok_or(unknown.clone())?;
                let document = self.document(file.document);
                let seen = document.and_then(|document| self.seen(document, caller));
                seen.map(|_| Answer::File(file.clone())).ok_or(unknown)
            }
        }
    }

    fn gathering(
        &self,
        id: GatheringId,
        (seq, now): (Seq, Timestamp),
        caller: Caller,
    ) -> Option<port::Gathering> {
        let about = self.about.as_ref()?;
        let round = self.rounds.running();
        let mut documents = BTreeMap::new();
        for document in self.documents.iter().filter_map(|document| self.seen(document, caller)) {
            let group = match document.owner {
                Owner::Group(group) => Some(group),
                Owner::Gathering | Owner::Region(_) | Owner::Network(_) | Owner::Person(_) => None,
            };
            documents.entry(group).or_insert_with(Vec::new).push(document);
        }
        let common = documents.remove(&None).unwrap_or_default();
        let mut groups = self.groups(documents);
        let regions = self.regions.iter();
        let regions =
            regions.map(|Region { id, name }| port::Region { id: *id, name: name.clone() });
        Some(port::Gathering {
            id,
            title: about.title.clone(),
            language: about.language.clone(),
            date: about.date.clone(),
            status: about.status,
            network: about.network,
            region: about.region,
            participants_max: about.participants_max,
            regions: regions.collect(),
            round,
            groups: round.and_then(|round| groups.remove(&round)).unwrap_or_default(),
            rounds: self.rounds.iter().map(|round| self.round(round, &mut groups)).collect(),
            documents: common,
            participants: self.participants(),
            conduct: self.conduct_seen(now, caller),
            seq,
        })
    }

    /// Every round's groups, in order of forming, with their members and documents.
    fn groups(
        &self,
        mut documents: BTreeMap<Option<GroupId>, Vec<port::Document>>,
    ) -> BTreeMap<RoundId, Vec<port::Group>> {
        let mut members: BTreeMap<GroupId, Vec<ParticipantId>> = BTreeMap::new();
        for (id, participant) in &self.participants {
            if self.is_dismissed(*id) {
                continue;
            }
            for group in participant.groups.values() {
                members.entry(*group).or_default().push(*id);
            }
        }
        let mut groups: BTreeMap<RoundId, Vec<port::Group>> = BTreeMap::new();
        for group in self.rounds.groups() {
            groups.entry(group.round).or_default().push(port::Group {
                id: group.id,
                name: group.name.clone(),
                question: group.question.clone(),
                seats: group.seats,
                table: group.table.clone(),
                theme: group.theme,
                members: members.remove(&group.id).unwrap_or_default(),
                documents: documents.remove(&Some(group.id)).unwrap_or_default(),
            });
        }
        groups
    }

    fn round(
        &self,
        round: &Round,
        groups: &mut BTreeMap<RoundId, Vec<port::Group>>,
    ) -> port::Round {
        port::Round {
            id: round.id,
            title: round.title.clone(),
            kind: round.kind,
            status: self.rounds.status(round),
            groups: groups.remove(&round.id).unwrap_or_default(),
        }
    }

    /// What points at a document that the caller may not read is absent.
    fn conduct_seen(&self, now: Timestamp, caller: Caller) -> port::Conduct {
        let reads = |document: DocumentId| {
            self.document(document).is_some_and(|document| self.seen(document, caller).is_some())
        };
        let conduct = &self.conduct;
        let for_all = |scope: &TimerScope| match scope {
            TimerScope::Gathering | TimerScope::Group(_) => true,
            TimerScope::Document(document) => reads(*document),
        };
        let timers = conduct.timers.iter().filter(|(scope, _)| for_all(scope));
        port::Conduct {
            now,
            running: conduct.running,
            blocks: conduct.blocks.iter().map(|(id, block)| (*id, *block)).collect(),
            timers: timers.map(|(scope, timer)| (*scope, *timer)).collect(),
            spotlight: conduct.spotlight.filter(|spotlight| match spotlight {
                Spotlight::Group(_) | Spotlight::Round(_) => true,
                Spotlight::Item { document, .. } => reads(*document),
            }),
            guests: conduct.guests,
        }
    }

    fn participants(&self) -> Vec<port::Participant> {
        let here = self.participants.iter().filter(|(id, _)| !self.is_dismissed(**id));
        let seen = here.map(|(id, participant)| port::Participant {
            id: *id,
            role: participant.role,
            group: participant.group(&self.rounds),
            region: participant.region,
        });
        seen.collect()
    }

    pub(super) fn seen(&self, document: &Document, caller: Caller) -> Option<port::Document> {
        let access = match caller {
            Caller::Operator => self.operator_access(document),
            Caller::Member(participant) => self.access(participant, document.id),
        };
        (access != Access::Nothing).then(|| port::Document {
            id: document.id,
            kind: document.kind,
            title: document.title.clone(),
            frozen: document.frozen,
            owner: document.owner,
            writable: access == Access::Write,
        })
    }

    /// Whether somebody who gives a command may know of the document.
    pub(super) fn is_seen_by(&self, document: &Document, by: By) -> bool {
        let caller = by.participant.map_or(Caller::Operator, Caller::Member);
        self.seen(document, caller).is_some()
    }

    /// The operator reads what is no person's own and not confidential; writes in nothing.
    fn operator_access(&self, document: &Document) -> Access {
        let relation = match document.owner {
            _ if document.kind == DocumentKind::Intervision => Relation::Outside,
            Owner::Group(_) => Relation::OtherGroup,
            Owner::Gathering => Relation::CommonUngrouped,
            Owner::Region(_) => Relation::OtherRegion,
            Owner::Network(_) => Relation::NetworkUngrouped,
            Owner::Person(_) => Relation::SomebodyElse,
        };
        let status = self.status().unwrap_or(Status::Closed);
        rights::access(Role::Operator, relation, document.kind, status, document.frozen)
    }

    /// Where the gathering is in its life; `None` before it is prepared.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.about.as_ref().map(|about| about.status)
    }

    /// The documents, in order of opening.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.documents.iter().map(|document| document.id)
    }
}

impl Document {
    fn is_open(&self) -> bool {
        rights::is_open(self.kind) && !matches!(self.owner, Owner::Person(_))
    }
}
