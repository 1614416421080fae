//! `docs/acceptance.md` and the tests agree: each row that is claimed has the tests that it names,
//! and no test of a row is left out of the list.

use std::collections::BTreeSet;

use crate::check;
use crate::sources::{Finding, Source, file, with};

const LIST: &str = "docs/acceptance.md";

#[test]
fn each_row_that_is_claimed_names_tests_that_are_there() {
    let list = file(LIST);
    let there: BTreeSet<&str> =
        with(&["rs"]).filter(|source| source.path.starts_with("tests/")).flat_map(tests).collect();
    let mut findings = Vec::new();
    let mut named = BTreeSet::new();
    for (number, line) in list.lines().filter(|(_, line)| line.starts_with("| ")) {
        let Some(column) = line.trim_end_matches(['|', ' ']).rsplit('|').next() else { continue };
        // Names of tests stand in backquotes: every second piece.
        for name in column.split('`').skip(1).step_by(2) {
            named.insert(name);
            if !there.contains(name) {
                findings.push(Finding::at(LIST, number, format!("there is no test `{name}`")));
            }
        }
    }
    for name in there.iter().filter(|name| name.starts_with("row_") && !named.contains(*name)) {
        findings.push(Finding::at(LIST, 0, format!("add `{name}` to its row")));
    }
    check("acceptance rows name their tests", &findings);
}

/// The functions of a file that are tests, by the attribute above them.
fn tests(source: &Source) -> Vec<&str> {
    let mut found = Vec::new();
    let mut is_test = false;
    for (_, line) in source.lines() {
        let line = line.trim_start();
        if line.starts_with("#[") {
            is_test |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
            continue;
        }
        if let (true, Some(rest)) = (is_test, line.split("fn ").nth(1)) {
            found.extend(rest.split(['(', '<']).next());
        }
        is_test = false;
    }
    found
}
