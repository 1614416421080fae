//! Rebuilds the server when the web client's built files appear or change: a release binary
//! carries them. Nothing is built here; `cargo xtask` builds the client.

use std::path::Path;

fn main() {
    // A missing path would count as changed at every build.
    let watched = ["../clients/web/dist", "../clients/web", "."]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap_or(".");
    println!("cargo::rerun-if-changed={watched}");
}
