//! What stock clients make is not refused, however large, old or odd.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use oogst_protocol::event::Role;

use super::day::{AN, BO, Day, add_insight, key, root_map, text};
use super::orders;
use super::random::Random;

fn check(day: &Day) {
    orders::check(&day.server, &mut Random::new(7));
}

#[test]
fn pasting_twenty_thousand_characters_and_replacing_them() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let typed = doc.get(&item, "text").unwrap().unwrap().1;
    let page: String = "Wat werkt? 👩‍👩‍👧 ".chars().cycle().take(20_000).collect();
    let length = isize::try_from(doc.length(&typed)).unwrap();
    doc.splice_text(&typed, 0, length, &page).unwrap();
    day.push(&mut doc, AN).unwrap();
    // Replaced in place: a delete and an insert for each character, in one change.
    let length = isize::try_from(doc.length(&typed)).unwrap();
    doc.splice_text(&typed, 0, length, &page.replace('W', "w")).unwrap();
    day.push(&mut doc, AN).unwrap();
    // Replaced whole, by a new text, and by an immutable string.
    text(&mut doc, &item, "text", &page);
    day.push(&mut doc, AN).unwrap();
    doc.put(&item, "text", page.as_str()).unwrap();
    day.push(&mut doc, AN).unwrap();
    check(&day);
}

/// Undo, as an editor does it: the opposite of each step, newest first.
#[test]
fn undo_of_typing_sorting_moving_and_removing() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let typed = doc.get(&item, "text").unwrap().unwrap().1;
    let redo = |doc: &mut AutoCommit| {
        doc.splice_text(&typed, 0, 5, "Start").unwrap();
        doc.put(&item, "category", "tip").unwrap();
        text(doc, &item, "position", "b0");
        doc.put(&item, "removed", true).unwrap();
    };
    let undo = |doc: &mut AutoCommit| {
        doc.put(&item, "removed", false).unwrap();
        doc.delete(&item, "position").unwrap();
        doc.delete(&item, "category").unwrap();
        doc.splice_text(&typed, 0, 5, "Begin").unwrap();
    };
    for _ in 0..3 {
        redo(&mut doc);
        day.push(&mut doc, AN).unwrap();
        undo(&mut doc);
        day.push(&mut doc, AN).unwrap();
    }
    check(&day);
}

/// Input methods edit at the heads where a composition began (`changeAt`): a change that builds on
/// an old state, with operations numbered above all that its client holds.
#[test]
fn edits_at_an_earlier_state() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let typed = doc.get(&item, "text").unwrap().unwrap().1;
    let began = doc.get_heads();
    for round in 0..5 {
        doc.splice_text(&typed, 0, 0, "voor ").unwrap();
        doc.commit();
        doc.isolate(&began);
        doc.splice_text(&typed, 5, 0, &format!("{round}")).unwrap();
        doc.commit();
        doc.integrate();
        if round % 2 == 0 {
            day.push(&mut doc, AN).unwrap();
        }
    }
    day.push(&mut doc, AN).unwrap();
    assert!(day.server.accepted.graph().heads().len() <= 2);
    check(&day);
}

#[test]
fn strings_as_the_javascript_library_writes_them_numbers_too() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let me = AN.to_string();
    for (key, value) in [("category", "tip"), ("position", "a0"), ("author", me.as_str())] {
        text(&mut doc, &item, key, value);
        doc.put(&item, key, value).unwrap();
        doc.put(&item, key, ScalarValue::Null).unwrap();
        text(&mut doc, &item, key, value);
        day.push(&mut doc, AN).unwrap();
    }
    for moment in [
        ScalarValue::F64(1_795_256_103_120.0),
        ScalarValue::Int(1_795_256_103_120),
        ScalarValue::Uint(1_795_256_103_120),
        ScalarValue::Timestamp(1_795_256_103_120),
    ] {
        doc.put(&item, "created", moment).unwrap();
        day.push(&mut doc, AN).unwrap();
    }
    check(&day);
}

/// A day offline on one side, a day's work on the other; then both arrive in one message each.
#[test]
fn a_long_day_offline() {
    let mut day = Day::harvest();
    let (mut an, item) = day.with_insight(1);
    let mut bo = day.client();
    let typed = an.get(&item, "text").unwrap().unwrap().1;
    let work = |doc: &mut AutoCommit, typed: &ObjId, word: &str, items: u128| {
        for step in 0..600 {
            doc.splice_text(typed, step % 5, 0, word).unwrap();
            doc.commit();
        }
        let item = add_insight(doc, items, if items == 2 { AN } else { BO });
        doc.put(&item, "category", "tip").unwrap();
        doc.commit();
    };
    work(&mut an, &typed, "a", 2);
    work(&mut bo, &typed, "b", 3);
    let admitted = day.push(&mut bo, BO).unwrap();
    assert_eq!(admitted.changes.len(), 601);
    // An's day branches off before Bo's, and goes on after a push.
    day.push(&mut an, AN).unwrap();
    an.splice_text(&typed, 0, 0, "en nog").unwrap();
    day.push(&mut an, AN).unwrap();
    assert_eq!(day.server.accepted.graph().heads().len(), 2);
    an.merge(&mut bo).unwrap();
    an.put(ROOT, "title", "Samen").unwrap();
    day.push(&mut an, AN).unwrap();
    assert_eq!(day.server.accepted.graph().heads().len(), 1);
    check(&day);
}

#[test]
fn empty_changes_and_changes_that_only_merge() {
    let mut day = Day::harvest();
    let (mut an, mut bo) = (day.client(), day.client());
    add_insight(&mut an, 1, AN);
    add_insight(&mut bo, 2, BO);
    day.push(&mut an, AN).unwrap();
    day.push(&mut bo, BO).unwrap();
    an.merge(&mut bo).unwrap();
    an.empty_change(automerge::transaction::CommitOptions::default());
    let admitted = day.push(&mut an, AN).unwrap();
    assert!(admitted.contributions.is_empty());
    assert_eq!(admitted.heads.len(), 1);
    an.put_object(root_map(&an, "insights"), key(3), ObjType::Map).unwrap();
    day.push_as(&mut an, AN, Role::Guest).unwrap();
    check(&day);
}

/// Cost: a run of typing is one range, and an edit in step looks at no other change.
#[test]
fn typing_on_costs_the_same_late_in_the_day() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let typed = doc.get(&item, "text").unwrap().unwrap().1;
    let mut chunks = Vec::new();
    for step in 0..4_000 {
        doc.splice_text(&typed, step % 7, 0, "x").unwrap();
        doc.commit();
        let change = doc.get_last_local_change().unwrap();
        chunks.push(bytes::Bytes::copy_from_slice(change.raw_bytes()));
    }
    let mut quarters = Vec::new();
    for quarter in chunks.chunks(1_000) {
        let mut times: Vec<_> = quarter
            .iter()
            .map(|chunk| {
                let start = std::time::Instant::now();
                day.server.admit(std::slice::from_ref(chunk), AN, Role::Participant).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        quarters.push(times[times.len() / 2]);
    }
    assert!(quarters[3] < quarters[0] * 4, "medians of four quarters: {quarters:?}");
}
