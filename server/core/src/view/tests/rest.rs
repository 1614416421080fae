//! Documents that nobody uses sleep, and show the same.

use bytes::Bytes;
use oogst_protocol::event::{Act, ChangeBytes};
use oogst_protocol::ids::{ChangeHash, DocumentId, Seq};
use oogst_protocol::time::Timestamp;

use super::super::GatheringView;
use super::{Scene, item};

const LATER: Timestamp = Timestamp::from_milliseconds(i64::MAX);

fn awake(view: &GatheringView) -> Vec<DocumentId> {
    let awake = view.documents.iter().filter(|(_, view)| view.is_awake());
    awake.map(|(id, _)| *id).collect()
}

fn rest(view: &mut GatheringView) {
    for _ in 0..2 {
        assert!(view.rest(|| false));
    }
}

#[test]
fn a_document_that_only_has_its_template_sleeps_from_the_start() {
    let mut scene = Scene::new(3);
    let mut an = scene.client(1, 1);
    scene.edit(&mut an, |an| an.add(item(1), "wakker", "a"));
    let mut view = GatheringView::new(scene.events[0].gathering);
    for event in &scene.events {
        view.fold(std::slice::from_ref(event)).unwrap();
    }
    assert_eq!(awake(&view), [scene.document(1)], "who is written in is awake");
    let heads: Vec<_> = (0..3).map(|place| view.heads(scene.document(place)).unwrap()).collect();
    assert!(heads.iter().all(|heads| heads.len() == 1));
    assert_eq!(view.wall(LATER).groups.len(), 3);
    assert_eq!(awake(&view), [scene.document(1)], "a wall wakes nobody");
    let root = view.document(scene.document(0), None).unwrap().root;
    assert_eq!((root["kind"].as_str(), root["insights"].is_object()), (Some("harvest"), true));
    assert_eq!(awake(&view), [scene.document(0), scene.document(1)], "a reader does");
    assert_eq!(view.heads(scene.document(0)).unwrap(), heads[0]);
}

#[test]
fn who_was_left_sleeps_and_wakes_with_all_that_it_was() {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    let first = scene.edit(&mut an, |an| an.add(item(1), "één", "a"));
    scene.edit(&mut an, |an| an.type_at_end(item(1), " twee"));
    let (mut view, document) = (scene.view(), scene.document(0));
    let seen = |view: &GatheringView| {
        let past = view.document(document, Some(first));
        (view.wall_digest(), view.document(document, None), past, view.heads(document))
    };
    let (before, snapshot) = (seen(&view), view.snapshot(document));
    rest(&mut view);
    assert_eq!(awake(&view), []);
    assert_eq!(view.snapshot(document), snapshot);
    assert_eq!(awake(&view), [], "a snapshot is what sleeps");
    assert_eq!(seen(&view), before);
    assert!(view.rest(|| false));
    assert_eq!(awake(&view), [document], "not right after it was used");

    rest(&mut view);
    let news = scene.edit(&mut an, |an| an.type_at_end(item(1), " drie"));
    view.fold(&scene.events).unwrap();
    assert_eq!(view.covered(), news);
    assert_eq!(seen(&view), seen(&scene.view()));
}

#[test]
fn rest_goes_on_another_time_where_there_was_enough_of_it() {
    let mut scene = Scene::new(3);
    for (place, actor) in [(0, 1), (1, 2), (2, 3)] {
        let mut an = scene.client(place, actor);
        scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    }
    let mut view = scene.view();
    assert!(view.rest(|| true), "all were used until now, so it is no work");
    for left in [2, 1] {
        assert!(!view.rest(|| true));
        assert_eq!(awake(&view).len(), left);
    }
    view.rest(|| true);
    assert!(awake(&view).is_empty());
}

#[test]
fn a_document_that_stopped_is_no_state_of_the_log_and_stays_awake() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    let good = scene.edit(&mut an, |an| an.add(item(1), "goed", "a"));
    let (document, heads) = (scene.document(0), vec![ChangeHash([9; 32])]);
    let changes = vec![ChangeBytes(Bytes::from_static(b"no change"))];
    scene.happens(Act::Changed { document, changes, contributions: Vec::new(), heads });
    let mut view = GatheringView::new(scene.events[0].gathering);
    for event in &scene.events {
        view.fold(std::slice::from_ref(event)).unwrap();
    }
    let stopped: Vec<Seq> = view.stopped().map(|(_, stop)| stop.after).collect();
    assert_eq!(stopped, [good]);
    rest(&mut view);
    assert_eq!(awake(&view), [document]);
    assert_eq!(view.wall(LATER).groups[0].insights[0].text, "goed");
}
