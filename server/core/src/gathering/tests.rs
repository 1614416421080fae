//! The fold of a gathering: rounds, groups, rights.

use oogst_protocol::event::{ChangeBytes, Conduct as Conducted, RoundKind};
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

use super::*;
use crate::port::{Command, NewGroup, NewRegion, Refusal};

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn round(number: u128) -> RoundId {
    RoundId::new(uuid(number))
}

fn group(number: u128) -> GroupId {
    GroupId::new(uuid(number))
}

fn harvest(number: u128) -> DocumentId {
    DocumentId::new(uuid(number))
}

fn opened(number: u128) -> Act {
    Act::RoundOpened { round: round(number), title: String::new(), kind: None }
}

fn moved(participant: ParticipantId, number: u128) -> Act {
    Act::ParticipantMoved { participant, group: Some(group(number)), round: None }
}

fn conducted(fold: &mut Fold, conduct: Conducted) {
    let by = By { participant: None, role: Role::Operator };
    fold.fold(&Entry { at: Timestamp::default(), by, act: Act::Conducted(conduct) });
}

/// A round, and a group with a harvest of the same number.
fn form(fold: &mut Fold, number: u128) {
    fold.apply(&Act::GroupFormed {
        round: fold.rounds.running().unwrap(),
        group: group(number),
        name: String::new(),
        question: String::new(),
        seats: None,
        table: None,
        theme: None,
    });
    fold.apply(&Act::DocumentOpened {
        document: harvest(number),
        kind: DocumentKind::Harvest,
        owner: Owner::Group(group(number)),
        title: String::new(),
        template: ChangeBytes(bytes::Bytes::new()),
    });
}

fn gathering() -> (Fold, ParticipantId) {
    let mut fold = Fold::default();
    let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
    fold.apply(&Act::GatheringPrepared { title, language, date: None, network: None });
    fold.apply(&opened(1));
    form(&mut fold, 1);
    form(&mut fold, 2);
    let participant = ParticipantId::new(uuid(9));
    let role = Role::Participant;
    fold.apply(&Act::ParticipantJoined { participant, role, region: None, together: None });
    (fold, participant)
}

#[test]
fn a_group_writes_in_its_own_harvest_also_after_its_round() {
    let (mut fold, participant) = gathering();
    let access = |fold: &Fold| [1, 2].map(|number| fold.access(participant, harvest(number)));
    assert_eq!(access(&fold), [Access::Read, Access::Read]);
    fold.apply(&moved(participant, 1));
    assert_eq!(access(&fold), [Access::Write, Access::Read]);
    fold.apply(&moved(participant, 2));
    assert_eq!(access(&fold), [Access::Read, Access::Write], "one group in a round");
    fold.apply(&opened(2));
    assert_eq!(access(&fold), [Access::Read, Access::Write], "an earlier round's stays");
    fold.apply(&Act::DocumentFrozen { document: harvest(2) });
    assert_eq!(access(&fold), [Access::Read, Access::Read], "until it is locked");
}

#[test]
fn whoever_is_removed_or_unknown_sees_nothing() {
    let (mut fold, participant) = gathering();
    assert_eq!(fold.access(participant, harvest(3)), Access::Nothing);
    fold.apply(&Act::ParticipantRemoved { participant });
    assert_eq!(fold.access(participant, harvest(1)), Access::Nothing);
    assert_eq!((fold.by(participant), fold.knows(participant)), (None, true));
}

/// What somebody's command comes to; it is folded.
fn give(fold: &mut Fold, by: By, command: &Command) -> Result<Vec<Act>, Refusal> {
    let acts = fold.judge(Timestamp::from_milliseconds(0), by, command)?;
    acts.iter().for_each(|act| fold.apply(act));
    Ok(acts)
}

fn facilitator() -> By {
    By { participant: Some(ParticipantId::new(uuid(8))), role: Role::Facilitator }
}

/// A round of two tables, the first with one seat; groups 5 and 6.
fn plan(members: &[(ParticipantId, usize)]) -> Command {
    let group = |number, seats| NewGroup {
        group: group(number),
        harvest: harvest(number),
        name: format!("Tafel {number}"),
        question: String::new(),
        seats,
        table: Some("bij het raam".to_owned()),
        theme: None,
    };
    Command::PlanRound {
        round: round(5),
        title: "Thema's".to_owned(),
        kind: RoundKind::Theme,
        groups: vec![group(5, Some(1)), group(6, None)],
        members: members.iter().copied().collect(),
    }
}

fn run(number: u128) -> Command {
    Command::RunRound { round: Some(round(number)) }
}

fn go(participant: ParticipantId, number: u128) -> Command {
    Command::Move { participant, group: Some(group(number)) }
}

fn enter(fold: &mut Fold, number: u128) -> By {
    let participant = ParticipantId::new(uuid(number));
    fold.apply(&Act::ParticipantJoined {
        participant,
        role: Role::Participant,
        region: None,
        together: None,
    });
    fold.by(participant).unwrap()
}

#[test]
fn a_place_in_a_planned_round_counts_from_its_opening_on() {
    let (mut fold, an) = gathering();
    give(&mut fold, facilitator(), &plan(&[(an, 0)])).unwrap();
    assert_eq!(fold.access(an, harvest(5)), Access::Read, "it is only a plan");
    give(&mut fold, facilitator(), &run(5)).unwrap();
    assert_eq!(fold.access(an, harvest(5)), Access::Write);
    assert_eq!(give(&mut fold, facilitator(), &run(5)), Ok(vec![]), "it runs already");
    give(&mut fold, facilitator(), &Command::RunRound { round: None }).unwrap();
    assert_eq!(fold.rounds.running(), None);
    assert_eq!(fold.access(an, harvest(5)), Access::Write, "until its documents are locked");
    give(&mut fold, facilitator(), &run(1)).unwrap();
    assert_eq!(fold.rounds.running(), Some(round(1)), "an earlier round can be run again");
    assert_eq!(fold.access(an, harvest(5)), Access::Write);
}

#[test]
fn a_full_table_takes_only_whom_a_facilitator_places() {
    let (mut fold, an) = gathering();
    let bo = enter(&mut fold, 10);
    let bo_id = bo.participant.unwrap();
    give(&mut fold, facilitator(), &plan(&[(an, 0)])).unwrap();
    let early = give(&mut fold, bo, &go(bo_id, 6)).unwrap_err();
    assert!(early.to_string().contains("has not begun"), "{early}");
    give(&mut fold, facilitator(), &run(5)).unwrap();
    let full = give(&mut fold, bo, &go(bo_id, 5)).unwrap_err();
    assert!(
        matches!(full, Refusal::Conflict { why } if why.to_string().contains("full")),
        "{full}"
    );
    give(&mut fold, bo, &go(bo_id, 6)).unwrap();
    give(&mut fold, facilitator(), &go(bo_id, 5)).unwrap();
    assert_eq!(fold.access(bo_id, harvest(5)), Access::Write);
    assert_eq!(fold.access(bo_id, harvest(6)), Access::Read, "one group a round");
    let over = give(&mut fold, facilitator(), &go(an, 1)).unwrap_err();
    assert!(over.to_string().contains("over"), "{over}");
}

#[test]
fn a_round_that_cannot_be_is_refused_whole() {
    let (mut fold, an) = gathering();
    let by_an = fold.by(an).unwrap();
    let before = fold.clone();
    let refused = give(&mut fold, by_an, &plan(&[])).unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused}");
    let refused = give(&mut fold, facilitator(), &plan(&[(an, 2)])).unwrap_err();
    assert!(matches!(refused, Refusal::Invalid { .. }), "{refused}");
    let nobody = ParticipantId::new(uuid(77));
    let refused = give(&mut fold, facilitator(), &plan(&[(nobody, 0)])).unwrap_err();
    assert_eq!(refused, Refusal::Unknown { what: "participant" });
    let refused = give(&mut fold, facilitator(), &run(5)).unwrap_err();
    assert_eq!(refused, Refusal::Unknown { what: "round" });
    assert_eq!(fold, before);
}

#[test]
fn a_region_goes_by_one_name_whoever_types_it() {
    let (mut fold, _) = gathering();
    let mut join = |number: u128, name: &str| {
        let participant = ParticipantId::new(uuid(number));
        let region = RegionId::new(uuid(number + 100));
        let region = Some(NewRegion { region, name: name.to_owned() });
        let role = Role::Participant;
        let by = By { participant: Some(participant), role };
        give(&mut fold, by, &Command::Join { participant, role, region, together: 0 }).unwrap();
        fold.participants[&participant].region
    };
    let first = join(20, " Vlaamse Ardennen ");
    assert!(first.is_some());
    assert_eq!(join(21, "vlaamse ardennen"), first);
    let other = join(22, "Westhoek");
    assert!(other.is_some() && other != first);
    assert_eq!(fold.regions.len(), 2);
    assert_eq!(fold.regions[0].name, "Vlaamse Ardennen");
}

#[test]
fn a_guest_whose_time_is_over_may_do_nothing_until_guests_are_let_in_again() {
    let (mut fold, an) = gathering();
    let participant = ParticipantId::new(uuid(11));
    fold.apply(&Act::ParticipantJoined {
        participant,
        role: Role::Guest,
        region: None,
        together: None,
    });
    fold.apply(&moved(participant, 1));
    assert_eq!(fold.access(participant, harvest(1)), Access::Write);
    conducted(&mut fold, Conducted::GuestsDismissed);
    assert_eq!(fold.access(participant, harvest(1)), Access::Nothing);
    assert_eq!((fold.by(participant), fold.knows(participant)), (None, true));
    assert_eq!(fold.access(an, harvest(1)), Access::Read, "nobody else");
    conducted(&mut fold, Conducted::GuestsAdmitted { until: None });
    assert_eq!(fold.access(participant, harvest(1)), Access::Write);
}

#[test]
fn whoever_left_is_gone_and_only_they_themselves_can_leave() {
    let (mut fold, an) = gathering();
    let refused = give(&mut fold, facilitator(), &Command::Leave { participant: an }).unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden { .. }), "{refused}");
    let by_an = fold.by(an).unwrap();
    give(&mut fold, by_an, &Command::Leave { participant: an }).unwrap();
    assert_eq!((fold.by(an), fold.knows(an)), (None, true));
    assert_eq!(fold.access(an, harvest(1)), Access::Nothing);
}
