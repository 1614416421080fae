//! Where things are: the workspace, its target folder, and stamps of work already done.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step::{Failure, program};

/// Folders that hold results, not sources.
const NOT_SOURCES: [&str; 5] = ["node_modules", "dist", "test-results", "screenshots", "target"];

/// The packages that every cargo command here selects, whatever it then builds of them. Cargo
/// joins a library's features over the selected packages: another selection would compile half
/// the libraries a second time.
pub(crate) const SELECTION: [&str; 2] = ["--workspace", "--locked"];

/// The repository as it is checked out here.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever its configuration has put it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds both folders.
    ///
    /// # Errors
    ///
    /// When it was not started by `cargo xtask`.
    pub(crate) fn find() -> Result<Self, Failure> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR")
            .and_then(|xtask| Path::new(&xtask).parent().map(Path::to_path_buf));
        // This program is TARGET/debug/xtask, also under a CARGO_TARGET_DIR.
        let target = std::env::current_exe()
            .ok()
            .and_then(|program| program.ancestors().nth(2).map(Path::to_path_buf));
        match (root, target) {
            (Some(root), Some(target)) => Ok(Self { root, target }),
            _ => Err(Failure::usage("start it as `cargo xtask COMMAND`")),
        }
    }

    /// The cargo that started us, in the root.
    pub(crate) fn cargo(&self) -> Command {
        program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), &self.root)
    }

    /// Where cargo puts the server's program of `profile` (`debug`, `release`).
    pub(crate) fn server(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("oogst-server")
    }

    /// Where cargo puts the program `oogst` of `profile`.
    pub(crate) fn client(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("oogst")
    }

    /// Whether the work called `name` was last done for exactly these `sources`.
    pub(crate) fn is_done(&self, name: &str, sources: u64) -> bool {
        fs::read_to_string(self.stamp(name)).is_ok_and(|found| found == format!("{sources:016x}"))
    }

    /// Remembers that the work called `name` is done for these `sources`.
    ///
    /// # Errors
    ///
    /// When the target folder cannot be written.
    pub(crate) fn done(&self, name: &str, sources: u64) -> Result<(), Failure> {
        let stamp = self.stamp(name);
        let folder = self.target.join("xtask");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&stamp, format!("{sources:016x}")))
            .map_err(|error| Failure::other(format!("{}: {error}", stamp.display())))
    }

    fn stamp(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(format!("{name}.stamp"))
    }
}

/// A hash over the names and bytes of `paths`, folders with all that they hold.
///
/// # Errors
///
/// When one of them cannot be read; it is named.
pub(crate) fn hash(paths: &[PathBuf]) -> Result<u64, Failure> {
    let mut files = BTreeSet::new();
    for path in paths {
        collect(path, &mut files)
            .map_err(|error| Failure::other(format!("{}: {error}", path.display())))?;
    }
    let mut hasher = DefaultHasher::new();
    for file in files {
        let bytes = fs::read(&file)
            .map_err(|error| Failure::other(format!("{}: {error}", file.display())))?;
        // The whole path: two checkouts that share a target folder do not share a stamp.
        (file, bytes).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        files.insert(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        if !hidden && !NOT_SOURCES.iter().any(|other| name == *other) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every library with the features that it is compiled with, over these kinds of edges.
    fn libraries(edges: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut tree = program(env!("CARGO"), root);
        tree.arg("tree").args(SELECTION).args(["--offline", "--no-dedupe", "--prefix", "none"]);
        let output = tree.args(["--edges", edges, "--format", "{p} {f}"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
    }

    /// Goal: what `run` compiled, `test` compiles no second time, and the other way round.
    /// Method: a dev-dependency that adds a feature to a library of the server would part them.
    #[test]
    fn the_server_alone_and_all_tests_share_one_set_of_compiled_libraries() {
        let (alone, tested) = (libraries("normal,build"), libraries("normal,build,dev"));
        assert!(alone.len() > 100, "{alone:?}");
        let twice: Vec<_> = alone.difference(&tested).collect();
        assert!(twice.is_empty(), "compiled twice, see tests/Cargo.toml: {twice:?}");
    }
}
