//! What the tests need beyond Rust and Node, from Debian: a browser, and curl for the README.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

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
    if path.is_file() {
        return Ok(path.to_path_buf());
    }
    let line = format!("{} is missing: install Debian's package `{package}`", path.display());
    Err(Failure::usage(line + otherwise))
}
