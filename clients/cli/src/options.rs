//! How every command is told which server, which gathering and as whom.

use std::path::{Path, PathBuf};

use clap::Args;
use oogst_client::{Access, ClientError, Server};
use oogst_protocol::ids::GatheringId;

use crate::Failure;
use crate::pass::Pass;

/// Where the server is that `cargo xtask run` starts.
const SERVER: &str = "http://127.0.0.1:8080";

pub(crate) fn server(url: &str) -> Result<Server, ClientError> {
    Server::at(url)
}

/// Which server.
#[derive(Debug, Args)]
pub(crate) struct AtServer {
    /// Address of the server, as https://oogst.example [default: http://127.0.0.1:8080]
    #[arg(long, value_name = "URL", env = "OOGST_SERVER", value_parser = server)]
    server: Option<Server>,
}

impl AtServer {
    pub(crate) fn server(&self) -> Server {
        self.server.clone().unwrap_or_else(|| Server::at(SERVER).expect("it is an address"))
    }
}

/// The operator's key.
#[derive(Debug, Args)]
pub(crate) struct AsOperator {
    /// File with the server's operator key; OOGST_OPERATOR_KEY may hold the key itself. A server
    /// that made its own key keeps it in its data directory, in `operator-key` [default: none]
    #[arg(long, value_name = "FILE", env = "OOGST_OPERATOR_KEY_FILE")]
    operator_key_file: Option<PathBuf>,
}

impl AsOperator {
    /// # Errors
    ///
    /// Where there is none, or its file cannot be read.
    pub(crate) fn key(&self) -> Result<String, Failure> {
        let key = match &self.operator_key_file {
            Some(path) => read(path)?,
            None => std::env::var("OOGST_OPERATOR_KEY").map_err(|_| {
                let what = "this needs the operator key: --operator-key-file FILE, or the key \
                            itself in OOGST_OPERATOR_KEY";
                Failure::Usage(what.to_owned())
            })?,
        };
        Ok(key.trim().to_owned())
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    let (path, what) = (path.to_owned(), "the key could not be read");
    std::fs::read_to_string(&path).map_err(|source| Failure::File { path, what, source })
}

/// Which gathering, on which server, as whom.
#[derive(Debug, Args)]
pub(crate) struct AsMember {
    /// File with token, gathering and server, as `open` and `join` write it [default: none]
    #[arg(long, value_name = "FILE", env = "OOGST_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The token itself, together with --gathering; on a command line, all who may list this
    /// machine's processes can see it: OOGST_TOKEN or a file is better [default: the file's]
    #[arg(long, value_name = "TOKEN", env = "OOGST_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The gathering, a UUID [default: the token file's]
    #[arg(long, value_name = "ID", env = "OOGST_GATHERING")]
    gathering: Option<GatheringId>,
    /// Address of the server, as https://oogst.example
    /// [default: the token file's, else http://127.0.0.1:8080]
    #[arg(long, value_name = "URL", env = "OOGST_SERVER", value_parser = server)]
    server: Option<Server>,
}

impl AsMember {
    /// # Errors
    ///
    /// Where no token and gathering are named, or their file is not right.
    pub(crate) fn access(&self) -> Result<Access, Failure> {
        let kept = self.token_file.as_deref().map(Pass::read).transpose()?;
        let token = self.token.clone().or_else(|| kept.as_ref().map(|kept| kept.token.clone()));
        let gathering = self.gathering.or_else(|| kept.as_ref().map(|kept| kept.gathering));
        let (Some(token), Some(gathering)) = (token, gathering) else {
            let what = "this needs a token and its gathering: --token-file FILE, as `oogst join \
                        --token-file FILE` writes it, or --token with --gathering";
            return Err(Failure::Usage(what.to_owned()));
        };
        let url = kept.as_ref().map_or(SERVER, |kept| &kept.server);
        let server = match &self.server {
            Some(server) => server.clone(),
            None => Server::at(url)?,
        };
        Ok(Access::new(&server, gathering, token.trim()))
    }
}
