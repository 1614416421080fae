//! The seeded simulation: hub, peers, network and disk under every kind of bad luck.
//!
//! Each seed is one short day. To repeat one: `OOGST_SEED=n`; for more of them: `OOGST_SEEDS=n`.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use oogst_core::port::{Caller, CloseCode, Command};
use oogst_protocol::event::{Role, Status};
use oogst_tests::sim::World;

const SEEDS: u64 = 200;
const STEPS: usize = 160;

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// Any edits under any luck: acknowledged is durable, peers converge, nothing refused is lost.
#[test]
fn peers_converge_and_what_is_acknowledged_stays() {
    let one = variable("OOGST_SEED").map(|seed| seed..seed + 1);
    let seeds = one.unwrap_or(0..variable("OOGST_SEEDS").unwrap_or(SEEDS));
    let (mut events, mut closes) = (0, BTreeMap::new());
    for seed in seeds.clone() {
        match catch_unwind(AssertUnwindSafe(|| day(seed, STEPS))) {
            Ok(world) => {
                events += world.disk.events().len();
                world.closes.iter().for_each(|code| *closes.entry(*code).or_default() += 1);
            }
            Err(panic) => {
                println!(
                    "seed {seed}; again: OOGST_SEED={seed} cargo test -p oogst-tests --test it \
                     peers_converge_and_what_is_acknowledged_stays"
                );
                resume_unwind(panic);
            }
        }
    }
    println!("{events} events in {seeds:?}; sockets closed: {closes:?}");
    if seeds.clone().count() >= 200 {
        let known = [CloseCode::ComeBack, CloseCode::Replaced];
        let enough: [usize; 2] = [100, 100];
        for (code, enough) in known.iter().zip(enough) {
            assert!(closes.get(code) >= Some(&enough), "the days were too quiet: {closes:?}");
        }
        assert_eq!(closes.len(), known.len(), "honest peers are not punished");
    }
}

/// Equal inputs, equal effects.
#[test]
fn a_seed_repeats_to_the_byte() {
    for seed in 0..3 {
        let runs = [(); 2].map(|()| day(seed, STEPS).trace());
        assert_eq!(runs[0], runs[1], "seed {seed}");
    }
}

/// The disk is cut at each write of a fixed day, before the sync and after it.
#[test]
fn a_crash_at_any_write_loses_nothing_acknowledged() {
    const EDITS: usize = 12;
    for crash_at in 0..EDITS {
        for synced in [false, true] {
            let mut world = World::new(7);
            let open = world.harvests.clone();
            world.join(Role::Participant, Some(0), &open[..1]);
            world.join(Role::Participant, Some(0), &open[..1]);
            world.run_until_quiet();
            for write in 0..EDITS {
                world.edit(write % 2, open[0]);
                world.deliver_all_up();
                if write == crash_at {
                    world.sync(usize::from(synced));
                    world.crash();
                }
                world.run_until_quiet();
            }
            world.check_converged();
        }
    }
}

/// One short day, up to its quiet end.
fn day(seed: u64, steps: usize) -> World {
    let mut world = World::new(seed);
    let open = world.harvests.clone();
    for number in 0..2 + world.dice.below(3) {
        let role = if world.dice.chance(80) { Role::Participant } else { Role::Observer };
        let group = world.dice.chance(85).then_some(number % 2);
        let documents = 1 + world.dice.below(2);
        world.join(role, group, &open[..documents]);
    }
    // A second device of the first participant.
    world.add_client(world.peers[0].participant, &open[..1]);
    let sync_percent = [5, 30, 90][world.dice.below(3)];
    for step in 0..steps {
        one_step(&mut world, sync_percent);
        if step % 40 == 0 {
            world.check_replay();
        }
    }
    world.heal();
    world.check_converged();
    world
}

fn one_step(world: &mut World, sync_percent: u64) {
    let peer = world.dice.below(world.peers.len());
    if world.dice.chance(sync_percent) {
        let count = 1 + world.dice.below(4);
        world.sync(count);
        if world.dice.chance(80) {
            while world.report() {}
        }
    }
    match world.dice.below(100) {
        0..30 => {
            let open: Vec<_> = world.peers[peer].copies.keys().copied().collect();
            let document = open[world.dice.below(open.len())];
            world.edit(peer, document);
        }
        30..75 => deliver(world),
        75..82 if world.peers[peer].line.is_none() => {
            world.connect(peer);
        }
        82..85 => world.cut(peer),
        // A second line under the same name, while the first is half open.
        85..87 => {
            world.connect(peer);
        }
        87..89 => restart(world, peer),
        89..90 => world.crash(),
        90..97 => conduct(world, peer),
        _ => share(world),
    }
}

/// Some frames of some line arrive, one of them perhaps twice.
fn deliver(world: &mut World) {
    let lines = world.lines();
    if lines.is_empty() {
        return;
    }
    let connection = lines[world.dice.below(lines.len())];
    if world.dice.chance(5) {
        world.duplicate(connection);
    }
    for _ in 0..=world.dice.below(4) {
        if world.dice.chance(50) {
            world.deliver_up(connection);
        } else {
            world.deliver_down(connection);
        }
    }
}

fn restart(world: &mut World, peer: usize) {
    world.cut(peer);
    let mut dice = world.dice.clone();
    world.peers[peer].restart(&mut dice);
    world.dice = dice;
}

fn conduct(world: &mut World, peer: usize) {
    let document = world.harvests[world.dice.below(world.harvests.len())];
    let participant = world.peers[peer].participant;
    let command = match world.dice.below(8) {
        0 | 1 => Command::SetFrozen { document, frozen: true },
        2 | 3 => Command::SetFrozen { document, frozen: false },
        4 => {
            let group = world.dice.below(world.groups.len() + 1);
            Command::Move { participant, group: world.groups.get(group).copied() }
        }
        5 => Command::Promote { participant, role: Role::Participant },
        6 => Command::Promote { participant, role: Role::Observer },
        _ if world.dice.chance(50) => Command::SetStatus { status: Status::Closed },
        _ => Command::SetStatus { status: Status::Open },
    };
    world.command(Caller::Member(world.facilitator), command);
}

/// The first participant's two devices exchange what they have without the server.
fn share(world: &mut World) {
    let (document, other) = (world.harvests[0], world.peers.len() - 1);
    let Some(mut copy) = world.peers[0].copies.get(&document).map(|copy| copy.document.clone())
    else {
        return;
    };
    let said = world.peers[other].merge(document, &mut copy);
    if let (Some(frame), Some(connection)) = (said, world.peers[other].line) {
        world.send(connection, frame);
    }
}
