//! Keyframes on disk: `<directory>/<document>.<events>.keyframe`, one directory a gathering.
//!
//! A cache, bounded in space. Once a gathering's keyframes take more than [`BYTES_MAX`], every
//! second one of each document is dropped and from then on only every second is made: seeks get
//! slower, not wrong. What can't be read is as good as absent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use oogst_core::view::{Keyframe, Keyframes};
use oogst_protocol::ids::DocumentId;

use crate::disk;

/// A document's keyframes are so many of its events apart, or a power of two times as many. What
/// a seek reads again is at most what so many events touched; what an edit pays for the next
/// keyframe is one in so many parts of the document.
const EVERY_EVENTS: u64 = 256;

/// Most bytes of a gathering's keyframes: about four days of 200,000 events.
const BYTES_MAX: u64 = 256 << 20;

/// The keyframes of one gathering.
#[derive(Debug)]
pub(super) struct KeyframeStore {
    directory: PathBuf,
    /// What there is, by document and how many of its events came before; with its bytes.
    known: BTreeMap<(DocumentId, u64), u64>,
    bytes: u64,
    bytes_max: u64,
    every_events: u64,
}

impl KeyframeStore {
    /// Those that are there.
    pub(super) fn open(directory: PathBuf) -> Self {
        Self::bounded(directory, BYTES_MAX, EVERY_EVENTS)
    }

    /// Those that are there, within these bounds.
    pub(super) fn bounded(directory: PathBuf, bytes_max: u64, every_events: u64) -> Self {
        let entries = fs::read_dir(&directory).into_iter().flatten().flatten();
        let found = entries.filter_map(|entry| {
            let name = entry.file_name();
            let (document, rest) = name.to_str()?.split_once('.')?;
            let (events, ending) = rest.split_once('.')?;
            let place: (DocumentId, u64) = (document.parse().ok()?, events.parse().ok()?);
            (ending == "keyframe").then_some((place, entry.metadata().ok()?.len()))
        });
        let known: BTreeMap<_, _> = found.collect();
        // The finest step that is kept is the one that was found to fit.
        let finest = known.keys().map(|(_, events)| events.trailing_zeros()).min();
        let finest = finest.filter(|_| known.len() > 1).unwrap_or_default();
        let every_events = every_events.max(1 << finest.min(u64::BITS - 1));
        let bytes = known.values().sum();
        Self { directory, known, bytes, bytes_max, every_events }
    }

    /// Whether there is one of a document.
    pub(super) fn has(&self, document: DocumentId) -> bool {
        self.known.range((document, 0)..=(document, u64::MAX)).next().is_some()
    }

    fn path(&self, (document, events): (DocumentId, u64)) -> PathBuf {
        self.directory.join(format!("{document}.{events}.keyframe"))
    }

    fn read(path: &Path) -> Option<Keyframe> {
        Keyframe::decode(&fs::read(path).ok()?)
    }

    /// Drops every second keyframe until they fit.
    fn thin(&mut self) {
        while self.bytes > self.bytes_max && self.every_events < 1 << 62 {
            self.every_events *= 2;
            let every = self.every_events;
            let dropped = self.known.keys().filter(|(_, events)| !events.is_multiple_of(every));
            for place in dropped.copied().collect::<Vec<_>>() {
                let path = self.path(place);
                if let Err(error) = disk::remove(&path) {
                    tracing::warn!(?path, %error, "a keyframe could not be deleted");
                }
                self.bytes -= self.known.remove(&place).unwrap_or_default();
            }
        }
    }
}

impl Keyframes for KeyframeStore {
    fn every_events(&self) -> u64 {
        self.every_events
    }

    fn wants(&self, document: DocumentId, events: u64) -> bool {
        !self.known.contains_key(&(document, events))
    }

    fn keep(&mut self, keyframe: &Keyframe) {
        let place = (keyframe.document(), keyframe.events());
        let (path, bytes) = (self.path(place), keyframe.encode());
        let written =
            disk::create_directory(&self.directory).and_then(|()| disk::write_cache(&path, &bytes));
        match written {
            Ok(()) => {
                self.bytes += bytes.len() as u64;
                self.known.insert(place, bytes.len() as u64);
                self.thin();
            }
            Err(error) => {
                tracing::warn!(?path, %error, "a keyframe could not be written");
            }
        }
    }

    fn nearest(&self, document: DocumentId, events: u64) -> Option<Keyframe> {
        let before = self.known.range((document, 0)..=(document, events)).rev();
        before.map(|(place, _)| self.path(*place)).find_map(|path| Self::read(&path))
    }
}
