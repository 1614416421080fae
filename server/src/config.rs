//! Everything an operator may set, and where it is read from.
//!
//! Each option is a flag, an environment variable `OOGST_*` and a key of `oogst.toml`; flags win
//! over the environment, the environment over the file. A key that the file should not have is
//! refused by name. The operator key alone has no flag: a command line is seen by all who may list
//! processes.

use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde::{Deserialize, Deserializer, Serialize};

mod origin;
mod proxies;
mod secret;

pub use origin::{NotAPublicUrl, PublicUrl};
pub use proxies::{NotProxies, TrustedProxies};
pub use secret::{NotAKey, OperatorKey};

/// The file that is read where none is named.
pub const FILE: &str = "oogst.toml";

const OPERATOR_KEY_VARIABLE: &str = "OOGST_OPERATOR_KEY";

/// Everything an operator may set; `oogst.toml`, then `OOGST_*`, then flags, last one wins.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address to listen on. Port 0 asks the system for a free one.
    pub listen: SocketAddr,
    /// The directory of log, vault and views. Made where it is missing.
    pub data: PathBuf,
    /// Which event log.
    pub log: LogEngine,
    /// File with the operator key.
    pub operator_key_file: Option<PathBuf>,
    /// The operator key itself.
    pub operator_key: Option<OperatorKey>,
    /// The address that people's browsers use; from the request where it is not set.
    pub public_url: Option<PublicUrl>,
    /// Proxies in front, whose `X-Forwarded-For` says where a request came from.
    pub trusted_proxies: TrustedProxies,
    /// Messages a socket may send in a second, on average; 0: no limit.
    pub messages_per_second_max: u32,
    /// Sockets and feeds that one network address may hold open; 0: no limit.
    pub connections_per_address_max: u32,
    /// Wrong join codes that one network address may try in a minute; 0: no limit.
    pub failed_joins_per_minute_max: u32,
    /// Files that one gathering may hold; 0: no limit.
    pub files_per_gathering_max: u32,
    /// MiB that the files of one gathering may take together; 0: no limit.
    pub file_mebibytes_per_gathering_max: u32,
    /// Threads that own gatherings; 0: one a core.
    pub shards: u16,
    /// The least important log lines to show.
    pub verbosity: Verbosity,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data: PathBuf::from("oogst-data"),
            log: LogEngine::Sled,
            operator_key_file: None,
            operator_key: None,
            public_url: None,
            trusted_proxies: TrustedProxies::default(),
            messages_per_second_max: 200,
            connections_per_address_max: 1_000,
            failed_joins_per_minute_max: 30,
            files_per_gathering_max: 2_000,
            file_mebibytes_per_gathering_max: 500,
            shards: 0,
            verbosity: Verbosity::Info,
        }
    }
}

/// Which event log holds the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogEngine {
    /// Embedded: in the data directory.
    Sled,
}

/// The least important log lines to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Verbosity {
    /// What needs somebody now.
    Error,
    /// What may need somebody.
    Warn,
    /// What happens to the server as a whole.
    Info,
    /// Each request and each socket.
    Debug,
    /// Each message.
    Trace,
}

/// The flags of `serve`, and the environment's variables of the same name.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub struct Flags {
    #[command(flatten)]
    #[serde(flatten)]
    data: DataFlags,
    /// Address to listen on; port 0 asks the system for a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT", env = "OOGST_LISTEN")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// Event log: sled, embedded in the data directory [default: sled]
    #[arg(long, value_enum, env = "OOGST_LOG", hide_possible_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogEngine>,
    /// File with the operator key, 32 or more printable characters; OOGST_OPERATOR_KEY may hold
    /// the key itself [default: made at the first start and kept in the data directory]
    #[arg(long, value_name = "FILE", env = "OOGST_OPERATOR_KEY_FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_key_file: Option<PathBuf>,
    /// The address that browsers use, as https://oogst.example; needed behind a proxy
    /// [default: what the request names]
    #[arg(long, value_name = "URL", env = "OOGST_PUBLIC_URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<PublicUrl>,
    /// Proxies in front, whose X-Forwarded-For is believed: addresses and networks, as
    /// 127.0.0.1,10.0.0.0/8 [default: none, and nobody's is]
    #[arg(long, value_name = "ADDRESS,..", env = "OOGST_TRUSTED_PROXIES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted_proxies: Option<TrustedProxies>,
    /// Messages that a socket may send in a second, on average; 0: no limit [default: 200]
    #[arg(long, value_name = "MESSAGES", env = "OOGST_MESSAGES_PER_SECOND_MAX")]
    #[serde(skip_serializing_if = "Option::is_none")]
    messages_per_second_max: Option<u32>,
    /// Sockets and feeds that one network address may hold open; 0: no limit [default: 1000]
    #[arg(long, value_name = "CONNECTIONS", env = "OOGST_CONNECTIONS_PER_ADDRESS_MAX")]
    #[serde(skip_serializing_if = "Option::is_none")]
    connections_per_address_max: Option<u32>,
    /// Wrong codes that one network address may try in a minute; right codes are free; 0: no
    /// limit [default: 30]
    #[arg(long, value_name = "JOINS", env = "OOGST_FAILED_JOINS_PER_MINUTE_MAX")]
    #[serde(skip_serializing_if = "Option::is_none")]
    failed_joins_per_minute_max: Option<u32>,
    /// Files (photos) that one gathering may hold; 0: no limit [default: 2000]
    #[arg(long, value_name = "FILES", env = "OOGST_FILES_PER_GATHERING_MAX")]
    #[serde(skip_serializing_if = "Option::is_none")]
    files_per_gathering_max: Option<u32>,
    /// MiB that the files of one gathering may take together; 0: no limit [default: 500]
    #[arg(long, value_name = "MIB", env = "OOGST_FILE_MEBIBYTES_PER_GATHERING_MAX")]
    #[serde(skip_serializing_if = "Option::is_none")]
    file_mebibytes_per_gathering_max: Option<u32>,
    /// Threads that own gatherings; 0: one a core [default: 0]
    #[arg(long, value_name = "THREADS", env = "OOGST_SHARDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    shards: Option<u16>,
    /// Least important log lines to show: error, warn, info, debug or trace [default: info]
    #[arg(long, value_enum, env = "OOGST_VERBOSITY", hide_possible_values = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    verbosity: Option<Verbosity>,
}

/// The flags of every subcommand that works on a data directory.
#[derive(Clone, Debug, Default, Serialize, clap::Args)]
pub struct DataFlags {
    /// Directory of log, vault and views; made where it is missing [default: oogst-data]
    #[arg(long, value_name = "DIR", env = "OOGST_DATA")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<PathBuf>,
    /// File with options, one `key = value` a line, as `listen = "0.0.0.0:8080"`
    /// [default: oogst.toml in the working directory, where there is one]
    #[arg(long, value_name = "FILE", env = "OOGST_CONFIG")]
    #[serde(skip)]
    config: Option<PathBuf>,
}

/// Why there is no configuration. The operator's fault; the process ends with 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("the configuration file {} cannot be read", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A key or a value is wrong; the message names both and where they come from.
    #[error("the configuration is wrong")]
    Wrong(#[source] Box<figment::Error>),
    /// The environment holds a key that is none.
    #[error("{OPERATOR_KEY_VARIABLE} is wrong")]
    Key(#[source] NotAKey),
}

impl Flags {
    /// Joins file, environment and flags to one configuration.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the key, where it stands and what would be right.
    pub fn resolve(&self) -> Result<Config, ConfigError> {
        read(self.data.config.as_deref(), self)
    }
}

impl DataFlags {
    /// The same, for subcommands that need no more than the data directory.
    ///
    /// # Errors
    ///
    /// As [`Flags::resolve`].
    pub fn resolve(&self) -> Result<Config, ConfigError> {
        read(self.config.as_deref(), self)
    }
}

/// Reads an option that has a form of its own.
fn parsed<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
{
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn read(file: Option<&Path>, flags: &impl Serialize) -> Result<Config, ConfigError> {
    let mut figment = Figment::new();
    match file {
        Some(path) if !path.is_file() => {
            return Err(ConfigError::Missing { path: path.to_owned() });
        }
        Some(path) => figment = figment.merge(Toml::file_exact(path)),
        None if Path::new(FILE).is_file() => figment = figment.merge(Toml::file_exact(FILE)),
        None => {}
    }
    let figment = figment.merge(Serialized::defaults(flags));
    let mut config: Config =
        figment.extract().map_err(|error| ConfigError::Wrong(Box::new(error)))?;
    // Not through figment: it would read a key of digits as a number.
    if let Ok(key) = std::env::var(OPERATOR_KEY_VARIABLE) {
        config.operator_key = Some(key.parse().map_err(ConfigError::Key)?);
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, CommandFactory, Parser};

    #[derive(Parser)]
    struct Probe {
        #[command(flatten)]
        flags: Flags,
    }

    fn write(text: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("oogst.toml");
        std::fs::write(&path, text).unwrap();
        (directory, path)
    }

    fn cause(error: ConfigError) -> String {
        std::error::Error::source(&error).unwrap().to_string()
    }

    #[test]
    fn without_a_file_everything_has_its_default() {
        assert!(!Path::new(FILE).exists(), "tests run where there is no {FILE}");
        let config = Probe::parse_from(["x"]).flags.resolve().unwrap();
        assert_eq!(config.connections_per_address_max, 1_000);
        assert_eq!(config.data, PathBuf::from("oogst-data"));
    }

    #[test]
    fn flags_win_over_the_file_and_what_neither_names_keeps_its_default() {
        let (_keep, path) = write("listen = \"0.0.0.0:9000\"\nshards = 3\n");
        let path = path.to_str().unwrap();
        let flags = Probe::parse_from(["x", "--config", path, "--listen", "127.0.0.1:0"]).flags;
        let config = flags.resolve().unwrap();
        assert_eq!(config.listen, "127.0.0.1:0".parse().unwrap());
        assert_eq!(config.shards, 3);
        assert_eq!(config.failed_joins_per_minute_max, 30);
    }

    #[test]
    fn an_unknown_key_of_the_file_is_refused_by_its_name() {
        let (_keep, path) = write("lisen = \"0.0.0.0:9000\"\n");
        let flags = Probe::parse_from(["x", "--config", path.to_str().unwrap()]).flags;
        let refused = cause(flags.resolve().unwrap_err());
        assert!(refused.contains("lisen") && refused.contains("oogst.toml"), "{refused}");
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let flags = Probe::parse_from(["x", "--config", "/nowhere/oogst.toml"]).flags;
        assert!(matches!(flags.resolve(), Err(ConfigError::Missing { .. })));
    }

    #[test]
    fn every_option_is_a_flag_and_a_variable_and_has_words_with_its_default() {
        let command = Flags::augment_args(Probe::command());
        let (_keep, path) = write("nothing_like_this = 1\n");
        let flags = Probe::parse_from(["x", "--config", path.to_str().unwrap()]).flags;
        let keys = cause(flags.resolve().unwrap_err());
        for argument in command.get_arguments().filter(|argument| argument.get_env().is_some()) {
            let key = argument.get_id().as_str();
            let flag = key.replace('_', "-");
            assert_eq!(argument.get_long(), Some(flag.as_str()));
            let variable = format!("OOGST_{}", key.to_uppercase());
            assert_eq!(argument.get_env().unwrap().to_str(), Some(variable.as_str()));
            assert!(argument.get_help().unwrap().to_string().contains("[default: "), "{key}");
            assert!(key == "config" || keys.contains(&format!("`{key}`")), "{key}: {keys}");
        }
    }
}
