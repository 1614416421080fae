//! Documents of every kind survive concurrent edits of every key.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ReadDoc, Value};
use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::schema::{DocumentKind, Keys, Node, Rule};

use super::day::{AN, BO, Day, key, text};
use super::orders;
use super::places::{Site, map_at, put_fitting, sites};
use super::random::Random;

/// Goal: of what two write at the same time, at whatever key of whatever kind, nothing is lost
/// that can stand beside the other: both pieces of a text, both items, both people's flags; of one
/// value, one of the two stands. Method: for each key of the shape, two clients that hold the same
/// write there at once; then all of it in several causal orders.
#[test]
fn every_kind_survives_two_who_write_at_the_same_key_at_once() {
    let mut written = 0;
    for kind in DocumentKind::ALL {
        let mut day = Day::new(*kind);
        prepare(&mut day, *kind);
        for (an, bo) in sites(*kind, AN).iter().zip(&sites(*kind, BO)) {
            at_once(&mut day, an, bo);
            written += 1;
        }
        orders::check(&day.server, &mut Random::new(written));
    }
    assert!(written > 300, "{written} keys: the shapes are not walked");
}

/// Every map is there, and a text at each key of one.
fn prepare(day: &mut Day, kind: DocumentKind) {
    for by in [AN, BO] {
        let mut doc = day.client();
        for site in sites(kind, by) {
            let map = map_at(&mut doc, &site.path);
            let there = doc.get(&map, site.key.as_str()).unwrap();
            match (site.node, there) {
                (Node::Map(_), None) => {
                    doc.put_object(&map, site.key.as_str(), ObjType::Map).unwrap();
                }
                (Node::Text, None) => drop(text(&mut doc, &map, &site.key, "midden")),
                (Node::Text, Some((_, there))) if !doc.text(&there).unwrap().contains("midden") => {
                    doc.splice_text(&there, 0, 0, "midden").unwrap();
                }
                (Node::Map(_) | Node::Text | Node::Value(_), _) => {}
            }
        }
        day.push_as(&mut doc, by, Role::Facilitator).unwrap();
    }
}

fn at_once(day: &mut Day, an: &Site, bo: &Site) {
    let (mut ans, mut bos) = (day.client(), day.client());
    edit(&mut ans, an, AN, false);
    edit(&mut bos, bo, BO, true);
    for (doc, by, site) in [(&mut ans, AN, an), (&mut bos, BO, bo)] {
        if let Err(fault) = day.push_as(doc, by, Role::Facilitator) {
            panic!("{}: {fault}", site.name());
        }
    }
    let both = day.server.copy(ActorId::from([0xcc; 16].as_slice()));
    for (site, by, second) in [(an, AN, false), (bo, BO, true)] {
        check(&both, site, (by, second), an.name() == bo.name());
    }
}

fn edit(doc: &mut AutoCommit, site: &Site, me: ParticipantId, second: bool) {
    let map = map_at(doc, &site.path);
    let (_, there) = doc.get(&map, site.key.as_str()).unwrap().unzip();
    match (site.node, there) {
        (Node::Text, Some(there)) => {
            let (at, piece) = if second { (doc.length(&there), " Bo") } else { (0, "An ") };
            doc.splice_text(&there, at, 0, piece).unwrap();
        }
        (Node::Map(shape), Some(there)) => match &shape.keys {
            Keys::Items(_) => drop(doc.put_object(&there, added(second), ObjType::Map).unwrap()),
            Keys::Any => doc.put(&there, added(second), second).unwrap(),
            // Their keys have sites of their own.
            Keys::Named(_) | Keys::Cards(_) | Keys::Each(..) => {
                doc.empty_change(automerge::transaction::CommitOptions::default());
            }
        },
        (Node::Value(rule), _) => put_fitting(doc, &map, &site.key, (*rule, me, second)),
        (Node::Text | Node::Map(_), None) => panic!("{} was made before", site.name()),
    }
}

fn added(second: bool) -> String {
    key(if second { 101 } else { 100 })
}

fn check(doc: &AutoCommit, site: &Site, (by, second): (ParticipantId, bool), same: bool) {
    let map = site.path.iter().fold(automerge::ROOT, |map, key| inner(doc, &map, key));
    let name = site.name();
    match site.node {
        Node::Text => {
            let shown = doc.text(inner(doc, &map, &site.key)).unwrap();
            let piece = if second { " Bo" } else { "An " };
            assert!(shown.contains(piece) && shown.contains("midden"), "{name}: {shown}");
        }
        Node::Map(shape) => {
            let there = inner(doc, &map, &site.key);
            if matches!(shape.keys, Keys::Items(_) | Keys::Any) {
                assert!(doc.get(&there, added(second)).unwrap().is_some(), "{name}: {second}");
            }
        }
        Node::Value(rule) => {
            let mut wanted = AutoCommit::new();
            let mut fits = Vec::new();
            for (me, second) in [(AN, false), (BO, true)] {
                if same || me == by {
                    put_fitting(&mut wanted, &automerge::ROOT, "x", (*rule, me, second));
                    fits.push(plain(&wanted, &automerge::ROOT, "x"));
                }
            }
            let found = plain(doc, &map, &site.key);
            assert!(fits.contains(&found), "{name}: {found} is none of {fits:?}");
            assert!(*rule != Rule::Own || !found.is_empty(), "{name}");
        }
    }
}

fn inner(doc: &AutoCommit, map: &ObjId, key: &str) -> ObjId {
    doc.get(map, key).unwrap().unwrap_or_else(|| panic!("`{key}` is lost")).1
}

fn plain(doc: &AutoCommit, map: &ObjId, key: &str) -> String {
    match doc.get(map, key).unwrap() {
        Some((Value::Object(_), text)) => doc.text(text).unwrap(),
        Some((Value::Scalar(value), _)) => {
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        }
        None => panic!("`{key}` is lost"),
    }
}
