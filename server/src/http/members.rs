//! The vault and the core, joined: who comes in, who goes by which name, and a gathering with the
//! names of its people.
//!
//! The vault learns of a gathering and of a newcomer before the log does. What a crash leaves in
//! between opens nothing: codes without a gathering, which the next start forgets, or a name
//! without a participant, which the next join with that token mends.

use std::collections::BTreeMap;

use oogst_core::port::{self, Caller, Command, Refusal};
use oogst_protocol::api::{self, Join, Joined, Waiting};
use oogst_protocol::event::{Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, JoinCode, ParticipantId};
use oogst_protocol::limits::NAME_CHARACTERS_MAX;

use super::problem::ApiError;
use super::{App, conduct, gatherings};
use crate::people::{Admitted, Member, Person, TargetGroup, VaultError};

/// Most people who share one device with its participant.
const TOGETHER_MAX: usize = 5;

/// Longest language tag, in characters.
const LANGUAGE_CHARACTERS_MAX: usize = 35;

const WRONG_CODE: ApiError = ApiError::UnknownCode { what: "join code" };
const WRONG_WORDS: ApiError = ApiError::UnknownCode { what: "return code" };

/// What comes of a join.
pub(super) enum Coming {
    /// In.
    In(Box<Joined>),
    /// A guest who is early.
    Waits(Waiting),
}

impl App {
    /// Lets somebody in with a code; whoever shows an earlier token of the gathering stays who
    /// they are.
    pub(super) async fn join(
        &self,
        code: JoinCode,
        body: &Join,
        earlier_token: Option<&str>,
    ) -> Result<Coming, ApiError> {
        let person = person(body)?;
        let (gathering, role) = self.people.by_code(code).ok_or(WRONG_CODE)?;
        if role == Role::Guest {
            // Asked before the vault, which is written for nobody who waits. Who is in is not asked
            // to wait, by whichever code they came; whose time is over waits for the next.
            let earlier = earlier_token.and_then(|token| self.people.by_token(token));
            let seen = self.ask.gathering(gathering, Caller::Operator).await;
            let seen = seen.map_err(as_wrong_code)?;
            let is_in = earlier.is_some_and(|Member { gathering: own, participant }| {
                own == gathering && seen.participants.iter().any(|found| found.id == participant)
            });
            match (seen.status, seen.conduct.guests) {
                (Status::Prepared | Status::Open, port::Guests::Expected { starts }) if !is_in => {
                    return Ok(Coming::Waits(Waiting { starts }));
                }
                (Status::Prepared | Status::Open | Status::Closed, _) => {}
            }
        }
        let admitted = self.people.join(gathering, person, earlier_token).await?;
        let Member { participant, .. } = admitted.member;
        let caller = Caller::Member(participant);
        let region = body.region.clone().filter(|name| !name.trim().is_empty());
        let region = region.map(gatherings::new_region);
        // Who is a member already stays as they are: that costs no event.
        let together = body.together_with.as_ref().map_or(0, Vec::len);
        let together = u8::try_from(together).expect("`person` let few names through");
        let command = Command::Join { participant, role, region, together };
        let joined = self.ask.command(gathering, caller, command).await;
        match joined {
            Ok(_) => {
                let joined = self.joined(admitted).await.map_err(as_wrong_code)?;
                Ok(Coming::In(Box::new(joined)))
            }
            Err(refused) => {
                if admitted.is_new && refused.is_certain() {
                    self.people.erase(admitted.member).await?;
                }
                Err(as_wrong_code(refused))
            }
        }
    }

    /// Lets somebody in again by the four words of their join.
    pub(super) async fn come_back(&self, return_code: &str) -> Result<Joined, ApiError> {
        let admitted = match self.people.come_back(return_code).await {
            Err(VaultError::Unknown) => return Err(WRONG_WORDS),
            other => other?,
        };
        let Member { gathering, participant } = admitted.member;
        let caller = Caller::Member(participant);
        match self.ask.command(gathering, caller, Command::Return { participant }).await {
            Ok(_) => self.joined(admitted).await,
            Err(ApiError::Unknown { .. }) => Err(WRONG_WORDS),
            Err(other) => Err(other),
        }
    }

    async fn joined(&self, admitted: Admitted) -> Result<Joined, ApiError> {
        let Member { gathering, participant } = admitted.member;
        let gathering = self.gathering(gathering, Caller::Member(participant)).await?;
        let own = gathering.participants.iter().find(|found| found.id == participant);
        let participant = own.cloned().ok_or(WRONG_CODE)?;
        let Admitted { token, return_code, .. } = admitted;
        Ok(Joined { token, return_code, gathering, participant })
    }

    /// Gives a gathering that is about to be opened its codes, and its first facilitator a token.
    pub(super) async fn admit_first_facilitator(
        &self,
        gathering: GatheringId,
        facilitator: ParticipantId,
        language: &str,
    ) -> Result<String, ApiError> {
        let name = match language.split('-').next() {
            Some("nl") => "Begeleider",
            Some("fr") => "Animateur·rice",
            _ => "Facilitator",
        };
        let person = Person { name: name.to_owned(), ..Person::default() };
        let (_, admitted) = self.people.create_gathering(gathering, facilitator, person).await?;
        Ok(admitted.token)
    }

    /// Gives somebody another name, in the vault first: which takes nothing back, so who may not
    /// is told so before.
    pub(super) async fn rename(
        &self,
        gathering: GatheringId,
        caller: Caller,
        participant: ParticipantId,
        name: String,
    ) -> Result<(), ApiError> {
        self.participant(gathering, caller, participant).await?;
        self.people.rename(Member { gathering, participant }, name).await?;
        self.ask.command(gathering, caller, Command::Rename { participant }).await
    }

    /// The gathering as the caller may see it, with names; codes for who conducts it.
    pub(super) async fn gathering(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<api::Gathering, ApiError> {
        let seen = self.ask.gathering(gathering, caller).await?;
        let people = self.people.people(gathering);
        let role = role_of(&seen, caller);
        let conducts = matches!(role, Some(Role::Facilitator | Role::Operator));
        let tells = tells(caller, role);
        let shown = seen.participants.iter();
        let shown = shown.map(|found| participant(&people, &seen.regions, found, &tells)).collect();
        let region = |region| {
            let port::Region { id, name } = region;
            api::Region { id, name }
        };
        let mut gathering = api::Gathering {
            id: seen.id,
            status: seen.status,
            seq: seen.seq,
            conduct: conduct::shown(seen.conduct),
            round: seen.round,
            network: seen.network,
            region: seen.region,
            participants_max: seen.participants_max,
            participants: shown,
            codes: if conducts { self.people.codes(gathering) } else { None },
            documents: seen.documents.into_iter().map(document).collect(),
            groups: seen.groups.into_iter().map(group).collect(),
            rounds: seen.rounds.into_iter().map(round).collect(),
            regions: seen.regions.into_iter().map(region).collect(),
            title: seen.title,
            date: seen.date,
            language: seen.language,
        };
        self.word_questions(&mut gathering).await;
        Ok(gathering)
    }

    /// Gives each group its question as its harvest words it now. Where the view is late or has
    /// stopped it stays what the group was formed with: nobody is kept out for it.
    async fn word_questions(&self, gathering: &mut api::Gathering) {
        let Ok(mut questions) = self.views.questions(gathering.id).await else { return };
        let of_rounds = gathering.rounds.iter_mut().flat_map(|round| &mut round.groups);
        for group in gathering.groups.iter_mut().chain(of_rounds) {
            if let Some(question) = questions.remove(&group.id) {
                group.question = question;
            }
        }
    }

    /// One participant, with the name.
    pub(super) async fn participant(
        &self,
        gathering: GatheringId,
        caller: Caller,
        who: ParticipantId,
    ) -> Result<api::Participant, ApiError> {
        let seen = self.ask.gathering(gathering, caller).await?;
        let found = seen.participants.iter().find(|found| found.id == who);
        let found = found.ok_or(ApiError::Unknown { what: "participant" })?;
        let tells = tells(caller, role_of(&seen, caller));
        Ok(participant(&self.people.people(gathering), &seen.regions, found, &tells))
    }

    /// One document, where the caller may read it.
    pub(super) async fn document(
        &self,
        gathering: GatheringId,
        caller: Caller,
        id: DocumentId,
    ) -> Result<api::Document, ApiError> {
        Ok(document(self.ask.document(gathering, caller, id).await?))
    }

    /// That the caller conducts the gathering.
    ///
    /// # Errors
    ///
    /// [`ApiError::Forbidden`] for its other members, [`ApiError::Unknown`] for strangers.
    pub(super) async fn require_facilitator(
        &self,
        gathering: GatheringId,
        caller: Caller,
    ) -> Result<(), ApiError> {
        let seen = self.ask.gathering(gathering, caller).await?;
        match role_of(&seen, caller) {
            Some(Role::Facilitator | Role::Operator) => Ok(()),
            Some(_) => Err(ApiError::Forbidden { who: "a facilitator" }),
            None => Err(ApiError::Unknown { what: "gathering" }),
        }
    }
}

/// A code is valid while its gathering is open, and in the log at all.
fn as_wrong_code(refused: ApiError) -> ApiError {
    let is_none = matches!(refused, ApiError::Conflict { .. } | ApiError::Unknown { .. });
    if is_none { WRONG_CODE } else { refused }
}

fn role_of(gathering: &port::Gathering, caller: Caller) -> Option<Role> {
    let own = match caller {
        Caller::Operator => return Some(Role::Operator),
        Caller::Member(own) => own,
    };
    gathering.participants.iter().find(|found| found.id == own).map(|found| found.role)
}

/// Of whom the caller is told if they are of the target group: of themselves, and of everybody
/// where they conduct.
fn tells(caller: Caller, role: Option<Role>) -> impl Fn(ParticipantId) -> bool {
    move |who| caller == Caller::Member(who) || role == Some(Role::Facilitator)
}

fn participant(
    people: &BTreeMap<ParticipantId, Person>,
    regions: &[port::Region],
    found: &port::Participant,
    tells: impl Fn(ParticipantId) -> bool,
) -> api::Participant {
    let person = people.get(&found.id).cloned().unwrap_or_default();
    // As the gathering calls it, so that all of a region have it alike.
    let region = regions.iter().find(|region| Some(region.id) == found.region);
    api::Participant {
        id: found.id,
        name: person.name,
        role: found.role,
        group: found.group,
        organisation: person.organisation,
        region: region.map(|region| region.name.clone()).or(person.region),
        together_with: person.together_with,
        target_group: tells(found.id).then_some(person.target_group.is_of),
        credited_as_target_group: tells(found.id).then_some(person.target_group.is_credited),
    }
}

/// A round with its groups.
pub(super) fn round(round: port::Round) -> api::Round {
    let port::Round { id, title, kind, status, groups } = round;
    api::Round { id, title, kind, status, groups: groups.into_iter().map(group).collect() }
}

/// A group with its documents.
pub(super) fn group(group: port::Group) -> api::Group {
    let port::Group { id, name, question, seats, table, theme, members, documents } = group;
    let documents = documents.into_iter().map(document).collect();
    api::Group { id, name, question, seats, table, theme, members, documents }
}

fn document(document: port::Document) -> api::Document {
    let port::Document { id, kind, title, frozen, owner, writable } = document;
    api::Document { id, url: id.url(), kind, title, frozen, owner: owner.into(), writable }
}

fn person(body: &Join) -> Result<Person, ApiError> {
    let optional = |field, text: &Option<String>| match text {
        Some(text) if !text.trim().is_empty() => name_like(field, text).map(Some),
        Some(_) | None => Ok(None),
    };
    let together = body.together_with.as_deref().unwrap_or_default();
    if together.len() > TOGETHER_MAX {
        let detail = format!("`together_with` holds at most {TOGETHER_MAX} names");
        return Err(ApiError::invalid(detail));
    }
    let together_with = together.iter().map(|name| name_like("together_with", name));
    Ok(Person {
        name: name_like("name", &body.name)?,
        organisation: optional("organisation", &body.organisation)?,
        region: optional("region", &body.region)?,
        language: body.language.as_deref().map(language).transpose()?,
        together_with: together_with.collect::<Result<_, _>>()?,
        target_group: TargetGroup::default(),
    })
}

/// A name as people type it, without the blanks around it.
pub(super) fn name_like(field: &'static str, text: &str) -> Result<String, ApiError> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > NAME_CHARACTERS_MAX || text.chars().any(char::is_control) {
        return Err(ApiError::invalid(format!(
            "`{field}` must hold 1 to {NAME_CHARACTERS_MAX} characters on one line; this has \
             {length}"
        )));
    }
    Ok(text.to_owned())
}

fn language(tag: &str) -> Result<String, ApiError> {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if tag.len() > LANGUAGE_CHARACTERS_MAX || !tag.split('-').all(part) {
        return Err(ApiError::invalid("`language` must be a tag of BCP 47, as nl-BE"));
    }
    Ok(tag.to_owned())
}

impl From<VaultError> for ApiError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Unknown => Self::Unknown { what: "participant" },
            VaultError::Full { most } => Refusal::Full { what: "participants", most }.into(),
            VaultError::Unmarkable { why } => {
                Self::Conflict { detail: why.to_owned(), reason: None }
            }
            VaultError::Stopping => Self::Stopping,
            other @ (VaultError::Known { .. }
            | VaultError::Damaged { .. }
            | VaultError::Newer { .. }
            | VaultError::Stranger { .. }
            | VaultError::Io { .. }) => Self::ours(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_one_to_eighty_characters() {
        assert_eq!(name_like("name", "  Åsa Öberg ").unwrap(), "Åsa Öberg");
        assert!(name_like("name", &"é".repeat(80)).is_ok());
        for wrong in ["", "   ", "a\nb", &"é".repeat(81)] {
            let refused = name_like("name", wrong).unwrap_err().to_string();
            assert!(refused.starts_with("`name` must hold 1 to 80"), "{refused}");
        }
    }

    #[test]
    fn a_language_is_a_tag() {
        assert!(["nl", "nl-BE", "zh-Hant-TW"].iter().all(|tag| language(tag).is_ok()));
        assert!(["", "nl_BE", "nl-", "a b", "abcdefghi"].iter().all(|tag| language(tag).is_err()));
    }
}
