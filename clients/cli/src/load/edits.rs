//! `oogst load edits`: people write, and everybody at their table gets it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use clap::Args;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::spawn_local;
use tokio::time::{Duration, Instant, sleep, sleep_until};

use super::full::Full;
use super::note::Ground;
use super::participant::{Pace, Participant, Run, Table, sit_together};
use super::tally::{Quantiles, Tally};
use super::target::Seat;
use super::usage::{Usage, Watched};
use super::{Failure, LoadError, Room, positive};
use crate::chance::Chance;

/// How often is looked whether all is over.
const LOOK: Duration = Duration::from_millis(20);

/// From the last line that opened to the first edit.
const BREATH: Duration = Duration::from_millis(200);

/// People who write.
#[derive(Debug, Args)]
pub(super) struct Edits {
    /// Edits a second of each writer [default: the next comes once the last is acknowledged]
    #[arg(long, value_name = "EDITS", value_parser = positive)]
    rate: Option<f64>,
    /// How many at each document write; the others only read [default: all]
    #[arg(long, value_name = "NUMBER")]
    writers: Option<usize>,
    /// How long is measured.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = positive)]
    seconds: f64,
    /// How long people write before anything is measured.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0, value_parser = positive)]
    warm_up_seconds: f64,
    /// How long the last edits may take to reach everybody.
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0, value_parser = positive)]
    patience_seconds: f64,
    /// How long an insight gets before its writer begins the next, an edit a character.
    #[arg(long, value_name = "CHARACTERS", default_value_t = 40)]
    characters: usize,
    /// What chance begins with: the same number, the same moments.
    #[arg(long, value_name = "NUMBER", default_value_t = 2023)]
    seed: u64,
    #[command(flatten)]
    room: Room,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) groups: usize,
    pub(super) participants: usize,
    pub(super) writers: usize,
    pub(super) edits_per_second: f64,
    pub(super) deliveries_per_second: f64,
    pub(super) acknowledged: Quantiles,
    pub(super) peer: Quantiles,
    /// From the last edit until everybody had everything, in seconds.
    pub(super) level_after_seconds: f64,
    /// Edits that somebody never got, or that a fresh client did not find at the server.
    pub(super) missing: usize,
    /// Lines that broke and were opened again.
    pub(super) returns: u32,
    pub(super) generator: Option<Usage>,
    pub(super) server: Option<Usage>,
}

impl Edits {
    pub(super) const fn is_json(&self) -> bool {
        self.room.setting.json
    }

    /// # Errors
    ///
    /// Why it could not be measured; that something is missing is an outcome.
    pub(super) async fn run(&self) -> Result<Outcome, Failure> {
        let seats = self.room.seats().await?;
        let (tables, people) = self.sat(&seats).await?;
        let start = Instant::now() + BREATH;
        let begin = start + Duration::from_secs_f64(self.warm_up_seconds);
        let tally = Tally::new(begin, Duration::from_secs_f64(self.seconds));
        let (end, tally) = (tally.end(), Rc::new(RefCell::new(tally)));
        let (over, is_over) = watch::channel(false);
        let returns = Rc::new(Cell::new(0));
        let run = Run {
            tally: Rc::clone(&tally),
            start,
            characters: self.characters,
            returns: Rc::clone(&returns),
            over: is_over,
        };
        let mut chance = Chance::of(self.seed, "pace");
        let tasks: Vec<_> = people
            .into_iter()
            .map(|(participant, ground, writes)| {
                let pace = if writes { self.pace(&mut chance) } else { Pace::Reads };
                spawn_local(participant.take_part(ground, pace, run.clone()))
            })
            .collect();

        sleep_until(begin).await;
        let (ours, theirs) = (Watched::ourselves(), self.room.setting.watched());
        sleep_until(end).await;
        let (generator, server) = (ours.usage(), theirs.and_then(|watched| watched.usage()));
        let patience = Duration::from_secs_f64(self.patience_seconds);
        let ended = |tasks: &[tokio::task::JoinHandle<_>]| tasks.iter().any(|t| t.is_finished());
        while !tables.iter().all(|table| table.is_level())
            && end.elapsed() < patience
            && !ended(&tasks)
        {
            sleep(LOOK).await;
        }
        let level_after_seconds = end.elapsed().as_secs_f64();
        over.send_replace(true);
        for task in tasks {
            task.await.map_err(|error| LoadError::Content(error.to_string()))??;
        }
        let mut missing = tables.iter().map(|table| table.missing()).sum();
        for (table, group) in tables.iter().zip(&seats) {
            missing += lost(table, group).await?;
        }
        let tally = tally.borrow();
        let per_second = |count: u64| count as f64 / self.seconds;
        Ok(Outcome {
            groups: seats.len(),
            participants: seats.iter().map(Vec::len).sum(),
            writers: seats.iter().map(|g| self.writers.unwrap_or(g.len()).min(g.len())).sum(),
            edits_per_second: per_second(tally.saved),
            deliveries_per_second: per_second(tally.deliveries),
            acknowledged: tally.until_saved.quantiles(),
            peer: tally.until_peer.quantiles(),
            level_after_seconds,
            missing,
            returns: returns.get(),
            generator,
            server,
        })
    }

    /// Seats everybody, with what they write on and whether they do.
    async fn sat(
        &self,
        seats: &[Vec<Seat>],
    ) -> Result<(Vec<Rc<Table>>, Vec<(Participant, Ground, bool)>), LoadError> {
        let (mut tables, mut people) = (Vec::new(), Vec::new());
        for group in seats {
            let Some(first) = group.first() else { continue };
            let ground = Ground::of(Full::fetch(first).await?.0.document())?;
            let (table, seated) = sit_together(group).await?;
            let writes = |place: usize| self.writers.is_none_or(|writers| place < writers);
            people.extend(
                seated
                    .into_iter()
                    .enumerate()
                    .map(|(place, participant)| (participant, ground.clone(), writes(place))),
            );
            tables.push(table);
        }
        Ok((tables, people))
    }

    /// Everybody begins at another moment within their first interval.
    fn pace(&self, chance: &mut Chance) -> Pace {
        match self.rate {
            None => Pace::ClosedLoop,
            Some(rate) => {
                let each = Duration::from_secs_f64(1.0 / rate);
                let first = each.mul_f64(chance.fraction());
                Pace::Every { first, each }
            }
        }
    }
}

/// How many changes that were made here a fresh client with a whole document does not find.
async fn lost(table: &Table, group: &[Seat]) -> Result<usize, LoadError> {
    let Some(seat) = group.first() else { return Ok(0) };
    let made: BTreeSet<_> = table.history.borrow().all().collect();
    Ok(Full::fetch(seat).await?.0.lacks(&made))
}
