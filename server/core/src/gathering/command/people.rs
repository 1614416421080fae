//! Who comes in, who goes where, who leaves.

use oogst_protocol::event::{Act, By, Role, Status};
use oogst_protocol::ids::{GroupId, ParticipantId, RegionId};
use oogst_protocol::limits::{NAME_CHARACTERS_MAX, PARTICIPANTS_MAX, PLACES_MAX, REGIONS_MAX};
use oogst_protocol::time::Timestamp;

use super::{Acts, Fold, check_text, conducts, invalid, unless};
use crate::gathering::people::Participant;
use crate::port::{Hindrance, NewRegion, Refusal};

impl Fold {
    pub(super) fn join(
        &self,
        now: Timestamp,
        participant: ParticipantId,
        role: Role,
        region: Option<&NewRegion>,
        together: u8,
    ) -> Result<Acts, Refusal> {
        if self.status() == Some(Status::Closed) {
            let why = Hindrance::GatheringClosed;
            return Err(Refusal::Conflict { why });
        }
        if self.gone.contains(&participant) {
            let why = Hindrance::ParticipantGone;
            return Err(Refusal::Conflict { why });
        }
        if self.participants.contains_key(&participant) {
            return Ok(Acts::new());
        }
        if self.participants.len() + self.gone.len() >= PARTICIPANTS_MAX {
            return Err(Refusal::Full { what: "participants", most: PARTICIPANTS_MAX });
        }
        match role {
            Role::Guest => self.check_guests_are_in(now)?,
            Role::Observer | Role::Participant | Role::Facilitator => {}
            Role::CoreGroup | Role::Operator => {
                let why = "no code makes somebody core group or operator: promote them";
                return Err(invalid(why));
            }
        }
        self.check_has_place_for(&Participant::new(role, None, together))?;
        let mut acts = Acts::new();
        let region = region.map(|region| self.place_in_region(region, &mut acts)).transpose()?;
        let region = region.flatten();
        let together = Some(together).filter(|others| *others > 0);
        acts.push(Act::ParticipantJoined { participant, role, region, together });
        if role == Role::Guest {
            acts.extend(self.guest_place(participant));
        }
        Ok(acts)
    }

    /// That everybody on a device that comes in has a place, or needs none.
    fn check_has_place_for(&self, comes: &Participant) -> Result<(), Refusal> {
        let most = self.about.as_ref().and_then(|about| about.participants_max);
        let Some(most) = most.map(usize::from) else { return Ok(()) };
        let taken: usize = self.participants.values().map(Participant::places).sum();
        let wanted = comes.places();
        if wanted == 0 || taken + wanted <= most {
            return Ok(());
        }
        Err(Refusal::NoPlace { most, taken, wanted })
    }

    /// Bounds how many take part, or takes the bound away. Who takes part already stays, also
    /// where that is more.
    pub(super) fn bound_participants(
        &self,
        by: By,
        participants_max: Option<u16>,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        let already = self.about.as_ref().map(|about| about.participants_max);
        Ok(unless(already == Some(participants_max), bounded(participants_max)?))
    }

    /// The region of that name, which is named now where nobody did before. Nobody is kept out
    /// because too many regions were named already: they come in without one.
    fn place_in_region(
        &self,
        region: &NewRegion,
        acts: &mut Acts,
    ) -> Result<Option<RegionId>, Refusal> {
        if let Some(known) = self.region_called(&region.name) {
            return Ok(Some(known));
        }
        if self.regions.len() >= REGIONS_MAX {
            return Ok(None);
        }
        let named = name_region(region)?;
        acts.push(named);
        Ok(Some(region.region))
    }

    /// To a group of the running round, or to none; a facilitator also places people in a round
    /// that is planned, and at a table that is full.
    pub(super) fn judge_move(
        &self,
        by: By,
        participant: ParticipantId,
        group: Option<GroupId>,
    ) -> Result<Acts, Refusal> {
        self.check_acts_for(by, participant)?;
        let member = &self.participants[&participant];
        let Some(group) = group else {
            let already = member.group(&self.rounds).is_none();
            return Ok(unless(already, Act::ParticipantMoved { participant, group, round: None }));
        };
        let formed = self.rounds.group(group).ok_or(Refusal::Unknown { what: "group" })?;
        let conducts = conducts(by).is_ok();
        let is_running = self.rounds.running() == Some(formed.round);
        if !is_running && self.rounds.was_opened(formed.round) {
            let why = Hindrance::GroupOver;
            return Err(Refusal::Conflict { why });
        }
        if !is_running && !conducts {
            let why = Hindrance::GroupPlanned;
            return Err(Refusal::Conflict { why });
        }
        if member.groups.get(&formed.round) == Some(&group) {
            return Ok(Acts::new());
        }
        let taken = self.seated_in(group);
        if !conducts && formed.seats.is_some_and(|seats| taken >= usize::from(seats)) {
            let why = Hindrance::GroupFull;
            return Err(Refusal::Conflict { why });
        }
        let group = Some(group);
        Ok(vec![Act::ParticipantMoved { participant, group, round: None }])
    }

    fn seated_in(&self, group: GroupId) -> usize {
        let Some(round) = self.rounds.group(group).map(|group| group.round) else { return 0 };
        let people = self.participants.values();
        people.filter(|participant| participant.groups.get(&round) == Some(&group)).count()
    }

    pub(super) fn promote(
        &self,
        by: By,
        participant: ParticipantId,
        role: Role,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        // Also a guest whose time is over; and beyond the gathering's bound: who conducts it knows
        // how many chairs there are.
        let now = self.participants.get(&participant).map(|participant| participant.role);
        let now = now.ok_or(Refusal::Unknown { what: "participant" })?;
        if role == Role::Operator {
            return Err(invalid("the operator is no member: promote to another role"));
        }
        Ok(unless(now == role, Act::ParticipantPromoted { participant, role }))
    }

    pub(super) fn remove(&self, by: By, participant: ParticipantId) -> Result<Acts, Refusal> {
        conducts(by)?;
        if self.gone.contains(&participant) {
            return Ok(Acts::new());
        }
        if !self.participants.contains_key(&participant) {
            return Err(Refusal::Unknown { what: "participant" });
        }
        Ok(vec![Act::ParticipantRemoved { participant }])
    }

    pub(super) fn leave(&self, by: By, participant: ParticipantId) -> Result<Acts, Refusal> {
        if by.participant != Some(participant) {
            return Err(Refusal::Forbidden { who: "the participant" });
        }
        Ok(vec![Act::ParticipantLeft { participant }])
    }

    /// The region that goes by a name, whatever its capitals.
    pub(super) fn region_called(&self, name: &str) -> Option<RegionId> {
        let wanted = name.trim().to_lowercase();
        let found = self.regions.iter().find(|region| region.name.to_lowercase() == wanted);
        found.map(|region| region.id)
    }
}

/// A bound on how many take part.
pub(super) fn bounded(participants_max: Option<u16>) -> Result<Act, Refusal> {
    if participants_max.is_some_and(|most| !(1..=PLACES_MAX).contains(&most)) {
        let why = format!("`participants_max` is 1 to {PLACES_MAX}, or null for any number");
        return Err(Refusal::Invalid { why });
    }
    Ok(Act::ParticipantsBounded { participants_max })
}

/// Names a region, as it was typed but for the blanks around it.
pub(super) fn name_region(region: &NewRegion) -> Result<Act, Refusal> {
    let name = region.name.trim().to_owned();
    check_text("a region's name", &name, 1, NAME_CHARACTERS_MAX)?;
    Ok(Act::RegionNamed { region: region.region, name })
}

#[cfg(test)]
mod tests {
    use super::super::stage::{FACILITATOR, Stage, person};
    use super::*;
    use crate::port::{Answer, Caller, Command, Question};

    fn bound(stage: &mut Stage, caller: Caller, most: Option<u16>) -> Result<usize, Refusal> {
        let command = Command::BoundParticipants { participants_max: most };
        Ok(stage.tell(caller, command)?.len())
    }

    fn comes(stage: &mut Stage, number: u128, role: Role, together: u8) -> Result<Acts, Refusal> {
        let participant = person(number);
        let command = Command::Join { participant, role, region: None, together };
        stage.tell(Caller::Member(participant), command)
    }

    #[test]
    fn who_takes_part_takes_a_place_and_everybody_on_their_device_too() {
        let mut stage = Stage::open(0);
        assert_eq!(bound(&mut stage, FACILITATOR, Some(3)), Ok(1));
        assert_eq!(bound(&mut stage, FACILITATOR, Some(3)), Ok(0), "it is so already");
        comes(&mut stage, 10, Role::Participant, 1).unwrap();
        let full = |taken, wanted| Err(Refusal::NoPlace { most: 3, taken, wanted });
        assert_eq!(comes(&mut stage, 11, Role::Participant, 1), full(2, 2), "one place for two");
        for (number, role) in [(12, Role::Observer), (13, Role::Facilitator)] {
            comes(&mut stage, number, role, 5).unwrap();
        }
        comes(&mut stage, 14, Role::Participant, 0).unwrap();
        assert_eq!(comes(&mut stage, 15, Role::Participant, 0), full(3, 1));
        assert_eq!(comes(&mut stage, 10, Role::Participant, 1), Ok(vec![]), "is here already");

        // A facilitator may let in more; who leaves gives all their places back.
        let role = Role::CoreGroup;
        for participant in [person(14), person(12)] {
            stage.tell(FACILITATOR, Command::Promote { participant, role }).unwrap();
        }
        assert_eq!(comes(&mut stage, 15, Role::Participant, 0), full(9, 1));
        let leaver = Caller::Member(person(12));
        stage.tell(leaver, Command::Leave { participant: person(12) }).unwrap();
        assert_eq!(comes(&mut stage, 15, Role::Participant, 0), full(3, 1));
        let (participant, role) = (person(10), Role::Observer);
        stage.tell(FACILITATOR, Command::Promote { participant, role }).unwrap();
        comes(&mut stage, 15, Role::Participant, 1).unwrap();
    }

    #[test]
    fn a_bound_is_the_facilitators_and_within_its_own_bounds() {
        let mut stage = Stage::open(0);
        let an = stage.join(Role::Participant).unwrap();
        assert_eq!(bound(&mut stage, an, Some(1)), Err(super::super::FACILITATOR));
        for wrong in [0, PLACES_MAX + 1] {
            let refused = bound(&mut stage, FACILITATOR, Some(wrong));
            assert!(matches!(refused, Err(Refusal::Invalid { .. })), "{refused:?}");
        }
        let seen = |stage: &Stage| match stage.ask(an, Question::Gathering) {
            Ok(Answer::Gathering(seen)) => seen.participants_max,
            other => panic!("{other:?}"),
        };
        for most in [Some(PLACES_MAX), Some(1), None] {
            assert_eq!(bound(&mut stage, FACILITATOR, most), Ok(1));
            assert_eq!(seen(&stage), most);
        }
        stage.join(Role::Participant).unwrap();
    }
}
