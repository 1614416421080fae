//! The data directory: who may look into it, and what is said of damage in it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use crate::day::OPERATOR_KEY;
use crate::program::{Running, program};
use crate::request::Request;

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

/// Goal: whoever starts a server on a damaged log reads one line that says what is wrong and what
/// to do, whatever the store's own words are. Method: a log of several segments, cut and flipped.
#[tokio::test]
async fn a_damaged_log_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path(), "data");
    let groups: Vec<_> = (0..50).map(|n| json!({ "name": format!("Groep {n}") })).collect();
    let body = json!({ "title": "Dag", "groups": groups });
    for _ in 0..20 {
        let open = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body);
        open.send(running.address).await.expect(201);
    }
    running.stop();
    let data = folder.path().join("data");
    let whole = fs::read(data.join("log/db")).unwrap();
    let used = whole.iter().rposition(|byte| *byte != 0).unwrap();
    assert!(used > 3 * (512 << 10), "several segments: {used} bytes");
    let mut refused = 0;
    for eighth in 1..8 {
        let (cut, mut flipped) = (whole[..used * eighth / 8].to_vec(), whole.clone());
        flipped[used * eighth / 8] ^= 0x10;
        for (what, damaged) in [("cut", cut), ("flipped", flipped)] {
            fs::write(data.join("log/db"), damaged).unwrap();
            let mut verify = program(folder.path());
            let output = verify.args(["verify", "--data", "data"]).output().unwrap();
            let words = String::from_utf8(output.stderr).unwrap();
            if output.status.success() {
                assert_eq!((what, words.as_str()), ("flipped", ""), "a byte that nobody needs");
                continue;
            }
            refused += 1;
            let place = format!("{what} at {eighth}/8: {words}");
            assert_eq!((output.status.code(), words.lines().count()), (Some(1), 1), "{place}");
            assert!(words.starts_with("oogst-server: "), "{place}");
            assert!(words.contains("; put a backup in its place"), "{place}");
        }
    }
    assert!(refused >= 7, "every cut is refused");
}
