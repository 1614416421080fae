//! Programs as children of ours: started, measured, and killed when their handle goes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::failure::Failure;

/// How long a program may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(30);

/// A child. Dropped, it is killed: it alone, by its own id.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    /// What its first line said after the mark.
    said: String,
}

impl Process {
    /// Starts a program and waits for a line of its output that holds `mark`.
    ///
    /// # Errors
    ///
    /// Where it cannot be started, or ends before it says so.
    pub fn start(command: &mut Command, mark: &str) -> Result<Self, Failure> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn().map_err(Failure::io(format!("start `{name}`")))?;
        let mut process = Self { child, name, said: String::new() };
        let Some(output) = process.child.stdout.take() else {
            return Err(process.fault("has no output"));
        };
        let mut lines = BufReader::new(output).lines();
        let said = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once(mark).map(|(_, rest)| rest.trim().to_owned()));
        match said {
            Some(said) => process.said = said,
            None => return Err(process.fault(&format!("ended before it said `{mark}`"))),
        }
        // Whatever else it prints is read away, so that a full pipe never stops it.
        drop(std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop)));
        Ok(process)
    }

    /// What stood behind the mark: where it listens.
    #[must_use]
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The CPU time that it has used, threads that ended included, to a hundredth of a second.
    ///
    /// # Errors
    ///
    /// Where it has ended.
    pub fn cpu(&self) -> Result<Duration, Failure> {
        cpu(self.child.id())
    }

    /// The CPU time of those of its threads whose name begins so, to a hundredth of a second; and
    /// how far the one that stands furthest behind the others is behind, as `nice` counts it.
    ///
    /// # Errors
    ///
    /// Where it has ended.
    pub fn cpu_of_threads(&self, name: &str) -> Result<(Duration, i32), Failure> {
        let path = format!("/proc/{}/task", self.child.id());
        let threads = std::fs::read_dir(&path).map_err(Failure::io(format!("list {path}")))?;
        let (mut cpu, mut niceness) = (Duration::ZERO, 0);
        for thread in threads.flatten() {
            // One that ends while we look has no file any more.
            let Ok(stat) = std::fs::read_to_string(thread.path().join("stat")) else { continue };
            if stat.split_once('(').is_some_and(|(_, rest)| rest.starts_with(name)) {
                cpu += cpu_in(&stat);
                niceness = niceness.max(niceness_in(&stat));
            }
        }
        Ok((cpu, niceness))
    }

    /// What it holds of the machine's memory, in bytes.
    ///
    /// # Errors
    ///
    /// Where it has ended.
    pub fn resident_bytes(&self) -> Result<u64, Failure> {
        resident_bytes(self.child.id())
    }

    /// Asks it to end with SIGTERM, and waits until it has.
    ///
    /// # Errors
    ///
    /// Where it does not.
    pub fn stop(mut self) -> Result<ExitStatus, Failure> {
        let pid = Pid::from_raw(self.child.id().cast_signed());
        let pid = pid.ok_or_else(|| self.fault("has no id"))?;
        let asked = kill_process(pid, Signal::TERM).map_err(std::io::Error::from);
        asked.map_err(Failure::io("send a signal"))?;
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().map_err(Failure::io("wait for an end"))? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(self.fault("does not end"))
    }

    fn fault(&self, what: &str) -> Failure {
        Failure::Program { program: self.name.clone(), what: what.to_owned() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Of a process that has ended already nothing is left to do.
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// The CPU time of a process so far, to a hundredth of a second.
///
/// # Errors
///
/// Where there is none of that id.
pub fn cpu(pid: u32) -> Result<Duration, Failure> {
    Ok(cpu_in(&read(pid, "stat")?))
}

/// The CPU time in a file of `/proc`, user and system.
fn cpu_in(stat: &str) -> Duration {
    let ticks: u64 = fields(stat).skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum();
    let nanoseconds = 1_000_000_000 / rustix::param::clock_ticks_per_second().max(1);
    Duration::from_nanos(ticks * nanoseconds)
}

fn niceness_in(stat: &str) -> i32 {
    fields(stat).nth(16).and_then(|field| field.parse().ok()).unwrap_or_default()
}

/// The fields of a `stat` from the third on: the name before them may hold blanks, and ends at its
/// bracket.
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace()
}

/// What a process holds of the machine's memory, in bytes.
///
/// # Errors
///
/// Where there is none of that id.
pub fn resident_bytes(pid: u32) -> Result<u64, Failure> {
    let text = read(pid, "status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.map(|kib| kib << 10)
        .ok_or_else(|| Failure::Unexpected(format!("process {pid} has no resident memory")))
}

fn read(pid: u32, file: &str) -> Result<String, Failure> {
    let path = format!("/proc/{pid}/{file}");
    std::fs::read_to_string(&path).map_err(Failure::io(format!("read {path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_measured_by_its_id() {
        let own = std::process::id();
        assert!(resident_bytes(own).unwrap() > 1 << 20);
        assert!(cpu(own).unwrap() < Duration::from_secs(3_600));
        assert!(resident_bytes(u32::MAX).is_err());
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4 1 0 0 0 12 30 0 0 20 3 9 0";
        assert_eq!((cpu_in(stat).as_millis(), niceness_in(stat)), (420, 3));
    }

    #[test]
    fn a_program_that_does_not_speak_is_named() {
        let error = Process::start(&mut Command::new("true"), "listening").unwrap_err();
        assert!(error.to_string().contains("`true` ended before"), "{error}");
    }
}
