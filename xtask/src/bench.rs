//! `cargo xtask bench`: measures, in the release profile, and prints a table for
//! `docs/performance.md`.

use crate::step::{Failure, step};
use crate::workspace::{SELECTION, Workspace};

/// The suites: each a program of `tests/benches`.
const SUITES: [&str; 1] = ["seek"];

/// Runs the named suites, or all.
///
/// # Errors
///
/// The exit code of the first that failed; 2 for a suite that there is not.
pub(crate) fn bench(names: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    if let Some(unknown) = names.iter().find(|name| !SUITES.contains(&name.as_str())) {
        let known = SUITES.join(", ");
        return Err(Failure::usage(format!("there is no suite `{unknown}`; there are: {known}")));
    }
    let wanted = |suite: &str| names.is_empty() || names.iter().any(|name| name == suite);
    for suite in SUITES.into_iter().filter(|suite| wanted(suite)) {
        let mut bench = workspace.cargo();
        bench.arg("bench").args(SELECTION).args(["--bench", suite]);
        step(&format!("bench: {suite}"), &mut bench)?;
    }
    Ok(())
}
