//! The whole server: started part by part, stopped in the other order.
//!
//! Stopping: no new connection, feeds end, what was accepted becomes durable and is told, sockets
//! close with 1001, views and vault write what waits, the log is closed. It takes well under the
//! five seconds that an operator's tools wait.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::net::TcpSocket;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::config::{Config, LogEngine, NotAKey, OperatorKey, PublicUrl};
use crate::devices::Listening;
use crate::exports::Renders;
use crate::files::{Files, FilesError, Uploads};
use crate::http::{self, App, Archives, Ask, FileLimits, OwnOrigins, Reverts, Seats, WrongCodes};
use crate::log::sled::{self, SledOptions};
use crate::log::{EventLog, LogError};
use crate::people::{Operator, Vault, VaultError, keep_secret};
use crate::shard::{ShardOptions, Shards};
use crate::socket::{SocketLimits, Sockets};
use crate::telemetry::Counters;
use crate::views::{Names, Views};
use crate::{archive, disk, fatal};

/// Where views keep their snapshots, in the data directory. All of it may be deleted.
pub const VIEWS_DIRECTORY: &str = "views";

/// The file of the operator key that the first start made, in the data directory.
const OPERATOR_KEY_FILE: &str = "operator-key";

/// Connections that may wait for us to take them: a room that scans the code at one moment.
const BACKLOG: u32 = 1_024;

/// Why the server did not start. The operator's to mend; the process ends with 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: take another with --listen, or stop what uses it")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The log cannot be opened.
    #[error("cannot open the log")]
    Log(#[source] LogError),
    /// The vault, or the kept operator key, cannot be opened.
    #[error("cannot open the vault")]
    Vault(#[source] VaultError),
    /// The files beside the log cannot be opened.
    #[error("cannot open the files")]
    Files(#[source] FilesError),
    /// What a restore has left half done.
    #[error(
        "a restore was cut short in {}: run it again with the same file, or take another --data \
         directory",
        path.display()
    )]
    CutShort {
        /// The data directory.
        path: PathBuf,
    },
    /// The operator key's file cannot be read.
    #[error("cannot read the operator key in {}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The operator key's file holds none.
    #[error("{} holds no operator key", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: NotAKey,
    },
    /// The views' directory cannot be made, or not be kept from others.
    #[error("cannot make {} private", path.display())]
    Views {
        /// The directory.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The system gives no more threads.
    #[error("cannot start a thread")]
    Threads(#[source] io::Error),
}

/// A running server. Dropped without [`Server::stop`] it goes on until its process ends.
pub struct Server {
    address: SocketAddr,
    public_url: Option<PublicUrl>,
    new_key: Option<OperatorKey>,
    stopping: watch::Sender<bool>,
    http: ServerHandle,
    serving: JoinHandle<io::Result<()>>,
    parts: Parts,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What lies under HTTP. Cheap to clone; all clones are the same.
#[derive(Clone)]
struct Parts {
    log: Arc<dyn EventLog>,
    people: Vault,
    files: Files,
    shards: Shards,
    views: Views,
}

impl Server {
    /// Starts a server; when this returns it answers.
    ///
    /// # Errors
    ///
    /// [`StartError`] says what stands in the way and what would be right.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener = listen(config.listen)?;
        let address = listener
            .local_addr()
            .map_err(|source| StartError::Listen { address: config.listen, source })?;
        let opened = config.clone();
        let (parts, key, new_key) = tokio::task::spawn_blocking(move || open(&opened))
            .await
            .expect("opening the data does not panic")?;
        let (stopping, stops) = watch::channel(false);
        let Parts { log, people, files, shards, views } = parts.clone();
        let limits = SocketLimits {
            messages_per_second_max: config.messages_per_second_max,
            ..SocketLimits::default()
        };
        let app = App {
            address,
            own: OwnOrigins::new(config.public_url.clone(), address),
            operator: Operator::new(key.text()),
            people,
            log,
            files,
            file_limits: FileLimits {
                files_max: config.files_per_gathering_max,
                mebibytes_max: config.file_mebibytes_per_gathering_max,
            },
            archives: Archives::default(),
            reverts: Reverts::default(),
            uploads: Uploads::default(),
            views,
            proxies: config.trusted_proxies,
            renders: Renders::new(),
            devices: Listening::new(http::moment()),
            seats: Seats::new(config.connections_per_address_max),
            wrong_codes: WrongCodes::new(config.failed_joins_per_minute_max),
            sockets: Sockets::new(shards.clone(), limits),
            ask: Ask(shards),
            counters: Counters::default(),
            stopping: stops,
        };
        let server =
            http::serve(app, listener).map_err(|source| StartError::Listen { address, source })?;
        let (http, serving) = (server.handle(), tokio::spawn(server));
        let public_url = config.public_url;
        Ok(Self { address, public_url, new_key, stopping, http, serving, parts })
    }

    /// Where it listens, with the port that the system gave.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The link that makes whoever opens it the operator; only where the key was made just now.
    #[must_use]
    pub fn facilitator_link(&self) -> Option<String> {
        let key = self.new_key.as_ref()?;
        let origin = match &self.public_url {
            Some(url) => url.origin().to_owned(),
            None if self.address.ip().is_unspecified() => {
                format!("http://localhost:{}", self.address.port())
            }
            None => format!("http://{}", self.address),
        };
        Some(format!("{origin}/#key={}", key.text()))
    }

    /// Stops: nothing new is taken, what was accepted is durable, sockets close with 1001.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        let Parts { log, people, files: _, shards, views } = self.parts;
        let under = tokio::task::spawn_blocking(move || {
            shards.stop();
            views.stop();
            people.close();
            log.close();
        });
        // Both at once: HTTP waits for the sockets that the shards close.
        let ((), under) = tokio::join!(self.http.stop(true), under);
        under.expect("the parts end the process rather than panic");
        if let Ok(Err(error)) = self.serving.await {
            tracing::warn!(%error, "the HTTP server did not end well");
        }
    }
}

/// Not through the standard library, whose queue of waiting connections is short.
fn listen(address: SocketAddr) -> Result<std::net::TcpListener, StartError> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    open().map_err(|source| StartError::Listen { address, source })
}

/// Opens everything that touches the disk. Blocks.
fn open(config: &Config) -> Result<(Parts, OperatorKey, Option<OperatorKey>), StartError> {
    let log = open_log(config)?;
    let ends = |error: &VaultError| -> () { fatal::end(error) };
    let people = Vault::open(&config.data, Box::new(ends)).map_err(StartError::Vault)?;
    people.forget_unopened(&log.gatherings());
    let files = Files::open(&config.data, &*log).map_err(StartError::Files)?;
    let (key, new_key) = operator_key(config)?;
    let options = ShardOptions { count: config.shards, ..ShardOptions::default() };
    let vault = people.clone();
    let names: Names = Arc::new(move |gathering, who| vault.name(gathering, who));
    let directory = config.data.join(VIEWS_DIRECTORY);
    disk::private_directory(&directory)
        .map_err(|source| StartError::Views { path: directory.clone(), source })?;
    let views = Views::start(Arc::clone(&log), &directory, names).map_err(StartError::Threads)?;
    let shards = Shards::start(&log, Some(&views), options).map_err(StartError::Threads)?;
    Ok((Parts { log, people, files, shards, views }, key, new_key))
}

/// Opens the log of a data directory, for a server or for a command on its data. Blocks.
///
/// # Errors
///
/// [`StartError::Log`], and [`StartError::CutShort`] where a restore is not done.
pub fn open_log(config: &Config) -> Result<Arc<dyn EventLog>, StartError> {
    if archive::is_cut_short(&config.data) {
        return Err(StartError::CutShort { path: config.data.clone() });
    }
    open_log_to_restore(config)
}

/// As [`open_log`], for a restore, which may go on where an earlier one was cut short. Blocks.
///
/// # Errors
///
/// [`StartError::Log`].
pub fn open_log_to_restore(config: &Config) -> Result<Arc<dyn EventLog>, StartError> {
    let ends = |error: &LogError| -> () { fatal::end(error) };
    match config.log {
        LogEngine::Sled => sled::open(&config.data, SledOptions::default(), Box::new(ends))
            .map_err(StartError::Log),
    }
}

/// The key from its file, from the configuration, or kept from the first start; and the key once
/// more where this is the first start.
fn operator_key(config: &Config) -> Result<(OperatorKey, Option<OperatorKey>), StartError> {
    if let Some(path) = &config.operator_key_file {
        let text = std::fs::read_to_string(path)
            .map_err(|source| StartError::KeyFile { path: path.clone(), source })?;
        return Ok((parse(&text, path)?, None));
    }
    if let Some(key) = &config.operator_key {
        return Ok((key.clone(), None));
    }
    let (text, is_new) = keep_secret(&config.data, OPERATOR_KEY_FILE).map_err(StartError::Vault)?;
    let key = parse(&text, &config.data.join(OPERATOR_KEY_FILE))?;
    Ok((key.clone(), is_new.then_some(key)))
}

fn parse(text: &str, path: &Path) -> Result<OperatorKey, StartError> {
    text.parse().map_err(|source| StartError::Key { path: path.to_owned(), source })
}
