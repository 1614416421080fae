//! What one participant can take up in one document, however patient: the others' work goes on.

use std::num::NonZeroU64;
use std::time::Instant;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Change, ExpandedChange, ObjType, ROOT, ReadDoc, ScalarValue};
use bytes::Bytes;
use oogst_core::accept::{Author, Fault};
use oogst_core::change::{Opened, decode};
use oogst_protocol::event::Role;
use oogst_protocol::limits::{
    CHANGE_OPERATIONS_MAX, PARTICIPANT_BYTES_MAX, PARTICIPANT_HEADS_MAX, PARTICIPANT_ITEMS_MAX,
    PARTICIPANT_KEY_VALUES_MAX, PARTICIPANT_OPERATIONS_MAX,
};

use super::day::{AN, BO, Day, add_insight, key, root_map, text};

/// A client that never heard of anything but the template.
fn stale(day: &Day, actor: u32) -> AutoCommit {
    let template = Change::from_bytes(day.server.chunks[0].0.to_vec()).unwrap();
    let mut doc = AutoCommit::new().with_actor(ActorId::from(actor.to_be_bytes().as_slice()));
    doc.apply_changes([template]).unwrap();
    doc
}

/// A client that holds everything there is.
fn fresh(day: &Day, actor: u32) -> AutoCommit {
    day.server.copy(ActorId::from(actor.to_be_bytes().as_slice()))
}

fn last_change(doc: &mut AutoCommit) -> ExpandedChange {
    doc.commit();
    doc.get_last_local_change().unwrap().decode()
}

fn chunk(change: ExpandedChange) -> Bytes {
    Bytes::copy_from_slice(Change::from(change).raw_bytes())
}

/// Goal: what waits vouches for a jump once, not again with every message.
#[test]
fn jumps_of_counters_that_nothing_fills_do_not_add_up() {
    let mut day = Day::harvest();
    let ceiling = 10 * CHANGE_OPERATIONS_MAX as u64;
    for actor in 1..=60_u32 {
        let mut doc = stale(&day, actor);
        doc.put(ROOT, "title", "x").unwrap();
        let mut change = last_change(&mut doc);
        let far = day.server.accepted.graph().max_op() + 4 * CHANGE_OPERATIONS_MAX as u64;
        change.start_op = NonZeroU64::new(far).unwrap();
        let author = Author { participant: AN, role: Role::Participant, members: &|_| true };
        let changes = vec![decode(&chunk(change)).unwrap()];
        let waiting_max_op = u64::from(u32::MAX);
        let fault = day.server.accepted.admit(changes, &author, waiting_max_op).err();
        assert!(day.server.accepted.graph().max_op() < ceiling, "after {actor}");
        assert!(actor == 1 || matches!(fault, Some(Fault::StartOp { .. })), "{fault:?}");
    }
}

/// Goal: nobody's forgotten branches become a list of heads that others cannot send any more.
#[test]
fn branches_of_one_participant_are_bounded_and_lock_out_nobody_else() {
    let mut day = Day::harvest();
    let mut fault = None;
    for actor in 0..=u32::try_from(PARTICIPANT_HEADS_MAX).unwrap() {
        assert_eq!(fault, None, "the bound is reached only at the end");
        let mut doc = stale(&day, actor);
        let insights = root_map(&doc, "insights");
        doc.put_object(insights, key(1_000 + u128::from(actor)), ObjType::Map).unwrap();
        fault = day.push(&mut doc, AN).err();
    }
    assert!(matches!(fault, Some(Fault::Full { most: PARTICIPANT_HEADS_MAX, .. })), "{fault:?}");
    assert_eq!(day.server.accepted.graph().heads().len(), PARTICIPANT_HEADS_MAX);
    // Bo never heard of them, and writes; so does An, who merges what there is.
    let mut bo = stale(&day, 9_999);
    add_insight(&mut bo, 1, BO);
    day.push(&mut bo, BO).unwrap();
    let mut an = day.client();
    add_insight(&mut an, 2, AN);
    day.push(&mut an, AN).unwrap();
    assert_eq!(day.server.accepted.graph().heads().len(), 1);
}

/// Goal: one participant fills neither the counters nor the memory of everybody.
#[test]
fn operations_of_one_participant_are_bounded_and_lock_out_nobody_else() {
    let mut day = Day::harvest();
    let piece = "x".repeat(CHANGE_OPERATIONS_MAX - 1);
    let (mut actor, mut pushed) = (0, 0);
    let (fault, last) = loop {
        actor += 1;
        let mut an = stale(&day, actor);
        text(&mut an, &ROOT, "question", &piece);
        let change = chunk(last_change(&mut an));
        match day.server.admit(std::slice::from_ref(&change), AN, Role::Participant) {
            Ok(_) => pushed += CHANGE_OPERATIONS_MAX as u64,
            Err(fault) => break (fault, change),
        }
        assert!(pushed <= PARTICIPANT_OPERATIONS_MAX, "{pushed}");
    };
    assert!(matches!(fault, Fault::Full { .. }), "{fault}");
    assert!(pushed + 2 * CHANGE_OPERATIONS_MAX as u64 > PARTICIPANT_OPERATIONS_MAX, "{pushed}");
    let mut bo = stale(&day, 9_999);
    add_insight(&mut bo, 1, BO);
    day.push(&mut bo, BO).unwrap();
    // What the log says counts, too: a restart gives nobody a second budget.
    let mut again = oogst_core::accept::Accepted::open(
        oogst_protocol::schema::DocumentKind::Harvest,
        &day.server.chunks[0],
    )
    .unwrap();
    let (of_bo, of_an) = day.server.chunks[1..].split_last().unwrap();
    for (chunks, by) in [(of_an, AN), (std::slice::from_ref(of_bo), BO)] {
        let changes = chunks.iter().map(|chunk| decode(&chunk.0).unwrap()).collect();
        again.replay(changes, Some(by));
    }
    let author = Author { participant: AN, role: Role::Participant, members: &|_| true };
    let refused = again.admit(vec![decode(&last).unwrap()], &author, 0).unwrap_err();
    assert_eq!(refused, fault);
}

/// Goal: a key with values beside each other stays cheap, and everybody else's value enters.
#[test]
fn values_of_one_participant_at_one_key_are_bounded_and_lock_out_nobody_else() {
    let mut day = Day::harvest();
    let mut fault = None;
    let most = u32::try_from(PARTICIPANT_KEY_VALUES_MAX).unwrap();
    for actor in 0..=most {
        assert_eq!(fault, None, "the bound is reached only at the end");
        let mut doc = stale(&day, actor);
        doc.put(ROOT, "title", format!("{actor}")).unwrap();
        fault = day.push(&mut doc, AN).err();
        if actor % 50 == 49 && fault.is_none() {
            // Brings the branches together without a word on the title.
            let mut doc = fresh(&day, 100_000 + actor);
            doc.put(ROOT, "question", format!("{actor}?")).unwrap();
            day.push(&mut doc, AN).unwrap();
        }
    }
    let full = matches!(fault, Some(Fault::Full { most: PARTICIPANT_KEY_VALUES_MAX, .. }));
    assert!(full, "{fault:?}");
    let mut bo = stale(&day, 9_999);
    bo.put(ROOT, "title", "Bo, ongehoord").unwrap();
    day.push(&mut bo, BO).unwrap();
    let mut an = fresh(&day, 200_000);
    an.put(ROOT, "title", "An, die alles ziet").unwrap();
    day.push(&mut an, AN).unwrap();
    let mut an = stale(&day, most + 1);
    an.put(ROOT, "title", "An, weer").unwrap();
    day.push(&mut an, AN).unwrap();
}

/// Goal: what deflates well counts as what it is in every client.
#[test]
fn bytes_of_one_participant_are_counted_inflated() {
    let mut day = Day::harvest();
    let (mut an, item) = day.with_insight(1);
    let (mut sent, mut inside) = (0, 0);
    let fault = loop {
        for piece in 0..10 {
            an.put(&item, "text", format!("{inside:09}{piece}{}", "x".repeat(99_990))).unwrap();
        }
        an.commit();
        let mut change = an.get_last_local_change().unwrap();
        let chunk = Bytes::copy_from_slice(&change.bytes());
        sent += chunk.len() as u64;
        if let Err(fault) = day.server.admit(&[chunk], AN, Role::Participant) {
            break fault;
        }
        inside += change.raw_bytes().len() as u64;
        assert!(inside <= PARTICIPANT_BYTES_MAX, "{sent} bytes sent are {inside} in every client");
    };
    assert!(matches!(fault, Fault::Full { .. }), "{fault}");
    assert!(inside > PARTICIPANT_BYTES_MAX / 2 && sent < inside / 100, "{sent} {inside}");
}

/// Goal: nobody fills a document alone.
#[test]
fn items_of_one_participant_are_bounded_and_lock_out_nobody_else() {
    let mut day = Day::harvest();
    let mut bo = stale(&day, 1);
    add_insight(&mut bo, 1, BO);
    let mut an = stale(&day, 2);
    let insights = root_map(&an, "insights");
    for number in 0..PARTICIPANT_ITEMS_MAX as u128 {
        an.put_object(&insights, key(1_000_000 + number), ObjType::Map).unwrap();
    }
    day.push(&mut an, AN).unwrap();
    an.put_object(&insights, key(2), ObjType::Map).unwrap();
    let fault = day.push(&mut an, AN).unwrap_err();
    assert!(matches!(fault, Fault::Full { most: PARTICIPANT_ITEMS_MAX, .. }), "{fault}");
    day.push(&mut bo, BO).unwrap();
}

/// Goal: a text is as long as what stands there. What was typed and deleted in it, by anybody,
/// takes no room from the next word.
#[test]
fn pasting_a_page_and_undoing_it_again_and_again() {
    let mut day = Day::harvest();
    let (mut an, item) = day.with_insight(1);
    let text = an.get(&item, "text").unwrap().unwrap().1;
    for _ in 0..6 {
        an.splice_text(&text, 0, 0, &"x".repeat(19_000)).unwrap();
        day.push(&mut an, AN).unwrap();
        an.splice_text(&text, 0, 19_000, "").unwrap();
        day.push(&mut an, AN).unwrap();
    }
    let mut bo = fresh(&day, 1_000);
    bo.splice_text(&text, 0, 0, "een klein woord").unwrap();
    day.push(&mut bo, BO).unwrap();
    an.splice_text(&text, 0, 0, &"x".repeat(50_000)).unwrap();
    an.commit();
    an.splice_text(&text, 0, 0, &"x".repeat(50_000)).unwrap();
    let fault = day.push(&mut an, AN).unwrap_err();
    assert!(fault.is_size(), "{fault}");
}

/// Goal: values pile up at a key only where they were written at the same time. Automerge names
/// all that its writer sees; whoever leaves one out would make everybody pay for it.
#[test]
fn a_write_beside_a_value_that_its_writer_sees() {
    let mut day = Day::harvest();
    let (_, item) = day.with_insight(1);
    let cases: [(&str, ScalarValue, ScalarValue); 4] = [
        ("removed", true.into(), false.into()),
        ("highlight", true.into(), false.into()),
        ("category", "tip".into(), "obstacle".into()),
        ("position", "a1".into(), "b2".into()),
    ];
    for (number, (key, before, after)) in (10..).step_by(2).zip(cases) {
        let mut bo = fresh(&day, number);
        bo.put(&item, key, before.clone()).unwrap();
        day.push(&mut bo, BO).unwrap();
        // The one who wrote it, and another client of the same person.
        for own in [true, false] {
            let mut writer = if own { bo.clone() } else { fresh(&day, number + 1) };
            let value = if own { &after } else { &before };
            writer.put(&item, key, value.clone()).unwrap();
            let mut change = last_change(&mut writer);
            let honest = chunk(change.clone());
            assert!(!change.operations[0].pred.is_empty(), "{key}: there is something to see");
            change.operations[0].pred = Vec::new().into();
            let fault = day.server.admit(&[chunk(change)], BO, Role::Participant).unwrap_err();
            assert!(matches!(fault, Fault::Operation { .. }), "{key}: {fault}");
            day.server.admit(&[honest], BO, Role::Participant).unwrap();
        }
    }
}

/// Goal: sending one dense change again and again costs its bytes, not what it holds. Only the
/// ratio counts: both are timed in one run.
#[test]
fn a_known_change_is_recognised_before_it_is_decoded() {
    let day = Day::harvest();
    let mut an = stale(&day, 1);
    text(&mut an, &ROOT, "question", &"x".repeat(CHANGE_OPERATIONS_MAX - 1));
    let chunk = chunk(last_change(&mut an));
    let time = |work: &dyn Fn()| {
        let start = Instant::now();
        (0..20).for_each(|_| work());
        start.elapsed()
    };
    let decoded = decode(&chunk).unwrap();
    let whole = time(&|| assert_eq!(decode(&chunk).unwrap().hash, decoded.hash));
    let name = time(&|| assert_eq!(Opened::new(&chunk).unwrap().hash(), decoded.hash));
    assert!(name * 4 < whole, "{name:?} to name it, {whole:?} to decode it");
}
