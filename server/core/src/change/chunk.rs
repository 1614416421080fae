//! The chunk around a change: its checksum, its compression, its name.

use std::borrow::Cow;
use std::io::Read;

use bytes::Bytes;
use oogst_protocol::ids::ChangeHash;
use oogst_protocol::limits::CHANGE_BYTES_MAX;
use sha2::{Digest, Sha256};

use super::cursor::Cursor;
use super::{Change, ChangeFault, decode_body, malformed};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_CHANGE: u8 = 1;
const CHUNK_COMPRESSED: u8 = 2;

/// A chunk whose checksum is right and whose name is known. A change that is known already needs
/// no more than that: what it holds may cost a thousand times its bytes to decode.
#[derive(Debug)]
pub struct Opened<'c> {
    hash: ChangeHash,
    body: Cow<'c, [u8]>,
    chunk: &'c Bytes,
}

impl<'c> Opened<'c> {
    /// Opens a chunk.
    ///
    /// # Errors
    ///
    /// [`ChangeFault`]: the peer's fault. Costs the time to read the bytes that came, or at most
    /// [`CHANGE_BYTES_MAX`] where they are deflated.
    pub fn new(chunk: &'c Bytes) -> Result<Self, ChangeFault> {
        let mut outer = Cursor::new(chunk, "the header");
        if outer.take(4)? != MAGIC {
            return Err(malformed("the first bytes"));
        }
        let checksum = outer.take(4)?;
        let kind = outer.byte()?;
        if kind != CHUNK_CHANGE && kind != CHUNK_COMPRESSED {
            return Err(ChangeFault::NotAChange { found: kind });
        }
        let length = outer.length()?;
        if length > CHANGE_BYTES_MAX {
            return Err(too_large());
        }
        let content = outer.take(length)?;
        outer.finish()?;
        let body = if kind == CHUNK_COMPRESSED {
            Cow::Owned(inflate(content)?)
        } else {
            Cow::Borrowed(content)
        };
        let hash = hash(&body);
        if hash.0[..4] != *checksum {
            return Err(ChangeFault::Checksum);
        }
        Ok(Self { hash, body, chunk })
    }

    /// The SHA-256 that names the change.
    #[must_use]
    pub const fn hash(&self) -> ChangeHash {
        self.hash
    }

    /// How many bytes it has, inflated.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.body.len()
    }

    /// Decodes what is in it.
    ///
    /// # Errors
    ///
    /// As [`super::decode`].
    pub fn decode(&self) -> Result<Change, ChangeFault> {
        decode_body(&self.body, self.hash, self.chunk)
    }
}

const fn too_large() -> ChangeFault {
    ChangeFault::TooMuch { what: "bytes", most: CHANGE_BYTES_MAX }
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ChangeFault> {
    let mut decoder = flate2::bufread::DeflateDecoder::new(deflated);
    let mut body = Vec::new();
    let mut bounded = (&mut decoder).take(CHANGE_BYTES_MAX as u64 + 1);
    bounded.read_to_end(&mut body).map_err(|_| malformed("the deflated bytes"))?;
    if body.len() > CHANGE_BYTES_MAX {
        return Err(too_large());
    }
    if decoder.total_in() != deflated.len() as u64 {
        return Err(malformed("the deflated bytes"));
    }
    Ok(body)
}

/// The name of a change: SHA-256 over its type, its length and its body, inflated.
fn hash(body: &[u8]) -> ChangeHash {
    let mut head = vec![CHUNK_CHANGE];
    let mut rest = body.len();
    loop {
        let low = (rest & 0x7f).to_le_bytes()[0];
        rest >>= 7;
        head.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            break;
        }
    }
    ChangeHash(Sha256::new().chain_update(&head).chain_update(body).finalize().into())
}
