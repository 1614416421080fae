//! Node, npm and the built web client: installed and built when their sources changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Failure, program, step};
use crate::workspace::{Workspace, hash};

/// The oldest Node that the build tools of the web client run on: 20.19.
const NODE_MIN: (u32, u32) = (20, 19);

/// The web client's folder.
pub(crate) fn client(workspace: &Workspace) -> PathBuf {
    workspace.root.join("clients/web")
}

/// Refuses to go on without Node in a version that can build the client.
///
/// # Errors
///
/// 2, with the version that is needed.
pub(crate) fn check_node(workspace: &Workspace) -> Result<(), Failure> {
    let (major, minor) = NODE_MIN;
    let wanted = format!("Node {major}.{minor} or newer, with npm");
    let output = program("node", &workspace.root)
        .arg("--version")
        .output()
        .map_err(|_| Failure::usage(format!("no `node` found: install {wanted}")))?;
    let found = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match version(&found) {
        Some(version) if version >= NODE_MIN => Ok(()),
        _ => Err(Failure::usage(format!("`node` is version {found:?}: install {wanted}"))),
    }
}

/// Reads `v20.20.2` as (20, 20).
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Installs the packages of the lock file in `folder`, unless that very file was installed last.
///
/// # Errors
///
/// npm's own exit code.
pub(crate) fn install(workspace: &Workspace, folder: &Path) -> Result<(), Failure> {
    let lock = hash(&[folder.join("package-lock.json"), folder.join("package.json")])?;
    let name = shown(workspace, folder);
    let stamp = format!("npm-{}", name.replace('/', "-"));
    if folder.join("node_modules").is_dir() && workspace.is_done(&stamp, lock) {
        return Ok(());
    }
    // No package that we need runs a script at install; none gets to.
    let mut ci = npm(folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    step(&format!("npm ci in {name}"), &mut ci)?;
    workspace.done(&stamp, lock)
}

/// Builds the web client into `dist`, unless these very sources were built last.
///
/// # Errors
///
/// The build's own exit code.
pub(crate) fn build(workspace: &Workspace) -> Result<(), Failure> {
    let folder = client(workspace);
    install(workspace, &folder)?;
    let sources = hash(std::slice::from_ref(&folder))?;
    if folder.join("dist/index.html").is_file() && workspace.is_done("web", sources) {
        return Ok(());
    }
    step("web client: build", &mut npm(&folder, &["run", "build"]))?;
    workspace.done("web", sources)
}

/// npm in `folder`.
pub(crate) fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = program("npm", folder);
    command.args(arguments);
    command
}

fn shown(workspace: &Workspace, folder: &Path) -> String {
    folder.strip_prefix(&workspace.root).unwrap_or(folder).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert!(version("v20.9.0").unwrap() < NODE_MIN);
        assert!(version("v22.0.0").unwrap() >= NODE_MIN);
        assert_eq!(version("20"), None);
    }
}
