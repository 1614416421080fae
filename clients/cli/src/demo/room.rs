//! Everybody who is in, each with a device of their own, and what they are told to do.
//!
//! A task a person, a task a table. A table hands its acts out in their order and waits a little
//! between them; whoever needs what another types waits until it has come. So an act only ever
//! waits for acts before it, and a play always ends.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use oogst_client::{Access, ClientError};
use oogst_protocol::api::{Document, DocumentOwner, Group, Join, NewDocument};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::DocumentKind;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::device::{Copies, Device, Task};
use super::map_and_plan::Entry;
use super::play::{Play, again};
use super::script::{Act, BALLOTS, Harvest, Person, REGION_QUESTIONS, REGIONS, Table, publish};
use super::{map_and_plan, morning, vote};
use crate::chance::Chance;

/// Most tasks that wait for one person.
const TASKS_MAX: usize = 32;

/// How long the end of the play may take until all is acknowledged and on the wall, beside the
/// typing of so many letters that somebody may have before them then.
const END_SECONDS_MAX: u64 = 60;
const LAST_LETTERS_MAX: usize = 500;

/// A part of the day at a table: until its first guest speaks, and from then on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

impl Half {
    fn of(self, table: &Table) -> &'static [Act] {
        let (morning, afternoon) = table.halves();
        match self {
            Self::Morning => morning,
            Self::Afternoon => afternoon,
        }
    }
}

/// Everybody who is in.
pub(super) struct Room<'p> {
    play: &'p Play,
    ends: &'p [Harvest],
    programme: DocumentId,
    seats: BTreeMap<&'static str, Seat>,
    devices: JoinSet<Result<Copies, ClientError>>,
    /// The theme round's groups, in the order of the tables; none before it begins.
    tables: Vec<Group>,
    /// The stakeholder map and the plan; none before noon.
    commons: Vec<Common>,
}

/// A document in which people of all tables write, and what they write there.
#[derive(Clone, Debug)]
pub(super) struct Common {
    pub(super) id: DocumentId,
    pub(super) name: &'static str,
    pub(super) entries: Vec<Arc<Entry>>,
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

/// The first document of a kind.
pub(super) fn find(documents: &[Document], kind: DocumentKind) -> Option<DocumentId> {
    documents.iter().find(|document| document.kind == kind).map(|document| document.id)
}

impl<'p> Room<'p> {
    pub(super) fn new(play: &'p Play, ends: &'p [Harvest]) -> Result<Self, ClientError> {
        let programme = find(&play.gathering().documents, DocumentKind::Programme);
        let programme = programme.ok_or_else(|| lacks("programme"))?;
        let (seats, devices) = (BTreeMap::new(), JoinSet::new());
        let (tables, commons) = (Vec::new(), Vec::new());
        Ok(Self { play, ends, programme, seats, devices, tables, commons })
    }

    /// The gathering's programme.
    pub(super) const fn programme(&self) -> DocumentId {
        self.programme
    }

    /// How many devices are in.
    pub(super) fn devices(&self) -> usize {
        self.seats.len()
    }

    /// The theme round's groups, in the order of the tables.
    pub(super) fn tables(&self) -> &[Group] {
        &self.tables
    }

    /// The stakeholder map and the plan.
    pub(super) fn commons(&self) -> &[Common] {
        &self.commons
    }

    pub(super) async fn enter_all(&mut self, people: &'static [Person]) -> Result<(), ClientError> {
        for person in people {
            self.enter(person).await?;
            sleep(self.play.pace().arrival()).await;
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
            language: Some(play.day().language.to_owned()),
            together_with: (!person.together_with.is_empty()).then(|| names.collect()),
        };
        // Made again after an answer that was lost, it brings in somebody who then does nothing.
        let member = again(|| play.server().join(&join)).await?;
        again(|| member.move_to(Some(group))).await?;
        let table = person.table;
        let (how, end) = ((play.seed(), play.pace()), self.ends[table].clone());
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

    /// The regions bring their questions, and the facilitator clusters them into themes.
    pub(super) async fn questions(&mut self) -> Result<(), ClientError> {
        for (place, question) in REGION_QUESTIONS.iter().enumerate() {
            self.hand(question.by, Task::Ask(place, *question, REGIONS[question.region])).await;
        }
        let how = (self.play.seed(), self.play.pace());
        let (facilitator, programme) = (self.play.facilitator().clone(), self.programme);
        self.meanwhile(async move { morning::cluster(&facilitator, programme, how).await }).await
    }

    /// Everybody gives their dots, all at once; gives the themes that are chosen, the first first.
    pub(super) async fn vote(&mut self) -> Result<Vec<usize>, ClientError> {
        let play = self.play;
        let how = (play.seed(), play.pace());
        let open = vote::open(play.facilitator(), play.seed()).await?;
        let mut voters = JoinSet::new();
        for (name, seat) in &self.seats {
            let ballots = BALLOTS.iter().filter(|(by, _)| by == name).map(|(_, ballot)| *ballot);
            let (access, ballots) = (seat.access.clone(), ballots.collect());
            voters.spawn(vote::cast(access, open, ballots, (name, how)));
        }
        self.meanwhile(async {
            while let Some(voted) = voters.join_next().await {
                whole(voted)?;
            }
            Ok(())
        })
        .await?;
        vote::choose(play.facilitator(), open, play.seed()).await
    }

    /// Everybody goes to the table of a theme that was chosen.
    pub(super) async fn divide(&mut self, chosen: &[usize]) -> Result<(), ClientError> {
        let play = self.play;
        let seats = self.seats.values().map(|seat| (seat.who, seat.table)).collect();
        self.tables =
            morning::divide(play.facilitator(), (play.day(), play.seed()), chosen, seats).await?;
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

    /// Opens the stakeholder map and the plan, empty but for what every plan begins with.
    pub(super) async fn open_commons(&mut self) -> Result<(), ClientError> {
        let seed = self.play.seed();
        let map = self.open_common(DocumentKind::Stakeholders).await?;
        let plan = self.open_common(DocumentKind::ActionPlan).await?;
        let who = |name: &str| self.seats.get(name).map(|seat| seat.who);
        let (stakeholders, actions) =
            (map_and_plan::stakeholders(seed), map_and_plan::plan(seed, map, &who));
        let common = |(id, name, entries): (_, _, Vec<Entry>)| {
            let entries = entries.into_iter().map(Arc::new).collect();
            Common { id, name, entries }
        };
        let all = [(map, "the stakeholder map", stakeholders), (plan, "the plan", actions)];
        self.commons = all.map(common).into();
        Ok(())
    }

    async fn open_common(&self, kind: DocumentKind) -> Result<DocumentId, ClientError> {
        let facilitator = self.play.facilitator();
        let new = NewDocument { kind, title: None, owner: Some(DocumentOwner::Gathering {}) };
        match again(|| facilitator.open_document(&new)).await {
            Ok(document) => Ok(document.id),
            // There already, by a request whose answer was lost, or by somebody who plays along.
            Err(ClientError::Refused { status: 409, .. }) => {
                let documents = again(|| facilitator.gathering()).await?.documents;
                find(&documents, kind).ok_or_else(|| lacks("common document"))
            }
            Err(error) => Err(error),
        }
    }

    /// Half a day at every table at once; after noon people of all tables also write in the
    /// common documents, spread over the same time.
    pub(super) async fn half(&mut self, half: Half) -> Result<(), ClientError> {
        let (play, mut tables) = (self.play, JoinSet::new());
        let (seed, pace) = (play.seed(), play.pace());
        let mut longest = Duration::ZERO;
        for (place, table) in play.day().tables.iter().enumerate() {
            let acts = half.of(table);
            longest = longest.max(pace.strides(acts));
            let acts = acts.iter().map(|act| (act.by, Task::Deed(act.deed), pace.stride(act.deed)));
            let begin = pace.arrival().saturating_mul(u32::try_from(place).unwrap_or(0));
            let seats = self.seats.clone();
            tables.spawn(conduct(acts.collect(), seats, Chance::of(seed, table.name), begin));
        }
        for common in &self.commons {
            let many = u32::try_from(common.entries.len()).unwrap_or(u32::MAX).max(1);
            let write = |entry: &Arc<Entry>| {
                (entry.by, Task::Write(common.id, Arc::clone(entry)), longest / many)
            };
            let (entries, seats) = (common.entries.iter().map(write), self.seats.clone());
            let chance = Chance::of(seed, common.name);
            tables.spawn(conduct(entries.collect(), seats, chance, Duration::ZERO));
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

    pub(super) async fn consents(&self) -> Result<(), ClientError> {
        for (name, seat) in &self.seats {
            again(|| seat.access.consent(publish(name))).await?;
        }
        Ok(())
    }

    /// Nobody does anything more; waits until all is on the server's disk.
    pub(super) async fn close(mut self) -> Result<Vec<Copies>, ClientError> {
        self.seats.clear();
        let mut copies = Vec::new();
        let all = async {
            while let Some(device) = self.devices.join_next().await {
                copies.push(whole(device)?);
            }
            Ok(())
        };
        let longest =
            Duration::from_secs(END_SECONDS_MAX) + self.play.pace().letters(LAST_LETTERS_MAX);
        let seconds = longest.as_secs();
        timeout(longest, all).await.map_err(|_| ClientError::NoAnswer { seconds })??;
        Ok(copies)
    }
}

/// What somebody is told to do, and the time until the next is told something.
type Turn = (&'static str, Task, Duration);

/// Hands out what is done at a table, or in a common document, one after the other. Not all begin
/// at once.
async fn conduct(
    turns: Vec<Turn>,
    seats: BTreeMap<&'static str, Seat>,
    mut chance: Chance,
    begin: Duration,
) {
    sleep(begin).await;
    for (by, task, stride) in turns {
        if let Some(seat) = seats.get(by) {
            // Whoever is gone has said why, and that ends the play.
            seat.tell.send(task).await.ok();
        }
        sleep(chance.about(stride)).await;
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
