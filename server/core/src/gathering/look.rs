//! Answers to questions: the gathering as one caller may see it.

use oogst_protocol::event::{Owner, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, Seq};

use super::{Document, Fold};
use crate::port::{self, Answer, Caller, Question, Refusal};
use crate::rights::Access;

impl Fold {
    /// Answers a question of a member or the operator; `seq` is the fold's newest event.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`], whether the thing does not exist or is not for the caller.
    pub fn look(
        &self,
        id: GatheringId,
        seq: Seq,
        caller: Caller,
        question: Question,
    ) -> Result<Answer, Refusal> {
        let unknown = Refusal::Unknown { what: "gathering" };
        match caller {
            Caller::Member(participant) if self.role(participant).is_none() => {
                return Err(unknown);
            }
            Caller::Member(_) | Caller::Operator => {}
        }
        match question {
            Question::Gathering => {
                let seen = self.gathering(id, seq, caller).ok_or(unknown)?;
                Ok(Answer::Gathering(Box::new(seen)))
            }
            Question::Document(document) => self
                .document(document)
                .and_then(|document| self.seen(document, caller))
                .map(Answer::Document)
                .ok_or(Refusal::Unknown { what: "document" }),
            Question::Consent => match caller {
                Caller::Member(participant) => Ok(Answer::Consent {
                    publish: self.consent(participant),
                    is_chosen: self.consents.chosen(participant).is_some(),
                }),
                Caller::Operator => Err(Refusal::Forbidden { who: "a member, for themselves" }),
            },
            Question::Readable => {
                let readable =
                    self.documents.iter().filter(|document| self.seen(document, caller).is_some());
                Ok(Answer::Readable(readable.map(|document| document.id).collect()))
            }
        }
    }

    fn gathering(&self, id: GatheringId, seq: Seq, caller: Caller) -> Option<port::Gathering> {
        let about = self.about.as_ref()?;
        let round = self.running_round()?;
        let groups = self.groups.iter().filter(|group| group.round == round);
        Some(port::Gathering {
            id,
            title: about.title.clone(),
            language: about.language.clone(),
            date: about.date.clone(),
            status: about.status,
            round,
            rounds: self.rounds.clone(),
            groups: groups
                .map(|group| port::Group {
                    id: group.id,
                    name: group.name.clone(),
                    question: group.question.clone(),
                    documents: self.owned_by(Owner::Group(group.id), caller),
                })
                .collect(),
            documents: self.owned_by(Owner::Gathering, caller),
            participants: self.participants(),
            seq,
        })
    }

    fn participants(&self) -> Vec<port::Participant> {
        let seen = self.participants.iter().map(|(id, participant)| port::Participant {
            id: *id,
            role: participant.role,
            group: participant.group,
        });
        seen.collect()
    }

    fn owned_by(&self, owner: Owner, caller: Caller) -> Vec<port::Document> {
        let documents = self.documents.iter().filter(|document| document.owner == owner);
        documents.filter_map(|document| self.seen(document, caller)).collect()
    }

    fn seen(&self, document: &Document, caller: Caller) -> Option<port::Document> {
        let access = match caller {
            Caller::Operator => Access::Read,
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
