//! CBOR -> [`Message`].

use std::sync::Arc;

use bytes::Bytes;
use minicbor::Decoder;
use minicbor::data::Type;

use super::scan::Fields;
use super::{DocumentName, Message, PROTOCOL_VERSION, PeerId, PeerMetadata};
use crate::limits::{
    DOCUMENT_NAME_BYTES_MAX, ERROR_BYTES_MAX, MESSAGE_BYTES_MAX, MESSAGE_TYPE_BYTES_MAX,
    PEER_ID_BYTES_MAX, PROTOCOL_VERSIONS_MAX, SESSION_ID_BYTES_MAX, STORAGE_ID_BYTES_MAX,
};

/// Why a frame is no message. Always the peer's fault: its connection closes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The frame is over the limit.
    #[error("the frame is {found_bytes} bytes, the limit is {limit_bytes}")]
    TooLarge {
        /// Its length.
        found_bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// The frame is no CBOR, or no map with text keys.
    #[error("the frame is not one CBOR map with text keys")]
    NotCbor(#[source] minicbor::decode::Error),
    /// A length is left open; this protocol's libraries write definite lengths.
    #[error("lengths must be definite")]
    Indefinite,
    /// A length promises more than the frame holds.
    #[error("a length goes beyond the {remaining_bytes} bytes that are left of the frame")]
    LengthBeyondFrame {
        /// What is left.
        remaining_bytes: usize,
    },
    /// Too much nesting.
    #[error("values are nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Too many values.
    #[error("the frame holds more than {limit} values")]
    TooManyItems {
        /// The limit.
        limit: usize,
    },
    /// A key comes twice in one map.
    #[error("a key comes twice in one map")]
    DuplicateKey,
    /// Something follows the message.
    #[error("{found_bytes} bytes follow the message")]
    Trailing {
        /// How much.
        found_bytes: usize,
    },
    /// A field is missing.
    #[error("`{message}` lacks the field `{field}`")]
    MissingField {
        /// The message's type.
        message: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field is of another type than it should be.
    #[error("`{field}` is not {wanted}")]
    WrongType {
        /// The field.
        field: &'static str,
        /// What would be right, with its article.
        wanted: &'static str,
    },
    /// A field is over its limit.
    #[error("`{field}` is {found} long, the limit is {limit}")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length, in bytes or elements.
        found: usize,
        /// The limit, in the same.
        limit: usize,
    },
}

impl DecodeError {
    /// Whether the fault is size alone: the connection closes with 1009 instead of 1008.
    #[must_use]
    pub const fn is_size(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}

impl Message {
    /// Decodes one binary frame. `data` shares the frame's memory.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] says what is wrong with the frame, and that is the sender's fault.
    pub fn decode(frame: &Bytes) -> Result<Self, DecodeError> {
        Self::decode_within(frame, MESSAGE_BYTES_MAX)
    }

    /// As [`decode`](Self::decode), of a frame of at most `limit_bytes`: a client believes its
    /// server more than a server any client, for a document's whole history comes in one message.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] says what is wrong with the frame, and that is the sender's fault.
    pub fn decode_within(frame: &Bytes, limit_bytes: usize) -> Result<Self, DecodeError> {
        if frame.len() > limit_bytes {
            let found_bytes = frame.len();
            return Err(DecodeError::TooLarge { found_bytes, limit_bytes });
        }
        let fields = Fields::scan(frame)?;
        let kind = text(&fields, "type", usize::MAX)?;
        let kind = kind.ok_or(DecodeError::MissingField { message: "message", field: "type" })?;
        match kind {
            "join" => Reader::new("join", frame, &fields).join(),
            "peer" => Reader::new("peer", frame, &fields).peer(),
            "request" => Reader::new("request", frame, &fields).request(),
            "sync" => Reader::new("sync", frame, &fields).sync(),
            "doc-unavailable" => Reader::new("doc-unavailable", frame, &fields).unavailable(),
            "ephemeral" => Reader::new("ephemeral", frame, &fields).ephemeral(),
            "error" => Reader::new("error", frame, &fields).error(),
            "remote-subscription-change" => {
                let sender = Reader::new("remote-subscription-change", frame, &fields).sender()?;
                Ok(Self::RemoteSubscriptionChange { sender })
            }
            "remote-heads-changed" => {
                let sender = Reader::new("remote-heads-changed", frame, &fields).sender()?;
                Ok(Self::RemoteHeadsChanged { sender })
            }
            other => Ok(Self::Unknown { kind: cut(other, MESSAGE_TYPE_BYTES_MAX).into() }),
        }
    }
}

/// Reads the fields of one message.
struct Reader<'f> {
    message: &'static str,
    frame: &'f Bytes,
    fields: &'f Fields<'f>,
}

impl<'f> Reader<'f> {
    const fn new(message: &'static str, frame: &'f Bytes, fields: &'f Fields<'f>) -> Self {
        Self { message, frame, fields }
    }

    fn join(&self) -> Result<Message, DecodeError> {
        let sender = self.sender()?;
        Ok(Message::Join { sender, metadata: self.metadata()?, versions: self.versions()? })
    }

    fn peer(&self) -> Result<Message, DecodeError> {
        let version = text(self.fields, "selectedProtocolVersion", SESSION_ID_BYTES_MAX)?;
        Ok(Message::Peer {
            sender: self.sender()?,
            target: self.target()?,
            metadata: self.metadata()?,
            version: version.unwrap_or(PROTOCOL_VERSION).into(),
        })
    }

    fn request(&self) -> Result<Message, DecodeError> {
        let (document, sender, target) = self.route()?;
        Ok(Message::Request { document, sender, target, data: self.data()? })
    }

    fn sync(&self) -> Result<Message, DecodeError> {
        let (document, sender, target) = self.route()?;
        Ok(Message::Sync { document, sender, target, data: self.data()? })
    }

    fn unavailable(&self) -> Result<Message, DecodeError> {
        let (document, sender, target) = self.route()?;
        Ok(Message::DocUnavailable { document, sender, target })
    }

    fn ephemeral(&self) -> Result<Message, DecodeError> {
        let (document, sender, target) = self.route()?;
        let count = self.required("count")?;
        Ok(Message::Ephemeral {
            document,
            sender,
            target,
            count: whole_number(count, "count")?,
            session: self.text("sessionId", SESSION_ID_BYTES_MAX)?.into(),
            data: self.data()?,
        })
    }

    fn error(&self) -> Result<Message, DecodeError> {
        let peer = |field| text(self.fields, field, PEER_ID_BYTES_MAX);
        let message = text(self.fields, "message", usize::MAX)?.unwrap_or_default();
        Ok(Message::Error {
            sender: peer("senderId")?.map(PeerId::new),
            target: peer("targetId")?.map(PeerId::new),
            message: cut(message, ERROR_BYTES_MAX).into(),
        })
    }

    fn route(&self) -> Result<(DocumentName, PeerId, PeerId), DecodeError> {
        let document = self.text("documentId", DOCUMENT_NAME_BYTES_MAX)?;
        Ok((document.into(), self.sender()?, self.target()?))
    }

    fn sender(&self) -> Result<PeerId, DecodeError> {
        self.text("senderId", PEER_ID_BYTES_MAX).map(PeerId::new)
    }

    fn target(&self) -> Result<PeerId, DecodeError> {
        self.text("targetId", PEER_ID_BYTES_MAX).map(PeerId::new)
    }

    fn data(&self) -> Result<Bytes, DecodeError> {
        let wrong = |_| DecodeError::WrongType { field: "data", wanted: "a byte string" };
        let data = self.required("data")?.bytes().map_err(wrong)?;
        Ok(self.frame.slice_ref(data))
    }

    fn metadata(&self) -> Result<PeerMetadata, DecodeError> {
        let Some(value) = self.fields.value("peerMetadata") else {
            return Ok(PeerMetadata::default());
        };
        if !matches!(value.datatype(), Ok(Type::Map)) {
            return Err(DecodeError::WrongType { field: "peerMetadata", wanted: "a map" });
        }
        let fields = Fields::nested(&value)?;
        let storage_id = text(&fields, "storageId", STORAGE_ID_BYTES_MAX)?.map(Arc::from);
        let wrong = |_| DecodeError::WrongType { field: "isEphemeral", wanted: "true or false" };
        let is_ephemeral = fields.value("isEphemeral").map(|mut value| value.bool());
        let is_ephemeral = is_ephemeral.transpose().map_err(wrong)?.unwrap_or_default();
        Ok(PeerMetadata { storage_id, is_ephemeral })
    }

    fn versions(&self) -> Result<Vec<Arc<str>>, DecodeError> {
        let field = "supportedProtocolVersions";
        let wrong = |_| DecodeError::WrongType { field, wanted: "a list of texts" };
        let Some(mut value) = self.fields.value(field) else {
            return Ok(vec![PROTOCOL_VERSION.into()]);
        };
        let count = value.array().map_err(wrong)?.unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > PROTOCOL_VERSIONS_MAX {
            let limit = PROTOCOL_VERSIONS_MAX;
            return Err(DecodeError::TooLong { field, found: count, limit });
        }
        (0..count)
            .map(|_| {
                let version = value.str().map_err(wrong)?;
                bounded(version, field, SESSION_ID_BYTES_MAX).map(Arc::from)
            })
            .collect()
    }

    fn required(&self, field: &'static str) -> Result<Decoder<'f>, DecodeError> {
        let missing = DecodeError::MissingField { message: self.message, field };
        self.fields.value(field).ok_or(missing)
    }

    fn text(&self, field: &'static str, limit: usize) -> Result<&'f str, DecodeError> {
        let missing = DecodeError::MissingField { message: self.message, field };
        text(self.fields, field, limit)?.ok_or(missing)
    }
}

fn text<'b>(
    fields: &Fields<'b>,
    field: &'static str,
    limit: usize,
) -> Result<Option<&'b str>, DecodeError> {
    let Some(mut value) = fields.value(field) else { return Ok(None) };
    let found = value.str().map_err(|_| DecodeError::WrongType { field, wanted: "a text" })?;
    bounded(found, field, limit).map(Some)
}

fn bounded<'b>(found: &'b str, field: &'static str, limit: usize) -> Result<&'b str, DecodeError> {
    match found.len() {
        length if length > limit => Err(DecodeError::TooLong { field, found: length, limit }),
        _ => Ok(found),
    }
}

/// A whole number as JavaScript writes it: an integer, or a float from 2^32 on.
fn whole_number(mut value: Decoder<'_>, field: &'static str) -> Result<u64, DecodeError> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    let wrong = || DecodeError::WrongType { field, wanted: "a whole number" };
    if !matches!(value.datatype(), Ok(Type::F16 | Type::F32 | Type::F64)) {
        return value.u64().map_err(|_| wrong());
    }
    let number = value.f64().map_err(|_| wrong())?;
    if number.fract() != 0.0 || !(0.0..=EXACT_MAX).contains(&number) {
        return Err(wrong());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative, and below 2^53"
    )]
    Ok(number as u64)
}

/// The longest beginning of whole characters within `limit_bytes`.
fn cut(text: &str, limit_bytes: usize) -> &str {
    let mut end = text.len().min(limit_bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
