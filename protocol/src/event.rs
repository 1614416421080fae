//! Events: what the log holds, and how it is encoded.
//!
//! An event is one accepted message that brought new changes, or one act outside documents. The
//! events of a gathering alone rebuild its documents, groups, rights and walls. No name, address
//! or token stands in an event: those are in the vault, under the participant's id.
//!
//! # Encoding
//!
//! `4F` (the letter O), the version, two zero bytes, the CRC-32C of all other bytes (little
//! endian), then one CBOR item. A record of a newer version is refused, never guessed at; a
//! record of an older one is read through the upcasters of its version. Arrays are indexed: a
//! field is added at the end, as an `Option`, and its number is never used again.

mod act;
mod conduct;
mod record;
mod vote;
mod who;

use bytes::Bytes;
use minicbor::{Decode, Encode};

use crate::ids::{GatheringId, Seq};
use crate::time::Timestamp;

pub use self::act::{Act, RoundKind, Status};
pub use self::conduct::{Conduct, Spotlight, TimerScope};
pub use self::record::{EventError, VERSION};
pub use self::vote::{Dots, VoteAct};
pub use self::who::{By, Owner, Publish, Role};

/// An event before the log has given it its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// When, by the server's clock.
    #[n(0)]
    pub at: Timestamp,
    /// Who.
    #[n(1)]
    pub by: By,
    /// What.
    #[n(2)]
    pub act: Act,
}

/// An event in its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Event {
    /// The gathering whose stream it stands in.
    #[n(0)]
    pub gathering: GatheringId,
    /// Its place there.
    #[n(1)]
    pub seq: Seq,
    /// What happened.
    #[n(2)]
    pub entry: Entry,
}

/// One Automerge change as its author encoded it: a whole chunk with its header.
#[derive(Clone, PartialEq, Eq)]
pub struct ChangeBytes(pub Bytes);

impl std::fmt::Debug for ChangeBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChangeBytes({} bytes)", self.0.len())
    }
}

impl<C> Encode<C> for ChangeBytes {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for ChangeBytes {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.bytes().map(|bytes| Self(Bytes::copy_from_slice(bytes)))
    }
}

impl<C> Encode<C> for Seq {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u64(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Seq {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.u64().map(Self)
    }
}
