//! The bounded queue from every shard into the one writer.
//!
//! Room is claimed before an append is made, so a shard can wait for room and for its reports at
//! the same time, and a report never waits for anybody: the channel that an append carries must
//! have a free place for it (a shard counts what it has outstanding).

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use oogst_core::hub::APPEND_ENTRIES_MAX;
use oogst_core::port::Ticket;
use oogst_protocol::event::{Act, Entry, Event};
use oogst_protocol::ids::GatheringId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// Most that waits for the writer, in KiB: eight of the largest messages.
const QUEUE_KIB_MAX: u32 = 64 << 10;

/// What an append weighs at least, in KiB: bounds their number to 16,384.
const APPEND_KIB_MIN: u32 = 4;

/// Most events in one write, so that the first of them waits no longer than one sync.
const BATCH_EVENTS_MAX: usize = 1_024;

/// Most bytes in one write, as estimated.
const BATCH_KIB_MAX: u32 = 4 << 10;

/// What part of the last write's time the next waits for more: a slow disk gets fuller writes, and
/// nobody is acknowledged noticeably later.
const GATHER_PART: u32 = 8;

/// What one entry takes beside its changes, in bytes: ids, time, heads, a few contributions.
const ENTRY_BYTES: usize = 256;

/// The log takes nothing more: the server is stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log is closed: the server is stopping")]
pub struct LogClosed;

/// Entries on their way into one gathering's stream: all or none, in this order.
#[derive(Debug)]
pub struct Append {
    /// Comes back in [`Recorded`].
    pub ticket: Ticket,
    /// Whose stream.
    pub gathering: GatheringId,
    /// One to [`APPEND_ENTRIES_MAX`].
    pub entries: Vec<Entry>,
    /// Where to report. It must have a free place.
    pub report: mpsc::Sender<Recorded>,
}

impl Append {
    /// What it weighs in the queue, in KiB.
    fn kib(&self) -> u32 {
        let bytes: usize = self.entries.iter().map(entry_bytes).sum();
        let kib = u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(QUEUE_KIB_MAX);
        kib.clamp(APPEND_KIB_MIN, QUEUE_KIB_MAX)
    }
}

fn entry_bytes(entry: &Entry) -> usize {
    if let Act::Changed { changes, contributions, heads, .. } = &entry.act {
        let changes: usize = changes.iter().map(|change| change.0.len() + 8).sum();
        ENTRY_BYTES + changes + 24 * contributions.len() + 34 * heads.len()
    } else if let Act::DocumentOpened { template, .. } = &entry.act {
        ENTRY_BYTES + template.0.len()
    } else {
        ENTRY_BYTES
    }
}

/// An append's events, in their places, durable.
#[derive(Debug)]
pub struct Recorded {
    /// The append's.
    pub ticket: Ticket,
    /// What it became.
    pub events: Vec<Arc<Event>>,
}

/// Room in the queue for one append.
#[derive(Debug)]
pub struct Room {
    queue: Arc<Queue>,
    permit: OwnedSemaphorePermit,
}

impl Room {
    /// Hands the append to the writer. It is reported exactly once, when it is durable.
    ///
    /// # Errors
    ///
    /// [`LogClosed`]: it will never be written.
    ///
    /// # Panics
    ///
    /// When the append has no entries or more than [`APPEND_ENTRIES_MAX`]: our bug.
    pub fn append(self, append: Append) -> Result<(), LogClosed> {
        assert!((1..=APPEND_ENTRIES_MAX).contains(&append.entries.len()), "an append is bounded");
        let mut state = self.queue.lock();
        if state.closed {
            return Err(LogClosed);
        }
        state.waiting.push_back(Waiting { append, permit: self.permit });
        let wakes = state.waiting.len() == state.wanted;
        drop(state);
        // A call to the kernel, also where nobody waits: under load the writer comes by itself.
        if wakes {
            self.queue.came.notify_one();
        }
        Ok(())
    }
}

/// The queue's open end.
#[derive(Clone, Debug)]
pub struct Appends(Arc<Queue>);

impl Appends {
    /// Waits for room for this append. Dropping the future claims nothing.
    ///
    /// # Errors
    ///
    /// [`LogClosed`].
    pub async fn room(&self, append: &Append) -> Result<Room, LogClosed> {
        let room = Arc::clone(&self.0.room).acquire_many_owned(append.kib()).await;
        room.map(|permit| Room { queue: Arc::clone(&self.0), permit }).map_err(|_| LogClosed)
    }

    pub(super) fn new() -> Self {
        Self(Arc::new(Queue {
            state: Mutex::new(State { waiting: VecDeque::new(), closed: false, wanted: 0 }),
            came: Condvar::new(),
            room: Arc::new(Semaphore::new(QUEUE_KIB_MAX as usize)),
        }))
    }

    /// Takes no more; what waits is still written.
    pub(super) fn close(&self) {
        self.0.lock().closed = true;
        self.0.room.close();
        self.0.came.notify_one();
    }

    /// Waits up to `at_most` for appends and takes all that wait, up to one write's bounds.
    ///
    /// `before` is the last write. Those who were told of it come back, many of them at once and
    /// later than the first: without a moment for them every other write would be nearly empty.
    pub(super) fn take(&self, at_most: Duration, before: Before) -> Taken {
        let mut state = self.0.lock();
        let all = (before.appends + state.waiting.len()).min(BATCH_EVENTS_MAX);
        if all > 1 {
            state = self.0.sleep(state, all, before.took / GATHER_PART);
        }
        if state.waiting.is_empty() {
            state = self.0.sleep(state, 1, at_most);
        }
        let (mut taken, mut events, mut kib) = (Vec::new(), 0, 0);
        while events < BATCH_EVENTS_MAX && kib < BATCH_KIB_MAX {
            let Some(Waiting { append, permit }) = state.waiting.pop_front() else { break };
            events += append.entries.len();
            kib += append.kib();
            taken.push(append);
            drop(permit);
        }
        match (taken.is_empty(), state.closed) {
            (false, _) => Taken::Appends(taken),
            (true, false) => Taken::Nothing,
            (true, true) => Taken::Closed,
        }
    }
}

/// The write before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    /// How many appends it brought to the disk.
    pub(super) appends: usize,
    /// How long the disk took.
    pub(super) took: Duration,
}

/// What the writer got.
pub(super) enum Taken {
    /// These, oldest first.
    Appends(Vec<Append>),
    /// Nothing came in time.
    Nothing,
    /// Nothing more will come.
    Closed,
}

#[derive(Debug)]
struct Queue {
    state: Mutex<State>,
    came: Condvar,
    room: Arc<Semaphore>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the writer sleep until so many appends wait, or the queue is closed.
    fn sleep<'q>(
        &'q self,
        mut state: MutexGuard<'q, State>,
        wanted: usize,
        at_most: Duration,
    ) -> MutexGuard<'q, State> {
        state.wanted = wanted;
        let idle = |state: &mut State| state.waiting.len() < wanted && !state.closed;
        let woken = self.came.wait_timeout_while(state, at_most, idle);
        let (mut state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        state.wanted = 0;
        state
    }
}

#[derive(Debug)]
struct State {
    waiting: VecDeque<Waiting>,
    closed: bool,
    /// How many appends the writer sleeps for; 0 while it is awake.
    wanted: usize,
}

#[derive(Debug)]
struct Waiting {
    append: Append,
    permit: OwnedSemaphorePermit,
}

#[cfg(test)]
mod tests {
    use oogst_protocol::event::{By, Role};
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    /// Longer than any machine is slow.
    const LONG: Duration = Duration::from_secs(80);

    fn append(appends: &Appends) {
        let entry = Entry {
            at: Timestamp::default(),
            by: By { participant: None, role: Role::Operator },
            act: Act::GatheringRetitled { title: "Dag".to_owned() },
        };
        let (report, _) = mpsc::channel(1);
        let gathering = GatheringId::new(Uuid::nil());
        let append = Append { ticket: Ticket(1), gathering, entries: vec![entry], report };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(appends.room(&append)).unwrap().append(append).unwrap();
    }

    /// What one write takes after `before`, while `number` come one after the other.
    fn taken(before: Before, number: usize) -> usize {
        let appends = Appends::new();
        let ours = appends.clone();
        let others = std::thread::spawn(move || (0..number).for_each(|_| append(&ours)));
        let Taken::Appends(taken) = appends.take(LONG, before) else {
            panic!("appends were on their way");
        };
        others.join().unwrap();
        taken.len()
    }

    #[test]
    fn who_was_told_together_is_waited_for_and_written_together() {
        let before = Before { appends: 40, took: LONG };
        assert_eq!(taken(before, 40), 40, "an eighth of a long write is a long time");
    }

    /// Goal: nobody waits for people who stopped.
    #[test]
    fn an_append_alone_goes_at_once_and_others_do_not_wait_for_ever() {
        assert_eq!(taken(Before { appends: 1, took: LONG }, 1), 1);
        assert_eq!(taken(Before::default(), 1), 1);
        assert_eq!(taken(Before { appends: 40, took: Duration::from_millis(8) }, 1), 1);
    }

    #[test]
    fn a_queue_that_closes_waits_for_nobody() {
        let appends = Appends::new();
        append(&appends);
        appends.close();
        let before = Before { appends: 40, took: LONG };
        assert!(matches!(appends.take(LONG, before), Taken::Appends(taken) if taken.len() == 1));
        assert!(matches!(appends.take(LONG, before), Taken::Closed));
    }
}
