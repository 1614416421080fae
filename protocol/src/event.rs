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

use bytes::Bytes;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::contribution::{Contribution, Kind};
use crate::ids::{ChangeHash, DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use crate::limits::EVENT_BYTES_MAX;
use crate::schema::DocumentKind;
use crate::time::Timestamp;

/// The version that this build writes, and the newest that it reads.
pub const VERSION: u8 = 1;

const MAGIC: u8 = b'O';
const HEADER_BYTES: usize = 8;

/// What somebody may do in a gathering.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// Reads only.
    #[n(0)]
    Observer,
    /// Fresh eyes for half a day.
    #[n(1)]
    Guest,
    /// Writes in its own group.
    #[n(2)]
    Participant,
    /// Edits the report and sees contacts; promoted, never joined as.
    #[n(3)]
    CoreGroup,
    /// Conducts the day.
    #[n(4)]
    Facilitator,
    /// Runs the server. Not a member of any gathering.
    #[n(5)]
    Operator,
}

/// Where a gathering is in its life.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Encode,
    Decode,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Status {
    /// Being made ready; members may already come in and try.
    #[n(0)]
    Prepared,
    /// The day itself.
    #[n(1)]
    Open,
    /// Over: read, replay, export.
    #[n(2)]
    Closed,
}

/// Who a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Owner {
    /// The gathering as a whole.
    #[n(0)]
    Gathering,
    /// One group.
    #[n(1)]
    Group(#[n(0)] GroupId),
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

/// Who did it: the authenticated connection's participant and its role at that moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct By {
    /// Absent for the operator, who is no member.
    #[n(0)]
    pub participant: Option<ParticipantId>,
    /// The role when it was done.
    #[n(1)]
    pub role: Role,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum Act {
    /// Changes to a document, in causal order, and what was read from them.
    #[n(0)]
    Changed {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The changes that were new, all of them.
        #[n(1)]
        changes: Vec<ChangeBytes>,
        /// What they mean.
        #[n(2)]
        contributions: Vec<Contribution>,
        /// The document's heads after them, ascending.
        #[n(3)]
        heads: Vec<ChangeHash>,
    },
    /// The gathering exists from here on.
    #[n(1)]
    GatheringPrepared {
        /// Its title.
        #[n(0)]
        title: String,
        /// BCP 47, as `nl-BE`.
        #[n(1)]
        language: String,
        /// The day, ISO 8601, if set.
        #[n(2)]
        date: Option<String>,
    },
    /// The title was changed.
    #[n(2)]
    GatheringRetitled {
        /// The new title.
        #[n(0)]
        title: String,
    },
    /// The status was changed: prepared, opened or closed.
    #[n(3)]
    GatheringStatus {
        /// The new status.
        #[n(0)]
        status: Status,
    },
    /// A round became the running one.
    #[n(4)]
    RoundOpened {
        /// The round.
        #[n(0)]
        round: RoundId,
        /// Its title.
        #[n(1)]
        title: String,
    },
    /// A group was formed in a round.
    #[n(5)]
    GroupFormed {
        /// Its round.
        #[n(0)]
        round: RoundId,
        /// The group.
        #[n(1)]
        group: GroupId,
        /// Its name.
        #[n(2)]
        name: String,
        /// The learning question it starts from; empty where there is none yet.
        #[n(3)]
        question: String,
    },
    /// A document was opened with its template's change.
    #[n(6)]
    DocumentOpened {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// Its kind.
        #[n(1)]
        kind: DocumentKind,
        /// Whose it is.
        #[n(2)]
        owner: Owner,
        /// What it is called in lists.
        #[n(3)]
        title: String,
        /// The template as one change; its hash is the document's first head.
        #[n(4)]
        template: ChangeBytes,
    },
    /// A document was locked.
    #[n(7)]
    DocumentFrozen {
        /// The document.
        #[n(0)]
        document: DocumentId,
    },
    /// A document was unlocked.
    #[n(8)]
    DocumentThawed {
        /// The document.
        #[n(0)]
        document: DocumentId,
    },
    /// Somebody joined.
    #[n(9)]
    ParticipantJoined {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// As what.
        #[n(1)]
        role: Role,
    },
    /// Somebody came back.
    #[n(10)]
    ParticipantReturned {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
    },
    /// Somebody went to a group, or to none.
    #[n(11)]
    ParticipantMoved {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// Where to.
        #[n(1)]
        group: Option<GroupId>,
    },
    /// Somebody goes by another name; the vault has it.
    #[n(12)]
    ParticipantRenamed {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
    },
    /// Somebody got another role.
    #[n(13)]
    ParticipantPromoted {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// The role from here on.
        #[n(1)]
        role: Role,
    },
    /// Somebody was removed; their tokens are revoked.
    #[n(14)]
    ParticipantRemoved {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
    },
}

impl Act {
    /// The document that the act is about, where it is about one.
    #[must_use]
    pub const fn document(&self) -> Option<DocumentId> {
        match self {
            Self::Changed { document, .. }
            | Self::DocumentOpened { document, .. }
            | Self::DocumentFrozen { document }
            | Self::DocumentThawed { document } => Some(*document),
            Self::GatheringPrepared { .. }
            | Self::GatheringRetitled { .. }
            | Self::GatheringStatus { .. }
            | Self::RoundOpened { .. }
            | Self::GroupFormed { .. }
            | Self::ParticipantJoined { .. }
            | Self::ParticipantReturned { .. }
            | Self::ParticipantMoved { .. }
            | Self::ParticipantRenamed { .. }
            | Self::ParticipantPromoted { .. }
            | Self::ParticipantRemoved { .. } => None,
        }
    }

    /// What the act contributes, in order; `index` of a feed line is the place in this list.
    #[must_use]
    pub fn contributions(&self) -> Vec<Contribution> {
        let kind = match self {
            Self::Changed { contributions, .. } => return contributions.clone(),
            // A retitling has no word in the vocabulary: it gives no line.
            Self::GatheringRetitled { .. } => return Vec::new(),
            Self::GatheringPrepared { .. } => Kind::GatheringPrepared,
            Self::GatheringStatus { status } => match status {
                Status::Prepared => Kind::GatheringPrepared,
                Status::Open => Kind::GatheringOpened,
                Status::Closed => Kind::GatheringClosed,
            },
            Self::RoundOpened { .. } => Kind::RoundOpened,
            Self::GroupFormed { .. } => Kind::GroupFormed,
            Self::DocumentOpened { .. } => Kind::DocumentOpened,
            Self::DocumentFrozen { .. } => Kind::DocumentFrozen,
            Self::DocumentThawed { .. } => Kind::DocumentThawed,
            Self::ParticipantJoined { .. } => Kind::ParticipantJoined,
            Self::ParticipantReturned { .. } => Kind::ParticipantReturned,
            Self::ParticipantMoved { .. } => Kind::ParticipantMoved,
            Self::ParticipantRenamed { .. } => Kind::ParticipantRenamed,
            Self::ParticipantPromoted { .. } => Kind::ParticipantPromoted,
            Self::ParticipantRemoved { .. } => Kind::ParticipantRemoved,
        };
        vec![Contribution { kind, item: None }]
    }
}

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

/// Why bytes are no event. In the log it means corruption, or a newer server's data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The record is cut short.
    #[error("an event's record of {found_bytes} bytes is cut short")]
    Truncated {
        /// Its length.
        found_bytes: usize,
    },
    /// The record is larger than any event may be.
    #[error("an event's record of {found_bytes} bytes is over the limit of {limit_bytes}")]
    TooLarge {
        /// Its length.
        found_bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// The first bytes are not those of an event.
    #[error("this is not an event's record")]
    NotAnEvent,
    /// A newer server wrote it.
    #[error("the event is of version {found}, this server reads up to {newest}")]
    Newer {
        /// The record's version.
        found: u8,
        /// The newest version that this build reads.
        newest: u8,
    },
    /// The checksum does not match.
    #[error("the event's checksum does not match its bytes")]
    Checksum,
    /// The bytes are intact but do not hold an event.
    #[error("the event's record does not hold an event")]
    Malformed(#[source] minicbor::decode::Error),
}

impl Event {
    /// Encodes the event in the newest version.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut record = vec![MAGIC, VERSION, 0, 0, 0, 0, 0, 0];
        minicbor::encode(self, &mut record).expect("a Vec takes all bytes");
        let checksum = checksum(&record);
        record[4..HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
        record
    }

    /// Decodes a record of any version up to [`VERSION`].
    ///
    /// # Errors
    ///
    /// [`EventError`] says what is wrong with the record; nothing is guessed.
    pub fn decode(record: &[u8]) -> Result<Self, EventError> {
        if record.len() > EVENT_BYTES_MAX {
            return Err(EventError::TooLarge {
                found_bytes: record.len(),
                limit_bytes: EVENT_BYTES_MAX,
            });
        }
        let Some((header, body)) = record.split_at_checked(HEADER_BYTES) else {
            return Err(EventError::Truncated { found_bytes: record.len() });
        };
        if header[0] != MAGIC {
            return Err(EventError::NotAnEvent);
        }
        if header[4..] != checksum(record).to_le_bytes() {
            return Err(EventError::Checksum);
        }
        match header[1] {
            VERSION => {
                let mut decoder = minicbor::Decoder::new(body);
                let event = decoder.decode().map_err(EventError::Malformed)?;
                if decoder.position() == body.len() {
                    Ok(event)
                } else {
                    let trailing = minicbor::decode::Error::message("bytes after the event");
                    Err(EventError::Malformed(trailing))
                }
            }
            found if found > VERSION => Err(EventError::Newer { found, newest: VERSION }),
            _ => Err(EventError::NotAnEvent),
        }
    }
}

/// The CRC-32C of everything but the checksum's own four bytes.
fn checksum(record: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&record[..4]), &record[HEADER_BYTES..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ItemId;

    fn event() -> Event {
        let uuid = uuid::Uuid::from_u128(0x7f3a_5c1e_9b2d_4c8f_a1e0_5d6b_7c8d_9e0f);
        Event {
            gathering: GatheringId::new(uuid),
            seq: Seq(42),
            entry: Entry {
                at: Timestamp::from_milliseconds(1_795_256_103_120),
                by: By { participant: Some(ParticipantId::new(uuid)), role: Role::Participant },
                act: Act::Changed {
                    document: DocumentId::new(uuid),
                    changes: vec![ChangeBytes(Bytes::from_static(b"change"))],
                    contributions: vec![Contribution {
                        kind: Kind::InsightAdded,
                        item: Some(ItemId::new(uuid)),
                    }],
                    heads: vec![ChangeHash([7; 32])],
                },
            },
        }
    }

    #[test]
    fn an_event_reads_back_as_it_was_written() {
        assert_eq!(Event::decode(&event().encode()).unwrap(), event());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let record = event().encode();
        for bit in 0..record.len() * 8 {
            let mut broken = record.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(Event::decode(&broken).is_err(), "bit {bit}");
        }
        for length in 0..record.len() {
            assert!(Event::decode(&record[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_record_of_a_newer_server_is_refused_by_its_version() {
        let mut record = event().encode();
        record[1] = VERSION + 1;
        let checksum = checksum(&record);
        record[4..8].copy_from_slice(&checksum.to_le_bytes());
        assert!(matches!(Event::decode(&record), Err(EventError::Newer { found: 2, newest: 1 })));
    }
}
