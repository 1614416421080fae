//! What may not stand in the code: unfinished work, silenced lints and tests, hidden panics.

use crate::check;
use crate::sources::{Finding, Source, all, rust_code, shipped_lines, with};

const SCRIPTS: [&str; 4] = ["ts", "js", "mjs", "svelte"];

/// Words that this very file may not hold either.
const UNFINISHED: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

#[test]
fn nothing_is_left_for_later() {
    let mut findings = Vec::new();
    for source in all().iter().filter(|source| source.extension() != "lock") {
        for (number, line) in source.lines() {
            let mut words = line.split(|c: char| !c.is_alphanumeric());
            if let Some(word) = words.find(|word| UNFINISHED.contains(word)) {
                let what = format!("`{word}`: do it now, or open an issue and leave no trace here");
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    let macros = [concat!("todo", "!"), concat!("unimplemented", "!"), concat!("dbg", "!")];
    for (source, number, line) in rust_lines() {
        if let Some(found) = macros.iter().find(|found| line.contains(*found)) {
            let what = format!("`{found}`: write what belongs here");
            findings.push(Finding::at(&source.path, number, what));
        }
    }
    check("nothing left for later", &findings);
}

#[test]
fn every_test_runs_to_its_end() {
    let mut findings = Vec::new();
    for (source, number, line) in rust_lines() {
        if line.contains(concat!("#[ig", "nore")) {
            let what = "an ignored test proves nothing: make it run, or remove it";
            findings.push(Finding::at(&source.path, number, what));
        }
    }
    let suites = ["test", "it", "describe", "suite"];
    let marks =
        [concat!("sk", "ip"), concat!("on", "ly"), concat!("to", "do"), concat!("fix", "me")];
    for source in with(&SCRIPTS) {
        for (number, line) in source.lines() {
            let marked = suites
                .iter()
                .any(|suite| marks.iter().any(|mark| line.contains(&format!("{suite}.{mark}("))));
            let optional = marks.iter().any(|mark| line.contains(&format!("{mark}: true")));
            if marked || (optional && source.is_test()) {
                let what = "every test runs, always: make it run, or remove it";
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("no test is left out", &findings);
}

#[test]
fn no_test_waits_for_time_to_pass() {
    let sleeps = [concat!("sl", "eep("), concat!("waitFor", "Timeout(")];
    let mut findings = Vec::new();
    for source in with(&["rs"]).chain(with(&SCRIPTS)).filter(|source| source.is_test()) {
        // A kill at a random moment waits for nothing; it stands once, beside the seeds.
        if source.path.ends_with("tests/src/chance.rs") {
            continue;
        }
        let code = rust_code(&source.text);
        let code = if source.extension() == "rs" { &code } else { &source.text };
        let lines: Vec<&str> = code.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            // Between two looks at a condition, in a loop with an end, a rest is right.
            if sleeps.iter().any(|sleep| line.contains(sleep)) && !in_a_loop(&lines, at) {
                let what = "wait for the thing itself, with a deadline: the kit has polls";
                findings.push(Finding::at(&source.path, at + 1, what));
            }
        }
    }
    check("tests wait for conditions, not for time", &findings);
}

/// Whether a line stands in a `loop`, `while` or `for` of its function, by indentation.
fn in_a_loop(lines: &[&str], at: usize) -> bool {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let mut depth = indentation(lines[at]);
    for line in lines[..at].iter().rev().filter(|line| !line.trim().is_empty()) {
        if indentation(line) < depth {
            depth = indentation(line);
            let words: Vec<&str> = line.split_whitespace().collect();
            if words
                .iter()
                .any(|word| matches!(*word, "loop" | "while" | "for" | "while(" | "for("))
            {
                return true;
            }
            if words.iter().any(|word| matches!(*word, "fn" | "function" | "test(" | "impl")) {
                return false;
            }
        }
    }
    false
}

#[test]
fn shipped_code_does_not_unwrap() {
    let mut findings = Vec::new();
    for source in with(&["rs"]).filter(|source| !source.is_test()) {
        let code = rust_code(&source.text);
        for (number, line) in shipped_lines(&code) {
            if line.contains(".unwrap()") {
                let what = "`unwrap`: return the error, or `expect` with why it cannot happen";
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("no unwrap outside tests", &findings);
}

#[test]
fn a_lint_is_expected_with_a_reason_never_allowed() {
    let mut findings = Vec::new();
    for source in with(&["rs"]) {
        let code = rust_code(&source.text);
        for (at, _) in code.match_indices("#[").chain(code.match_indices("#![")) {
            let attribute = &code[at..at + code[at..].find(']').unwrap_or(code.len() - at)];
            let number = 1 + code[..at].matches('\n').count();
            if names(attribute, "allow") {
                let what = "`allow`: mend it, or `expect(LINT, reason = \"…\")`";
                findings.push(Finding::at(&source.path, number, what));
            } else if names(attribute, "expect") && !attribute.contains("reason") {
                let what = "`expect` needs its `reason = \"…\"`";
                findings.push(Finding::at(&source.path, number, what));
            }
        }
    }
    check("lints are expected with a reason", &findings);
}

/// Whether an attribute is `name(…)`, also within `cfg_attr(…, name(…))`.
fn names(attribute: &str, name: &str) -> bool {
    attribute.match_indices(name).any(|(at, _)| {
        let before = attribute[..at].chars().next_back();
        let alone = before.is_some_and(|c| matches!(c, '[' | ' ' | ',' | '('));
        alone && attribute[at + name.len()..].starts_with('(')
    })
}

/// Every line of Rust code, comments and strings blanked.
fn rust_lines() -> impl Iterator<Item = (&'static Source, usize, String)> {
    with(&["rs"]).flat_map(|source| {
        let code = rust_code(&source.text);
        let lines: Vec<String> = code.lines().map(str::to_owned).collect();
        (1..).zip(lines).map(move |(number, line)| (source, number, line))
    })
}

#[test]
fn attributes_are_told_by_their_name() {
    assert!(names("#[allow(dead_code)", "allow"));
    assert!(names("#![cfg_attr(test, allow(dead_code)", "allow"));
    assert!(!names("#[cfg(feature = disallow(x)", "allow"));
    assert!(!names("#[derive(Debug)", "allow"));
}

#[test]
fn a_rest_between_two_looks_is_told_from_waiting() {
    let text = "fn f() {\n    while look() {\n        rest();\n    }\n    sleep();\n}";
    let lines: Vec<&str> = text.lines().collect();
    assert!(in_a_loop(&lines, 2));
    assert!(!in_a_loop(&lines, 4));
}
