//! What the tests need beyond Rust and Node, from Debian: a browser, curl for the README, Python.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::step::{Failure, program, step};
use crate::workspace::Workspace;

/// The Chromium to test with: `OOGST_CHROMIUM`, or Debian's, installed first where we may.
///
/// # Errors
///
/// 2 where there is none and we are not root; apt's own exit code where installing failed.
pub(crate) fn chromium(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if let Some(chosen) = std::env::var_os("OOGST_CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        return if chosen.is_file() {
            Ok(chosen)
        } else {
            Err(Failure::usage(format!("OOGST_CHROMIUM: no program at {}", chosen.display())))
        };
    }
    need(workspace, "/usr/bin/chromium", "chromium", ", or name one in OOGST_CHROMIUM")
}

/// curl, which runs the lines of the README.
///
/// # Errors
///
/// As [`chromium`].
pub(crate) fn curl(workspace: &Workspace) -> Result<PathBuf, Failure> {
    need(workspace, "/usr/bin/curl", "curl", "")
}

/// A Python that makes environments: the first on the path, or Debian's.
///
/// # Errors
///
/// As [`chromium`].
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if let Some(python) = able_python(workspace) {
        return Ok(python);
    }
    install(workspace, "python3-venv")?;
    able_python(workspace).ok_or_else(|| {
        Failure::usage("Python 3.11 with venv is missing: install Debian's package `python3-venv`")
    })
}

fn able_python(workspace: &Workspace) -> Option<PathBuf> {
    const ABLE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    let candidates = ["python3", "/usr/bin/python3"].map(PathBuf::from);
    candidates.into_iter().find(|python| {
        let mut asked = program(python, &workspace.root);
        let asked = asked.args(["-c", ABLE]).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    })
}

/// A program of a Debian package, which is installed where it is missing and we are root.
fn need(
    workspace: &Workspace,
    path: &str,
    package: &str,
    otherwise: &str,
) -> Result<PathBuf, Failure> {
    let path = Path::new(path);
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    install(workspace, package)?;
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    let line = format!("{} is missing: install Debian's package `{package}`", path.display());
    Err(Failure::usage(line + otherwise))
}

/// Installs a Debian package where we may; where we may not, whoever asks finds it missing still.
fn install(workspace: &Workspace, package: &str) -> Result<(), Failure> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if root && Path::new("/usr/bin/apt-get").is_file() {
        let apt = |arguments: &[&str]| {
            let mut command = program("apt-get", &workspace.root);
            command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        step("apt-get update", &mut apt(&["update", "-q"]))?;
        let install = ["install", "-q", "-y", "--no-install-recommends", package];
        step(&format!("apt-get install {package}"), &mut apt(&install))?;
    }
    Ok(())
}
