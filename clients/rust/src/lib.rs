//! A client of any Oogst server: open a gathering, join it, co-edit its documents, follow it.
//!
//! Edits are local first: [`Document::edit`] changes this side's copy at once, line or no line,
//! and [`Edit::saved`] resolves when the server has named the change in its heads, which it does
//! only for what is on its disk. A broken line is mended by itself, each time with a fresh sync
//! state; what was not yet saved is offered again.
//!
//! ```no_run
//! use automerge::{ROOT, transaction::Transactable};
//! use oogst_client::{ClientError, Server};
//! use oogst_protocol::api::Join;
//!
//! # async fn day() -> Result<(), ClientError> {
//! let server = Server::at("http://127.0.0.1:8080")?;
//! let join = Join { code: "7K3M-9QXB".into(), name: "An".into(), ..Join::default() };
//! let member = server.join(&join).await?;
//! let session = member.connect();
//! let harvest = member.joined().gathering.groups[0].documents[0].id;
//! let harvest = session.find(harvest).await?;
//! let ((), edit) = harvest.edit(|tx| tx.put(ROOT, "title", "What we learnt"))?;
//! edit.saved().await
//! # }
//! ```
//!
//! Way in: [`Server`], then [`Member`] (or [`Access`] for whoever holds a token already), then
//! [`Session`] and [`Document`]; [`Feed`] follows. An `https` server is reached over TLS, and has
//! to be one that this machine trusts. A token goes in a header, never in an address.

mod access;
mod dial;
mod document;
mod error;
mod feed;
mod files;
mod http;
mod line;
mod member;
mod session;
mod votes;

pub use access::Access;
pub use document::{Document, Edit};
pub use error::ClientError;
pub use feed::{Feed, News};
pub use files::Download;
pub use http::Server;
pub use line::Line;
pub use member::Member;
pub use session::Session;
