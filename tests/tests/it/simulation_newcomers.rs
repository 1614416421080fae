//! Whoever comes to a document with nothing: in one piece where there is a snapshot, change by
//! change where there is none, or where the newcomer takes nothing else.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use automerge::Automerge;
use automerge::sync::{Message as SyncMessage, State, SyncDoc};
use oogst_protocol::event::Role;
use oogst_protocol::ids::DocumentId;
use oogst_protocol::wire::{Message, PeerId};
use oogst_tests::sim::World;

/// First byte of a message with a whole document, and the type of such a chunk.
const WHOLE_MESSAGE: u8 = 0x43;
const DOCUMENT_CHUNK: u8 = 0;

/// A harvest with one writer, and so many edits that a snapshot of it was asked for.
fn long_history() -> (World, DocumentId) {
    let mut world = World::new(1);
    let harvest = world.harvests[0];
    world.join(Role::Participant, Some(0), &[harvest]);
    world.run_until_quiet();
    edit(&mut world, harvest, 20);
    (world, harvest)
}

fn edit(world: &mut World, document: DocumentId, times: usize) {
    for _ in 0..times {
        world.edit(0, document);
        world.run_until_quiet();
    }
}

/// What the server says to somebody who comes with nothing, flags or none.
fn greeting(world: &mut World, document: DocumentId, flags: bool) -> Vec<u8> {
    let peer = world.join(Role::Participant, Some(0), &[]);
    let connection = world.connect(peer);
    let nothing = Automerge::new();
    let mut request = nothing.generate_sync_message(&mut State::new()).unwrap();
    if !flags {
        request.flags = None;
    }
    world.deliver_all_up();
    let message = Message::Request {
        document: document.into(),
        sender: PeerId::new(&format!("peer-{peer}")),
        target: PeerId::new("server"),
        data: request.encode().into(),
    };
    world.send(connection, message.encode());
    world.deliver_all_up();
    let told = world.coming(connection).pop().unwrap();
    let Message::Sync { data, .. } = told else { unreachable!("asked for, and there: {told:?}") };
    data.to_vec()
}

/// The document that a message makes of nothing, and how many chunks that took.
fn made_of(message: &[u8]) -> (Automerge, usize) {
    let message = SyncMessage::decode(message).unwrap();
    let count = message.changes.len();
    let mut document = Automerge::new();
    document.receive_sync_message(&mut State::new(), message).unwrap();
    (document, count)
}

#[test]
fn a_newcomer_gets_the_document_in_one_piece_and_the_changes_since() {
    let (mut world, harvest) = long_history();
    while world.give_snapshot(false) {}
    edit(&mut world, harvest, 2);
    let told = greeting(&mut world, harvest, true);
    assert_eq!(told[0], WHOLE_MESSAGE);
    let (document, chunks) = made_of(&told);
    let first = SyncMessage::decode(&told).unwrap().changes.iter().next().unwrap().to_vec();
    assert_eq!(first[8], DOCUMENT_CHUNK);
    assert!(chunks <= 7, "the snapshot and what came since: {chunks}");
    assert_eq!(document.get_heads(), world.peers[0].copies[&harvest].document.get_heads());
    // Stock clients go on from there.
    let late = world.join(Role::Participant, Some(0), &[harvest]);
    world.run_until_quiet();
    world.edit(late, harvest);
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn who_takes_no_whole_documents_gets_changes() {
    let (mut world, harvest) = long_history();
    while world.give_snapshot(false) {}
    let told = greeting(&mut world, harvest, false);
    assert_ne!(told[0], WHOLE_MESSAGE);
    let (document, chunks) = made_of(&told);
    assert!(chunks > 12, "the template and each edit: {chunks}");
    assert_eq!(document.get_heads(), world.peers[0].copies[&harvest].document.get_heads());
}

/// Goal: where the views have no snapshot, newcomers wait for none, and the next one asks again.
#[test]
fn without_a_snapshot_nobody_waits_and_the_next_newcomer_asks_again() {
    let (mut world, harvest) = long_history();
    while world.give_snapshot(true) {}
    assert_ne!(greeting(&mut world, harvest, true)[0], WHOLE_MESSAGE);
    assert!(world.give_snapshot(false), "asked for by the newcomer");
    assert_eq!(greeting(&mut world, harvest, true)[0], WHOLE_MESSAGE);
    assert!(!world.give_snapshot(false), "nothing has come since");
}

/// Goal: a snapshot that is not of this log, or holds what is not durable here, is not sent.
#[test]
fn a_snapshot_of_something_else_is_not_sent() {
    let (mut world, harvest) = long_history();
    let (mut other, its_harvest) = long_history();
    edit(&mut other, its_harvest, 3);
    assert_eq!(harvest, its_harvest, "equal beginnings");
    let foreign = other.snapshot(its_harvest);
    while world.give_snapshot(true) {}
    world.give(harvest, foreign);
    assert_ne!(greeting(&mut world, harvest, true)[0], WHOLE_MESSAGE);
}
