//! `cargo xtask sim`: the random tests of the test command, long.

use crate::step::{Failure, step};
use crate::workspace::{SELECTION, Workspace};

/// The random tests, by the variable that lengthens them: how many by default, and the tests.
const RANDOM: [(&str, &str, &str); 2] =
    [("OOGST_SEEDS", "10000", "simulation"), ("OOGST_CASES", "1000000", "accepted")];

/// Runs them in the release profile; what `OOGST_SEEDS` and `OOGST_CASES` say goes before.
///
/// # Errors
///
/// The exit code of the first that failed; it has printed the command that repeats it.
pub(crate) fn sim() -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    for (variable, default, filter) in RANDOM {
        let count = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
        let mut tests = workspace.cargo();
        tests.arg("test").args(SELECTION).args(["--release", "--test", "it", filter]);
        tests.env(variable, &count);
        step(&format!("{filter}: {variable}={count}"), &mut tests)?;
    }
    Ok(())
}
