//! The `oogst` program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use oogst_cli::{CommandLine, Failure};

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(oogst_cli::run(line)),
        Err(error) => Err(Failure::Start(error)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.reader_is_gone() => ExitCode::SUCCESS,
        Err(failure) => {
            // Whoever reads our complaints may be gone, too.
            writeln!(std::io::stderr(), "oogst: {}", failure.line()).ok();
            ExitCode::from(failure.exit_code())
        }
    }
}
