//! What came of a load, in words and figures for people.

use super::cold;
use super::edits;
use super::idle;
use super::storm;
use super::tally::Quantiles;
use super::usage::Usage;

/// What can be told to people.
pub(super) trait Told {
    /// Some lines, each ended.
    fn told(&self) -> String;
}

impl Told for edits::Outcome {
    fn told(&self) -> String {
        let Self { groups, participants, writers, .. } = self;
        let mut lines = vec![
            format!("{participants} people at {groups} documents, {writers} of them write"),
            format!("edits acknowledged a second: {:.0}", self.edits_per_second),
            format!("deliveries to others a second: {:.0}", self.deliveries_per_second),
            times("from an edit until it is acknowledged", &self.acknowledged),
            times("from an edit until another has it", &self.peer),
            format!("everybody had everything {:.1} s after the last", self.level_after_seconds),
        ];
        if self.returns > 0 {
            lines.push(format!("lines that broke and were opened again: {}", self.returns));
        }
        lines.extend(usages(self.generator.as_ref(), self.server.as_ref()));
        lines.push(match self.missing {
            0 => "every edit is at everybody and at the server".to_owned(),
            many => format!("MISSING: {many} edits"),
        });
        ended(&lines)
    }
}

impl Told for cold::Outcome {
    fn told(&self) -> String {
        let mut lines = vec![
            format!("a document of {} edits, joined {} times", self.edits, self.joins),
            format!("bytes over the line: {}", self.bytes),
            times("from nothing until it is here and loaded", &self.whole),
            times("of these until the last byte is here", &self.answer),
        ];
        let processor = |seconds: f64| format!("{:.1} ms of processor", seconds * 1_000.0);
        if let Some(seconds) = self.server_cpu_seconds_of_first {
            lines.push(format!("server: {} for the first who joined", processor(seconds)));
        }
        if let Some(seconds) = self.server_cpu_seconds_per_join {
            lines.push(format!("server: {} for each after that", processor(seconds)));
        }
        lines.extend(usages(None, self.server.as_ref()));
        ended(&lines)
    }
}

impl Told for idle::Outcome {
    fn told(&self) -> String {
        let mut lines = vec![
            format!("{} people at {} documents", self.participants, self.groups),
            format!("all of them sat {:.2} s after the first", self.joined_after_seconds),
        ];
        lines.extend(usages(self.generator.as_ref(), self.server.as_ref()));
        ended(&lines)
    }
}

impl Told for storm::Outcome {
    fn told(&self) -> String {
        let mut lines = vec![
            format!("{} lines broke at once, {} times", self.participants, self.storms),
            times("from the break until somebody has everything again", &self.back),
        ];
        lines.extend(usages(self.generator.as_ref(), self.server.as_ref()));
        ended(&lines)
    }
}

fn times(what: &str, times: &Quantiles) -> String {
    let Quantiles { count, p50_ms, p95_ms, p99_ms, max_ms } = times;
    format!(
        "{what}: half within {p50_ms:.1} ms, 95 % {p95_ms:.1}, 99 % {p99_ms:.1}, \
         slowest {max_ms:.1} (of {count})"
    )
}

fn usages(generator: Option<&Usage>, server: Option<&Usage>) -> Vec<String> {
    let line = |who, usage: &Usage| {
        let Usage { cpu_percent, memory_mebibytes, .. } = usage;
        format!("{who}: {cpu_percent:.0} % of a core, {memory_mebibytes:.0} MiB of memory")
    };
    let mut lines: Vec<String> = server.map(|usage| line("server", usage)).into_iter().collect();
    if let Some(usage) = generator {
        lines.push(line("this generator", usage));
        if usage.cpu_percent > 90.0 {
            lines.push("the generator itself was at its limit: the server may do more".to_owned());
        }
    }
    lines
}

fn ended(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
