//! What the tests need from Python: schemathesis, in a folder of its own under the target folder.

use std::path::PathBuf;

use crate::debian;
use crate::step::{Failure, program, step};
use crate::workspace::{Workspace, hash};

/// schemathesis and all that it needs, each with its version and its hashes.
const REQUIREMENTS: &str = "tests/api/requirements.txt";

/// Installs schemathesis where it is missing, or not the one that is wanted.
///
/// # Errors
///
/// 2 where there is no Python to install it with; pip's own exit code where that failed.
pub(crate) fn schemathesis(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let requirements = workspace.root.join(REQUIREMENTS);
    let wanted = hash(std::slice::from_ref(&requirements))?;
    let folder = workspace.target.join("schemathesis");
    let installed = folder.join("bin/schemathesis");
    if installed.is_file() && workspace.is_done("schemathesis", wanted) {
        return Ok(installed);
    }
    let python = debian::python(workspace)?;
    let mut venv = program(python, &workspace.root);
    step("python: venv", venv.args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = program(folder.join("bin/pip"), &workspace.root);
    pip.args(["install", "-q", "--disable-pip-version-check", "--require-hashes", "-r"]);
    step("python: schemathesis", pip.arg(&requirements))?;
    workspace.done("schemathesis", wanted)?;
    Ok(installed)
}
