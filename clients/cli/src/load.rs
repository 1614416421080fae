//! `oogst load`: many simulated people at one server, and what that is like for them.
//!
//! One thread drives them all, so that what the generator itself takes can be seen beside what the
//! server takes. A participant holds no document but the graph of its changes ([`replica`]), over
//! a [`history`] that all of a table share, and makes changes of their operations ([`note`]); what
//! is looked at in the end, and who joins cold, has automerge's whole document ([`full`]).

mod cold;
mod edits;
mod full;
mod history;
mod idle;
mod note;
mod participant;
mod replica;
mod storm;
mod tally;
mod target;
#[cfg(test)]
mod tests;
mod told;
mod usage;

use std::io::Write;

use clap::{Args, Subcommand};
use oogst_client::ClientError;
use serde::Serialize;
use tokio::task::LocalSet;
use tokio::time::{Duration, sleep};

use self::target::{Seat, Target};
use self::told::Told;
use self::usage::Watched;
use crate::Failure;

/// Most lines of one load.
const LINES_MAX: usize = 10_000;

/// Loads a server.
#[derive(Debug, Args)]
pub(crate) struct Load {
    #[command(subcommand)]
    shape: Shape,
}

#[derive(Debug, Subcommand)]
enum Shape {
    /// People write, at a rate or as fast as they are acknowledged; everybody at their document
    /// gets it.
    Edits(edits::Edits),
    /// Somebody joins a document with a long history, with nothing of it at hand.
    Cold(cold::Cold),
    /// People sit and do nothing.
    Idle(idle::Idle),
    /// Everybody's line breaks at once, and all come back.
    Storm(storm::Storm),
}

/// Who is there, and where.
#[derive(Debug, Args)]
struct Room {
    /// How many groups, each at a document of its own.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    groups: usize,
    /// How many people in each group.
    #[arg(long, value_name = "NUMBER", default_value_t = 8)]
    participants: usize,
    /// Over how many gatherings the groups are spread; at most 50 groups to each
    /// [default: as few as hold them]
    #[arg(long, value_name = "NUMBER", default_value_t = 1, hide_default_value = true)]
    gatherings: usize,
    #[command(flatten)]
    setting: Setting,
}

/// Which server is loaded, and how that is told.
#[derive(Debug, Args)]
struct Setting {
    /// The server's process on this machine, whose processor time and memory are told, too
    /// [default: they are not]
    #[arg(long, value_name = "PID")]
    server_pid: Option<u32>,
    /// Tells the figures as one line of JSON, for programs [default: in words]
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: Target,
}

impl Room {
    async fn seats(&self) -> Result<Vec<Vec<Seat>>, Failure> {
        let lines = self.groups.saturating_mul(self.participants);
        if lines == 0 || lines > LINES_MAX || self.gatherings == 0 {
            let what = format!("1 to {LINES_MAX} participants in all, and at least one gathering");
            return Err(Failure::Usage(what));
        }
        let target = &self.setting.target;
        target.seats((self.groups, self.participants), self.gatherings).await
    }
}

impl Setting {
    /// The server's process, from now on.
    fn watched(&self) -> Option<Watched> {
        self.server_pid.map(Watched::process)
    }
}

/// Why a load ended before its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    /// The line's, the server's or ours, as the client sorted it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The server's: what it sent makes no sense.
    #[error("the server sent what is not understood: {0}")]
    Content(String),
    /// The server's: a document that is there did not come.
    #[error("the server did not give a document that is there")]
    NotThere,
    /// The server's: it never said that it has a document.
    #[error("the server did not take a new document")]
    NotTaken,
    /// Ours: one document's history is longer than what we hold.
    #[error("a document got more than {} changes: fewer seconds would do", history::CHANGES_MAX)]
    TooManyChanges,
    /// Nobody's: the load is over.
    #[error("the load is over")]
    Over,
}

impl LoadError {
    /// Whether it passes by opening the line again.
    const fn passes(&self) -> bool {
        match self {
            Self::Client(error) => error.passes(),
            Self::Content(_)
            | Self::NotThere
            | Self::NotTaken
            | Self::TooManyChanges
            | Self::Over => false,
        }
    }
}

/// How often something is tried again whose line breaks, and how long after.
const TRIES_MAX: u32 = 20;
const REST: Duration = Duration::from_millis(500);

/// Does something again while its failure is one that passes: a server that was overrun cuts lines
/// for a while after.
async fn again<T>(mut act: impl AsyncFnMut() -> Result<T, LoadError>) -> Result<T, LoadError> {
    let mut tries = 1;
    loop {
        match act().await {
            Err(error) if error.passes() && tries < TRIES_MAX => tries += 1,
            done => return done,
        }
        sleep(REST).await;
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        if let LoadError::Client(error) = error {
            return Self::Client(error);
        }
        Self::Missing(error.to_string())
    }
}

impl Load {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        // A thread of its own, whatever runs the other commands: what a participant holds is not
        // shared between threads, and one core is what is measured.
        let ended = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            LocalSet::new().block_on(&runtime.map_err(Failure::Start)?, self.shape.run())
        });
        ended.await.map_err(|error| Failure::Missing(error.to_string()))?
    }
}

impl Shape {
    async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Edits(edits) => {
                let outcome = edits.run().await?;
                tell(edits.is_json(), &outcome)?;
                complete(outcome.missing)
            }
            Self::Cold(cold) => {
                let outcome = cold.run().await?;
                tell(cold.is_json(), &outcome)?;
                complete(outcome.missing)
            }
            Self::Idle(idle) => tell(idle.is_json(), &idle.run().await?),
            Self::Storm(storm) => {
                let outcome = storm.run().await?;
                tell(storm.is_json(), &outcome)?;
                complete(outcome.missing)
            }
        }
    }
}

fn tell<T: Serialize + Told>(json: bool, outcome: &T) -> Result<(), Failure> {
    let text = if json {
        serde_json::to_string(outcome).map_err(|error| Failure::Output(error.into()))? + "\n"
    } else {
        outcome.told()
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

fn complete(missing: usize) -> Result<(), Failure> {
    match missing {
        0 => Ok(()),
        many => Err(Failure::Missing(format!(
            "{many} edits are missing: somebody did not get them in time, or the server lost them"
        ))),
    }
}

fn positive(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "a number is needed, as 4 or 0.5".to_owned())?;
    if number > 0.0 && number <= 1_000_000.0 {
        Ok(number)
    } else {
        Err("more than 0 and at most 1000000".to_owned())
    }
}
