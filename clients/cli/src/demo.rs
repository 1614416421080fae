//! `oogst demo`: a kick-off day, played live by simulated people.
//!
//! [`script`] says who comes and what they type, [`play`] goes with them from turn to turn, and
//! [`room`] hands everybody what they do, each over a line of their own, at their own [`pace`].
//! [`map_and_plan`] says what they write in the stakeholder map and the plan; what the facilitator
//! does is in [`programme`], [`morning`] and [`vote`]. [`check`] looks at the end whether all of it
//! is there.

use std::io::Write;

use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

mod check;
mod device;
mod map_and_plan;
mod morning;
mod pace;
pub mod photo;
mod play;
mod programme;
mod room;
pub mod script;
mod typing;
mod vote;

pub use check::Missing;
pub use pace::Pace;
pub use play::{Outcome, Play};

use crate::Failure;
use crate::options::{AsOperator, AtServer};
use script::KICK_OFF;

/// Plays a kick-off day.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many minutes the day takes; more than 0, at most 1440.
    #[arg(long, value_name = "MINUTES", default_value_t = 4.0, value_parser = minutes)]
    minutes: f64,
    /// How many times as fast as unhurried people everybody types, in place of --minutes; more
    /// than 0, at most 1000000 [default: as fast as the minutes ask for]
    #[arg(long, value_name = "TIMES", conflicts_with = "minutes", value_parser = speed)]
    speed: Option<f64>,
    /// What chance begins with: the same number, the same play.
    #[arg(long, value_name = "NUMBER", default_value_t = 2023)]
    seed: u64,
    #[command(flatten)]
    operator: AsOperator,
    #[command(flatten)]
    at: AtServer,
}

fn minutes(text: &str) -> Result<f64, String> {
    within(text, 1_440.0)
}

fn speed(text: &str) -> Result<f64, String> {
    within(text, 1_000_000.0)
}

fn within(text: &str, most: f64) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "a number is needed, as 4 or 0.5".to_owned())?;
    if number > 0.0 && number <= most {
        Ok(number)
    } else {
        Err(format!("more than 0 and at most {most}"))
    }
}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        // Before anything is printed: whoever reads it may press Ctrl-C at once.
        let mut interrupted = signal(SignalKind::interrupt()).map_err(Failure::Start)?;
        let server = self.at.server();
        let pace = match self.speed {
            Some(speed) => Pace::times(speed),
            None => Pace::minutes(&KICK_OFF, self.minutes),
        };
        let key = self.operator.key()?;
        let play = Play::open(&server, &key, KICK_OFF, (self.seed, pace)).await?;
        say(&format!("gathering: {} {}", play.gathering().id, KICK_OFF.title))?;
        if let Some(codes) = &play.gathering().codes {
            // As the web client has it: the wall is read as an observer, and shows how to join.
            let wall = format!("/muur#{}/{}", codes.observer, codes.participant);
            say(&format!("wall: {}", server.link(&wall)))?;
            say(crate::open::links(&server, codes).trim_end())?;
        }
        say("Ctrl-C ends the play; what was typed by then stays.")?;
        let outcome = tokio::select! {
            outcome = play.to_the_end(|turn| { say(turn).ok(); }) => outcome?,
            _ = interrupted.recv() => return say("ended before its end; the gathering stays"),
        };
        for missing in &outcome.missing {
            let Missing { place, typed, found } = missing;
            say(&format!("missing: {place}: `{typed}`, there is `{found}`"))?;
        }
        match outcome.missing.len() {
            0 => say(&format!(
                "all there: {} insights with {} photos, {} dots, {} stakeholders and {} actions by \
                 {} devices, all acknowledged",
                outcome.insights,
                outcome.photos,
                outcome.dots,
                outcome.stakeholders,
                outcome.actions,
                outcome.devices,
            )),
            many => Err(Failure::Missing(format!(
                "{many} of the things that were typed are not there: the server lost them, or \
                 somebody undid them"
            ))),
        }
    }
}

fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(Failure::Output)
}
