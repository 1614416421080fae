//! What every suite is given.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::failure::Failure;
use crate::machine::Machine;

/// Where and how long to measure.
#[derive(Debug)]
pub struct Context {
    /// Less of everything: to see that a suite works, not to quote.
    pub quick: bool,
    /// Whether what is found takes its place in the repository's documents.
    pub write: bool,
    /// Where data directories are made. The disk under it is the one that is measured.
    pub scratch: PathBuf,
    /// The folder with our programs of the release profile.
    pub programs: PathBuf,
    /// What it is measured on.
    pub machine: Machine,
}

impl Context {
    /// The path of a program of ours.
    ///
    /// # Errors
    ///
    /// Where it has not been built.
    pub fn program(&self, name: &str) -> Result<PathBuf, Failure> {
        let program = self.programs.join(name);
        if program.is_file() {
            return Ok(program);
        }
        let what = "is not built: run `cargo xtask bench`, which builds it".to_owned();
        Err(Failure::Program { program: name.to_owned(), what })
    }

    /// A new folder on the disk that is measured; it ends with its handle.
    ///
    /// # Errors
    ///
    /// The disk's.
    pub fn folder(&self) -> Result<TempDir, Failure> {
        std::fs::create_dir_all(&self.scratch)
            .and_then(|()| TempDir::new_in(&self.scratch))
            .map_err(Failure::io(format!("make a folder in {}", self.scratch.display())))
    }

    /// One of two numbers: of a run to quote, or of a quick one.
    #[must_use]
    pub const fn size(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}

/// The repository's folder.
#[must_use]
pub fn root() -> &'static Path {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    bench.parent().unwrap_or(bench)
}
