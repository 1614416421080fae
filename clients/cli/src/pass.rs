//! The file that keeps a token, with the gathering and the server that it is of.
//!
//! Whoever reads it is its owner to the server, so nobody else may: it is made with mode 0600, and
//! one that others can read is refused.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use oogst_client::Server;
use oogst_protocol::ids::GatheringId;
use serde::{Deserialize, Serialize};

use crate::Failure;

/// A token, and where it is good for something.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pass {
    pub(crate) server: String,
    pub(crate) gathering: GatheringId,
    pub(crate) token: String,
}

impl Pass {
    pub(crate) fn new(server: &Server, gathering: GatheringId, token: &str) -> Self {
        Self { server: server.link(""), gathering, token: token.to_owned() }
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// Where it is not there, is none, or others may read it.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let what = "the token file could not be read";
        let failed = |source| Failure::File { path: path.to_owned(), what, source };
        let wrong = |what| Failure::Content { path: path.to_owned(), what };
        let mut file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            let mode = mode & 0o777;
            return Err(wrong(format!("others may read this token ({mode:o}): make it mode 600")));
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        serde_json::from_str(&text)
            .map_err(|error| wrong(format!("not a file that `oogst join` wrote: {error}")))
    }

    /// Writes it to a new file that only its owner may read.
    ///
    /// # Errors
    ///
    /// Where there is such a file already, or none can be made.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let what = "the token file could not be made";
        let failed = |source| Failure::File { path: path.to_owned(), what, source };
        let mut text = serde_json::to_string_pretty(self).expect("plain strings");
        text.push('\n');
        let mut file = Self::make(path)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
    }

    fn make(path: &Path) -> Result<File, Failure> {
        let what = "the token file could not be made (one that is there is never overwritten)";
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        made.map_err(|source| Failure::File { path: path.to_owned(), what, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass() -> Pass {
        let gathering = "7f3a5c1e-9b2d-4c8f-a1e0-5d6b7c8d9e0f".parse().unwrap();
        Pass::new(&Server::at("http://127.0.0.1:1").unwrap(), gathering, "secret")
    }

    #[test]
    fn only_its_owner_may_read_a_token_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me");
        pass().write(&path).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Pass::read(&path).is_ok_and(|read| read == pass()));
        assert!(pass().write(&path).is_err(), "one that is there is kept");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = Pass::read(&path).err().unwrap().line();
        assert!(refused.contains("640") && refused.contains("600"), "{refused}");
    }

    #[test]
    fn another_file_is_told_from_a_token_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me");
        let mut file = Pass::make(&path).unwrap();
        file.write_all(b"secret").unwrap();
        let refused = Pass::read(&path).err().unwrap().line();
        assert!(refused.contains("oogst join") && !refused.contains("secret"), "{refused}");
    }
}
