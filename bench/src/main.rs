//! `oogst-bench`: measures, prints tables, and writes them where they are kept.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use oogst_bench::context::root;
use oogst_bench::machine::Machine;
use oogst_bench::table::Table;
use oogst_bench::{Context, Failure, accept, cold, compression, crowd, disk, edits, growth};
use oogst_bench::{headline, memory, reads, restart};

/// The server's: some suites measure its parts in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a suite is run.
type Suite = fn(&Context) -> Result<Vec<Table>, Failure>;

/// The suites' parts, by name, in the order in which they run. A further one is a line here.
const SUITES: [(&str, &[Suite]); 12] = [
    ("headline", &[headline::suite]),
    ("edits", &[edits::suite]),
    ("writers", &[crowd::writers]),
    ("listeners", &[crowd::listeners]),
    ("cold", &[cold::suite]),
    ("accept", &[accept::suite]),
    ("compression", &[compression::suite]),
    ("disk", &[disk::suite]),
    ("restart", &[restart::suite]),
    ("memory", &[memory::suite]),
    ("growth", &[growth::histories, growth::gatherings, growth::events]),
    ("reads", &[reads::suite]),
];

/// Where the tables are kept.
const DOCUMENT: &str = "docs/performance.md";

/// Measures, and prints a table a suite.
#[derive(Debug, Parser)]
struct Line {
    /// Less of everything: to see that it works, not to quote
    #[arg(long)]
    quick: bool,
    /// Write the tables into docs/performance.md, too
    #[arg(long)]
    write: bool,
    /// Where data directories are made: on the disk that is to be measured [default: beside the
    /// program]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Which to run: headline, edits, writers, listeners, cold, accept, compression, disk, restart,
    /// memory, growth, reads [default: all]
    #[arg(value_name = "SUITE")]
    suites: Vec<String>,
}

fn main() -> ExitCode {
    let line = Line::parse();
    let known = SUITES.map(|(name, _)| name);
    if let Some(unknown) = line.suites.iter().find(|name| !known.contains(&name.as_str())) {
        eprintln!("there is no suite `{unknown}`; there are: {}", known.join(", "));
        return ExitCode::from(2);
    }
    match run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("oogst-bench: {failure}");
            let mut cause = std::error::Error::source(&failure);
            while let Some(because) = cause {
                eprint!(": {because}");
                cause = because.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

fn run(line: Line) -> Result<(), Failure> {
    let program = std::env::current_exe().map_err(Failure::io("find this program"))?;
    let programs = program.parent().map(PathBuf::from).unwrap_or_default();
    // Not where the system keeps temporary files: often that is memory, and no disk.
    let scratch = line.scratch.unwrap_or_else(|| programs.join("bench-scratch"));
    let machine = Machine::here(root());
    let context = Context { quick: line.quick, write: line.write, scratch, programs, machine };
    let wanted = |name: &str| line.suites.is_empty() || line.suites.iter().any(|it| it == name);
    for suite in SUITES.into_iter().filter(|(name, _)| wanted(name)).flat_map(|(_, parts)| parts) {
        let caption = context.machine.caption();
        for table in suite(&context)? {
            println!("{}: {caption}\n\n{}", table.name, table.markdown());
            if line.write {
                keep(&table, &caption)?;
            }
        }
    }
    Ok(())
}

/// Puts a table in its place in the document.
fn keep(table: &Table, caption: &str) -> Result<(), Failure> {
    let path = root().join(DOCUMENT);
    let document = std::fs::read_to_string(&path).map_err(Failure::io("read the document"))?;
    let placed = table.placed(&document, caption)?;
    std::fs::write(&path, placed).map_err(Failure::io("write the document"))
}
