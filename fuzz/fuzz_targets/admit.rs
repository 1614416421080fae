//! Any bytes as the body of a change, checksum mended, on top of a small harvest.
//!
//! The law: decoding never panics and agrees with automerge's own decoder; what is admitted,
//! automerge applies, alone, in a batch and after a load in the middle; what it saves loads again
//! under the graph's heads, and hands on the same changes; what is refused leaves the graph as it
//! was.

#![no_main]

use automerge::{AutoCommit, Change};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use oogst_core::accept::{Accepted, Author};
use oogst_core::change::decode;
use oogst_fuzz::{chunk, harvest, participant};
use oogst_protocol::event::Role;

fuzz_target!(|input: &[u8]| {
    let raw = Bytes::copy_from_slice(input);
    drop(decode(&raw));
    // Several bodies in one input, split at a word that seldom stands in a change.
    let bodies = split(input);
    let (mut accepted, mut applied) = harvest();
    for body in bodies {
        let chunk = chunk(body);
        let Ok(change) = decode(&chunk) else { continue };
        let theirs = Change::from_bytes(chunk.to_vec()).expect("automerge decodes it too");
        assert_eq!(theirs.hash().0, change.hash.0);
        assert_eq!(theirs.len(), change.operations.len());
        if accepted.graph().contains(&change.hash) {
            continue;
        }
        let before = accepted.graph().heads();
        if admit(&mut accepted, change) {
            applied.push(theirs);
        } else {
            assert_eq!(accepted.graph().heads(), before);
        }
    }
    check(&accepted, applied);
});

fn admit(accepted: &mut Accepted, change: oogst_core::change::Change) -> bool {
    let members = |_| true;
    let author = Author { participant: participant(), role: Role::Facilitator, members: &members };
    accepted.admit(vec![change], &author, 0).is_ok()
}

fn check(accepted: &Accepted, applied: Vec<Change>) {
    let heads: Vec<_> = accepted.graph().heads().iter().map(|hash| hash.0).collect();
    let mut batch = AutoCommit::new();
    batch.apply_changes(applied.clone()).expect("automerge applies them at once");
    let (before, after) = applied.split_at(applied.len() / 2);
    let mut half = AutoCommit::new();
    half.apply_changes(before.to_vec()).expect("automerge applies the first half");
    let mut resumed = AutoCommit::load(&half.save()).expect("what is saved in the middle loads");
    resumed.apply_changes(after.to_vec()).expect("automerge applies the rest");
    let mut wanted: Vec<_> = applied.iter().map(|change| change.hash().0).collect();
    let mut single = AutoCommit::new();
    for change in applied {
        single.apply_changes([change]).expect("automerge applies them one by one");
    }
    let mut loaded = AutoCommit::load(&batch.save()).expect("what is saved loads");
    for doc in [&mut batch, &mut single, &mut resumed, &mut loaded] {
        let mut found: Vec<_> = doc.get_heads().iter().map(|hash| hash.0).collect();
        found.sort_unstable();
        assert_eq!(found, heads);
    }
    let mut handed_on: Vec<_> =
        loaded.get_changes(&[]).iter().map(|change| change.hash().0).collect();
    handed_on.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(handed_on, wanted, "what was loaded hands on the same changes");
}

fn split(input: &[u8]) -> Vec<&[u8]> {
    let mut bodies = Vec::new();
    let mut rest = input;
    while let Some(place) = rest.windows(4).position(|word| word == b"OOGS") {
        bodies.push(&rest[..place]);
        rest = &rest[place + 4..];
    }
    bodies.push(rest);
    bodies
}
