//! The README's lines, run as they stand.

use std::process::Command;

use oogst_tests::server::{OPERATOR_KEY, Server};

/// Goal: whoever follows the README has a first gathering.
/// Method: take the shell lines out of it, and run them against a real server.
#[tokio::test(flavor = "multi_thread")]
async fn the_five_lines_of_curl_open_a_gathering_and_show_its_harvest() {
    let server = Server::start().await;
    let readme = include_str!("../../../README.md");
    let script = readme.split("```sh\n").find(|block| block.starts_with("say()")).unwrap();
    let script = script.split("```").next().unwrap();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", script])
        .env("S", format!("http://{}", server.address))
        .env("KEY", OPERATOR_KEY)
        .output()
        .unwrap();
    let (said, complaints) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complaints}");
    assert!(said.contains("\"name\":\"An\""), "{said}");
    assert!(said.contains("# Kick-off\n\n## How do we reach everybody?\n"), "{said}");
}
