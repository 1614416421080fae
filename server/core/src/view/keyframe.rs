//! A document's materialised state right after one of its events: where reading the past begins.
//!
//! A keyframe is a cache, believed as far as the log confirms it: its heads must be those that the
//! event recorded. It is made after every so many events of its document, whatever the batches
//! that the view was folded in, so that it is a function of the log as views are.
//!
//! Way in: [`Keyframes`], which whoever keeps them implements. Not here: where they are kept, how
//! many, and which go first.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use oogst_protocol::ids::{ChangeHash, DocumentId, ItemId, Seq};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::item::Item;
use super::programme::Programme;

/// The format that this build writes and reads; any other is dropped, since the log has it all.
const VERSION: u8 = 1;

/// Most bytes that one part of a keyframe inflates to: more than the largest document comes to.
const PART_BYTES_MAX: u64 = 1 << 30;

/// What keeps keyframes.
pub trait Keyframes {
    /// After how many events of a document its next keyframe is made; at least 1.
    fn every_events(&self) -> u64;

    /// Whether a document's keyframe is wanted that is made after so many of its `events`.
    fn wants(&self, document: DocumentId, events: u64) -> bool;

    /// Takes a keyframe that was just made.
    fn keep(&mut self, keyframe: &Keyframe);

    /// The newest that is kept of a document, of those after at most so many of its `events`.
    fn nearest(&self, document: DocumentId, events: u64) -> Option<Keyframe>;
}

/// Keeps nothing: the past is read from the document at its heads alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKeyframes;

impl Keyframes for NoKeyframes {
    fn every_events(&self) -> u64 {
        u64::MAX
    }

    fn wants(&self, _: DocumentId, _: u64) -> bool {
        false
    }

    fn keep(&mut self, _: &Keyframe) {}

    fn nearest(&self, _: DocumentId, _: u64) -> Option<Keyframe> {
        None
    }
}

/// A document right after one of its events, written out.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Keyframe {
    #[n(0)]
    version: u8,
    #[n(1)]
    document: DocumentId,
    /// How many of the document's events there were.
    #[n(2)]
    events: u64,
    #[n(3)]
    seq: Seq,
    #[n(4)]
    heads: Vec<ChangeHash>,
    /// The root object as JSON, deflated.
    #[n(5)]
    root: ByteVec,
    /// What walls show of it, as JSON, deflated.
    #[n(6)]
    shown: ByteVec,
}

/// What walls show of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shown {
    pub(super) question: String,
    pub(super) insights: BTreeMap<ItemId, Item>,
    pub(super) programme: Programme,
}

impl Keyframe {
    pub(super) fn new(
        (document, events, seq): (DocumentId, u64, Seq),
        heads: Vec<ChangeHash>,
        root: &Json,
        shown: &Shown,
    ) -> Self {
        let (root, shown) = (deflated(root), deflated(shown));
        Self { version: VERSION, document, events, seq, heads, root, shown }
    }

    /// Whose state it is.
    #[must_use]
    pub const fn document(&self) -> DocumentId {
        self.document
    }

    /// After how many of the document's events it was made.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The event right after which the document looked like this.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    pub(super) fn heads(&self) -> &[ChangeHash] {
        &self.heads
    }

    /// The root object; `None` where the bytes are damaged.
    pub(super) fn root(&self) -> Option<Json> {
        inflated(&self.root)
    }

    pub(super) fn shown(&self) -> Option<Shown> {
        inflated(&self.shown)
    }

    /// Encodes the keyframe.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("a Vec takes all bytes")
    }

    /// Decodes a keyframe; `None` where the bytes are no whole keyframe of this version.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut decoder = minicbor::Decoder::new(bytes);
        let keyframe: Self = decoder.decode().ok()?;
        (decoder.position() == bytes.len() && keyframe.version == VERSION).then_some(keyframe)
    }
}

fn deflated(value: &impl Serialize) -> ByteVec {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let json = serde_json::to_vec(value).expect("plain texts and numbers");
    encoder.write_all(&json).expect("a Vec takes all bytes");
    encoder.finish().expect("a Vec takes all bytes").into()
}

/// The checksum at the end of the deflated bytes tells of damage.
fn inflated<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut json = Vec::new();
    ZlibDecoder::new(bytes).take(PART_BYTES_MAX).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}
