//! Why a command ended without its work done: one line, whose fault it is, what would be right.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use oogst_client::ClientError;

use crate::plain::plain;

/// Why a command ended without its work done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The caller's: something is missing on the command line, or does not fit.
    #[error("{0}")]
    Usage(String),
    /// The line's, the server's or the caller's, as the client sorted it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The caller's: a file that cannot be used.
    #[error("{}: {what}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What was to be done with it.
        what: &'static str,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The caller's: what a file holds, or who may read it, is not right.
    #[error("{}: {what}", path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// What would be right.
        what: String,
    },
    /// Nobody reads what we print, or it cannot be written.
    #[error("the output could not be written")]
    Output(#[source] io::Error),
    /// The caller's: asked for what the gathering does not have.
    #[error("{0}")]
    Missing(String),
    /// This machine's: no threads, no signals.
    #[error("this machine does not let us start")]
    Start(#[source] io::Error),
}

impl Failure {
    /// 2: asked for wrongly; 1: it could not be done.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Client(_)
            | Self::File { .. }
            | Self::Content { .. }
            | Self::Output(_)
            | Self::Missing(_)
            | Self::Start(_) => 1,
        }
    }

    /// Whether whoever read our output has left, as `head` does: that is no failure.
    #[must_use]
    pub fn reader_is_gone(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What happened, its causes, and what would be right, on one line.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let said = error.to_string();
            // Some errors repeat their cause in their own words.
            if !line.contains(&said) {
                line.push_str(&format!(": {said}"));
            }
            cause = error.source();
        }
        if let Self::Client(error) = self {
            line.push_str(advice(error));
        }
        plain(&line)
    }
}

/// What would be right, where the error itself does not say.
const fn advice(error: &ClientError) -> &'static str {
    if matches!(error, ClientError::Unreachable(_) | ClientError::NoAnswer { .. }) {
        "; is the server running, and is --server its address?"
    } else if matches!(error, ClientError::Untrusted { .. }) {
        "; if it is the right server, name its authority's certificate in SSL_CERT_FILE"
    } else if matches!(error, ClientError::Revoked) {
        "; join again, or come with another token"
    } else if matches!(error, ClientError::Refused { status: 401, .. }) {
        "; is the key or token that of this server?"
    } else if matches!(error, ClientError::Refused { status: 404, .. }) {
        "; is the code or the gathering one of this server, and still open?"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_one_line_with_its_causes_and_what_would_be_right() {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "refused\nand more");
        let failure = Failure::from(ClientError::Unreachable(std::sync::Arc::new(refused)));
        assert_eq!(
            failure.line(),
            "the server could not be reached: refused and more; \
             is the server running, and is --server its address?"
        );
        assert_eq!((failure.exit_code(), Failure::Usage(String::new()).exit_code()), (1, 2));
    }
}
