//! A participant as clients are: with automerge's whole document and its own sync. It founds a
//! document, joins cold, and looks at the end whether everything is there.

use std::collections::BTreeSet;

use automerge::sync::{Message as SyncMessage, State, SyncDoc};
use automerge::{AutoCommit, ChangeHash};
use oogst_client::Line;
use oogst_protocol::wire::Message;
use tokio::time::{Duration, Instant, timeout};

use super::target::Seat;
use super::{LoadError, again};

/// Longest wait until both sides stand at the same heads.
const PATIENCE: Duration = Duration::from_secs(120);

/// A document and what is known of the server's.
pub(super) struct Full {
    document: AutoCommit,
    state: State,
}

/// How a cold join went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joined {
    /// From the call for a line until the document is here and loaded.
    pub(super) whole: Duration,
    /// From the question for the document until the last byte of it was here, before any of it was
    /// loaded: what the server and the line take.
    pub(super) answer: Duration,
    /// What came over the line.
    pub(super) bytes: u64,
}

impl Full {
    pub(super) fn of(document: AutoCommit) -> Self {
        Self { document, state: State::new() }
    }

    pub(super) fn document(&mut self) -> &mut AutoCommit {
        &mut self.document
    }

    /// Brings the server a document, until it names its heads; over a second line where the first
    /// breaks.
    ///
    /// # Errors
    ///
    /// Why the line ended, or that the server never took it.
    pub(super) async fn offer(&mut self, seat: &Seat) -> Result<(), LoadError> {
        again(async || {
            self.state = State::new();
            self.offer_once(seat).await
        })
        .await
    }

    async fn offer_once(&mut self, seat: &Seat) -> Result<(), LoadError> {
        let mut line = seat.line().await?;
        let heads = self.document.get_heads();
        let there = |full: &mut Self| full.state.their_heads.as_deref() == Some(&heads);
        let offered = self.until(&mut line, seat, there);
        timeout(PATIENCE, offered).await.map_err(|_| LoadError::NotTaken)??;
        line.close().await;
        Ok(())
    }

    /// Fetches a document that is not here yet, over a line of its own; from the start again where
    /// that breaks.
    ///
    /// # Errors
    ///
    /// Why the line ended, or that the document never came whole.
    pub(super) async fn fetch(seat: &Seat) -> Result<(Self, Joined), LoadError> {
        again(async || Self::fetch_once(seat).await).await
    }

    async fn fetch_once(seat: &Seat) -> Result<(Self, Joined), LoadError> {
        let begun = Instant::now();
        let mut full = Self::of(AutoCommit::new());
        let mut line = seat.line().await?;
        let asked = Instant::now();
        full.speak(&mut line, seat).await?;
        let first = async {
            loop {
                if let Some(message @ Message::Sync { .. }) = line.next().await? {
                    return Ok::<_, LoadError>(message);
                }
            }
        };
        let message = timeout(PATIENCE, first).await.map_err(|_| LoadError::NotThere)??;
        let mut answer = asked.elapsed();
        full.hear(message)?;
        let is_whole = |full: &mut Self| {
            let heads = full.document.get_heads();
            !heads.is_empty() && full.state.their_heads.as_deref() == Some(&heads)
        };
        if !is_whole(&mut full) {
            let rest = full.until(&mut line, seat, is_whole);
            timeout(PATIENCE, rest).await.map_err(|_| LoadError::NotThere)??;
            answer = asked.elapsed();
        }
        let joined = Joined { whole: begun.elapsed(), answer, bytes: line.received_bytes() };
        line.close().await;
        Ok((full, joined))
    }

    /// Which of these changes are not in the document.
    pub(super) fn lacks(&mut self, changes: &BTreeSet<ChangeHash>) -> usize {
        let here: BTreeSet<_> =
            self.document.get_changes_meta(&[]).iter().map(|change| change.hash).collect();
        changes.difference(&here).count()
    }

    async fn until(
        &mut self,
        line: &mut Line,
        seat: &Seat,
        mut done: impl FnMut(&mut Self) -> bool,
    ) -> Result<(), LoadError> {
        loop {
            self.speak(line, seat).await?;
            if done(self) {
                return Ok(());
            }
            if let Some(message) = line.next().await? {
                self.hear(message)?;
            }
        }
    }

    async fn speak(&mut self, line: &mut Line, seat: &Seat) -> Result<(), LoadError> {
        let Some(message) = self.document.sync().generate_sync_message(&mut self.state) else {
            return Ok(());
        };
        let is_here = !self.document.get_heads().is_empty();
        let (sender, target) = (line.peer().clone(), line.server().clone());
        let (document, data) = (seat.document.into(), message.encode().into());
        let message = if is_here {
            Message::Sync { document, sender, target, data }
        } else {
            Message::Request { document, sender, target, data }
        };
        line.feed(message.encode()).await?;
        Ok(line.flush().await?)
    }

    fn hear(&mut self, message: Message) -> Result<(), LoadError> {
        if let Message::Sync { data, .. } = message {
            let message = SyncMessage::decode(&data);
            let message = message.map_err(|error| LoadError::Content(error.to_string()))?;
            let heard = self.document.sync().receive_sync_message(&mut self.state, message);
            return heard.map_err(|error| LoadError::Content(error.to_string()));
        }
        let is_refusal = matches!(message, Message::DocUnavailable { .. });
        if is_refusal { Err(LoadError::NotThere) } else { Ok(()) }
    }
}
