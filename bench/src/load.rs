//! `oogst load` as a child, and the figures that it gives.

use std::process::{Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::failure::Failure;
use crate::peers::{Peer, Running};
use crate::server::Server;

/// How long something took, many times, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Quantiles {
    /// How many times.
    pub count: u64,
    /// Half of them took no longer.
    pub p50_ms: f64,
    /// 95 of a hundred took no longer.
    pub p95_ms: f64,
    /// 99 of a hundred took no longer.
    pub p99_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

/// What a process took.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Usage {
    /// Of one core.
    pub cpu_percent: f64,
    /// Processor time, in seconds.
    pub cpu_seconds: f64,
    /// Resident memory at the end, in MiB.
    pub memory_mebibytes: f64,
}

/// What came of `oogst load edits`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Edits {
    /// Acknowledged a second.
    pub edits_per_second: f64,
    /// To others, a second.
    pub deliveries_per_second: f64,
    /// From an edit until it is acknowledged.
    pub acknowledged: Quantiles,
    /// From an edit until another has it.
    pub peer: Quantiles,
    /// Edits that somebody did not get in time, or that are not at the server.
    pub missing: usize,
    /// What the generator took.
    pub generator: Option<Usage>,
    /// What the server took.
    pub server: Option<Usage>,
}

/// What came of `oogst load cold`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Cold {
    /// Of messages to one who joins.
    pub bytes: u64,
    /// From nothing until the document is here and loaded.
    pub whole: Quantiles,
    /// Of these, from the question until the last byte is here.
    pub answer: Quantiles,
    /// The server's processor time for the first, with what it made the server do, in seconds.
    pub server_cpu_seconds_of_first: Option<f64>,
    /// The server's processor time for each one after it, in seconds.
    pub server_cpu_seconds_per_join: Option<f64>,
    /// Edits that did not come.
    pub missing: usize,
}

/// What came of `oogst load idle`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Idle {
    /// From the first line until everybody had their document.
    pub joined_after_seconds: f64,
    /// What the server took.
    pub server: Option<Usage>,
}

/// Loads a server and gives the figures. Where edits are missing, they say so.
///
/// # Errors
///
/// Where the load gives no figures, with its own complaint.
pub fn load<Figures: DeserializeOwned>(
    context: &Context,
    server: &Running,
    arguments: &[&str],
) -> Result<Figures, Failure> {
    figures(context, server.peer.name(), |load| server.aim(load), arguments)
}

/// As [`load`], of a server of ours with a log that was there before.
///
/// # Errors
///
/// Where the load gives no figures, with its own complaint.
pub fn load_ours<Figures: DeserializeOwned>(
    context: &Context,
    server: &Server,
    arguments: &[&str],
) -> Result<Figures, Failure> {
    figures(context, Peer::Oogst.name(), |load| server.aim(load), arguments)
}

fn figures<Figures: DeserializeOwned>(
    context: &Context,
    name: &str,
    aim: impl FnOnce(&mut Command),
    arguments: &[&str],
) -> Result<Figures, Failure> {
    let mut load = Command::new(context.program("oogst")?);
    load.arg("load").args(arguments).arg("--json").stdin(Stdio::null());
    aim(&mut load);
    let output = load.output().map_err(Failure::io("run `oogst load`"))?;
    serde_json::from_slice(&output.stdout).map_err(|_| Failure::Program {
        program: format!("oogst load {}", arguments.join(" ")),
        what: format!(
            "of {name} gave no figures: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ),
    })
}
