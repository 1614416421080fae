//! The crate graph is the architecture: who may depend on what, and what is absent where.

use std::collections::BTreeSet;

use crate::check;
use crate::sources::{Finding, file, root, rust_code, shipped_lines, with};

/// Each crate, and the crates of ours that it may see.
const GRAPH: [(&str, &[&str]); 8] = [
    ("protocol", &[]),
    ("server/core", &["oogst-protocol"]),
    ("server", &["oogst-core", "oogst-protocol"]),
    ("clients/rust", &["oogst-protocol"]),
    ("clients/cli", &["oogst-client", "oogst-protocol"]),
    ("tests", &["oogst-cli", "oogst-client", "oogst-core", "oogst-protocol", "oogst-server"]),
    ("bench", &["oogst-client", "oogst-core", "oogst-protocol", "oogst-server"]),
    ("xtask", &[]),
];

/// The crates that are pure: equal inputs give equal outputs, on any machine, at any time.
const PURE: [&str; 2] = ["protocol", "server/core"];

/// Everything that a pure crate may be built on. None of these does anything by itself.
const PURE_LIBRARIES: [&str; 14] = [
    "automerge",
    "bs58",
    "bytes",
    "crc32c",
    "flate2",
    "jiff",
    "minicbor",
    "oogst-protocol",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "utoipa",
    "uuid",
];

/// What would let the world into a pure crate.
const WORLD: [&str; 21] = [
    "SystemTime",
    "Instant",
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "stdin",
    "stdout",
    "println!",
    "eprintln!",
    "Timestamp::now",
    "new_v4",
    "rand::",
    "getrandom",
    "tokio",
    "async fn",
    "Mutex",
    "RwLock",
    "thread_local!",
    "RandomState",
];

#[test]
fn crates_depend_only_on_those_that_the_architecture_lets_them_see() {
    let members = members();
    let known: BTreeSet<String> = GRAPH.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(members, known, "Cargo.toml's members and the graph of this rule");
    let mut findings = Vec::new();
    for (path, allowed) in GRAPH {
        let manifest = format!("{path}/Cargo.toml");
        for (line, name) in dependencies(&file(&manifest).text) {
            if name.starts_with("oogst-") && !allowed.contains(&name.as_str()) {
                let what = format!("`{path}` may not see `{name}` (docs/adr/0001)");
                findings.push(Finding::at(&manifest, line, what));
            }
        }
    }
    check("the crate graph", &findings);
}

#[test]
fn pure_crates_are_built_on_pure_libraries() {
    let mut findings = Vec::new();
    for path in PURE {
        let manifest = format!("{path}/Cargo.toml");
        let shipped = file(&manifest).text.split("[dev-dependencies]").next().unwrap_or_default();
        for (line, name) in dependencies(shipped) {
            if !PURE_LIBRARIES.contains(&name.as_str()) {
                let what = format!("`{name}` in a pure crate: it belongs in `server` (0001)");
                findings.push(Finding::at(&manifest, line, what));
            }
        }
    }
    check("pure crates stay pure", &findings);
}

#[test]
fn pure_crates_do_not_reach_for_the_world() {
    let mut findings = Vec::new();
    for source in with(&["rs"])
        .filter(|source| PURE.iter().any(|path| source.path.starts_with(&format!("{path}/src/"))))
        .filter(|source| !source.is_test())
    {
        let code = rust_code(&source.text);
        for (number, line) in shipped_lines(&code) {
            if let Some(found) = WORLD.iter().find(|found| holds(line, found)) {
                let what = format!("`{found}`: the shell hands in moments, ids and bytes (0001)");
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("no clock, disk, network, thread or randomness in the core", &findings);
}

#[test]
fn the_accept_path_builds_no_document() {
    let mut findings = Vec::new();
    for source in with(&["rs"]).filter(|source| {
        let elsewhere = ["/view/", "/view.rs", "/template.rs"];
        source.path.starts_with("server/core/src/")
            && !source.is_test()
            && !elsewhere.iter().any(|part| source.path.contains(part))
    }) {
        let code = rust_code(&source.text);
        for (number, line) in shipped_lines(&code) {
            let found = ["Automerge", "AutoCommit"].iter().find(|found| holds(line, found));
            if let Some(found) = found {
                let what = format!("`{found}`: only views materialise a document (docs/adr/0004)");
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("accept by the graph", &findings);
}

#[test]
fn every_file_of_the_test_binary_is_part_of_it() {
    let main = file("tests/tests/it/main.rs");
    let mut findings = Vec::new();
    for source in with(&["rs"]) {
        let Some(name) = source.path.strip_prefix("tests/tests/it/") else { continue };
        let module = name.strip_suffix(".rs").unwrap_or(name);
        if module != "main"
            && !module.contains('/')
            && !main.text.lines().any(|line| line.trim() == format!("mod {module};"))
        {
            let what = format!("not compiled: add `mod {module};` to {}", main.path);
            findings.push(Finding::at(&source.path, 0, what));
        }
    }
    check("no forgotten test file", &findings);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let mut findings = Vec::new();
    for (path, _) in GRAPH {
        let manifest = format!("{path}/Cargo.toml");
        if !file(&manifest).text.contains("[lints]\nworkspace = true") {
            let what = "add `[lints]` with `workspace = true`";
            findings.push(Finding::at(&manifest, 0, what));
        }
    }
    check("one set of lints", &findings);
}

#[test]
fn every_library_is_in_the_record_of_libraries() {
    let record = file("docs/adr/0002-dependencies.md");
    let mut findings = Vec::new();
    let workspace = &file("Cargo.toml").text;
    let table = workspace.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    for line in table.lines().take_while(|line| !line.starts_with('[')) {
        let Some((name, _)) = line.split_once('=') else { continue };
        let name = name.trim();
        if !name.starts_with("oogst-") && !record.text.contains(&format!("`{name}`")) {
            let what = format!("`{name}`: one line here, what it does and who keeps it");
            findings.push(Finding::at(&record.path, 0, what));
        }
    }
    check("every library has its reason", &findings);
}

/// Whether code names something, as a whole word or path.
fn holds(line: &str, found: &str) -> bool {
    line.match_indices(found).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let open = found.ends_with("::") || found.ends_with('!');
        !line[..at].chars().next_back().is_some_and(word)
            && (open || !line[at + found.len()..].chars().next().is_some_and(word))
    })
}

fn members() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next());
    let members = members.expect("the workspace lists its members").split(',');
    members.map(|member| member.trim().trim_matches('"').to_owned()).collect()
}

/// The names under `[dependencies]`, `[dev-dependencies]` and the like, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(manifest.lines()) {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let (true, Some((name, _))) = (inside, line.split_once(['.', '='])) {
            found.push((number, name.trim().to_owned()));
        }
    }
    found
}

#[test]
fn words_and_manifests_are_read() {
    assert!(holds("use std::fs::File;", "std::fs"));
    assert!(!holds("let instantiated = Instantly;", "Instant"));
    assert!(holds("rand::random()", "rand::"));
    let manifest = "[package]\nname = \"a\"\n[dependencies]\nb.workspace = true\nc = \"1\"\n";
    assert_eq!(dependencies(manifest), [(4, "b".to_owned()), (5, "c".to_owned())]);
}
