//! The stock JS client: `tests/js/peer.mjs` in a Node of its own, driven by lines of JSON.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::wait::within;

/// A stock client in Node. Dropped, its process ends.
#[derive(Debug)]
pub struct Node {
    _child: Child,
    requests: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    count: u64,
}

/// Where the script and its packages are.
fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    assert!(
        folder.join("node_modules/@automerge/automerge-repo").is_dir(),
        "the stock client is not installed: run `npm ci --ignore-scripts` in tests/js, \
         or `cargo xtask test`"
    );
    folder
}

impl Node {
    /// Starts a client that connects to `url` and keeps its documents in `storage`, if any.
    pub async fn start(url: &str, storage: Option<&Path>) -> Self {
        let mut child = Command::new("node")
            .arg("peer.mjs")
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("node does not start: {error}"));
        let requests = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut node = Self { _child: child, requests, answers, count: 0 };
        node.ask("open", json!({ "url": url, "storage": storage })).await;
        node
    }

    /// Asks for something that must work.
    ///
    /// # Panics
    ///
    /// Where it doesn't, with the client's own words.
    pub async fn ask(&mut self, request: &str, fields: Value) -> Value {
        let answer = self.attempt(request, fields).await;
        answer.unwrap_or_else(|error| panic!("{request}: {error}"))
    }

    /// Asks for something that may be refused.
    ///
    /// # Errors
    ///
    /// The client's own words.
    pub async fn attempt(&mut self, request: &str, mut fields: Value) -> Result<Value, String> {
        self.count += 1;
        fields["id"] = json!(self.count);
        fields["request"] = json!(request);
        let line = format!("{fields}\n");
        self.requests.write_all(line.as_bytes()).await.unwrap();
        let answer = within(request, self.answers.next_line()).await.unwrap();
        let answer = answer.unwrap_or_else(|| panic!("{request}: the client is gone"));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["id"], fields["id"], "answers come in order");
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].clone()),
        }
    }
}
