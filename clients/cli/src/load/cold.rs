//! `oogst load cold`: a document with a long history is joined with nothing of it at hand.

use std::collections::BTreeSet;
use std::rc::Rc;

use clap::Args;
use serde::Serialize;
use tokio::time::{Duration, sleep};

use super::full::Full;
use super::note::{Author, Ground};
use super::participant::{Participant, Table};
use super::tally::{Quantiles, Times};
use super::usage::{Usage, Watched};
use super::{Failure, LoadError, Setting};

/// Edits that are written in one message.
const BATCH_EDITS: usize = 500;

/// How long the server is left alone after the writing, and after the first join: what it does with
/// edits once they are acknowledged is no part of a join, and what the first join makes it do is.
const REST: Duration = Duration::from_secs(2);

/// Who writes, and somebody who joins.
const PEOPLE: usize = 2;

/// Cold joins.
#[derive(Debug, Args)]
pub(super) struct Cold {
    /// How many edits the document has.
    #[arg(long, value_name = "EDITS", default_value_t = 10_000)]
    edits: usize,
    /// How often it is joined, one after the other.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    joins: usize,
    /// How long an insight gets before the next begins, an edit a character.
    #[arg(long, value_name = "CHARACTERS", default_value_t = 40)]
    characters: usize,
    #[command(flatten)]
    setting: Setting,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) edits: usize,
    pub(super) joins: usize,
    /// Of messages to one who joins.
    pub(super) bytes: u64,
    pub(super) whole: Quantiles,
    pub(super) answer: Quantiles,
    /// Of the first join, and what it made the server do.
    pub(super) server_cpu_seconds_of_first: Option<f64>,
    /// Of each join after it; `None` where there is none.
    pub(super) server_cpu_seconds_per_join: Option<f64>,
    pub(super) server: Option<Usage>,
    /// Edits that the last who joined did not get.
    pub(super) missing: usize,
}

impl Cold {
    pub(super) const fn is_json(&self) -> bool {
        self.setting.json
    }

    /// # Errors
    ///
    /// Why it could not be measured.
    pub(super) async fn run(&self) -> Result<Outcome, Failure> {
        if self.joins == 0 {
            let what = "a document is joined at least once: --joins 10 would be right";
            return Err(Failure::Usage(what.to_owned()));
        }
        let seats = self.setting.target.seats((1, PEOPLE), 1).await?;
        let group = seats.first().map(Vec::as_slice).unwrap_or_default();
        let writer = group.first().ok_or(LoadError::NotThere)?;
        let table = Rc::new(Table::default());
        let ground = Ground::of(Full::fetch(writer).await?.0.document())?;
        let mut author = Author::new(writer.participant, ground, self.characters);
        let mut participant = Participant::sit(writer.clone(), Rc::clone(&table)).await?;
        let mut left = self.edits;
        while left > 0 {
            let now = left.min(BATCH_EDITS);
            participant.write_at_once(&mut author, now).await?;
            left -= now;
        }
        let made: BTreeSet<_> = table.history.borrow().all().collect();

        sleep(REST).await;
        let watched: Option<Watched> = self.setting.watched();
        let (mut after_first, mut of_first) = (None, None);
        let (mut whole, mut answer) = (Times::new(), Times::new());
        let (mut bytes, mut missing) = (0, 0);
        for number in 0..self.joins {
            let seat = &group[(number + 1) % group.len()];
            let (mut full, joined) = Full::fetch(seat).await?;
            whole.add(joined.whole);
            answer.add(joined.answer);
            bytes = joined.bytes;
            if number + 1 == self.joins {
                missing = full.lacks(&made);
            }
            if number == 0 {
                drop(full);
                sleep(REST).await;
                of_first = watched.and_then(|watched| watched.usage());
                after_first = self.setting.watched();
            }
        }
        let further = after_first.and_then(|watched| watched.usage());
        let further = further.filter(|_| self.joins > 1);
        let joins = f64::from(u32::try_from(self.joins - 1).unwrap_or(u32::MAX));
        Ok(Outcome {
            edits: self.edits,
            joins: self.joins,
            bytes,
            whole: whole.quantiles(),
            answer: answer.quantiles(),
            server_cpu_seconds_of_first: of_first.map(|usage| usage.cpu_seconds),
            server_cpu_seconds_per_join: further.map(|usage| usage.cpu_seconds / joins),
            server: further.or_else(|| watched.and_then(|watched| watched.usage())),
            missing,
        })
    }
}
