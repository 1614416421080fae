//! Messages of automerge-repo's network protocol, version "1", and their CBOR.
//!
//! Strict where a peer may be hostile, tolerant where the protocol grows: lengths are definite
//! and within the frame, nesting and count are bounded, no key comes twice and no field has a
//! wrong type; but unknown fields and unknown types are passed over, and a field that is CBOR's
//! `undefined` or `null` is absent, as the JavaScript library writes it.
//!
//! Way in: [`Message::decode`], [`Message::encode`], and [`SyncEnvelope`] for one sync message to
//! many listeners. Not here: what is legal when, and what the `data` of a message means.

mod decode;
mod encode;
mod scan;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

pub use self::decode::DecodeError;
pub use self::encode::{SyncEnvelope, encode_sync};
use crate::ids::DocumentId;

/// The only version of the protocol that there is.
pub const PROTOCOL_VERSION: &str = "1";

/// A peer's name on the wire, at most `PEER_ID_BYTES_MAX` long. Chosen by the peer: no identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(Arc<str>);

impl PeerId {
    /// Wraps a name. What comes from a peer is bounded by [`Message::decode`].
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The document that a message names.
///
/// A name that can be no document's is kept, so that it can be answered with `doc-unavailable`
/// like every other document that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentName {
    /// A well-formed id.
    Id(DocumentId),
    /// Any other text, at most `DOCUMENT_NAME_BYTES_MAX` long.
    Foreign(Arc<str>),
}

impl DocumentName {
    /// The id, where it is one.
    #[must_use]
    pub const fn id(&self) -> Option<DocumentId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Foreign(_) => None,
        }
    }
}

impl From<DocumentId> for DocumentName {
    fn from(id: DocumentId) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for DocumentName {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Foreign(text.into()), Self::Id)
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Foreign(text) => f.write_str(text),
        }
    }
}

/// What a peer says of its storage. Every field is optional on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerMetadata {
    /// Names the storage behind the peer, shared by a browser's tabs. No identity.
    pub storage_id: Option<Arc<str>>,
    /// Whether the peer forgets everything at its end.
    pub is_ephemeral: bool,
}

/// One message of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The client's first message.
    Join {
        /// The client.
        sender: PeerId,
        /// Its storage.
        metadata: PeerMetadata,
        /// The versions that it speaks; `["1"]` where it does not say.
        versions: Vec<Arc<str>>,
    },
    /// The server's answer to a join.
    Peer {
        /// The server.
        sender: PeerId,
        /// The client.
        target: PeerId,
        /// The server's storage: without an id a client never learns that an edit is saved.
        metadata: PeerMetadata,
        /// The version that both speak from here on.
        version: Arc<str>,
    },
    /// A sync message of a peer that has nothing of the document and wants to know if we do.
    Request {
        /// The document.
        document: DocumentName,
        /// From this peer.
        sender: PeerId,
        /// To this one.
        target: PeerId,
        /// An Automerge sync message.
        data: Bytes,
    },
    /// A sync message.
    Sync {
        /// The document.
        document: DocumentName,
        /// From this peer.
        sender: PeerId,
        /// To this one.
        target: PeerId,
        /// An Automerge sync message.
        data: Bytes,
    },
    /// The document does not exist, or not for this peer.
    DocUnavailable {
        /// The document.
        document: DocumentName,
        /// From this peer.
        sender: PeerId,
        /// To this one.
        target: PeerId,
    },
    /// Something that is passed on and kept nowhere: who is here, who types where.
    Ephemeral {
        /// The document that it is about.
        document: DocumentName,
        /// Whoever first sent it, not whoever passed it on.
        sender: PeerId,
        /// To this peer.
        target: PeerId,
        /// Rises within a session.
        count: u64,
        /// The sender's session.
        session: Arc<str>,
        /// CBOR of the application. Not bounded here: the receiver passes over what is too long.
        data: Bytes,
    },
    /// What was wrong; the connection ends after it.
    Error {
        /// From this peer; some libraries leave it out.
        sender: Option<PeerId>,
        /// To this one; some libraries leave it out.
        target: Option<PeerId>,
        /// For the peer's developer.
        message: Arc<str>,
    },
    /// A wish to hear of other storages' heads. Recognised, not served.
    RemoteSubscriptionChange {
        /// From this peer.
        sender: PeerId,
    },
    /// News of another storage's heads. Recognised, not served.
    RemoteHeadsChanged {
        /// From this peer.
        sender: PeerId,
    },
    /// A type that this version of the code does not know: ignored.
    Unknown {
        /// The type, cut to `MESSAGE_TYPE_BYTES_MAX`.
        kind: Arc<str>,
    },
}
