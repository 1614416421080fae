//! What can be asked, what is answered, and why not.

use std::collections::BTreeSet;

use oogst_protocol::event::{Owner, Publish, Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use oogst_protocol::schema::DocumentKind;

/// What a caller may want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The gathering as the caller may see it.
    Gathering,
    /// One document, where the caller may read it.
    Document(DocumentId),
    /// How the caller themselves is named where what they said is published.
    Consent,
    /// All documents that the caller may read, of every round and owner.
    Readable,
}

/// An answer to a [`Command`](super::Command) or a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done, and durable; `seq` is the newest event's place.
    Done {
        /// The newest event of the gathering that the answer includes.
        seq: Seq,
    },
    /// The gathering.
    Gathering(Box<Gathering>),
    /// The document.
    Document(Document),
    /// How the caller is named; whether they chose it.
    Consent {
        /// How.
        publish: Publish,
        /// Said by themselves, or what holds for whoever said nothing.
        is_chosen: bool,
    },
    /// The documents that the caller may read.
    Readable(BTreeSet<DocumentId>),
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
    /// The running round.
    pub round: RoundId,
    /// All rounds with their titles, in order of opening.
    pub rounds: Vec<(RoundId, String)>,
    /// The running round's groups, in order of forming.
    pub groups: Vec<Group>,
    /// Documents that belong to no group.
    pub documents: Vec<Document>,
    /// Everybody who is a member now.
    pub participants: Vec<Participant>,
    /// The newest event.
    pub seq: Seq,
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

/// A participant without what only the vault knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub id: ParticipantId,
    /// As what.
    pub role: Role,
    /// In which group of the running round.
    pub group: Option<GroupId>,
}

/// Why a command or question was refused. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {what}")]
    Unknown {
        /// `gathering`, `group`, `document`, `participant`.
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
        why: &'static str,
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
    /// A bound of the gathering is reached.
    #[error("a gathering holds at most {most} {what}")]
    Full {
        /// What there is too much of.
        what: &'static str,
        /// The bound.
        most: usize,
    },
}
