//! What waits to be written to one socket: bounded, in order, never dropped in part.
//!
//! Automerge's sync assumes a stream without holes, so a frame that finds no room ends the
//! socket: the peer comes back and resumes from what it has. Room is counted by socket, and in
//! bytes by participant as well (`share`): there the frame that is being written counts too.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use crate::share::Share;

/// Most frames that wait for one socket: some seconds of a room that types.
const OUTBOX_FRAMES_MAX: usize = 1_024;

/// Most bytes that may wait before a further frame is refused. A frame larger than this still
/// goes when nothing else waits.
const OUTBOX_BYTES_MAX: usize = 16 << 20;

/// How a socket ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    /// The WebSocket close code.
    pub(crate) code: u16,
    /// For the peer's developer.
    pub(crate) reason: String,
}

impl Ending {
    pub(crate) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// 1001: the server goes away.
    pub(crate) fn stopping() -> Self {
        Self::new(1001, "the server is stopping: come back in a moment")
    }
}

/// Why a frame was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The peer does not keep up.
    Full,
    /// The socket is gone.
    Gone,
}

/// The shard's end. Dropped without a word, the socket ends as when the server stops.
#[derive(Debug)]
pub(crate) struct Outbox {
    /// Each with what it counts for in the share.
    frames: mpsc::Sender<(Bytes, usize)>,
    state: Arc<State>,
}

/// The socket's end.
#[derive(Debug)]
pub(crate) struct Outgoing {
    frames: mpsc::Receiver<(Bytes, usize)>,
    state: Arc<State>,
    /// What the frame counts for that was given out last: it is written once the next is asked
    /// for.
    writing: usize,
}

#[derive(Debug)]
struct State {
    share: Arc<Share>,
    waiting_bytes: AtomicUsize,
    /// What this socket takes of its share: what waits, and what is being written.
    unread_bytes: AtomicUsize,
    was_used: AtomicBool,
    ending: OnceLock<Ending>,
    cut: Notify,
}

impl Drop for State {
    fn drop(&mut self) {
        self.share.release(*self.unread_bytes.get_mut());
    }
}

/// A new outbox of somebody with this share: its two ends.
pub(crate) fn outbox(share: Arc<Share>) -> (Outbox, Outgoing) {
    let (sender, frames) = mpsc::channel(OUTBOX_FRAMES_MAX);
    let state = Arc::new(State {
        share,
        waiting_bytes: AtomicUsize::new(0),
        unread_bytes: AtomicUsize::new(0),
        was_used: AtomicBool::new(false),
        ending: OnceLock::new(),
        cut: Notify::new(),
    });
    let outbox = Outbox { frames: sender, state: Arc::clone(&state) };
    (outbox, Outgoing { frames, state, writing: 0 })
}

impl Outbox {
    /// Puts a frame behind those that wait.
    pub(crate) fn send(&self, frame: Bytes) -> Result<(), Refused> {
        let bytes = frame.len();
        let waiting = self.state.waiting_bytes.load(Ordering::Acquire);
        if waiting > 0 && waiting + bytes > OUTBOX_BYTES_MAX {
            return Err(Refused::Full);
        }
        let counted = self.state.share.admit(bytes).ok_or(Refused::Full)?;
        self.state.unread_bytes.fetch_add(counted, Ordering::AcqRel);
        self.state.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        // What is refused here stays counted until the socket is gone, which is at once.
        self.frames.try_send((frame, counted)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => Refused::Full,
            mpsc::error::TrySendError::Closed(_) => Refused::Gone,
        })?;
        self.state.was_used.store(true, Ordering::Release);
        Ok(())
    }

    /// Ends the socket after what waits.
    pub(crate) fn close(self, ending: Ending) {
        // The first ending counts; dropping the sender lets the socket find it.
        self.state.ending.set(ending).ok();
    }

    /// Ends the socket at once: what waits is not written any more.
    pub(crate) fn cut(self, ending: Ending) {
        self.state.ending.set(ending).ok();
        self.state.cut.notify_one();
    }
}

impl Outgoing {
    /// The next frame; `None` once there is none any more, and [`Self::ending`] says why.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        let written = std::mem::take(&mut self.writing);
        self.state.unread_bytes.fetch_sub(written, Ordering::AcqRel);
        self.state.share.release(written);
        tokio::select! {
            biased;
            () = self.state.cut.notified() => None,
            frame = self.frames.recv() => {
                let (frame, counted) = frame?;
                self.state.waiting_bytes.fetch_sub(frame.len(), Ordering::AcqRel);
                self.writing = counted;
                Some(frame)
            }
        }
    }

    /// Returns when the socket is to end at once.
    pub(crate) async fn until_cut(&self) {
        self.state.cut.notified().await;
    }

    /// Whether anything was ever sent: the first frame is the answer to `join`.
    pub(crate) fn was_used(&self) -> impl Fn() -> bool + use<> {
        let state = Arc::clone(&self.state);
        move || state.was_used.load(Ordering::Acquire)
    }

    /// How the socket ends.
    pub(crate) fn ending(&self) -> Ending {
        self.state.ending.get().cloned().unwrap_or_else(Ending::stopping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::UNREAD_BYTES_MAX;

    #[tokio::test]
    async fn what_was_sent_is_written_before_the_end() {
        let (outbox, mut outgoing) = outbox(Arc::new(Share::new()));
        let was_used = outgoing.was_used();
        assert!(!was_used());
        outbox.send(Bytes::from_static(b"a")).unwrap();
        outbox.send(Bytes::from_static(b"b")).unwrap();
        assert!(was_used());
        outbox.close(Ending::new(1008, "no"));
        assert_eq!(outgoing.next().await.as_deref(), Some(&b"a"[..]));
        assert_eq!(outgoing.next().await.as_deref(), Some(&b"b"[..]));
        assert_eq!(outgoing.next().await, None);
        assert_eq!(outgoing.ending(), Ending::new(1008, "no"));
    }

    #[tokio::test]
    async fn a_full_outbox_refuses_and_a_cut_does_not_wait() {
        let (outbox, mut outgoing) = outbox(Arc::new(Share::new()));
        for _ in 0..OUTBOX_FRAMES_MAX {
            outbox.send(Bytes::from_static(b"x")).unwrap();
        }
        assert_eq!(outbox.send(Bytes::from_static(b"x")), Err(Refused::Full));
        outbox.cut(Ending::new(1013, "slow"));
        assert_eq!(outgoing.next().await, None);
        assert_eq!(outgoing.ending().code, 1013);
    }

    #[tokio::test]
    async fn bytes_are_bounded_but_a_large_frame_alone_goes() {
        let (outbox, mut outgoing) = outbox(Arc::new(Share::new()));
        outbox.send(Bytes::from(vec![0; OUTBOX_BYTES_MAX + 1])).unwrap();
        assert_eq!(outbox.send(Bytes::from_static(b"x")), Err(Refused::Full));
        assert!(outgoing.next().await.is_some());
        outbox.send(Bytes::from_static(b"x")).unwrap();
        drop(outgoing);
        assert_eq!(outbox.send(Bytes::from_static(b"x")), Err(Refused::Gone));
    }
    /// Goal: who opens many sockets and reads none gets no more memory than one share.
    #[tokio::test]
    async fn bytes_are_bounded_over_all_sockets_of_a_participant() {
        const FRAME_BYTES: usize = 1 << 20;
        let share = Arc::new(Share::new());
        let mut sockets: Vec<_> = (0..100).map(|_| outbox(Arc::clone(&share))).collect();
        let frame = Bytes::from(vec![0; FRAME_BYTES]);
        let taken = sockets.iter().map(|(outbox, _)| outbox.send(frame.clone())).collect();
        let taken: Vec<Result<(), Refused>> = taken;
        let room = UNREAD_BYTES_MAX / FRAME_BYTES;
        assert!(taken[..room].iter().all(Result::is_ok));
        assert!(taken[room..].iter().all(|taken| *taken == Err(Refused::Full)));

        let (other, _unread) = outbox(Arc::new(Share::new()));
        other.send(frame.clone()).unwrap();

        // Being written is still waiting; written, closed or gone is not.
        assert!(sockets[0].1.next().await.is_some());
        assert_eq!(sockets[99].0.send(frame.clone()), Err(Refused::Full));
        assert!(poll_once(sockets[0].1.next()).await.is_none());
        sockets[99].0.send(frame.clone()).unwrap();
        assert_eq!(sockets[98].0.send(frame.clone()), Err(Refused::Full));
        drop(sockets.remove(1));
        sockets[97].0.send(frame.clone()).unwrap();
        assert_eq!(sockets[96].0.send(frame.clone()), Err(Refused::Full));

        drop(sockets);
        let huge = Bytes::from(vec![0; UNREAD_BYTES_MAX + 1]);
        let [(first, mut unread), (second, _two), (third, _three)] =
            std::array::from_fn(|_| outbox(Arc::clone(&share)));
        first.send(huge.clone()).unwrap();
        assert_eq!(unread.next().await.as_ref(), Some(&huge), "of any size");
        first.send(frame.clone()).unwrap();
        assert_eq!(second.send(huge.clone()), Err(Refused::Full));
        third.send(frame).unwrap();
    }

    /// What a future gives at once, if anything.
    async fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = future => Some(done),
            () = std::future::ready(()) => None,
        }
    }
}
