//! What can be done in a gathering, beside writing in its documents.

use std::collections::BTreeMap;

use oogst_protocol::event::{ChangeBytes, Owner, Publish, Role, RoundKind, Status};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, FileId, GroupId, ItemId, NetworkId, ParticipantId, RegionId, RoundId,
    Seq, VoteId,
};
use oogst_protocol::schema::{DayTemplate, DocumentKind};

use super::{Conducting, Voting};

/// A group to be formed. The shell made the ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// The group.
    pub group: GroupId,
    /// Its harvest.
    pub harvest: DocumentId,
    /// Its name.
    pub name: String,
    /// Its learning question, empty where there is none yet.
    pub question: String,
    /// How many people fit; any number if absent.
    pub seats: Option<u16>,
    /// Which table it sits at.
    pub table: Option<String>,
    /// The programme's theme that it works on.
    pub theme: Option<ItemId>,
}

/// A region as somebody calls it. The shell made the id, for where nobody named it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRegion {
    /// The region, if it is a new one.
    pub region: RegionId,
    /// Its name.
    pub name: String,
}

/// A file to be added. The shell made the id and has the bytes on its disk, synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// The file.
    pub file: FileId,
    /// The document whose rights it gets.
    pub document: DocumentId,
    /// As `image/jpeg`.
    pub media_type: String,
    /// Its length in bytes.
    pub length_bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: ChangeHash,
    /// Most files in the gathering, as the operator set it; 0: no bound.
    pub files_max: usize,
    /// Most MiB of all its files together, as the operator set it; 0: no bound.
    pub mebibytes_max: usize,
}

/// The documents that every gathering has one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommonDocuments {
    /// Its blocks, questions, themes and news.
    pub programme: DocumentId,
    /// Who is who.
    pub introductions: DocumentId,
    /// What everybody takes home.
    pub closing: DocumentId,
}

/// An act outside documents, with every id that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Makes the gathering: prepared, its first round and groups, their harvests, its common
    /// documents, its first facilitator; opened at once where `status` says so. Operator only.
    OpenGathering {
        /// Its title.
        title: String,
        /// BCP 47.
        language: String,
        /// ISO 8601.
        date: Option<String>,
        /// The network that it is of.
        network: Option<NetworkId>,
        /// The region that it is of.
        region: Option<NewRegion>,
        /// Where it starts.
        status: Status,
        /// The first facilitator.
        facilitator: ParticipantId,
        /// The first round.
        round: RoundId,
        /// Its groups.
        groups: Vec<NewGroup>,
        /// Its common documents.
        common: CommonDocuments,
        /// How many take part at most; any number if absent.
        participants_max: Option<u16>,
        /// What kind of day its programme begins as; without one it begins empty.
        day: Option<DayTemplate>,
    },
    /// The caller joins, as the code that was shown says.
    Join {
        /// The new participant.
        participant: ParticipantId,
        /// The code's role.
        role: Role,
        /// The region that they come from.
        region: Option<NewRegion>,
        /// How many others share the device: each takes a place too.
        together: u8,
    },
    /// The caller comes back.
    Return {
        /// Who.
        participant: ParticipantId,
    },
    /// To a group of the running round, or to none. Self or facilitator; a facilitator also
    /// places people in a planned round, and at a table that is full.
    Move {
        /// Who.
        participant: ParticipantId,
        /// Where to.
        group: Option<GroupId>,
    },
    /// The vault has the new name. Self or facilitator.
    Rename {
        /// Who.
        participant: ParticipantId,
    },
    /// Facilitator.
    Promote {
        /// Who.
        participant: ParticipantId,
        /// To what.
        role: Role,
    },
    /// Facilitator. Open sockets close with 4401.
    Remove {
        /// Who.
        participant: ParticipantId,
    },
    /// Self. Open sockets close with 4401.
    Leave {
        /// Who.
        participant: ParticipantId,
    },
    /// Plans a round: its groups, each with a harvest, and who will sit where. Facilitator.
    PlanRound {
        /// The round.
        round: RoundId,
        /// Its title.
        title: String,
        /// What it is for.
        kind: RoundKind,
        /// Its groups.
        groups: Vec<NewGroup>,
        /// Who is placed in which of them, counted from 0.
        members: BTreeMap<ParticipantId, usize>,
    },
    /// Facilitator. Opening a round ends the one before.
    RunRound {
        /// The round to run; none: ends the one that runs.
        round: Option<RoundId>,
    },
    /// Forms one more group in a planned or running round. Facilitator.
    FormGroup {
        /// The round.
        round: RoundId,
        /// The group.
        group: NewGroup,
    },
    /// Facilitator.
    Retitle {
        /// The new title.
        title: String,
    },
    /// Facilitator.
    BoundParticipants {
        /// How many take part at most; any number if absent.
        participants_max: Option<u16>,
    },
    /// Facilitator.
    SetStatus {
        /// The new status.
        status: Status,
    },
    /// Opens a document beside those that are there from the start. Facilitator; a member their
    /// own, and an intervision or a visit of their group.
    OpenDocument {
        /// The document.
        document: DocumentId,
        /// Its kind.
        kind: DocumentKind,
        /// Whose it is; what is usual for its kind if absent.
        owner: Option<Owner>,
        /// What it is called in lists.
        title: String,
        /// The stakeholder map that is opened with an action plan, where its owner has none.
        map: DocumentId,
    },
    /// Facilitator. Already so: done, without an event.
    SetFrozen {
        /// The document.
        document: DocumentId,
        /// Locked or not.
        frozen: bool,
    },
    /// The day's conduct. Facilitator.
    Conduct(Conducting),
    /// A theme vote.
    Vote {
        /// Which. The shell or the client made the id.
        vote: VoteId,
        /// What.
        asked: Voting,
    },
    /// How the caller is named where what they said is published. Every member, at any time.
    SetConsent {
        /// How.
        publish: Publish,
    },
    /// Adds a file to a document. Who may write there.
    AddFile(NewFile),
    /// Undoes what somebody did. Facilitator, where they may write.
    Revert(Revert),
}

/// What undoes somebody's acts: made by [`view::revert`](crate::view::revert) of what the log held
/// when there were `known` reverts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revert {
    /// Whose acts.
    pub participant: ParticipantId,
    /// The first of the events that are undone.
    pub from: Seq,
    /// The last of them.
    pub to: Seq,
    /// How many reverts there had been: what another undid since must not be undone twice.
    pub known: u64,
    /// By document, in causal order; none where everything was overwritten already.
    pub changes: Vec<(DocumentId, Vec<ChangeBytes>)>,
}
