//! Shards: each owns a hub on a thread of its own, and the gatherings that fall to it.
//!
//! Invariant: all of a gathering lives in one shard, so the core needs no locks. A shard reads a
//! gathering from the log before the core hears anything about it, stamps each batch with one
//! moment, and hands over what is durable before it takes anything new.
//!
//! Way in: [`Shards`]. The loop itself is in `worker`; a socket's two halves are in `socket`.

mod snapshots;
#[cfg(test)]
pub(crate) mod tests;
mod worker;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use oogst_core::port::{Answer, Caller, Command, ConnectionId, Question, Refusal};
use oogst_core::view::Snapshot;
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use crate::fatal;
use crate::log::EventLog;
use crate::outbox::{Outbox, Outgoing, outbox};
use crate::share::{Place, Share, Shares};
use crate::views::Views;
use snapshots::Snapshots;
use worker::Worker;

/// Most that waits for one shard: beyond it sockets are not read and requests wait.
const MAILBOX_MAILS_MAX: usize = 1_024;

/// Most KiB of frames that wait for one shard: eight of the largest.
const MAILBOX_KIB_MAX: u32 = 64 << 10;

/// How long a request waits for room in a mailbox.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);

/// What an operator or a test may set.
#[derive(Clone, Copy, Debug)]
pub struct ShardOptions {
    /// Threads; 0: one a core.
    pub count: u16,
    /// How long a gathering that nobody uses stays in memory.
    pub idle: Duration,
}

impl Default for ShardOptions {
    fn default() -> Self {
        Self { count: 0, idle: Duration::from_secs(300) }
    }
}

/// Why a command or question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The core says no. The caller's fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too busy, stopping, or the gathering can't be read. Nobody's fault who asks: come back.
    #[error("the server can't answer now: come back in a moment")]
    Overloaded,
}

/// All shards. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Shards(Arc<Inner>);

struct Inner {
    mailboxes: Vec<Mailbox>,
    shares: Shares,
    next_connection: AtomicU64,
    stopping: watch::Sender<bool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Shards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shards({})", self.0.mailboxes.len())
    }
}

impl Shards {
    /// Starts the shards' threads. Without `views` there are no snapshots: whoever comes to a long
    /// document is sent it change by change.
    ///
    /// # Errors
    ///
    /// The system's, when it gives no thread.
    pub fn start(
        log: &Arc<dyn EventLog>,
        views: Option<&Views>,
        options: ShardOptions,
    ) -> io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let count = if options.count == 0 { cores } else { usize::from(options.count) };
        let (stopping, stop) = watch::channel(false);
        let mut mailboxes = Vec::with_capacity(count);
        let mut threads = Vec::with_capacity(count);
        for number in 0..count {
            let (sender, mails) = mpsc::channel(MAILBOX_MAILS_MAX);
            let room = Arc::new(Semaphore::new(MAILBOX_KIB_MAX as usize));
            let snapshots = Snapshots::new(views.cloned(), sender.downgrade());
            mailboxes.push(Mailbox { mails: sender, room });
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
            let (log, stop) = (Arc::clone(log), stop.clone());
            let worker = Worker::new(log, snapshots, mails, stop, options.idle);
            let run = move || fatal::end_on_panic("shard", || runtime.block_on(worker.run()));
            let thread = std::thread::Builder::new().name(format!("oogst-shard-{number}"));
            threads.push(thread.spawn(run)?);
        }
        Ok(Self(Arc::new(Inner {
            mailboxes,
            shares: Shares::default(),
            next_connection: AtomicU64::new(1),
            stopping,
            threads: Mutex::new(threads),
        })))
    }

    /// Has something done. What the answer tells of is durable.
    ///
    /// # Errors
    ///
    /// [`AskError`].
    pub async fn command(
        &self,
        gathering: GatheringId,
        caller: Caller,
        command: Command,
    ) -> Result<Answer, AskError> {
        let command = Box::new(command);
        self.ask(gathering, |answer| Mail::Command { gathering, caller, command, answer }).await
    }

    /// Asks something.
    ///
    /// # Errors
    ///
    /// [`AskError`].
    pub async fn question(
        &self,
        gathering: GatheringId,
        caller: Caller,
        question: Question,
    ) -> Result<Answer, AskError> {
        self.ask(gathering, |answer| Mail::Question { gathering, caller, question, answer }).await
    }

    async fn ask(
        &self,
        gathering: GatheringId,
        mail: impl FnOnce(oneshot::Sender<Result<Answer, Refusal>>) -> Mail,
    ) -> Result<Answer, AskError> {
        let (tell, answer) = oneshot::channel();
        let sent = self.mailbox(gathering).mails.send_timeout(mail(tell), REQUEST_PATIENCE);
        sent.await.map_err(|_| AskError::Overloaded)?;
        Ok(answer.await.map_err(|_| AskError::Overloaded)??)
    }

    /// Opens a connection for a socket; `None` when the server is stopping.
    pub(crate) async fn connect(
        &self,
        gathering: GatheringId,
        participant: ParticipantId,
    ) -> Option<(Connection, Outgoing)> {
        let id = ConnectionId(self.0.next_connection.fetch_add(1, Ordering::Relaxed));
        let share = self.0.shares.of(participant);
        let (outbox, outgoing) = outbox(Arc::clone(&share));
        let mailbox = self.mailbox(gathering).clone();
        let opened = Mail::Opened { connection: id, gathering, participant, outbox };
        mailbox.mails.send(opened).await.ok()?;
        Some((Connection { id, mailbox, share }, outgoing))
    }

    /// Takes nothing new, waits until all that was accepted is durable and told, closes every
    /// socket with 1001 and returns. Blocks; a second call returns at once.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            thread.join().expect("a shard ends the process rather than panic");
        }
    }

    fn mailbox(&self, gathering: GatheringId) -> &Mailbox {
        let (low, _) = gathering.uuid().as_u64_pair();
        let count = self.0.mailboxes.len();
        let index = usize::try_from(low % count as u64).expect("less than the number of shards");
        &self.0.mailboxes[index]
    }
}

/// The open end of a shard's mailbox.
#[derive(Clone)]
struct Mailbox {
    mails: mpsc::Sender<Mail>,
    room: Arc<Semaphore>,
}

/// What comes into a shard.
enum Mail {
    Opened {
        connection: ConnectionId,
        gathering: GatheringId,
        participant: ParticipantId,
        outbox: Outbox,
    },
    Frame {
        connection: ConnectionId,
        bytes: Bytes,
        /// Gives its room back when the frame was handled.
        room: OwnedSemaphorePermit,
        /// Its place among the frames of its participant.
        place: Place,
    },
    Closed {
        connection: ConnectionId,
    },
    Command {
        gathering: GatheringId,
        caller: Caller,
        command: Box<Command>,
        answer: oneshot::Sender<Result<Answer, Refusal>>,
    },
    Question {
        gathering: GatheringId,
        caller: Caller,
        question: Question,
        answer: oneshot::Sender<Result<Answer, Refusal>>,
    },
    Snapshot {
        gathering: GatheringId,
        document: DocumentId,
        /// `None` where the views have none now.
        snapshot: Option<Snapshot>,
    },
}

/// The shard took nothing: it has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stopped;

/// A socket's way to its shard.
pub(crate) struct Connection {
    id: ConnectionId,
    mailbox: Mailbox,
    share: Arc<Share>,
}

impl Connection {
    /// Hands over a frame; waits while the shard has more than it can take, of this participant or
    /// of all, and so the socket is not read.
    pub(crate) async fn frame(&self, bytes: Bytes) -> Result<(), Stopped> {
        let place = self.share.place().await.map_err(|_| Stopped)?;
        let kib = u32::try_from(bytes.len().div_ceil(1 << 10)).unwrap_or(MAILBOX_KIB_MAX);
        let room = Arc::clone(&self.mailbox.room);
        let room = room.acquire_many_owned(kib.clamp(1, MAILBOX_KIB_MAX)).await;
        let room = room.map_err(|_| Stopped)?;
        let mail = Mail::Frame { connection: self.id, bytes, room, place };
        self.mailbox.mails.send(mail).await.map_err(|_| Stopped)
    }

    /// Says that the socket is gone.
    pub(crate) async fn closed(self) {
        // A shard that has stopped knows.
        self.mailbox.mails.send(Mail::Closed { connection: self.id }).await.ok();
    }
}
