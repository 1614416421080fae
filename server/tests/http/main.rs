//! The HTTP part as its callers meet it: the real server on a port of its own, the real log in a
//! folder of its own, and requests as bytes on a line.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod conduct;
mod consent;
mod data;
mod day;
mod devices;
mod documents;
mod feed;
mod gatherings;
mod joining;
mod limits;
mod openapi;
mod opening;
mod origins;
mod pages;
mod participants;
mod problems;
mod program;
mod request;
mod views;

/// A forgotten file would be tests that nobody runs.
#[test]
fn every_file_here_is_part_of_the_tests() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http");
    let this = std::fs::read_to_string(folder.join("main.rs")).unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap();
        assert!(module == "main" || this.contains(&format!("\nmod {module};")), "{name}");
    }
}
