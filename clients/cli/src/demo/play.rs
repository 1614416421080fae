//! Plays a day: opens its gathering, lets its people in, and hands everybody what they do.
//!
//! A task a person, a task a table. A table hands its acts out in their order and waits a little
//! between them; whoever needs what another types waits until it has come. So an act only ever
//! waits for acts before it, and a play always ends.

use std::collections::BTreeMap;
use std::time::Duration;

use oogst_client::{Access, ClientError, Server};
use oogst_protocol::api::{
    Document, Gathering, Group, Join, NewGathering, NewGroup, OpenedGathering,
};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::DocumentKind;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::chance::{Chance, Pace};
use super::check::{Missing, check};
use super::device::{Copies, Device, Task};
use super::morning;
use super::script::{
    Act, DEVICES, Day, GUESTS, Harvest, Person, REGION_QUESTIONS, REGIONS, Table, publish,
};

/// Most tasks that wait for one person.
const TASKS_MAX: usize = 32;

/// How often a request over a broken line is made again, and the rest in between.
const TRIES_MAX: u32 = 40;
const REST: Duration = Duration::from_millis(250);

/// How long the end of the play may take until all is acknowledged and on the wall.
pub(super) const END_SECONDS_MAX: u64 = 60;

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
    /// How many devices took part.
    pub devices: usize,
    /// What was typed and is not there.
    pub missing: Vec<Missing>,
}

impl Play {
    /// Opens the day's gathering, with a group a region.
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
        tell(&format!("{} devices come in", DEVICES.len()));
        room.enter_all(DEVICES).await?;
        tell("the regions bring their questions; they are clustered into themes");
        for (place, question) in REGION_QUESTIONS.iter().enumerate() {
            room.hand(question.by, Task::Ask(place, *question, REGIONS[question.region])).await;
        }
        room.themes().await?;
        tell(&format!("{} groups begin, each with its theme", room.tables.len()));
        room.half(Half::Morning).await?;
        tell(&format!("noon is over: {} guests come in", GUESTS.len()));
        self.admit_guests().await?;
        room.enter_all(GUESTS).await?;
        room.half(Half::Afternoon).await?;
        tell("the closing round: everybody says how they want to be named");
        room.consents().await?;
        tell("the last words are typed: is everything there?");
        let (devices, tables) = (room.seats.len(), room.tables.clone());
        let copies = room.close().await?;
        let missing = check(self, &tables, &ends, &copies).await?;
        let live = |harvest: &Harvest| harvest.insights.iter().filter(|one| !one.removed).count();
        Ok(Outcome { insights: ends.iter().map(live).sum(), devices, missing })
    }

    async fn admit_guests(&self) -> Result<(), ClientError> {
        match again(|| self.facilitator.admit_guests()).await {
            // Done already, by a request whose answer was lost, or by somebody who plays along.
            Ok(_) | Err(ClientError::Refused { status: 409, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) const fn day(&self) -> &Day {
        &self.day
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }
}

/// A part of the day at a table: until its first guest speaks, and from then on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

impl Half {
    fn of(self, table: &Table) -> &'static [Act] {
        let guest = |act: &Act| GUESTS.iter().any(|guest| guest.name == act.by);
        let noon = table.acts.iter().position(guest).unwrap_or(table.acts.len());
        let (morning, afternoon) = table.acts.split_at(noon);
        match self {
            Self::Morning => morning,
            Self::Afternoon => afternoon,
        }
    }
}

/// Everybody who is in.
struct Room<'p> {
    play: &'p Play,
    ends: &'p [Harvest],
    programme: DocumentId,
    seats: BTreeMap<&'static str, Seat>,
    devices: JoinSet<Result<Copies, ClientError>>,
    /// The theme round's groups, in the order of the tables; none before it begins.
    tables: Vec<Group>,
}

/// Somebody who is in.
#[derive(Clone)]
struct Seat {
    who: ParticipantId,
    access: Access,
    table: usize,
    tell: Sender<Task>,
}

fn lacks(what: &str) -> ClientError {
    ClientError::NotUnderstood { what: format!("there is no {what}") }
}

fn find(documents: &[Document], kind: DocumentKind) -> Option<DocumentId> {
    documents.iter().find(|document| document.kind == kind).map(|document| document.id)
}

impl<'p> Room<'p> {
    fn new(play: &'p Play, ends: &'p [Harvest]) -> Result<Self, ClientError> {
        let programme = find(&play.gathering().documents, DocumentKind::Programme);
        let programme = programme.ok_or_else(|| lacks("programme"))?;
        let (seats, devices, tables) = (BTreeMap::new(), JoinSet::new(), Vec::new());
        Ok(Self { play, ends, programme, seats, devices, tables })
    }

    async fn enter_all(&mut self, people: &'static [Person]) -> Result<(), ClientError> {
        for person in people {
            self.enter(person).await?;
            sleep(self.play.pace.arrival()).await;
        }
        Ok(())
    }

    /// Joins and sits down: with a region, or at a table where the tables have begun.
    async fn enter(&mut self, person: &'static Person) -> Result<(), ClientError> {
        let play = self.play;
        let codes = play.gathering().codes.as_ref().ok_or_else(|| lacks("join code"))?;
        let (code, group) = match person.region {
            Some(region) => (&codes.participant, play.gathering().groups.get(region)),
            None => (&codes.guest, self.tables.get(person.table)),
        };
        let group = group.ok_or_else(|| lacks("group to sit down with"))?.id;
        let names = person.together_with.iter().map(ToString::to_string);
        let join = Join {
            code: code.to_string(),
            name: person.name.to_owned(),
            organisation: Some(person.organisation.to_owned()),
            region: person.region.map(|region| REGIONS[region].to_owned()),
            language: Some(play.day.language.to_owned()),
            together_with: (!person.together_with.is_empty()).then(|| names.collect()),
        };
        // Made again after an answer that was lost, it brings in somebody who then does nothing.
        let member = again(|| play.server.join(&join)).await?;
        again(|| member.move_to(Some(group))).await?;
        let table = person.table;
        let (how, end) = ((play.seed, play.pace), self.ends[table].clone());
        let device = Device::open(&member, self.programme, how, (table, end)).await?;
        let (tell, told) = mpsc::channel(TASKS_MAX);
        self.devices.spawn(device.act(told));
        let who = member.joined().participant.id;
        let access = member.access().clone();
        self.seats.insert(person.name, Seat { who, access, table, tell });
        if person.region.is_none() {
            self.sit(person.name).await?;
        }
        Ok(())
    }

    /// Has somebody sit down at their table.
    async fn sit(&self, name: &str) -> Result<(), ClientError> {
        let table = self.seats.get(name).and_then(|seat| self.tables.get(seat.table));
        let documents = table.map_or(&[][..], |table| &table.documents);
        let harvest = find(documents, DocumentKind::Harvest).ok_or_else(|| lacks("harvest"))?;
        self.hand(name, Task::Sit(harvest)).await;
        Ok(())
    }

    /// The regions' questions become themes, and everybody goes to the table of one.
    async fn themes(&mut self) -> Result<(), ClientError> {
        let (play, how) = (self.play, (self.play.seed, self.play.pace));
        let (facilitator, programme) = (play.facilitator.clone(), self.programme);
        let clustered = async move { morning::cluster(&facilitator, programme, how).await };
        self.meanwhile(clustered).await?;
        let members = self.seats.values().map(|seat| (seat.who, seat.table)).collect();
        self.tables = morning::divide(&play.facilitator, &play.day, play.seed, members).await?;
        for name in self.seats.keys() {
            self.sit(name).await?;
        }
        Ok(())
    }

    /// Tells somebody what to do next. Whoever is gone has said why, and that ends the play.
    async fn hand(&self, name: &str, task: Task) {
        if let Some(seat) = self.seats.get(name) {
            seat.tell.send(task).await.ok();
        }
    }

    /// Half a day at every table at once.
    async fn half(&mut self, half: Half) -> Result<(), ClientError> {
        let (play, mut tables) = (self.play, JoinSet::new());
        for (place, table) in play.day.tables.iter().enumerate() {
            let chance = Chance::of(play.seed, table.name);
            let seats = self.seats.clone();
            tables.spawn(conduct(half.of(table), seats, (chance, play.pace), place));
        }
        self.meanwhile(async {
            while let Some(ended) = tables.join_next().await {
                whole(ended);
            }
            Ok(())
        })
        .await
    }

    /// Does something, unless a device fails before: the others would wait in vain for what it
    /// was to type.
    async fn meanwhile<T>(
        &mut self,
        work: impl Future<Output = Result<T, ClientError>>,
    ) -> Result<T, ClientError> {
        tokio::select! {
            done = work => done,
            Some(device) = self.devices.join_next() => {
                drop(whole(device)?);
                Err(ClientError::Closed)
            }
        }
    }

    async fn consents(&self) -> Result<(), ClientError> {
        for (name, seat) in &self.seats {
            again(|| seat.access.consent(publish(name))).await?;
        }
        Ok(())
    }

    /// Nobody does anything more; waits until all is on the server's disk.
    async fn close(mut self) -> Result<Vec<Copies>, ClientError> {
        self.seats.clear();
        let mut copies = Vec::new();
        let all = async {
            while let Some(device) = self.devices.join_next().await {
                copies.push(whole(device)?);
            }
            Ok(())
        };
        let seconds = END_SECONDS_MAX;
        timeout(Duration::from_secs(seconds), all)
            .await
            .map_err(|_| ClientError::NoAnswer { seconds })??;
        Ok(copies)
    }
}

/// Hands out a table's acts, one after the other. Tables begin one after the other, too.
async fn conduct(
    acts: &'static [Act],
    seats: BTreeMap<&'static str, Seat>,
    (mut chance, pace): (Chance, Pace),
    place: usize,
) {
    sleep(pace.arrival().saturating_mul(u32::try_from(place).unwrap_or(0))).await;
    for act in acts {
        if let Some(seat) = seats.get(act.by) {
            // Whoever is gone has said why, and that ends the play.
            seat.tell.send(Task::Deed(act.deed)).await.ok();
        }
        sleep(chance.about(pace.stride(act.deed))).await;
    }
}

/// What a task gave; a panic of ours goes on in whoever waits for it.
fn whole<T>(ended: Result<T, JoinError>) -> T {
    match ended {
        Ok(given) => given,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => unreachable!("no task of a play is cancelled while somebody waits for it"),
        },
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
