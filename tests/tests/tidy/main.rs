//! The house rules as tests: what a machine can review, it reviews.
//!
//! Each rule reads the files that git knows (or would, were they added) and reports every place
//! that breaks it as `file:line`, with what would be right. A rule lives in the file of its
//! subject; [`sources`] finds files and tells Rust code from comments, strings and tests.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod acceptance;
mod crates;
mod documents;
mod names;
mod shape;
mod sources;
mod words;

use sources::Finding;

/// Fails with every finding, or passes.
#[track_caller]
fn check(rule: &str, findings: &[Finding]) {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{rule}\n{}", lines.join("\n"));
}
