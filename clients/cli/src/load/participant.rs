//! One simulated participant: a line, a replica, and maybe something to write.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use oogst_client::{ClientError, Line};
use oogst_protocol::wire::Message;
use tokio::sync::watch;
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout};

use super::history::{History, Place};
use super::note::{Author, Ground};
use super::replica::Replica;
use super::tally::Tally;
use super::target::Seat;
use super::{LoadError, again};

/// A timer's step: an edit that is late by no more is not late.
const TIMER_STEP: Duration = Duration::from_millis(2);

/// Most messages taken before one answers, as automerge would after each.
const MESSAGES_AT_ONCE_MAX: usize = 64;

/// Longest wait for a document, and rest before a line is opened again.
const PATIENCE: Duration = Duration::from_secs(60);
const REST: Duration = Duration::from_millis(100);

/// How often somebody tries to come back before they give up: as long as a server takes to start.
const TRIES_MAX: u32 = 300;

/// What everybody at one document shares: the history, which is a fact, and nothing that a
/// participant would have to be told.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) history: RefCell<History>,
    pub(super) replicas: RefCell<Vec<Rc<RefCell<Replica>>>>,
}

impl Table {
    /// Whether everybody has everything, and the server has named it all.
    pub(super) fn is_level(&self) -> bool {
        let made = self.history.borrow().len();
        let replicas = self.replicas.borrow();
        replicas.iter().all(|replica| {
            let replica = replica.borrow();
            replica.len() == made && replica.unsaved() == 0
        })
    }

    /// How many deliveries are missing, over everybody here.
    pub(super) fn missing(&self) -> usize {
        let made = self.history.borrow().len();
        self.replicas.borrow().iter().map(|replica| made - replica.borrow().len()).sum()
    }
}

/// Seats a whole group at a table of its own, one after the other.
///
/// # Errors
///
/// Why somebody's document does not come.
pub(super) async fn sit_together(
    group: &[Seat],
) -> Result<(Rc<Table>, Vec<Participant>), LoadError> {
    let (table, mut seated) = (Rc::new(Table::default()), Vec::new());
    for seat in group {
        seated.push(Participant::sit(seat.clone(), Rc::clone(&table)).await?);
    }
    Ok((table, seated))
}

/// How somebody writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pace {
    /// Not at all.
    Reads,
    /// The next edit once the last is acknowledged.
    ClosedLoop,
    /// One edit after each such time, the first after `first`.
    Every { first: Duration, each: Duration },
}

/// What all participants of a run have in common.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) tally: Rc<RefCell<Tally>>,
    /// When writing begins.
    pub(super) start: Instant,
    /// Characters of an insight before the next begins.
    pub(super) characters: usize,
    /// How often a line broke and was opened again.
    pub(super) returns: Rc<Cell<u32>>,
    /// Set once everything is over.
    pub(super) over: watch::Receiver<bool>,
}

/// Somebody at a table.
#[derive(Debug)]
pub(super) struct Participant {
    seat: Seat,
    table: Rc<Table>,
    /// `None` once it was lost.
    line: Option<Line>,
    replica: Rc<RefCell<Replica>>,
    /// Made and not yet sent.
    news: Vec<Place>,
}

impl Participant {
    /// Opens the line and waits until the document is here.
    ///
    /// # Errors
    ///
    /// Why it does not come.
    pub(super) async fn sit(seat: Seat, table: Rc<Table>) -> Result<Self, LoadError> {
        let replica = Rc::new(RefCell::new(Replica::default()));
        table.replicas.borrow_mut().push(Rc::clone(&replica));
        let mut participant = Self { seat, table, line: None, replica, news: Vec::new() };
        again(async || participant.come_back().await).await?;
        Ok(participant)
    }

    /// Begins over a fresh line, and waits until all that the server has is here.
    async fn begin(&mut self) -> Result<(), LoadError> {
        self.replica.borrow_mut().begin();
        let here = async {
            loop {
                self.say().await?;
                if self.replica.borrow().is_here() {
                    return Ok(());
                }
                if let Some(message) = self.line()?.next().await? {
                    self.hear(&message, None)?;
                }
            }
        };
        timeout(PATIENCE, here).await.unwrap_or(Err(LoadError::NotThere))
    }

    /// Breaks the line without a word, as a phone that changes its network.
    pub(super) fn lose(&mut self) {
        self.line = None;
    }

    /// Comes back over another line, and waits until all that the server has is here.
    ///
    /// # Errors
    ///
    /// Why nothing came about.
    pub(super) async fn come_back(&mut self) -> Result<(), LoadError> {
        self.line = Some(self.seat.line().await?);
        self.begin().await
    }

    /// Writes so many edits in one message, and waits until the server has them.
    ///
    /// # Errors
    ///
    /// Why the line ended.
    pub(super) async fn write_at_once(
        &mut self,
        author: &mut Author,
        edits: usize,
    ) -> Result<(), LoadError> {
        for _ in 0..edits {
            self.write(author, Instant::now())?;
        }
        let saved = async {
            loop {
                self.say().await?;
                if self.replica.borrow().unsaved() == 0 {
                    return Ok(());
                }
                if let Some(message) = self.line()?.next().await? {
                    self.hear(&message, None)?;
                }
            }
        };
        timeout(PATIENCE, saved).await.unwrap_or(Err(LoadError::NotTaken))
    }

    /// Writes at a pace, and goes on to listen until everything is over.
    ///
    /// # Errors
    ///
    /// Why the line ended for good.
    pub(super) async fn take_part(
        mut self,
        ground: Ground,
        pace: Pace,
        mut run: Run,
    ) -> Result<(), LoadError> {
        let mut author = Author::new(self.seat.participant, ground, run.characters);
        let mut due = match pace {
            Pace::Every { first, .. } => run.start + first,
            Pace::ClosedLoop | Pace::Reads => run.start,
        };
        let (end, mut tries) = (run.tally.borrow().end(), 0);
        loop {
            let now = Instant::now();
            let may_write = match pace {
                Pace::Reads => false,
                Pace::ClosedLoop => self.replica.borrow().unsaved() == 0,
                Pace::Every { .. } => true,
            };
            if may_write && now >= due && now < end {
                // Late by our own fault or the server's: the person typed when it was due.
                let is_late = matches!(pace, Pace::Every { .. }) && now - due > TIMER_STEP;
                let at = if is_late { due } else { now };
                self.write(&mut author, at)?;
                run.tally.borrow_mut().made(at);
                if let Pace::Every { each, .. } = pace {
                    due += each;
                }
            }
            let waits = match pace {
                Pace::Reads => false,
                Pace::ClosedLoop => may_write && now < due,
                Pace::Every { .. } => now < end && due < end,
            };
            let heard = async {
                if self.line.is_none() {
                    self.come_back().await?;
                    run.returns.set(run.returns.get() + 1);
                }
                self.say().await?;
                let line = self.line()?;
                tokio::select! {
                    biased;
                    message = line.next() => message.map_err(LoadError::from).map(Some),
                    () = sleep_until(due), if waits => Ok(None),
                    _ = run.over.wait_for(|over| *over) => Err(LoadError::Over),
                }
            };
            match heard.await.and_then(|message| self.hear_all(message, &run)) {
                Ok(()) => tries = 0,
                Err(LoadError::Over) => return Ok(()),
                Err(error) if error.passes() && tries < TRIES_MAX => {
                    tries += 1;
                    self.lose();
                    sleep(REST).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn line(&mut self) -> Result<&mut Line, ClientError> {
        self.line.as_mut().ok_or(ClientError::Closed)
    }

    fn write(&mut self, author: &mut Author, at: Instant) -> Result<(), LoadError> {
        let mut history = self.table.history.borrow_mut();
        let mut replica = self.replica.borrow_mut();
        let deps = history.hashes(replica.heads());
        let change = author.write(deps, replica.next_op(), milliseconds());
        let place = history.make(&change, at)?;
        replica.make(&history, place);
        self.news.push(place);
        Ok(())
    }

    fn hear_all(&mut self, first: Option<Option<Message>>, run: &Run) -> Result<(), LoadError> {
        let Some(first) = first else { return Ok(()) };
        if let Some(message) = first {
            self.hear(&message, Some(run))?;
        }
        for _ in 1..MESSAGES_AT_ONCE_MAX {
            match self.line()?.next_at_once() {
                Some(message) => {
                    if let Some(message) = message? {
                        self.hear(&message, Some(run))?;
                    }
                }
                None => break,
            }
        }
        Ok(())
    }

    fn hear(&mut self, message: &Message, run: Option<&Run>) -> Result<(), LoadError> {
        if matches!(message, Message::DocUnavailable { .. }) {
            return Err(LoadError::NotThere);
        }
        let Message::Sync { document, data, .. } = message else { return Ok(()) };
        if document.id() != Some(self.seat.document) {
            return Ok(());
        }
        let mut history = self.table.history.borrow_mut();
        let brought = self.replica.borrow_mut().hear(&mut history, data)?;
        let Some(run) = run else { return Ok(()) };
        let (mut tally, now) = (run.tally.borrow_mut(), Instant::now());
        let moment = |place: &Place| history.get(*place).and_then(|made| made.moment);
        brought.fresh.iter().filter_map(moment).for_each(|made| tally.delivered(made, now));
        brought.saved.iter().filter_map(moment).for_each(|made| tally.saved(made, now));
        Ok(())
    }

    async fn say(&mut self) -> Result<(), ClientError> {
        let is_here = self.replica.borrow().is_here();
        let data = self.replica.borrow_mut().speak(&self.table.history.borrow(), &self.news);
        self.news.clear();
        let Some(data) = data else { return Ok(()) };
        let Some(line) = &mut self.line else { return Err(ClientError::Closed) };
        let (sender, target) = (line.peer().clone(), line.server().clone());
        let (document, data) = (self.seat.document.into(), data.into());
        let message = if is_here {
            Message::Sync { document, sender, target, data }
        } else {
            Message::Request { document, sender, target, data }
        };
        line.feed(message.encode()).await?;
        line.flush().await
    }
}

/// Milliseconds since 1970.
pub(super) fn milliseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
