//! Who is in an intervision's room: written in the document, said by acts of the log.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use automerge::transaction::Transactable;
use automerge::{ROOT, ReadDoc};
use oogst_core::port::{Caller, Command};
use oogst_core::rights::Access;
use oogst_protocol::event::{Act, Owner, Role};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::DocumentKind;
use oogst_tests::sim::{World, id};

/// Writes in the document of a peer's, several changes in one message: each key of the room, and
/// whether that person is inside.
fn write(world: &mut World, peer: usize, document: DocumentId, room: &[(ParticipantId, bool)]) {
    let mut copy = world.peers[peer].copies[&document].document.clone();
    for (participant, inside) in room {
        let mut edit = copy.transaction();
        let map = edit.get(ROOT, "room").unwrap().unwrap().1;
        edit.put(map, participant.to_string(), *inside).unwrap();
        edit.commit();
    }
    let frame = world.peers[peer].merge(document, &mut copy).unwrap();
    world.send(world.peers[peer].line.unwrap(), frame);
    world.deliver_all_up();
}

/// Who was let in or out by the last append: the acts after the change, in order.
fn said(world: &World, count: usize) -> Vec<(ParticipantId, bool)> {
    let events = world.disk.events();
    let (change, acts) = events[events.len() - 1 - count..].split_first().unwrap();
    assert!(matches!(change.entry.act, Act::Changed { .. }), "{:?}", change.entry.act);
    let said = acts.iter().map(|event| {
        let Act::RoomChanged { participant, inside, .. } = event.entry.act else {
            unreachable!("{:?}", event.entry.act);
        };
        assert_eq!((event.entry.by, event.entry.at), (change.entry.by, change.entry.at));
        (participant, inside)
    });
    said.collect()
}

/// Goal: who may read an intervision follows from the acts of the log alone, in the same append as
/// the change that says so, for each person the last word. Method: the case owner lets in and out;
/// after each, rights are asked of the hub, and of a start on what the disk holds.
#[test]
fn a_change_of_the_room_is_followed_by_who_is_in_it_and_rights_follow() {
    let mut world = World::new(1);
    let document = DocumentId::new(id(30));
    let owner = world.join(Role::Participant, Some(0), &[document]);
    let (bo, cas) =
        (world.join(Role::Participant, Some(0), &[]), world.join(Role::Participant, Some(1), &[]));
    let [owner_id, bo, cas] = [owner, bo, cas].map(|peer| world.peers[peer].participant);
    let group = Owner::Group(world.groups[0]);
    let kind = DocumentKind::Intervision;
    let open = Command::OpenDocument { document, kind, owner: Some(group), title: String::new() };
    world.done(Caller::Member(owner_id), open);
    let [opened, entered] = world.disk.events().last_chunk().unwrap();
    assert!(matches!(opened.entry.act, Act::DocumentOpened { .. }));
    let (participant, inside) = (owner_id, true);
    assert_eq!(entered.entry.act, Act::RoomChanged { document, participant, inside });
    world.run_until_quiet();

    let access = |world: &World| {
        let fold = world.hub.fold(world.gathering).unwrap();
        let people = [owner_id, bo, cas, world.facilitator];
        people.map(|participant| fold.access(participant, document))
    };
    let (inside, outside) = (Access::Write, Access::Nothing);
    assert_eq!(access(&world), [inside, outside, outside, outside]);

    let appended = world.disk.pending();
    write(&mut world, owner, document, &[(bo, true), (cas, true), (bo, false), (bo, true)]);
    assert_eq!(world.disk.pending(), appended + 1, "one append");
    assert_eq!(access(&world)[1], outside, "not before it is durable");
    world.sync_all();
    let mut both = [(bo, true), (cas, true)];
    both.sort_unstable();
    assert_eq!(said(&world, 2), both);
    assert_eq!(access(&world), [inside, inside, inside, outside]);

    let facilitator = world.facilitator;
    write(&mut world, owner, document, &[(cas, false), (facilitator, true)]);
    world.sync_all();
    assert_eq!(access(&world), [inside, inside, outside, inside]);
    world.crash();
    assert_eq!(access(&world), [inside, inside, outside, inside], "folded from the log");
    world.heal();
    world.run_until_quiet();
    world.check_converged();
}
