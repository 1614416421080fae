//! Changes bent byte by byte, their lengths and checksums mended.

use automerge::Change;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::random::Random;

/// A change chunk around a body: magic, checksum, type, length.
pub(super) fn chunk(body: &[u8]) -> Bytes {
    let mut length = Vec::new();
    let mut rest = body.len();
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap();
        rest >>= 7;
        length.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            break;
        }
    }
    let hash = Sha256::new().chain_update([1]).chain_update(&length).chain_update(body).finalize();
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(&hash[..4]);
    chunk.push(1);
    chunk.extend(length);
    chunk.extend(body);
    chunk.into()
}

/// A change's body: what follows the header.
pub(super) fn body(change: &Change) -> Vec<u8> {
    let bytes = change.raw_bytes();
    let length = bytes[9..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    bytes[9 + length..].to_vec()
}

/// Bends the last of some changes; those before it stay.
pub(super) fn bend(changes: &[Change], random: &mut Random) -> Vec<Bytes> {
    let mut chunks: Vec<Bytes> =
        changes.iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect();
    let (Some(last), Some(chunk_of_last)) = (changes.last(), chunks.last_mut()) else {
        return chunks;
    };
    let mut bent = body(last);
    for _ in 0..1 + random.below(2) {
        let at = random.below(bent.len());
        match random.below(6) {
            0 => bent[at] ^= 1 << random.below(8),
            1 => bent[at] = bent[at].wrapping_add(1),
            2 => bent[at] = bent[at].wrapping_sub(1),
            3 => bent.insert(at, random.word().to_le_bytes()[0]),
            4 if bent.len() > 1 => drop(bent.remove(at)),
            _ => bent[at] = random.word().to_le_bytes()[0],
        }
    }
    *chunk_of_last = chunk(&bent);
    chunks
}
