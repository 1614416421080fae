//! A document that can't be materialised stops alone, at its last good state.

use bytes::Bytes;
use oogst_protocol::event::{Act, ChangeBytes};
use oogst_protocol::ids::{ChangeHash, Seq};
use oogst_protocol::time::Timestamp;

use super::super::{FoldError, GatheringView, Snapshot, Stop};
use super::{Scene, item, uuid};

const LATER: Timestamp = Timestamp::from_milliseconds(i64::MAX);

/// Two groups with an insight each; then an event that automerge can't read, in the first.
fn damaged() -> (Scene, Seq) {
    let mut scene = Scene::new(2);
    let (mut an, mut bo) = (scene.client(0, 1), scene.client(1, 2));
    let good = scene.edit(&mut an, |an| an.add(item(1), "goed", "a"));
    let (document, heads) = (scene.document(0), vec![ChangeHash([9; 32])]);
    let changes = vec![ChangeBytes(Bytes::from_static(b"no change"))];
    scene.happens(Act::Changed { document, changes, contributions: Vec::new(), heads });
    scene.edit(&mut bo, |bo| bo.add(item(2), "elders", "a"));
    (scene, good)
}

#[test]
fn a_document_that_cannot_be_materialised_stops_and_the_others_go_on() {
    let (scene, good) = damaged();
    let mut view = GatheringView::new(scene.events[0].gathering);
    for event in &scene.events {
        view.fold(std::slice::from_ref(event)).unwrap();
    }
    let stops: Vec<_> = view.stopped().map(|(id, stop)| (id, stop.clone())).collect();
    assert_eq!(stops.len(), 1);
    assert_eq!((stops[0].0, stops[0].1.after), (scene.document(0), good));
    assert_eq!(view.snapshot(scene.document(0)), None, "no snapshot of what is not trusted");

    let mut again = GatheringView::new(scene.events[0].gathering).with_stops(stops);
    again.fold(&scene.events).unwrap();
    let wall = again.wall(LATER);
    assert_eq!(wall.groups[0].insights[0].text, "goed");
    assert_eq!(wall.groups[1].insights[0].text, "elders");
    assert_eq!(wall.seq, again.covered());
    let root = again.document(scene.document(0), None).unwrap().root;
    assert_eq!(root["insights"][item(1).to_string()]["text"], "goed");
}

#[test]
fn heads_that_are_not_those_of_the_event_are_noticed() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    let mut wrong = (*scene.events.pop().unwrap()).clone();
    let Act::Changed { heads, .. } = &mut wrong.entry.act else { panic!("an edit") };
    *heads = vec![ChangeHash([1; 32])];
    scene.events.push(wrong.into());
    let view = scene.view();
    let (_, Stop { why, .. }) = view.stopped().next().unwrap();
    assert!(why.contains("heads"), "{why}");
}

#[test]
fn a_gap_is_refused_and_what_is_covered_is_skipped() {
    let scene = Scene::new(1);
    let mut view = GatheringView::new(scene.events[0].gathering);
    view.fold(&scene.events[..2]).unwrap();
    view.fold(&scene.events).unwrap();
    assert_eq!(view.covered(), Seq(4));
    let mut view = GatheringView::new(scene.events[0].gathering);
    let gap = view.fold(&scene.events[1..]).unwrap_err();
    assert!(matches!(gap, FoldError::Gap { covered: Seq(0), found: Seq(2) }));
}

#[test]
fn a_snapshot_is_believed_only_where_the_log_confirms_it() {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    for number in 1..6 {
        scene.edit(&mut an, |an| an.add(item(number), "x", "a"));
    }
    let mut view = GatheringView::new(scene.events[0].gathering);
    view.fold(&scene.events[..7]).unwrap();
    let snapshot = view.snapshot(scene.document(0)).unwrap();
    assert_eq!(Snapshot::decode(&snapshot.encode()).as_ref(), Some(&snapshot));
    assert_eq!(Snapshot::decode(&snapshot.encode()[1..]), None);

    let whole = scene.view();
    let fold = |snapshot: Snapshot, events: &[_]| {
        let mut view = GatheringView::new(scene.events[0].gathering).with_snapshots([snapshot]);
        view.fold(events).map(|()| (view.wall_digest(), view.heads(scene.document(0))))
    };
    let wanted = (whole.wall_digest(), whole.heads(scene.document(0)));
    assert_eq!(fold(snapshot.clone(), &scene.events).unwrap(), wanted);

    // The log of another life: the same places, other changes.
    let mut other = Scene::new(2);
    let mut bo = other.client(0, 9);
    for _ in 0..5 {
        other.edit(&mut bo, |bo| bo.add(item(uuid(3).as_u128() >> 80), "y", "a"));
    }
    let refused = fold(snapshot, &other.events);
    assert!(matches!(refused, Err(FoldError::Snapshot { .. })));
}
