//! What the server says of itself: log lines on stderr, counters at `/metrics`.
//!
//! No name, text, code or token stands in either. Requests are named by the pattern of their
//! route, never by their path or query: a join code is in a path, a token may be in a query.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::Verbosity;

/// Starts writing log lines to stderr: for people on a terminal, JSON otherwise. Once a process.
pub fn start(verbosity: Verbosity) {
    let own = match verbosity {
        Verbosity::Error => "error",
        Verbosity::Warn => "warn",
        Verbosity::Info => "info",
        Verbosity::Debug => "debug",
        Verbosity::Trace => "trace",
    };
    // Libraries show whole requests, tokens included, at their finer levels.
    let libraries = if verbosity == Verbosity::Error { "error" } else { "warn" };
    // What sled has to say comes as an error of the log, in our words.
    let filter = format!("{libraries},sled=off,oogst_server={own},oogst_core={own}");
    let filter = EnvFilter::new(filter);
    let writer = BoxMakeWriter::new(std::io::stderr);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let started = if std::io::stderr().is_terminal() {
        lines.try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
    if started.is_err() {
        tracing::warn!("log lines were already being written: the first way stays");
    }
}

/// A number that only goes up.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn increase(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of the HTTP part.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Answers by the first digit of their status, from 1xx to 5xx.
    answers: [Counter; 5],
    /// Joins and returns that brought somebody in.
    pub(crate) joins: Counter,
    /// Wrong join and return codes.
    pub(crate) wrong_codes: Counter,
    /// Requests from pages of other sites.
    pub(crate) foreign_origins: Counter,
}

impl Counters {
    /// Counts an answer.
    pub(crate) fn answered(&self, status: u16) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        if let Some(counter) = self.answers.get(class) {
            counter.increase();
        }
    }

    /// Everything as Prometheus text, with `open` sockets and feeds and `alarms` of views.
    pub(crate) fn prometheus(&self, open: u64, alarms: u64) -> String {
        let mut text = String::new();
        line(&mut text, "oogst_http_answers_total", "counter", "Answers by class of status.");
        for (place, counter) in self.answers.iter().enumerate() {
            let value = counter.value();
            let class = place + 1;
            sample(&mut text, &format!("oogst_http_answers_total{{class=\"{class}xx\"}}"), value);
        }
        let single = [
            ("oogst_joins_total", "counter", "Joins and returns.", self.joins.value()),
            ("oogst_wrong_codes_total", "counter", "Wrong codes.", self.wrong_codes.value()),
            (
                "oogst_foreign_origins_total",
                "counter",
                "Requests refused for their Origin.",
                self.foreign_origins.value(),
            ),
            ("oogst_connections_open", "gauge", "Open sockets and feeds.", open),
            ("oogst_view_alarms_total", "counter", "Views that stopped: 0 is right.", alarms),
        ];
        for (name, kind, words, value) in single {
            line(&mut text, name, kind, words);
            sample(&mut text, name, value);
        }
        text
    }
}

fn line(text: &mut String, name: &str, kind: &str, words: &str) {
    writeln!(text, "# HELP {name} {words}\n# TYPE {name} {kind}")
        .expect("writing to a string cannot fail");
}

fn sample(text: &mut String, name: &str, value: u64) {
    writeln!(text, "{name} {value}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_shown_by_their_class() {
        let counters = Counters::default();
        for status in [200, 204, 404, 503, 101] {
            counters.answered(status);
        }
        counters.wrong_codes.increase();
        let text = counters.prometheus(7, 0);
        for expected in [
            "oogst_http_answers_total{class=\"2xx\"} 2\n",
            "oogst_http_answers_total{class=\"1xx\"} 1\n",
            "oogst_wrong_codes_total 1\n",
            "# TYPE oogst_connections_open gauge\noogst_connections_open 7\n",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}
