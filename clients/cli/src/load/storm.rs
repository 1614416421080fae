//! `oogst load storm`: everybody's line breaks at once, as when a venue's Wi-Fi restarts, and all
//! come back at the same moment.

use std::rc::Rc;

use clap::Args;
use futures_util::future::join_all;
use serde::Serialize;
use tokio::time::Instant;

use super::full::Full;
use super::note::{Author, Ground};
use super::participant::{Participant, Table};
use super::tally::{Quantiles, Times};
use super::usage::{Usage, Watched};
use super::{Failure, Room};

/// Everybody comes back.
#[derive(Debug, Args)]
pub(super) struct Storm {
    /// How often all lines break.
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    storms: usize,
    /// How many edits each document has by then.
    #[arg(long, value_name = "EDITS", default_value_t = 2_000)]
    edits: usize,
    #[command(flatten)]
    room: Room,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) participants: usize,
    pub(super) storms: usize,
    pub(super) back: Quantiles,
    /// Edits that somebody did not have after the last storm.
    pub(super) missing: usize,
    pub(super) generator: Option<Usage>,
    pub(super) server: Option<Usage>,
}

/// How long an insight gets.
const CHARACTERS: usize = 40;

impl Storm {
    pub(super) const fn is_json(&self) -> bool {
        self.room.setting.json
    }

    /// # Errors
    ///
    /// Why it could not be measured: somebody who does not come back at all is one.
    pub(super) async fn run(&self) -> Result<Outcome, Failure> {
        let seats = self.room.seats().await?;
        let (mut people, mut tables) = (Vec::new(), Vec::new());
        for group in &seats {
            let Some(first) = group.first() else { continue };
            let table = Rc::new(Table::default());
            let ground = Ground::of(Full::fetch(first).await?.0.document())?;
            let mut author = Author::new(first.participant, ground, CHARACTERS);
            let mut writer = Participant::sit(first.clone(), Rc::clone(&table)).await?;
            writer.write_at_once(&mut author, self.edits).await?;
            people.push(writer);
            for seat in &group[1..] {
                people.push(Participant::sit(seat.clone(), Rc::clone(&table)).await?);
            }
            tables.push(table);
        }
        let (ours, theirs) = (Watched::ourselves(), self.room.setting.watched());
        let mut back = Times::new();
        for _ in 0..self.storms {
            people.iter_mut().for_each(Participant::lose);
            let begun = Instant::now();
            let returns = people.iter_mut().map(|participant| async {
                participant.come_back().await?;
                Ok::<_, Failure>(begun.elapsed())
            });
            for took in join_all(returns).await {
                back.add(took?);
            }
        }
        Ok(Outcome {
            participants: people.len(),
            storms: self.storms,
            back: back.quantiles(),
            missing: tables.iter().map(|table| table.missing()).sum(),
            generator: ours.usage(),
            server: theirs.and_then(|watched| watched.usage()),
        })
    }
}
