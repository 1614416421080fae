//! Bad input by name: each is refused, quickly, and leaves nothing behind.

use std::io::Write;
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use automerge::transaction::Transactable;
use automerge::{ActorId, Change, ExpandedChange, ROOT};
use bytes::Bytes;
use oogst_core::accept::Fault;
use oogst_core::change::{ChangeFault, decode};
use oogst_protocol::event::Role;

use super::chunks::{body, chunk};
use super::day::{AN, BO, Day, root_map};

/// Generous: the worst of them costs some milliseconds without optimisation.
const DEADLINE: Duration = Duration::from_secs(1);

fn refuse(day: &mut Day, bomb: Bytes) -> Fault {
    let before = (day.server.accepted.graph().len(), day.server.accepted.graph().heads());
    let start = Instant::now();
    let fault = day.server.admit(&[bomb], AN, Role::Facilitator).unwrap_err();
    assert!(start.elapsed() < DEADLINE, "{fault} took {:?}", start.elapsed());
    let graph = day.server.accepted.graph();
    assert_eq!((graph.len(), graph.heads()), before, "{fault}: nothing is left behind");
    fault
}

fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x40 {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
    bytes
}

/// A change whose one operation (a put of null at `k`) stands `count` times.
fn repeated(count: u64) -> Bytes {
    let run = |value: &[u8]| [leb(count), value.to_vec()].concat();
    let mut flags = leb(count);
    if count > 1 << 20 {
        flags = leb(1 << 20);
    }
    let columns: [(u8, Vec<u8>); 5] = [
        (0x15, run(&[1, b'k'])),
        (0x34, flags),
        (0x42, run(&[1])),
        (0x56, run(&[0])),
        (0x70, run(&[0])),
    ];
    let mut body = vec![0, 16];
    body.extend([9; 16]);
    body.extend([1, 1, 0, 0, 0, u8::try_from(columns.len()).unwrap()]);
    for (kind, data) in &columns {
        body.extend([*kind, u8::try_from(data.len()).unwrap()]);
    }
    body.extend(columns.into_iter().flat_map(|(_, data)| data));
    chunk(&body)
}

#[test]
fn a_change_of_a_hundred_bytes_with_a_million_operations() {
    assert!(repeated(1_000_000).len() <= 104);
    let fault = refuse(&mut Day::harvest(), repeated(1_000_000));
    assert!(fault.is_size() && matches!(fault, Fault::Change(ChangeFault::TooMuch { .. })));
    let fault = refuse(&mut Day::harvest(), repeated(u64::MAX >> 1));
    assert!(fault.is_size(), "{fault}");
}

#[test]
fn the_most_operations_that_fit_are_decoded_in_no_time() {
    let start = Instant::now();
    assert_eq!(decode(&repeated(60_000)).unwrap().operations.len(), 60_000);
    assert!(start.elapsed() < DEADLINE);
    assert!(decode(&repeated(60_001)).unwrap_err().is_size());
}

#[test]
fn a_compressed_change_that_inflates_without_end() {
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        deflater.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let deflated = deflater.finish().unwrap();
    let mut bomb = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 2];
    let mut length = deflated.len();
    while length >= 0x80 {
        bomb.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    bomb.push(u8::try_from(length).unwrap());
    bomb.extend(deflated);
    assert!(refuse(&mut Day::harvest(), bomb.into()).is_size());
}

#[test]
fn other_chunks_garbage_and_wrong_checksums() {
    let mut day = Day::harvest();
    let mut doc = day.client();
    let document = Bytes::from(doc.save());
    let fault = refuse(&mut day, document);
    assert_eq!(fault, Fault::Change(ChangeFault::NotAChange { found: 0 }));
    assert!(!fault.is_size());
    refuse(&mut day, Bytes::new());
    refuse(&mut day, Bytes::from_static(&[0x85, 0x6f, 0x4a]));
    refuse(&mut day, Bytes::from(vec![0xff; 4096]));
    doc.put(ROOT, "title", "x").unwrap();
    doc.commit();
    let change = doc.get_last_local_change().unwrap();
    let mut bytes = change.raw_bytes().to_vec();
    let good = Bytes::from(bytes.clone());
    bytes[4] ^= 1;
    assert_eq!(refuse(&mut day, bytes.into()), Fault::Change(ChangeFault::Checksum));
    for cut in 0..good.len() {
        refuse(&mut day, good.slice(..cut));
    }
    refuse(&mut day, [good.as_ref(), &[0]].concat().into());
    // The same change in another spelling: an actor that no operation names.
    let mut spelled = body(&change);
    let table = 1 + 32 + 1 + 16 + 1 + 1;
    let timestamp = spelled[table..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let others = table + timestamp + 1;
    assert_eq!(spelled[others], 1, "the template's actor is named");
    spelled.splice(others + 1 + 17..others + 1 + 17, [&[16][..], &[0xee; 16]].concat());
    spelled[others] = 2;
    let fault = refuse(&mut day, chunk(&spelled));
    assert!(
        matches!(fault, Fault::Change(ChangeFault::Malformed { what: "the actors" })),
        "{fault}"
    );
    assert!(day.server.admit(&[good], AN, Role::Participant).is_ok());
}

/// A change that a client could have made, bent by hand.
fn bent(day: &mut Day, bend: impl FnOnce(&mut ExpandedChange)) -> Bytes {
    let mut doc = day.client();
    doc.put(ROOT, "title", "x").unwrap();
    doc.commit();
    let mut change = doc.get_last_local_change().unwrap().decode();
    bend(&mut change);
    Bytes::copy_from_slice(Change::from(change).raw_bytes())
}

#[test]
fn a_first_operation_ten_million_ahead() {
    let mut day = Day::harvest();
    let next = day.server.accepted.graph().max_op() + 1;
    let start =
        |start: u64| move |c: &mut ExpandedChange| c.start_op = NonZeroU64::new(start).unwrap();
    let bomb = bent(&mut day, start(10_000_000));
    assert!(matches!(refuse(&mut day, bomb), Fault::StartOp { .. }));
    let bomb = bent(&mut day, start(next + 1));
    assert!(matches!(refuse(&mut day, bomb), Fault::StartOp { .. }));
    let bomb = bent(&mut day, start(next - 1));
    assert!(matches!(refuse(&mut day, bomb), Fault::StartOp { .. }));
    let bomb = bent(&mut day, start(u64::MAX));
    assert!(matches!(refuse(&mut day, bomb), Fault::Change(_)));
    // Two that vouch for each other, far ahead.
    let (one, two) = (bent(&mut day, start(10_000_000)), bent(&mut day, start(10_000_001)));
    assert!(day.server.admit(&[one, two], AN, Role::Participant).is_err());
}

#[test]
fn forged_actors_and_second_changes_under_one_seq() {
    let mut day = Day::harvest();
    let mut an = day.client();
    let mut double = an.clone();
    an.put(ROOT, "title", "van An").unwrap();
    day.push(&mut an, AN).unwrap();
    an.put(ROOT, "title", "nog eens").unwrap();
    assert_eq!(day.push(&mut an, BO).unwrap_err(), Fault::Actor);
    double.put(ROOT, "title", "anders").unwrap();
    let fault = day.push(&mut double, AN).unwrap_err();
    assert_eq!(fault, Fault::Sequence { found: 1, wanted: 2 });
    day.push(&mut an, AN).unwrap();
    // The template's actor is nobody's.
    let nobody = day.server.copy(ActorId::from(uuid::Uuid::from_u128(7).as_bytes().as_slice()));
    let mut nobody = nobody;
    nobody.put(ROOT, "title", "van niemand").unwrap();
    assert_eq!(day.push(&mut nobody, AN).unwrap_err(), Fault::Actor);
    let claims =
        bent(&mut day, |change| change.extra_bytes = [&[1, 16][..], BO.uuid().as_bytes()].concat());
    assert_eq!(refuse(&mut day, claims), Fault::Author);
    let own =
        bent(&mut day, |change| change.extra_bytes = [&[1, 16][..], AN.uuid().as_bytes()].concat());
    day.server.admit(&[own], AN, Role::Participant).unwrap();
}

#[test]
fn a_reference_into_a_concurrent_change() {
    let mut day = Day::harvest();
    let heads = day.client().get_heads();
    let (mut an, item) = day.with_insight(1);
    let mut bo = day.client();
    // Bo's edit of An's insight, said to build on the template alone.
    bo.put(&item, "category", "tip").unwrap();
    bo.commit();
    let mut change = bo.get_last_local_change().unwrap().decode();
    change.deps = heads;
    change.actor_id = ActorId::from([0xbb; 16].as_slice());
    let bomb = Bytes::copy_from_slice(Change::from(change).raw_bytes());
    assert!(matches!(refuse(&mut day, bomb), Fault::Reference { .. }));
    // As it was made, it is fine.
    day.push(&mut bo, BO).unwrap();
    an.put(root_map(&an, "insights"), "not-a-uuid", 1).unwrap();
    assert!(matches!(day.push(&mut an, AN).unwrap_err(), Fault::Shape { .. }));
}

/// Goal: no second beginning beside the template: it could hide what stands there.
/// Found by fuzzing: automerge could not load what it had saved of such a change.
#[test]
fn a_change_that_builds_on_nothing() {
    let mut day = Day::harvest();
    let bare = chunk(&[0, 2, 0x75, 0x3d, 1, 2, 0, 0, 0, 0]);
    assert!(matches!(refuse(&mut day, bare), Fault::Dependency));
}
