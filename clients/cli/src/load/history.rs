//! Everything that was ever changed in one document, once for all who take part in this process.
//!
//! A generator that kept a document for each of five hundred participants would measure itself. A
//! change is decoded once; whoever gets the same bytes again finds it by them.

use std::collections::HashMap;
use std::rc::Rc;

use automerge::{Change, ChangeHash};
use tokio::time::Instant;

use super::LoadError;

/// Where a change stands in its document's [`History`].
pub(super) type Place = u32;

/// Most changes of one document: they take about half a kilobyte each.
pub(super) const CHANGES_MAX: usize = 4_000_000;

/// One change of a document.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) bytes: Rc<[u8]>,
    /// What it builds on.
    pub(super) deps: Box<[Place]>,
    /// The highest number of an operation in it.
    pub(super) max_op: u64,
    /// When a participant of this process made it; `None` for what was there.
    pub(super) moment: Option<Instant>,
}

/// The changes of one document.
#[derive(Debug, Default)]
pub(super) struct History {
    /// `None` where a change was named, and nobody has brought it yet.
    made: Vec<Option<Made>>,
    /// The hash of each, by its place.
    names: Vec<ChangeHash>,
    by_hash: HashMap<ChangeHash, Place>,
    by_bytes: HashMap<Rc<[u8]>, Place>,
}

impl History {
    /// The hash of a change that was made or named.
    pub(super) fn hash(&self, place: Place) -> ChangeHash {
        self.names[index(place)]
    }

    /// How many changes were made or named.
    pub(super) fn len(&self) -> usize {
        self.made.len()
    }

    /// The hashes of all of them.
    pub(super) fn all(&self) -> impl Iterator<Item = ChangeHash> + '_ {
        self.names.iter().copied()
    }

    /// A change that somebody has brought.
    pub(super) fn get(&self, place: Place) -> Option<&Made> {
        self.made.get(index(place))?.as_ref()
    }

    /// The hashes of some changes, ascending, as messages name them.
    pub(super) fn hashes(&self, places: &[Place]) -> Vec<ChangeHash> {
        let mut hashes: Vec<_> = places.iter().map(|place| self.names[index(*place)]).collect();
        hashes.sort_unstable();
        hashes
    }

    /// Where the change stands that was named, now or before.
    ///
    /// # Errors
    ///
    /// [`LoadError::TooManyChanges`].
    pub(super) fn place_of(&mut self, hash: ChangeHash) -> Result<Place, LoadError> {
        if let Some(place) = self.by_hash.get(&hash) {
            return Ok(*place);
        }
        if self.made.len() >= CHANGES_MAX {
            return Err(LoadError::TooManyChanges);
        }
        let place = Place::try_from(self.made.len()).map_err(|_| LoadError::TooManyChanges)?;
        self.made.push(None);
        self.names.push(hash);
        self.by_hash.insert(hash, place);
        Ok(place)
    }

    /// Takes in a change as it came.
    ///
    /// # Errors
    ///
    /// [`LoadError::Content`] where the bytes are no change: the server's fault.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Place, LoadError> {
        if let Some(place) = self.by_bytes.get(bytes) {
            return Ok(*place);
        }
        let change = Change::from_bytes(bytes.to_vec());
        let change = change.map_err(|error| LoadError::Content(error.to_string()))?;
        self.add(&change, bytes, None)
    }

    /// Notes a change that was made here. Its bytes are as they are: automerge would compress those
    /// over 256, which took a fifth of the generator where eight write without rest.
    ///
    /// # Errors
    ///
    /// [`LoadError::TooManyChanges`].
    pub(super) fn make(&mut self, change: &Change, at: Instant) -> Result<Place, LoadError> {
        self.add(change, change.raw_bytes(), Some(at))
    }

    fn add(
        &mut self,
        change: &Change,
        bytes: &[u8],
        moment: Option<Instant>,
    ) -> Result<Place, LoadError> {
        let place = self.place_of(change.hash())?;
        let deps: Result<Box<[Place]>, LoadError> =
            change.deps().iter().map(|dep| self.place_of(*dep)).collect();
        let bytes: Rc<[u8]> = bytes.into();
        // The same change in other bytes (compressed, say) is the same change.
        self.by_bytes.insert(Rc::clone(&bytes), place);
        let deps = deps?;
        let slot = &mut self.made[index(place)];
        if slot.is_none() {
            *slot = Some(Made { bytes, deps, max_op: change.max_op(), moment });
        }
        Ok(place)
    }
}

pub(super) fn index(place: Place) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// A set of changes of one document.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    words: Vec<u64>,
    count: usize,
}

impl Places {
    pub(super) fn contains(&self, place: Place) -> bool {
        let word = self.words.get(index(place) / 64).copied().unwrap_or_default();
        word & (1 << (place % 64)) != 0
    }

    /// Gives whether it was not in it yet.
    pub(super) fn insert(&mut self, place: Place) -> bool {
        let word = index(place) / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        let bit = 1 << (place % 64);
        let is_new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        self.count += usize::from(is_new);
        is_new
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }
}
