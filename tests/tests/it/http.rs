//! One day over HTTP: open, join, come back, move, look, harvest, wall, feed, past, export.

mod day;
mod words;
