//! Commands of whoever conducts the day: blocks, clocks, the spotlight, guests.

use oogst_protocol::event::{self, Act, By, Role, Spotlight, Status, TimerScope};
use oogst_protocol::ids::{DocumentId, GroupId, ItemId, ParticipantId};
use oogst_protocol::time::Timestamp;

use super::{Acts, Fold, conducts, invalid};
use crate::gathering::conduct::{BLOCKS_MAX, TIMERS_MAX};
use crate::gathering::people::Participant;
use crate::port::{Conducting, Guests, Hindrance, Refusal};

/// Longest that a clock runs, in seconds: a day.
const TIMER_SECONDS_MAX: u32 = 24 * 60 * 60;

/// Furthest that a block is put later or earlier, in minutes: a day.
const SHIFT_MINUTES_MAX: i32 = 24 * 60;

impl Fold {
    /// Judges an act of the day's conduct.
    pub(super) fn conducted(
        &self,
        now: Timestamp,
        by: By,
        asked: Conducting,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        match asked {
            // Whoever has to go, goes from a closed gathering too.
            Conducting::DismissGuests => return Ok(self.dismiss_guests()),
            Conducting::StartBlock { .. }
            | Conducting::EndBlock { .. }
            | Conducting::ShiftBlock { .. }
            | Conducting::StartTimer { .. }
            | Conducting::StopTimer { .. }
            | Conducting::SetSpotlight { .. }
            | Conducting::AnnounceGuests { .. }
            | Conducting::AdmitGuests { .. } => self.goes_on()?,
        }
        match asked {
            Conducting::StartBlock { block } => self.start_block(block),
            Conducting::EndBlock { block } => self.end_block(block),
            Conducting::ShiftBlock { block, minutes } => self.shift_block(block, minutes),
            Conducting::StartTimer { scope, seconds } => self.start_timer(now, by, scope, seconds),
            Conducting::StopTimer { scope } => {
                let runs = self.conduct.timers.contains_key(&scope);
                let stopped = event::Conduct::TimerStopped { scope };
                Ok(runs.then_some(Act::Conducted(stopped)).into_iter().collect())
            }
            Conducting::SetSpotlight { spotlight } => self.set_spotlight(by, spotlight),
            Conducting::AnnounceGuests { starts } => self.announce_guests(starts),
            Conducting::AdmitGuests { until } => self.admit_guests(now, until),
            Conducting::DismissGuests => unreachable!("judged above"),
        }
    }

    /// That the gathering is not closed.
    pub(super) fn goes_on(&self) -> Result<(), Refusal> {
        match self.status() {
            Some(Status::Prepared | Status::Open) => Ok(()),
            Some(Status::Closed) | None => {
                let why = Hindrance::GatheringClosed;
                Err(Refusal::Conflict { why })
            }
        }
    }

    fn start_block(&self, block: ItemId) -> Result<Acts, Refusal> {
        let running = self.conduct.running;
        if running == Some(block) {
            return Ok(Acts::new());
        }
        self.has_room_for(block)?;
        let ended = running.map(|block| event::Conduct::BlockEnded { block });
        let started = event::Conduct::BlockStarted { block };
        Ok(ended.into_iter().chain([started]).map(Act::Conducted).collect())
    }

    fn end_block(&self, block: ItemId) -> Result<Acts, Refusal> {
        if self.conduct.running == Some(block) {
            return Ok(vec![Act::Conducted(event::Conduct::BlockEnded { block })]);
        }
        match self.conduct.blocks.get(&block) {
            Some(known) if known.started.is_some() => Ok(Acts::new()),
            Some(_) | None => Err(Refusal::Conflict { why: Hindrance::BlockNotBegun }),
        }
    }

    fn shift_block(&self, block: ItemId, minutes: i32) -> Result<Acts, Refusal> {
        if !(-SHIFT_MINUTES_MAX..=SHIFT_MINUTES_MAX).contains(&minutes) {
            let why = format!("a block is shifted by at most {SHIFT_MINUTES_MAX} minutes in all");
            return Err(Refusal::Invalid { why });
        }
        let before = self.conduct.blocks.get(&block).map_or(0, |known| known.shifted_minutes);
        if minutes == before {
            return Ok(Acts::new());
        }
        self.has_room_for(block)?;
        let minutes = minutes - before;
        Ok(vec![Act::Conducted(event::Conduct::BlockShifted { block, minutes })])
    }

    /// Whether the programme has such a block is its document's business, which nothing here
    /// reads; it is enough that no client can make this list grow without end.
    fn has_room_for(&self, block: ItemId) -> Result<(), Refusal> {
        let blocks = &self.conduct.blocks;
        if blocks.contains_key(&block) || blocks.len() < BLOCKS_MAX {
            return Ok(());
        }
        Err(Refusal::Full { what: "blocks that were started or shifted", most: BLOCKS_MAX })
    }

    fn start_timer(
        &self,
        now: Timestamp,
        by: By,
        scope: TimerScope,
        seconds: u32,
    ) -> Result<Acts, Refusal> {
        if !(1..=TIMER_SECONDS_MAX).contains(&seconds) {
            let why = format!("a clock runs for 1 to {TIMER_SECONDS_MAX} seconds");
            return Err(Refusal::Invalid { why });
        }
        match scope {
            TimerScope::Gathering => {}
            TimerScope::Group(group) => self.knows_group(group)?,
            TimerScope::Document(document) => self.may_point_at(by, document)?,
        }
        let timers = &self.conduct.timers;
        match timers.get(&scope) {
            // A request that was sent twice; whoever wants it from the start stops it first.
            Some(timer) if timer.seconds == seconds && timer.runs(now) => return Ok(Acts::new()),
            None if timers.len() >= TIMERS_MAX => {
                return Err(Refusal::Full { what: "clocks: stop one first", most: TIMERS_MAX });
            }
            Some(_) | None => {}
        }
        Ok(vec![Act::Conducted(event::Conduct::TimerStarted { scope, seconds })])
    }

    fn set_spotlight(&self, by: By, spotlight: Option<Spotlight>) -> Result<Acts, Refusal> {
        match spotlight {
            None => {}
            Some(Spotlight::Group(group)) => self.knows_group(group)?,
            Some(Spotlight::Round(round)) => {
                let known = self.rounds.round(round).is_some();
                known.then_some(()).ok_or(Refusal::Unknown { what: "round" })?;
            }
            Some(Spotlight::Item { document, .. }) => self.may_point_at(by, document)?,
        }
        let already = self.conduct.spotlight == spotlight;
        let set = Act::Conducted(event::Conduct::SpotlightSet { spotlight });
        Ok(if already { Acts::new() } else { vec![set] })
    }

    fn knows_group(&self, group: GroupId) -> Result<(), Refusal> {
        self.rounds.group(group).map(|_| ()).ok_or(Refusal::Unknown { what: "group" })
    }

    /// That whoever conducts may read the document that they make others look at.
    fn may_point_at(&self, by: By, document: DocumentId) -> Result<(), Refusal> {
        self.reads(by, document).then_some(()).ok_or(Refusal::Unknown { what: "document" })
    }

    fn announce_guests(&self, starts: Timestamp) -> Result<Acts, Refusal> {
        match self.conduct.guests {
            Guests::Expected { starts: Some(announced) } if announced == starts => Ok(Acts::new()),
            Guests::Admitted { .. } => Err(Refusal::Conflict { why: Hindrance::GuestsIn }),
            Guests::Expected { .. } | Guests::Dismissed => {
                Ok(vec![Act::Conducted(event::Conduct::GuestsAnnounced { starts })])
            }
        }
    }

    /// Lets guests in, and gives every guest who has none a group of the running round: also when
    /// it is repeated after another round was opened.
    fn admit_guests(&self, now: Timestamp, until: Option<Timestamp>) -> Result<Acts, Refusal> {
        if until.is_some_and(|until| until <= now) {
            return Err(invalid("guests are let in until a moment that is still to come"));
        }
        let mut acts = Acts::new();
        if self.conduct.guests != (Guests::Admitted { until }) {
            acts.push(Act::Conducted(event::Conduct::GuestsAdmitted { until }));
        }
        let mut seating = Seating::of(self);
        let guests = self.participants.iter().filter(|(_, who)| who.role == Role::Guest);
        let unplaced = guests.filter(|(_, guest)| guest.group(&self.rounds).is_none());
        acts.extend(unplaced.filter_map(|(guest, _)| seating.place(*guest)));
        Ok(acts)
    }

    fn dismiss_guests(&self) -> Acts {
        match self.conduct.guests {
            Guests::Dismissed => Acts::new(),
            Guests::Expected { .. } | Guests::Admitted { .. } => {
                vec![Act::Conducted(event::Conduct::GuestsDismissed)]
            }
        }
    }

    /// Where a guest who comes in now sits, if a round runs.
    pub(super) fn guest_place(&self, participant: ParticipantId) -> Option<Act> {
        Seating::of(self).place(participant)
    }

    /// That guests are let in now.
    ///
    /// # Errors
    ///
    /// [`Refusal::Conflict`] before that, and after their time.
    pub(super) fn check_guests_are_in(&self, now: Timestamp) -> Result<(), Refusal> {
        let guests = self.conduct.guests;
        match guests {
            Guests::Admitted { .. } if !guests.is_over(now) => Ok(()),
            Guests::Admitted { .. } | Guests::Dismissed => {
                Err(Refusal::Conflict { why: Hindrance::GuestsOver })
            }
            Guests::Expected { .. } => Err(Refusal::Conflict { why: Hindrance::GuestsEarly }),
        }
    }
}

/// The running round's groups and who sits there, for placing guests.
struct Seating(Vec<Table>);

struct Table {
    group: GroupId,
    guests: usize,
    members: usize,
}

impl Seating {
    fn of(fold: &Fold) -> Self {
        let round = fold.rounds.running();
        let groups = round.into_iter().flat_map(|round| fold.rounds.groups_of(round));
        let people = fold.participants.iter().filter(|(who, _)| !fold.is_dismissed(**who));
        let table = |group: GroupId| {
            let is_there = |who: &Participant| who.group(&fold.rounds) == Some(group);
            let there = people.clone().map(|(_, who)| who).filter(|who| is_there(who));
            let guests = there.clone().filter(|who| who.role == Role::Guest).count();
            Table { group, guests, members: there.count() }
        };
        Self(groups.map(|group| table(group.id)).collect())
    }

    /// The next guest's group: where the fewest guests are; of those, where the fewest people
    /// are; of those, the one that was formed first.
    fn place(&mut self, participant: ParticipantId) -> Option<Act> {
        let table = self.0.iter_mut().min_by_key(|table| (table.guests, table.members))?;
        table.guests += 1;
        table.members += 1;
        let group = Some(table.group);
        Some(Act::ParticipantMoved { participant, group, round: None })
    }
}

#[cfg(test)]
mod tests;
