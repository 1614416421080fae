//! Making a gathering.

use oogst_protocol::event::{Act, By, Owner, Role, Status};
use oogst_protocol::limits::{NAME_CHARACTERS_MAX, TITLE_CHARACTERS_MAX};
use oogst_protocol::schema::{About, DocumentKind};
use oogst_protocol::time::Timestamp;

use super::documents::opened;
use super::people::{bounded, name_region};
use super::rounds::{check_groups, form};
use super::{Acts, Fold, check_text};
use crate::port::{Command, Hindrance, Refusal};

impl Fold {
    pub(super) fn open(&self, now: Timestamp, by: By, command: &Command) -> Result<Acts, Refusal> {
        let Command::OpenGathering { title, language, date, network, region, .. } = command else {
            unreachable!("only this command opens a gathering");
        };
        let Command::OpenGathering { status, facilitator, round, groups, common, .. } = command
        else {
            unreachable!("only this command opens a gathering");
        };
        let Command::OpenGathering { participants_max, day, .. } = command else {
            unreachable!("only this command opens a gathering");
        };
        if by.role != Role::Operator {
            return Err(Refusal::Forbidden { who: "the operator" });
        }
        if self.exists() {
            return Err(Refusal::Conflict { why: Hindrance::Taken { what: "gathering" } });
        }
        check_text("the title", title, 1, TITLE_CHARACTERS_MAX)?;
        check_text("the language", language, 2, NAME_CHARACTERS_MAX)?;
        let common = [
            (common.programme, DocumentKind::Programme),
            (common.introductions, DocumentKind::Introductions),
            (common.closing, DocumentKind::Closing),
        ];
        check_groups(groups, &common.map(|(document, _)| document))?;
        let mut acts = vec![Act::GatheringPrepared {
            title: title.clone(),
            language: language.clone(),
            date: date.clone(),
            network: *network,
        }];
        acts.extend(participants_max.map(|most| bounded(Some(most))).transpose()?);
        // Before any round: so the fold knows it as the gathering's own.
        acts.extend(region.as_ref().map(name_region).transpose()?);
        acts.push(Act::RoundOpened { round: *round, title: first_round(language), kind: None });
        for group in groups {
            acts.extend(form(*round, group, language, now));
        }
        for (document, kind) in common {
            let title = if kind == DocumentKind::Programme { title } else { "" };
            let about = About::new(document, title, language);
            let about = About { day: *day, round: Some(*round), ..about };
            acts.push(opened(kind, Owner::Gathering, &about, now));
        }
        let (participant, role) = (*facilitator, Role::Facilitator);
        acts.push(Act::ParticipantJoined { participant, role, region: None, together: None });
        if *status != Status::Prepared {
            acts.push(Act::GatheringStatus { status: *status });
        }
        Ok(acts)
    }
}

/// What a first round is called until somebody calls it otherwise.
fn first_round(language: &str) -> String {
    match language.get(..2) {
        Some("nl") => "Ronde 1".to_owned(),
        Some("fr") => "Tour 1".to_owned(),
        Some(_) | None => "Round 1".to_owned(),
    }
}
