//! Golden vectors of the acts that came after the first ones of version 1, and of the fields that
//! came after the first ones of an act. Never recorded anew: what was once written must be read for
//! ever.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{
    Act, By, Conduct, Dots, Entry, Event, Owner, Publish, Role, RoundKind, Spotlight, TimerScope,
    VoteAct,
};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, FileId, GatheringId, GroupId, ItemId, NetworkId, ParticipantId,
    RegionId, RoundId, Seq, VoteId,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;
use uuid::Uuid;

const RECORDS: &str = include_str!("vectors/event-1-acts-15.hex");

const ID: Uuid = Uuid::from_u128(0x7f3a_5c1e_9b2d_4c8f_a1e0_5d6b_7c8d_9e0f);
const OTHER: Uuid = Uuid::from_u128(0x0b1c_2d3e_4f50_4162_8374_8596_a7b8_c9da);

fn with_new_fields() -> Vec<Act> {
    let (participant, group, round) =
        (ParticipantId::new(ID), GroupId::new(ID), RoundId::new(OTHER));
    let owned = |owner| Act::DocumentOpened {
        document: DocumentId::new(ID),
        kind: DocumentKind::Harvest,
        owner,
        title: String::new(),
        template: oogst_protocol::event::ChangeBytes(bytes::Bytes::new()),
    };
    vec![
        Act::GatheringPrepared {
            title: "Dag".into(),
            language: "fr-BE".into(),
            date: None,
            network: Some(NetworkId::new(ID)),
        },
        Act::RoundOpened { round, title: "Regio".into(), kind: Some(RoundKind::Region) },
        Act::GroupFormed {
            round,
            group,
            name: "Kempen".into(),
            question: String::new(),
            seats: Some(8),
            table: Some("3 bij het raam".into()),
            theme: Some(ItemId::new(ID)),
        },
        Act::ParticipantJoined {
            participant,
            role: Role::Guest,
            region: Some(RegionId::new(OTHER)),
            together: None,
        },
        Act::ParticipantMoved { participant, group: None, round: Some(round) },
        owned(Owner::Region(RegionId::new(ID))),
        owned(Owner::Network(NetworkId::new(ID))),
        owned(Owner::Person(participant)),
    ]
}

fn conducted() -> Vec<Act> {
    let (block, item) = (ItemId::new(ID), ItemId::new(OTHER));
    let (document, group) = (DocumentId::new(ID), GroupId::new(ID));
    let starts = Timestamp::from_milliseconds(1_795_260_000_000);
    let conducts = [
        Conduct::BlockStarted { block },
        Conduct::BlockEnded { block },
        Conduct::BlockShifted { block, minutes: -5 },
        Conduct::TimerStarted { scope: TimerScope::Gathering, seconds: 900 },
        Conduct::TimerStarted { scope: TimerScope::Group(group), seconds: 1 },
        Conduct::TimerStopped { scope: TimerScope::Document(document) },
        Conduct::SpotlightSet { spotlight: Some(Spotlight::Group(group)) },
        Conduct::SpotlightSet { spotlight: Some(Spotlight::Item { document, item }) },
        Conduct::SpotlightSet { spotlight: Some(Spotlight::Round(RoundId::new(ID))) },
        Conduct::SpotlightSet { spotlight: None },
        Conduct::GuestsAnnounced { starts },
        Conduct::GuestsAdmitted { until: Some(starts) },
        Conduct::GuestsAdmitted { until: None },
        Conduct::GuestsDismissed,
    ];
    conducts.into_iter().map(Act::Conducted).collect()
}

fn voted() -> Vec<Act> {
    let (vote, theme, other) = (VoteId::new(ID), ItemId::new(ID), ItemId::new(OTHER));
    let dots = vec![Dots { theme, count: 2 }, Dots { theme: other, count: 1 }];
    let votes = [
        VoteAct::Opened { vote, themes: vec![theme, other], budget: 3, most_each: 2, choose: 1 },
        VoteAct::Cast { vote, dots: dots.clone() },
        VoteAct::PaperAdded { vote, dots },
        VoteAct::Closed { vote },
        VoteAct::Merged { vote, from: theme, into: other },
        VoteAct::LotDrawn { vote, order: vec![other, theme] },
        VoteAct::SelectionConfirmed { vote, themes: vec![other], reason: Some("Méér".into()) },
        VoteAct::SelectionShown { vote },
    ];
    votes.into_iter().map(Act::Voted).collect()
}

fn events() -> Vec<Event> {
    let (participant, document) = (ParticipantId::new(ID), DocumentId::new(ID));
    let (round, title) = (RoundId::new(ID), String::from("Thema's"));
    let mut acts = with_new_fields();
    acts.extend([
        Act::RoundPlanned { round, title, kind: RoundKind::Theme },
        Act::RoundClosed { round },
        Act::RegionNamed { region: RegionId::new(ID), name: "Waasland".into() },
    ]);
    acts.extend(conducted());
    acts.extend(voted());
    acts.extend([
        Act::ConsentSet { participant, publish: Publish::Organisation },
        Act::FileAdded {
            file: FileId::new(ID),
            document,
            media_type: "image/jpeg".into(),
            length_bytes: 400 << 10,
            sha256: ChangeHash([7; 32]),
        },
        Act::RoomChanged { document, participant, inside: true },
        Act::Reverted { participant, from: Seq(7), to: Seq(9_000), documents: vec![document] },
        Act::ParticipantLeft { participant },
        Act::Withheld {
            contributions: vec![Contribution { kind: Kind::InsightAdded, item: None }],
            sha256: ChangeHash([7; 32]),
        },
        Act::ParticipantJoined {
            participant,
            role: Role::Participant,
            region: None,
            together: Some(2),
        },
        Act::ParticipantsBounded { participants_max: Some(12) },
        Act::ParticipantsBounded { participants_max: None },
    ]);
    let at = Timestamp::from_milliseconds(1_795_256_103_120);
    let by = By { participant: Some(participant), role: Role::Facilitator };
    let place = |(place, act)| Event {
        gathering: GatheringId::new(ID),
        seq: Seq(place),
        entry: Entry { at, by, act },
    };
    (1..).zip(acts).map(place).collect()
}

#[test]
fn later_acts_of_version_1_decode_for_ever() {
    let wanted = events();
    assert_eq!(RECORDS.lines().count(), wanted.len());
    for (line, event) in RECORDS.lines().zip(wanted) {
        let record = hex(line);
        assert_eq!(Event::decode(&record).unwrap(), event);
        assert_eq!(event.encode(), record, "and is written so, too");
    }
}

fn hex(line: &str) -> Vec<u8> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    line.as_bytes().chunks(2).map(pair).collect()
}
