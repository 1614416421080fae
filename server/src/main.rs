//! The `oogst-server` program.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use oogst_server::config::{ConfigError, DataFlags, Flags, Verbosity};
use oogst_server::log::verify::verify;
use oogst_server::log::{EventLog, LogError};
use oogst_server::{Config, Server, StartError, VIEWS_DIRECTORY, open_log, telemetry, views};

/// Groups co-edit a harvest live, and nothing acknowledged is ever lost.
///
/// Every option is also an environment variable, as each names, and a key of oogst.toml, as
/// `failed_joins_per_minute_max = 30`; flags win over the environment, the environment over the
/// file.
#[derive(Parser)]
#[command(version)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until SIGTERM or Ctrl-C.
    Serve(Box<Flags>),
    /// Reads every event of a stopped server's log and says what is damaged.
    Verify(DataFlags),
    /// Deletes all that a stopped server can make again from its log, and makes it again.
    Rebuild(DataFlags),
}

/// Why a command ended without its work done.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("cannot listen to signals")]
    Signals(#[source] std::io::Error),
    #[error("there is no log in {directory:?}: name the --data directory of a server")]
    NoLog { directory: PathBuf },
    #[error("the log is damaged")]
    Damaged(#[source] LogError),
    #[error(transparent)]
    Rebuild(#[from] views::RebuildError),
}

impl Failure {
    /// 2: bad usage; 1: it could not be done.
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 2,
            Self::Start(_)
            | Self::Signals(_)
            | Self::NoLog { .. }
            | Self::Damaged(_)
            | Self::Rebuild(_) => 1,
        }
    }
}

fn main() -> ExitCode {
    let done = match Line::parse().command {
        Command::Serve(flags) => flags.resolve().map_err(Failure::from).and_then(serve),
        Command::Verify(flags) => flags.resolve().map_err(Failure::from).and_then(verify_log),
        Command::Rebuild(flags) => flags.resolve().map_err(Failure::from).and_then(rebuild),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut line = failure.to_string();
            let mut cause = std::error::Error::source(&failure);
            while let Some(error) = cause {
                line.push_str(&format!(": {error}"));
                cause = error.source();
            }
            let line = line.replace('\n', "; ");
            say(&mut std::io::stderr(), &format!("oogst-server: {line}"));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn serve(config: Config) -> Result<(), Failure> {
    telemetry::start(config.verbosity);
    actix_web::rt::System::new().block_on(async {
        // Before the server is ready: a signal that comes at once is not to kill it.
        let mut ended = Signals::listen().map_err(Failure::Signals)?;
        let server = Server::start(config).await?;
        let mut out = std::io::stdout();
        say(&mut out, &format!("oogst-server listening on http://{}", server.address()));
        if let Some(link) = server.facilitator_link() {
            say(&mut out, &format!("open a gathering: {link}"));
        }
        ended.wait().await;
        tracing::info!("stopping");
        server.stop().await;
        tracing::info!("stopped");
        Ok(())
    })
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let terminate = signal(SignalKind::terminate())?;
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { terminate, interrupt })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn verify_log(config: Config) -> Result<(), Failure> {
    telemetry::start(Verbosity::Warn);
    let log = open_existing(&config)?;
    let found = verify(log.as_ref());
    log.close();
    let mut out = std::io::stdout();
    say(&mut out, &format!("{} events of {} gatherings are right", found.events, found.gatherings));
    for fault in &found.damage {
        say(&mut out, &format!("damaged: {fault}"));
    }
    match found.damage.into_iter().next() {
        None => Ok(()),
        Some(fault) => Err(Failure::Damaged(fault)),
    }
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

fn rebuild(config: Config) -> Result<(), Failure> {
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

/// Whoever reads our output may be gone; that is no reason to end.
fn say(out: &mut dyn std::io::Write, line: &str) {
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}
