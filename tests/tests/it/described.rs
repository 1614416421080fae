//! The API answers as its OpenAPI document says, whatever it is asked. schemathesis reads the
//! document and makes the requests: a new route needs nothing here.

use std::path::{Path, PathBuf};

use oogst_tests::day::{Day, Member};
use oogst_tests::http::Request;
use oogst_tests::server::{OPERATOR_KEY, Server, program};
use oogst_tests::wait::within;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

/// The seed, unless `OOGST_SEED` gives another.
const SEED: &str = "1";

/// Random requests for each operation and kind of data, beside those at the edges.
const EXAMPLES: &str = "10";

/// No 5xx, no status and no type that the document does not name, no body unlike its schema.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance";

/// The program, where `cargo xtask test` puts it.
fn schemathesis() -> PathBuf {
    let server = program();
    let target = server.ancestors().nth(2).unwrap();
    let program = target.join("schemathesis/bin/schemathesis");
    assert!(program.is_file(), "{} is missing: run `cargo xtask test`", program.display());
    program
}

/// What goes on for as long as somebody listens has no answer to look at.
fn is_endless(operation: &Value) -> bool {
    let responses = &operation["responses"];
    !responses["101"].is_null() || !responses["200"]["content"]["text/event-stream"].is_null()
}

fn endless_paths(api: &Value) -> Vec<String> {
    let paths = api["paths"].as_object().unwrap().iter();
    let endless = paths.filter(|(_, item)| item.as_object().unwrap().values().any(is_endless));
    endless.map(|(path, _)| path.clone()).collect()
}

/// A gathering with somebody in it, and the ids that its paths are made of.
async fn prepare(server: &Server) -> (Day, Member, String) {
    let day = Day::open(server, &["Wat werkt?", "Wat niet?"]).await;
    let an = day.join(server, "An", 0).await;
    let bo = day.join(server, "Bo", 1).await;
    let round = day.get(server, "").await.expect(200)["round"].clone();
    let ids = [
        ("gathering", day.id.as_str()),
        ("participant", &bo.id),
        ("document", &day.groups[0].harvest),
        ("group", &day.groups[0].id),
        ("round", round.as_str().unwrap()),
        ("code", day.codes["participant"].as_str().unwrap()),
    ];
    let ids = ids.map(|(name, id)| format!("\"path.{name}\" = \"{id}\"\n"));
    (day, an, format!("[parameters]\n{}", ids.concat()))
}

async fn ask(server: &Server, folder: &Path, token: &str, ids: &str, endless: &[String]) {
    let configuration = format!("headers = {{ Authorization = \"Bearer {token}\" }}\n{ids}");
    std::fs::write(folder.join("schemathesis.toml"), configuration).unwrap();
    let seed = std::env::var("OOGST_SEED").unwrap_or_else(|_| SEED.to_owned());
    let mut run = Command::new(schemathesis());
    run.arg("run").arg(format!("http://{}/api/openapi.json", server.address));
    run.args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--no-color"]);
    run.args(["--seed", &seed, "--max-examples", EXAMPLES, "--continue-on-failure"]);
    run.args(["--generation-database", "none", "--request-timeout", "20", "--warnings", "off"]);
    for path in endless {
        run.args(["--exclude-path", path]);
    }
    let output = run.current_dir(folder).kill_on_drop(true).output();
    let output = within("schemathesis", output).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let faults = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{faults}");
    assert!(said.contains("passed"), "it asked something: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_answers_as_it_is_described() {
    println!("again: OOGST_SEED={SEED} cargo test -p oogst-tests --test it described");
    let server = Server::start().await;
    let request = Request::new("GET", "/api/openapi.json");
    let endless = endless_paths(&server.send(request).await.expect(200));
    assert!(endless.iter().any(|path| path == "/sync"), "{endless:?}");
    let folder = TempDir::new().unwrap();
    let (day, an, ids) = prepare(&server).await;
    for (token, ids) in [
        (OPERATOR_KEY, ids.as_str()),
        (&day.facilitator, &ids),
        (&an.token, &ids),
        // Ids of nothing, and what are none.
        (&day.facilitator, ""),
    ] {
        ask(&server, folder.path(), token, ids, &endless).await;
    }
}
