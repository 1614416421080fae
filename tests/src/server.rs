//! The `oogst-server` program as a child: started, killed, paused, measured.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::http::{Answer, Request};
use crate::wait::{DEADLINE, within};

/// The key that the tests' operator holds.
pub const OPERATOR_KEY: &str = "operator-key-of-the-tests-0123456789abcdef";

/// The limits that would be in a test's way are off; every other option has its default.
const OPTIONS: &[&str] = &[
    "--messages-per-second-max",
    "0",
    "--connections-per-address-max",
    "0",
    "--failed-joins-per-minute-max",
    "0",
];

/// A running server. Dropped, it is killed; after a failed test its log is printed.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens; the same after a restart.
    pub address: SocketAddr,
    data: PathBuf,
    options: Vec<String>,
    scratch: TempDir,
}

/// The path of the program: it stands next to the tests' own.
///
/// # Panics
///
/// Where it has not been built.
#[must_use]
pub fn program() -> PathBuf {
    built("oogst-server")
}

/// The path of a program of ours, which stands next to the tests' own.
pub(crate) fn built(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join(name);
    assert!(
        program.is_file(),
        "{} is missing: run `cargo build --workspace --bins` first, or `cargo xtask test`",
        program.display()
    );
    program
}

impl Server {
    /// Starts a server on an empty data directory.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts a server on an empty data directory with further options.
    pub async fn with(options: &[&str]) -> Self {
        let scratch = TempDir::new().unwrap();
        let data = scratch.path().join("data");
        Self::launch(scratch, data, options.iter().map(ToString::to_string).collect()).await
    }

    /// Starts a server on a data directory that somebody else made.
    pub async fn on(data: &Path) -> Self {
        Self::launch(TempDir::new().unwrap(), data.to_owned(), Vec::new()).await
    }

    async fn launch(scratch: TempDir, data: PathBuf, options: Vec<String>) -> Self {
        std::fs::write(scratch.path().join("key"), OPERATOR_KEY).unwrap();
        let (child, address) = spawn(&scratch, &data, "127.0.0.1:0", &options).await;
        Self { child, address, data, options, scratch }
    }

    /// Starts it again, after [`Server::kill`] or [`Server::stop`], where it was and as it was.
    pub async fn restart(&mut self) {
        let listen = self.address.to_string();
        let (child, address) = spawn(&self.scratch, &self.data, &listen, &self.options).await;
        assert_eq!(address, self.address);
        self.child = child;
    }

    /// Kills it with SIGKILL and waits for its end.
    pub async fn kill(&mut self) {
        self.child.start_kill().unwrap();
        within("the end of a killed server", self.child.wait()).await.unwrap();
    }

    /// Stops it with SIGTERM; gives the exit code and how long it took.
    pub async fn stop(&mut self) -> (Option<i32>, Duration) {
        let start = Instant::now();
        self.signal(Signal::TERM);
        let status = within("the end of a stopped server", self.child.wait()).await.unwrap();
        (status.code(), start.elapsed())
    }

    /// Freezes the process in the middle of whatever it does.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets a paused process go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap()
    }

    /// The CPU time that all its threads have used so far.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        let tasks = format!("/proc/{}/task", self.pid());
        let nanoseconds = std::fs::read_dir(tasks).unwrap().map(|task| {
            // A thread that ended since is gone with its file; its time is its own.
            let path = task.unwrap().path().join("schedstat");
            let text = std::fs::read_to_string(path).unwrap_or_default();
            text.split(' ').next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0)
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// What the server holds of the machine's memory, in KiB.
    ///
    /// # Panics
    ///
    /// Where it has ended.
    #[must_use]
    pub fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    }

    /// The address of the sync socket for whoever holds `token`.
    #[must_use]
    pub fn sync_url(&self, token: &str) -> String {
        sync_url(self.address, token)
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Answer {
        let answer = within("an answer", request.send(self.address)).await;
        answer.unwrap_or_else(|error| panic!("{request:?}: {error}"))
    }

    /// What the server wrote on stderr so far.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.scratch.path().join("stderr")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let tail = log.lines().rev().take(40).collect::<Vec<_>>();
            eprintln!("--- the server's log, newest first ---\n{}", tail.join("\n"));
        }
    }
}

/// The address of a sync socket, also behind a proxy.
#[must_use]
pub fn sync_url(address: SocketAddr, token: &str) -> String {
    format!("ws://{address}/sync?token={token}")
}

/// Spawns the program and waits for the line that says where it listens.
async fn spawn(
    scratch: &TempDir,
    data: &Path,
    listen: &str,
    options: &[String],
) -> (Child, SocketAddr) {
    let log = scratch.path().join("stderr");
    let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
    let mut child = Command::new(program())
        .args(["serve", "--listen", listen, "--data"])
        .arg(data)
        .arg("--operator-key-file")
        .arg(scratch.path().join("key"))
        .args(OPTIONS)
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = tokio::time::timeout(DEADLINE, async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, address)) = line.split_once("listening on http://") {
                return address.trim().parse().unwrap();
            }
        }
        let log = std::fs::read_to_string(scratch.path().join("stderr")).unwrap_or_default();
        panic!("the server ended before it listened:\n{log}");
    });
    let address = address.await.unwrap_or_else(|_| panic!("no `listening on` in {DEADLINE:?}"));
    // Whatever else it prints is read away, so that a full pipe never stops it.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, address)
}
