//! `oogst load idle`: people sit at their documents and do nothing.

use clap::Args;
use serde::Serialize;
use tokio::time::{Duration, Instant, sleep};

use super::participant::sit_together;
use super::usage::{Usage, Watched};
use super::{Failure, Room, positive};

/// People who do nothing.
#[derive(Debug, Args)]
pub(super) struct Idle {
    /// How long they sit.
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = positive)]
    seconds: f64,
    #[command(flatten)]
    room: Room,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) groups: usize,
    pub(super) participants: usize,
    /// From the first line until everybody had their document.
    pub(super) joined_after_seconds: f64,
    pub(super) generator: Option<Usage>,
    pub(super) server: Option<Usage>,
}

impl Idle {
    pub(super) const fn is_json(&self) -> bool {
        self.room.setting.json
    }

    /// # Errors
    ///
    /// Why it could not be measured.
    pub(super) async fn run(&self) -> Result<Outcome, Failure> {
        let seats = self.room.seats().await?;
        let begun = Instant::now();
        let mut people = Vec::new();
        for group in &seats {
            people.extend(sit_together(group).await?.1);
        }
        let joined_after_seconds = begun.elapsed().as_secs_f64();
        let (ours, theirs) = (Watched::ourselves(), self.room.setting.watched());
        sleep(Duration::from_secs_f64(self.seconds)).await;
        Ok(Outcome {
            groups: seats.len(),
            participants: people.len(),
            joined_after_seconds,
            generator: ours.usage(),
            server: theirs.and_then(|watched| watched.usage()),
        })
    }
}
