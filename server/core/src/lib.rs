//! The rules of Oogst, sans-IO.
//!
//! No network, no disk, no clock, no randomness, no locks: the shell hands in [`port::Input`]s
//! with the moment they count for, and performs the [`port::Effect`]s that come out. Equal state,
//! moment and input give equal effects.

pub mod accept;
pub mod change;
pub mod document;
pub mod export;
pub mod gathering;
pub mod graph;
pub mod hub;
pub mod port;
pub mod rights;
pub mod session;
mod shape;
pub mod sync;
pub mod view;
