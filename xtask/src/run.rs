//! `cargo xtask run`: builds client and server, then becomes the server.

use std::os::unix::process::CommandExt;
use std::process::Stdio;

use crate::step::{Failure, step};
use crate::web;
use crate::workspace::Workspace;

/// Builds what changed and serves. `OOGST_*` and the other arguments go on to the server, which
/// takes this process over: Ctrl-C and SIGTERM reach it directly.
///
/// # Errors
///
/// The exit code of the first step that failed. On success it does not return.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let (release, others): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|argument| *argument == "--release");
    let profile = if release.is_empty() { "debug" } else { "release" };

    web::check_node(&workspace)?;
    web::build(&workspace)?;
    let mut build = workspace.cargo();
    build.args(["build", "--locked", "--package", "oogst-server"]);
    if profile == "release" {
        build.arg("--release");
    }
    step("server: build", &mut build)?;

    let mut server = crate::step::program(workspace.server(profile), &workspace.root);
    server.arg("serve").args(others).stdin(Stdio::inherit());
    Err(Failure::other(format!("the server could not be started: {}", server.exec())))
}
