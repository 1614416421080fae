//! A theme vote from its opening to the selection that everybody sees; and, for any acts of
//! anybody, that budgets hold, totals are sums, and nothing hidden is in any answer.

use std::collections::BTreeMap;

use oogst_protocol::api::{VotePhase, VoteTie};
use oogst_protocol::event::Status;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::stage::{FACILITATOR, Stage, item};
use super::*;
use crate::port::{Answer, Caller, Command, Conducting, Question, Vote as Seen};

const VOTE: VoteId = VoteId::new(Uuid::from_u128(7));

fn dots(given: &[(u128, u16)]) -> Vec<Dots> {
    given.iter().map(|(theme, count)| Dots { theme: item(*theme), count: *count }).collect()
}

fn themes(numbers: impl IntoIterator<Item = u128>) -> Vec<ItemId> {
    numbers.into_iter().map(item).collect()
}

fn tell(stage: &mut Stage, caller: Caller, asked: Voting) -> Result<usize, Refusal> {
    Ok(stage.tell(caller, Command::Vote { vote: VOTE, asked })?.len())
}

fn seen(stage: &Stage, caller: Caller) -> Seen {
    match stage.ask(caller, Question::Votes) {
        Ok(Answer::Votes(votes)) => votes.into_iter().find(|vote| vote.id == VOTE).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// The totals in order of rank, as the caller sees them.
fn totals(stage: &Stage, caller: Caller) -> Vec<(ItemId, u32, usize)> {
    let told = |theme: crate::port::VotedTheme| {
        theme.tally.map(|tally| (theme.theme, tally.dots, tally.rank))
    };
    seen(stage, caller).themes.into_iter().filter_map(told).collect()
}

/// A vote between themes 1 to `count`.
fn open(count: u128, budget: u16, most_each: u16, choose: u16) -> (Stage, Vec<Caller>) {
    let mut stage = Stage::open(1);
    let people = (0..4).map(|_| stage.join(Role::Participant).unwrap()).collect();
    let themes = themes(1..=count);
    let asked = Voting::Open { themes, bounds: VoteBounds { budget, most_each, choose } };
    assert_eq!(tell(&mut stage, FACILITATOR, asked), Ok(1));
    (stage, people)
}

#[test]
fn a_ballot_keeps_to_the_budget_and_replaces_the_one_before() {
    let (mut stage, people) = open(3, 3, 2, 1);
    let mut cast =
        |given: &[(u128, u16)]| tell(&mut stage, people[0], Voting::Cast { dots: dots(given) });
    for wrong in [&[(1, 3)][..], &[(1, 2), (2, 2)], &[(4, 1)], &[(1, 1), (1, 1)]] {
        assert!(matches!(cast(wrong), Err(Refusal::Invalid { .. })), "{wrong:?}");
    }
    assert_eq!(cast(&[(1, 2), (2, 1)]), Ok(1));
    assert_eq!(cast(&[(2, 1), (3, 0), (1, 2)]), Ok(0), "the same, written otherwise");
    assert_eq!(cast(&[(3, 1)]), Ok(1));
    tell(&mut stage, FACILITATOR, Voting::Close).unwrap();
    let [one, two, three] = [1, 2, 3].map(item);
    assert_eq!(totals(&stage, FACILITATOR), [(three, 1, 1), (one, 0, 2), (two, 0, 2)]);
}

#[test]
fn who_only_reads_or_came_later_does_not_choose() {
    let (mut stage, people) = open(2, 1, 1, 1);
    stage.tell(FACILITATOR, Command::Conduct(Conducting::AdmitGuests { until: None })).unwrap();
    let ballot = || Voting::Cast { dots: dots(&[(1, 1)]) };
    for role in [Role::Observer, Role::Guest] {
        let caller = stage.join(role).unwrap();
        assert!(matches!(tell(&mut stage, caller, ballot()), Err(Refusal::Forbidden { .. })));
    }
    let refused = tell(&mut stage, Caller::Operator, ballot());
    assert!(matches!(refused, Err(Refusal::Forbidden { .. })));
    assert_eq!(tell(&mut stage, FACILITATOR, ballot()), Ok(1));
    let Caller::Member(participant) = people[0] else { unreachable!() };
    let role = Role::CoreGroup;
    stage.tell(FACILITATOR, Command::Promote { participant, role }).unwrap();
    assert_eq!(tell(&mut stage, people[0], ballot()), Ok(1));
    for asked in [Voting::Close, Voting::Show, Voting::AddPaper { dots: Vec::new() }] {
        assert!(matches!(tell(&mut stage, people[1], asked), Err(Refusal::Forbidden { .. })));
    }
}

#[test]
fn nothing_is_seen_before_the_close_and_all_only_once_it_is_shown() {
    let (mut stage, people) = open(3, 3, 3, 1);
    tell(&mut stage, people[0], Voting::Cast { dots: dots(&[(2, 3)]) }).unwrap();
    tell(&mut stage, FACILITATOR, Voting::AddPaper { dots: dots(&[(3, 1)]) }).unwrap();
    for caller in [FACILITATOR, Caller::Operator, people[0], people[1]] {
        let vote = seen(&stage, caller);
        assert_eq!((vote.phase, vote.voters), (VotePhase::Open, 1));
        assert_eq!(vote.has_voted, caller == people[0]);
        assert_eq!((vote.tie, vote.selection), (None, None));
        let order: Vec<_> = vote.themes.iter().map(|theme| theme.theme).collect();
        assert_eq!(order, themes(1..=3), "as it was opened, whatever was cast");
        assert!(vote.themes.iter().all(|theme| theme.tally.is_none()));
    }
    tell(&mut stage, FACILITATOR, Voting::Close).unwrap();
    assert_eq!(tell(&mut stage, FACILITATOR, Voting::Close), Ok(0));
    assert_eq!(totals(&stage, FACILITATOR), [(item(2), 3, 1), (item(3), 1, 2), (item(1), 0, 3)]);
    assert_eq!(totals(&stage, people[0]), []);
    for asked in [Voting::Cast { dots: Vec::new() }, Voting::AddPaper { dots: Vec::new() }] {
        assert!(matches!(tell(&mut stage, FACILITATOR, asked), Err(Refusal::Conflict { .. })));
    }
    let confirm = || Voting::Confirm { themes: themes([2]), reason: None };
    assert_eq!(tell(&mut stage, FACILITATOR, confirm()), Ok(1));
    assert_eq!(tell(&mut stage, FACILITATOR, confirm()), Ok(0));
    assert_eq!(seen(&stage, FACILITATOR).phase, VotePhase::Confirmed);
    let others = seen(&stage, people[0]);
    assert_eq!((others.phase, others.selection), (VotePhase::Closed, None));
    assert_eq!(tell(&mut stage, FACILITATOR, Voting::Show), Ok(1));
    assert_eq!(tell(&mut stage, FACILITATOR, Voting::Show), Ok(0));
    assert_eq!(totals(&stage, people[0]), totals(&stage, FACILITATOR));
    assert_eq!(seen(&stage, people[0]).selection.unwrap().themes, themes([2]));
    let other = Voting::Confirm { themes: themes([1]), reason: Some("Toch".to_owned()) };
    assert!(matches!(tell(&mut stage, FACILITATOR, other), Err(Refusal::Conflict { .. })));
}

#[test]
fn a_lot_is_drawn_once_between_those_who_are_tied_for_the_last_places() {
    let (mut stage, people) = open(5, 4, 2, 3);
    let given = [(1, 2), (2, 1), (3, 1)];
    tell(&mut stage, people[0], Voting::Cast { dots: dots(&given) }).unwrap();
    tell(&mut stage, people[1], Voting::Cast { dots: dots(&[(4, 1)]) }).unwrap();
    assert!(tell(&mut stage, FACILITATOR, Voting::DrawLot { chance: 1 }).is_err(), "still open");
    tell(&mut stage, FACILITATOR, Voting::Close).unwrap();
    let tie = VoteTie { themes: themes([2, 3, 4]), places: 2, drawn: false };
    assert_eq!(seen(&stage, FACILITATOR).tie, Some(tie));
    let confirm = |numbers: [u128; 3], reason: Option<&str>| Voting::Confirm {
        themes: themes(numbers),
        reason: reason.map(str::to_owned),
    };
    let undrawn = tell(&mut stage, FACILITATOR, confirm([1, 2, 3], None));
    assert!(matches!(undrawn, Err(Refusal::Invalid { .. })), "neither a lot nor a reason");
    assert_eq!(tell(&mut stage, FACILITATOR, Voting::DrawLot { chance: 1 }), Ok(1));
    assert_eq!(tell(&mut stage, FACILITATOR, Voting::DrawLot { chance: 2 }), Ok(0));
    let drawn = seen(&stage, FACILITATOR).tie.unwrap();
    assert!(drawn.drawn);
    let ranks: Vec<_> = totals(&stage, FACILITATOR).into_iter().map(|(_, _, rank)| rank).collect();
    assert_eq!(ranks, [1, 2, 3, 4, 5], "the lot decides all places between them");
    let [first, second, last] = [0, 1, 2].map(|place| drawn.themes[place]);
    let unlucky = Voting::Confirm { themes: vec![item(1), first, last], reason: None };
    assert!(matches!(tell(&mut stage, FACILITATOR, unlucky), Err(Refusal::Invalid { .. })));
    let lucky = Voting::Confirm { themes: vec![second, item(1), first], reason: None };
    assert_eq!(tell(&mut stage, FACILITATOR, lucky), Ok(1));
    let other = confirm([1, 2, 5], Some("Thema 5 raakt iedereen"));
    assert_eq!(tell(&mut stage, FACILITATOR, other), Ok(1), "with a reason, before it is shown");
    assert!(matches!(
        tell(&mut stage, FACILITATOR, Voting::DrawLot { chance: 3 }),
        Err(Refusal::Conflict { .. })
    ));
}

#[test]
fn merged_themes_count_as_one_and_enough_are_left() {
    let (mut stage, people) = open(4, 4, 4, 2);
    let given = [(1, 1), (2, 1), (3, 2)];
    tell(&mut stage, people[0], Voting::Cast { dots: dots(&given) }).unwrap();
    let merge = |from, into| Voting::Merge { from: item(from), into: item(into) };
    assert!(matches!(tell(&mut stage, FACILITATOR, merge(2, 1)), Err(Refusal::Conflict { .. })));
    tell(&mut stage, FACILITATOR, Voting::Close).unwrap();
    assert_eq!(tell(&mut stage, FACILITATOR, merge(2, 1)), Ok(1));
    assert_eq!(tell(&mut stage, FACILITATOR, merge(2, 1)), Ok(0));
    for wrong in [merge(1, 1), merge(2, 3), merge(3, 2), merge(1, 9)] {
        assert!(matches!(tell(&mut stage, FACILITATOR, wrong), Err(Refusal::Invalid { .. })));
    }
    assert_eq!(tell(&mut stage, FACILITATOR, merge(1, 4)), Ok(1), "and what was in it");
    assert_eq!(totals(&stage, FACILITATOR), [(item(3), 2, 1), (item(4), 2, 1)]);
    assert_eq!(seen(&stage, FACILITATOR).themes[1].merged, themes([1, 2]));
    assert!(matches!(tell(&mut stage, FACILITATOR, merge(3, 4)), Err(Refusal::Conflict { .. })));
    let gone = Voting::Confirm { themes: themes([3, 1]), reason: Some("?".to_owned()) };
    assert!(matches!(tell(&mut stage, FACILITATOR, gone), Err(Refusal::Invalid { .. })));
    let one = Voting::Confirm { themes: themes([3]), reason: Some("?".to_owned()) };
    assert!(matches!(tell(&mut stage, FACILITATOR, one), Err(Refusal::Invalid { .. })));
    let both = Voting::Confirm { themes: themes([4, 3]), reason: None };
    assert_eq!(tell(&mut stage, FACILITATOR, both), Ok(1));
}

#[test]
fn a_vote_is_opened_once_and_only_between_themes_to_choose_from() {
    let (mut stage, _) = open(3, 3, 2, 2);
    let open = |numbers: &[u128], budget, most_each, choose| Voting::Open {
        themes: themes(numbers.iter().copied()),
        bounds: VoteBounds { budget, most_each, choose },
    };
    assert_eq!(tell(&mut stage, FACILITATOR, open(&[1, 2, 3], 3, 2, 2)), Ok(0));
    let other = tell(&mut stage, FACILITATOR, open(&[1, 2, 3], 3, 2, 1));
    assert!(matches!(other, Err(Refusal::Conflict { .. })), "the id is taken");
    for wrong in [
        open(&[1], 1, 1, 1),
        open(&[1, 1], 1, 1, 1),
        open(&[1, 2], 0, 0, 1),
        open(&[1, 2], 2, 3, 1),
        open(&[1, 2], 101, 1, 1),
        open(&[1, 2], 1, 1, 0),
        open(&[1, 2], 1, 1, 3),
    ] {
        let refused = tell(&mut stage, FACILITATOR, wrong);
        assert!(matches!(refused, Err(Refusal::Invalid { .. })), "{refused:?}");
    }
    stage.tell(FACILITATOR, Command::SetStatus { status: Status::Closed }).unwrap();
    let late = tell(&mut stage, FACILITATOR, open(&[1, 2], 1, 1, 1));
    assert!(matches!(late, Err(Refusal::Conflict { .. })));
}

#[test]
fn chance_alone_decides_the_order_of_a_lot() {
    let tied = themes(1..=5);
    let mut firsts = BTreeMap::new();
    for chance in 0..1_000 {
        let order = shuffled(tied.clone(), chance);
        assert_eq!(order, shuffled(tied.clone(), chance));
        assert_eq!(order.iter().collect::<BTreeSet<_>>(), tied.iter().collect());
        *firsts.entry(order[0]).or_insert(0) += 1;
    }
    assert!(tied.iter().all(|theme| (140..260).contains(&firsts[theme])), "{firsts:?}");
}

/// What somebody may try in a vote: who, and what.
fn act() -> impl Strategy<Value = (usize, Voting)> {
    let given = prop::collection::vec((1..=5_u128, 0..4_u16), 0..5).prop_map(|given| dots(&given));
    let chosen = prop::collection::vec(1..=5_u128, 0..4).prop_map(themes);
    let asked = prop_oneof![
        8 => given.clone().prop_map(|dots| Voting::Cast { dots }),
        2 => given.prop_map(|dots| Voting::AddPaper { dots }),
        1 => Just(Voting::Close),
        1 => (1..=4_u128, 1..=4_u128)
            .prop_map(|(from, into)| Voting::Merge { from: item(from), into: item(into) }),
        1 => any::<u64>().prop_map(|chance| Voting::DrawLot { chance }),
        1 => chosen.prop_map(|themes| Voting::Confirm { themes, reason: Some("?".to_owned()) }),
        1 => Just(Voting::Show),
    ];
    (0..5_usize, asked)
}

proptest! {
    /// Whatever anybody tries, in whatever order: nobody gives more than they have, the totals
    /// are the sums of the last ballots and of the paper, and the same votes with other ballots
    /// look the same to everybody until the close, and to all but who conducts until it is shown.
    #[test]
    fn hidden_means_hidden_and_totals_are_sums(acts in prop::collection::vec(act(), 1..40)) {
        let (mut stage, mut callers) = open(4, 3, 2, 2);
        let (mut other, _) = open(4, 3, 2, 2);
        callers.push(FACILITATOR);
        let mut last: BTreeMap<usize, Vec<Dots>> = BTreeMap::new();
        let mut paper = Vec::new();
        for (who, asked) in acts {
            let accepted = tell(&mut stage, callers[who], asked.clone()).is_ok();
            if let (Voting::Cast { dots }, true) = (&asked, accepted) {
                prop_assert!(dots.iter().all(|dots| dots.count <= 2));
                prop_assert!(dots.iter().map(|dots| dots.count).sum::<u16>() <= 3);
                // The same people vote over there, each for something else.
                let votes = dots.iter().any(|dots| dots.count > 0);
                let elsewhere = votes.then_some(Dots { theme: item(4), count: 1 });
                let elsewhere = Voting::Cast { dots: elsewhere.into_iter().collect() };
                tell(&mut other, callers[who], elsewhere).unwrap();
                last.insert(who, dots.clone());
            }
            if let (Voting::AddPaper { dots }, true) = (&asked, accepted) {
                paper.clone_from(dots);
            }
            if let (Voting::Close, true) = (&asked, accepted) {
                tell(&mut other, callers[who], Voting::Close).unwrap();
            }
            let vote = seen(&stage, FACILITATOR);
            if vote.phase == VotePhase::Open {
                for caller in callers.iter().copied().chain([Caller::Operator]) {
                    prop_assert_eq!(seen(&stage, caller), seen(&other, caller));
                }
            } else {
                let given: u32 = last
                    .values()
                    .flatten()
                    .chain(&paper)
                    .map(|dots| u32::from(dots.count))
                    .sum();
                let told = totals(&stage, FACILITATOR);
                prop_assert_eq!(told.iter().map(|(_, dots, _)| dots).sum::<u32>(), given);
                prop_assert!(told.is_sorted_by(|one, two| one.1 >= two.1));
            }
            if vote.phase != VotePhase::Shown {
                for caller in &callers[..4] {
                    prop_assert_eq!(seen(&stage, *caller), seen(&other, *caller));
                }
            }
        }
    }
}
