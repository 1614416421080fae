//! What breaks the document's shape is refused, whole, and by whom it may be written is checked.

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use oogst_core::accept::Fault;
use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::schema::DocumentKind;
use uuid::Uuid;

use super::day::{AN, BO, CAS, Day, add_insight, key, root_map, text};

/// Bo edits a harvest that holds An's insight 1: the fault.
fn refused(edit: impl FnOnce(&mut AutoCommit, &ObjId)) -> Fault {
    let mut day = Day::harvest();
    let (mut bo, item) = day.with_insight(1);
    bo = bo.fork().with_actor(automerge::ActorId::from([0xb0; 16].as_slice()));
    edit(&mut bo, &item);
    let heads = day.server.accepted.graph().heads();
    let fault = day.push(&mut bo, BO).unwrap_err();
    assert_eq!(day.server.accepted.graph().heads(), heads);
    fault
}

fn refused_put(key: &'static str, value: impl Into<ScalarValue>) -> Fault {
    let value = value.into();
    refused(|doc, item| doc.put(item, key, value).unwrap())
}

#[test]
fn unknown_keys_wrong_types_and_values_outside_their_list() {
    assert!(matches!(refused(|doc, _| doc.put(ROOT, "zz", 1).unwrap()), Fault::Shape { .. }));
    assert!(matches!(refused_put("zz", "x"), Fault::Shape { .. }));
    assert!(matches!(refused_put("text", 3), Fault::Shape { .. }));
    assert!(matches!(refused_put("removed", "ja"), Fault::Shape { .. }));
    assert!(matches!(refused_put("category", "mening"), Fault::Shape { .. }));
    assert!(matches!(refused_put("position", "a 0"), Fault::Shape { .. }));
    assert!(matches!(refused_put("created", 1.5), Fault::Shape { .. }));
    assert!(matches!(refused_put("author", AN.to_string()), Fault::Shape { .. }));
    assert!(matches!(refused_put("parent", "boven"), Fault::Shape { .. }));
    assert!(matches!(refused_put("category", ScalarValue::counter(1)), Fault::Change(_)));
    let fault = refused(|doc, item| drop(text(doc, item, "category", "mening")));
    assert!(matches!(fault, Fault::Shape { .. }));
    let fault = refused(|doc, item| drop(doc.put_object(item, "category", ObjType::Map).unwrap()));
    assert!(matches!(fault, Fault::Shape { .. }));
    let fault = refused(|doc, item| drop(doc.put_object(item, "text", ObjType::List).unwrap()));
    assert!(matches!(fault, Fault::Change(_)));
    let fault = refused(|doc, _| doc.put(ROOT, "kind", "programme").unwrap());
    assert!(matches!(fault, Fault::Shape { .. }));
}

#[test]
fn items_and_maps_that_others_write_in_are_neither_replaced_nor_deleted() {
    let insights = |doc: &AutoCommit| root_map(doc, "insights");
    let faults = [
        refused(|doc, _| doc.delete(insights(doc), key(1)).unwrap()),
        refused(|doc, _| drop(doc.put_object(insights(doc), key(1), ObjType::Map).unwrap())),
        refused(|doc, _| doc.put(insights(doc), key(1), ScalarValue::Null).unwrap()),
        refused(|doc, _| drop(doc.put_object(insights(doc), key(2), ObjType::Text).unwrap())),
        refused(|doc, _| doc.delete(ROOT, "insights").unwrap()),
        refused(|doc, _| drop(doc.put_object(ROOT, "insights", ObjType::Map).unwrap())),
        refused(|doc, item| drop(doc.put_object(item, "supports", ObjType::Map).unwrap())),
        refused(|doc, item| doc.delete(item, "supports").unwrap()),
    ];
    for fault in faults {
        assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
    }
}

#[test]
fn texts_hold_strings_and_nothing_else() {
    let typed = |doc: &AutoCommit, item: &ObjId| doc.get(item, "text").unwrap().unwrap().1;
    let fault = refused(|doc, item| {
        let bold = Mark::new("bold".into(), true, 0, 3);
        doc.mark(typed(doc, item), bold, ExpandMark::None).unwrap();
    });
    assert!(matches!(fault, Fault::Change(_)), "{fault}");
    let fault = refused(|doc, item| drop(doc.split_block(typed(doc, item), 2).unwrap()));
    assert!(!fault.is_size(), "{fault}");
    // A value from a list is written whole: no typing in it afterwards.
    let fault = refused(|doc, item| {
        let category = text(doc, item, "category", "tip");
        doc.commit();
        doc.splice_text(&category, 3, 0, "s").unwrap();
    });
    assert!(matches!(fault, Fault::Operation { .. }), "{fault}");
}

#[test]
fn keys_of_participants_are_the_writers_own_but_for_who_said_it() {
    let under = |map: &'static str, named: ParticipantId| {
        move |doc: &mut AutoCommit, item: &ObjId| {
            let found = doc.get(item, map).unwrap().map(|(_, map)| map);
            let map = found.unwrap_or_else(|| doc.put_object(item, map, ObjType::Map).unwrap());
            doc.put(&map, named.to_string(), true).unwrap();
        }
    };
    assert!(matches!(refused(under("supports", AN)), Fault::Shape { .. }));
    let stranger = ParticipantId::new(Uuid::from_u128(99));
    assert!(matches!(refused(under("said_by", stranger)), Fault::Shape { .. }));
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    under("said_by", CAS)(&mut doc, &item);
    under("supports", AN)(&mut doc, &item);
    day.push(&mut doc, AN).unwrap();
}

#[test]
fn blocks_and_themes_are_the_facilitators() {
    let mut day = Day::new(DocumentKind::Programme);
    let mut doc = day.client();
    let item = doc.put_object(root_map(&doc, "blocks"), key(1), ObjType::Map).unwrap();
    assert!(matches!(day.push(&mut doc, AN).unwrap_err(), Fault::Shape { .. }));
    let title = text(&mut doc, &item, "title", "Welkom");
    day.push_as(&mut doc, AN, Role::Facilitator).unwrap();
    doc.splice_text(&title, 0, 0, "Hartelijk ").unwrap();
    assert!(matches!(day.push(&mut doc, AN).unwrap_err(), Fault::Operation { .. }));
    let mut other = day.client();
    let question = other.put_object(root_map(&other, "questions"), key(2), ObjType::Map).unwrap();
    other.put(&question, "kind", "challenge").unwrap();
    day.push(&mut other, BO).unwrap();
}

#[test]
fn at_most_three_key_points_where_the_writer_sees_them() {
    let mut day = Day::harvest();
    let mut an = day.client();
    let items: Vec<_> = (1..6).map(|number| add_insight(&mut an, number, AN)).collect();
    for item in &items[..2] {
        an.put(item, "highlight", true).unwrap();
    }
    day.push(&mut an, AN).unwrap();
    // Two more at the same time: neither could know, so both stand.
    let mut bo = day.client();
    an.put(&items[2], "highlight", true).unwrap();
    bo.put(&items[3], "highlight", true).unwrap();
    day.push(&mut an, AN).unwrap();
    day.push(&mut bo, BO).unwrap();
    // Who sees four may not add a fifth, until two are gone: one by hand, one removed.
    let mut cas = day.client();
    cas.put(&items[4], "highlight", true).unwrap();
    assert!(matches!(day.push(&mut cas, CAS).unwrap_err(), Fault::Full { most: 3, .. }));
    let mut cas = day.client();
    cas.put(&items[0], "highlight", false).unwrap();
    cas.put(&items[1], "removed", true).unwrap();
    cas.put(&items[4], "highlight", true).unwrap();
    day.push(&mut cas, CAS).unwrap();
}

#[test]
fn texts_and_ext_over_their_limits_are_too_large() {
    let long = "x".repeat(100_001);
    let fault = refused(|doc, item| doc.put(item, "text", long.as_str()).unwrap());
    assert!(fault.is_size(), "{fault}");
    let fault = refused(|doc, item| {
        let ext = doc.put_object(item, "ext", ObjType::Map).unwrap();
        doc.put(&ext, "a", "x".repeat(3000)).unwrap();
        doc.put(&ext, "b", "x".repeat(3000)).unwrap();
    });
    assert!(fault.is_size(), "{fault}");
    let fault = refused(|doc, item| {
        let mut map = doc.put_object(item, "ext", ObjType::Map).unwrap();
        for _ in 0..40 {
            map = doc.put_object(&map, "n", ObjType::Map).unwrap();
        }
    });
    assert!(fault.is_size(), "{fault}");
    // Overwriting frees what was there: a newer client may write for ever.
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let ext = doc.put_object(&item, "ext", ObjType::Map).unwrap();
    for round in 0..20 {
        doc.put(&ext, "a", format!("{round}{}", "x".repeat(3000))).unwrap();
        let inner = doc.put_object(&ext, "inner", ObjType::Map).unwrap();
        text(&mut doc, &inner, "t", &"y".repeat(900));
        day.push(&mut doc, AN).unwrap();
    }
}
