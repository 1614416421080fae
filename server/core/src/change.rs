//! Bytes to a bounded, decoded change.
//!
//! Invariant: a [`Change`] that comes out of [`decode`] is one that automerge decodes to the same
//! operations, and that automerge would encode to exactly these bytes again. The second half
//! matters as much as the first: automerge rebuilds its changes when it loads a saved document, so
//! a change in any other spelling (split runs, unused actors, unsorted dependencies) would come
//! back under another hash, and the document would never load again.
//!
//! The chunk is read here, not by automerge: its decoder believes run counts (a change of 104
//! bytes is a million operations) and inflates without end. Time and memory here are bounded by
//! the bytes that came and by [`CHANGE_OPERATIONS_MAX`].
//!
//! Not here: what an operation may touch (`shape`), whether references exist (`accept`).

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use oogst_protocol::ids::ChangeHash;
use oogst_protocol::limits::{
    ACTOR_BYTES_MAX, AUTHOR_BYTES_MAX, CHANGE_MESSAGE_BYTES_MAX, CHANGE_OPERATIONS_MAX, HASHES_MAX,
    OPERATION_COUNTER_MAX,
};

mod chunk;
mod columns;
mod cursor;
mod runs;

pub use chunk::Opened;
use cursor::Cursor;

/// The first bytes of a derived actor; a level in LEB128 follows, then the actor itself.
const DERIVED: [u8; 4] = [0x13, 0xb2, 0x23, 0x09];
/// The footer that holds an author, in the bytes after the columns.
const FOOTER_AUTHOR: u64 = 1;

/// A change's time is its author's claim, and shown nowhere; but automerge keeps times as their
/// differences in 64 bits. What JavaScript can count to leaves room, in milliseconds too.
const TIMESTAMP_MAX: u64 = 1 << 53;

/// Why a chunk was refused. Always the peer's fault: its socket closes with 1008, or with 1009
/// where [`ChangeFault::is_size`] says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeFault {
    /// More of something than a change may hold.
    #[error("a change holds at most {most} {what}")]
    TooMuch {
        /// What, with its unit.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// Only change chunks (types 1 and 2) are taken from clients.
    #[error("chunk type {found} is not a change (1) or a compressed change (2)")]
    NotAChange {
        /// The type that came.
        found: u8,
    },
    /// The bytes are not a change as automerge writes one.
    #[error("{what} of the change are not as automerge writes them")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// The header names other content than came.
    #[error("the checksum does not fit the change")]
    Checksum,
    /// Something that no document here holds.
    #[error("a document here holds maps, texts and plain values, no {what}")]
    Unsupported {
        /// What it was.
        what: &'static str,
    },
}

impl ChangeFault {
    /// Whether it was too large (1009) rather than wrong (1008).
    #[must_use]
    pub const fn is_size(&self) -> bool {
        matches!(self, Self::TooMuch { .. })
    }
}

const fn malformed(what: &'static str) -> ChangeFault {
    ChangeFault::Malformed { what }
}

/// Who wrote a change, in automerge's sense: one client in one run. 1 to 64 bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(Arc<[u8]>);

impl Actor {
    /// Wraps an actor's bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whose actor this is derived from: automerge writes an edit at an earlier state under a
    /// name made of the client's own, for anybody to compute.
    #[must_use]
    pub fn base(&self) -> Option<Self> {
        let level = self.0.strip_prefix(&DERIVED)?;
        let end = level.iter().position(|byte| byte & 0x80 == 0)?;
        Some(Self::new(&level[end + 1..]))
    }
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An operation's name inside one change: the actor by its place in [`Change::actors`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId {
    /// The operation's counter, 1 or more.
    pub counter: u64,
    /// Index into [`Change::actors`]: 0 is the change's own actor.
    pub actor: u32,
}

/// Where in its object an operation acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A key of a map.
    Word(Arc<str>),
    /// The beginning of a text.
    Head,
    /// An element of a text.
    Element(OperationId),
}

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number written without sign.
    Unsigned(u64),
    /// A whole number.
    Signed(i64),
    /// A number.
    Float(f64),
    /// A string.
    Text(Box<str>),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// Milliseconds since 1970.
    Timestamp(i64),
}

/// What an operation does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Makes a map. The new object's id is the operation's own.
    MakeMap,
    /// Makes a text.
    MakeText,
    /// Writes a value, or inserts a piece of text.
    Put(Scalar),
    /// Deletes what its predecessors wrote.
    Delete,
}

/// One operation. Its counter is the change's `start_op` plus its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The object that it acts in; `None` is the root.
    pub object: Option<OperationId>,
    /// Where in the object.
    pub key: Key,
    /// Whether it makes a new element of a text.
    pub insert: bool,
    /// What it does.
    pub action: Action,
    predecessors: Range<u32>,
}

/// One decoded change. See the module's invariant.
#[derive(Clone, Debug)]
pub struct Change {
    /// The SHA-256 that names it.
    pub hash: ChangeHash,
    /// Who wrote it.
    pub actor: Actor,
    /// Its place among its actor's changes, from 1.
    pub seq: u64,
    /// The counter of its first operation, from 1.
    pub start_op: u64,
    /// The changes that it builds on, strictly ascending.
    pub deps: Vec<ChangeHash>,
    /// What the client claims about its author: the footer's bytes.
    pub author: Option<Box<[u8]>>,
    /// What it does, in order.
    pub operations: Vec<Operation>,
    /// The actors that its operations name: its own, then the others ascending.
    pub actors: Vec<Actor>,
    /// The chunk as it came.
    pub bytes: Bytes,
    /// How many bytes its body has, inflated.
    pub body_bytes: usize,
    predecessors: Vec<OperationId>,
}

impl Change {
    /// The counter of its last operation; `start_op - 1` where it has none.
    #[must_use]
    pub fn max_op(&self) -> u64 {
        self.start_op + self.operations.len() as u64 - 1
    }

    /// A change without operations, for tests of what only looks at the graph.
    #[cfg(test)]
    pub(crate) fn bare(
        hash: ChangeHash,
        actor: Actor,
        deps: Vec<ChangeHash>,
        bytes: Bytes,
    ) -> Self {
        let (operations, predecessors) = (Vec::new(), Vec::new());
        let (actors, author) = (vec![actor.clone()], None);
        let (seq, start_op, body_bytes) = (1, 1, bytes.len());
        Self {
            hash,
            actor,
            seq,
            start_op,
            deps,
            author,
            operations,
            actors,
            bytes,
            body_bytes,
            predecessors,
        }
    }

    /// How much it holds: operations, and values that these overwrite or delete.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.operations.len() + self.predecessors.len()
    }

    /// What an operation of this change overwrites or deletes, strictly ascending.
    #[must_use]
    pub fn predecessors(&self, operation: &Operation) -> &[OperationId] {
        let Range { start, end } = operation.predecessors;
        &self.predecessors[start as usize..end as usize]
    }
}

/// Decodes one change chunk, under the bounds of [`oogst_protocol::limits`].
///
/// # Errors
///
/// [`ChangeFault`]: the peer's fault. Costs at most the time to read the bytes that came.
pub fn decode(chunk: &Bytes) -> Result<Change, ChangeFault> {
    Opened::new(chunk)?.decode()
}

fn decode_body(body: &[u8], hash: ChangeHash, chunk: &Bytes) -> Result<Change, ChangeFault> {
    let mut input = Cursor::new(body, "the fields");
    let deps = decode_deps(&mut input)?;
    let own = decode_actor(&mut input)?;
    let seq = input.unsigned()?;
    let start_op = input.unsigned()?;
    if seq == 0 || start_op == 0 || seq > OPERATION_COUNTER_MAX {
        return Err(malformed("seq and start_op"));
    }
    let timestamp = input.signed()?;
    if timestamp.unsigned_abs() > TIMESTAMP_MAX {
        return Err(malformed("the timestamp"));
    }
    let message = input.length()?;
    if message > CHANGE_MESSAGE_BYTES_MAX {
        let most = CHANGE_MESSAGE_BYTES_MAX;
        return Err(ChangeFault::TooMuch { what: "bytes of message", most });
    }
    std::str::from_utf8(input.take(message)?).map_err(|_| malformed("the message"))?;
    let actors = decode_actors(&mut input, own)?;
    let columns = columns::Columns::parse(&mut input)?;
    let author = decode_footer(input.rest())?;
    let rows = columns.rows()?;
    let last = start_op.checked_add(rows as u64).filter(|end| *end <= OPERATION_COUNTER_MAX);
    if last.is_none() {
        let most = usize::try_from(OPERATION_COUNTER_MAX).unwrap_or(usize::MAX);
        return Err(ChangeFault::TooMuch { what: "as operation counter", most });
    }
    let (operations, predecessors) = columns.operations(rows, &actors)?;
    let actor = actors[0].clone();
    // A copy: a slice would keep the whole frame that it came in for as long as the document.
    let bytes = Bytes::copy_from_slice(chunk);
    let body_bytes = body.len();
    Ok(Change {
        hash,
        actor,
        seq,
        start_op,
        deps,
        author,
        operations,
        actors,
        bytes,
        body_bytes,
        predecessors,
    })
}

fn decode_deps(input: &mut Cursor<'_>) -> Result<Vec<ChangeHash>, ChangeFault> {
    let count = input.length()?;
    if count > HASHES_MAX {
        return Err(ChangeFault::TooMuch { what: "dependencies", most: HASHES_MAX });
    }
    let mut deps: Vec<ChangeHash> = Vec::new();
    for _ in 0..count {
        let dep = input.take(32)?.try_into().map_err(|_| malformed("the dependencies"))?;
        if deps.last().is_some_and(|last| *last >= ChangeHash(dep)) {
            return Err(malformed("the dependencies"));
        }
        deps.push(ChangeHash(dep));
    }
    Ok(deps)
}

fn decode_actor(input: &mut Cursor<'_>) -> Result<Actor, ChangeFault> {
    let length = input.length()?;
    if length > ACTOR_BYTES_MAX {
        return Err(ChangeFault::TooMuch { what: "bytes of actor id", most: ACTOR_BYTES_MAX });
    }
    if length == 0 {
        return Err(malformed("the actors"));
    }
    Ok(Actor::new(input.take(length)?))
}

/// The actor table: automerge lists each actor that an operation names, sorted, its own first.
fn decode_actors(input: &mut Cursor<'_>, own: Actor) -> Result<Vec<Actor>, ChangeFault> {
    let count = input.length()?;
    if count > CHANGE_OPERATIONS_MAX {
        return Err(ChangeFault::TooMuch { what: "actors", most: CHANGE_OPERATIONS_MAX });
    }
    let mut actors = vec![own];
    for place in 0..count {
        let actor = decode_actor(input)?;
        let ascends = place == 0 || actors.last().is_some_and(|last| *last < actor);
        if !ascends || actor == actors[0] {
            return Err(malformed("the actors"));
        }
        actors.push(actor);
    }
    Ok(actors)
}

fn decode_footer(extra: &[u8]) -> Result<Option<Box<[u8]>>, ChangeFault> {
    if extra.is_empty() {
        return Ok(None);
    }
    let mut footer = Cursor::new(extra, "the footer");
    if footer.unsigned()? != FOOTER_AUTHOR {
        return Err(malformed("the footer"));
    }
    let length = footer.length()?;
    if length > AUTHOR_BYTES_MAX {
        return Err(ChangeFault::TooMuch { what: "bytes of author", most: AUTHOR_BYTES_MAX });
    }
    let author = footer.take(length)?.into();
    footer.finish()?;
    Ok(Some(author))
}
