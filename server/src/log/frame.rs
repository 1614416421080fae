//! How an event lies in the store: its key, its parts, and their way back.
//!
//! Key: gathering (16 bytes), seq (u64, big endian), part (u16, big endian). Value: parts of this
//! event that follow (u16), events of the same append that follow (u16), then the part's bytes.
//! The two counts make a hole visible that a checksum can't see: a part or an event that is gone.
//!
//! [`Reader`] takes keys and values in order and gives verified events; it trusts nothing.

use oogst_protocol::event::Event;
use oogst_protocol::ids::{GatheringId, Seq};
use uuid::Uuid;

use super::{Fault, LogError};

/// Most bytes of one part. The store rewrites a leaf of up to 17 values as one item, and puts an
/// item over 128 KiB in a file of its own that it never syncs; 17 parts stay far below that.
pub(super) const PART_BYTES_MAX: usize = 4 << 10;

const KEY_BYTES: usize = 16 + 8 + 2;
const COUNTS_BYTES: usize = 2 + 2;

/// The key of one part.
pub(super) fn key(gathering: GatheringId, seq: Seq, part: u16) -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    key[..16].copy_from_slice(gathering.uuid().as_bytes());
    key[16..24].copy_from_slice(&seq.0.to_be_bytes());
    key[24..].copy_from_slice(&part.to_be_bytes());
    key
}

/// The gathering, seq and part of a key; `None` where it is of no known form.
pub(super) fn place(key: &[u8]) -> Option<(GatheringId, Seq, u16)> {
    let key: &[u8; KEY_BYTES] = key.try_into().ok()?;
    let (gathering, rest) = key.split_first_chunk::<16>()?;
    let (seq, part) = rest.split_first_chunk::<8>()?;
    let part = part.try_into().ok()?;
    Some((
        GatheringId::new(Uuid::from_bytes(*gathering)),
        Seq(u64::from_be_bytes(*seq)),
        u16::from_be_bytes(part),
    ))
}

/// An event's parts in order. `events_after`: how many of the same append follow it.
pub(super) fn parts(record: &[u8], events_after: u16) -> Vec<Vec<u8>> {
    let chunks = record.chunks(PART_BYTES_MAX);
    let count = chunks.len();
    chunks
        .enumerate()
        .map(|(index, chunk)| {
            let parts_after = u16::try_from(count - 1 - index)
                .expect("the largest event takes 4,096 parts of 4 KiB");
            let mut value = Vec::with_capacity(COUNTS_BYTES + chunk.len());
            value.extend_from_slice(&parts_after.to_be_bytes());
            value.extend_from_slice(&events_after.to_be_bytes());
            value.extend_from_slice(chunk);
            value
        })
        .collect()
}

/// Puts events together again, in order, verifying each.
pub(super) struct Reader {
    gathering: GatheringId,
    next: Seq,
    /// Parts of `next` that were taken, and their bytes.
    part: u16,
    record: Vec<u8>,
    /// How many events of the newest event's append must still come; unknown at the start.
    owed: Option<u16>,
}

impl Reader {
    /// Reads a gathering from the event after `after`.
    pub(super) const fn new(gathering: GatheringId, after: Seq) -> Self {
        let owed = if after.0 == 0 { Some(0) } else { None };
        Self { gathering, next: after.next(), part: 0, record: Vec::new(), owed }
    }

    /// Takes the next key and value; gives the event that they complete.
    pub(super) fn take(&mut self, key: &[u8], value: &[u8]) -> Result<Option<Event>, LogError> {
        let (gathering, seq, part) = place(key).ok_or_else(|| self.corrupt(Fault::Key))?;
        if (gathering, seq, part) != (self.gathering, self.next, self.part) {
            return Err(self.corrupt(Fault::Gap));
        }
        let Some((counts, bytes)) = value.split_first_chunk::<COUNTS_BYTES>() else {
            return Err(self.corrupt(Fault::Gap));
        };
        let parts_after = u16::from_be_bytes([counts[0], counts[1]]);
        let events_after = u16::from_be_bytes([counts[2], counts[3]]);
        self.record.extend_from_slice(bytes);
        if parts_after > 0 {
            self.part += 1;
            return Ok(None);
        }
        if let Some(missing) = self.broken_promise(events_after) {
            return Err(self.corrupt(Fault::Torn { missing }));
        }
        let event = Event::decode(&self.record).map_err(|e| self.corrupt(Fault::Record(e)))?;
        if (event.gathering, event.seq) != (gathering, seq) {
            let fault = Fault::Misplaced { gathering: event.gathering, found: event.seq };
            return Err(self.corrupt(fault));
        }
        (self.next, self.part, self.owed) = (seq.next(), 0, Some(events_after));
        self.record.clear();
        Ok(Some(event))
    }

    /// Says whether everything up to `until` was taken; nothing may be owed at the stream's end.
    pub(super) fn finish(self, until: Seq, is_end: bool) -> Result<(), LogError> {
        if self.next != until.next() || self.part > 0 {
            return Err(self.corrupt(Fault::Gap));
        }
        match self.owed {
            Some(missing @ 1..) if is_end => Err(self.corrupt(Fault::Torn { missing })),
            Some(_) | None => Ok(()),
        }
    }

    /// How many events the last append still owes, where this one is not the next of them.
    fn broken_promise(&self, events_after: u16) -> Option<u16> {
        self.owed.filter(|owed| *owed > 0 && events_after.checked_add(1) != Some(*owed))
    }

    fn corrupt(&self, fault: Fault) -> LogError {
        LogError::Corrupt { gathering: self.gathering, seq: self.next, fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oogst_protocol::event::{Act, By, Entry, Role};
    use oogst_protocol::time::Timestamp;

    const GATHERING: GatheringId = GatheringId::new(Uuid::from_u128(7));

    fn event(seq: u64, title_bytes: usize) -> Event {
        let entry = Entry {
            at: Timestamp::from_milliseconds(1),
            by: By { participant: None, role: Role::Operator },
            act: Act::GatheringRetitled { title: "x".repeat(title_bytes) },
        };
        Event { gathering: GATHERING, seq: Seq(seq), entry }
    }

    /// Two appends: one event of three parts; then two events, of one and of two parts.
    fn stored() -> Vec<([u8; KEY_BYTES], Vec<u8>)> {
        [(1, 10_000, 0), (2, 10, 1), (3, 5_000, 0)]
            .into_iter()
            .flat_map(|(seq, bytes, after)| {
                let parts = parts(&event(seq, bytes).encode(), after);
                (0..).zip(parts).map(move |(part, value)| (key(GATHERING, Seq(seq), part), value))
            })
            .collect()
    }

    fn read(stored: &[([u8; KEY_BYTES], Vec<u8>)], until: u64) -> Result<Vec<Event>, LogError> {
        let mut reader = Reader::new(GATHERING, Seq::ZERO);
        let mut events = Vec::new();
        for (key, value) in stored {
            events.extend(reader.take(key, value)?);
        }
        reader.finish(Seq(until), true).map(|()| events)
    }

    #[test]
    fn events_come_back_from_their_parts() {
        let events = read(&stored(), 3).unwrap();
        assert_eq!(events, [event(1, 10_000), event(2, 10), event(3, 5_000)]);
        assert_eq!(stored().len(), 6);
    }

    #[test]
    fn whatever_is_missing_is_noticed() {
        for missing in 0..stored().len() {
            let mut stored = stored();
            stored.remove(missing);
            assert!(read(&stored, 3).is_err(), "without part {missing}");
        }
        for length in 0..stored().len() {
            let whole = read(&stored()[..length], 3).is_ok();
            assert!(!whole, "only {length} parts");
        }
        // Half an append is refused even where nobody knows of the other half.
        let half = read(&stored()[..4], 2);
        assert!(matches!(half, Err(LogError::Corrupt { fault: Fault::Torn { missing: 1 }, .. })));
        assert!(read(&stored()[..3], 1).is_ok());
    }

    #[test]
    fn a_record_under_a_wrong_key_is_noticed() {
        let mut stored = stored();
        stored[3].1 = parts(&event(9, 10).encode(), 1).remove(0);
        let fault = read(&stored, 3).unwrap_err();
        assert!(matches!(
            fault,
            LogError::Corrupt { seq: Seq(2), fault: Fault::Misplaced { found: Seq(9), .. }, .. }
        ));
    }
}
