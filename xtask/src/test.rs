//! `cargo xtask test`: every test there is, with plain `cargo test` and `node --test`.

use crate::step::{Failure, step};
use crate::workspace::{SELECTION, Workspace};
use crate::{debian, python, web};

/// Sets up what the tests need, then runs them all. A missing tool is a failure, never a skip.
///
/// # Errors
///
/// The exit code of the first step that failed.
pub(crate) fn test() -> Result<(), Failure> {
    let workspace = Workspace::find()?;
    web::check_node(&workspace)?;
    let chromium = debian::chromium(&workspace)?;
    debian::curl(&workspace)?;
    // The Rust tests find it in the target folder.
    python::schemathesis(&workspace)?;
    let client = web::client(&workspace);
    // The automerge-repo clients that the Rust tests start.
    web::install(&workspace, &workspace.root.join("tests/js"))?;
    web::build(&workspace)?;

    let mut build = workspace.cargo();
    build.arg("build").args(SELECTION).arg("--all-targets");
    step("rust: build", &mut build)?;

    let server = workspace.server("debug");
    let mut tests = workspace.cargo();
    tests.arg("test").args(SELECTION);
    tests.env("OOGST_SERVER_BIN", &server).env("OOGST_CHROMIUM", &chromium);
    step("rust: tests", &mut tests)?;

    step("web client: check", &mut web::npm(&client, &["run", "check"]))?;
    step("web client: tests", &mut web::npm(&client, &["test"]))?;
    let mut browsers = web::npm(&client, &["run", "e2e"]);
    browsers.env("OOGST_SERVER_BIN", &server).env("OOGST_CHROMIUM", &chromium);
    step("web client: browser tests", &mut browsers)?;
    eprintln!("xtask: everything passed");
    Ok(())
}
