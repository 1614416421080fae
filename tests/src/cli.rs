//! The `oogst` program as a child: run to its end, or followed line by line.

use std::process::{ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::server::built;
use crate::wait::within;

/// What a run of it gave.
#[derive(Clone, Debug)]
pub struct Run {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub out: String,
    /// What it complained of.
    pub err: String,
}

impl Run {
    /// What it printed, where it succeeded.
    ///
    /// # Panics
    ///
    /// Where it did not, with what it complained of.
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// Its one line of complaint, where it ended with `code`.
    ///
    /// # Panics
    ///
    /// Where it ended otherwise, or said more or less than a line.
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "{self:?}");
        assert!(self.err.starts_with("oogst: "), "{self:?}");
        self.err
    }
}

/// The value of a line `NAME: VALUE` that it printed.
///
/// # Panics
///
/// Where there is none.
#[must_use]
pub fn printed<'a>(out: &'a str, name: &str) -> &'a str {
    let found = out.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.unwrap_or_else(|| panic!("no `{name}: ` in\n{out}"))
}

/// A run of `oogst` to come: no variable of ours is in its environment but these.
#[must_use]
pub fn oogst(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(built("oogst"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OOGST_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true);
    command
}

/// Runs it to its end.
pub async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let output = within("the end of oogst", oogst(arguments, variables).output()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// One that runs, read line by line.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts it.
    #[must_use]
    pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = oogst(arguments, variables).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line that it prints; none after its last.
    pub async fn line(&mut self) -> Option<String> {
        within("a line of oogst", self.lines.next_line()).await.unwrap()
    }

    /// Waits for a line that it prints.
    ///
    /// # Panics
    ///
    /// Where it ends before, with what it complained of.
    pub async fn until(mut self, sought: &str) -> Self {
        while let Some(line) = self.line().await {
            if line == sought {
                return self;
            }
        }
        let (status, complaints) = self.end().await;
        panic!("{status} before `{sought}`: {complaints}");
    }

    /// Sends it what Ctrl-C sends.
    pub fn interrupt(&self) {
        let pid = Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap();
        kill_process(pid, Signal::INT).unwrap();
    }

    /// Waits for its end; gives how it ended and what it complained of.
    pub async fn end(mut self) -> (ExitStatus, String) {
        let mut complaints = String::new();
        let mut err = self.child.stderr.take().unwrap();
        within("the end of stderr", err.read_to_string(&mut complaints)).await.unwrap();
        (within("the end of oogst", self.child.wait()).await.unwrap(), complaints)
    }
}
