//! Contributions name what really changed.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use oogst_protocol::contribution::{Contribution, Kind};
use oogst_protocol::event::Role;
use oogst_protocol::schema::DocumentKind;

use super::day::{AN, BO, Day, add_insight, key, root_map, text};

fn names(contributions: &[Contribution]) -> Vec<String> {
    contributions
        .iter()
        .map(|contribution| match contribution.item {
            Some(item) => format!("{} {}", contribution.kind.name(), item.uuid().as_u128()),
            None => contribution.kind.name().to_owned(),
        })
        .collect()
}

/// What one push of An's contributes, after she edits the insight 1.
fn contributed(edit: impl FnOnce(&mut AutoCommit, &ObjId)) -> Vec<String> {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    edit(&mut doc, &item);
    names(&day.push(&mut doc, AN).unwrap().contributions)
}

#[test]
fn a_new_insight_is_added_and_nothing_else() {
    let mut day = Day::harvest();
    let mut doc = day.client();
    let item = add_insight(&mut doc, 1, AN);
    doc.commit();
    let typed = doc.get(&item, "text").unwrap().unwrap().1;
    doc.splice_text(&typed, 0, 0, "Nog: ").unwrap();
    text(&mut doc, &item, "category", "tip");
    text(&mut doc, &item, "position", "a1");
    let admitted = day.push(&mut doc, AN).unwrap();
    assert_eq!(names(&admitted.contributions), ["insight.added 1"]);
    assert_eq!((admitted.changes.len(), admitted.hashes.len(), admitted.heads.len()), (2, 2, 1));
    assert_eq!(admitted.heads[0], admitted.hashes[1]);
}

#[test]
fn each_key_tells_its_own_act() {
    let told = contributed(|doc, item| {
        let typed = doc.get(item, "text").unwrap().unwrap().1;
        doc.splice_text(&typed, 0, 5, "Start").unwrap();
    });
    assert_eq!(told, ["insight.edited 1"]);
    assert_eq!(
        contributed(|doc, item| drop(text(doc, item, "text", "Anders"))),
        ["insight.edited 1"]
    );
    let told = contributed(|doc, item| doc.put(item, "category", "tip").unwrap());
    assert_eq!(told, ["insight.recategorised 1"]);
    let told = contributed(|doc, item| doc.put(item, "parent", key(9)).unwrap());
    assert_eq!(told, ["insight.moved 1"]);
    let told = contributed(|doc, item| doc.put(item, "highlight", true).unwrap());
    assert_eq!(told, ["insight.highlighted 1"]);
    let told = contributed(|doc, item| doc.put(item, "removed", true).unwrap());
    assert_eq!(told, ["insight.removed 1"]);
    let told = contributed(|doc, item| {
        doc.put(item, "removed", true).unwrap();
        doc.commit();
        doc.put(item, "removed", false).unwrap();
    });
    assert_eq!(told, ["insight.removed 1", "insight.restored 1"]);
    let told = contributed(|doc, item| doc.delete(item, "removed").unwrap());
    assert_eq!(told, ["insight.restored 1"]);
    let told = contributed(|doc, item| {
        let source = doc.put_object(item, "source", ObjType::Map).unwrap();
        text(doc, &source, "place", "Gent");
    });
    assert_eq!(told, ["insight.edited 1"]);
    let told = contributed(|doc, item| {
        let translations = doc.put_object(item, "translations", ObjType::Map).unwrap();
        let french = doc.put_object(&translations, "fr", ObjType::Map).unwrap();
        text(doc, &french, "text", "Commencer petit");
    });
    assert_eq!(told, ["insight.translated 1"]);
    let told = contributed(|doc, item| {
        let said_by = doc.put_object(item, "said_by", ObjType::Map).unwrap();
        doc.put(&said_by, BO.to_string(), true).unwrap();
    });
    assert_eq!(told, ["insight.attributed 1"]);
    let told = contributed(|doc, item| {
        let ext = doc.put_object(item, "ext", ObjType::Map).unwrap();
        doc.put(&ext, "anything", 1.5).unwrap();
    });
    assert!(told.is_empty(), "{told:?}");
    let told = contributed(|doc, _| drop(text(doc, &ROOT, "question", "Hoe dan?")));
    assert_eq!(told, ["question.edited"]);
    let told = contributed(|doc, _| doc.put(ROOT, "chosen", key(3)).unwrap());
    assert_eq!(told, ["wording.chosen"]);
}

#[test]
fn support_is_given_and_taken_back() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let supports = doc.get(&item, "supports").unwrap().unwrap().1;
    let mut told = Vec::new();
    for given in [Some(true), Some(false), Some(true), None] {
        match given {
            Some(value) => doc.put(&supports, AN.to_string(), value).unwrap(),
            None => doc.delete(&supports, AN.to_string()).unwrap(),
        }
        told.extend(names(&day.push(&mut doc, AN).unwrap().contributions));
    }
    let (on, off) = ("insight.supported 1", "insight.unsupported 1");
    assert_eq!(told, [on, off, on, off]);
}

#[test]
fn several_acts_of_one_message_stand_once_each_in_order() {
    let told = contributed(|doc, item| {
        doc.put(item, "category", "tip").unwrap();
        doc.commit();
        doc.put(item, "removed", true).unwrap();
        doc.commit();
        doc.put(item, "category", "tool").unwrap();
        doc.put(item, "category", ScalarValue::Null).unwrap();
        doc.commit();
        add_insight(doc, 2, AN);
        doc.put(item, "removed", false).unwrap();
    });
    let wanted =
        ["insight.recategorised 1", "insight.removed 1", "insight.added 2", "insight.restored 1"];
    assert_eq!(told, wanted);
}

#[test]
fn an_insight_that_two_add_at_once_is_added_once() {
    let mut day = Day::harvest();
    let (mut an, mut bo) = (day.client(), day.client());
    add_insight(&mut an, 1, AN);
    add_insight(&mut bo, 1, BO);
    assert_eq!(names(&day.push(&mut an, AN).unwrap().contributions), ["insight.added 1"]);
    let told = names(&day.push(&mut bo, BO).unwrap().contributions);
    assert_eq!(told, ["insight.edited 1"]);
    assert_eq!(day.server.accepted.graph().heads().len(), 2);
}

#[test]
fn the_programme_tells_of_blocks_questions_themes_and_news() {
    let mut day = Day::new(DocumentKind::Programme);
    let mut doc = day.client();
    let mut told = Vec::new();
    for (number, map) in ["blocks", "questions", "themes", "news"].into_iter().enumerate() {
        let items = root_map(&doc, map);
        let item = doc.put_object(&items, key(number as u128), ObjType::Map).unwrap();
        told.extend(day.push_as(&mut doc, AN, Role::Facilitator).unwrap().contributions);
        doc.put(&item, "position", "a0").unwrap();
        doc.commit();
        doc.put(&item, "removed", true).unwrap();
        told.extend(day.push_as(&mut doc, AN, Role::Facilitator).unwrap().contributions);
    }
    let kinds: Vec<Kind> = told.iter().map(|contribution| contribution.kind).collect();
    let wanted = [
        [Kind::BlockAdded, Kind::BlockEdited, Kind::BlockRemoved],
        [Kind::RegionQuestionAdded, Kind::RegionQuestionEdited, Kind::RegionQuestionRemoved],
        [Kind::ThemeProposed, Kind::ThemeEdited, Kind::ThemeRemoved],
        [Kind::NewsShared, Kind::NewsEdited, Kind::NewsRemoved],
    ];
    assert_eq!(kinds, wanted.concat());
}
