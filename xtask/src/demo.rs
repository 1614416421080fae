//! `cargo xtask demo`: builds the `oogst` program and has it play a day on a server that runs.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;

use crate::step::{Failure, program, step};
use crate::workspace::{SELECTION, Workspace};

/// Builds what changed and plays. `OOGST_*` and the arguments go on to `oogst demo`; where nobody
/// names the operator key, it is the one that a server made which `cargo xtask run` started.
///
/// # Errors
///
/// The exit code of the first step that failed. On success it does not return.
pub(crate) fn demo(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    let mut build = workspace.cargo();
    build.arg("build").args(SELECTION).args(["--bin", "oogst"]);
    step("oogst: build", &mut build)?;

    let mut demo = program(workspace.client("debug"), &workspace.root);
    demo.arg("demo").args(arguments).stdin(Stdio::inherit());
    let variable = |name: &&str| std::env::var_os(name).is_some();
    let named = ["OOGST_OPERATOR_KEY", "OOGST_OPERATOR_KEY_FILE"].iter().any(variable);
    if !named && !arguments.iter().any(|argument| argument.starts_with("--operator-key-file")) {
        demo.arg("--operator-key-file").arg(KEY_FILE);
    }
    // Ctrl-C reaches it directly.
    Err(Failure::other(format!("oogst could not be started: {}", demo.exec())))
}

/// The key that a server makes which is told nothing else.
const KEY_FILE: &str = "oogst-data/operator-key";

/// The line that starts a demo on the server that is about to listen.
pub(crate) fn line(listen: &str, data: &str, key_file: Option<&str>) -> String {
    let mut line = "cargo xtask demo".to_owned();
    if listen != "127.0.0.1:8080" {
        line.push_str(&format!(" --server http://{}", crate::run::reached_at(listen)));
    }
    let made = Path::new(data).join("operator-key");
    let file = key_file.map_or(made.as_path(), Path::new);
    if file != Path::new(KEY_FILE) {
        line.push_str(&format!(" --operator-key-file {}", file.display()));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_what_is_not_as_usual() {
        assert_eq!(line("127.0.0.1:8080", "oogst-data", None), "cargo xtask demo");
        assert_eq!(
            line("0.0.0.0:9000", "d", None),
            "cargo xtask demo --server http://localhost:9000 --operator-key-file d/operator-key"
        );
        let named = line("127.0.0.1:8080", "d", Some("k"));
        assert_eq!(named, "cargo xtask demo --operator-key-file k");
    }
}
