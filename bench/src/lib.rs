//! What `cargo xtask bench` measures beside the edits that `oogst load` makes.
//!
//! Each suite is a function from a [`context::Context`] to tables, which a person reads and
//! `docs/performance.md` keeps: [`disk`], [`restart`], [`memory`], [`accept`]. They measure the
//! real programs and the real log; what they write in them is in [`gathering`] and [`history`].
//! Not here: whether anything is right. Nothing is asserted of speed either.

pub mod accept;
pub mod chart;
pub mod context;
pub mod disk;
pub mod failure;
pub mod gathering;
pub mod history;
pub mod machine;
pub mod memory;
pub mod process;
pub mod restart;
pub mod sample;
pub mod server;
pub mod table;

pub use context::Context;
pub use failure::Failure;
