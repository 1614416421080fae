//! Files that are there whole or not at all, and directories that survive a power cut.
//!
//! A name survives only once its directory is synced, so every function here that makes a name
//! syncs the directory that holds it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Only the server's own user may read what it keeps.
pub(crate) const PRIVATE_FILE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;

/// Replaces the file at `path` by `bytes`: a crash leaves the old file or the new one, whole.
///
/// Returns once the new one survives a power cut. A leftover of an earlier crash is overwritten.
///
/// # Errors
///
/// The system's. The file may then be the old one or the new one.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let waiting = waiting_name(path)?;
    unlink(&waiting)?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(&waiting)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&waiting, path)?;
    sync_directory(parent(path))
}

/// Replaces the file at `path` by `bytes`, for what can be made again: nothing is synced, so that
/// it takes no time of the disk from what must be. After a power cut it may be there in part.
///
/// # Errors
///
/// The system's.
pub(crate) fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let waiting = waiting_name(path)?;
    unlink(&waiting)?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE).open(&waiting)?;
    file.write_all(bytes)?;
    fs::rename(&waiting, path)
}

/// Removes the file at `path`, where there is one. Returns once its absence survives a power cut.
///
/// # Errors
///
/// The system's.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    unlink(path)?;
    sync_directory(parent(path))
}

fn unlink(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Makes `path` and what is missing above it, each synced in the directory that holds it.
///
/// # Errors
///
/// The system's.
pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    create_directory(parent(path))?;
    match fs::DirBuilder::new().mode(PRIVATE_DIRECTORY).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    sync_directory(parent(path))
}

/// Makes a directory of ours, as [`create_directory`] does, and sees to it that nobody else can
/// look into it, whoever made it and how. A link there is the operator's own arrangement: what it
/// leads to stays as it is.
///
/// # Errors
///
/// The system's, also where the directory is another user's.
pub(crate) fn private_directory(path: &Path) -> io::Result<()> {
    create_directory(path)?;
    let found = fs::symlink_metadata(path)?;
    if found.is_dir() && found.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(PRIVATE_DIRECTORY))?;
    }
    Ok(())
}

/// Makes the names in a directory survive a power cut.
///
/// # Errors
///
/// The system's.
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// What the server may still write on the disk that holds `path`, in bytes.
///
/// # Errors
///
/// The system's.
pub(crate) fn free_bytes(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether a file is a leftover of a write that a crash cut short.
pub(crate) fn is_leftover(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with('.') && name.ends_with(".new")
    })
}

fn waiting_name(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "a file needs a name in UTF-8")
    })?;
    Ok(path.with_file_name(format!(".{name}.new")))
}

/// The directory that holds `path`; the working directory for a bare name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leftover_of_a_crash_does_not_hinder_the_next_write() {
        let directory = tempfile::tempdir().unwrap();
        let nested = directory.path().join("a/b");
        create_directory(&nested).unwrap();
        let path = nested.join("file");
        write_whole(&path, b"first").unwrap();
        let leftover = nested.join(".file.new");
        fs::write(&leftover, b"half a sec").unwrap();
        assert!(is_leftover(&leftover) && !is_leftover(&path));
        assert_eq!(fs::read(&path).unwrap(), b"first");
        write_whole(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert!(!leftover.exists());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, PRIVATE_FILE);
    }
}
