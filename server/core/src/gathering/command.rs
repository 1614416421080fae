//! Commands: what each one asks for, who may give it, which acts it comes to.
//!
//! Judged on the *accepted* fold, which holds what is on its way to the disk: of two commands
//! that race, the second sees the first. A command that finds things as it wants them comes to no
//! act at all, so whoever repeats one, after a cut line or by a double tap, is told that it is
//! done.

use std::collections::BTreeSet;

use oogst_protocol::event::{Act, By, Owner, Publish, Role, Status};
use oogst_protocol::ids::{DocumentId, GroupId, ParticipantId, RoundId};
use oogst_protocol::limits::{
    DOCUMENTS_MAX, GROUPS_MAX, NAME_CHARACTERS_MAX, PARTICIPANTS_MAX, TITLE_CHARACTERS_MAX,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use super::Fold;
use crate::accept;
use crate::port::{Caller, Command, NewGroup, Refusal};

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
            Command::Join { participant, role } => {
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
            | Command::Retitle { .. }
            | Command::SetStatus { .. }
            | Command::OpenDocument { .. }
            | Command::SetFrozen { .. }
            | Command::SetConsent { .. } => self.caller(caller),
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
            Command::Join { participant, role } => self.join(*participant, *role),
            Command::Return { participant } => {
                Ok(vec![Act::ParticipantReturned { participant: *participant }])
            }
            Command::Move { participant, group } => self.move_to(by, *participant, *group),
            Command::Rename { participant } => {
                self.member(by, *participant, true)?;
                Ok(vec![Act::ParticipantRenamed { participant: *participant }])
            }
            Command::Promote { participant, role } => self.promote(by, *participant, *role),
            Command::Remove { participant } => self.remove(by, *participant),
            Command::Retitle { title } => self.retitle(by, title),
            Command::SetStatus { status } => {
                conducts(by)?;
                let already = self.status() == Some(*status);
                Ok(unless(already, Act::GatheringStatus { status: *status }))
            }
            Command::OpenDocument { document, kind, owner, title } => {
                self.open_document(by, *document, *kind, *owner, title, now)
            }
            Command::SetFrozen { document, frozen } => self.freeze(by, *document, *frozen),
            Command::SetConsent { publish } => self.set_consent(by, *publish),
        }
    }

    fn open(&self, now: Timestamp, by: By, command: &Command) -> Result<Acts, Refusal> {
        let Command::OpenGathering { title, language, date, .. } = command else {
            unreachable!("only this command opens a gathering");
        };
        let Command::OpenGathering { status, facilitator, round, groups, programme, .. } = command
        else {
            unreachable!("only this command opens a gathering");
        };
        if by.role != Role::Operator {
            return Err(Refusal::Forbidden { who: "the operator" });
        }
        if self.exists() {
            return Err(Refusal::Conflict { why: "this gathering exists: take a new id" });
        }
        check_text("the title", title, 1, TITLE_CHARACTERS_MAX)?;
        check_text("the language", language, 2, NAME_CHARACTERS_MAX)?;
        check_groups(groups, *programme)?;
        let mut acts = vec![
            Act::GatheringPrepared {
                title: title.clone(),
                language: language.clone(),
                date: date.clone(),
                network: None,
            },
            Act::RoundOpened { round: *round, title: first_round(language), kind: None },
        ];
        for group in groups {
            acts.extend(form(*round, group, now));
        }
        acts.push(opened(*programme, DocumentKind::Programme, Owner::Gathering, title, "", now));
        let (participant, role) = (*facilitator, Role::Facilitator);
        acts.push(Act::ParticipantJoined { participant, role, region: None });
        if *status != Status::Prepared {
            acts.push(Act::GatheringStatus { status: *status });
        }
        Ok(acts)
    }

    fn join(&self, participant: ParticipantId, role: Role) -> Result<Acts, Refusal> {
        if self.status() == Some(Status::Closed) {
            let why = "the gathering is closed: its facilitator can open it again";
            return Err(Refusal::Conflict { why });
        }
        if self.removed.contains(&participant) {
            return Err(Refusal::Conflict { why: "this participant was removed: join anew" });
        }
        match self.role(participant) {
            Some(_) => return Ok(Acts::new()),
            None if self.participants.len() + self.removed.len() >= PARTICIPANTS_MAX => {
                return Err(Refusal::Full { what: "participants", most: PARTICIPANTS_MAX });
            }
            None => {}
        }
        match role {
            Role::Observer | Role::Guest | Role::Participant | Role::Facilitator => {
                Ok(vec![Act::ParticipantJoined { participant, role, region: None }])
            }
            Role::CoreGroup | Role::Operator => {
                Err(invalid("no code makes somebody core group or operator: promote them"))
            }
        }
    }

    fn move_to(
        &self,
        by: By,
        participant: ParticipantId,
        group: Option<GroupId>,
    ) -> Result<Acts, Refusal> {
        self.member(by, participant, true)?;
        if let Some(group) = group {
            let formed = self.group(group).ok_or(Refusal::Unknown { what: "group" })?;
            if self.running_round() != Some(formed.round) {
                let why = "this group's round is over: move to a group of the running round";
                return Err(Refusal::Conflict { why });
            }
        }
        let already = self.participants[&participant].group == group;
        Ok(unless(already, Act::ParticipantMoved { participant, group, round: None }))
    }

    fn promote(&self, by: By, participant: ParticipantId, role: Role) -> Result<Acts, Refusal> {
        conducts(by)?;
        let now = self.role(participant).ok_or(Refusal::Unknown { what: "participant" })?;
        if role == Role::Operator {
            return Err(invalid("the operator is no member: promote to another role"));
        }
        Ok(unless(now == role, Act::ParticipantPromoted { participant, role }))
    }

    fn remove(&self, by: By, participant: ParticipantId) -> Result<Acts, Refusal> {
        conducts(by)?;
        if self.removed.contains(&participant) {
            return Ok(Acts::new());
        }
        self.member(by, participant, false)?;
        Ok(vec![Act::ParticipantRemoved { participant }])
    }

    fn retitle(&self, by: By, title: &str) -> Result<Acts, Refusal> {
        conducts(by)?;
        check_text("the title", title, 1, TITLE_CHARACTERS_MAX)?;
        let already = self.about.as_ref().is_some_and(|about| about.title == title);
        Ok(unless(already, Act::GatheringRetitled { title: title.to_owned() }))
    }

    fn open_document(
        &self,
        by: By,
        document: DocumentId,
        kind: DocumentKind,
        owner: Owner,
        title: &str,
        now: Timestamp,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        check_text("the title", title, 0, TITLE_CHARACTERS_MAX)?;
        match owner {
            Owner::Group(group) if self.group(group).is_none() => {
                return Err(Refusal::Unknown { what: "group" });
            }
            Owner::Region(_) | Owner::Network(_) | Owner::Person(_) => {
                return Err(invalid("documents belong to a group or the gathering"));
            }
            Owner::Group(_) | Owner::Gathering => {}
        }
        match self.document(document) {
            Some(there) if there.kind == kind && there.owner == owner => Ok(Acts::new()),
            Some(_) => Err(Refusal::Conflict { why: "this document exists: take a new id" }),
            None if self.documents.len() >= DOCUMENTS_MAX => {
                Err(Refusal::Full { what: "documents", most: DOCUMENTS_MAX })
            }
            None => Ok(vec![opened(document, kind, owner, title, "", now)]),
        }
    }

    fn freeze(&self, by: By, document: DocumentId, frozen: bool) -> Result<Acts, Refusal> {
        let there = self.document(document).ok_or(Refusal::Unknown { what: "document" })?;
        conducts(by)?;
        let act = if frozen {
            Act::DocumentFrozen { document }
        } else {
            Act::DocumentThawed { document }
        };
        Ok(unless(there.frozen == frozen, act))
    }

    /// At any time, also when the gathering is closed: who takes back what they agreed to does so
    /// when they think of it.
    fn set_consent(&self, by: By, publish: Publish) -> Result<Acts, Refusal> {
        let who = "a member, for themselves";
        let participant = by.participant.ok_or(Refusal::Forbidden { who })?;
        let already = self.consents.chosen(participant) == Some(publish);
        Ok(unless(already, Act::ConsentSet { participant, publish }))
    }

    /// Checks that the participant is a member, and that `by` may act for them.
    fn member(&self, by: By, participant: ParticipantId, themselves: bool) -> Result<(), Refusal> {
        let own = themselves && by.participant == Some(participant);
        if !own {
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

fn check_groups(groups: &[NewGroup], programme: DocumentId) -> Result<(), Refusal> {
    if groups.len() > GROUPS_MAX {
        return Err(Refusal::Full { what: "groups in a round", most: GROUPS_MAX });
    }
    let mut ids = BTreeSet::new();
    let mut documents = BTreeSet::from([programme]);
    for group in groups {
        check_text("a group's name", &group.name, 1, NAME_CHARACTERS_MAX)?;
        check_text("a group's question", &group.question, 0, TITLE_CHARACTERS_MAX)?;
        if !ids.insert(group.group) || !documents.insert(group.harvest) {
            return Err(invalid("every group and every document needs an id of its own"));
        }
    }
    Ok(())
}

fn form(round: RoundId, group: &NewGroup, now: Timestamp) -> [Act; 2] {
    let (name, question) = (group.name.clone(), group.question.clone());
    let owner = Owner::Group(group.group);
    let harvest = opened(group.harvest, DocumentKind::Harvest, owner, &name, &question, now);
    let formed = Act::GroupFormed {
        round,
        group: group.group,
        name,
        question,
        seats: None,
        table: None,
        theme: None,
    };
    [formed, harvest]
}

fn opened(
    document: DocumentId,
    kind: DocumentKind,
    owner: Owner,
    title: &str,
    question: &str,
    now: Timestamp,
) -> Act {
    let template = accept::template(kind, title, question, document, now);
    Act::DocumentOpened { document, kind, owner, title: title.to_owned(), template }
}

/// What a first round is called until somebody calls it otherwise.
fn first_round(language: &str) -> String {
    match language.get(..2) {
        Some("nl") => "Ronde 1".to_owned(),
        Some("fr") => "Tour 1".to_owned(),
        Some(_) | None => "Round 1".to_owned(),
    }
}
