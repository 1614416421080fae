//! Running programs: each step is named, timed, and the first that fails ends the command.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code of `cargo xtask`: the failed program's own, 2 where something is missing.
    pub(crate) exit: u8,
    /// What failed and what would mend it.
    pub(crate) line: String,
}

impl Failure {
    /// Bad usage, or something missing that xtask may not install itself.
    pub(crate) fn usage(line: impl Into<String>) -> Self {
        Self { exit: 2, line: line.into() }
    }

    /// Something failed that has no exit code of its own.
    pub(crate) fn other(line: impl Into<String>) -> Self {
        Self { exit: 1, line: line.into() }
    }
}

/// A program that reads nothing from the terminal and writes straight to ours.
pub(crate) fn program(name: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs `command` to its end as the step `name`, its output visible as it comes.
///
/// # Errors
///
/// The program's own exit code where it failed; 2 where it could not be started.
pub(crate) fn step(name: &str, command: &mut Command) -> Result<(), Failure> {
    eprintln!("xtask: {name} ...");
    let started = Instant::now();
    let status = command.status().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        Failure::usage(format!("{name}: `{program}` could not be started: {error}"))
    })?;
    let seconds = started.elapsed().as_secs_f64();
    if status.success() {
        eprintln!("xtask: {name}: done in {seconds:.1} s");
        return Ok(());
    }
    Err(Failure { exit: exit_code(status), line: format!("{name} failed after {seconds:.1} s") })
}

/// The code to end with after a program that failed: its own, 1 where a signal ended it.
fn exit_code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0).unwrap_or(1)
}
