//! The commands on the data directory of a stopped server: what they print, and nothing else.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use oogst_protocol::ids::GatheringId;
use oogst_server::archive::{self, ArchiveError, Source};
use oogst_server::config::{DataFlags, Verbosity};
use oogst_server::files::Files;
use oogst_server::log::EventLog;
use oogst_server::log::verify::verify;
use oogst_server::people::{Vault, VaultError};
use oogst_server::state::{self, State, StateError};
use oogst_server::{
    Config, VIEWS_DIRECTORY, fatal, open_log, open_log_to_restore, telemetry, views,
};

use crate::{Failure, say};

/// A file, and the data directory that it is made of or becomes.
#[derive(clap::Args)]
pub(crate) struct FileFlags {
    #[command(flatten)]
    pub(crate) data: DataFlags,
    /// The file
    pub(crate) file: PathBuf,
}

pub(crate) fn verify_log(config: Config) -> Result<(), Failure> {
    telemetry::start(Verbosity::Warn);
    let log = open_existing(&config)?;
    let found = verify(log.as_ref());
    let mut out = std::io::stdout();
    say(&mut out, &format!("{} events of {} gatherings are right", found.events, found.gatherings));
    for fault in &found.damage {
        say(&mut out, &format!("damaged: {fault}"));
    }
    if let Some(fault) = found.damage.into_iter().next() {
        log.close();
        return Err(Failure::Damaged(fault));
    }
    let states: Result<BTreeMap<_, _>, StateError> = log
        .gatherings()
        .into_iter()
        .map(|gathering| Ok((gathering, State::of(&*log, gathering)?)))
        .collect();
    log.close();
    say_states(&states.map_err(Failure::State)?);
    Ok(())
}

pub(crate) fn rebuild(config: Config) -> Result<(), Failure> {
    telemetry::start(Verbosity::Warn);
    let log = open_existing(&config)?;
    let done = views::rebuild(&log, &config.data.join(VIEWS_DIRECTORY));
    log.close();
    let mut out = std::io::stdout();
    for gathering in done? {
        let wall: String = gathering.digest.wall.iter().map(|byte| format!("{byte:02x}")).collect();
        let (id, seq) = (gathering.gathering, gathering.digest.seq);
        let documents = gathering.digest.heads.len();
        say(&mut out, &format!("{id}: event {seq}, {documents} documents, wall {wall}"));
        for document in &gathering.stopped {
            say(&mut out, &format!("{id}: document {document} stopped at its last good state"));
        }
    }
    Ok(())
}

pub(crate) fn backup(config: Config, file: &Path) -> Result<(), Failure> {
    telemetry::start(Verbosity::Warn);
    let log = open_existing(&config)?;
    let ends = |error: &VaultError| -> () { fatal::end(error) };
    let people = Vault::open(&config.data, Box::new(ends)).map_err(ArchiveError::Vault)?;
    let files = Files::open(&config.data, &*log).map_err(ArchiveError::Files)?;
    // Names and hashes are in it: for its owner's eyes. One that is there is not overwritten.
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    let made = made.map_err(|source| Failure::File { path: file.to_owned(), source })?;
    let source = Source { log: Arc::clone(&log), people: people.clone(), files };
    let written = written(&source, &made);
    people.close();
    log.close();
    match written {
        Ok(states) => {
            say_states(&states);
            Ok(())
        }
        Err(error) => {
            // Half a backup is none; whoever finds it would think it one.
            std::fs::remove_file(file).ok();
            Err(error.into())
        }
    }
}

fn written(source: &Source, file: &File) -> Result<BTreeMap<GatheringId, State>, ArchiveError> {
    let mut out = BufWriter::new(file);
    let states = source.write(None, &source.frontier(), &mut out)?;
    out.flush()?;
    drop(out);
    file.sync_all()?;
    Ok(states)
}

pub(crate) fn restore(config: Config, file: &Path) -> Result<(), Failure> {
    telemetry::start(Verbosity::Warn);
    let open = |path: &Path| {
        File::open(path).map_err(|source| Failure::File { path: path.to_owned(), source })
    };
    // What breaks on a hostile archive is told by the error that it becomes.
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let contents = archive::check(BufReader::new(open(file)?));
    std::panic::set_hook(print);
    let contents = contents?;
    let log = open_log_to_restore(&config)?;
    let restored = archive::restore(&config.data, &log, open(file)?, &contents);
    log.close();
    let mut out = std::io::stdout();
    let mut states = BTreeMap::new();
    for (found, made) in contents.gatherings.iter().zip(restored?) {
        let id = made.gathering;
        if found.withheld > 0 {
            say(&mut out, &format!("{id}: {} events were left out of the archive", found.withheld));
        }
        if found.erased > 0 {
            say(&mut out, &format!("{id}: {} files had been erased", found.erased));
        }
        if contents.holds == archive::Holds::Gathering {
            say(&mut out, "the people come in with these codes:");
            say(&mut out, &format!("  participants: {}", made.codes.participant));
            say(&mut out, &format!("  guests: {}", made.codes.guest));
            say(&mut out, &format!("  observers: {}", made.codes.observer));
            say(&mut out, &format!("  facilitators: {}", made.codes.facilitator));
            for (name, words) in made.facilitators {
                say(&mut out, &format!("{name} comes back with: {words}"));
            }
        }
        states.insert(id, made.state);
    }
    say_states(&states);
    Ok(())
}

/// One line a gathering, and one for all: equal where all of them are.
fn say_states(states: &BTreeMap<GatheringId, State>) {
    let mut out = std::io::stdout();
    for (gathering, state) in states {
        say(&mut out, &format!("{gathering}: {state}"));
    }
    say(&mut out, &format!("state {}", state::of_all(states)));
}

/// The log of a server that has run here. A directory without one is a slip of the pen: opening
/// would make a new log, and nothing in it is wrong.
fn open_existing(config: &Config) -> Result<Arc<dyn EventLog>, Failure> {
    let known = ["log", "HIGHWATER"].map(|name| config.data.join(name).exists());
    if known.contains(&true) {
        Ok(open_log(config)?)
    } else {
        Err(Failure::NoLog { directory: config.data.clone() })
    }
}
