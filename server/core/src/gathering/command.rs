//! Commands: what each one asks for, who may give it, which acts it comes to.
//!
//! Judged on the *accepted* fold, which holds what is on its way to the disk: of two commands
//! that race, the second sees the first. A command that finds things as it wants them comes to no
//! act at all, so whoever repeats one, after a cut line or by a double tap, is told that it is
//! done. One file a subject judges them; here is who asks, and what they share.

mod conduct;
mod documents;
mod opening;
mod people;
mod rounds;
#[cfg(test)]
mod stage;
mod vote;

use oogst_protocol::event::{Act, By, Publish, Role};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::limits::TITLE_CHARACTERS_MAX;
use oogst_protocol::time::Timestamp;

use super::Fold;
use crate::port::{Caller, Command, Refusal};
use crate::rights::Access;

/// What a command comes to: nothing, where everything is already so.
pub type Acts = Vec<Act>;

const FACILITATOR: Refusal = Refusal::Forbidden { who: "a facilitator" };

impl Fold {
    /// Who the caller is, as the events will name them.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] where they are no member (any more).
    pub fn caller(&self, caller: Caller) -> Result<By, Refusal> {
        match caller {
            Caller::Operator => Ok(By { participant: None, role: Role::Operator }),
            Caller::Member(participant) => {
                self.by(participant).ok_or(Refusal::Unknown { what: "gathering" })
            }
        }
    }

    /// Who a command's events are by: the caller, or whoever comes in by it.
    ///
    /// # Errors
    ///
    /// [`Refusal::Unknown`] where the caller is no member (any more).
    pub fn author(&self, caller: Caller, command: &Command) -> Result<By, Refusal> {
        match command {
            // The code or the words that were shown are the right to come in: no token yet.
            Command::Join { participant, role, region: _, together: _ } => {
                Ok(By { participant: Some(*participant), role: *role })
            }
            Command::Return { participant } => {
                self.by(*participant).ok_or(Refusal::Unknown { what: "participant" })
            }
            Command::OpenGathering { .. }
            | Command::Move { .. }
            | Command::Rename { .. }
            | Command::Promote { .. }
            | Command::Remove { .. }
            | Command::Leave { .. }
            | Command::PlanRound { .. }
            | Command::RunRound { .. }
            | Command::FormGroup { .. }
            | Command::Retitle { .. }
            | Command::BoundParticipants { .. }
            | Command::SetStatus { .. }
            | Command::OpenDocument { .. }
            | Command::SetFrozen { .. }
            | Command::Conduct(_)
            | Command::Vote { .. }
            | Command::SetConsent { .. }
            | Command::AddFile(_)
            | Command::Revert(_) => self.caller(caller),
        }
    }

    /// Judges a command of `by`; the acts are what the log has to hold before it is done. `now`
    /// goes into the templates of new documents.
    ///
    /// # Errors
    ///
    /// [`Refusal`] says what stands in the way; nothing has changed.
    pub fn judge(&self, now: Timestamp, by: By, command: &Command) -> Result<Acts, Refusal> {
        if let Command::OpenGathering { .. } = command {
            return self.open(now, by, command);
        }
        if !self.exists() {
            return Err(Refusal::Unknown { what: "gathering" });
        }
        match command {
            Command::OpenGathering { .. } => unreachable!("judged above"),
            Command::Join { participant, role, region, together } => {
                self.join(now, *participant, *role, region.as_ref(), *together)
            }
            Command::Return { participant } => {
                Ok(vec![Act::ParticipantReturned { participant: *participant }])
            }
            Command::Move { participant, group } => self.judge_move(by, *participant, *group),
            Command::Rename { participant } => {
                self.check_acts_for(by, *participant)?;
                Ok(vec![Act::ParticipantRenamed { participant: *participant }])
            }
            Command::Promote { participant, role } => self.promote(by, *participant, *role),
            Command::Remove { participant } => self.remove(by, *participant),
            Command::Leave { participant } => self.leave(by, *participant),
            Command::PlanRound { .. } => self.plan_round(by, command, now),
            Command::RunRound { round } => self.run_round(by, *round),
            Command::FormGroup { round, group } => self.form_group(by, *round, group, now),
            Command::Retitle { title } => self.retitle(by, title),
            Command::BoundParticipants { participants_max } => {
                self.bound_participants(by, *participants_max)
            }
            Command::SetStatus { status } => {
                conducts(by)?;
                let already = self.status() == Some(*status);
                Ok(unless(already, Act::GatheringStatus { status: *status }))
            }
            Command::OpenDocument { .. } => self.open_document(by, command, now),
            Command::SetFrozen { document, frozen } => self.freeze(by, *document, *frozen),
            Command::Conduct(asked) => self.conducted(now, by, *asked),
            Command::Vote { vote, asked } => self.voted(by, *vote, asked),
            Command::SetConsent { publish } => self.set_consent(by, *publish),
            Command::AddFile(new) => self.add_file(by, new),
            Command::Revert(_) => unreachable!("a venue judges this with its documents"),
        }
    }

    fn retitle(&self, by: By, title: &str) -> Result<Acts, Refusal> {
        conducts(by)?;
        check_text("the title", title, 1, TITLE_CHARACTERS_MAX)?;
        let already = self.about.as_ref().is_some_and(|about| about.title == title);
        Ok(unless(already, Act::GatheringRetitled { title: title.to_owned() }))
    }

    /// At any time, also when the gathering is closed: who takes back what they agreed to does so
    /// when they think of it.
    fn set_consent(&self, by: By, publish: Publish) -> Result<Acts, Refusal> {
        let who = "a member, for themselves";
        let participant = by.participant.ok_or(Refusal::Forbidden { who })?;
        let already = self.consents.chosen(participant) == Some(publish);
        Ok(unless(already, Act::ConsentSet { participant, publish }))
    }

    /// Whether the author may read the document.
    fn reads(&self, by: By, document: DocumentId) -> bool {
        match by.participant {
            Some(participant) => self.access(participant, document) != Access::Nothing,
            None => self
                .document(document)
                .is_some_and(|there| self.seen(there, Caller::Operator).is_some()),
        }
    }

    /// Checks that somebody is a member, and that `by` may act for them: they themselves, and who
    /// conducts the day.
    fn check_acts_for(&self, by: By, participant: ParticipantId) -> Result<(), Refusal> {
        if by.participant != Some(participant) {
            conducts(by)?;
        }
        self.role(participant).map(|_| ()).ok_or(Refusal::Unknown { what: "participant" })
    }
}

fn conducts(by: By) -> Result<(), Refusal> {
    match by.role {
        Role::Facilitator | Role::Operator => Ok(()),
        Role::Observer | Role::Guest | Role::Participant | Role::CoreGroup => Err(FACILITATOR),
    }
}

fn unless(already: bool, act: Act) -> Acts {
    if already { Acts::new() } else { vec![act] }
}

fn invalid(why: &str) -> Refusal {
    Refusal::Invalid { why: why.to_owned() }
}

fn check_text(what: &str, text: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let characters = text.chars().count();
    let broken = text.chars().any(char::is_control);
    if (least..=most).contains(&characters) && !broken {
        return Ok(());
    }
    let why = format!("{what} has {least} to {most} characters on one line");
    Err(Refusal::Invalid { why })
}
