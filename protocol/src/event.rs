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

mod record;

use bytes::Bytes;
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::contribution::{Contribution, Kind};
use crate::ids::{ChangeHash, DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use crate::schema::DocumentKind;
use crate::time::Timestamp;

pub use self::record::{EventError, VERSION};

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
