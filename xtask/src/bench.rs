//! `cargo xtask bench`: measures, in the release profile, and prints a table for
//! `docs/performance.md`.

use crate::step::{Failure, program, step};
use crate::workspace::{SELECTION, Workspace};
use crate::{debian, web};

/// How a suite is run.
type Suite = fn(&Workspace, &[&str]) -> Result<(), Failure>;

/// The suites, by name.
const SUITES: [(&str, Suite); 15] = [
    ("headline", |workspace, flags| beside_peers(workspace, "headline", flags)),
    ("edits", |workspace, flags| beside_peers(workspace, "edits", flags)),
    ("cold", |workspace, flags| beside_peers(workspace, "cold", flags)),
    ("writers", |workspace, flags| oogst_bench(workspace, "writers", flags)),
    ("listeners", |workspace, flags| oogst_bench(workspace, "listeners", flags)),
    ("accept", |workspace, flags| oogst_bench(workspace, "accept", flags)),
    ("core", core),
    ("compression", |workspace, flags| oogst_bench(workspace, "compression", flags)),
    ("disk", |workspace, flags| oogst_bench(workspace, "disk", flags)),
    ("restart", |workspace, flags| oogst_bench(workspace, "restart", flags)),
    ("memory", |workspace, flags| oogst_bench(workspace, "memory", flags)),
    ("growth", |workspace, flags| oogst_bench(workspace, "growth", flags)),
    ("reads", |workspace, flags| oogst_bench(workspace, "reads", flags)),
    ("seek", seek),
    ("screens", screens),
];

/// What goes on to the suites of `bench/src`.
const FLAGS: [&str; 2] = [QUICK, "--write"];

/// Less of everything; alone, the one table that says it all.
const QUICK: &str = "--quick";

/// Runs the named suites, or all; the headline alone where it is to be quick.
///
/// # Errors
///
/// The exit code of the first that failed; 2 for a suite that there is not.
pub(crate) fn bench(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let arguments = arguments.iter().map(String::as_str);
    let (flags, mut names): (Vec<_>, Vec<_>) = arguments.partition(|it| FLAGS.contains(it));
    let known = SUITES.map(|(name, _)| name);
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        let (known, flags) = (known.join(", "), FLAGS.join(", "));
        let line = format!("there is no suite `{unknown}`; there are: {known}; and {flags}");
        return Err(Failure::usage(line));
    }
    if names.is_empty() && flags.contains(&QUICK) {
        names.push("headline");
    }
    let wanted = |suite: &str| names.is_empty() || names.contains(&suite);
    for (_, run) in SUITES.into_iter().filter(|(name, _)| wanted(name)) {
        run(&workspace, &flags)?;
    }
    Ok(())
}

/// As [`oogst_bench`], beside servers that others wrote, one of them in Node.
fn beside_peers(workspace: &Workspace, suite: &str, flags: &[&str]) -> Result<(), Failure> {
    web::check_node(workspace)?;
    web::install(workspace, &workspace.root.join("bench/peers"))?;
    oogst_bench(workspace, suite, flags)
}

/// What is measured on programs of the release profile: `bench/src`.
fn oogst_bench(workspace: &Workspace, suite: &str, flags: &[&str]) -> Result<(), Failure> {
    let mut build = workspace.cargo();
    build.arg("build").args(SELECTION).args(["--release", "--bins"]);
    step("programs: build", &mut build)?;
    let mut bench = program(workspace.target.join("release/oogst-bench"), &workspace.root);
    step(&format!("bench: {suite}"), bench.args(flags).arg(suite))
}

/// What the hub does for one edit, by itself: `bench/benches/core.rs`.
fn core(workspace: &Workspace, _: &[&str]) -> Result<(), Failure> {
    let mut bench = workspace.cargo();
    bench.arg("bench").args(SELECTION).args(["--bench", "core"]);
    step("bench: core", &mut bench)
}

/// Reading the past: `tests/benches/seek.rs`.
fn seek(workspace: &Workspace, _: &[&str]) -> Result<(), Failure> {
    let mut bench = workspace.cargo();
    bench.arg("bench").args(SELECTION).args(["--bench", "seek"]);
    step("bench: seek", &mut bench)
}

/// What people wait for, in browsers: `clients/web/e2e/bench.mjs`.
fn screens(workspace: &Workspace, _: &[&str]) -> Result<(), Failure> {
    web::check_node(workspace)?;
    let chromium = debian::chromium(workspace)?;
    web::build(workspace)?;
    let mut build = workspace.cargo();
    build.arg("build").args(SELECTION).args(["--release", "--bin", "oogst-server"]);
    step("server: build", &mut build)?;
    let mut bench = web::npm(&web::client(workspace), &["run", "bench"]);
    bench.env("OOGST_SERVER_BIN", workspace.server("release")).env("OOGST_CHROMIUM", &chromium);
    step("bench: screens", &mut bench)
}
