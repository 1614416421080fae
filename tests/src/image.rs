//! A disk that can be copied in the middle of a write: ext4 on a file, mounted through a loop.
//!
//! A copy of the backing file is what a machine finds after the power went: what was synced is in
//! it, what only stood in the kernel's cache is not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How long an unmount is tried while a killed process still lets go of its files.
const UNMOUNT: Duration = Duration::from_secs(10);

/// A mounted image. Dropped, it is unmounted and its file deleted.
#[derive(Debug)]
pub struct Image {
    file: PathBuf,
    folder: PathBuf,
}

impl Image {
    /// Makes an empty file system of `bytes` and mounts it below `scratch`.
    ///
    /// # Errors
    ///
    /// One line that says why this machine can't: it takes root and a loop device.
    pub fn create(scratch: &Path, name: &str, bytes: u64) -> Result<Self, String> {
        let file = scratch.join(format!("{name}.ext4"));
        let image = std::fs::File::create(&file).map_err(|error| error.to_string())?;
        image.set_len(bytes).map_err(|error| error.to_string())?;
        run(Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&file))?;
        Self::mount(scratch, name, file)
    }

    /// Copies the backing file as it is now and mounts the copy: the journal is replayed.
    ///
    /// # Errors
    ///
    /// What `mount` says; after a crash that would be a loss.
    pub fn copy(&self, scratch: &Path, name: &str) -> Result<Self, String> {
        let file = scratch.join(format!("{name}.ext4"));
        run(Command::new("cp").arg("--sparse=always").arg(&self.file).arg(&file))?;
        Self::mount(scratch, name, file)
    }

    fn mount(scratch: &Path, name: &str, file: PathBuf) -> Result<Self, String> {
        let folder = scratch.join(name);
        std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
        run(Command::new("mount").args(["-o", "loop"]).arg(&file).arg(&folder))?;
        Ok(Self { file, folder })
    }

    /// The root of the file system.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        let start = Instant::now();
        while let Err(error) = run(Command::new("umount").arg(&self.folder)) {
            if start.elapsed() > UNMOUNT {
                eprintln!("{} stays mounted: {error}", self.folder.display());
                drop(run(Command::new("umount").arg("--lazy").arg(&self.folder)));
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        drop(std::fs::remove_file(&self.file));
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
