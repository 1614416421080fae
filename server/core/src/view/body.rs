//! A document's content: awake, as automerge has it, or asleep, as automerge saves it.
//!
//! Awake, a document takes 20 KB before anybody wrote a word; asleep it takes some 400 bytes. A
//! gathering has more documents than people write in, and most that were written in are left at
//! some time: so one that only has its template sleeps from the start, and whoever keeps the view
//! lets those rest that nobody used for a while. Whoever reads or writes one wakes it.
//!
//! Invariant: asleep or awake, it is the same content. Nothing is put to sleep that does not come
//! back under its heads.

use std::cell::{Cell, OnceCell};

use automerge::{ActorId, Automerge, AutomergeError};
use bytes::Bytes;

use super::content::guarded;

/// A document's content.
pub(super) struct Body {
    awake: OnceCell<Box<Automerge>>,
    /// What it was saved as; nothing where it changed since.
    asleep: Option<Bytes>,
    /// Whether anybody used it since that was last asked.
    is_used: Cell<bool>,
}

impl Body {
    /// An empty document, as none is yet.
    pub(super) const fn empty() -> Self {
        // Automerge reads no bytes as an empty document.
        Self { awake: OnceCell::new(), asleep: Some(Bytes::new()), is_used: Cell::new(true) }
    }

    /// A document that was saved, and how it reads.
    pub(super) fn loaded(saved: Bytes, document: Automerge) -> Self {
        let awake = OnceCell::from(Box::new(by_nobody(document)));
        Self { awake, asleep: Some(saved), is_used: Cell::new(true) }
    }

    /// The document, to be read.
    ///
    /// # Panics
    ///
    /// Never: what sleeps was found to load when it was put to sleep.
    pub(super) fn read(&self) -> &Automerge {
        self.is_used.set(true);
        self.awake.get_or_init(|| {
            let saved = self.asleep.as_deref().unwrap_or_default();
            Box::new(load(saved).expect("what sleeps was found to load"))
        })
    }

    /// The document, to be written.
    pub(super) fn write(&mut self) -> &mut Automerge {
        self.read();
        self.asleep = None;
        self.awake.get_mut().expect("it was read just now")
    }

    /// The document, where it is awake.
    pub(super) fn awake(&self) -> Option<&Automerge> {
        self.awake.get().map(Box::as_ref)
    }

    /// The document as automerge saves it. It goes on to sleep.
    pub(super) fn saved(&self) -> Bytes {
        self.asleep.clone().unwrap_or_else(|| self.read().save().into())
    }

    /// Puts it to sleep, unless somebody used it since this was last asked for.
    pub(super) fn rest(&mut self) {
        if !self.is_used.take() {
            self.sleep();
        }
    }

    /// Puts it to sleep.
    pub(super) fn sleep(&mut self) {
        if self.asleep.is_none() {
            self.asleep = self.awake().and_then(save);
        }
        if self.asleep.is_some() {
            self.awake.take();
        }
    }
}

/// The document as automerge saves it, if that loads again.
fn save(document: &Automerge) -> Option<Bytes> {
    let saved = guarded(|| {
        let saved = document.save();
        let again = load(&saved).map_err(|error| error.to_string())?;
        Ok((again.get_heads() == document.get_heads()).then_some(saved))
    });
    // Exactly as long as it is: it stays for long.
    saved.ok().flatten().map(|saved| saved.into_boxed_slice().into())
}

fn load(saved: &[u8]) -> Result<Automerge, AutomergeError> {
    Automerge::load(saved).map(by_nobody)
}

/// Nothing of anybody's is ever written here; a fixed actor keeps randomness out of the core.
fn by_nobody(document: Automerge) -> Automerge {
    document.with_actor(ActorId::from([0; 16]))
}

#[cfg(test)]
mod tests {
    use automerge::ROOT;
    use automerge::ReadDoc;
    use automerge::transaction::Transactable;

    use super::*;

    fn written() -> Body {
        let mut body = Body::empty();
        let mut edit = body.write().transaction();
        edit.put(ROOT, "kind", "harvest").unwrap();
        edit.commit();
        body
    }

    #[test]
    fn what_nobody_uses_sleeps_and_whoever_reads_wakes_it() {
        let mut body = written();
        let heads = body.read().get_heads();
        body.rest();
        assert!(body.awake().is_some(), "it was used until now");
        body.rest();
        assert!(body.awake().is_none());
        let saved = body.saved();
        assert!(body.awake().is_none(), "saving wakes nobody");
        assert_eq!(body.read().get_heads(), heads);
        let kind = body.read().get(ROOT, "kind").unwrap().unwrap().0;
        assert_eq!(kind.into_string().unwrap(), "harvest");
        assert_eq!(body.saved(), saved, "reading changes nothing");
    }

    #[test]
    fn what_is_written_after_a_sleep_is_there_after_the_next() {
        let mut body = written();
        body.sleep();
        let before = body.saved();
        let mut edit = body.write().transaction();
        edit.put(ROOT, "question", "Wat werkt?").unwrap();
        edit.commit();
        let heads = body.read().get_heads();
        assert_ne!(body.saved(), before);
        body.sleep();
        assert!(body.awake().is_none());
        assert_eq!(body.read().get_heads(), heads);
        assert_eq!(body.read().keys(ROOT).count(), 2);
    }

    #[test]
    fn nothing_yet_sleeps_as_nothing() {
        let mut body = Body::empty();
        assert!(body.saved().is_empty() && body.awake().is_none());
        assert!(body.read().get_heads().is_empty());
        body.sleep();
        assert!(body.awake().is_none());
    }
}
