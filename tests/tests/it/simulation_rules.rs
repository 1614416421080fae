//! Single rules of the hub, each in a small world: no luck involved.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use automerge::sync::{
    BloomFilter, ChunkList, Have, Message as SyncMessage, MessageVersion, State, SyncDoc,
};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc};
use std::collections::BTreeSet;

use bytes::Bytes;
use oogst_core::document::{RESTARTS_MAX, WAITING_CHANGES_MAX};
use oogst_core::port::{Caller, CloseCode, Command, ConnectionId};
use oogst_protocol::event::{Act, By, Entry, Role, Status};
use oogst_protocol::ids::{ChangeHash, DocumentId};
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::{Message, PeerId};
use oogst_tests::sim::{World, id};

/// A world with so many participants in the first group, all of whom have its harvest open.
fn group_of(count: usize) -> (World, DocumentId) {
    let mut world = World::new(1);
    let harvest = world.harvests[0];
    for _ in 0..count {
        world.join(Role::Participant, Some(0), &[harvest]);
    }
    world.run_until_quiet();
    (world, harvest)
}

fn line(world: &World, peer: usize) -> ConnectionId {
    world.peers[peer].line.unwrap()
}

fn last_edit(world: &World, peer: usize, document: DocumentId) -> ChangeHash {
    let heads = world.peers[peer].copies[&document].document.get_heads();
    ChangeHash(heads[0].0)
}

/// A frame of a peer with these changes. Its heads are known, so that this is no beginning.
fn bring(world: &World, peer: usize, document: DocumentId, changes: Vec<Vec<u8>>) -> Bytes {
    let message = SyncMessage {
        heads: world.peers[peer].copies[&document].document.get_heads(),
        need: Vec::new(),
        have: Vec::new(),
        changes: changes.into(),
        flags: None,
        version: MessageVersion::V1,
    };
    Message::Sync {
        document: document.into(),
        sender: world.peers[peer].name.clone(),
        target: PeerId::new("server"),
        data: message.encode().into(),
    }
    .encode()
}

fn fork(world: &World, peer: usize, document: DocumentId) -> Automerge {
    let copy = &world.peers[peer].copies[&document].document;
    copy.clone().with_actor(ActorId::from([77_u8; 16]))
}

#[test]
fn an_edit_is_told_to_nobody_before_it_is_durable_and_reported() {
    let (mut world, harvest) = group_of(2);
    world.edit(0, harvest);
    world.deliver_all_up();
    assert_eq!(world.disk.pending(), 1);
    world.sync(1);
    for peer in [0, 1] {
        assert!(world.coming(line(&world, peer)).is_empty(), "spoken of too early");
    }
    world.report(1);
    for peer in [0, 1] {
        let told = world.coming(line(&world, peer));
        assert_eq!(told.len(), 1);
        let Message::Sync { data, .. } = &told[0] else { panic!("{told:?}") };
        let told = SyncMessage::decode(data).unwrap();
        assert_eq!(told.changes.len(), peer, "the author is told, the other is sent it");
        assert_eq!(told.heads[0].0, last_edit(&world, 0, harvest).0);
    }
}

/// Goal: what one sync of the disk covers is one message to each, with what others brought, and
/// says all of it is durable.
#[test]
fn what_became_durable_together_is_told_in_one_message() {
    let (mut world, harvest) = group_of(3);
    for peer in [0, 1] {
        world.edit(peer, harvest);
    }
    world.deliver_all_up();
    assert_eq!(world.disk.pending(), 2);
    world.sync(2);
    world.report(2);
    let edits = [0, 1].map(|peer| last_edit(&world, peer, harvest));
    for (peer, others) in [(0, vec![1]), (1, vec![0]), (2, vec![0, 1])] {
        let told = world.coming(line(&world, peer));
        assert_eq!(told.len(), 1);
        let Message::Sync { data, .. } = &told[0] else { panic!("{told:?}") };
        let told = SyncMessage::decode(data).unwrap();
        let sent = told.changes.iter().map(|bytes| Change::from_bytes(bytes.to_vec()).unwrap());
        let sent: BTreeSet<_> = sent.map(|change| change.hash().0).collect();
        let brought = others.iter().map(|other| edits[*other].0);
        assert_eq!(sent, brought.collect(), "to {peer} what others brought");
        let heads: BTreeSet<_> = told.heads.iter().map(|head| head.0).collect();
        assert_eq!(heads, edits.iter().map(|edit| edit.0).collect(), "all of it is durable");
    }
}

#[test]
fn the_duplicate_of_an_edit_in_flight_is_acknowledged_with_it() {
    let (mut world, harvest) = group_of(1);
    let twin = world.add_client(world.peers[0].participant, &[harvest]);
    world.run_until_quiet();
    world.edit(0, harvest);
    let mut copy = world.peers[0].copies[&harvest].document.clone();
    let frame = world.peers[twin].merge(harvest, &mut copy).unwrap();
    world.send(line(&world, twin), frame);
    world.deliver_all_up();
    assert_eq!(world.disk.pending(), 1, "one edit, one event");
    assert!(world.coming(line(&world, twin)).is_empty());
    world.sync_all();
    let told = world.coming(line(&world, twin));
    let Message::Sync { data, .. } = &told[0] else { panic!("{told:?}") };
    assert!(SyncMessage::decode(data).unwrap().changes.is_empty(), "it has the edit");
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn an_edit_of_a_locked_document_stays_with_its_author_and_arrives_after_the_thaw() {
    let (mut world, document) = group_of(2);
    world.conduct(Command::SetFrozen { document, frozen: true });
    let (before, events) = (line(&world, 0), world.disk.events().len());
    world.edit(0, document);
    world.run_until_quiet();
    assert_eq!(line(&world, 0), before, "nobody is punished");
    assert_eq!(world.disk.events().len(), events);
    world.conduct(Command::SetFrozen { document, frozen: false });
    assert_eq!(world.closes, [CloseCode::ComeBack], "and only the author comes back");
    world.run_until_quiet();
    assert!(world.disk.holds(document, &last_edit(&world, 0, document)));
    world.check_converged();
}

#[test]
fn an_edit_of_a_reader_arrives_once_they_may_write() {
    for by_move in [true, false] {
        let (mut world, harvest) = group_of(1);
        let reader = world.join(Role::Participant, None, &[harvest]);
        world.run_until_quiet();
        world.edit(reader, harvest);
        world.run_until_quiet();
        let edit = last_edit(&world, reader, harvest);
        assert!(!world.disk.holds(harvest, &edit));
        let participant = world.peers[reader].participant;
        if by_move {
            let group = Some(world.groups[0]);
            world.done(Caller::Member(participant), Command::Move { participant, group });
        } else {
            world.conduct(Command::Promote { participant, role: Role::Facilitator });
        }
        assert_eq!(world.closes, [CloseCode::ComeBack]);
        world.run_until_quiet();
        assert!(world.disk.holds(harvest, &edit));
        world.check_converged();
    }
}

#[test]
fn a_closed_gathering_takes_no_edits_until_it_is_open_again() {
    let (mut world, harvest) = group_of(1);
    world.conduct(Command::SetStatus { status: Status::Closed });
    world.edit(0, harvest);
    world.run_until_quiet();
    assert!(!world.disk.holds(harvest, &last_edit(&world, 0, harvest)));
    world.conduct(Command::SetStatus { status: Status::Open });
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn a_bad_change_closes_its_writer_and_is_ignored_from_a_reader() {
    let (mut world, harvest) = group_of(2);
    let reader = world.join(Role::Observer, None, &[harvest]);
    world.run_until_quiet();
    for (peer, closes) in [(reader, &[][..]), (0, &[CloseCode::Violation])] {
        let mut bad = fork(&world, peer, harvest);
        let mut edit = bad.transaction();
        edit.put(ROOT, "rubbish", 1).unwrap();
        edit.commit();
        let change = bad.get_last_local_change().unwrap().raw_bytes().to_vec();
        let events = world.disk.events().len();
        let frame = bring(&world, peer, harvest, vec![change]);
        world.send(line(&world, peer), frame);
        world.deliver_all_up();
        world.sync_all();
        assert_eq!(world.closes, closes);
        assert_eq!(world.disk.events().len(), events, "nothing of it is recorded");
    }
    assert!(world.peers[1].joined(), "nobody else notices");
}

/// Changes of one actor, each on the one before: an insight, then nothing but their order.
fn chain(world: &World, document: DocumentId, length: usize) -> Vec<Vec<u8>> {
    let mut ahead = fork(world, 0, document);
    let insights = ahead.get(ROOT, "insights").unwrap().unwrap().1;
    let mut edit = ahead.transaction();
    edit.put_object(&insights, id(40).to_string(), ObjType::Map).unwrap();
    edit.commit();
    let mut chain = vec![ahead.get_last_local_change().unwrap().raw_bytes().to_vec()];
    while chain.len() < length {
        ahead.empty_commit(CommitOptions::default());
        chain.push(ahead.get_last_local_change().unwrap().raw_bytes().to_vec());
    }
    chain
}

#[test]
fn changes_wait_for_what_they_build_on() {
    let (mut world, harvest) = group_of(1);
    let twin = world.add_client(world.peers[0].participant, &[harvest]);
    world.run_until_quiet();
    let chain = chain(&world, harvest, 2);
    let frame = bring(&world, 0, harvest, vec![chain[1].clone()]);
    world.send(line(&world, 0), frame);
    world.deliver_all_up();
    assert_eq!((world.disk.pending(), world.hub.counts().waiting_changes_max), (0, 1));
    let asked = world.coming(line(&world, 0));
    let Message::Sync { data, .. } = &asked[0] else { panic!("{asked:?}") };
    assert_eq!(SyncMessage::decode(data).unwrap().need.len(), 1, "asked for the first");
    // The first comes on another connection of the same participant: both enter.
    let frame = bring(&world, twin, harvest, vec![chain[0].clone()]);
    world.send(line(&world, twin), frame);
    world.deliver_all_up();
    assert_eq!((world.disk.pending(), world.hub.counts().waiting_changes_max), (2, 0));
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn whoever_lets_too_much_wait_is_asked_to_offer_it_whole() {
    let (mut world, harvest) = group_of(2);
    let mut chain = chain(&world, harvest, WAITING_CHANGES_MAX + 2);
    let frame = bring(&world, 0, harvest, chain.split_off(1));
    world.send(line(&world, 0), frame);
    world.deliver_all_up();
    assert_eq!(world.closes, [CloseCode::ComeBack]);
    assert_eq!(world.hub.counts().waiting_changes_max, 0);
    assert!(world.peers[1].joined(), "nobody else notices");
}

#[test]
fn a_peer_whose_filter_lied_says_so_and_gets_what_it_lacks_by_its_heads() {
    let (mut world, harvest) = group_of(1);
    let first = world.peers[0].copies[&harvest].document.get_heads();
    for _ in 0..3 {
        world.edit(0, harvest);
    }
    world.run_until_quiet();
    let late = world.add_client(world.peers[0].participant, &[]);
    world.run_until_quiet();
    let connection = line(&world, late);
    // One entry, all of whose bits are set: it holds whatever is asked.
    let everything = BloomFilter::try_from(&[1, 10, 7, 0xff, 0xff][..]).unwrap();
    let says = |bloom: BloomFilter| {
        let message = SyncMessage {
            heads: first.clone(),
            need: Vec::new(),
            have: vec![Have { last_sync: Vec::new(), bloom }],
            changes: ChunkList::empty(),
            flags: None,
            version: MessageVersion::V1,
        };
        Message::Sync {
            document: harvest.into(),
            sender: PeerId::new("peer-1"),
            target: PeerId::new("server"),
            data: message.encode().into(),
        }
    };
    for (bloom, changes) in [(everything, 0), (BloomFilter::default(), 3)] {
        world.send(connection, says(bloom).encode());
        world.deliver_all_up();
        let told = world.coming(connection);
        let Some(Message::Sync { data, .. }) = told.last() else { panic!("{told:?}") };
        assert_eq!(SyncMessage::decode(data).unwrap().changes.len(), changes);
    }
}

/// Goal: what is refused was not let in: a change in the graph but not in the log would be
/// acknowledged with the next append, and lost.
#[test]
fn whoever_begins_again_and_again_has_to_come_back_and_nothing_is_let_in() {
    let (mut world, harvest) = group_of(2);
    let connection = line(&world, 0);
    let mut edit = chain(&world, harvest, 1);
    for beginning in 0..=RESTARTS_MAX {
        assert!(world.closes.is_empty());
        let nothing = Automerge::new();
        let mut request = nothing.generate_sync_message(&mut State::new()).unwrap();
        if beginning == RESTARTS_MAX {
            request.changes = std::mem::take(&mut edit).into();
        }
        let message = Message::Request {
            document: harvest.into(),
            sender: PeerId::new("peer-0"),
            target: PeerId::new("server"),
            data: request.encode().into(),
        };
        world.send(connection, message.encode());
        world.deliver_all_up();
    }
    assert_eq!(world.closes, [CloseCode::ComeBack]);
    world.edit(1, harvest);
    world.run_until_quiet();
    let heads = world.hub.durable_heads(world.gathering, harvest).unwrap();
    assert_eq!(heads, [last_edit(&world, 1, harvest)]);
}

/// Goal: what another server of the same log appends reaches everybody here, an edit as well as a
/// lock, and what is written here after it builds on it.
#[test]
fn what_another_server_appends_is_told_and_holds() {
    let (mut world, document) = group_of(2);
    assert!(world.edit_elsewhere(document));
    for peer in [0, 1] {
        assert_eq!(world.coming(line(&world, peer)).len(), 1, "it is told once");
    }
    world.run_until_quiet();
    world.check_converged();
    let at = Timestamp::from_milliseconds(1_795_256_104_000);
    let by = By { participant: Some(world.facilitator), role: Role::Facilitator };
    world.append_elsewhere(Entry { at, by, act: Act::DocumentFrozen { document } });
    assert!(!world.edit_elsewhere(document), "it is locked there too");
    let events = world.disk.events().len();
    world.edit(0, document);
    world.run_until_quiet();
    assert_eq!(world.disk.events().len(), events);
    world.append_elsewhere(Entry { at, by, act: Act::DocumentThawed { document } });
    assert_eq!(world.closes, [CloseCode::ComeBack]);
    world.run_until_quiet();
    assert!(world.disk.holds(document, &last_edit(&world, 0, document)));
    assert!(world.edit_elsewhere(document));
    world.run_until_quiet();
    world.check_converged();
}
