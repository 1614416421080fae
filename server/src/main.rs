//! The `oogst-server` program.

mod offline;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use oogst_server::archive::ArchiveError;
use oogst_server::config::{ConfigError, DataFlags, Flags};
use oogst_server::log::LogError;
use oogst_server::state::StateError;
use oogst_server::{Config, Server, StartError, telemetry, views};

use self::offline::FileFlags;

/// An edit takes some tens of small blocks on one thread and gives them back on others, which
/// glibc's allocator pays with locks and by tidying up what it has: at 100,000 changes of history a
/// quarter more CPU an edit than at 100, where this one takes a tenth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    /// Writes all that a stopped server has into one file; of one that serves, ask /api/backup.
    Backup(FileFlags),
    /// Makes the gatherings of an archive or a backup again, in the data directory of a stopped
    /// server or in a new one.
    Restore(FileFlags),
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
    #[error("cannot use {}", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the log is damaged")]
    Damaged(#[source] LogError),
    #[error(transparent)]
    Rebuild(#[from] views::RebuildError),
    #[error("the state can't be told")]
    State(#[source] StateError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

impl Failure {
    /// 2: bad usage; 1: it could not be done.
    const fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 2,
            Self::Start(_)
            | Self::Signals(_)
            | Self::NoLog { .. }
            | Self::File { .. }
            | Self::Damaged(_)
            | Self::Rebuild(_)
            | Self::State(_)
            | Self::Archive(_) => 1,
        }
    }
}

fn main() -> ExitCode {
    match run(Line::parse().command) {
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

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(flags) => serve(flags.resolve()?),
        Command::Verify(flags) => offline::verify_log(flags.resolve()?),
        Command::Rebuild(flags) => offline::rebuild(flags.resolve()?),
        Command::Backup(flags) => offline::backup(flags.data.resolve()?, &flags.file),
        Command::Restore(flags) => offline::restore(flags.data.resolve()?, &flags.file),
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

/// Whoever reads our output may be gone; that is no reason to end.
fn say(out: &mut dyn std::io::Write, line: &str) {
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}
