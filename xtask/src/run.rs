//! `cargo xtask run`: builds client and server, then becomes the server.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;

use crate::step::{Failure, step};
use crate::web;
use crate::workspace::{SELECTION, Workspace};

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
    build.arg("build").args(SELECTION).args(["--bin", "oogst-server"]);
    if profile == "release" {
        build.arg("--release");
    }
    step("server: build", &mut build)?;

    let serving = Serving::of(&others);
    if let Some(link) = serving.kept_link(&workspace.root) {
        eprintln!("xtask: open a gathering: {link}");
    }
    eprintln!("xtask: see a day fill a wall, from another terminal: {}", serving.demo());
    let mut server = crate::step::program(workspace.server(profile), &workspace.root);
    server.arg("serve").args(others).stdin(Stdio::inherit());
    Err(Failure::other(format!("the server could not be started: {}", server.exec())))
}

/// What the server will be told, as far as others need to know it.
struct Serving {
    data: String,
    listen: String,
    key_file: Option<String>,
}

impl Serving {
    fn of(arguments: &[&String]) -> Self {
        let option = |name: &str| {
            let flag = format!("--{name}");
            let next = arguments.iter().position(|argument| **argument == flag);
            let after = next.and_then(|at| arguments.get(at + 1)).map(|value| (*value).clone());
            let joined = format!("{flag}=");
            let joined = arguments.iter().find_map(|argument| argument.strip_prefix(&joined));
            let variable = format!("OOGST_{}", name.to_uppercase().replace('-', "_"));
            after.or_else(|| joined.map(str::to_owned)).or_else(|| std::env::var(variable).ok())
        };
        Self {
            data: option("data").unwrap_or_else(|| "oogst-data".to_owned()),
            listen: option("listen").unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            key_file: option("operator-key-file"),
        }
    }

    /// The link to open a gathering with the key that an earlier start made and kept. The server
    /// itself prints one only when it makes the key.
    fn kept_link(&self, root: &Path) -> Option<String> {
        let key = std::fs::read_to_string(root.join(&self.data).join("operator-key")).ok()?;
        Some(format!("http://{}/#key={}", reached_at(&self.listen), key.trim()))
    }

    fn demo(&self) -> String {
        crate::demo::line(&self.listen, &self.data, self.key_file.as_deref())
    }
}

/// What a browser or a client here takes for the address that a server listens on.
pub(crate) fn reached_at(listen: &str) -> String {
    listen.replace("0.0.0.0:", "localhost:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_makes_a_link_to_where_the_server_will_listen() {
        let root = std::env::temp_dir().join(format!("oogst-xtask-{}", std::process::id()));
        std::fs::create_dir_all(root.join("d")).unwrap();
        std::fs::write(root.join("d/operator-key"), "abc\n").unwrap();
        let words = ["--data".to_owned(), "d".to_owned(), "--listen=0.0.0.0:9000".to_owned()];
        let serving = Serving::of(&words.iter().collect::<Vec<_>>());
        let link = serving.kept_link(&root);
        assert_eq!(link.as_deref(), Some("http://localhost:9000/#key=abc"));
        assert!(serving.demo().ends_with("--operator-key-file d/operator-key"));
        let elsewhere = ["--data=e".to_owned()];
        let elsewhere = Serving::of(&elsewhere.iter().collect::<Vec<_>>());
        assert_eq!(elsewhere.kept_link(&root), None);
        std::fs::remove_dir_all(root).unwrap();
    }
}
