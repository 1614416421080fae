//! The real server as a child, and plain requests to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::failure::Failure;
use crate::process::Process;

/// The key that the suites' operator holds.
pub const OPERATOR_KEY: &str = "operator-key-of-the-benchmarks-0123456789abcdef";

/// How long to ask for something that is being made, and how long to rest in between.
const PATIENCE: Duration = Duration::from_secs(900);
const REST: Duration = Duration::from_millis(5);

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// Its process.
    pub process: Process,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts `oogst-server serve` on a data directory, without the limits that one machine with
    /// many clients would run into.
    ///
    /// # Errors
    ///
    /// Where it does not start.
    pub fn start(context: &Context, data: &Path) -> Result<Self, Failure> {
        let mut serve = Command::new(context.program("oogst-server")?);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--verbosity", "error", "--data"]);
        serve.arg(data).env("OOGST_OPERATOR_KEY", OPERATOR_KEY);
        for limit in ["messages-per-second", "connections-per-address", "failed-joins-per-minute"] {
            serve.args([format!("--{limit}-max"), "0".to_owned()]);
        }
        let process = Process::start(&mut serve, "listening on http://")?;
        let address = process.said().parse().map_err(|_| {
            Failure::Unexpected(format!("`{}` is no address to listen on", process.said()))
        })?;
        Ok(Self { process, address })
    }

    /// The server, to a client.
    ///
    /// # Errors
    ///
    /// Never: it has an address.
    pub fn client(&self) -> Result<oogst_client::Server, Failure> {
        Ok(oogst_client::Server::at(&format!("http://{}", self.address))?)
    }

    /// Names it to `oogst load`.
    pub fn aim(&self, load: &mut Command) {
        load.args(["--server", &format!("http://{}", self.address)]);
        load.args(["--server-pid", &self.process.id().to_string()]);
        load.env("OOGST_OPERATOR_KEY", OPERATOR_KEY);
    }

    /// Asks for a path until it is there; how long after `begun` that was.
    ///
    /// # Errors
    ///
    /// The connection's, and where it is never there.
    pub fn answers_after(&self, path: &str, begun: Instant) -> Result<Duration, Failure> {
        let asked = Instant::now();
        loop {
            match self.get(path)? {
                (200, _) => return Ok(begun.elapsed()),
                // The views say so while they are behind.
                (503, _) if asked.elapsed() < PATIENCE => std::thread::sleep(REST),
                (status, _) => {
                    return Err(Failure::Unexpected(format!("{path} is answered {status}")));
                }
            }
        }
    }

    /// Gets a path as the operator, over a connection of its own; the status and the body's bytes.
    ///
    /// Nothing but the standard library, so that starting a client takes no part of the time.
    ///
    /// # Errors
    ///
    /// The connection's.
    pub fn get(&self, path: &str) -> Result<(u16, usize), Failure> {
        let exchange = || {
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(60)))?;
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {OPERATOR_KEY}\r\n\
                 connection: close\r\n\r\n",
                self.address
            );
            stream.write_all(request.as_bytes())?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(answer)
        };
        let answer: Vec<u8> = exchange().map_err(Failure::io(format!("get {path}")))?;
        let head = String::from_utf8_lossy(&answer[..answer.len().min(64)]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| Failure::Unexpected(format!("{path}: `{head}`")))?;
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
        Ok((status, answer.len().saturating_sub(head + 4)))
    }
}
