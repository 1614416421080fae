//! The words that Oogst's clients and its server share.
//!
//! Pure by construction: no IO, no clock, no randomness, no runtime. Whatever both ends must
//! agree on stands here once: [`ids`], [`limits`], the [`event`] and its encoding, the vocabulary
//! of [`contribution`]s, the messages on the [`wire`], the requests and answers of the [`api`],
//! instants in [`time`].

pub mod api;
pub mod contribution;
pub mod event;
pub mod ids;
pub mod limits;
pub mod schema;
pub mod time;
pub mod wire;
