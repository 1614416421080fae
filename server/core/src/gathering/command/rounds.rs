//! Rounds: planned with their groups, opened, closed; groups that come later.

use std::collections::BTreeSet;

use oogst_protocol::event::{Act, By, Owner};
use oogst_protocol::ids::{DocumentId, RoundId};
use oogst_protocol::limits::{
    DOCUMENTS_MAX, GROUPS_MAX, NAME_CHARACTERS_MAX, ROUNDS_MAX, TITLE_CHARACTERS_MAX,
};
use oogst_protocol::schema::{About, DocumentKind};
use oogst_protocol::time::Timestamp;

use super::documents::opened;
use super::{Acts, Fold, check_text, conducts, invalid};
use crate::port::{Command, Hindrance, NewGroup, Refusal};

impl Fold {
    /// Plans a round: its groups with their harvests, and who will sit where.
    pub(super) fn plan_round(
        &self,
        by: By,
        command: &Command,
        now: Timestamp,
    ) -> Result<Acts, Refusal> {
        let Command::PlanRound { round, title, kind, groups, members } = command else {
            unreachable!("only this command plans a round");
        };
        conducts(by)?;
        check_text("the title", title, 1, TITLE_CHARACTERS_MAX)?;
        if self.rounds.round(*round).is_some() {
            return Err(Refusal::Conflict { why: Hindrance::Taken { what: "round" } });
        }
        if self.rounds.iter().len() >= ROUNDS_MAX {
            return Err(Refusal::Full { what: "rounds", most: ROUNDS_MAX });
        }
        check_groups(groups, &[])?;
        self.check_room_for(groups)?;
        let mut acts = vec![Act::RoundPlanned { round: *round, title: title.clone(), kind: *kind }];
        let language = self.language();
        for group in groups {
            acts.extend(form(*round, group, language, now));
        }
        for (participant, place) in members {
            if self.role(*participant).is_none() {
                return Err(Refusal::Unknown { what: "participant" });
            }
            let group = groups.get(*place).ok_or_else(|| {
                let most = groups.len();
                let why = format!("`members` names group {place}: there are {most}, from 0 on");
                Refusal::Invalid { why }
            })?;
            let (participant, group) = (*participant, Some(group.group));
            acts.push(Act::ParticipantMoved { participant, group, round: None });
        }
        Ok(acts)
    }

    /// Makes a round the running one, or ends the one that runs.
    pub(super) fn run_round(&self, by: By, round: Option<RoundId>) -> Result<Acts, Refusal> {
        conducts(by)?;
        let running = self.rounds.running();
        if running == round {
            return Ok(Acts::new());
        }
        let Some(round) = round else {
            return Ok(running.map(|round| Act::RoundClosed { round }).into_iter().collect());
        };
        let planned = self.rounds.round(round).ok_or(Refusal::Unknown { what: "round" })?;
        let (title, kind) = (planned.title.clone(), Some(planned.kind));
        Ok(vec![Act::RoundOpened { round, title, kind }])
    }

    /// Forms one more group, in a round that is planned or runs.
    pub(super) fn form_group(
        &self,
        by: By,
        round: RoundId,
        group: &NewGroup,
        now: Timestamp,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        if self.rounds.round(round).is_none() {
            return Err(Refusal::Unknown { what: "round" });
        }
        if self.rounds.was_opened(round) && self.rounds.running() != Some(round) {
            let why = Hindrance::RoundOver;
            return Err(Refusal::Conflict { why });
        }
        if self.rounds.groups_of(round).count() >= GROUPS_MAX {
            return Err(Refusal::Full { what: "groups in a round", most: GROUPS_MAX });
        }
        check_groups(std::slice::from_ref(group), &[])?;
        self.check_room_for(std::slice::from_ref(group))?;
        Ok(form(round, group, self.language(), now).into())
    }

    /// Checks that the gathering can hold the groups' harvests, and that their ids are new.
    fn check_room_for(&self, groups: &[NewGroup]) -> Result<(), Refusal> {
        if self.documents.len() + groups.len() > DOCUMENTS_MAX {
            return Err(Refusal::Full { what: "documents", most: DOCUMENTS_MAX });
        }
        let known = |group: &NewGroup| {
            self.rounds.group(group.group).is_some() || self.document(group.harvest).is_some()
        };
        if groups.iter().any(known) {
            return Err(Refusal::Conflict { why: Hindrance::Taken { what: "group" } });
        }
        Ok(())
    }
}

/// Checks new groups, each by itself and against each other and `others`, documents that are
/// opened with them.
pub(super) fn check_groups(groups: &[NewGroup], others: &[DocumentId]) -> Result<(), Refusal> {
    if groups.len() > GROUPS_MAX {
        return Err(Refusal::Full { what: "groups in a round", most: GROUPS_MAX });
    }
    let mut ids = BTreeSet::new();
    let mut documents: BTreeSet<_> = others.iter().copied().collect();
    let mut distinct = documents.len() == others.len();
    for group in groups {
        check_text("a group's name", &group.name, 1, NAME_CHARACTERS_MAX)?;
        check_text("a group's question", &group.question, 0, TITLE_CHARACTERS_MAX)?;
        let table = group.table.as_deref().unwrap_or_default();
        check_text("a group's table", table, 0, NAME_CHARACTERS_MAX)?;
        if group.seats == Some(0) {
            return Err(invalid("a group has at least one seat: leave `seats` out for any number"));
        }
        distinct &= ids.insert(group.group) && documents.insert(group.harvest);
    }
    if distinct {
        return Ok(());
    }
    Err(invalid("every group and every document needs an id of its own"))
}

/// A group and its harvest.
pub(super) fn form(round: RoundId, group: &NewGroup, language: &str, now: Timestamp) -> [Act; 2] {
    let (name, question) = (group.name.clone(), group.question.clone());
    let (document, title) = (group.harvest, name.as_str());
    let about = About { question: &question, ..About::new(document, title, language) };
    let harvest = opened(DocumentKind::Harvest, Owner::Group(group.group), &about, now);
    let formed = Act::GroupFormed {
        round,
        group: group.group,
        name,
        question,
        seats: group.seats,
        table: group.table.clone(),
        theme: group.theme,
    };
    [formed, harvest]
}
