//! Identifiers: how each is parsed, shown and ordered.
//!
//! Every id is made by the shell that owns a source of randomness; here they are only values.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Text that is not the id it should be. The sender's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {wanted}")]
pub struct IdError {
    /// What came, cut to 64 characters.
    pub found: String,
    /// What would have been right, with its article.
    pub wanted: &'static str,
}

fn refuse(found: &str, wanted: &'static str) -> IdError {
    IdError { found: found.chars().take(64).collect(), wanted }
}

/// Encodes an id as CBOR bytes and decodes it from exactly that many.
macro_rules! cbor_bytes {
    ($name:ident, $length:literal, |$id:ident| $bytes:expr, $build:expr) => {
        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                let $id = self;
                e.bytes($bytes)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let bytes: [u8; $length] = d.bytes()?.try_into().map_err(|_| {
                    minicbor::decode::Error::message(concat!(
                        stringify!($name),
                        " has the wrong length"
                    ))
                })?;
                Ok($build(bytes))
            }
        }
    };
}

macro_rules! text_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <String as utoipa::PartialSchema>::schema()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID behind the id.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Takes the usual hyphenated form, in lower case: one id has one spelling.
            fn from_str(text: &str) -> Result<Self, IdError> {
                canonical_uuid(text).map(Self).ok_or_else(|| refuse(text, $wanted))
            }
        }

        text_serde!($name);
        cbor_bytes!($name, 16, |id| id.0.as_bytes(), |bytes| {
            $name(Uuid::from_bytes(bytes))
        });
    };
}

/// Reads a UUID in its usual spelling alone: 36 characters, lower case, hyphens in place.
///
/// Braced, URN, simple and upper-case forms are refused: an item's key must have one spelling,
/// or the same item could stand twice in a map.
#[must_use]
pub fn canonical_uuid(text: &str) -> Option<Uuid> {
    let lower = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    if text.len() != 36 || !lower {
        return None;
    }
    Uuid::try_parse(text).ok()
}

uuid_id!(
    /// One day or half-day; it owns an event stream.
    GatheringId, "a gathering's id (a UUID in lower case)"
);
uuid_id!(
    /// A table in a round.
    GroupId, "a group's id (a UUID in lower case)"
);
uuid_id!(
    /// One division of a gathering into groups.
    RoundId, "a round's id (a UUID in lower case)"
);
uuid_id!(
    /// A person in one gathering. The name is in the vault, never in the log.
    ParticipantId, "a participant's id (a UUID in lower case)"
);
uuid_id!(
    /// A region of a network, as its gatherings know it.
    RegionId, "a region's id (a UUID in lower case)"
);
uuid_id!(
    /// A learning network.
    NetworkId, "a network's id (a UUID in lower case)"
);
uuid_id!(
    /// One vote on themes.
    VoteId, "a vote's id (a UUID in lower case)"
);
uuid_id!(
    /// A browser of somebody's, as it calls itself.
    DeviceId, "a device's id (a UUID in lower case)"
);
uuid_id!(
    /// A file beside the log: a photo.
    FileId, "a file's id (a UUID in lower case)"
);
uuid_id!(
    /// One item of a document: an insight, a block, an action.
    ItemId, "an item's id (a UUID in lower case)"
);

/// An Automerge document, named as automerge-repo names it: base58check of 16 UUID bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId([u8; 16]);

impl DocumentId {
    /// From a version-4 UUID: automerge-repo clients refuse ids with other version bits.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(*uuid.as_bytes())
    }

    /// The sixteen bytes behind the text.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// `automerge:ID`, what `repo.find` takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("automerge:{self}")
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bs58::encode(self.0).with_check().into_string())
    }
}

impl FromStr for DocumentId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wanted = "a document's id (base58check of 16 bytes)";
        if text.len() > 40 {
            return Err(refuse(text, wanted));
        }
        let bytes = bs58::decode(text).with_check(None).into_vec();
        let bytes = bytes.map_err(|_| refuse(text, wanted))?;
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| refuse(text, wanted))?;
        Ok(Self(bytes))
    }
}

text_serde!(DocumentId);
cbor_bytes!(DocumentId, 16, |id| &id.0, DocumentId);

/// The SHA-256 that names an Automerge change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeHash(pub [u8; 32]);

impl fmt::Display for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChangeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

cbor_bytes!(ChangeHash, 32, |hash| &hash.0, ChangeHash);

/// An event's place in its gathering's stream: 1, 2, 3, … without a gap. 0 is before the first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// Before the first event.
    pub const ZERO: Self = Self(0);

    /// The place after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seq {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self).map_err(|_| refuse(text, "a sequence number (0 or more)"))
    }
}

/// Crockford's base 32: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What people type to enter a gathering: 40 bits, shown as `XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JoinCode([u8; 8]);

impl JoinCode {
    /// Makes a code of the 40 low bits of `random`.
    #[must_use]
    pub fn from_random(random: u64) -> Self {
        let mut symbols = [0; 8];
        for (place, symbol) in symbols.iter_mut().enumerate() {
            let quintet = (random >> (5 * place)).to_le_bytes()[0] & 31;
            *symbol = CROCKFORD[usize::from(quintet)];
        }
        Self(symbols)
    }
}

impl fmt::Display for JoinCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, symbol) in self.0.iter().enumerate() {
            if place == 4 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*symbol))?;
        }
        Ok(())
    }
}

impl fmt::Debug for JoinCode {
    /// A code opens a gathering, so it does not stand in a log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JoinCode(…)")
    }
}

impl FromStr for JoinCode {
    type Err = IdError;

    /// Any case, with or without hyphens and blanks; O reads as 0, I and L as 1.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let wanted = "a join code (eight letters and digits, XXXX-XXXX)";
        let mut symbols = [0; 8];
        let mut place = 0;
        for found in text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
            let symbol = match found.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            if place == symbols.len() || !CROCKFORD.contains(&symbol) {
                return Err(refuse(text, wanted));
            }
            symbols[place] = symbol;
            place += 1;
        }
        if place == symbols.len() { Ok(Self(symbols)) } else { Err(refuse(text, wanted)) }
    }
}

text_serde!(JoinCode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_id_is_spelled_as_automerge_repo_spells_it() {
        let uuid: Uuid = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f".parse().unwrap();
        let id = DocumentId::new(uuid);
        assert_eq!(id.to_string().parse::<DocumentId>().unwrap(), id);
        assert!(matches!(id.to_string().len(), 27 | 28));
        let mut wrong = id.to_string();
        wrong.push('x');
        assert!(wrong.parse::<DocumentId>().is_err());
    }

    #[test]
    fn a_join_code_is_read_as_people_type_it() {
        let code = JoinCode::from_random(0x12_3456_789a);
        let shown = code.to_string();
        assert_eq!(shown.len(), 9);
        assert_eq!(shown.to_lowercase().parse::<JoinCode>().unwrap(), code);
        assert_eq!(shown.replace('-', "").parse::<JoinCode>().unwrap(), code);
        assert_eq!("OIL0-0000".parse::<JoinCode>(), "0110-0000".parse());
        assert!("ABCD-EFG".parse::<JoinCode>().is_err());
        assert!("ABCD-EFGU".parse::<JoinCode>().is_err());
        assert!("ABCD-EFGH1".parse::<JoinCode>().is_err());
    }

    #[test]
    fn an_id_has_one_spelling() {
        let text = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f";
        assert_eq!(text.parse::<ItemId>().unwrap().to_string(), text);
        assert!(text.to_uppercase().parse::<ItemId>().is_err());
        assert!(text.replace('-', "").parse::<ItemId>().is_err());
    }
}
