//! What was done: the acts and their numbers in the log.

mod meaning;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::ChangeBytes;
use super::conduct::Conduct;
use super::vote::VoteAct;
use super::who::{Owner, Publish, Role};
use crate::contribution::Contribution;
use crate::ids::{
    ChangeHash, DocumentId, FileId, GroupId, ItemId, NetworkId, ParticipantId, RegionId, RoundId,
    Seq,
};
use crate::schema::DocumentKind;

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

/// What a round divides people for.
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
pub enum RoundKind {
    /// By region: what each brings.
    #[n(0)]
    Region,
    /// By theme: a learning question each.
    #[n(1)]
    Theme,
    /// Peer coaching.
    #[n(2)]
    Intervision,
    /// A site visit.
    #[n(3)]
    Visit,
    /// Anything else.
    #[n(4)]
    Free,
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
        /// The network that it is of, if any.
        #[n(3)]
        network: Option<NetworkId>,
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
        /// What it is for; absent: free.
        #[n(2)]
        kind: Option<RoundKind>,
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
        /// How many people fit, if that was said.
        #[n(4)]
        seats: Option<u16>,
        /// Which table it sits at, if that was said.
        #[n(5)]
        table: Option<String>,
        /// The programme's theme that it works on, if it does.
        #[n(6)]
        theme: Option<ItemId>,
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
        /// From which region, if they said so.
        #[n(2)]
        region: Option<RegionId>,
        /// How many others share their device, if any do.
        #[n(3)]
        together: Option<u8>,
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
        /// In which round they are in no group any more; absent: the running one.
        #[n(2)]
        round: Option<RoundId>,
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
    /// A round was planned: people can be placed in its groups before it runs.
    #[n(15)]
    RoundPlanned {
        /// The round.
        #[n(0)]
        round: RoundId,
        /// Its title.
        #[n(1)]
        title: String,
        /// What it is for.
        #[n(2)]
        kind: RoundKind,
    },
    /// The running round was closed; no round runs until the next is opened.
    #[n(16)]
    RoundClosed {
        /// The round.
        #[n(0)]
        round: RoundId,
    },
    /// The gathering has a region of this name.
    #[n(17)]
    RegionNamed {
        /// The region.
        #[n(0)]
        region: RegionId,
        /// Its name.
        #[n(1)]
        name: String,
    },
    /// The day was conducted: blocks, timers, spotlight, guests.
    #[n(18)]
    Conducted(#[n(0)] Conduct),
    /// Themes were voted on and selected.
    #[n(19)]
    Voted(#[n(0)] VoteAct),
    /// Somebody chose how they are named in what is published.
    #[n(20)]
    ConsentSet {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// How.
        #[n(1)]
        publish: Publish,
    },
    /// A file was added to a document. Its bytes are beside the log.
    #[n(21)]
    FileAdded {
        /// The file.
        #[n(0)]
        file: FileId,
        /// The document, whose rights are the file's.
        #[n(1)]
        document: DocumentId,
        /// Its media type, as `image/jpeg`.
        #[n(2)]
        media_type: String,
        /// Its length in bytes.
        #[n(3)]
        length_bytes: u64,
        /// SHA-256 of its bytes.
        #[n(4)]
        sha256: ChangeHash,
    },
    /// Somebody was let into an intervision's room, or out of it; read from the operations of the
    /// change before it.
    #[n(22)]
    RoomChanged {
        /// The intervision.
        #[n(0)]
        document: DocumentId,
        /// Who.
        #[n(1)]
        participant: ParticipantId,
        /// In, or out.
        #[n(2)]
        inside: bool,
    },
    /// What somebody did in a span of time was undone, by the changes after it of the same author.
    #[n(23)]
    Reverted {
        /// Whose acts.
        #[n(0)]
        participant: ParticipantId,
        /// The first of the events that were undone.
        #[n(1)]
        from: Seq,
        /// The last of them.
        #[n(2)]
        to: Seq,
        /// In which documents: what is undone in one is not undone there again.
        #[n(3)]
        documents: Vec<DocumentId>,
    },
    /// Somebody left; their tokens are revoked.
    #[n(24)]
    ParticipantLeft {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
    },
    /// Something that the archive from which this log was restored does not hold.
    #[n(25)]
    Withheld {
        /// What it contributed, without its document.
        #[n(0)]
        contributions: Vec<Contribution>,
        /// SHA-256 of the record that stood here.
        #[n(1)]
        sha256: ChangeHash,
    },
    /// At most so many take part from here on; who takes part already stays.
    #[n(26)]
    ParticipantsBounded {
        /// Participants and core group, with who shares their devices; absent: any number.
        #[n(0)]
        participants_max: Option<u16>,
    },
}
