//! Sockets and commands: who is heard, who is told what, what races come to.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use oogst_core::port::{Answer, Caller, CloseCode, Command, ConnectionId, Refusal};
use oogst_protocol::event::Role;
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::limits::PARTICIPANTS_MAX;
use oogst_protocol::wire::{Message, PeerId, PeerMetadata};
use oogst_tests::sim::dice::Dice;
use oogst_tests::sim::{World, id};
use uuid::Uuid;

fn pair() -> (World, DocumentId) {
    let mut world = World::new(2);
    let harvest = world.harvests[0];
    for _ in 0..2 {
        world.join(Role::Participant, Some(0), &[harvest]);
    }
    world.run_until_quiet();
    (world, harvest)
}

fn line(world: &World, peer: usize) -> ConnectionId {
    world.peers[peer].line.unwrap()
}

fn server() -> PeerId {
    PeerId::new("server")
}

fn sync(document: &str, sender: &str, target: &str) -> Message {
    Message::Sync {
        document: document.into(),
        sender: PeerId::new(sender),
        target: PeerId::new(target),
        data: Bytes::from_static(&[0x42, 0, 0, 1, 0, 0, 0]),
    }
}

/// What the hub says to one frame on the first peer's line.
fn say(world: &mut World, frame: Bytes) -> Vec<Message> {
    let connection = line(world, 0);
    world.send(connection, frame);
    world.deliver_all_up();
    world.coming(connection)
}

#[test]
fn a_newer_connection_of_the_same_participant_replaces_the_older() {
    let (mut world, harvest) = pair();
    world.connect(0);
    world.deliver_all_up();
    assert_eq!(world.closes, [CloseCode::Replaced]);
    world.edit(0, harvest);
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn a_peer_id_that_another_participant_has_is_refused() {
    let (mut world, harvest) = pair();
    let thief = world.join(Role::Participant, Some(0), &[harvest]);
    world.peers[thief].name = world.peers[0].name.clone();
    let connection = world.connect(thief);
    world.deliver_all_up();
    assert_eq!(world.closes, [CloseCode::Violation]);
    assert!(matches!(&world.coming(connection)[..], [Message::Error { .. }]));
    world.edit(0, harvest);
    world.deliver_all_up();
    world.sync_all();
    assert_eq!(world.coming(line(&world, 0)).len(), 1, "whose name it is goes on");
}

#[test]
fn a_document_that_is_not_there_is_unavailable_and_nobody_closes() {
    let (mut world, _) = pair();
    let unknown = DocumentId::new(id(99)).to_string();
    for name in [unknown.as_str(), "no document's name"] {
        let told = say(&mut world, sync(name, "peer-0", "server").encode());
        let Some(Message::DocUnavailable { document, target, .. }) = told.last() else {
            panic!("{told:?}")
        };
        assert_eq!((document.to_string().as_str(), target.as_str()), (name, "peer-0"));
    }
    assert!(world.closes.is_empty());
}

#[test]
fn whoever_breaks_the_protocol_is_told_and_closed_alone() {
    let harvest = pair().1.to_string();
    let Message::Sync { document, sender, target, .. } = sync(&harvest, "peer-0", "server") else {
        unreachable!()
    };
    let broken = Bytes::from_static(b"B no sync message");
    let metadata = PeerMetadata::default();
    let frames = [
        Bytes::new(),
        Bytes::from_static(b"no CBOR"),
        sync(&harvest, "peer-1", "server").encode(),
        sync(&harvest, "peer-0", "somebody").encode(),
        Message::Sync { document, sender, target, data: broken }.encode(),
        Message::Join { sender: PeerId::new("peer-0"), metadata, versions: vec!["1".into()] }
            .encode(),
    ];
    for frame in frames {
        let (mut world, _) = pair();
        let events = world.disk.events().len();
        let told = say(&mut world, frame);
        assert!(matches!(told.last(), Some(Message::Error { .. })), "{told:?}");
        assert_eq!(world.closes, [CloseCode::Violation]);
        assert_eq!((world.disk.pending(), world.disk.events().len()), (0, events));
        assert!(world.peers[1].joined());
    }
}

#[test]
fn whatever_bytes_come_only_their_sender_pays() {
    let mut dice = Dice::new(3);
    let (mut world, harvest) = pair();
    for _ in 0..300 {
        let mut frame = sync(&harvest.to_string(), "peer-0", "server").encode().to_vec();
        for _ in 0..=dice.below(3) {
            let place = dice.below(frame.len());
            frame[place] = dice.number().to_le_bytes()[0];
        }
        world.run_until_quiet();
        say(&mut world, frame.into());
        assert!(world.peers[1].joined());
    }
    assert!(world.closes.iter().all(|code| *code != CloseCode::Overload));
    world.run_until_quiet();
    world.edit(1, harvest);
    world.run_until_quiet();
    world.check_converged();
}

#[test]
fn presence_reaches_the_others_who_have_the_document_open_once() {
    let (mut world, harvest) = pair();
    let elsewhere = world.harvests[1];
    let other = world.join(Role::Participant, Some(0), &[elsewhere]);
    world.run_until_quiet();
    let presence = |sender: &str| Message::Ephemeral {
        document: harvest.into(),
        sender: PeerId::new(sender),
        target: server(),
        count: 1,
        session: "session".into(),
        data: Bytes::from_static(&[0xa0]),
    };
    assert!(say(&mut world, presence("peer-0").encode()).is_empty(), "not back to its origin");
    let told = world.coming(line(&world, 1));
    let [Message::Ephemeral { sender, target, .. }] = &told[..] else { panic!("{told:?}") };
    assert_eq!((sender.as_str(), target.as_str()), ("peer-0", "peer-1"));
    assert!(world.coming(line(&world, other)).is_empty(), "it has other documents open");
    // The receiver's library echoes it under the origin's name.
    let echoing = line(&world, 1);
    world.send(echoing, presence("peer-0").encode());
    world.deliver_all_up();
    assert!(world.coming(line(&world, 0)).is_empty(), "an echo goes nowhere");
    assert!(world.closes.is_empty());
}

#[test]
fn a_removed_participant_is_closed_and_does_not_come_back() {
    let (mut world, harvest) = pair();
    let participant = world.peers[0].participant;
    world.conduct(Command::Remove { participant });
    assert_eq!(world.closes, [CloseCode::Revoked]);
    let events = world.disk.events().len();
    world.edit(0, harvest);
    world.connect(0);
    world.deliver_all_up();
    world.sync_all();
    assert_eq!(world.closes, [CloseCode::Revoked, CloseCode::Revoked]);
    assert_eq!(world.disk.events().len(), events);
    let caller = Caller::Member(participant);
    let request = world.command(caller, Command::Move { participant, group: None });
    assert_eq!(world.answers[&request], Err(Refusal::Unknown { what: "gathering" }));
}

#[test]
fn a_command_that_finds_things_done_waits_for_what_made_them_so() {
    let (mut world, document) = pair();
    let facilitator = Caller::Member(world.facilitator);
    let events = world.disk.events().len();
    let freeze = Command::SetFrozen { document, frozen: true };
    let first = world.command(facilitator, freeze.clone());
    let second = world.command(facilitator, freeze.clone());
    let done = |world: &World| [first, second].map(|request| world.answers.contains_key(&request));
    assert_eq!(done(&world), [false; 2], "not durable, not done");
    world.sync_all();
    assert_eq!(done(&world), [true; 2]);
    assert!(world.answers[&second].is_ok());
    assert_eq!(world.disk.events().len(), events + 1, "one event");
    let third = world.command(facilitator, freeze);
    assert!(matches!(world.answers[&third], Ok(Answer::Done { .. })), "at once");
}

#[test]
fn of_those_who_race_for_the_last_seats_only_so_many_get_in() {
    let mut world = World::new(4);
    let mut requests = Vec::new();
    for number in 0..PARTICIPANTS_MAX + 3 {
        let participant = ParticipantId::new(Uuid::from_u128(1_000 + number as u128));
        let join =
            Command::Join { participant, role: Role::Participant, region: None, together: 0 };
        requests.push(world.command(Caller::Member(participant), join));
    }
    world.sync_all();
    let full = Err(Refusal::Full { what: "participants", most: PARTICIPANTS_MAX });
    let refused = requests.iter().filter(|request| world.answers[request] == full).count();
    assert_eq!(refused, 4, "the facilitator has a seat");
    world.check_replay();
}

#[test]
fn only_whoever_may_gives_a_command() {
    let (mut world, document) = pair();
    let participant = world.peers[0].participant;
    let (member, other) = (Caller::Member(participant), world.peers[1].participant);
    let facilitator = Err(Refusal::Forbidden { who: "a facilitator" });
    let forbidden = [
        Command::SetFrozen { document, frozen: true },
        Command::Promote { participant, role: Role::Facilitator },
        Command::Remove { participant: other },
        Command::Move { participant: other, group: None },
        Command::Rename { participant: other },
        Command::Retitle { title: "Van mij".to_owned() },
    ];
    for command in forbidden {
        let request = world.command(member, command.clone());
        assert_eq!(world.answers[&request], facilitator, "{command:?}");
    }
    assert_eq!(world.disk.pending(), 0);
    world.done(member, Command::Rename { participant });
    world.done(Caller::Operator, Command::Retitle { title: "Van ons".to_owned() });
}

#[test]
fn an_idle_gathering_can_be_forgotten_and_comes_back() {
    let (mut world, harvest) = pair();
    world.edit(0, harvest);
    world.run_until_quiet();
    assert_eq!(world.hub.idle().count(), 0, "somebody is here");
    for peer in [0, 1] {
        world.cut(peer);
    }
    world.deliver_all_up();
    let idle: Vec<_> = world.hub.idle().collect();
    assert!(world.hub.forget(idle[0]) && !world.hub.holds(idle[0]));
    world.crash();
    assert!(world.hub.holds(idle[0]));
    world.edit(1, harvest);
    world.run_until_quiet();
    world.check_converged();
}
