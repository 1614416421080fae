//! Why a suite gave no figures.

use std::io;

/// Why a suite gave no figures. The machine's or our own fault; none of them is a slow server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A call to the system failed.
    #[error("could not {doing}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A program ended, or said something else than was waited for.
    #[error("`{program}` {what}")]
    Program {
        /// Its name.
        program: String,
        /// What it did.
        what: String,
    },
    /// The server was asked for something, and refused or went away.
    #[error("the server did not do what was asked")]
    Client(#[from] oogst_client::ClientError),
    /// The log cannot be opened.
    #[error("the log cannot be used")]
    Log(#[from] oogst_server::log::LogError),
    /// The vault cannot be used.
    #[error("the vault cannot be used")]
    Vault(#[from] oogst_server::people::VaultError),
    /// The log took no more.
    #[error(transparent)]
    Closed(#[from] oogst_server::log::LogClosed),
    /// A document cannot be edited as the suite does.
    #[error("an edit is wrong")]
    Edit(#[from] automerge::AutomergeError),
    /// A socket to the server broke.
    #[error("a socket broke")]
    Socket(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    /// Something came out otherwise than this suite was written for.
    #[error("{0}")]
    Unexpected(String),
}

impl Failure {
    /// For `map_err`: what was being done when a call failed.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        |source| Self::Io { doing, source }
    }
}

impl From<tokio_tungstenite::tungstenite::Error> for Failure {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        Self::Socket(Box::new(error))
    }
}
