//! Oogst's server: the IO shell around the core.

pub mod config;
