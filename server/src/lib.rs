//! Oogst's server: the IO shell around the core.
//!
//! Way in: [`Server::start`] with a [`Config`]. It opens the log first, which takes the data
//! directory, then the vault, the shards that run the core, the views behind the log, and HTTP
//! last: what answers is ready.

pub mod archive;
pub mod config;
mod devices;
mod disk;
pub mod exports;
pub mod fatal;
pub mod files;
mod http;
pub mod log;
mod outbox;
pub mod people;
mod server;
pub mod shard;
mod share;
pub mod socket;
pub mod state;
pub mod telemetry;
pub mod views;

pub use config::Config;
pub use server::{Server, StartError, VIEWS_DIRECTORY, open_log, open_log_to_restore};
