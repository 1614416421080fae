//! One document: this side's copy, what of it the server has on disk, and how to edit it.
//!
//! Invariant: a change is in `unsaved` from the moment it is made until a sync message of the
//! server names heads with the change in their past. Nothing else takes it out, so "saved" is
//! never said of an edit that a crash of the server could take back.
//!
//! Not here: the line ([`crate::session`]).

use std::collections::BTreeSet;
use std::sync::Arc;

use automerge::sync::{Message, State, SyncDoc};
use automerge::transaction::Transaction;
use automerge::{Automerge, AutomergeError, ChangeHash, ReadDoc};
use bytes::Bytes;
use oogst_protocol::ids::DocumentId;

use crate::ClientError;
use crate::session::Shared;

/// Most changes of one document that may wait to be saved: hours of typing without a line.
const UNSAVED_CHANGES_MAX: usize = 100_000;

/// How far a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The server has not yet sent it whole.
    Asking,
    /// Here.
    Ready,
    /// The server says that there is no such document for this member.
    Unavailable,
}

/// This side's copy of a document, and its sync with the server.
#[derive(Debug)]
pub(crate) struct Copy {
    automerge: Automerge,
    /// Lives and dies with the connection.
    sync: State,
    /// Changes that the server has not named yet.
    unsaved: BTreeSet<ChangeHash>,
    pub(crate) phase: Phase,
    /// Something may have to be said to the server.
    pub(crate) restless: bool,
}

impl Copy {
    /// A copy to start from: empty, or as it was kept at the end of an earlier session.
    pub(crate) fn new(automerge: Automerge) -> Self {
        let unsaved = automerge.get_changes_meta(&[]).iter().map(|change| change.hash).collect();
        Self { automerge, sync: State::new(), unsaved, phase: Phase::Asking, restless: true }
    }

    /// Starts afresh: on a new connection, or when the document is asked for once more.
    pub(crate) fn restart(&mut self) {
        self.sync = State::new();
        self.restless = true;
        if self.phase == Phase::Unavailable {
            self.phase = Phase::Asking;
        }
    }

    /// What to say to the server now, and whether it is a request for an unknown document.
    pub(crate) fn speak(&mut self) -> Option<(Bytes, bool)> {
        if !std::mem::take(&mut self.restless) || self.phase == Phase::Unavailable {
            return None;
        }
        let message = self.automerge.generate_sync_message(&mut self.sync)?;
        Some((message.encode().into(), self.automerge.get_heads().is_empty()))
    }

    /// Takes in a sync message of the server.
    ///
    /// # Errors
    ///
    /// When it is none, or cannot be applied: the line has to start afresh.
    pub(crate) fn hear(&mut self, data: &[u8]) -> Result<(), ClientError> {
        let message = Message::decode(data).map_err(ClientError::not_understood)?;
        let heads = message.heads.clone();
        self.automerge
            .receive_sync_message(&mut self.sync, message)
            .map_err(ClientError::not_understood)?;
        self.restless = true;
        self.strike_saved(&heads);
        let whole = self.automerge.get_missing_deps(&heads).is_empty();
        if self.phase != Phase::Ready && whole && !heads.is_empty() {
            self.phase = Phase::Ready;
        }
        Ok(())
    }

    /// The server named `heads`: they and all in their past are on its disk.
    fn strike_saved(&mut self, heads: &[ChangeHash]) {
        if self.unsaved.is_empty() {
            return;
        }
        let known = |head: &ChangeHash| self.automerge.get_change_meta_by_hash(head).is_some();
        let known: Vec<ChangeHash> = heads.iter().copied().filter(known).collect();
        if known.is_empty() {
            return; // No heads at all would mean the whole history.
        }
        let beyond: BTreeSet<ChangeHash> =
            self.automerge.get_changes_meta(&known).iter().map(|change| change.hash).collect();
        self.unsaved.retain(|hash| beyond.contains(hash));
    }

    fn is_saved(&self, hash: &ChangeHash) -> bool {
        !self.unsaved.contains(hash)
    }

    fn edit<T>(
        &mut self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, AutomergeError>,
    ) -> Result<(T, Option<ChangeHash>), ClientError> {
        if self.unsaved.len() >= UNSAVED_CHANGES_MAX {
            return Err(ClientError::TooManyUnsaved { limit: UNSAVED_CHANGES_MAX });
        }
        let made = self
            .automerge
            .transact(change)
            .map_err(|failure| ClientError::Edit(Arc::new(failure.error)))?;
        self.unsaved.extend(made.hash);
        self.restless = true;
        Ok((made.result, made.hash))
    }
}

/// A document that is here and in sync. Cheap to clone; outlives its session as a copy to read.
#[derive(Clone, Debug)]
pub struct Document {
    id: DocumentId,
    shared: Arc<Shared>,
}

impl Document {
    pub(crate) fn new(id: DocumentId, shared: Arc<Shared>) -> Self {
        Self { id, shared }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> DocumentId {
        self.id
    }

    /// Edits this side's copy, at once and as one change; the server hears of it as soon as there
    /// is a line. Offsets in texts are UTF-16 units. Keep `change` short: it holds up the session.
    ///
    /// # Errors
    ///
    /// What `change` returns, and then nothing is changed; [`ClientError::TooManyUnsaved`] when
    /// 100,000 changes wait for the server.
    pub fn edit<T>(
        &self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, AutomergeError>,
    ) -> Result<(T, Edit), ClientError> {
        let (result, hash) = self.shared.with(self.id, |copy| copy.edit(change))?;
        self.shared.speak_up();
        Ok((result, Edit { document: self.clone(), hash }))
    }

    /// Looks at this side's copy. Keep `look` short: it holds up the session.
    pub fn read<T>(&self, look: impl FnOnce(&Automerge) -> T) -> T {
        self.shared.with(self.id, |copy| look(&copy.automerge))
    }

    /// The heads of this side's copy, ascending.
    #[must_use]
    pub fn heads(&self) -> Vec<ChangeHash> {
        self.read(Automerge::get_heads)
    }

    /// Waits until `look` finds something in this side's copy; it is asked again at each change.
    ///
    /// # Errors
    ///
    /// Why the session ended, if it ends before.
    pub async fn until<T>(
        &self,
        mut look: impl FnMut(&Automerge) -> Option<T>,
    ) -> Result<T, ClientError> {
        self.shared.wait(self.id, |copy| look(&copy.automerge).map(Ok)).await
    }

    /// Waits until every change of this side is on the server's disk.
    ///
    /// An edit that the server may not apply (a locked document, a reader's) waits here for as
    /// long as that lasts: it is kept and offered again, never given up.
    ///
    /// # Errors
    ///
    /// Why the session ended, if it ends before.
    pub async fn saved(&self) -> Result<(), ClientError> {
        self.shared.wait(self.id, |copy| copy.unsaved.is_empty().then_some(Ok(()))).await
    }
}

/// An edit that was made here and is on its way to the server's disk.
#[derive(Clone, Debug)]
pub struct Edit {
    document: Document,
    hash: Option<ChangeHash>,
}

impl Edit {
    /// The change that it made; `None` where nothing changed.
    #[must_use]
    pub const fn hash(&self) -> Option<ChangeHash> {
        self.hash
    }

    /// Waits until the server has named the change, or one that follows from it, in its heads:
    /// then it is on the server's disk.
    ///
    /// # Errors
    ///
    /// Why the session ended, if it ends before. The change may be on disk all the same.
    pub async fn saved(&self) -> Result<(), ClientError> {
        let Some(hash) = self.hash else { return Ok(()) };
        let document = &self.document;
        document.shared.wait(document.id, |copy| copy.is_saved(&hash).then_some(Ok(()))).await
    }
}

#[cfg(test)]
mod tests {
    use automerge::{ROOT, transaction::Transactable};

    use super::*;

    /// Carries what both have to say to each other, until both are silent.
    fn settle(copy: &mut Copy, server: &mut Automerge, state: &mut State) {
        while let Some((data, _)) = copy.speak() {
            let message = Message::decode(&data).unwrap();
            server.receive_sync_message(state, message).unwrap();
            if let Some(answer) = server.generate_sync_message(state) {
                copy.hear(&answer.encode()).unwrap();
            }
        }
    }

    fn template() -> Automerge {
        let mut template = Automerge::new();
        template.transact(|tx| tx.put(ROOT, "kind", "harvest")).unwrap();
        template
    }

    #[test]
    fn a_change_is_saved_when_it_is_in_the_past_of_the_heads_that_the_server_names() {
        let (mut server, mut state) = (template(), State::new());
        let mut copy = Copy::new(Automerge::new());
        settle(&mut copy, &mut server, &mut state);
        assert_eq!(copy.phase, Phase::Ready);

        let ((), first) = copy.edit(|tx| tx.put(ROOT, "title", "one")).unwrap();
        let ((), second) = copy.edit(|tx| tx.put(ROOT, "title", "two")).unwrap();
        let (first, second) = (first.unwrap(), second.unwrap());
        copy.strike_saved(&[]);
        copy.strike_saved(&server.get_heads());
        assert!(!copy.is_saved(&first) && !copy.is_saved(&second), "the server has neither yet");
        copy.strike_saved(&[first]);
        assert!(copy.is_saved(&first) && !copy.is_saved(&second), "it named the first alone");
        // Somebody else's change on top of the second: the server names only that.
        settle(&mut copy, &mut server, &mut state);
        server.transact(|tx| tx.put(ROOT, "title", "three")).unwrap();
        let above = server.generate_sync_message(&mut state).unwrap();
        assert!(!above.heads.contains(&second));
        copy.hear(&above.encode()).unwrap();
        assert!(copy.unsaved.is_empty());
    }

    #[test]
    fn a_copy_kept_from_an_earlier_session_is_unsaved_until_the_server_names_it() {
        let (mut server, mut state) = (template(), State::new());
        let mut kept = server.fork();
        kept.transact(|tx| tx.put(ROOT, "title", "written on the train")).unwrap();
        let mut copy = Copy::new(kept);
        assert_eq!(copy.unsaved.len(), 2);
        settle(&mut copy, &mut server, &mut state);
        assert!(copy.unsaved.is_empty());
        assert_eq!(server.get_heads(), copy.automerge.get_heads());
    }

    #[test]
    fn an_edit_that_fails_changes_nothing() {
        let mut copy = Copy::new(template());
        let heads = copy.automerge.get_heads();
        let failed = copy.edit(|tx| {
            tx.put(ROOT, "title", "half")?;
            tx.delete(ROOT, 7)
        });
        assert!(matches!(failed, Err(ClientError::Edit(_))));
        assert_eq!(copy.automerge.get_heads(), heads);
        assert_eq!(copy.unsaved.len(), 1, "the template alone");
    }
}
