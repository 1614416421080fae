//! `cargo xtask bench`: measures, in the release profile, and prints a table for
//! `docs/performance.md`.

use crate::step::{Failure, step};
use crate::workspace::{SELECTION, Workspace};
use crate::{debian, web};

/// How a suite is run.
type Suite = fn(&Workspace) -> Result<(), Failure>;

/// The suites, by name.
const SUITES: [(&str, Suite); 2] = [("seek", seek), ("screens", screens)];

/// Runs the named suites, or all.
///
/// # Errors
///
/// The exit code of the first that failed; 2 for a suite that there is not.
pub(crate) fn bench(names: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let known = SUITES.map(|(name, _)| name);
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let known = known.join(", ");
        return Err(Failure::usage(format!("there is no suite `{unknown}`; there are: {known}")));
    }
    let wanted = |suite: &str| names.is_empty() || names.iter().any(|name| name == suite);
    for (_, run) in SUITES.into_iter().filter(|(name, _)| wanted(name)) {
        run(&workspace)?;
    }
    Ok(())
}

/// Reading the past: `tests/benches/seek.rs`.
fn seek(workspace: &Workspace) -> Result<(), Failure> {
    let mut bench = workspace.cargo();
    bench.arg("bench").args(SELECTION).args(["--bench", "seek"]);
    step("bench: seek", &mut bench)
}

/// What people wait for, in browsers: `clients/web/e2e/bench.mjs`.
fn screens(workspace: &Workspace) -> Result<(), Failure> {
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
