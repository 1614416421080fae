//! What each kind of document takes, refuses and tells.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
use oogst_core::accept::{Admitted, Fault};
use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::limits::PARTICIPANT_ITEMS_MAX;
use oogst_protocol::schema::{DocumentKind, Node};

use super::day::{AN, BO, CAS, Day, key, root_map, text};
use super::places::{map_at, sites, target};

/// What is written at a key.
enum Put {
    Text(&'static str),
    Word(&'static str),
    Flag(bool),
    Whole(i64),
}

/// The keys of a way: numbers are items, `an` is a person.
fn way(path: &str) -> Vec<String> {
    let key = |word: &str| match word.parse() {
        Ok(number) => key(number),
        Err(_) if word == "an" => AN.to_string(),
        Err(_) if word == "target" => target(),
        Err(_) => word.to_owned(),
    };
    path.split('/').filter(|word| !word.is_empty()).map(key).collect()
}

fn put(doc: &mut AutoCommit, path: &str, value: &Put) {
    let mut keys = way(path);
    let last = keys.pop().unwrap();
    let map = map_at(doc, &keys);
    match value {
        Put::Text(words) => drop(text(doc, &map, &last, words)),
        Put::Word(word) => doc.put(&map, last, *word).unwrap(),
        Put::Flag(flag) => doc.put(&map, last, *flag).unwrap(),
        Put::Whole(number) => doc.put(&map, last, *number).unwrap(),
    }
}

fn names(admitted: &Admitted) -> Vec<String> {
    let name = |told: &oogst_protocol::contribution::Contribution| match told.item {
        Some(item) => format!("{} {:x}", told.kind.name(), item.uuid().as_u128()),
        None => told.kind.name().to_owned(),
    };
    admitted.contributions.iter().map(name).collect()
}

/// What one write contributes, where the maps on its way were there before.
fn told(kind: DocumentKind, path: &str, value: &Put) -> Vec<String> {
    let mut day = Day::new(kind);
    let mut doc = day.client();
    let mut keys = way(path);
    keys.pop();
    if !keys.is_empty() {
        map_at(&mut doc, &keys);
        day.push(&mut doc, AN).unwrap();
    }
    put(&mut doc, path, value);
    names(&day.push(&mut doc, AN).unwrap_or_else(|fault| panic!("{path}: {fault}")))
}

#[test]
fn each_key_of_each_kind_tells_its_act() {
    use DocumentKind as D;
    use Put::{Flag, Text, Whole, Word};
    let cases = [
        (D::Introductions, "cards/an/on_my_plate", Text("Veel"), "introduction.edited a1"),
        (D::Closing, "cards/an/takeaway", Text("Moed"), "closing.edited"),
        (D::Stakeholders, "title", Text("Kaart"), "stakeholder.edited"),
        (D::Stakeholders, "stakeholders/1/organisation", Text("VZW"), "stakeholder.edited 1"),
        (D::Stakeholders, "stakeholders/1/influence", Whole(4), "stakeholder.assessed 1"),
        (D::Stakeholders, "stakeholders/1/level", Word("local"), "stakeholder.assessed 1"),
        (D::Stakeholders, "stakeholders/1/engagement/level", Word("core"), "stakeholder.engaged 1"),
        (D::Stakeholders, "stakeholders/1/wins/2/text", Text("Bereik"), "stakeholder.edited 2"),
        (D::Stakeholders, "stakeholders/1/interests/3/removed", Flag(true), "stakeholder.edited 3"),
        (D::Stakeholders, "stakeholders/1/removed", Flag(true), "stakeholder.removed 1"),
        (D::Contacts, "contacts/1/email", Text("an@example.org"), "contact.edited"),
        (D::ActionPlan, "goal", Text("Samen"), "plan.edited"),
        (D::ActionPlan, "status", Word("submitted"), "plan.edited"),
        (D::ActionPlan, "hundred_days/question", Text("Wat?"), "plan.edited"),
        (D::ActionPlan, "consulted/4/date", Word("2023-10-10"), "plan.edited 4"),
        (D::ActionPlan, "actions/1/what", Text("Bellen"), "action.edited 1"),
        (D::ActionPlan, "actions/1/due", Word("2023-12-01"), "action.planned 1"),
        (D::ActionPlan, "actions/1/who/an", Flag(true), "action.planned 1"),
        (D::ActionPlan, "actions/1/scenarios/none", Flag(true), "action.planned 1"),
        (D::ActionPlan, "actions/1/period", Text("Q1"), "action.planned 1"),
        (D::ActionPlan, "actions/1/status", Word("doing"), "action.progressed 1"),
        (D::ActionPlan, "actions/1/supports/an", Flag(true), "action.supported 1"),
        (D::ActionPlan, "actions/1/removed", Flag(true), "action.removed 1"),
        (D::ActionPlan, "check_ins/5/money", Text("Weinig"), "check_in.noted 5"),
        (D::Intervision, "step", Word("roddelen"), "intervision.stepped"),
        (D::Intervision, "case", Text("Geheim"), "intervision.asked"),
        (D::Intervision, "questions/1/text", Text("Waarom?"), "intervision.asked"),
        (D::Intervision, "advice/1/text", Text("Bel"), "intervision.advised"),
        (D::Intervision, "steps/1/text", Text("Ik bel"), "intervision.concluded"),
        (D::Visit, "place", Text("Gent"), "visit.noted"),
        (D::Visit, "tasks/1/text", Text("Foto's"), "visit.noted 1"),
        (D::Visit, "observations/1/text", Text("Groen"), "visit.noted 1"),
        (D::Visit, "prepared_questions/1/asked_by", Text("Bo"), "visit.asked 1"),
        (D::Visit, "prepared_questions/1/answer", Text("Ja"), "visit.answered 1"),
        (D::Visit, "recommendations/1/text", Text("Doen"), "visit.recommended 1"),
        (D::Visit, "recommendations/1/adopted/an", Flag(true), "visit.adopted 1"),
        (D::Report, "intro", Text("Dag"), "report.edited"),
        (D::Report, "sections/1/question", Text("Hoe?"), "report.edited 1"),
        (D::Report, "lines/1/text", Text("Zo"), "report.edited 1"),
        (D::Report, "lines/1/sources/target", Flag(true), "report.edited 1"),
    ];
    for (kind, path, value, wanted) in &cases {
        assert_eq!(told(*kind, path, value), [*wanted], "{kind:?} {path}");
    }
    assert!(told(D::Intervision, "room/an", &Flag(true)).is_empty());
}

#[test]
fn a_new_stakeholder_is_added_and_its_wins_are_told_by_themselves() {
    let mut day = Day::new(DocumentKind::Stakeholders);
    let mut doc = day.client();
    put(&mut doc, "stakeholders/1/organisation", &Put::Text("VZW De Brug"));
    put(&mut doc, "stakeholders/1/influence", &Put::Whole(3));
    put(&mut doc, "stakeholders/1/wins/2/text", &Put::Text("Bereik"));
    put(&mut doc, "stakeholders/1/engagement/level", &Put::Word("informed"));
    let told = names(&day.push(&mut doc, AN).unwrap());
    assert_eq!(told, ["stakeholder.added 1", "stakeholder.edited 2", "stakeholder.engaged 1"]);
    put(&mut doc, "stakeholders/1/removed", &Put::Flag(true));
    assert_eq!(names(&day.push(&mut doc, AN).unwrap()), ["stakeholder.removed 1"]);
    put(&mut doc, "stakeholders/1/removed", &Put::Flag(false));
    assert_eq!(names(&day.push(&mut doc, AN).unwrap()), ["stakeholder.restored 1"]);
}

/// What is refused at every key: bytes where a value or a text stands, another sort of object, a
/// map of the template replaced or deleted, a key that nobody knows.
#[test]
fn every_key_of_every_kind_refuses_what_does_not_fit_it() {
    let mut refused = 0;
    for kind in DocumentKind::ALL {
        let mut day = Day::new(*kind);
        let mut base = day.client();
        for site in sites(*kind, AN) {
            let map = map_at(&mut base, &site.path);
            if matches!(site.node, Node::Map(_)) && base.get(&map, &*site.key).unwrap().is_none() {
                base.put_object(&map, &*site.key, ObjType::Map).unwrap();
            }
        }
        day.push_as(&mut base, AN, Role::Facilitator).unwrap();
        let mut bad = |name: &str, edit: &dyn Fn(&mut AutoCommit)| {
            let mut doc = day.client();
            edit(&mut doc);
            let fault = day.push_as(&mut doc, AN, Role::Facilitator);
            let fault = fault.err().unwrap_or_else(|| panic!("{kind:?} {name} is taken"));
            assert!(matches!(fault, Fault::Shape { .. }), "{kind:?} {name}: {fault}");
            refused += 1;
        };
        for site in sites(*kind, AN) {
            let (path, key) = (&site.path, site.key.as_str());
            let name = site.name();
            bad(&name, &|doc| {
                let map = map_at(doc, path);
                doc.put(&map, key, ScalarValue::Bytes(vec![1])).unwrap();
            });
            bad(&name, &|doc| {
                let map = map_at(doc, path);
                let other = match site.node {
                    Node::Map(_) => ObjType::Text,
                    Node::Text | Node::Value(_) => ObjType::Map,
                };
                doc.put_object(&map, key, other).unwrap();
            });
            if let Node::Map(shape) = site.node
                && shape.kept
            {
                bad(&name, &|doc| {
                    let map = map_at(doc, path);
                    doc.put_object(&map, key, ObjType::Map).unwrap();
                });
                bad(&name, &|doc| {
                    let map = map_at(doc, path);
                    doc.delete(&map, key).unwrap();
                });
            }
        }
        bad("/zz", &|doc| doc.put(ROOT, "zz", 1).unwrap());
        for (home, _) in kind.root().homes() {
            let cards = home == "cards";
            let item = way(&format!("{home}/{}", if cards { "an" } else { "1" }));
            bad(home, &|doc| {
                let map = map_at(doc, &item);
                doc.put(&map, "zz", 1).unwrap();
            });
            bad(home, &|doc| doc.delete(root_map(doc, home), &*item[1]).unwrap());
            bad(home, &|doc| {
                drop(doc.put_object(root_map(doc, home), "geen-uuid", ObjType::Map).unwrap());
            });
        }
    }
    assert!(refused > 700, "{refused}: the shapes are not walked");
}

/// Bo edits what An made: the fault.
fn bo_edits(kind: DocumentKind, made: &[(&str, Put)], path: &str, value: &Put) -> Fault {
    let mut day = Day::new(kind);
    let mut an = day.client();
    made.iter().for_each(|(path, value)| put(&mut an, path, value));
    day.push(&mut an, AN).unwrap();
    let mut bo = day.client();
    let heads = day.server.accepted.graph().heads();
    put(&mut bo, path, value);
    let fault = day.push_as(&mut bo, BO, Role::Participant).unwrap_err();
    assert_eq!(day.server.accepted.graph().heads(), heads);
    fault
}

#[test]
fn a_card_is_its_own_persons_alone_in_every_key() {
    for kind in [DocumentKind::Introductions, DocumentKind::Closing] {
        let word = if kind == DocumentKind::Closing { "takeaway" } else { "bring" };
        let path = format!("cards/an/{word}");
        let made = || [(path.as_str(), Put::Text("Van An"))];
        for value in [Put::Text("Van Bo"), Put::Word("Van Bo")] {
            let fault = bo_edits(kind, &made(), &path, &value);
            assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
        }
        let fault = bo_edits(kind, &made(), "cards/an/removed", &Put::Flag(true));
        assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
        let fault = bo_edits(kind, &[], &path, &Put::Text("Voor An"));
        assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
        // Typing in it is no other.
        let mut day = Day::new(kind);
        let mut an = day.client();
        put(&mut an, &path, &Put::Text("Van An"));
        day.push(&mut an, AN).unwrap();
        let mut keys = way(&path);
        let last = keys.pop().unwrap();
        for role in [Role::Participant, Role::Facilitator] {
            let mut bo = day.client();
            let card = map_at(&mut bo, &keys);
            let typed = bo.get(&card, last.as_str()).unwrap().unwrap().1;
            bo.splice_text(&typed, 0, 0, "Bo: ").unwrap();
            let fault = day.push_as(&mut bo, BO, role).unwrap_err();
            assert!(matches!(fault, Fault::Operation { .. }), "{fault}");
        }
    }
}

#[test]
fn who_does_an_action_or_adopts_something_says_so_themselves() {
    let cases = [
        (DocumentKind::ActionPlan, "actions/1/who/an"),
        (DocumentKind::ActionPlan, "actions/1/supports/an"),
        (DocumentKind::Visit, "recommendations/1/adopted/an"),
        (DocumentKind::Harvest, "wordings/1/consents/an"),
    ];
    for (kind, path) in cases {
        let fault = bo_edits(kind, &[], path, &Put::Flag(true));
        assert!(matches!(fault, Fault::Shape { .. }), "{path}: {fault}");
    }
    let author = AN.to_string().leak();
    let fault = bo_edits(DocumentKind::ActionPlan, &[], "check_ins/1/author", &Put::Word(author));
    assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
}

/// The case owner opens the room, and so does the facilitator; nobody else. Each is told once.
#[test]
fn the_room_is_the_case_owners_to_open() {
    let mut day = Day::new(DocumentKind::Intervision);
    let room = |doc: &AutoCommit| root_map(doc, "room");
    let mut bo = day.client();
    bo.put(room(&bo), BO.to_string(), true).unwrap();
    let fault = day.push(&mut bo, BO).unwrap_err();
    assert!(matches!(fault, Fault::Shape { .. }), "{fault}");
    let mut bo = day.client();
    bo.put(ROOT, "case_owner", BO.to_string()).unwrap();
    assert!(day.push(&mut bo, BO).is_err());

    // An opened it, so the case is hers: she lets two in, one of them out again, one not.
    let mut an = day.client();
    for (who, inside) in [(BO, true), (CAS, true), (BO, false), (CAS, true)] {
        an.put(room(&an), who.to_string(), inside).unwrap();
        an.commit();
    }
    let admitted = day.push(&mut an, AN).unwrap();
    assert_eq!(admitted.room, [(BO, false), (CAS, true)]);
    assert!(admitted.contributions.is_empty());
    an.put(room(&an), key(99), true).unwrap();
    assert!(day.push(&mut an, AN).is_err(), "a stranger");

    // A facilitator lets somebody in, and gives the case to Bo as the JavaScript library would.
    let mut cas = day.client();
    cas.put(room(&cas), BO.to_string(), true).unwrap();
    text(&mut cas, &ROOT, "case_owner", &BO.to_string());
    let admitted = day.push_as(&mut cas, CAS, Role::Facilitator).unwrap();
    assert_eq!(admitted.room, [(BO, true)]);
    // From then on it is Bo's, and not An's any more; what Bo hands over goes in one message.
    let mut an = day.client();
    an.delete(room(&an), CAS.to_string()).unwrap();
    assert!(day.push(&mut an, AN).is_err());
    let mut bo = day.client();
    text(&mut bo, &ROOT, "case_owner", &CAS.to_string());
    bo.commit();
    bo.delete(room(&bo), BO.to_string()).unwrap();
    let admitted = day.push(&mut bo, BO).unwrap();
    assert_eq!(admitted.room, [(BO, false)]);
    let mut bo = bo.fork().with_actor(ActorId::from([0xb1; 16].as_slice()));
    bo.put(room(&bo), BO.to_string(), true).unwrap();
    assert!(day.push(&mut bo, BO).is_err());
}

#[test]
fn an_intervision_ends_in_at_most_three_steps_of_those_that_its_writer_sees() {
    let mut day = Day::new(DocumentKind::Intervision);
    let add = |doc: &mut AutoCommit, number: u128| {
        let steps = root_map(doc, "steps");
        doc.put_object(&steps, key(number), ObjType::Map).unwrap()
    };
    let mut an = day.client();
    let first: Vec<_> = (1..3).map(|number| add(&mut an, number)).collect();
    day.push(&mut an, AN).unwrap();
    // Two more at the same time: neither could know, so both stand.
    let (mut bo, mut cas) = (day.client(), day.client());
    add(&mut bo, 3);
    add(&mut cas, 4);
    day.push(&mut bo, BO).unwrap();
    day.push(&mut cas, CAS).unwrap();
    let full = |day: &mut Day, edit: &dyn Fn(&mut AutoCommit)| {
        let mut doc = day.client();
        edit(&mut doc);
        day.push(&mut doc, BO)
    };
    let fault = full(&mut day, &|doc| drop(add(doc, 5))).unwrap_err();
    assert!(matches!(fault, Fault::Full { most: 3, .. }), "{fault}");
    let removed = |doc: &mut AutoCommit, removed: bool| {
        first.iter().for_each(|step| doc.put(step, "removed", removed).unwrap());
    };
    full(&mut day, &|doc| removed(doc, true)).unwrap();
    full(&mut day, &|doc| drop(add(doc, 5))).unwrap();
    // One that was removed comes back only where there is room for it.
    let back = |doc: &mut AutoCommit| doc.put(&first[0], "removed", false).unwrap();
    let fault = full(&mut day, &back).unwrap_err();
    assert!(matches!(fault, Fault::Full { most: 3, .. }), "{fault}");
    full(&mut day, &|doc| drop(text(doc, &first[0], "text", "toch niet"))).unwrap();
}

#[test]
fn items_within_items_count_among_the_documents_items() {
    let mut day = Day::new(DocumentKind::Stakeholders);
    let mut an = day.client();
    let wins = map_at(&mut an, &way("stakeholders/1/wins"));
    for number in 2..=PARTICIPANT_ITEMS_MAX as u128 {
        an.put_object(&wins, key(number), ObjType::Map).unwrap();
    }
    day.push(&mut an, AN).unwrap();
    let one_more = |doc: &mut AutoCommit| {
        let wins = map_at(doc, &way("stakeholders/1/wins"));
        doc.put_object(&wins, key(77_777), ObjType::Map).unwrap();
    };
    one_more(&mut an);
    let fault = day.push(&mut an, AN).unwrap_err();
    assert!(matches!(fault, Fault::Full { .. }), "{fault}");
    let mut bo = day.client();
    one_more(&mut bo);
    day.push(&mut bo, BO).unwrap();
}

#[test]
fn what_is_named_must_be_somebody_or_something() {
    let stranger = ParticipantId::new(uuid::Uuid::from_u128(0x99)).to_string().leak();
    let cases = [
        (DocumentKind::Intervision, "case_owner", Put::Word(stranger)),
        (DocumentKind::Intervision, "format", Put::Word("a b")),
        (DocumentKind::Stakeholders, "stakeholders/1/influence", Put::Whole(6)),
        (DocumentKind::Stakeholders, "stakeholders/1/level", Put::Word("ergens")),
        (DocumentKind::Stakeholders, "stakeholders/1/engagement/level", Put::Word("fan")),
        (DocumentKind::Stakeholders, "stakeholders/1/wins/2/category", Put::Word("tip")),
        (DocumentKind::ActionPlan, "status", Put::Word("klaar")),
        (DocumentKind::ActionPlan, "actions/1/due", Put::Word("morgen")),
        (DocumentKind::ActionPlan, "actions/1/cost", Put::Whole(-1)),
        (DocumentKind::ActionPlan, "actions/1/scenarios/huge", Put::Flag(true)),
        (DocumentKind::ActionPlan, "check_ins/1/moment", Put::Word("midden")),
        (DocumentKind::ActionPlan, "check_ins/1/text", Put::Text("x")),
        (DocumentKind::Report, "lines/1/sources/geen-bron", Put::Flag(true)),
        (DocumentKind::Visit, "observations/1/answer", Put::Text("x")),
        (DocumentKind::Contacts, "contacts/1/iban", Put::Text("x")),
    ];
    for (kind, path, value) in &cases {
        let mut day = Day::new(*kind);
        let mut doc = day.client();
        put(&mut doc, path, value);
        let fault = day.push_as(&mut doc, AN, Role::Facilitator);
        let fault = fault.err().unwrap_or_else(|| panic!("{path} is taken"));
        assert!(matches!(fault, Fault::Shape { .. }), "{path}: {fault}");
    }
}
