//! Golden vectors: frames of the real JavaScript client, and records of each version of the log.
//!
//! `vectors/automerge-repo-2.5.6.json` was recorded by `record.mjs`, which says how. Records of
//! events are never recorded anew: a log that was once written must be read for ever.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use bytes::Bytes;
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::{Act, By, ChangeBytes, Entry, Event, Owner, Role, Status};
use oogst_protocol::ids::{
    ChangeHash, DocumentId, GatheringId, GroupId, ItemId, ParticipantId, RoundId, Seq,
};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;
use oogst_protocol::wire::{DecodeError, Message, PeerId};
use serde_json::Value;
use uuid::Uuid;

const FRAMES: &str = include_str!("vectors/automerge-repo-2.5.6.json");
const EVENTS_1: &str = include_str!("vectors/event-1.hex");

fn bytes(hex: &str) -> Bytes {
    assert!(hex.len().is_multiple_of(2), "hex comes in pairs");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn frames() -> Vec<(Bytes, Value)> {
    let frames: Vec<Value> = serde_json::from_str(FRAMES).unwrap();
    let both = |frame: Value| (bytes(frame["hex"].as_str().unwrap()), frame["fields"].clone());
    frames.into_iter().map(both).collect()
}

/// The message in the words of the recording.
fn fields(message: &Message) -> Value {
    let hex = |data: &[u8]| data.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match message {
        Message::Join { sender, metadata, versions } => {
            assert_eq!(versions.as_slice(), ["1".into()]);
            let mut peer = serde_json::json!({ "isEphemeral": metadata.is_ephemeral });
            if let Some(storage_id) = &metadata.storage_id {
                peer["storageId"] = (**storage_id).into();
            }
            serde_json::json!({ "type": "join", "senderId": sender.as_str(), "peerMetadata": peer })
        }
        Message::Request { document, sender, target, data } => serde_json::json!({
            "type": "request", "senderId": sender.as_str(), "targetId": target.as_str(),
            "documentId": document.to_string(), "data": hex(data),
        }),
        Message::Sync { document, sender, target, data } => serde_json::json!({
            "type": "sync", "senderId": sender.as_str(), "targetId": target.as_str(),
            "documentId": document.to_string(), "data": hex(data),
        }),
        Message::DocUnavailable { document, sender, target } => serde_json::json!({
            "type": "doc-unavailable", "senderId": sender.as_str(),
            "targetId": target.as_str(), "documentId": document.to_string(),
        }),
        Message::Ephemeral { document, sender, target, count, session, data } => {
            serde_json::json!({
                "type": "ephemeral", "senderId": sender.as_str(), "targetId": target.as_str(),
                "documentId": document.to_string(), "count": count, "sessionId": **session,
                "data": hex(data),
            })
        }
        // Recognised and not served: only the sender is read.
        Message::RemoteSubscriptionChange { sender } => serde_json::json!({
            "type": "remote-subscription-change", "senderId": sender.as_str(),
        }),
        Message::RemoteHeadsChanged { sender } => serde_json::json!({
            "type": "remote-heads-changed", "senderId": sender.as_str(),
        }),
        Message::Peer { .. } | Message::Error { .. } | Message::Unknown { .. } => {
            panic!("a client does not send {message:?}")
        }
    }
}

#[test]
fn every_recorded_frame_reads_as_the_library_reads_it() {
    let mut seen = std::collections::BTreeSet::new();
    for (frame, mut wanted) in frames() {
        let message = Message::decode(&frame).unwrap();
        let kind = wanted["type"].as_str().unwrap().to_owned();
        if kind.starts_with("remote-") {
            let wanted = wanted.as_object_mut().unwrap();
            wanted.retain(|field, _| field == "type" || field == "senderId");
        }
        assert_eq!(fields(&message), wanted);
        seen.insert(kind);
    }
    assert_eq!(seen.len(), 7, "a type that no frame shows: {seen:?}");
}

#[test]
fn a_recorded_frame_cut_anywhere_or_with_more_behind_it_is_refused() {
    for (frame, _) in frames() {
        for length in 0..frame.len() {
            assert!(Message::decode(&frame.slice(..length)).is_err(), "cut at {length}");
        }
        let longer = Bytes::from([&frame[..], b"\x00"].concat());
        assert!(matches!(Message::decode(&longer), Err(DecodeError::Trailing { found_bytes: 1 })));
    }
}

#[test]
fn a_number_over_32_bits_is_a_float_because_an_integer_would_arrive_as_a_bigint() {
    let frame = |count| {
        let (document, name) = (DocumentId::new(ID).into(), PeerId::new("p"));
        let (sender, target, data) = (name.clone(), name, Bytes::from_static(b"x"));
        Message::Ephemeral { document, sender, target, count, session: "s".into(), data }.encode()
    };
    let behind_key = |frame: &Bytes| {
        let key = frame.windows(5).position(|bytes| bytes == b"count").unwrap();
        frame[key + 5]
    };
    assert_eq!(behind_key(&frame(0xffff_ffff)), 0x1a, "an integer of 32 bits");
    assert_eq!(behind_key(&frame(0x1_0000_0000)), 0xfb, "a float of 64 bits");
}

#[test]
fn hostile_frames_are_refused_for_what_they_are() {
    let refused = |hex: &str| Message::decode(&bytes(hex)).unwrap_err();
    // A map of 2^32 - 1 entries in five bytes.
    assert!(matches!(refused("baffffffff"), DecodeError::LengthBeyondFrame { .. }));
    // {"type": "join", "type": "join"}
    let join = "6474797065646a6f696e";
    assert!(matches!(refused(&format!("a2{join}{join}")), DecodeError::DuplicateKey));
    // {"x": {1: 0, 1: 0}}
    assert!(matches!(refused("a16178a201000100"), DecodeError::DuplicateKey));
    // {_ "type": "join"}, and an open list within.
    assert!(matches!(refused(&format!("bf{join}ff")), DecodeError::Indefinite));
    assert!(matches!(refused("a161789fff"), DecodeError::Indefinite));
    // {"x": [[[…]]]}
    let deep = format!("a16178{}00", "81".repeat(200_000));
    assert!(matches!(refused(&deep), DecodeError::TooDeep { limit: 16 }));
    let wide = format!("a161789a00004e20{}", "00".repeat(20_000));
    assert!(matches!(refused(&wide), DecodeError::TooManyItems { .. }));
    // A text as length 2^64 - 1, and a list instead of a map.
    assert!(matches!(refused("a161787bffffffffffffffff"), DecodeError::NotCbor(_)));
    assert!(matches!(refused("80"), DecodeError::NotCbor(_)));
    assert!(matches!(refused(""), DecodeError::NotCbor(_)));
    assert!(matches!(refused("a0"), DecodeError::MissingField { field: "type", .. }));
    assert!(matches!(refused(&format!("a1{join}")), DecodeError::MissingField { .. }));
    // {"type": 7}
    assert!(matches!(refused("a1647479706507"), DecodeError::WrongType { field: "type", .. }));
    let frame = Bytes::from(vec![0; (8 << 20) + 1]);
    assert!(Message::decode(&frame).unwrap_err().is_size());
}

#[test]
fn a_newer_protocol_is_passed_over() {
    // {"type": "remix", "x": 24(h'00')}
    let frame = bytes("a264747970656572656d69786178d8184100");
    assert_eq!(Message::decode(&frame).unwrap(), Message::Unknown { kind: "remix".into() });
}

const ID: Uuid = Uuid::from_u128(0x7f3a_5c1e_9b2d_4c8f_a1e0_5d6b_7c8d_9e0f);

/// One event of each act of version 1, in the order of the lines of `event-1.hex`.
fn events_1() -> Vec<Event> {
    let (document, participant) = (DocumentId::new(ID), ParticipantId::new(ID));
    let (group, round, role) = (GroupId::new(ID), RoundId::new(ID), Role::Facilitator);
    let contribution = |kind, item| Contribution { kind, item };
    let acts = [
        Act::GatheringPrepared {
            title: "Oogstdag: été".into(),
            language: "nl-BE".into(),
            date: Some("2026-11-21".into()),
            network: None,
        },
        Act::GatheringRetitled { title: "冬 🌾".into() },
        Act::GatheringStatus { status: Status::Open },
        Act::RoundOpened { round, title: "Leervragen".into(), kind: None },
        Act::GroupFormed {
            round,
            group,
            name: "Tafel 1".into(),
            question: String::new(),
            seats: None,
            table: None,
            theme: None,
        },
        Act::DocumentOpened {
            document,
            kind: DocumentKind::Harvest,
            owner: Owner::Group(group),
            title: "Oogst".into(),
            template: ChangeBytes(Bytes::from_static(b"\x85\x6f\x4a\x83")),
        },
        Act::DocumentOpened {
            document,
            kind: DocumentKind::Programme,
            owner: Owner::Gathering,
            title: "Programma".into(),
            template: ChangeBytes(Bytes::new()),
        },
        Act::DocumentFrozen { document },
        Act::DocumentThawed { document },
        Act::ParticipantJoined { participant, role, region: None, together: None },
        Act::ParticipantReturned { participant },
        Act::ParticipantMoved { participant, group: Some(group), round: None },
        Act::ParticipantMoved { participant, group: None, round: None },
        Act::ParticipantRenamed { participant },
        Act::ParticipantPromoted { participant, role: Role::CoreGroup },
        Act::ParticipantRemoved { participant },
        Act::Changed {
            document,
            changes: vec![ChangeBytes(Bytes::from_static(b"one")), ChangeBytes(Bytes::new())],
            contributions: vec![
                contribution(Kind::InsightAdded, Some(ItemId::new(ID))),
                contribution(Kind::QuestionEdited, None),
            ],
            heads: vec![ChangeHash([1; 32]), ChangeHash([2; 32])],
        },
    ];
    let mut seq = Seq::ZERO;
    let in_place = |act| {
        seq = seq.next();
        let at = Timestamp::from_milliseconds(1_795_256_103_120);
        let who = (seq.0 > 1).then_some(participant);
        let role = if who.is_some() { Role::Participant } else { Role::Operator };
        let entry = Entry { at, by: By { participant: who, role }, act };
        Event { gathering: GatheringId::new(ID), seq, entry }
    };
    acts.into_iter().map(in_place).collect()
}

#[test]
fn events_of_version_1_decode_for_ever() {
    let wanted = events_1();
    let records: Vec<_> = EVENTS_1.lines().map(bytes).collect();
    assert_eq!(records.len(), wanted.len());
    for (record, event) in records.iter().zip(wanted) {
        assert_eq!(record[1], 1, "the version stands in the record");
        assert_eq!(Event::decode(record).unwrap(), event);
    }
}
