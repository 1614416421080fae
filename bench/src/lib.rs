//! What `cargo xtask bench` measures of the server, beside its peers and the bare limits.
//!
//! Each suite is a function from a [`context::Context`] to tables, which a person reads and
//! `docs/performance.md` keeps: [`edits`], [`cold`], [`crowd`] and [`headline`], of what
//! `oogst load` sees at the servers of [`peers`]; [`disk`], [`restart`], [`memory`], [`accept`],
//! [`growth`], [`reads`] of the real programs and the real log, with what they write in them in
//! [`gathering`], [`history`] and [`stock`].
//! Not here: whether anything is right. Nothing is asserted of speed either.

pub mod accept;
pub mod chart;
pub mod cold;
pub mod compression;
pub mod context;
pub mod crowd;
pub mod disk;
pub mod edits;
pub mod failure;
pub mod gathering;
pub mod growth;
pub mod headline;
pub mod history;
pub mod load;
pub mod machine;
pub mod memory;
pub mod peers;
pub mod process;
pub mod reads;
pub mod restart;
pub mod sample;
pub mod server;
pub mod stock;
pub mod table;

pub use context::Context;
pub use failure::Failure;
