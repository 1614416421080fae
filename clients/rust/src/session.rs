//! The line to a server: one socket at a time, all of a member's open documents over it.
//!
//! A task of its own owns the socket. It shares the documents with their handles under one lock
//! that nobody holds while waiting: edits go in at once, and the task is told that there is
//! something to say. One message may carry many edits, so no queue can grow here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use automerge::Automerge;
use bytes::Bytes;
use oogst_protocol::ids::DocumentId;
use oogst_protocol::limits::{DOCUMENTS_MAX, MESSAGE_BYTES_MAX};
use oogst_protocol::wire::{Message, PeerId};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::dial::Place;
use crate::document::{Copy, Phase};
use crate::line::Line;
use crate::{ClientError, Document, Server};

/// Longest wait for a connection and for the server's greeting.
const GREETING: Duration = Duration::from_secs(10);

/// Silence after which we ask whether the server is there; after as much again, it is not.
const SILENCE: Duration = Duration::from_secs(20);

/// First rest before connecting again; doubled each time up to the longest.
const REST_FIRST: Duration = Duration::from_millis(100);
const REST_LONGEST: Duration = Duration::from_secs(5);

/// A member's line to the server. Dropping it closes the line.
#[derive(Debug)]
pub struct Session {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Session {
    pub(crate) fn start(server: &Server, token: &str) -> Self {
        let shared = Arc::new(Shared::new());
        let keeper = Keeper {
            shared: Arc::clone(&shared),
            place: server.place().clone(),
            token: token.to_owned(),
            peer: Line::any_peer(),
        };
        Self { shared, task: tokio::spawn(keeper.keep()) }
    }

    /// Opens a document, and waits until it is here whole.
    ///
    /// # Errors
    ///
    /// [`ClientError::Unavailable`] where it does not exist, or not for this member; else why the
    /// session ended.
    pub async fn find(&self, document: DocumentId) -> Result<Document, ClientError> {
        self.find_from(document, Automerge::new()).await
    }

    /// Opens a document with the copy that was kept of it, and waits until both are one. What the
    /// server lacks of the copy is offered to it. A copy of an open document is merged into it by
    /// the caller, not here: `kept` is used when the document is first opened.
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find).
    pub async fn find_from(
        &self,
        document: DocumentId,
        kept: Automerge,
    ) -> Result<Document, ClientError> {
        self.shared.open(document, kept)?;
        self.shared.speak_up();
        let arrived = |copy: &mut Copy| match copy.phase {
            Phase::Asking => None,
            Phase::Ready => Some(Ok(())),
            Phase::Unavailable => Some(Err(ClientError::Unavailable { document })),
        };
        self.shared.wait(document, arrived).await?;
        Ok(Document::new(document, Arc::clone(&self.shared)))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.task.abort();
        self.shared.end(ClientError::Closed);
    }
}

/// What the handles and the line's task share.
#[derive(Debug)]
pub(crate) struct Shared {
    copies: Mutex<Copies>,
    /// There may be something to say.
    speak: Notify,
    /// Something changed that somebody may be waiting for.
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Copies {
    open: BTreeMap<DocumentId, Copy>,
    ended: Option<ClientError>,
}

impl Shared {
    fn new() -> Self {
        Self {
            copies: Mutex::new(Copies::default()),
            speak: Notify::new(),
            news: watch::Sender::new(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Copies> {
        // Only a caller's closure can panic under the lock, and then its edit is rolled back.
        self.copies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, document: DocumentId, kept: Automerge) -> Result<(), ClientError> {
        let mut copies = self.lock();
        let full = copies.open.len() >= DOCUMENTS_MAX;
        match copies.open.get_mut(&document) {
            Some(copy) if copy.phase == Phase::Unavailable => copy.restart(),
            Some(_) => {}
            None if full => return Err(ClientError::TooManyDocuments { limit: DOCUMENTS_MAX }),
            None => drop(copies.open.insert(document, Copy::new(kept))),
        }
        Ok(())
    }

    /// Does something with an open document.
    pub(crate) fn with<T>(&self, document: DocumentId, act: impl FnOnce(&mut Copy) -> T) -> T {
        let mut copies = self.lock();
        act(copies.open.get_mut(&document).expect("a handle is given for an open document alone"))
    }

    /// Tells the line that there may be something to say, and whoever waits that it was changed.
    pub(crate) fn speak_up(&self) {
        self.speak.notify_one();
        self.news.send_replace(());
    }

    /// Waits until `look` finds something in an open document.
    pub(crate) async fn wait<T>(
        &self,
        document: DocumentId,
        mut look: impl FnMut(&mut Copy) -> Option<Result<T, ClientError>>,
    ) -> Result<T, ClientError> {
        // Subscribed before looking: what changes in between is news.
        let mut news = self.news.subscribe();
        loop {
            if let Some(found) = self.with(document, &mut look) {
                return found;
            }
            if let Some(ended) = self.lock().ended.clone() {
                return Err(ended);
            }
            news.changed().await.expect("the sender lives in self");
        }
    }

    /// The line is over; the first reason holds.
    fn end(&self, reason: ClientError) {
        self.lock().ended.get_or_insert(reason);
        self.news.send_replace(());
    }
}

/// Keeps a line open: connects, carries, and begins again.
struct Keeper {
    shared: Arc<Shared>,
    place: Place,
    token: String,
    peer: PeerId,
}

impl Keeper {
    /// Keeps a line open until it is refused.
    async fn keep(self) {
        let mut rest = REST_FIRST;
        loop {
            let greeted = Line::greet(&self.place, Some(&self.token), self.peer.clone());
            let broke = match timeout(GREETING, greeted).await {
                Ok(Ok(line)) => {
                    rest = REST_FIRST;
                    self.carry(line).await
                }
                Ok(Err(error)) => error,
                Err(_) => ClientError::NoAnswer { seconds: GREETING.as_secs() },
            };
            if broke.ends_a_session() {
                return self.shared.end(broke);
            }
            tokio::time::sleep(rest).await;
            rest = (rest * 2).min(REST_LONGEST);
        }
    }

    /// Carries messages both ways until the line breaks; gives the reason.
    async fn carry(&self, mut line: Line) -> ClientError {
        self.shared.lock().open.values_mut().for_each(Copy::restart);
        let mut asked = false;
        loop {
            if let Err(broke) = self.say(&mut line).await {
                return broke;
            }
            tokio::select! {
                () = self.shared.speak.notified() => {}
                message = timeout(SILENCE, line.next()) => match message {
                    Ok(message) => {
                        asked = false;
                        if let Err(broke) = message.and_then(|message| self.hear(message)) {
                            return broke;
                        }
                    }
                    Err(_) if asked => {
                        return ClientError::NoAnswer { seconds: 2 * SILENCE.as_secs() };
                    }
                    Err(_) => {
                        asked = true;
                        if let Err(broke) = line.ping().await {
                            return broke;
                        }
                    }
                },
            }
        }
    }

    /// Sends what the documents have to say.
    async fn say(&self, line: &mut Line) -> Result<(), ClientError> {
        for frame in self.frames(line.server())? {
            line.feed(frame).await?;
        }
        line.flush().await
    }

    fn frames(&self, server: &PeerId) -> Result<Vec<Bytes>, ClientError> {
        let mut frames = Vec::new();
        for (id, copy) in &mut self.shared.lock().open {
            let Some((data, request)) = copy.speak() else { continue };
            let (document, sender, target) = ((*id).into(), self.peer.clone(), server.clone());
            let message = if request {
                Message::Request { document, sender, target, data }
            } else {
                Message::Sync { document, sender, target, data }
            };
            let frame = message.encode();
            if frame.len() > MESSAGE_BYTES_MAX {
                let reason = format!("a message of {} bytes is over the limit", frame.len());
                return Err(ClientError::Violation { code: 1009, reason });
            }
            frames.push(frame);
        }
        Ok(frames)
    }

    /// Takes in one message; those that are not about an open document say nothing to us.
    fn hear(&self, message: Option<Message>) -> Result<(), ClientError> {
        let (document, data) = match &message {
            Some(Message::Sync { document, data, .. }) => (document, Some(data)),
            Some(Message::DocUnavailable { document, .. }) => (document, None),
            _ => return Ok(()),
        };
        let mut copies = self.shared.lock();
        if let Some(copy) = document.id().and_then(|id| copies.open.get_mut(&id)) {
            match data {
                Some(data) => copy.hear(data)?,
                None => copy.phase = Phase::Unavailable,
            }
        }
        drop(copies);
        self.shared.news.send_replace(());
        Ok(())
    }
}
