//! Plays a day: opens its gathering, lets its people in, and goes with them from turn to turn.
//!
//! Who is in and what they are told is in [`room`](super::room).

use std::time::Duration;

use oogst_client::{Access, ClientError, Server};
use oogst_protocol::api::{Gathering, NewGathering, NewGroup, OpenedGathering};
use oogst_protocol::schema::DayTemplate;
use tokio::time::sleep;

use super::check::{Missing, check};
use super::pace::Pace;
use super::programme::Programme;
use super::room::{Half, Room};
use super::script::{
    AFTERNOON, CHOICE, CLOSING, DEVICES, DOTS_EACH, Day, GUESTS, Harvest, MORNING, NOON, PLAN,
    QUESTIONS, REGIONS, THEMES, WELCOME, stakeholders,
};

/// How often a request over a broken line is made again, and the rest in between.
const TRIES_MAX: u32 = 40;
const REST: Duration = Duration::from_millis(250);

/// A day that is being played on a server.
#[derive(Debug)]
pub struct Play {
    server: Server,
    day: Day,
    seed: u64,
    pace: Pace,
    opened: OpenedGathering,
    facilitator: Access,
}

/// What became of a play.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How many insights stand in the harvests, those that were taken away left out.
    pub insights: usize,
    /// How many dots were given, on devices and on paper.
    pub dots: usize,
    /// How many stakeholders are on the map, those that were taken from it left out.
    pub stakeholders: usize,
    /// How many actions the plan has, beside the steps that every plan begins with.
    pub actions: usize,
    /// How many photos stand with insights.
    pub photos: usize,
    /// How many devices took part.
    pub devices: usize,
    /// What was typed and is not there.
    pub missing: Vec<Missing>,
}

impl Play {
    /// Opens the day's gathering, with a group a region and the programme of a kick-off day.
    ///
    /// # Errors
    ///
    /// [`ClientError`] by whose fault it is.
    pub async fn open(
        server: &Server,
        operator_key: &str,
        day: Day,
        (seed, pace): (u64, Pace),
    ) -> Result<Self, ClientError> {
        let group = |name: &&str| NewGroup { name: (*name).to_owned(), ..NewGroup::default() };
        let gathering = NewGathering {
            title: day.title.to_owned(),
            language: Some(day.language.to_owned()),
            day: Some(DayTemplate::KickOff),
            groups: REGIONS.iter().map(group).collect(),
            ..NewGathering::default()
        };
        let opened = server.open_gathering(operator_key, &gathering).await?;
        let facilitator = Access::new(server, opened.gathering.id, &opened.facilitator_token);
        Ok(Self { server: server.clone(), day, seed, pace, opened, facilitator })
    }

    /// The gathering, with its codes.
    #[must_use]
    pub const fn gathering(&self) -> &Gathering {
        &self.opened.gathering
    }

    /// What its facilitator's token opens.
    #[must_use]
    pub const fn facilitator(&self) -> &Access {
        &self.facilitator
    }

    /// Plays the day to its end, and looks whether everything that was typed is there. `tell` is
    /// given a line for people at each turn of the day.
    ///
    /// # Errors
    ///
    /// Why a line ended for good, or what the server refused.
    pub async fn to_the_end(&self, tell: impl Fn(&str)) -> Result<Outcome, ClientError> {
        let ends = self.day.harvests();
        let mut room = Room::new(self, &ends)?;
        let programme = Programme::read(&self.facilitator, room.programme()).await?;
        programme.begin(WELCOME).await?;
        tell(&format!("{} devices come in", DEVICES.len()));
        room.enter_all(DEVICES).await?;
        tell("the regions bring their questions; they are clustered into themes");
        programme.begin(QUESTIONS).await?;
        room.questions().await?;
        tell(&format!("everybody gives {DOTS_EACH} dots; nobody sees any before the close"));
        programme.begin(CHOICE).await?;
        let chosen = room.vote().await?;
        if let Some(first) = chosen.first().map(|place| &THEMES[*place]) {
            let (many, text, dots) = (chosen.len(), first.text, first.dots);
            tell(&format!("{many} themes are chosen, `{text}` with the most dots: {dots}"));
        }
        room.divide(&chosen).await?;
        tell(&format!("{} groups begin, each with its theme", chosen.len()));
        programme.begin(MORNING).await?;
        room.half(Half::Morning).await?;
        tell(&format!("noon is over: {} guests come in", GUESTS.len()));
        programme.begin(NOON).await?;
        self.admit_guests().await?;
        room.enter_all(GUESTS).await?;
        room.open_commons().await?;
        tell("while the tables go on, a stakeholder map and a plan are drawn up");
        programme.begin(AFTERNOON).await?;
        room.half(Half::Afternoon).await?;
        tell("the closing round: everybody says how they want to be named");
        programme.begin(CLOSING).await?;
        room.consents().await?;
        tell("the last words are typed: is everything there?");
        let (devices, tables) = (room.devices(), room.tables().to_vec());
        let commons = room.commons().to_vec();
        let copies = room.close().await?;
        programme.end(CLOSING).await?;
        let missing = check(self, (&tables, &ends), &commons, &copies).await?;
        let live = |harvest: &Harvest| harvest.insights.iter().filter(|one| !one.removed).count();
        let photos = ends.iter().flat_map(|end| &end.insights).map(|one| one.photos.len()).sum();
        Ok(Outcome {
            insights: ends.iter().map(live).sum(),
            dots: THEMES.iter().map(|theme| theme.dots).sum(),
            stakeholders: stakeholders().count(),
            actions: PLAN.actions.len(),
            photos,
            devices,
            missing,
        })
    }

    async fn admit_guests(&self) -> Result<(), ClientError> {
        match again(|| self.facilitator.admit_guests()).await {
            // Done already, by a request whose answer was lost, or by somebody who plays along.
            Ok(_) | Err(ClientError::Refused { status: 409, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) const fn server(&self) -> &Server {
        &self.server
    }

    pub(super) const fn day(&self) -> &Day {
        &self.day
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) const fn pace(&self) -> Pace {
        self.pace
    }
}

/// Makes a request again while its failure is one that passes.
pub(super) async fn again<T, F>(mut request: impl FnMut() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, ClientError>>,
{
    let mut tries = 1;
    loop {
        match request().await {
            Err(error) if error.passes() && tries < TRIES_MAX => tries += 1,
            done => return done,
        }
        sleep(REST).await;
    }
}
