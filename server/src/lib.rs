//! Oogst's server: the IO shell around the core.

pub mod config;
mod disk;
pub mod fatal;
pub mod log;
mod outbox;
pub mod people;
pub mod shard;
pub mod socket;
pub mod views;
