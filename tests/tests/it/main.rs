//! Everything that needs two parts at once, in one program.

mod accepted;
mod readme;
mod rust_client;
mod simulation;
mod simulation_people;
mod simulation_rules;
mod views;
