//! The repository's commands: the only place that knows npm and Chromium.
//!
//! `cargo xtask run` and `cargo xtask test` are the whole set-up on a fresh machine with Rust and
//! Node: each installs what it needs and stops at the first thing that fails, with that thing's
//! exit code. Standard library only, so that starting it compiles nothing but itself.
//!
//! One file a command ([`run`], [`demo`], [`test`], [`sim`], [`bench`]); what they share is in
//! [`step`] (running a program), [`web`] (Node, npm, the built client), [`debian`] (packages) and
//! [`workspace`] (folders).

use std::process::ExitCode;

mod bench;
mod debian;
mod demo;
mod python;
mod run;
mod sim;
mod step;
mod test;
mod web;
mod workspace;

use step::Failure;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  run [--release] [OPTION..]  builds client and server, then serves; options and OOGST_* go on to
                              `oogst-server serve`, Ctrl-C stops it
  demo [OPTION..]             builds `oogst` and plays a day on the server that `run` started;
                              options and OOGST_* go on to `oogst demo`
  test                        every test: Rust, web client, browsers
  bench [SUITE..]             measures in the release profile, beside other servers: headline,
                              edits, cold, writers, listeners, accept, core, disk, restart, memory,
                              growth, reads, seek, screens (all if left out); --quick measures
                              less, and without a suite the headline alone; --write puts the
                              tables into docs/performance.md
  sim                         the random tests, long: OOGST_SEEDS (default 10000) schedules,
                              OOGST_CASES (default 1000000) generated cases
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) if command == "run" => run::run(rest),
        Some((command, rest)) if command == "demo" => demo::demo(rest),
        Some((command, [])) if command == "test" => test::test(),
        Some((command, [])) if command == "sim" => sim::sim(),
        Some((command, rest)) if command == "bench" => bench::bench(rest),
        Some((command, _)) if command == "--help" || command == "help" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::usage(USAGE.trim_end())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {}", failure.line);
            ExitCode::from(failure.exit)
        }
    }
}
