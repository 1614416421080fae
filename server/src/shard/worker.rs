//! A shard's loop: reports of the log first, then room in the log, then the mailbox.
//!
//! It cannot deadlock: it never waits for the log without listening to the log's reports, and a
//! report always finds its place (`outstanding` is what the channel holds). While appends wait
//! for room nothing new is taken, so what waits is bounded by one batch.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use oogst_core::hub::{Hub, HubConfig, SNAPSHOT_CHANGES_MIN};
use oogst_core::port::{
    self, Answer, CloseCode, Command, ConnectionId, Effect, Input, Refusal, RequestId,
};
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_protocol::time::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::MissedTickBehavior;

use super::Mail;
use super::snapshots::Snapshots;
use crate::log::{Append, Appends, EventLog, LogClosed, Recorded, Room};
use crate::outbox::{Ending, Outbox, Refused};
use crate::share::{LANE_FRAMES_MAX, Place};

/// Most inputs handled under one moment.
const BATCH_MAILS_MAX: usize = 256;

/// Most appends of one shard on their way to the disk.
const OUTSTANDING_APPENDS_MAX: usize = 4_096;

/// A frame that takes no longer than this is free. An edit takes some microseconds.
const FREE_TIME: Duration = Duration::from_millis(5);

/// What is left of a shard for everybody else, as a multiple of what one participant can take.
const OTHERS_SHARE: u32 = 3;

/// How often the core is told that time goes on.
const TICK: Duration = Duration::from_secs(1);

/// How long a stop waits for the disk.
const STOP_PATIENCE: Duration = Duration::from_secs(3);

/// Shortest time a gathering stays in memory.
const SWEEP_MIN: Duration = Duration::from_millis(20);

/// The close code for a fault of ours.
const INTERNAL_FAULT: u16 = 1011;

type Answering = oneshot::Sender<Result<Answer, Refusal>>;

/// A shard: what it listens to, and what it does with it.
pub(super) struct Worker {
    mails: mpsc::Receiver<Mail>,
    reports: mpsc::Receiver<Recorded>,
    stop: watch::Receiver<bool>,
    shell: Shell,
}

/// The hub and everything that its effects need.
struct Shell {
    hub: Hub,
    log: Arc<dyn EventLog>,
    snapshots: Snapshots,
    appends: Appends,
    report: mpsc::Sender<Recorded>,
    idle: Duration,
    now: Timestamp,
    effects: Vec<Effect>,
    outboxes: HashMap<ConnectionId, Outbox>,
    requests: HashMap<RequestId, Answering>,
    next_request: u64,
    /// Appends that wait for room in the log.
    backlog: VecDeque<Append>,
    /// Appends that the log has and has not reported.
    outstanding: usize,
    /// When each gathering in memory was last used.
    used: HashMap<GatheringId, Instant>,
    /// Gatherings whose stream is damaged: shut off, so that the others go on.
    unreadable: HashSet<GatheringId>,
}

/// Why the loop goes round.
enum Woken {
    Reports,
    Room(Result<Room, LogClosed>),
    Mails,
    Sweep,
    Tick,
    Stop,
}

impl Worker {
    pub(super) fn new(
        log: Arc<dyn EventLog>,
        snapshots: Snapshots,
        mails: mpsc::Receiver<Mail>,
        stop: watch::Receiver<bool>,
        idle: Duration,
    ) -> Self {
        let (report, reports) = mpsc::channel(OUTSTANDING_APPENDS_MAX);
        let hub = Hub::new(HubConfig {
            server_peer_id: format!("oogst-{}", log.identity()),
            storage_id: log.identity().to_string(),
            snapshot_changes_min: SNAPSHOT_CHANGES_MIN,
        });
        let shell = Shell {
            hub,
            appends: log.appends(),
            log,
            snapshots,
            report,
            idle,
            now: Timestamp::default(),
            effects: Vec::new(),
            outboxes: HashMap::new(),
            requests: HashMap::new(),
            next_request: 1,
            backlog: VecDeque::new(),
            outstanding: 0,
            used: HashMap::new(),
            unreadable: HashSet::new(),
        };
        Self { mails, reports, stop, shell }
    }

    pub(super) async fn run(mut self) {
        let mut reports = Vec::with_capacity(BATCH_MAILS_MAX);
        let mut mails = Vec::with_capacity(BATCH_MAILS_MAX);
        let shell = &mut self.shell;
        let mut sweep = tokio::time::interval(shell.idle.max(SWEEP_MIN) / 2);
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let woken = tokio::select! {
                biased;
                _ = self.reports.recv_many(&mut reports, BATCH_MAILS_MAX) => Woken::Reports,
                _ = self.stop.wait_for(|stop| *stop) => Woken::Stop,
                room = room(&shell.appends, shell.next_append()) => Woken::Room(room),
                _ = sweep.tick() => Woken::Sweep,
                _ = tick.tick(), if shell.backlog.is_empty() => Woken::Tick,
                count = self.mails.recv_many(&mut mails, BATCH_MAILS_MAX),
                    if shell.backlog.is_empty() =>
                    if count == 0 { Woken::Stop } else { Woken::Mails },
            };
            shell.now = shell.now.max(clock());
            match woken {
                Woken::Reports => shell.recorded(reports.drain(..)),
                Woken::Room(Ok(room)) => shell.append(room),
                // The log has ended the process, or is about to.
                Woken::Room(Err(LogClosed)) => return,
                Woken::Mails => mails.drain(..).for_each(|mail| shell.open(mail)),
                Woken::Sweep => shell.sweep(),
                Woken::Tick => shell.handle(Input::Tick),
                Woken::Stop => break,
            }
        }
        self.finish().await;
    }

    /// Lets what was accepted become durable and be told, then closes every socket.
    async fn finish(mut self) {
        self.mails.close();
        let shell = &mut self.shell;
        let deadline = tokio::time::Instant::now() + STOP_PATIENCE;
        while shell.outstanding + shell.backlog.len() > 0 {
            tokio::select! {
                biased;
                Some(report) = self.reports.recv() => shell.recorded([report]),
                room = room(&shell.appends, shell.next_append()) => match room {
                    Ok(room) => shell.append(room),
                    Err(LogClosed) => break,
                },
                () = tokio::time::sleep_until(deadline) => {
                    tracing::warn!("the disk was too slow to write all that was accepted");
                    break;
                }
            }
        }
        for (_, outbox) in shell.outboxes.drain() {
            outbox.close(Ending::stopping());
        }
    }
}

impl Shell {
    fn next_append(&self) -> Option<&Append> {
        self.backlog.front().filter(|_| self.outstanding < OUTSTANDING_APPENDS_MAX)
    }

    fn append(&mut self, room: Room) {
        let append = self.backlog.pop_front().expect("room is asked for the first that waits");
        // A closed log ends the process; what it did not take was told to nobody.
        if room.append(append).is_ok() {
            self.outstanding += 1;
        }
    }

    fn recorded(&mut self, reports: impl IntoIterator<Item = Recorded>) {
        let reports = reports.into_iter().map(|Recorded { ticket, events }| {
            self.outstanding -= 1;
            port::Recorded { ticket: Some(ticket), events }
        });
        let reports = reports.collect();
        self.handle(Input::Recorded(reports));
    }

    fn open(&mut self, mail: Mail) {
        match mail {
            Mail::Opened { connection, gathering, participant, outbox } => {
                if self.load(gathering) {
                    self.outboxes.insert(connection, outbox);
                    self.handle(Input::Opened { connection, gathering, participant });
                } else {
                    let reason = "the server can't read this gathering";
                    outbox.close(Ending::new(INTERNAL_FAULT, reason));
                }
            }
            Mail::Frame { connection, bytes, room, place } => {
                // What came behind the frame that closed its socket counts no more.
                if self.outboxes.contains_key(&connection) {
                    let began = Instant::now();
                    self.handle(Input::Frame { connection, bytes });
                    give_back(place, began.elapsed());
                }
                drop(room);
            }
            Mail::Closed { connection } => {
                self.outboxes.remove(&connection);
                self.handle(Input::Closed { connection });
            }
            Mail::Command { gathering, caller, command, answer } => {
                let is_new = matches!(*command, Command::OpenGathering { .. });
                if let Some(request) = self.asked(gathering, is_new, answer) {
                    self.handle(Input::Command { request, gathering, caller, command });
                }
            }
            Mail::Question { gathering, caller, question, answer } => {
                if let Some(request) = self.asked(gathering, false, answer) {
                    self.handle(Input::Question { request, gathering, caller, question });
                }
            }
            Mail::Snapshot { gathering, document, snapshot } => {
                self.handle(Input::Snapshot { gathering, document, snapshot });
            }
        }
    }

    /// Notes who waits for an answer. A gathering without an event is not loaded for a question:
    /// the core says that there is none.
    fn asked(
        &mut self,
        gathering: GatheringId,
        is_new: bool,
        answer: Answering,
    ) -> Option<RequestId> {
        let exists = is_new || self.log.last(gathering) > Seq::ZERO;
        if exists && !self.load(gathering) {
            return None;
        }
        let request = RequestId(self.next_request);
        self.next_request += 1;
        self.requests.insert(request, answer);
        Some(request)
    }

    /// Brings a gathering into memory, where it is not; `false` where its stream can't be read.
    fn load(&mut self, gathering: GatheringId) -> bool {
        if self.unreadable.contains(&gathering) {
            return false;
        }
        self.used.insert(gathering, Instant::now());
        if self.hub.holds(gathering) {
            return true;
        }
        match self.log.read(gathering, Seq::ZERO, usize::MAX) {
            Ok(events) => {
                self.handle(Input::Loaded { gathering, events });
                true
            }
            Err(fault) => {
                tracing::error!("a gathering is shut off: {fault}");
                self.used.remove(&gathering);
                self.unreadable.insert(gathering);
                false
            }
        }
    }

    fn handle(&mut self, input: Input) {
        let mut effects = std::mem::take(&mut self.effects);
        self.hub.handle(self.now, input, &mut effects);
        let mut gone = Vec::new();
        for effect in effects.drain(..) {
            gone.extend(self.perform(effect));
        }
        self.effects = effects;
        for connection in gone {
            self.handle(Input::Closed { connection });
        }
    }

    /// Performs an effect; gives the connection that it ended.
    fn perform(&mut self, effect: Effect) -> Option<ConnectionId> {
        match effect {
            Effect::Append { ticket, gathering, entries } => {
                let report = self.report.clone();
                self.backlog.push_back(Append { ticket, gathering, entries, report });
                None
            }
            Effect::Snapshot { gathering, document } => {
                self.snapshots.ask(gathering, document);
                None
            }
            Effect::Send { connection, frame } => {
                let refused = self.outboxes.get(&connection)?.send(frame).err()?;
                let outbox = self.outboxes.remove(&connection)?;
                match refused {
                    Refused::Full => outbox.cut(Ending::new(
                        CloseCode::Overload.number(),
                        "the connection is too slow: come back and resume",
                    )),
                    Refused::Gone => {}
                }
                Some(connection)
            }
            Effect::Close { connection, code, reason } => {
                let outbox = self.outboxes.remove(&connection)?;
                outbox.close(Ending::new(code.number(), reason));
                None
            }
            Effect::Answer { request, answer } => {
                // Whoever went away meanwhile needs no answer.
                self.requests.remove(&request)?.send(answer).ok();
                None
            }
        }
    }

    /// Forgets gatherings that nobody has used for a while.
    fn sweep(&mut self) {
        let idle: Vec<_> = self.hub.idle().collect();
        for gathering in idle {
            let used = self.used.get(&gathering).map_or(self.idle, Instant::elapsed);
            if used >= self.idle && self.hub.forget(gathering) {
                self.used.remove(&gathering);
            }
        }
    }
}

/// Gives a frame's place back to its sender: at once, or after a multiple of the time that the
/// frame took, where that was long. All places of a sender together then leave the others theirs.
fn give_back(place: Place, spent: Duration) {
    if spent > FREE_TIME {
        tokio::spawn(async move {
            tokio::time::sleep(spent * LANE_FRAMES_MAX * OTHERS_SHARE).await;
            drop(place);
        });
    }
}

/// Waits for room for `append`; for ever where there is none.
async fn room(appends: &Appends, append: Option<&Append>) -> Result<Room, LogClosed> {
    match append {
        Some(append) => appends.room(append).await,
        None => std::future::pending().await,
    }
}

fn clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_milliseconds(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
