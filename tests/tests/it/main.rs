//! Everything that needs two parts at once, in one program.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accepted;
mod archives;
mod bad_input;
mod cli;
mod crash_image;
mod described;
mod exports;
mod files;
mod http;
mod interop;
mod kill;
mod prompt;
mod readme;
mod rows;
mod rust_client;
mod simulation;
mod simulation_newcomers;
mod simulation_people;
mod simulation_rooms;
mod simulation_rules;
mod views;
