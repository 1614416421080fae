//! What can go wrong, by whose fault it is.

use std::sync::Arc;

use oogst_protocol::ids::DocumentId;

/// Why something could not be done, and who can mend it.
///
/// Those that [`passes`](Self::passes) names mend themselves with time. The others stay as they
/// are until the caller does something else.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The caller's: no address of a server.
    #[error("`{found}` is no address of a server: `http://HOST:PORT` or `https://HOST` would be")]
    Address {
        /// What was given.
        found: String,
    },
    /// The line's: no connection, or it broke.
    #[error("the server could not be reached")]
    Unreachable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The server's, or this machine's: a certificate that nobody here vouches for. It may be
    /// somebody else's server.
    #[error("the certificate of `{host}` is not trusted here ({reason})")]
    Untrusted {
        /// Whose.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The line's: no answer in time.
    #[error("the server did not answer within {seconds} seconds")]
    NoAnswer {
        /// How long we waited.
        seconds: u64,
    },
    /// Load: the server asks to come back later.
    #[error("the server asks to come back later: {detail}")]
    Overloaded {
        /// Its reason.
        detail: String,
    },
    /// The caller's: the server refused the request.
    #[error("the server refused ({status}): {detail}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What was wrong and what would be right.
        detail: String,
    },
    /// The caller's: guests are not admitted yet.
    #[error("guests are not admitted yet")]
    TooEarly,
    /// The caller's: the document does not exist, or not for this member.
    #[error("document {document} is not available to this member")]
    Unavailable {
        /// Which.
        document: DocumentId,
    },
    /// The caller's: the edit does not fit the document; nothing of it was applied.
    #[error("the edit could not be made")]
    Edit(#[source] Arc<automerge::AutomergeError>),
    /// The line's, in the end: too much waits for the server.
    #[error("{limit} edits wait to be saved, the most that a document holds back")]
    TooManyUnsaved {
        /// The limit.
        limit: usize,
    },
    /// The caller's: a session holds only so many documents.
    #[error("a session holds at most {limit} documents")]
    TooManyDocuments {
        /// The limit.
        limit: usize,
    },
    /// The caller's: what we sent broke a rule, and the server ended the session.
    #[error("the server ended the session ({code}): {reason}")]
    Violation {
        /// The WebSocket close code.
        code: u16,
        /// What was wrong and what would be right.
        reason: String,
    },
    /// Nobody's: the token is no longer valid.
    #[error("the token is no longer valid")]
    Revoked,
    /// The caller's: the session was closed on this side.
    #[error("the session is closed")]
    Closed,
    /// The server's: its answer is not what the contract says.
    #[error("the server's answer is not understood: {what}")]
    NotUnderstood {
        /// What was wrong with it.
        what: String,
    },
    /// The server's: it failed.
    #[error("the server failed ({status}): {detail}")]
    ServerFault {
        /// The HTTP status.
        status: u16,
        /// What it says of it.
        detail: String,
    },
}

impl ClientError {
    /// Whether it passes with time, so that doing the same again later can succeed.
    #[must_use]
    pub const fn passes(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::NoAnswer { .. } | Self::Overloaded { .. })
    }

    /// Whether it ends a session: connecting again would only be refused again.
    pub(crate) const fn ends_a_session(&self) -> bool {
        matches!(
            self,
            Self::Violation { .. } | Self::Revoked | Self::Refused { .. } | Self::Untrusted { .. }
        )
    }

    pub(crate) fn unreachable(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unreachable(Arc::new(source))
    }

    pub(crate) fn not_understood(what: impl std::fmt::Display) -> Self {
        Self::NotUnderstood { what: what.to_string() }
    }
}
