//! Everything that needs two parts at once, in one program.

mod accepted;
mod simulation;
