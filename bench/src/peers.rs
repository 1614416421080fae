//! The servers that are compared, each as it is, one at a time.

use std::net::SocketAddr;
use std::process::Command;

use tempfile::TempDir;

use crate::context::{Context, root};
use crate::failure::Failure;
use crate::process::Process;
use crate::server::{OPERATOR_KEY, Server};

/// A server to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Ours: it syncs to disk before it acknowledges, and knows rights, shapes and views.
    Oogst,
    /// `@automerge/automerge-repo-sync-server`, in Node.
    AutomergeRepo,
    /// The smallest server that samod makes, in Rust: `bench/src/bin/samod-server.rs`.
    Samod,
    /// The same as samod comes: it announces every document to everybody.
    SamodAnnouncing,
}

/// Ours first, then each other at its best.
pub const PEERS: [Peer; 3] = [Peer::Oogst, Peer::AutomergeRepo, Peer::Samod];

impl Peer {
    /// What it is called in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oogst => "Oogst",
            Self::AutomergeRepo => "automerge-repo-sync-server",
            Self::Samod => "samod",
            Self::SamodAnnouncing => "samod that announces",
        }
    }

    /// Starts it on an empty folder of the measured disk.
    ///
    /// # Errors
    ///
    /// Where it does not start.
    pub fn start(self, context: &Context) -> Result<Running, Failure> {
        let data = context.folder()?;
        let (process, address) = match self {
            Self::Oogst => {
                let server = Server::start(context, &data.path().join("data"))?;
                (server.process, server.address)
            }
            Self::AutomergeRepo => {
                let mut node = Command::new("node");
                node.arg("serve.mjs").current_dir(root().join("bench/peers"));
                node.env("PORT", "0").env("DATA_DIR", data.path());
                listening(Process::start(&mut node, "listening on ")?)?
            }
            Self::Samod | Self::SamodAnnouncing => {
                let mut samod = Command::new(context.program("samod-server")?);
                samod.args(["--listen", "127.0.0.1:0", "--data"]).arg(data.path());
                samod.args((self == Self::SamodAnnouncing).then_some("--announce"));
                listening(Process::start(&mut samod, "listening on ")?)?
            }
        };
        Ok(Running { peer: self, process, address, _data: data })
    }
}

fn listening(process: Process) -> Result<(Process, SocketAddr), Failure> {
    let address = process.said().parse();
    let address = address.map_err(|_| Failure::Unexpected(format!("`{}`", process.said())))?;
    Ok((process, address))
}

/// A server that runs. Dropped, it is killed, and its data is gone.
#[derive(Debug)]
pub struct Running {
    /// Which.
    pub peer: Peer,
    /// Its process.
    pub process: Process,
    address: SocketAddr,
    _data: TempDir,
}

impl Running {
    /// Names it to `oogst load`.
    pub fn aim(&self, load: &mut Command) {
        let url = format!("http://{}", self.address);
        let option = match self.peer {
            Peer::Oogst => "--server",
            Peer::AutomergeRepo | Peer::Samod | Peer::SamodAnnouncing => "--automerge-repo",
        };
        load.args([option, &url]).args(["--server-pid", &self.process.id().to_string()]);
        load.env("OOGST_OPERATOR_KEY", OPERATOR_KEY);
    }
}
