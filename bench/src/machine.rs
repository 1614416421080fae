//! What a figure was measured on: without it, it is none.

use std::path::Path;
use std::process::Command;

/// The machine and the commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Cores that this process may use.
    pub cores: usize,
    /// The kernel's release, as `6.1.0-18-amd64`.
    pub kernel: String,
    /// The commit, short.
    pub commit: String,
    /// Whether anything but the figures themselves differs from it.
    pub dirty: bool,
}

impl Machine {
    /// Looks at this machine, and at the repository in `root`.
    #[must_use]
    pub fn here(root: &Path) -> Self {
        let unknown = || "unknown".to_owned();
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease");
        // What a run writes into the document does not change what was measured.
        let status = ["status", "--porcelain", "--", ".", ":!docs/performance.md"];
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            kernel: kernel.map_or_else(|_| unknown(), |text| text.trim().to_owned()),
            commit: git(root, &["rev-parse", "--short", "HEAD"]).unwrap_or_else(unknown),
            dirty: git(root, &status).is_some_and(|found| !found.is_empty()),
        }
    }

    /// The words over a table.
    #[must_use]
    pub fn caption(&self) -> String {
        let Self { cores, kernel, commit, dirty } = self;
        let commit = if *dirty { format!("{commit} with changes") } else { commit.clone() };
        format!("At commit {commit}, {cores} cores, Linux {kernel}, load {} before:", load())
    }
}

/// How many wanted a core over the last minute: whether the machine was ours.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown").to_owned()
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").current_dir(root).args(arguments).output().ok()?;
    let text = output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into());
    text.map(|text: String| text.trim().to_owned())
}
