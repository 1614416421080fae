//! What can be asked, what is answered, and why not.

use std::collections::BTreeSet;

use oogst_protocol::api::RoundStatus;
use oogst_protocol::event::{Owner, Publish, Role, RoundKind, Status};
use oogst_protocol::ids::{
    DocumentId, FileId, GatheringId, GroupId, ItemId, NetworkId, ParticipantId, RegionId, RoundId,
    Seq,
};
use oogst_protocol::schema::DocumentKind;

use super::{Conduct, Hindrance, Vote};

/// What a caller may want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The gathering as the caller may see it.
    Gathering,
    /// One document, where the caller may read it.
    Document(DocumentId),
    /// How the day goes.
    Conduct,
    /// The theme votes.
    Votes,
    /// How the caller themselves is named where what they said is published.
    Consent,
    /// All documents that the caller may read, of every round and owner.
    Readable,
    /// One file, where the caller may read its document.
    File(FileId),
}

/// An answer to a [`Command`](super::Command) or a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done, and durable; `seq` is the newest event's place.
    Done {
        /// The newest event of the gathering that the answer includes.
        seq: Seq,
    },
    /// Undone, and durable.
    Reverted {
        /// As in [`Answer::Done`].
        seq: Seq,
        /// Documents that took nothing in, and why.
        refused: Vec<(DocumentId, String)>,
    },
    /// The gathering.
    Gathering(Box<Gathering>),
    /// The document.
    Document(Document),
    /// How the day goes.
    Conduct(Box<Conduct>),
    /// The theme votes, in order of opening.
    Votes(Vec<Vote>),
    /// How the caller is named; whether they chose it.
    Consent {
        /// How.
        publish: Publish,
        /// Said by themselves, or what holds for whoever said nothing.
        is_chosen: bool,
    },
    /// The documents that the caller may read.
    Readable(Readable),
    /// The file.
    File(File),
}

/// Documents that a caller may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    /// All of them.
    pub documents: BTreeSet<DocumentId>,
    /// Those of them that every member reads, for as long as they are one.
    pub open: BTreeSet<DocumentId>,
}

/// A gathering as one caller may see it. Names are in the vault: the shell adds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathering {
    /// Which.
    pub id: GatheringId,
    /// Its title.
    pub title: String,
    /// BCP 47.
    pub language: String,
    /// ISO 8601.
    pub date: Option<String>,
    /// Where it is in its life.
    pub status: Status,
    /// The network that it is of.
    pub network: Option<NetworkId>,
    /// The region that it is of.
    pub region: Option<RegionId>,
    /// How many take part at most; any number if absent.
    pub participants_max: Option<u16>,
    /// Every region that was named, in that order.
    pub regions: Vec<Region>,
    /// The running round, if one runs.
    pub round: Option<RoundId>,
    /// All rounds, in order of planning.
    pub rounds: Vec<Round>,
    /// The running round's groups, in order of forming.
    pub groups: Vec<Group>,
    /// Documents that belong to no group.
    pub documents: Vec<Document>,
    /// Everybody who is a member now.
    pub participants: Vec<Participant>,
    /// How the day goes.
    pub conduct: Conduct,
    /// The newest event.
    pub seq: Seq,
}

/// A region of a gathering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Which.
    pub id: RegionId,
    /// Its name.
    pub name: String,
}

/// A round as one caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Which.
    pub id: RoundId,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub kind: RoundKind,
    /// Where it is in its life.
    pub status: RoundStatus,
    /// Its groups; none here for the running one, whose groups are the gathering's.
    pub groups: Vec<Group>,
}

/// A group as one caller may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The learning question it was formed with.
    pub question: String,
    /// How many people fit.
    pub seats: Option<u16>,
    /// Which table it sits at.
    pub table: Option<String>,
    /// The programme's theme that it works on.
    pub theme: Option<ItemId>,
    /// Who is in it.
    pub members: Vec<ParticipantId>,
    /// Its documents that the caller may read.
    pub documents: Vec<Document>,
}

/// A document as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub id: DocumentId,
    /// Its kind.
    pub kind: DocumentKind,
    /// What it is called.
    pub title: String,
    /// Locked.
    pub frozen: bool,
    /// Whose it is.
    pub owner: Owner,
    /// Whether the caller may write in it now.
    pub writable: bool,
}

/// A file that was added to a document. Its bytes are the shell's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Whose rights it has.
    pub document: DocumentId,
    /// As `image/jpeg`.
    pub media_type: String,
    /// Its length in bytes.
    pub length_bytes: u64,
}

/// A participant without what only the vault knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub id: ParticipantId,
    /// As what.
    pub role: Role,
    /// In which group of the running round.
    pub group: Option<GroupId>,
    /// From which region.
    pub region: Option<RegionId>,
}

/// Why a command or question was refused. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {what}")]
    Unknown {
        /// `gathering`, `round`, `group`, `document`, `participant`.
        what: &'static str,
    },
    /// The caller may not do that.
    #[error("only {who} may do that")]
    Forbidden {
        /// Who may.
        who: &'static str,
    },
    /// The gathering's state does not allow it.
    #[error("{why}")]
    Conflict {
        /// What stands in the way, and what would be right.
        why: Hindrance,
    },
    /// The request does not hold what it should.
    #[error("{why}")]
    Invalid {
        /// What was wrong and what would be right.
        why: String,
    },
    /// The disk cannot keep up. Nobody's fault: the same request is right a while later.
    #[error("the server cannot keep up: try again in a few seconds")]
    Overload,
    /// Those who take part are as many as the facilitator wants.
    #[error(
        "this gathering is full: at most {most} people take part, {taken} do and {wanted} would \
         come; ask its facilitator, who can make room"
    )]
    NoPlace {
        /// How many take part at most.
        most: usize,
        /// How many do.
        taken: usize,
        /// How many would come, on one device.
        wanted: usize,
    },
    /// A bound of the gathering is reached.
    #[error("a gathering holds at most {most} {what}")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        most: usize,
    },
}
