//! What several people do at the same time, each of them rightly: nobody is refused for what
//! somebody else did meanwhile.

use automerge::transaction::Transactable;
use automerge::{ObjType, ROOT, ReadDoc};
use oogst_core::accept::Fault;
use oogst_protocol::contribution::Kind;
use oogst_protocol::limits::EXT_BYTES_MAX;

use super::day::{AN, BO, CAS, Day, add_insight};

#[test]
fn a_key_point_is_set_while_another_comes_back() {
    let mut day = Day::harvest();
    let mut an = day.client();
    let items: Vec<_> = (1..5).map(|number| add_insight(&mut an, number, AN)).collect();
    for item in &items[..3] {
        an.put(item, "highlight", true).unwrap();
    }
    an.put(&items[0], "removed", true).unwrap();
    day.push(&mut an, AN).unwrap();
    let (mut bo, mut cas) = (day.client(), day.client());
    // Bo sees two key points and sets a third; Cas restores the removed one meanwhile.
    bo.put(&items[3], "highlight", true).unwrap();
    cas.put(&items[0], "removed", false).unwrap();
    day.push(&mut cas, CAS).unwrap();
    day.push(&mut bo, BO).unwrap();
    // Whoever sees all four takes one away before the next.
    let mut bo = day.client();
    let fifth = add_insight(&mut bo, 5, BO);
    bo.put(&fifth, "highlight", true).unwrap();
    assert!(matches!(day.push(&mut bo, BO).unwrap_err(), Fault::Full { most: 3, .. }));
}

#[test]
fn two_write_under_ext() {
    let mut day = Day::harvest();
    let (mut doc, item) = day.with_insight(1);
    let ext = doc.put_object(&item, "ext", ObjType::Map).unwrap();
    day.push(&mut doc, AN).unwrap();
    let (mut an, mut bo) = (day.client(), day.client());
    let most = "x".repeat(EXT_BYTES_MAX * 3 / 4);
    an.put(&ext, "an", &*most).unwrap();
    bo.put(&ext, "bo", &*most).unwrap();
    day.push(&mut an, AN).unwrap();
    day.push(&mut bo, BO).unwrap();
    let mut cas = day.client();
    cas.put(&ext, "cas", "x").unwrap();
    assert!(day.push(&mut cas, CAS).unwrap_err().is_size(), "who sees that it is full leaves it");
}

/// Goal: nobody can take the name under which automerge will write another's edit at an earlier
/// state.
#[test]
fn the_actor_of_anothers_edit_at_an_earlier_state_is_that_persons() {
    let mut day = Day::harvest();
    let (mut bo, item) = {
        let mut bo = day.client();
        let item = add_insight(&mut bo, 1, BO);
        day.push(&mut bo, BO).unwrap();
        (bo, item)
    };
    let text = bo.get(&item, "text").unwrap().unwrap().1;
    let began = bo.get_heads();
    bo.splice_text(&text, 0, 0, "Eerst ").unwrap();
    day.push(&mut bo, BO).unwrap();
    bo.isolate(&began);
    bo.splice_text(&text, 0, 0, "e").unwrap();
    let hash = bo.commit().unwrap();
    bo.integrate();
    let derived = bo.get_change_by_hash(&hash).unwrap().actor_id().clone();
    assert_ne!(&derived, bo.get_actor(), "automerge makes an actor for it");

    let mut cas = day.server.copy(derived);
    cas.put(ROOT, "question", "?").unwrap();
    assert_eq!(day.push(&mut cas, CAS).unwrap_err(), Fault::Actor);
    day.push(&mut bo, BO).unwrap();
}

/// Goal: contributions name what really changed. Automerge settles two values written at the same
/// time by deleting the one that lost, where the one that won is written again.
#[test]
fn writing_the_value_that_stands_over_two_is_no_act() {
    let mut day = Day::harvest();
    let (_, item) = day.with_insight(1);
    let (mut an, mut bo) = (day.client(), day.client());
    an.put(&item, "removed", true).unwrap();
    bo.put(&item, "removed", true).unwrap();
    day.push(&mut an, AN).unwrap();
    day.push(&mut bo, BO).unwrap();
    let mut cas = day.client();
    cas.put(&item, "removed", true).unwrap();
    assert_eq!(day.push(&mut cas, CAS).unwrap().contributions, []);
    cas.put(&item, "removed", false).unwrap();
    let told = day.push(&mut cas, CAS).unwrap().contributions;
    assert!(told.iter().any(|act| act.kind == Kind::InsightRestored), "{told:?}");
}
