//! Automerge's sync messages: read under bounds, and written.
//!
//! Invariant: reading costs at most the bytes that came. Automerge's own decoder believes the
//! counts that a message claims, and its Bloom filter divides by a size that may be nothing; so a
//! message is read here, and a filter reaches automerge only when its numbers fit its bytes.
//!
//! What is written names heads, and so promises them: only `document` calls [`encode`], with
//! durable heads. It never has `flags`: whoever sees some may send whole documents, which
//! automerge cannot load safely. Not here: what to answer when (`document::peer`).

use automerge::sync::BloomFilter;
use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::ChangeHash;
use oogst_protocol::limits::{BLOOM_BYTES_MAX, HASHES_MAX, MESSAGE_CHANGES_MAX};

/// Most summaries (`have`) in one message. Automerge sends one.
pub const SUMMARIES_MAX: usize = 8;

/// Most probes a filter may ask for each hash. Automerge takes 7.
const PROBES_MAX: u64 = 32;

/// First bytes of a message: changes one by one, and changes joined.
const VERSIONS: [u8; 2] = [0x42, 0x43];

/// Longest number that a length takes.
const LEB128_BYTES_MAX: usize = 10;

/// Where a chunk's length stands: after four magic bytes, four of checksum, one of type.
const CHUNK_HEADER_BYTES: usize = 9;

/// Why bytes are no sync message. Always the peer's fault: its socket closes with 1008.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncFault {
    /// The message ends before what it announces.
    #[error("the sync message ends before what it announces")]
    Truncated,
    /// The first byte is not one of a sync message.
    #[error("a sync message begins with 0x42 or 0x43, not with {found:#04x}")]
    WrongType {
        /// The first byte.
        found: u8,
    },
    /// A length is written in more bytes than it can have.
    #[error("a length in the sync message is not LEB128")]
    BadLength,
    /// More of something than a message may hold.
    #[error("a sync message holds at most {most} {what}")]
    TooMany {
        /// What, with its unit.
        what: &'static str,
        /// The bound.
        most: usize,
    },
    /// A Bloom filter's numbers do not fit its bytes.
    #[error("a Bloom filter's numbers do not fit its bytes")]
    BadFilter,
}

/// One sync message from a peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// What the peer's document stands at.
    pub heads: Vec<ChangeHash>,
    /// What it asks for by name.
    pub need: Vec<ChangeHash>,
    /// What it says it has.
    pub have: Vec<Summary>,
    /// Its chunks, not yet decoded. They share the frame's memory.
    pub chunks: Vec<Bytes>,
    /// Whether the peer takes whole documents: whoever sends `flags` of any kind does.
    pub takes_whole: bool,
}

/// What a peer says it has: everything up to `last_sync`, and what its filter holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Where both sides stood when they last agreed, as the peer remembers it.
    pub last_sync: Vec<ChangeHash>,
    /// What the peer has since; `None` where it has nothing, or more than a filter may hold.
    pub filter: Option<BloomFilter>,
    /// Whether it says nothing at all: everything is wanted.
    pub blank: bool,
}

impl Summary {
    /// Whether the peer probably has the change: one in a hundred times it has not.
    #[must_use]
    pub fn holds(&self, hash: &ChangeHash) -> bool {
        let hash = automerge::ChangeHash(hash.0);
        self.filter.as_ref().is_some_and(|filter| filter.contains_hash(&hash))
    }
}

impl Incoming {
    /// Reads a message. Of what follows its changes (`flags`) only counts that it is there.
    ///
    /// # Errors
    ///
    /// [`SyncFault`]: the peer's fault.
    pub fn decode(data: &Bytes) -> Result<Self, SyncFault> {
        let mut input = Input { data, at: 0 };
        let version = input.byte()?;
        if !VERSIONS.contains(&version) {
            return Err(SyncFault::WrongType { found: version });
        }
        let heads = input.hashes("heads")?;
        let need = input.hashes("needs")?;
        let summaries = input.count("summaries", SUMMARIES_MAX)?;
        let have = (0..summaries).map(|_| input.summary()).collect::<Result<_, _>>()?;
        let mut chunks = Vec::new();
        for _ in 0..input.count("changes", MESSAGE_CHANGES_MAX)? {
            let joined = input.prefixed()?;
            split(joined, &mut chunks)?;
        }
        let takes_whole = input.prefixed().is_ok_and(|flags| !flags.is_empty());
        Ok(Self { heads, need, have, chunks, takes_whole })
    }
}

/// Cuts chunks that stand one after the other apart. What is no chunk stays one piece: decoding
/// it says what is wrong.
fn split(mut joined: Bytes, chunks: &mut Vec<Bytes>) -> Result<(), SyncFault> {
    while !joined.is_empty() {
        if chunks.len() == MESSAGE_CHANGES_MAX {
            return Err(SyncFault::TooMany { what: "changes", most: MESSAGE_CHANGES_MAX });
        }
        let mut input = Input { data: &joined, at: CHUNK_HEADER_BYTES };
        let end = match input.length() {
            Ok(body) => input.at.saturating_add(body).min(joined.len()),
            Err(_) => joined.len(),
        };
        chunks.push(joined.split_to(end));
    }
    Ok(())
}

/// Writes a message of ours: everything up to `heads` is here, and `changes` are sent along.
///
/// The one summary says that we stand at `heads`. A peer that has taken in this message and those
/// before it knows them all, so that it can tell what of its own we lack; one that cannot says so
/// with a blank summary, and gets what it lacks by its heads.
///
/// `heads` and `need` are ascending.
#[must_use]
pub fn encode(heads: &[ChangeHash], need: &[ChangeHash], changes: &[&ChangeBytes]) -> Vec<u8> {
    let mut output = begin(VERSIONS[0], heads, need);
    write_chunks(&mut output, changes.iter().map(|change| &change.0));
    output
}

/// As [`encode`], to a peer that has nothing yet and takes whole documents: the document as
/// automerge saves it, and the `changes` since.
#[must_use]
pub fn encode_whole(
    heads: &[ChangeHash],
    need: &[ChangeHash],
    whole: &Bytes,
    changes: &[&ChangeBytes],
) -> Vec<u8> {
    let mut output = begin(VERSIONS[1], heads, need);
    let changes = changes.iter().map(|change| &change.0);
    write_chunks(&mut output, std::iter::once(whole).chain(changes));
    output
}

fn begin(version: u8, heads: &[ChangeHash], need: &[ChangeHash]) -> Vec<u8> {
    let mut output = vec![version];
    write_hashes(&mut output, heads);
    write_hashes(&mut output, need);
    // One summary, with an empty filter.
    output.push(1);
    write_hashes(&mut output, heads);
    output.push(0);
    output
}

fn write_hashes(output: &mut Vec<u8>, hashes: &[ChangeHash]) {
    write_number(output, hashes.len());
    hashes.iter().for_each(|hash| output.extend_from_slice(&hash.0));
}

/// Written here, not by automerge: this is what every edit costs for each sync of the disk, and
/// automerge copies each chunk into memory of its own first.
fn write_chunks<'c>(output: &mut Vec<u8>, chunks: impl Iterator<Item = &'c Bytes> + Clone) {
    let (count, bytes) = chunks.clone().fold((0, 0), |(n, all), one| (n + 1, all + one.len()));
    output.reserve(bytes + LEB128_BYTES_MAX * (count + 1));
    write_number(output, count);
    for chunk in chunks {
        write_number(output, chunk.len());
        output.extend_from_slice(chunk);
    }
}

/// An unsigned LEB128 number.
fn write_number(output: &mut Vec<u8>, number: usize) {
    let mut left = number as u64;
    while left > 0x7f {
        output.push(left.to_le_bytes()[0] | 0x80);
        left >>= 7;
    }
    output.push(left.to_le_bytes()[0]);
}

/// What is left of a message.
struct Input<'m> {
    data: &'m Bytes,
    at: usize,
}

impl Input<'_> {
    fn byte(&mut self) -> Result<u8, SyncFault> {
        let byte = *self.data.get(self.at).ok_or(SyncFault::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    /// An unsigned LEB128 number.
    fn number(&mut self) -> Result<u64, SyncFault> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let low = u64::from(byte & 0x7f);
            if shift == 63 && low > 1 {
                return Err(SyncFault::BadLength);
            }
            number |= low << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(SyncFault::BadLength)
    }

    fn length(&mut self) -> Result<usize, SyncFault> {
        usize::try_from(self.number()?).map_err(|_| SyncFault::Truncated)
    }

    fn count(&mut self, what: &'static str, most: usize) -> Result<usize, SyncFault> {
        let count = self.length()?;
        if count > most { Err(SyncFault::TooMany { what, most }) } else { Ok(count) }
    }

    fn take(&mut self, length: usize) -> Result<Bytes, SyncFault> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.data.len());
        let end = end.ok_or(SyncFault::Truncated)?;
        let taken = self.data.slice(self.at..end);
        self.at = end;
        Ok(taken)
    }

    fn prefixed(&mut self) -> Result<Bytes, SyncFault> {
        let length = self.length()?;
        self.take(length)
    }

    fn hashes(&mut self, what: &'static str) -> Result<Vec<ChangeHash>, SyncFault> {
        let count = self.count(what, HASHES_MAX)?;
        let bytes = self.take(count * 32)?;
        let (hashes, _) = bytes.as_chunks::<32>();
        Ok(hashes.iter().map(|hash| ChangeHash(*hash)).collect())
    }

    fn summary(&mut self) -> Result<Summary, SyncFault> {
        let last_sync = self.hashes("hashes of a last sync")?;
        let filter = self.prefixed()?;
        let blank = last_sync.is_empty() && filter.is_empty();
        Ok(Summary { last_sync, filter: read_filter(&filter)?, blank })
    }
}

/// Reads a filter. One over the limit is passed over: its peer is sent what it may have already.
fn read_filter(bytes: &Bytes) -> Result<Option<BloomFilter>, SyncFault> {
    if bytes.is_empty() || bytes.len() > BLOOM_BYTES_MAX {
        return Ok(None);
    }
    let mut input = Input { data: bytes, at: 0 };
    let (entries, bits, probes) = (input.number()?, input.number()?, input.number()?);
    if entries == 0 {
        return Ok(None);
    }
    let wanted = entries.saturating_mul(bits).div_ceil(8);
    let there = (bytes.len() - input.at) as u64;
    if bits == 0 || probes == 0 || probes > PROBES_MAX || wanted != there {
        return Err(SyncFault::BadFilter);
    }
    BloomFilter::try_from(&bytes[..]).map(Some).map_err(|_| SyncFault::BadFilter)
}

#[cfg(test)]
mod tests {
    use automerge::sync::{self, ChunkList, Have, MessageVersion};

    use super::*;

    fn hash(byte: u8) -> ChangeHash {
        ChangeHash([byte; 32])
    }

    fn message(filter: BloomFilter) -> sync::Message {
        let hashes = |bytes: &[u8]| bytes.iter().map(|b| automerge::ChangeHash([*b; 32])).collect();
        sync::Message {
            heads: hashes(&[1, 2]),
            need: hashes(&[3]),
            have: vec![Have { last_sync: hashes(&[1]), bloom: filter }],
            changes: ChunkList::from(vec![vec![7; 30], vec![8; 4]]),
            flags: Some(sync::MessageFlags::new()),
            version: MessageVersion::V1,
        }
    }

    fn filter_of(bytes: &[u8]) -> BloomFilter {
        let hashes = bytes.iter().map(|byte| automerge::ChangeHash([*byte; 32]));
        BloomFilter::from_hashes(hashes)
    }

    #[test]
    fn a_message_of_automerge_reads_as_automerge_means_it() {
        let data = message(filter_of(&[9])).encode().into();
        let read = Incoming::decode(&data).unwrap();
        assert_eq!((read.heads, read.need), (vec![hash(1), hash(2)], vec![hash(3)]));
        assert!(read.have[0].holds(&hash(9)) && !read.have[0].holds(&hash(10)));
        assert_eq!(read.have[0].last_sync, [hash(1)]);
        assert_eq!(read.chunks.concat(), [vec![7; 30], vec![8; 4]].concat());
        assert!(read.takes_whole, "it has flags");
        let plain = sync::Message { flags: None, ..message(filter_of(&[9])) };
        assert!(!Incoming::decode(&plain.encode().into()).unwrap().takes_whole);
    }

    #[test]
    fn our_messages_are_those_that_automerge_writes_and_have_no_flags() {
        let changes: Vec<_> = [0, 1, 127, 128, 70_000]
            .map(|length| ChangeBytes(Bytes::from(vec![7; length])))
            .to_vec();
        let named = |byte: u8| automerge::ChangeHash([byte; 32]);
        for (count, version) in (0..=changes.len()).flat_map(|n| [(n, 1), (n, 2)]) {
            let changes: Vec<_> = changes[..count].iter().collect();
            let whole = Bytes::from_static(b"whole");
            let (heads, need) = ([hash(1), hash(4)], [hash(2)]);
            let mut chunks: Vec<_> = changes.iter().map(|change| change.0.to_vec()).collect();
            let (ours, version) = if version == 1 {
                (encode(&heads, &need, &changes), MessageVersion::V1)
            } else {
                chunks.insert(0, whole.to_vec());
                (encode_whole(&heads, &need, &whole, &changes), MessageVersion::V2)
            };
            let (heads, need) = (vec![named(1), named(4)], vec![named(2)]);
            let have = vec![Have { last_sync: heads.clone(), bloom: BloomFilter::default() }];
            let changes = ChunkList::from(chunks);
            let theirs = sync::Message { heads, need, have, changes, flags: None, version };
            assert_eq!(ours, theirs.encode());
        }
    }

    #[test]
    fn every_cut_is_noticed_and_no_byte_panics() {
        let data = Bytes::from(message(filter_of(&[9, 10])).encode());
        let whole = data.len() - 3;
        for length in 0..whole {
            assert_eq!(Incoming::decode(&data.slice(..length)), Err(SyncFault::Truncated));
        }
        for place in 0..data.len() {
            for byte in 0..=255 {
                let mut broken = data.to_vec();
                broken[place] = byte;
                if let Ok(read) = Incoming::decode(&broken.into()) {
                    assert!(read.have.iter().filter(|have| have.holds(&hash(0))).count() <= 1);
                }
            }
        }
    }

    #[test]
    fn a_filter_whose_numbers_do_not_fit_its_bytes_never_reaches_automerge() {
        // Entries, bits an entry, probes, bits. The first two would divide by nothing.
        for numbers in [&[5, 0, 7][..], &[1, 1, 7], &[1, 10, 0, 0, 0], &[1, 10, 33, 0, 0]] {
            let bytes = Bytes::copy_from_slice(numbers);
            assert_eq!(read_filter(&bytes), Err(SyncFault::BadFilter), "{numbers:?}");
        }
        assert!(read_filter(&Bytes::from_static(&[1, 10, 7, 0, 0])).unwrap().is_some());
    }

    #[test]
    fn counts_that_the_message_cannot_hold_cost_nothing() {
        let mut claim = vec![0x42, 0xff, 0xff, 0x03];
        let most = HASHES_MAX;
        let found = Incoming::decode(&claim.clone().into());
        assert_eq!(found, Err(SyncFault::TooMany { what: "heads", most }));
        claim[1..].copy_from_slice(&[0x80, 0x10, 0]);
        assert_eq!(Incoming::decode(&claim.into()), Err(SyncFault::Truncated));
    }
}
