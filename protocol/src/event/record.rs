//! An event's record in the log: a header with version and checksum, then one CBOR item.
//!
//! Invariant: [`Event::decode`] gives back what [`Event::encode`] was given, or says what is
//! wrong with the bytes; it guesses nothing. The layout is described in the parent module.

use super::Event;
use crate::limits::EVENT_BYTES_MAX;

/// The version that this build writes, and the newest that it reads.
pub const VERSION: u8 = 1;

const MAGIC: u8 = b'O';
const HEADER_BYTES: usize = 8;

/// Why bytes are no event. In the log it means corruption, or a newer server's data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The record is cut short.
    #[error("an event's record of {found_bytes} bytes is cut short")]
    Truncated {
        /// Its length.
        found_bytes: usize,
    },
    /// The record is larger than any event may be.
    #[error("an event's record of {found_bytes} bytes is over the limit of {limit_bytes}")]
    TooLarge {
        /// Its length.
        found_bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// The first bytes are not those of an event.
    #[error("this is not an event's record")]
    NotAnEvent,
    /// A newer server wrote it.
    #[error("the event is of version {found}, this server reads up to {newest}")]
    Newer {
        /// The record's version.
        found: u8,
        /// The newest version that this build reads.
        newest: u8,
    },
    /// The checksum does not match.
    #[error("the event's checksum does not match its bytes")]
    Checksum,
    /// The bytes are intact but do not hold an event.
    #[error("the event's record does not hold an event")]
    Malformed(#[source] minicbor::decode::Error),
}

impl Event {
    /// Encodes the event in the newest version.
    ///
    /// # Panics
    ///
    /// Never: writing to memory has no error.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut record = vec![MAGIC, VERSION, 0, 0, 0, 0, 0, 0];
        minicbor::encode(self, &mut record).expect("a Vec takes all bytes");
        let checksum = checksum(&record);
        record[4..HEADER_BYTES].copy_from_slice(&checksum.to_le_bytes());
        record
    }

    /// Decodes a record of any version up to [`VERSION`].
    ///
    /// # Errors
    ///
    /// [`EventError`] says what is wrong with the record; nothing is guessed.
    pub fn decode(record: &[u8]) -> Result<Self, EventError> {
        if record.len() > EVENT_BYTES_MAX {
            return Err(EventError::TooLarge {
                found_bytes: record.len(),
                limit_bytes: EVENT_BYTES_MAX,
            });
        }
        let Some((header, body)) = record.split_at_checked(HEADER_BYTES) else {
            return Err(EventError::Truncated { found_bytes: record.len() });
        };
        if header[0] != MAGIC {
            return Err(EventError::NotAnEvent);
        }
        if header[4..] != checksum(record).to_le_bytes() {
            return Err(EventError::Checksum);
        }
        match header[1] {
            VERSION => {
                let mut decoder = minicbor::Decoder::new(body);
                let event = decoder.decode().map_err(EventError::Malformed)?;
                if decoder.position() == body.len() {
                    Ok(event)
                } else {
                    let trailing = minicbor::decode::Error::message("bytes after the event");
                    Err(EventError::Malformed(trailing))
                }
            }
            found if found > VERSION => Err(EventError::Newer { found, newest: VERSION }),
            _ => Err(EventError::NotAnEvent),
        }
    }
}

/// The CRC-32C of everything but the checksum's own four bytes.
fn checksum(record: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&record[..4]), &record[HEADER_BYTES..])
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::contribution::{Contribution, Kind};
    use crate::event::{Act, By, ChangeBytes, Entry, Role};
    use crate::ids::ItemId;
    use crate::ids::{ChangeHash, DocumentId, GatheringId, ParticipantId, Seq};
    use crate::time::Timestamp;

    fn event() -> Event {
        let uuid = uuid::Uuid::from_u128(0x7f3a_5c1e_9b2d_4c8f_a1e0_5d6b_7c8d_9e0f);
        Event {
            gathering: GatheringId::new(uuid),
            seq: Seq(42),
            entry: Entry {
                at: Timestamp::from_milliseconds(1_795_256_103_120),
                by: By { participant: Some(ParticipantId::new(uuid)), role: Role::Participant },
                act: Act::Changed {
                    document: DocumentId::new(uuid),
                    changes: vec![ChangeBytes(Bytes::from_static(b"change"))],
                    contributions: vec![Contribution {
                        kind: Kind::InsightAdded,
                        item: Some(ItemId::new(uuid)),
                    }],
                    heads: vec![ChangeHash([7; 32])],
                },
            },
        }
    }

    #[test]
    fn an_event_reads_back_as_it_was_written() {
        assert_eq!(Event::decode(&event().encode()).unwrap(), event());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let record = event().encode();
        for bit in 0..record.len() * 8 {
            let mut broken = record.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            assert!(Event::decode(&broken).is_err(), "bit {bit}");
        }
        for length in 0..record.len() {
            assert!(Event::decode(&record[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn a_record_of_a_newer_server_is_refused_by_its_version() {
        let mut record = event().encode();
        record[1] = VERSION + 1;
        let checksum = checksum(&record);
        record[4..8].copy_from_slice(&checksum.to_le_bytes());
        assert!(matches!(Event::decode(&record), Err(EventError::Newer { found: 2, newest: 1 })));
    }
}
