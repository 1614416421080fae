//! Why changes are refused.

use crate::change::ChangeFault;

/// Why a message's changes were refused, all of them. Always the peer's fault: its socket closes
/// with 1008, or with 1009 where [`Fault::is_size`] says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A chunk that is no change.
    #[error(transparent)]
    Change(#[from] ChangeFault),
    /// The actor is somebody else's, or nobody's.
    #[error("the change is written under another participant's actor; use one of your own")]
    Actor,
    /// The author in the change's footer is not the connection's participant.
    #[error("the change names another author; leave it out, or name your own id")]
    Author,
    /// Another change is this actor's next.
    #[error("the change has seq {found}, its actor's next is {wanted}")]
    Sequence {
        /// What came.
        found: u64,
        /// What would be right.
        wanted: u64,
    },
    /// An actor's change that does not build on the one before it.
    #[error("the change does not build on its actor's change before it")]
    Branched,
    /// A dependency that is neither known nor earlier in the message.
    #[error("a dependency of the change is not known")]
    Dependency,
    /// Operation counters below what the change builds on, or far above everything.
    #[error("the change starts at operation {found}; {least} to {most} would be right")]
    StartOp {
        /// What came.
        found: u64,
        /// One above all that it builds on.
        least: u64,
        /// One above everything there is.
        most: u64,
    },
    /// An operation names something that its change's past does not hold.
    #[error("operation {counter} names {what} that its change does not build on")]
    Reference {
        /// The operation's counter.
        counter: u64,
        /// `an object`, `an element`, `a value`.
        what: &'static str,
    },
    /// An operation that no well-formed change holds.
    #[error("operation {counter}: {why}")]
    Operation {
        /// The operation's counter.
        counter: u64,
        /// What was wrong and what would be right.
        why: &'static str,
    },
    /// An operation that the document's shape does not allow.
    #[error("operation {counter} at `{key}`: {why}")]
    Shape {
        /// The operation's counter.
        counter: u64,
        /// The key, cut to 64 characters.
        key: String,
        /// What was wrong and what would be right.
        why: &'static str,
    },
    /// More of something than a document holds.
    #[error("a document holds at most {most} {what}")]
    Full {
        /// What there would be too much of.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// A text or an `ext` over its limit.
    #[error("{what} holds at most {most}")]
    TooLarge {
        /// What, and its unit.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Changes that branch off so often and so far back that checking them costs too much.
    #[error("the changes branch off too often: merge what you received before you write")]
    Divergence,
}

impl Fault {
    /// Whether it was too large (1009) rather than wrong (1008).
    #[must_use]
    pub const fn is_size(&self) -> bool {
        match self {
            Self::Change(fault) => fault.is_size(),
            Self::TooLarge { .. } => true,
            Self::Actor
            | Self::Author
            | Self::Sequence { .. }
            | Self::Branched
            | Self::Dependency
            | Self::StartOp { .. }
            | Self::Reference { .. }
            | Self::Operation { .. }
            | Self::Shape { .. }
            | Self::Full { .. }
            | Self::Divergence => false,
        }
    }
}
