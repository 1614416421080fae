//! The program: what it prints, what it logs, how it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::day::{OPERATOR_KEY, text};
use crate::request::{Answer, Request};

pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oogst-server"));
    command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear();
    command
}

fn end(child: &Child) {
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
}

/// Runs a command to its end: its exit code and its last words.
pub(crate) fn fails(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// The program while it serves.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    pub(crate) fn start(folder: &Path, data: &str) -> Self {
        let mut command = program(folder);
        command.env("OOGST_OPERATOR_KEY", OPERATOR_KEY);
        let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data];
        let mut child = command.args(serve).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = out.next().unwrap().unwrap();
        let address = ready.rsplit("http://").next().unwrap().parse().unwrap();
        Self { child, address }
    }

    pub(crate) async fn open(&self) -> Value {
        opening().send(self.address).await.expect(201)
    }

    pub(crate) async fn join(&self, gathering: &Value) -> Answer {
        let body = json!({ "code": gathering["codes"]["participant"], "name": "An" });
        Request::new("POST", "/api/join").json(&body).send(self.address).await
    }

    pub(crate) fn stop(mut self) {
        end(&self.child);
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

/// The opening of a gathering of one group.
pub(crate) fn opening() -> Request {
    let body = json!({ "title": "Dag", "groups": [{ "name": "Groep" }] });
    Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body)
}

#[tokio::test]
async fn the_first_start_prints_a_link_and_no_token_reaches_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "data", "--verbosity", "trace"];
    let mut child = program(folder.path()).args(serve).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = out.next().unwrap().unwrap();
    let address = ready.strip_prefix("oogst-server listening on http://").unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let link = out.next().unwrap().unwrap();
    let key = link.split("/#key=").nth(1).unwrap().to_owned();
    assert!(key.len() >= 32 && link.contains(&format!("http://{address}/#key=")), "{link}");
    let kept = std::fs::read_to_string(folder.path().join("data/operator-key")).unwrap();
    assert_eq!(kept.trim(), key);

    let body = json!({ "title": "Geheimzinnig", "groups": [{ "name": "Groep" }] });
    let open = Request::new("POST", "/api/gatherings").token(&key).json(&body);
    let gathering = open.send(address).await.expect(201);
    let (id, code) = (text(&gathering["id"]), text(&gathering["codes"]["participant"]));
    let body = json!({ "code": code, "name": "An Peeters" });
    let joined = Request::new("POST", "/api/join").json(&body).send(address).await.expect(200);
    let (token, words) = (text(&joined["token"]), text(&joined["return_code"]));
    let feed = format!("/api/gatherings/{id}/feed?token={token}");
    assert_eq!(Request::new("GET", &feed).open(address).await.status(), 200);
    let sync = Request::new("GET", &format!("/sync?token={token}"))
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    assert_eq!(sync.open(address).await.status(), 101);
    Request::new("GET", &format!("/j/{code}")).send(address).await;
    Request::new("GET", &format!("/j/{code}/qr.svg")).send(address).await;
    let cookie = Request::new("GET", &format!("/api/gatherings/{id}"));
    cookie
        .header("cookie", &format!("oogst={token}"))
        .send(address)
        .await
        .problem(403, "bare-cookie");

    let asked = Instant::now();
    end(&child);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("\"route\":\"/api/gatherings/{gathering}/feed\""), "{log}");
    assert!(log.lines().all(|line| line.starts_with('{')), "JSON, a line each: {log}");
    let plain = code.replace('-', "");
    for secret in [&key, &token, &code, &plain, &words, "An Peeters", "Geheimzinnig"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _) = fails(program(folder.path()).args(["serve", "--lisen", "x"]));
    assert_eq!(code, Some(2));
    let (code, _) = fails(program(folder.path()).args(["serve", "--listen", "somewhere"]));
    assert_eq!(code, Some(2));
    let short = program(folder.path()).env("OOGST_OPERATOR_KEY", "short").arg("serve").output();
    assert_eq!(short.unwrap().status.code(), Some(2));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, words) = fails(program(folder.path()).args(["serve", "--listen", &address]));
    assert_eq!((code, words.lines().count()), (Some(1), 1), "{words}");
    assert!(words.contains(&address) && words.contains("--listen"), "{words}");

    std::fs::write(folder.path().join("oogst.toml"), "lisen = 1\n").unwrap();
    let (code, words) = fails(program(folder.path()).arg("serve"));
    assert_eq!((code, words.lines().count()), (Some(2), 1), "{words}");
    assert!(words.contains("lisen") && words.contains("oogst.toml"), "{words}");
}

#[test]
fn verify_and_rebuild_of_a_directory_without_a_log_say_so_and_make_none() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["verify", "rebuild"] {
        let output = program(folder.path()).args([command, "--data", "typo"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains("there is no log in"));
        assert!(!folder.path().join("typo").exists());
    }
}

#[tokio::test]
async fn a_second_start_keeps_everything_and_verify_and_rebuild_agree() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), format!("{OPERATOR_KEY}\n")).unwrap();
    std::fs::write(folder.path().join("oogst.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    let start = || {
        let mut command = program(folder.path());
        command.env("OOGST_DATA", "data").args(["serve", "--operator-key-file", "key"]);
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = out.next().unwrap().unwrap();
        let address = ready.rsplit("http://").next().unwrap().parse::<SocketAddr>().unwrap();
        (child, address)
    };
    let (mut child, address) = start();
    let body = json!({ "title": "Dag", "groups": [{ "name": "Groep" }] });
    let open = Request::new("POST", "/api/gatherings").token(OPERATOR_KEY).json(&body);
    let gathering = open.send(address).await.expect(201);
    let token = text(&gathering["facilitator_token"]);
    let other = program(folder.path()).args(["verify", "--data", "data"]).output().unwrap();
    assert_eq!(other.status.code(), Some(1), "a data directory has one user at a time");
    end(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));

    let said = ["verify", "rebuild"].map(|command| {
        let output = program(folder.path()).args([command, "--data", "data"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    });
    assert!(said[0].contains("9 events of 1 gatherings are right"), "{}", said[0]);
    assert!(said[1].contains(&text(&gathering["id"])), "{}", said[1]);

    let (mut child, address) = start();
    let path = format!("/api/gatherings/{}", text(&gathering["id"]));
    let seen = Request::new("GET", &path).token(&token).send(address).await.expect(200);
    assert_eq!(
        seen["groups"][0]["documents"][0]["id"],
        gathering["groups"][0]["documents"][0]["id"]
    );
    end(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
