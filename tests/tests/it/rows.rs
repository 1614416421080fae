//! Acceptance rows: each test here is named after the row that it shows.

mod archive;
mod conduct;
mod documents;
mod exports;
mod kick_off;
mod plan;
mod replay;
mod revert;
mod rights;
mod target_group;
mod training;
mod votes;
