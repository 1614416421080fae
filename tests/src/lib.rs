//! The kit of the end-to-end tests: the real server, real clients, and bad luck on demand.
//!
//! [`server`] starts and kills the `oogst-server` program, [`day`] opens a gathering on it and
//! joins people over HTTP ([`http`]). Clients are of three makes: stock automerge-repo in Node
//! and samod ([`stock`]), and one that is written here on automerge's own sync ([`client`]), on a
//! raw socket ([`line`]) that also says what no honest client would ([`hostile`]); [`writers`]
//! keep a ledger of what was acknowledged to them; [`cli`] is the `oogst` program. Between clients
//! and server stands a line that can be cut ([`proxy`]); below the server a disk that can be copied
//! in the middle of a write ([`image`]). Tests wait on conditions, never on the clock ([`wait`]).
//!
//! A kit fails by panicking: what it can't do is the test's failure.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test kit fails by panicking")]

pub mod chance;
pub mod cli;
pub mod client;
pub mod day;
pub mod dialer;
pub mod hostile;
pub mod http;
pub mod image;
pub mod line;
pub mod node;
pub mod photo;
pub mod proxy;
pub mod rust_peer;
pub mod seeds;
pub mod server;
pub mod sim;
pub mod stock;
pub mod wait;
pub mod writers;
