//! Every key that a kind of document has, read off its shape, with a way to it.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::{By, DocumentKind, Keys, Name, Node, Rule, Shape};
use uuid::Uuid;

use super::day::{key, text};

/// One key of a document.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The keys of the maps that lead there.
    pub(super) path: Vec<String>,
    pub(super) key: String,
    pub(super) node: &'static Node,
}

impl Site {
    /// What names it in a failure.
    pub(super) fn name(&self) -> String {
        format!("{}/{}", self.path.join("/"), self.key)
    }
}

/// Every key that somebody may write, each map of items with the item 1 in it. Keys that are a
/// writer's own are `me`'s.
pub(super) fn sites(kind: DocumentKind, me: ParticipantId) -> Vec<Site> {
    let mut sites = Vec::new();
    walk(kind.root(), &[], me, &mut sites);
    sites
}

fn walk(shape: &'static Shape, path: &[String], me: ParticipantId, sites: &mut Vec<Site>) {
    let mut enter = |key: String, node: &'static Node| {
        sites.push(Site { path: path.to_vec(), key: key.clone(), node });
        if let Node::Map(inner) = node {
            walk(inner, &[path, &[key]].concat(), me, sites);
        }
    };
    match &shape.keys {
        Keys::Named(_) => {
            for field in shape.fields().filter(|field| field.by != By::Nobody) {
                enter(field.key.to_owned(), &field.node);
            }
        }
        Keys::Items(item) => walk(item.shape, &[path, &[key(1)]].concat(), me, sites),
        Keys::Cards(item) => walk(item.shape, &[path, &[me.to_string()]].concat(), me, sites),
        Keys::Each(name, node) => enter(example(*name, me), node),
        Keys::Any => {}
    }
}

fn example(name: Name, me: ParticipantId) -> String {
    match name {
        Name::Own | Name::Member => me.to_string(),
        Name::Uuid => key(9),
        Name::Language => "uk".to_owned(),
        Name::Word => "foto-1.jpg".to_owned(),
        Name::Target => target(),
    }
}

pub(super) fn target() -> String {
    format!("{}/{}", DocumentId::new(Uuid::from_u128(7)), key(9))
}

/// The map that the keys lead to, made where it is not there yet.
pub(super) fn map_at(doc: &mut AutoCommit, path: &[String]) -> ObjId {
    path.iter().fold(ROOT, |map, key| match doc.get(&map, key.as_str()).unwrap() {
        Some((_, inner)) => inner,
        None => doc.put_object(&map, key.as_str(), ObjType::Map).unwrap(),
    })
}

/// Writes a value that fits a rule: one of two.
pub(super) fn put_fitting(
    doc: &mut AutoCommit,
    map: &ObjId,
    key: &str,
    (rule, me, second): (Rule, ParticipantId, bool),
) {
    let pick = |one: &str, other: &str| (if second { other } else { one }).to_owned();
    let word = match rule {
        Rule::Flag | Rule::Removed | Rule::Highlight => return doc.put(map, key, second).unwrap(),
        Rule::Moment => return doc.put(map, key, ScalarValue::Timestamp(5)).unwrap(),
        Rule::Level | Rule::Whole { .. } => {
            return doc.put(map, key, 1 + i64::from(second)).unwrap();
        }
        Rule::OneOf(list) => pick(list[0], list[list.len() - 1]),
        Rule::Own | Rule::Member => me.to_string(),
        Rule::Uuid | Rule::Link => pick(&super::day::key(20), &super::day::key(21)),
        Rule::Name => pick("incident", "roddel"),
        Rule::Language => pick("uk", "ar"),
        Rule::Target => target(),
        Rule::Position => pick("a0", "Zz9"),
        Rule::Clock => pick("09:30", "16:00"),
        Rule::Date | Rule::Since => pick("2023-10-10", "2026-11-25"),
    };
    if second {
        doc.put(map, key, word).unwrap();
    } else {
        text(doc, map, key, &word);
    }
}
