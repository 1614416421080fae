//! What no honest client sends: changes that are well encoded and wrong.
//!
//! All checksums are right, so that each gets as far as the check that should stop it.

use automerge::sync::{ChunkList, Message, MessageVersion};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, Change, ChangeHash, ExpandedChange, ROOT};
use sha2::{Digest, Sha256};

use crate::client::object;

/// A sync message that brings `chunks` and nothing else.
#[must_use]
pub fn message(chunks: Vec<Vec<u8>>) -> Vec<u8> {
    Message {
        heads: Vec::new(),
        need: Vec::new(),
        have: Vec::new(),
        changes: ChunkList::from(chunks),
        flags: None,
        version: MessageVersion::V1,
    }
    .encode()
}

/// The one change that `edit` makes to a copy of `document`, under a new actor.
///
/// # Panics
///
/// Where it changes nothing.
pub fn change(document: &mut AutoCommit, edit: impl FnOnce(&mut AutoCommit)) -> Change {
    let mut copy = document.fork();
    edit(&mut copy);
    let hash = copy.commit().unwrap_or_else(|| panic!("the edit changed nothing"));
    copy.get_change_by_hash(&hash).unwrap()
}

/// The same change with something else in it.
pub fn altered(change: &Change, alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut expanded = change.decode();
    alter(&mut expanded);
    Change::from(expanded).raw_bytes().to_vec()
}

/// A letter at the head of the harvest's title: one operation that refers to nothing new.
pub fn letter(document: &mut AutoCommit) -> Change {
    change(document, |copy| {
        let title = object(copy, &ROOT, "title");
        copy.splice_text(&title, 0, 0, "x").unwrap();
    })
}

/// A change of about a hundred bytes that stands for a million operations: each column is one
/// run. Building a document of it costs automerge seconds and half a gigabyte.
#[must_use]
pub fn bomb(dependency: ChangeHash) -> Vec<u8> {
    dense(dependency, 1_000_000)
}

/// As [`bomb`], with so many operations.
#[must_use]
pub fn dense(dependency: ChangeHash, operations: u64) -> Vec<u8> {
    let run = |value: &[u8]| [leb(operations).as_slice(), value].concat();
    // Column number, type and one run: keys "a", no inserts, all `put`, all null, none before.
    let columns: [(u8, Vec<u8>); 5] = [
        (0x15, run(&[1, b'a'])),
        (0x34, run(&[])),
        (0x42, run(&[1])),
        (0x56, run(&[0])),
        (0x70, run(&[0])),
    ];
    let mut body = vec![1];
    body.extend_from_slice(&dependency.0);
    body.push(16);
    body.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    // seq 1, start_op 1,000, time 0, no message, no other actors.
    body.push(1);
    body.extend(leb(1_000));
    body.extend([0, 0, 0]);
    body.push(u8::try_from(columns.len()).unwrap());
    for (column, data) in &columns {
        body.extend([*column, u8::try_from(data.len()).unwrap()]);
    }
    for (_, data) in &columns {
        body.extend_from_slice(data);
    }
    chunk(1, &body)
}

/// A chunk of automerge's format with its right checksum.
#[must_use]
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut checked = vec![kind];
    checked.extend(leb(body.len().try_into().unwrap()));
    checked.extend_from_slice(body);
    let checksum = Sha256::digest(&checked);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend_from_slice(&checksum[..4]);
    chunk.extend(checked);
    chunk
}

/// A number in unsigned LEB128. The bomb's run length reads the same in the signed form.
fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bomb_is_a_change_that_automerge_would_take() {
        let bytes = bomb(ChangeHash([7; 32]));
        assert!(bytes.len() < 110, "{} bytes", bytes.len());
        let change = Change::from_bytes(bytes).unwrap();
        assert_eq!(change.len(), 1_000_000);
    }
}
