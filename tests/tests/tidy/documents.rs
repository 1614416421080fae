//! README, docs, decision records and the CI's script: they agree, and nothing is lost in them.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use crate::check;
use crate::sources::{Finding, Source, all, file, root, with};

const TEST_COMMAND: &str = "cargo xtask test";

#[test]
fn readme_and_ci_name_the_same_test_command() {
    for path in ["README.md", "CONTRIBUTING.md", ".ci/run"] {
        let source = file(path);
        assert!(source.text.contains(TEST_COMMAND), "{path} does not name `{TEST_COMMAND}`");
    }
    assert!(file("README.md").text.contains("cargo xtask run"), "README.md lacks the run command");
    let mode = std::fs::metadata(root().join(".ci/run")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111, ".ci/run has to be executable");
}

#[test]
fn nothing_names_this_machine_or_a_registry() {
    let checkout = root();
    let checkout = checkout.parent().unwrap().to_string_lossy();
    // A checkout right under the root has no telling parent.
    let mut telling: Vec<String> = vec!["/home/".into(), "/root/".into(), "/Users/".into()];
    if checkout.len() > 1 {
        telling.push(format!("{checkout}/"));
    }
    let mut findings = Vec::new();
    for source in all().iter().filter(|source| !source.path.ends_with("tidy/documents.rs")) {
        for (number, line) in source.lines() {
            if let Some(found) = telling.iter().find(|found| line.contains(*found)) {
                let what = format!("`{found}` is a place on one machine: name it from the root");
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    let lock = file("Cargo.lock");
    let home = "registry+https://github.com/rust-lang/crates.io-index";
    for (number, line) in lock.lines().filter(|(_, line)| line.starts_with("source = ")) {
        if !line.contains(home) {
            findings.push(Finding::at(&lock.path, number, "only crates.io is a source"));
        }
    }
    for source in all().iter().filter(|source| source.path.ends_with("package-lock.json")) {
        for (number, line) in source.lines().filter(|(_, line)| line.contains("\"resolved\"")) {
            if !line.contains("\"https://registry.npmjs.org/") {
                findings.push(Finding::at(&source.path, number, "only npm's own registry"));
            }
        }
    }
    check("no machine's paths, no other registries", &findings);
}

const RECORDS: &str = "docs/adr/";
const PARTS: [&str; 5] = ["## Context", "## Decision", "## Cost", "## Rejected", "## Reopen if"];

#[test]
fn decision_records_are_numbered_without_a_gap_and_have_all_parts() {
    let mut findings = Vec::new();
    let mut records: Vec<&Source> =
        with(&["md"]).filter(|source| source.path.starts_with(RECORDS)).collect();
    records.sort_by(|a, b| a.path.cmp(&b.path));
    for (number, record) in (1..).zip(&records) {
        let wanted = format!("{RECORDS}{number:04}-");
        if !record.path.starts_with(&wanted) {
            findings.push(Finding::at(&record.path, 0, format!("should begin with `{wanted}`")));
        }
        if !record.text.starts_with(&format!("# {number:04}. ")) {
            findings.push(Finding::at(&record.path, 1, format!("start with `# {number:04}. …`")));
        }
        if !record.text.contains("\nStatus: ") {
            findings.push(Finding::at(&record.path, 3, "add `Status: accepted DATE`"));
        }
        for part in PARTS.iter().filter(|part| !record.text.contains(*part)) {
            findings.push(Finding::at(&record.path, 0, format!("add `{part}`")));
        }
    }
    check("decision records", &findings);
}

#[test]
fn every_document_is_linked_and_every_link_leads_somewhere() {
    let mut findings = Vec::new();
    let mut reached = BTreeSet::new();
    for source in with(&["md"]) {
        for (number, target) in links(source) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let path = resolve(&source.path, target);
            if !root().join(&path).exists() {
                findings.push(Finding::at(&source.path, number, format!("no `{path}` to link to")));
            }
            if path != source.path {
                reached.insert(path);
            }
        }
    }
    for source in all().iter().filter(|source| source.path.starts_with("docs/")) {
        if !reached.contains(&source.path) {
            let what = "nobody links to it: add a link where its reader would look";
            findings.push(Finding::at(&source.path, 0, what));
        }
    }
    check("documents are linked", &findings);
}

#[test]
fn a_document_that_is_named_is_there() {
    let there: BTreeSet<&str> =
        with(&["md"]).filter_map(|source| source.path.rsplit('/').next()).collect();
    let mut findings = Vec::new();
    for source in all().iter().filter(|source| !source.path.ends_with("tidy/documents.rs")) {
        for (number, line) in source.lines() {
            // Of code, what its comments say.
            let prose = source.extension() == "md";
            let line = if prose { line } else { line.split_once("//").map_or("", |it| it.1) };
            let words =
                line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')));
            // A path of the API, not a document.
            let named = words.filter(|word| word.ends_with(".md") && *word != "export.md");
            for word in named.filter(|word| word.len() > 3 && !there.contains(word)) {
                let what = format!("there is no `{word}` here: say what is needed in own words");
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("named documents exist", &findings);
}

/// The targets of `[text](target)`, with their lines; code blocks left out.
fn links(source: &Source) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in source.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if !fenced {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.map(|target| (number, target)));
        }
    }
    found
}

/// A link's target, from the root.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn links_are_read_from_where_they_stand() {
    assert_eq!(resolve("docs/adr/0001-x.md", "../testing.md"), "docs/testing.md");
    let text = "[a](b.md) and [c](d.md#e)\n```\n[no](link.md)\n```\n".to_owned();
    let source = Source { path: "x.md".into(), text };
    assert_eq!(links(&source), [(1, "b.md"), (1, "d.md#e")]);
}

/// `npm ci` refuses a lock file that lacks one of another platform's optional packages.
#[test]
fn a_lock_file_holds_every_package_that_it_names() {
    let mut findings = Vec::new();
    for source in all().iter().filter(|source| source.path.ends_with("package-lock.json")) {
        let lock: serde_json::Value = serde_json::from_str(&source.text).unwrap();
        let packages = lock["packages"].as_object().unwrap();
        for (package, entry) in packages {
            let optional = entry["optionalDependencies"].as_object();
            for name in optional.into_iter().flat_map(|names| names.keys()) {
                if !packages.keys().any(|held| held.ends_with(&format!("node_modules/{name}"))) {
                    let what = format!("`{name}` of {package}: take a version with all of them");
                    findings.push(Finding::at(&source.path, 0, what));
                }
            }
        }
    }
    check("lock files are whole", &findings);
}
