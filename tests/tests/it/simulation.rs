//! The seeded simulation: hub, peers, network and disk under every kind of bad luck.
//!
//! Each seed is one short day. What is checked when is said in `oogst_tests::sim::check`. To repeat
//! one seed: `OOGST_SEED=n`; for more of them: `OOGST_SEEDS=n`.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::ops::Range;

use oogst_core::port::{Caller, CloseCode, Command};
use oogst_protocol::event::{Role, Status};
use oogst_tests::seeds;
use oogst_tests::sim::World;
use oogst_tests::sim::disk::Cut;

const SEEDS: u64 = 200;
const STEPS: usize = 160;
/// Of so many days, one is lived again for each of its writes, with the disk cut there.
const DAYS_A_CUT_DAY: u64 = 40;
const CUT_STEPS: usize = 60;

fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn range(count: u64) -> Range<u64> {
    let one = variable("OOGST_SEED").map(|seed| seed..seed + 1);
    one.unwrap_or(0..count)
}

fn days() -> u64 {
    variable("OOGST_SEEDS").unwrap_or(SEEDS)
}

fn repeat(seed: u64, test: &str) -> String {
    format!("OOGST_SEED={seed} cargo test -p oogst-tests --test it simulation::{test}")
}

/// What a day came to.
#[derive(Default)]
struct Sum {
    events: usize,
    rests: usize,
    closes: BTreeMap<CloseCode, usize>,
}

/// Any edits under any luck: acknowledged is durable, peers converge, nothing refused is lost.
#[test]
fn peers_converge_and_what_is_acknowledged_stays() {
    let again = |seed| repeat(seed, "peers_converge_and_what_is_acknowledged_stays");
    let seeds = range(days());
    let mut sum = Sum::default();
    for (events, rests, closes) in seeds::each(seeds.clone(), again, |seed| {
        let world = day(seed, STEPS, None);
        (world.disk.events().len(), world.rests, world.closes)
    }) {
        sum.events += events;
        sum.rests += rests;
        closes.into_iter().for_each(|code| *sum.closes.entry(code).or_default() += 1);
    }
    let Sum { events, rests, closes } = sum;
    println!("{events} events, {rests} rests in {seeds:?}; sockets closed: {closes:?}");
    if seeds.end - seeds.start >= SEEDS {
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
        let runs = [(); 2].map(|()| day(seed, STEPS, None).trace());
        assert_eq!(runs[0], runs[1], "seed {seed}");
    }
}

/// The disk is cut at each write of a day, before it and after it, whether it is the first of its
/// sync or stands in the middle: nobody has heard of any write of that sync.
#[test]
fn a_disk_that_is_cut_at_any_write_loses_nothing_acknowledged() {
    let again = |seed| repeat(seed, "a_disk_that_is_cut_at_any_write_loses_nothing_acknowledged");
    let seeds = range(days().div_ceil(DAYS_A_CUT_DAY));
    let cuts = seeds::each(seeds.clone(), again, |seed| {
        let writes = day(seed, CUT_STEPS, None).disk.writes();
        let mut cut = 0;
        for write in 1..=writes {
            for at in [Cut::Before(write), Cut::After(write)] {
                cut += usize::from(day(seed, CUT_STEPS, Some(at)).disk.was_cut());
            }
        }
        assert_eq!(cut, 2 * writes, "each write is cut at");
        cut
    });
    let cuts: usize = cuts.into_iter().sum();
    println!("the disk was cut {cuts} times in the days {seeds:?}");
}

/// One short day, up to its quiet end. The disk is cut where `cut` says, counted from the morning.
fn day(seed: u64, steps: usize, cut: Option<Cut>) -> World {
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
    let rest_percent = [1, 6][world.dice.below(2)];
    world.disk.watch(cut);
    for _ in 0..steps {
        one_step(&mut world, sync_percent);
        world.check_rest();
        if world.dice.chance(rest_percent) {
            world.run_until_quiet();
            world.check_rest();
        }
    }
    // A last rest with every lock as it is.
    world.run_until_quiet();
    world.check_rest();
    assert!(world.rests > 0, "a day has rests");
    world.disk.watch_no_more();
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
            let together = 1 + world.dice.below(4);
            while world.report(together) {}
        }
    }
    if world.dice.chance(20) {
        let fails = world.dice.chance(20);
        world.give_snapshot(fails);
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
        89..90 => {
            let written = world.dice.below(world.disk.pending() + 1);
            world.crash_after(written);
        }
        90..97 => conduct(world, peer),
        97..98 => {
            let document = world.harvests[world.dice.below(world.harvests.len())];
            world.edit_elsewhere(document);
        }
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
