//! Blocks, clocks, the spotlight and guests, told to one fold.

use oogst_protocol::event::{Conduct as Did, Role, Spotlight, Status};

use super::super::stage::{FACILITATOR, Stage, at, group, harvest, item, person};
use super::*;
use crate::port::{Answer, Block, Caller, Command, Conduct, Question, Timer};

fn tell(stage: &mut Stage, asked: Conducting) -> Result<Vec<Did>, Refusal> {
    let acts = stage.tell(FACILITATOR, Command::Conduct(asked))?;
    let conducted = |act| if let Act::Conducted(conduct) = act { Some(conduct) } else { None };
    Ok(acts.into_iter().filter_map(conducted).collect())
}

fn seen(stage: &Stage, caller: Caller) -> Conduct {
    match stage.ask(caller, Question::Conduct) {
        Ok(Answer::Conduct(conduct)) => *conduct,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_block_runs_at_a_time() {
    let mut stage = Stage::open(1);
    let start = |number| Conducting::StartBlock { block: item(number) };
    let end = |number| Conducting::EndBlock { block: item(number) };
    let (one, two) = (item(1), item(2));
    assert!(matches!(tell(&mut stage, end(1)), Err(Refusal::Conflict { .. })));
    assert_eq!(tell(&mut stage, start(1)), Ok(vec![Did::BlockStarted { block: one }]));
    assert_eq!(tell(&mut stage, start(1)), Ok(vec![]), "the same again is done already");
    stage.now = at(60);
    let next = vec![Did::BlockEnded { block: one }, Did::BlockStarted { block: two }];
    assert_eq!(tell(&mut stage, start(2)), Ok(next));
    stage.now = at(90);
    assert_eq!(tell(&mut stage, end(2)), Ok(vec![Did::BlockEnded { block: two }]));
    assert_eq!(tell(&mut stage, end(2)), Ok(vec![]));
    let times = |started, ended| Block {
        started: Some(at(started)),
        ended: Some(at(ended)),
        shifted_minutes: 0,
    };
    let shown = seen(&stage, FACILITATOR);
    assert_eq!((shown.running, shown.now), (None, at(90)));
    assert_eq!(shown.blocks, [(one, times(0, 60)), (two, times(60, 90))]);
}

#[test]
fn a_shift_is_told_as_a_sum_and_kept_as_steps() {
    let mut stage = Stage::open(1);
    let block = item(1);
    let shift = |minutes| Conducting::ShiftBlock { block, minutes };
    assert_eq!(tell(&mut stage, shift(10)), Ok(vec![Did::BlockShifted { block, minutes: 10 }]));
    assert_eq!(tell(&mut stage, shift(10)), Ok(vec![]));
    assert_eq!(tell(&mut stage, shift(-5)), Ok(vec![Did::BlockShifted { block, minutes: -15 }]));
    assert_eq!(seen(&stage, FACILITATOR).blocks[0].1.shifted_minutes, -5);
    assert!(matches!(tell(&mut stage, shift(1_441)), Err(Refusal::Invalid { .. })));
}

#[test]
fn nobody_makes_the_list_of_blocks_grow_without_end() {
    let mut stage = Stage::open(1);
    for number in 0..BLOCKS_MAX as u128 {
        tell(&mut stage, Conducting::StartBlock { block: item(number) }).unwrap();
    }
    let one_more = Conducting::StartBlock { block: item(BLOCKS_MAX as u128) };
    assert!(matches!(tell(&mut stage, one_more), Err(Refusal::Full { most: BLOCKS_MAX, .. })));
    assert!(tell(&mut stage, Conducting::StartBlock { block: item(0) }).is_ok());
}

#[test]
fn a_clock_runs_in_its_scope_for_everybody_alike() {
    let mut stage = Stage::open(2);
    let an = stage.join(Role::Participant).unwrap();
    let scope = TimerScope::Group(group(2));
    let start = |seconds| Conducting::StartTimer { scope, seconds };
    stage.now = at(10);
    assert_eq!(tell(&mut stage, start(300)).unwrap().len(), 1);
    stage.now = at(20);
    assert_eq!(tell(&mut stage, start(300)), Ok(vec![]), "sent twice: it runs as it did");
    let timer = Timer { started: at(10), seconds: 300 };
    for caller in [FACILITATOR, an, Caller::Operator] {
        assert_eq!(seen(&stage, caller).timers, [(scope, timer)]);
    }
    assert_eq!(tell(&mut stage, start(60)).unwrap().len(), 1, "another length starts anew");
    stage.now = at(80);
    assert_eq!(tell(&mut stage, start(60)).unwrap().len(), 1, "so does one that has run out");
    assert_eq!(tell(&mut stage, Conducting::StopTimer { scope }).unwrap().len(), 1);
    assert_eq!(tell(&mut stage, Conducting::StopTimer { scope }), Ok(vec![]));
    assert!(seen(&stage, an).timers.is_empty());
    for wrong in [0, 86_401] {
        assert!(matches!(tell(&mut stage, start(wrong)), Err(Refusal::Invalid { .. })));
    }
    for scope in [TimerScope::Group(group(3)), TimerScope::Document(harvest(3))] {
        let start = Conducting::StartTimer { scope, seconds: 1 };
        assert!(matches!(tell(&mut stage, start), Err(Refusal::Unknown { .. })));
    }
}

#[test]
fn the_spotlight_is_on_one_thing_that_is_there() {
    let mut stage = Stage::open(1);
    let light = |spotlight| Conducting::SetSpotlight { spotlight };
    let insight = Spotlight::Item { document: harvest(1), item: item(1) };
    for spotlight in [Some(insight), Some(Spotlight::Group(group(1))), None] {
        assert_eq!(tell(&mut stage, light(spotlight)), Ok(vec![Did::SpotlightSet { spotlight }]));
        assert_eq!(tell(&mut stage, light(spotlight)), Ok(vec![]));
        assert_eq!(seen(&stage, FACILITATOR).spotlight, spotlight);
    }
    let elsewhere = Spotlight::Item { document: harvest(2), item: item(1) };
    for spotlight in [elsewhere, Spotlight::Group(group(2))] {
        let refused = tell(&mut stage, light(Some(spotlight)));
        assert!(matches!(refused, Err(Refusal::Unknown { .. })), "{refused:?}");
    }
}

#[test]
fn only_who_conducts_the_day_does_and_only_before_it_is_closed() {
    let mut stage = Stage::open(1);
    let an = stage.join(Role::Participant).unwrap();
    let all = [
        Conducting::StartBlock { block: item(1) },
        Conducting::EndBlock { block: item(1) },
        Conducting::ShiftBlock { block: item(1), minutes: 1 },
        Conducting::StartTimer { scope: TimerScope::Gathering, seconds: 1 },
        Conducting::StopTimer { scope: TimerScope::Gathering },
        Conducting::SetSpotlight { spotlight: None },
        Conducting::AnnounceGuests { starts: at(1) },
        Conducting::AdmitGuests { until: None },
        Conducting::DismissGuests,
    ];
    for asked in all {
        let refused = stage.tell(an, Command::Conduct(asked));
        assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{asked:?}");
    }
    stage.tell(FACILITATOR, Command::SetStatus { status: Status::Closed }).unwrap();
    for asked in &all[..8] {
        let refused = stage.tell(FACILITATOR, Command::Conduct(*asked));
        assert!(matches!(refused, Err(Refusal::Conflict { .. })), "{asked:?}");
    }
    assert!(stage.tell(FACILITATOR, Command::Conduct(Conducting::DismissGuests)).is_ok());
}

/// How many guests and how many people sit in each group.
fn seated(stage: &Stage, groups: u128) -> Vec<(usize, usize)> {
    let people = || stage.fold.participants.values();
    let rounds = &stage.fold.rounds;
    let at = |number| people().filter(move |who| who.group(rounds) == Some(group(number)));
    let guests = |number| at(number).filter(|who| who.role == Role::Guest).count();
    (1..=groups).map(|number| (guests(number), at(number).count())).collect()
}

#[test]
fn guests_wait_until_they_are_let_in_and_are_spread_evenly() {
    let mut stage = Stage::open(5);
    for (seat, number) in [1, 1, 1, 2, 4, 5, 5].into_iter().enumerate() {
        let an = stage.join(Role::Participant).unwrap();
        let participant = person(seat as u128 + 2);
        stage.tell(an, Command::Move { participant, group: Some(group(number)) }).unwrap();
    }
    assert!(matches!(stage.join(Role::Guest), Err(Refusal::Conflict { .. })));
    let announced = Conducting::AnnounceGuests { starts: at(100) };
    assert_eq!(tell(&mut stage, announced).unwrap().len(), 1);
    assert_eq!(tell(&mut stage, announced), Ok(vec![]));
    let expected = Guests::Expected { starts: Some(at(100)) };
    assert_eq!(seen(&stage, FACILITATOR).guests, expected);
    assert!(matches!(stage.join(Role::Guest), Err(Refusal::Conflict { .. })));

    stage.now = at(100);
    tell(&mut stage, Conducting::AdmitGuests { until: Some(at(200)) }).unwrap();
    // The empty group first, then by order of forming, then on to the fuller ones.
    for wanted in [3, 2, 4, 5, 1] {
        stage.join(Role::Guest).unwrap();
        assert_eq!(seated(&stage, 5)[wanted - 1].0, 1, "group {wanted} is next");
    }
    for _ in 0..5 {
        stage.join(Role::Guest).unwrap();
    }
    assert_eq!(seated(&stage, 5), [(2, 5), (2, 3), (2, 2), (2, 3), (2, 4)]);
}

#[test]
fn a_guests_time_ends_by_the_clock_and_for_good() {
    let mut stage = Stage::open(1);
    tell(&mut stage, Conducting::AdmitGuests { until: Some(at(200)) }).unwrap();
    let guest = stage.join(Role::Guest).unwrap();
    let promoted = stage.join(Role::Guest).unwrap();
    let Caller::Member(participant) = promoted else { unreachable!() };
    let role = Role::Participant;
    stage.tell(FACILITATOR, Command::Promote { participant, role }).unwrap();
    assert!(stage.ask(guest, Question::Gathering).is_ok());

    stage.now = at(200);
    let unknown = Err(Refusal::Unknown { what: "gathering" });
    assert_eq!(stage.ask(guest, Question::Gathering), unknown, "also before the log says so");
    assert!(stage.ask(promoted, Question::Gathering).is_ok());
    assert!(matches!(stage.join(Role::Guest), Err(Refusal::Conflict { .. })));

    tell(&mut stage, Conducting::DismissGuests).unwrap();
    assert_eq!(tell(&mut stage, Conducting::DismissGuests), Ok(vec![]));
    stage.now = at(150);
    let Caller::Member(gone) = guest else { unreachable!() };
    assert_eq!((stage.fold.role(gone), stage.fold.knows(gone)), (None, true));
    assert_eq!(stage.ask(guest, Question::Gathering), unknown);
    assert!(stage.ask(promoted, Question::Gathering).is_ok());
    tell(&mut stage, Conducting::AnnounceGuests { starts: at(160) }).unwrap();
    assert_eq!(stage.ask(guest, Question::Gathering), unknown, "a next time is not yet");
    tell(&mut stage, Conducting::AdmitGuests { until: None }).unwrap();
    assert!(stage.ask(guest, Question::Gathering).is_ok(), "let in again, they are who they were");
    let past = Conducting::AdmitGuests { until: Some(at(150)) };
    assert!(matches!(tell(&mut stage, past), Err(Refusal::Invalid { .. })));
}
