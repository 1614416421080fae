//! What waits to be written to one socket: bounded, in order, never dropped in part.
//!
//! Automerge's sync assumes a stream without holes, so a frame that finds no room ends the
//! socket: the peer comes back and resumes from what it has.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

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
    frames: mpsc::Sender<Bytes>,
    state: Arc<State>,
}

/// The socket's end.
#[derive(Debug)]
pub(crate) struct Outgoing {
    frames: mpsc::Receiver<Bytes>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting_bytes: AtomicUsize,
    was_used: AtomicBool,
    ending: OnceLock<Ending>,
    cut: Notify,
}

/// A new outbox: its two ends.
pub(crate) fn outbox() -> (Outbox, Outgoing) {
    let (sender, receiver) = mpsc::channel(OUTBOX_FRAMES_MAX);
    let state = Arc::new(State::default());
    (Outbox { frames: sender, state: Arc::clone(&state) }, Outgoing { frames: receiver, state })
}

impl Outbox {
    /// Puts a frame behind those that wait.
    pub(crate) fn send(&self, frame: Bytes) -> Result<(), Refused> {
        let bytes = frame.len();
        let waiting = self.state.waiting_bytes.load(Ordering::Acquire);
        if waiting > 0 && waiting + bytes > OUTBOX_BYTES_MAX {
            return Err(Refused::Full);
        }
        self.state.waiting_bytes.fetch_add(bytes, Ordering::AcqRel);
        self.frames.try_send(frame).map_err(|refused| match refused {
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
        tokio::select! {
            biased;
            () = self.state.cut.notified() => None,
            frame = self.frames.recv() => {
                let frame = frame?;
                self.state.waiting_bytes.fetch_sub(frame.len(), Ordering::AcqRel);
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

    #[tokio::test]
    async fn what_was_sent_is_written_before_the_end() {
        let (outbox, mut outgoing) = outbox();
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
        let (outbox, mut outgoing) = outbox();
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
        let (outbox, mut outgoing) = outbox();
        outbox.send(Bytes::from(vec![0; OUTBOX_BYTES_MAX + 1])).unwrap();
        assert_eq!(outbox.send(Bytes::from_static(b"x")), Err(Refused::Full));
        assert!(outgoing.next().await.is_some());
        outbox.send(Bytes::from_static(b"x")).unwrap();
        drop(outgoing);
        assert_eq!(outbox.send(Bytes::from_static(b"x")), Err(Refused::Gone));
    }
}
