//! Who is in an intervision's room: written in the document, said by acts of the log.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use automerge::transaction::Transactable;
use automerge::{ROOT, ReadDoc};
use oogst_core::port::{Answer, Caller, Command, Revert};
use oogst_core::rights::Access;
use oogst_protocol::event::{Act, ChangeBytes, Owner, Role};
use oogst_protocol::ids::{DocumentId, ParticipantId, Seq};
use oogst_protocol::schema::DocumentKind;
use oogst_tests::sim::{World, id};
use uuid::Builder;

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
    let (title, map) = (String::new(), DocumentId::new(id(31)));
    let open = Command::OpenDocument { document, kind, owner: Some(group), title, map };
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

/// Goal: undoing what somebody did in rooms is one append, which has a bound: what is beyond it is
/// left for the next time, and nothing worse happens. Method: one person has let a hundred others
/// into fifty rooms of theirs.
#[test]
fn what_is_undone_at_once_in_rooms_has_a_bound_and_the_rest_is_undone_when_asked_again() {
    const ROOMS: u128 = 50;
    let mut world = World::new(2);
    let new = |number| Builder::from_random_bytes(u128::to_be_bytes(number)).into_uuid();
    let rooms: Vec<_> = (0..ROOMS).map(|number| DocumentId::new(new(1 << 100 | number))).collect();
    let others: Vec<_> =
        (0..100).map(|number| ParticipantId::new(new(2 << 100 | number))).collect();
    for participant in others.iter().copied() {
        let (role, region) = (Role::Participant, None);
        let join = Command::Join { participant, role, region, together: 0 };
        world.done(Caller::Member(participant), join);
    }
    let vik = world.join(Role::Participant, Some(0), &rooms);
    let (participant, facilitator) = (world.peers[vik].participant, world.facilitator);
    for document in rooms.iter().copied() {
        let (kind, owner) = (DocumentKind::Intervision, Some(Owner::Group(world.groups[0])));
        let (title, map) = (String::new(), DocumentId::new(id(31)));
        let open = Command::OpenDocument { document, kind, owner, title, map };
        world.done(Caller::Member(participant), open);
    }
    world.run_until_quiet();
    for document in rooms.iter().copied() {
        let everybody = others.iter().chain([&facilitator]);
        let everybody: Vec<_> = everybody.map(|participant| (*participant, true)).collect();
        write(&mut world, vik, document, &everybody);
        world.sync_all();
    }
    let mut left = rooms.clone();
    for known in 0.. {
        let changes = left.iter().map(|document| {
            let copy = world.peers[vik].copies[document].document.clone();
            let mut copy =
                copy.with_actor(new(u128::from(known) + 7).into_bytes().as_slice().into());
            let mut edit = copy.transaction();
            let map = edit.get(ROOT, "room").unwrap().unwrap().1;
            for participant in &others {
                edit.delete(&map, participant.to_string()).unwrap();
            }
            edit.commit();
            let change = copy.get_last_local_change().unwrap().raw_bytes().to_vec();
            (*document, vec![ChangeBytes(change.into())])
        });
        let changes = changes.collect();
        let (from, to) = (Seq(1), Seq(world.disk.events().len() as u64));
        let revert = Command::Revert(Revert { participant, from, to, known, changes });
        let request = world.command(Caller::Member(facilitator), revert);
        world.sync_all();
        let Some(Ok(Answer::Reverted { refused, .. })) = world.answers.get(&request) else {
            unreachable!("{:?}", world.answers.get(&request));
        };
        assert!(refused.len() < left.len(), "some are undone each time");
        left = refused.iter().map(|(document, _)| *document).collect();
        if left.is_empty() {
            assert_eq!(known, 1, "of what is left nothing is held back");
            break;
        }
    }
    let fold = world.hub.fold(world.gathering).unwrap();
    let access = |document: &DocumentId| fold.access(others[0], *document);
    assert!(rooms.iter().all(|document| access(document) == Access::Nothing));
}
