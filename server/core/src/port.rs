//! What goes into the core and what comes out of it: the seam between rules and IO.
//!
//! The shell keeps three promises. It hands over [`Input::Loaded`] before anything else about a
//! gathering. It performs effects in their order. And it reports each [`Effect::Append`] with
//! exactly one [`Input::Recorded`], in the order of the log, only when the events are durable:
//! written *and* synced. An append that fails ends the process; it has no answer here.

use std::sync::Arc;

use bytes::Bytes;
use oogst_protocol::event::{Entry, Event, Owner, Role, Status};
use oogst_protocol::ids::{DocumentId, GatheringId, GroupId, ParticipantId, RoundId, Seq};
use oogst_protocol::schema::DocumentKind;

/// One socket, from upgrade to close. Never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One HTTP request that waits for an answer. Never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// One append on its way to the disk. The core counts them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Who asks. The shell has checked the token; the core knows the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Holds the operator key.
    Operator,
    /// Holds a token of this gathering.
    Member(ParticipantId),
}

/// What the shell tells the core.
#[derive(Clone, Debug)]
pub enum Input {
    /// A gathering's whole stream so far, oldest first; empty for a new gathering.
    Loaded {
        /// The gathering.
        gathering: GatheringId,
        /// Its events, from seq 1.
        events: Vec<Arc<Event>>,
    },
    /// A socket was upgraded for a member.
    Opened {
        /// The socket.
        connection: ConnectionId,
        /// The token's gathering.
        gathering: GatheringId,
        /// The token's participant.
        participant: ParticipantId,
    },
    /// A binary frame came, at most `MESSAGE_BYTES_MAX` long.
    Frame {
        /// From this socket.
        connection: ConnectionId,
        /// The frame.
        bytes: Bytes,
    },
    /// The socket is gone, whoever ended it.
    Closed {
        /// The socket.
        connection: ConnectionId,
    },
    /// Events are durable.
    Recorded {
        /// The append that they answer; `None` where another server wrote them.
        ticket: Option<Ticket>,
        /// The events, in their places.
        events: Vec<Arc<Event>>,
    },
    /// Somebody wants something done.
    Command {
        /// Answered by [`Effect::Answer`].
        request: RequestId,
        /// The gathering it is about.
        gathering: GatheringId,
        /// Who wants it.
        caller: Caller,
        /// What.
        command: Command,
    },
    /// Somebody wants to know something.
    Question {
        /// Answered by [`Effect::Answer`].
        request: RequestId,
        /// The gathering it is about.
        gathering: GatheringId,
        /// Who asks.
        caller: Caller,
        /// What.
        question: Question,
    },
}

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
}

/// An act outside documents, with every id that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Makes the gathering: prepared, its first round and groups, their harvests, its programme,
    /// its first facilitator; opened at once where `status` says so. Operator only.
    OpenGathering {
        /// Its title.
        title: String,
        /// BCP 47.
        language: String,
        /// ISO 8601.
        date: Option<String>,
        /// Where it starts.
        status: Status,
        /// The first facilitator.
        facilitator: ParticipantId,
        /// The first round.
        round: RoundId,
        /// Its groups.
        groups: Vec<NewGroup>,
        /// The programme.
        programme: DocumentId,
    },
    /// The caller joins, as the code that was shown says.
    Join {
        /// The new participant.
        participant: ParticipantId,
        /// The code's role.
        role: Role,
    },
    /// The caller comes back.
    Return {
        /// Who.
        participant: ParticipantId,
    },
    /// To a group of the running round, or to none. Self or facilitator.
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
    /// Facilitator.
    Retitle {
        /// The new title.
        title: String,
    },
    /// Facilitator.
    SetStatus {
        /// The new status.
        status: Status,
    },
    /// Opens a document beside those that are there from the start. Facilitator.
    OpenDocument {
        /// The document.
        document: DocumentId,
        /// Its kind.
        kind: DocumentKind,
        /// Whose it is.
        owner: Owner,
        /// What it is called in lists.
        title: String,
    },
    /// Facilitator. Already so: done, without an event.
    SetFrozen {
        /// The document.
        document: DocumentId,
        /// Locked or not.
        frozen: bool,
    },
}

/// What a caller may want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The gathering as the caller may see it.
    Gathering,
    /// One document, where the caller may read it.
    Document(DocumentId),
}

/// An answer to a [`Command`] or a [`Question`].
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

/// Why a socket is closed; each has one WebSocket close code (contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseCode {
    /// 1008: the peer broke the protocol, a shape or somebody's actor.
    Violation,
    /// 1009: a frame, change or text over its limit.
    TooLarge,
    /// 1012: come back and offer again what was not applied.
    ComeBack,
    /// 1013: it could not keep up.
    Overload,
    /// 1000: another socket of the same participant took this peer id.
    Replaced,
    /// 4401: the token is no longer valid.
    Revoked,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Replaced => 1000,
            Self::Violation => 1008,
            Self::TooLarge => 1009,
            Self::ComeBack => 1012,
            Self::Overload => 1013,
            Self::Revoked => 4401,
        }
    }
}

/// What the core wants done.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Append these entries to the gathering's stream: all or none, in this order.
    Append {
        /// Comes back with [`Input::Recorded`].
        ticket: Ticket,
        /// Whose stream.
        gathering: GatheringId,
        /// The entries; never empty.
        entries: Vec<Entry>,
    },
    /// Send a binary frame.
    Send {
        /// To this socket.
        connection: ConnectionId,
        /// The frame.
        frame: Bytes,
    },
    /// Close a socket, after what was sent to it before.
    Close {
        /// This socket.
        connection: ConnectionId,
        /// With this code.
        code: CloseCode,
        /// For the peer's developer: what was wrong and what would be right.
        reason: String,
    },
    /// Answer a request.
    Answer {
        /// This request.
        request: RequestId,
        /// With this.
        answer: Result<Answer, Refusal>,
    },
}
