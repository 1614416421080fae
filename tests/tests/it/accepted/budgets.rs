//! What one participant can take up in one document, however patient: the others' work goes on.

use std::num::NonZeroU64;
use std::time::Instant;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Change, ExpandedChange, ROOT, ScalarValue};
use bytes::Bytes;
use oogst_core::accept::{Author, Fault};
use oogst_core::change::{Opened, decode};
use oogst_protocol::event::Role;
use oogst_protocol::limits::{
    CHANGE_OPERATIONS_MAX, KEY_VALUES_MAX, PARTICIPANT_HEADS_MAX, PARTICIPANT_OPERATIONS_MAX,
};

use super::day::{AN, BO, Day, add_insight, text};

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
        doc.put(ROOT, "question", format!("{actor}?")).unwrap();
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

/// Goal: a key with values beside each other stays cheap to read and to overwrite.
#[test]
fn values_at_one_key_at_the_same_time_are_bounded_and_can_always_be_overwritten() {
    let mut day = Day::harvest();
    let mut fault = None;
    let most = u32::try_from(KEY_VALUES_MAX).unwrap();
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
    assert!(matches!(fault, Some(Fault::Full { most: KEY_VALUES_MAX, .. })), "{fault:?}");
    let mut bo = fresh(&day, 200_000);
    bo.put(ROOT, "title", "Bo").unwrap();
    day.push(&mut bo, BO).unwrap();
    let mut an = stale(&day, most + 1);
    an.put(ROOT, "title", "An").unwrap();
    day.push(&mut an, AN).unwrap();
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
