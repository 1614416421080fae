//! `oogst`: a client of any Oogst server, in the terminal.
//!
//! One file a command. They share how a server and a token are named ([`options`]), the file that
//! keeps a token ([`pass`]), what ends a command ([`failure`]) and how text that others wrote is
//! shown ([`plain`]). Everything that is said to a server goes through `oogst-client`.
//!
//! Invariant: a token or a key is never part of an address, and is printed only by the command
//! that was given it, once, where nobody asked for a file instead.

mod archive;
mod chance;
pub mod demo;
mod export;
mod failure;
mod join;
mod load;
mod open;
mod options;
mod pass;
mod plain;
mod watch;

use clap::{Parser, Subcommand};

pub use failure::Failure;

/// A learning network's day from the terminal: open it, join it, watch its wall, take its harvest.
///
/// Options that a session repeats are environment variables, too, as each names. Exit codes: 0
/// done, 1 it could not be done, 2 it was asked for wrongly.
#[derive(Debug, Parser)]
#[command(name = "oogst", version)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Opens a gathering and prints its join codes and links.
    Open(open::Open),
    /// Joins a gathering with its code and prints what brings the same person back.
    Join(join::Join),
    /// Shows the wall: what every group has harvested, as it grows.
    ///
    /// Only text that nobody is writing in is shown. In a terminal the wall is drawn anew at each
    /// contribution, until Ctrl-C; elsewhere every insight is a line: `+` it is there, `~` it
    /// reads otherwise now, `-` it is gone.
    Watch(watch::Watch),
    /// Writes the harvest to a file.
    Export(export::Export),
    /// Writes a whole gathering to one file, from which `oogst-server restore` makes it again.
    ///
    /// For facilitators and the operator. It holds all events, names and photos, and is kept only
    /// where it came whole.
    Archive(archive::Archive),
    /// Plays a kick-off day live: 34 simulated devices and ten guests fill a gathering of its own.
    ///
    /// Prints the links to wall and join pages first, and at the end whether everything that was
    /// typed is acknowledged and on the wall; exit code 1 where something is missing.
    Demo(demo::Demo),
    /// Loads a server with simulated people, and tells what that was like for them.
    ///
    /// Tries out a venue's server before the day. Each load opens gatherings of its own, which stay
    /// there: use a data directory that you can throw away. At the end it looks whether every edit
    /// reached everybody; exit code 1 where one is missing.
    Load(load::Load),
}

/// Does what the command line asks for.
///
/// # Errors
///
/// Why it could not be done, by whose fault it is.
pub async fn run(line: CommandLine) -> Result<(), Failure> {
    match line.command {
        Command::Open(open) => open.run().await,
        Command::Join(join) => join.run().await,
        Command::Watch(watch) => watch.run().await,
        Command::Export(export) => export.run().await,
        Command::Archive(archive) => archive.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Load(load) => load.run().await,
    }
}
