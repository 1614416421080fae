//! [`Message`] -> CBOR, as the JavaScript library reads it: absent fields are left out, documents
//! stand as their text, numbers that do not fit 32 bits as floats (an integer would arrive as a
//! BigInt).

use bytes::Bytes;
use minicbor::Encoder;
use minicbor::encode::Error;

use super::{DocumentName, Message, PeerId, PeerMetadata};
use crate::ids::DocumentId;

type Written = Result<(), Error<std::convert::Infallible>>;

/// Room for the keys, ids and heads around the `data` of a message, in bytes.
const ENVELOPE_BYTES: usize = 256;

impl Message {
    /// Encodes the message as one binary frame.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        let data = match self {
            Self::Request { data, .. } | Self::Sync { data, .. } | Self::Ephemeral { data, .. } => {
                data.len()
            }
            Self::Join { .. }
            | Self::Peer { .. }
            | Self::DocUnavailable { .. }
            | Self::Error { .. }
            | Self::RemoteSubscriptionChange { .. }
            | Self::RemoteHeadsChanged { .. }
            | Self::Unknown { .. } => 0,
        };
        let mut frame = Encoder::new(Vec::with_capacity(data + ENVELOPE_BYTES));
        self.write(&mut frame).expect("a Vec takes all bytes");
        frame.into_writer().into()
    }

    fn write(&self, frame: &mut Encoder<Vec<u8>>) -> Written {
        match self {
            Self::Join { sender, metadata, versions } => {
                frame.map(4)?.str("type")?.str("join")?;
                frame.str("senderId")?.str(sender.as_str())?;
                write_metadata(frame, metadata)?;
                frame.str("supportedProtocolVersions")?.array(versions.len() as u64)?;
                versions.iter().try_for_each(|version| frame.str(version)?.ok())
            }
            Self::Peer { sender, target, metadata, version } => {
                frame.map(5)?.str("type")?.str("peer")?;
                write_peers(frame, sender, target)?;
                write_metadata(frame, metadata)?;
                frame.str("selectedProtocolVersion")?.str(version)?.ok()
            }
            Self::Request { document, sender, target, data } => {
                frame.map(5)?.str("type")?.str("request")?;
                write_document(frame, document)?;
                frame.str("data")?.bytes(data)?;
                write_peers(frame, sender, target)
            }
            Self::Sync { document, sender, target, data } => {
                frame.map(5)?.str("type")?.str("sync")?;
                write_document(frame, document)?;
                frame.str("data")?.bytes(data)?;
                write_peers(frame, sender, target)
            }
            Self::DocUnavailable { document, sender, target } => {
                frame.map(4)?.str("type")?.str("doc-unavailable")?;
                write_document(frame, document)?;
                write_peers(frame, sender, target)
            }
            Self::Ephemeral { document, sender, target, count, session, data } => {
                frame.map(7)?.str("type")?.str("ephemeral")?;
                write_document(frame, document)?;
                write_peers(frame, sender, target)?;
                write_number(frame.str("count")?, *count)?;
                frame.str("sessionId")?.str(session)?;
                frame.str("data")?.bytes(data)?.ok()
            }
            Self::Error { sender, target, message } => {
                let peers = [("senderId", sender), ("targetId", target)];
                let known = peers.into_iter().filter_map(|(key, peer)| Some((key, peer.as_ref()?)));
                frame.map(2 + known.clone().count() as u64)?.str("type")?.str("error")?;
                for (key, peer) in known {
                    frame.str(key)?.str(peer.as_str())?;
                }
                frame.str("message")?.str(message)?.ok()
            }
            Self::RemoteSubscriptionChange { sender } => {
                write_bare(frame, "remote-subscription-change", sender)
            }
            Self::RemoteHeadsChanged { sender } => {
                write_bare(frame, "remote-heads-changed", sender)
            }
            Self::Unknown { kind } => frame.map(1)?.str("type")?.str(kind)?.ok(),
        }
    }
}

fn write_bare(frame: &mut Encoder<Vec<u8>>, kind: &str, sender: &PeerId) -> Written {
    frame.map(2)?.str("type")?.str(kind)?.str("senderId")?.str(sender.as_str())?.ok()
}

fn write_peers(frame: &mut Encoder<Vec<u8>>, sender: &PeerId, target: &PeerId) -> Written {
    frame.str("senderId")?.str(sender.as_str())?.str("targetId")?.str(target.as_str())?.ok()
}

fn write_document(frame: &mut Encoder<Vec<u8>>, document: &DocumentName) -> Written {
    match document {
        DocumentName::Id(id) => frame.str("documentId")?.str(&id.to_string())?.ok(),
        DocumentName::Foreign(text) => frame.str("documentId")?.str(text)?.ok(),
    }
}

fn write_metadata(frame: &mut Encoder<Vec<u8>>, metadata: &PeerMetadata) -> Written {
    frame.str("peerMetadata")?.map(1 + u64::from(metadata.storage_id.is_some()))?;
    if let Some(storage_id) = &metadata.storage_id {
        frame.str("storageId")?.str(storage_id)?;
    }
    frame.str("isEphemeral")?.bool(metadata.is_ephemeral)?.ok()
}

fn write_number(frame: &mut Encoder<Vec<u8>>, number: u64) -> Written {
    match u32::try_from(number) {
        Ok(small) => frame.u32(small)?.ok(),
        #[expect(clippy::cast_precision_loss, reason = "JavaScript has no other number")]
        Err(_) => frame.f64(number as f64)?.ok(),
    }
}

fn write_head(
    head: &mut Encoder<Vec<u8>>,
    sender: &PeerId,
    document: DocumentId,
    data: &[u8],
) -> Written {
    head.map(5)?.str("type")?.str("sync")?;
    head.str("documentId")?.str(&document.to_string())?;
    head.str("senderId")?.str(sender.as_str())?;
    head.str("data")?.bytes(data)?.str("targetId")?.ok()
}

/// One sync message for many listeners: all but the target is encoded once.
#[derive(Clone, Debug)]
pub struct SyncEnvelope {
    /// The frame up to the target, which stands last in the map.
    head: Vec<u8>,
}

impl SyncEnvelope {
    /// Encodes what all listeners get.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn new(sender: &PeerId, document: DocumentId, data: &[u8]) -> Self {
        let mut head = Encoder::new(Vec::with_capacity(data.len() + ENVELOPE_BYTES));
        write_head(&mut head, sender, document, data).expect("a Vec takes all bytes");
        Self { head: head.into_writer() }
    }

    /// The frame for one listener: a copy and a few bytes.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn to(&self, target: &PeerId) -> Bytes {
        let text_head_bytes = match target.as_str().len() {
            0..24 => 1,
            24..0x100 => 2,
            0x100..0x1_0000 => 3,
            _ => 5,
        };
        // Exactly as long as the frame: `Bytes` would need a second block of memory, a listener
        // each, to share one with room at its end.
        let length = self.head.len() + text_head_bytes + target.as_str().len();
        let mut frame = Vec::with_capacity(length);
        frame.extend_from_slice(&self.head);
        let mut frame = Encoder::new(frame);
        frame.str(target.as_str()).expect("a Vec takes all bytes");
        let frame = frame.into_writer();
        debug_assert_eq!(frame.len(), length, "the length of a text's head");
        frame.into()
    }
}

/// Encodes one sync message for one peer. For many peers, share a [`SyncEnvelope`].
#[must_use]
pub fn encode_sync(sender: &PeerId, target: &PeerId, document: DocumentId, data: &[u8]) -> Bytes {
    SyncEnvelope::new(sender, document, data).to(target)
}
