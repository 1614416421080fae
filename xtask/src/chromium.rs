//! The browser that the end-to-end tests drive.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use crate::step::{Failure, program, step};
use crate::workspace::Workspace;

/// Where Debian's package puts it.
const DEBIAN: &str = "/usr/bin/chromium";

/// The Chromium to test with: `OOGST_CHROMIUM`, or Debian's, installed first where we may.
///
/// # Errors
///
/// 2 where there is none and we are not root; apt's own exit code where installing failed.
pub(crate) fn find(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if let Some(chosen) = std::env::var_os("OOGST_CHROMIUM") {
        let chosen = PathBuf::from(chosen);
        return if chosen.is_file() {
            Ok(chosen)
        } else {
            Err(Failure::usage(format!("OOGST_CHROMIUM: no program at {}", chosen.display())))
        };
    }
    let debian = PathBuf::from(DEBIAN);
    if !debian.is_file() {
        install(workspace)?;
    }
    if debian.is_file() { Ok(debian) } else { Err(missing()) }
}

fn install(workspace: &Workspace) -> Result<(), Failure> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root || !PathBuf::from("/usr/bin/apt-get").is_file() {
        return Err(missing());
    }
    let apt = |arguments: &[&str]| {
        let mut command = program("apt-get", &workspace.root);
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    step("apt-get update", &mut apt(&["update", "-q"]))?;
    let install = ["install", "-q", "-y", "--no-install-recommends", "chromium"];
    step("apt-get install chromium", &mut apt(&install))
}

fn missing() -> Failure {
    Failure::usage(
        "no Chromium: install Debian's package `chromium`, or name one in OOGST_CHROMIUM",
    )
}
