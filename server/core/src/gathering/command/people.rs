//! Who comes in, who goes where, who leaves.

use oogst_protocol::event::{Act, By, Role, Status};
use oogst_protocol::ids::{GroupId, ParticipantId, RegionId};
use oogst_protocol::limits::{NAME_CHARACTERS_MAX, PARTICIPANTS_MAX, REGIONS_MAX};
use oogst_protocol::time::Timestamp;

use super::{Acts, Fold, check_text, conducts, invalid, unless};
use crate::port::{NewRegion, Refusal};

impl Fold {
    pub(super) fn join(
        &self,
        now: Timestamp,
        participant: ParticipantId,
        role: Role,
        region: Option<&NewRegion>,
    ) -> Result<Acts, Refusal> {
        if self.status() == Some(Status::Closed) {
            let why = "the gathering is closed: its facilitator can open it again";
            return Err(Refusal::Conflict { why });
        }
        if self.gone.contains(&participant) {
            let why = "this participant was removed, or left: join anew";
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
        let mut acts = Acts::new();
        let region = region.map(|region| self.place_in_region(region, &mut acts)).transpose()?;
        acts.push(Act::ParticipantJoined { participant, role, region: region.flatten() });
        if role == Role::Guest {
            acts.extend(self.guest_place(participant));
        }
        Ok(acts)
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
            let why = "this group's round is over: move to a group of the running round";
            return Err(Refusal::Conflict { why });
        }
        if !is_running && !conducts {
            let why = "this group's round has not begun: a facilitator can place you";
            return Err(Refusal::Conflict { why });
        }
        if member.groups.get(&formed.round) == Some(&group) {
            return Ok(Acts::new());
        }
        let taken = self.seated_in(group);
        if !conducts && formed.seats.is_some_and(|seats| taken >= usize::from(seats)) {
            let why = "this group is full: take another, or let a facilitator place you";
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
        // Also a guest whose time is over.
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

/// Names a region, as it was typed but for the blanks around it.
pub(super) fn name_region(region: &NewRegion) -> Result<Act, Refusal> {
    let name = region.name.trim().to_owned();
    check_text("a region's name", &name, 1, NAME_CHARACTERS_MAX)?;
    Ok(Act::RegionNamed { region: region.region, name })
}
