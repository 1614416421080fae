//! The data directory: who may look into it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::program::Running;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every file and folder in `folder` into which somebody else can look. What is below a folder
/// that is shut is shut.
fn open_to_others(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let open = paths.filter(|path| mode(path) & 0o077 != 0);
    open.map(|path| format!("{} has mode {:o}", path.display(), mode(&path))).collect()
}

async fn used(folder: &Path) {
    let running = Running::start(folder, "data");
    running.open().await;
    running.stop();
}

#[tokio::test]
async fn what_the_server_keeps_is_for_its_own_user_alone() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path()).await;
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    assert_eq!(open_to_others(&data), [""; 0]);
}

#[tokio::test]
async fn a_directory_of_somebody_else_keeps_its_mode_and_what_we_make_in_it_has_ours() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    used(folder.path()).await;
    assert_eq!(mode(&data), 0o755);
    assert_eq!(open_to_others(&data), [""; 0]);
}

/// An earlier version, or a copy that forgot the modes, left folders open: the next start shuts
/// them. A folder behind a link is the operator's own affair.
#[tokio::test]
async fn folders_of_ours_that_are_open_are_shut_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path()).await;
    let data = folder.path().join("data");
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(data.join("people"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, data.join("people")).unwrap();
    for open in [data.join("log"), data.join("views"), elsewhere.clone()] {
        fs::set_permissions(open, Permissions::from_mode(0o755)).unwrap();
    }
    used(folder.path()).await;
    assert_eq!((mode(&data.join("log")), mode(&data.join("views"))), (0o700, 0o700));
    assert_eq!(mode(&elsewhere), 0o755);
}
