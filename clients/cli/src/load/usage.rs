//! What a process of this machine takes: processor time and memory, as Linux tells it.

use std::fs;
use std::process;

use serde::Serialize;
use tokio::time::Instant;

/// Clock ticks a second in `/proc`: a constant of Linux on every machine that we run on.
const TICKS_PER_SECOND: f64 = 100.0;

const BYTES_PER_MEBIBYTE: f64 = 1_048_576.0;

/// What a process took between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Usage {
    /// Of one core: 200 is two cores all the time.
    pub(super) cpu_percent: f64,
    /// Processor time, in seconds.
    pub(super) cpu_seconds: f64,
    /// Resident memory at the end, in MiB.
    pub(super) memory_mebibytes: f64,
}

/// A process that is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched {
    pid: u32,
    since: Instant,
    cpu_seconds: f64,
}

impl Watched {
    /// This process.
    pub(super) fn ourselves() -> Self {
        Self::process(process::id())
    }

    /// Another, from now on.
    pub(super) fn process(pid: u32) -> Self {
        Self { pid, since: Instant::now(), cpu_seconds: cpu_seconds(pid).unwrap_or_default() }
    }

    /// What it took since; `None` where there is no such process, or not on this machine.
    pub(super) fn usage(&self) -> Option<Usage> {
        let cpu_seconds = cpu_seconds(self.pid)? - self.cpu_seconds;
        let cpu_percent = 100.0 * cpu_seconds / self.since.elapsed().as_secs_f64();
        Some(Usage { cpu_percent, cpu_seconds, memory_mebibytes: memory(self.pid)? })
    }
}

fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything; the fields behind it are numbers.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
}

fn memory(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024.0 / BYTES_PER_MEBIBYTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_work_is_seen() {
        let watched = Watched::ourselves();
        let begun = Instant::now();
        let mut number = 1_u64;
        while begun.elapsed().as_millis() < 100 {
            number = std::hint::black_box(number.wrapping_mul(3));
        }
        let usage = watched.usage().unwrap();
        assert!(usage.cpu_seconds > 0.0 && usage.memory_mebibytes > 1.0, "{usage:?}");
        assert!(Watched::process(u32::MAX).usage().is_none());
    }
}
