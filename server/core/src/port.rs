//! What goes into the core and what comes out of it: the seam between rules and IO.
//!
//! The shell keeps three promises. It hands over [`Input::Loaded`] before anything else about a
//! gathering. It performs effects in their order. And it reports each [`Effect::Append`] with
//! exactly one [`Recorded`], in the order of the log, only when the events are durable: written
//! *and* synced. An append that fails ends the process; it has no answer here.

mod answer;
mod command;
mod conduct;
mod hindrance;
mod vote;

use std::sync::Arc;

use bytes::Bytes;
use oogst_protocol::event::{Entry, Event};
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId};

use crate::view::Snapshot;

pub use self::answer::{
    Answer, Document, File, Gathering, Group, Participant, Question, Readable, Refusal, Region,
    Round,
};
pub use self::command::{Command, CommonDocuments, NewFile, NewGroup, NewRegion, Revert};
pub use self::conduct::{Block, Conduct, Conducting, Guests, Timer};
pub use self::hindrance::Hindrance;
pub use self::vote::{Tally, Vote, VotedTheme, Voting};

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
    /// Events are durable. Those that became so together come together, in the order of the log:
    /// what they mean to a document is then told in one message.
    Recorded(Vec<Recorded>),
    /// A document as the view behind the log has it: what [`Effect::Snapshot`] asks for. It may
    /// come at any time, or never.
    Snapshot {
        /// The gathering.
        gathering: GatheringId,
        /// The document.
        document: DocumentId,
        /// `None` where none can be had now.
        snapshot: Option<Snapshot>,
    },
    /// Time goes on. Comes about every second; what is due at the moment that it counts for is
    /// done then, in every gathering that is in memory.
    Tick,
    /// Somebody wants something done.
    Command {
        /// Answered by [`Effect::Answer`].
        request: RequestId,
        /// The gathering it is about.
        gathering: GatheringId,
        /// Who wants it.
        caller: Caller,
        /// What.
        command: Box<Command>,
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

/// What one append became, or what another server appended.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The append that the events answer; `None` where another server wrote them.
    pub ticket: Option<Ticket>,
    /// The events, in their places.
    pub events: Vec<Arc<Event>>,
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
        /// Comes back with [`Recorded`].
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
    /// Have a snapshot of a document made, when there is time for it: newcomers are sent the one
    /// before, or the document's changes, until [`Input::Snapshot`] brings it.
    Snapshot {
        /// The gathering.
        gathering: GatheringId,
        /// The document.
        document: DocumentId,
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
