//! Lines of feed and events: each with the item as it was right after its event.

use oogst_protocol::api::Line;
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::{ParticipantId, Seq};
use serde_json::json;

use super::super::Filter;
use super::{Scene, item, nobody, uuid};

fn lines(scene: &Scene) -> Vec<Line> {
    scene.view().lines(&scene.events, &Filter::default(), &nobody)
}

fn texts(lines: &[Line]) -> Vec<&str> {
    lines.iter().filter_map(|line| Some(line.state.as_ref()?.text.as_str())).collect()
}

#[test]
fn each_line_shows_the_text_of_its_own_moment_though_all_were_folded_at_once() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "", "a"));
    for letter in ["O", "o", "g", "s", "t"] {
        scene.edit(&mut an, |an| an.type_at_end(item(1), letter));
    }
    scene.edit(&mut an, |an| an.add(item(2), "twee", "b"));
    let lines = lines(&scene);
    assert_eq!(texts(&lines), ["", "O", "Oo", "Oog", "Oogs", "Oogst", "twee"]);
    let seqs: Vec<u64> = lines.iter().map(|line| line.seq.0).collect();
    assert_eq!(seqs, (1..=11).collect::<Vec<u64>>(), "the acts before them have lines too");
}

#[test]
fn concurrent_edits_are_shown_as_they_arrived() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "x", "a"));
    let mut bo = scene.client(0, 2);
    an.type_at_end(item(1), " an");
    bo.put(item(1), "category", "tip", Kind::InsightRecategorised);
    scene.accept(&mut bo);
    scene.accept(&mut an);
    let lines = lines(&scene);
    let [.., tip, typed] = lines.as_slice() else { panic!("two lines") };
    let state = |line: &Line| line.state.clone().unwrap();
    assert_eq!((state(tip).text.as_str(), state(tip).category.as_deref()), ("x", Some("tip")));
    assert_eq!(
        (state(typed).text.as_str(), state(typed).category.as_deref()),
        ("x an", Some("tip"))
    );
}

#[test]
fn a_line_has_the_form_of_the_contract() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    let long = "é🌾".repeat(100);
    let seq = scene.edit(&mut an, |an| {
        an.add(item(1), &long, "a0");
        an.support(item(1), ParticipantId::new(uuid(900)));
    });
    let view = scene.view();
    let name = |_| Some("An".to_owned());
    let events = &scene.events[usize::try_from(seq.0).unwrap() - 1..];
    let lines = view.lines(events, &Filter::default(), &name);
    assert_eq!(lines.len(), 2);
    assert_eq!(
        serde_json::to_value(&lines[1]).unwrap(),
        json!({
            "seq": 5, "index": 1, "at": "2026-11-21T10:15:07.120Z", "type": "insight.supported",
            "gathering": uuid(1), "group": uuid(10), "document": scene.document(0).to_string(),
            "item": uuid(1),
            "participant": { "id": uuid(900), "name": "An", "role": "participant" },
            "excerpt": "é🌾".repeat(70),
            "state": {
                "text": long, "category": null, "parent": null, "position": "a0",
                "removed": false, "settled": false, "supports": 1,
            },
        })
    );
}

#[test]
fn a_question_has_an_excerpt_and_no_state() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.ask("Wat werkt?"));
    scene.edit(&mut an, |an| an.ask("Wat werkt niet?"));
    let lines = lines(&scene);
    let [.., first, second] = lines.as_slice() else { panic!("two lines") };
    assert_eq!(first.excerpt.as_deref(), Some("Wat werkt?"));
    assert_eq!(second.excerpt.as_deref(), Some("Wat werkt niet?"));
    assert_eq!((&second.state, second.item), (&None, None));
}

#[test]
fn events_that_are_not_covered_give_no_line() {
    let mut scene = Scene::new(1);
    let view = scene.view();
    let mut an = scene.client(0, 1);
    let seq = scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    let lines = view.lines(&scene.events, &Filter::default(), &nobody);
    assert!(lines.iter().all(|line| line.seq < seq), "a view shows what it has folded");
}

#[test]
fn a_document_is_readable_as_it_was_after_each_event() {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    let first = scene.edit(&mut an, |an| an.add(item(1), "een", "a"));
    let mut bo = scene.client(1, 2);
    let elsewhere = scene.edit(&mut bo, |bo| bo.add(item(2), "elders", "a"));
    scene.edit(&mut an, |an| an.type_at_end(item(1), " twee"));
    let view = scene.view();
    let document = scene.document(0);
    let text = |at| {
        let found = view.document(document, at)?;
        let shown = found.root["insights"][item(1).to_string()]["text"].as_str();
        Some((found.seq, shown.map(str::to_owned)))
    };
    assert_eq!(text(Some(first)), Some((first, Some("een".into()))));
    assert_eq!(text(Some(elsewhere)), Some((elsewhere, Some("een".into()))));
    assert_eq!(text(None), Some((view.covered(), Some("een twee".into()))));
    assert_eq!(text(Some(Seq(first.0 - 1))), Some((Seq(first.0 - 1), None)));
    assert_eq!(text(Some(Seq(1))), None, "before it was opened");
    assert_eq!(text(Some(view.covered().next())), None, "not yet");
    let root = view.document(document, None).unwrap().root;
    assert_eq!(root["kind"], "harvest");
    assert_eq!(root["insights"][item(1).to_string()]["position"], "a");
}
