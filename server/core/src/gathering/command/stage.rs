//! A gathering for the tests of commands: opened, with people, told one command after the other.

use oogst_protocol::event::{Act, Entry, Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId, Seq};
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

use super::Fold;
use crate::port::{Answer, Caller, Command, CommonDocuments, NewGroup, Question, Refusal};

/// An open gathering, and the time on its clock.
pub(super) struct Stage {
    pub(super) fold: Fold,
    pub(super) now: Timestamp,
    people: u128,
}

pub(super) const FACILITATOR: Caller = Caller::Member(person(1));

pub(super) const fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(super) const fn person(number: u128) -> ParticipantId {
    ParticipantId::new(uuid(1_000 + number))
}

pub(super) const fn group(number: u128) -> GroupId {
    GroupId::new(uuid(2_000 + number))
}

pub(super) const fn harvest(number: u128) -> DocumentId {
    DocumentId::new(uuid(3_000 + number))
}

pub(super) const fn item(number: u128) -> ItemId {
    ItemId::new(uuid(4_000 + number))
}

pub(super) const fn at(second: i64) -> Timestamp {
    Timestamp::from_milliseconds(second * 1_000)
}

impl Stage {
    /// With groups 1, 2, … and its facilitator, person 1.
    pub(super) fn open(groups: u128) -> Self {
        let mut stage = Self { fold: Fold::default(), now: at(0), people: 1 };
        let new = |number: u128| NewGroup {
            group: group(number),
            harvest: harvest(number),
            name: format!("Groep {number}"),
            question: String::new(),
            seats: None,
            table: None,
            theme: None,
        };
        let open = Command::OpenGathering {
            title: "Startdag".to_owned(),
            language: "nl-BE".to_owned(),
            date: None,
            network: None,
            region: None,
            status: Status::Open,
            facilitator: person(1),
            round: RoundId::new(uuid(1)),
            groups: (1..=groups).map(new).collect(),
            common: CommonDocuments {
                programme: DocumentId::new(uuid(2)),
                introductions: DocumentId::new(uuid(3)),
                closing: DocumentId::new(uuid(4)),
            },
            day: None,
            participants_max: None,
        };
        stage.tell(Caller::Operator, open).expect("a gathering of this shape can be opened");
        stage
    }

    /// Judges a command and folds what it comes to.
    pub(super) fn tell(&mut self, caller: Caller, command: Command) -> Result<Vec<Act>, Refusal> {
        let by = self.fold.author(caller, &command)?;
        let acts = self.fold.judge(self.now, by, &command)?;
        for act in &acts {
            self.fold.fold(&Entry { at: self.now, by, act: act.clone() });
        }
        Ok(acts)
    }

    /// Lets the next person in.
    pub(super) fn join(&mut self, role: Role) -> Result<Caller, Refusal> {
        let participant = person(self.people + 1);
        let caller = Caller::Member(participant);
        self.tell(caller, Command::Join { participant, role, region: None, together: 0 })?;
        self.people += 1;
        Ok(caller)
    }

    pub(super) fn ask(&self, caller: Caller, question: Question) -> Result<Answer, Refusal> {
        let gathering = GatheringId::new(uuid(9));
        self.fold.look(gathering, (Seq::ZERO, self.now), caller, question)
    }
}
