//! A document's content as automerge saves it, with the place in the log that it covers.
//!
//! A snapshot is a cache: it is believed only as far as the log confirms it. Its heads must be
//! those of what it holds, and those of the event that it claims to cover.

use automerge::Automerge;
use bytes::Bytes;
use minicbor::{Decode, Encode};
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::{ChangeHash, DocumentId, Seq};

/// The format that this build writes and reads; any other is dropped, since the log has it all.
const VERSION: u8 = 1;

/// A document right after one of its events.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Snapshot {
    #[n(0)]
    version: u8,
    #[n(1)]
    document: DocumentId,
    #[n(2)]
    seq: Seq,
    #[n(3)]
    heads: Vec<ChangeHash>,
    #[n(4)]
    content: ChangeBytes,
}

impl Snapshot {
    pub(super) fn new(
        document: DocumentId,
        seq: Seq,
        heads: Vec<ChangeHash>,
        content: Bytes,
    ) -> Self {
        Self { version: VERSION, document, seq, heads, content: ChangeBytes(content) }
    }

    /// Whose content it is.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// The newest of the document's events that it holds.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// The document's heads after that event, ascending.
    #[must_use]
    pub fn heads(&self) -> &[ChangeHash] {
        &self.heads
    }

    /// The document as automerge saves it: what a cold client can be sent.
    #[must_use]
    pub const fn content(&self) -> &Bytes {
        &self.content.0
    }

    /// Encodes the snapshot.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("a Vec takes all bytes")
    }

    /// Decodes a snapshot; `None` where the bytes are no whole snapshot of this version.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let snapshot: Self = decoder.decode().ok()?;
        (decoder.position() == bytes.len() && snapshot.version == VERSION).then_some(snapshot)
    }

    /// The document, where the content is whole and has the heads that it claims.
    pub(super) fn load(&self) -> Option<Automerge> {
        let document = Automerge::load(&self.content.0).ok()?;
        let heads = document.get_heads().into_iter().map(|head| ChangeHash(head.0));
        let heads: std::collections::BTreeSet<_> = heads.collect();
        heads.iter().eq(&self.heads).then_some(document)
    }
}
