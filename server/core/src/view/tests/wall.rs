//! The wall: nesting, order, cycles, what is removed, what rests.

use oogst_protocol::api::Insight;
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::Role;
use oogst_protocol::ids::{ItemId, ParticipantId};
use oogst_protocol::time::Timestamp;

use super::super::{Credited, LEVELS_MAX, Wish};
use super::{START, Scene, item, uuid};

const LATER: Timestamp = Timestamp::from_milliseconds(START + 86_400_000);

/// A wall's first group as an outline: `a(b c)`.
fn outline(scene: &Scene) -> String {
    fn write(insights: &[Insight]) -> String {
        let one = |insight: &Insight| match write(&insight.children) {
            inner if inner.is_empty() => insight.text.clone(),
            inner => format!("{}({inner})", insight.text),
        };
        insights.iter().map(one).collect::<Vec<_>>().join(" ")
    }
    write(&scene.view().wall(LATER).groups[0].insights)
}

#[test]
fn insights_are_nested_by_parent_and_ordered_by_position_then_id() {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        an.add(item(1), "c", "b0");
        an.add(item(2), "a", "Z");
        an.add(item(3), "b", "a");
        an.add(item(5), "e", "a");
        an.add(item(4), "d", "a");
        an.nest(item(3), item(2));
        an.nest(item(4), item(3));
        an.nest(item(5), item(3));
    });
    assert_eq!(outline(&scene), "a(b(d e)) c", "by code unit: Z before a before b0");
    let wall = scene.view().wall(LATER);
    assert_eq!(wall.seq.0, scene.events.len() as u64);
    assert_eq!(wall.groups.len(), 2);
    assert_eq!(wall.groups[0].counts.insights, 5);
    assert_eq!(wall.groups[1].insights, []);
    assert_eq!(wall.groups[1].last_contribution, None);
}

#[test]
fn a_cycle_of_two_concurrent_moves_stands_at_top_level_with_the_edit_of_a_third() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        an.add(item(1), "a", "a");
        an.add(item(2), "b", "b");
        an.add(item(3), "c", "c");
        an.nest(item(3), item(1));
    });
    let (mut bo, mut ceel) = (scene.client(0, 2), scene.client(0, 3));
    an.nest(item(1), item(2));
    bo.nest(item(2), item(1));
    ceel.type_at_end(item(3), "!");
    for client in [&mut an, &mut bo, &mut ceel] {
        scene.accept(client);
    }
    assert_eq!(outline(&scene), "a(c!) b");
    scene.edit(&mut an, |an| an.put(item(1), "parent", (), Kind::InsightMoved));
    assert_eq!(outline(&scene), "a(b c!)");
}

#[test]
fn a_subtree_that_two_move_at_once_while_a_third_edits_in_it_ends_as_one() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        for (number, name) in [(1, "tak"), (2, "blad"), (3, "noord"), (4, "zuid")] {
            an.add(item(number), name, "a");
        }
        an.nest(item(2), item(1));
    });
    let (mut bo, mut ceel) = (scene.client(0, 2), scene.client(0, 3));
    an.nest(item(1), item(3));
    bo.nest(item(1), item(4));
    ceel.type_at_end(item(2), " groen");
    for client in [&mut an, &mut bo, &mut ceel] {
        scene.accept(client);
    }
    let outline = outline(&scene);
    assert_eq!(outline.matches("tak(blad groen)").count(), 1, "{outline}");
}

#[test]
fn removed_is_left_out_its_children_stay_and_restored_is_back() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        an.add(item(1), "a", "a");
        an.add(item(2), "b", "b");
        an.nest(item(2), item(1));
    });
    scene.edit(&mut an, |an| an.remove(item(1)));
    assert_eq!(outline(&scene), "b");
    assert_eq!(scene.view().wall(LATER).groups[0].counts.insights, 1);
    scene.edit(&mut an, |an| an.nest(item(2), item(77)));
    assert_eq!(outline(&scene), "b", "a parent that never was");
    scene.edit(&mut an, |an| {
        an.restore(item(1));
        an.nest(item(2), item(1));
    });
    assert_eq!(outline(&scene), "a(b)");
}

#[test]
fn what_two_create_at_once_under_one_key_is_united() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    let who = |number| ParticipantId::new(uuid(number));
    scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    let (mut bo, mut ceel) = (scene.client(0, 2), scene.client(0, 3));
    bo.support(item(1), who(2));
    ceel.support(item(1), who(3));
    scene.accept(&mut bo);
    scene.accept(&mut ceel);
    let wall = scene.view().wall(LATER);
    assert_eq!(wall.groups[0].insights[0].supports, 2, "each made the map of its own accord");
    let (mut an, mut bo) = (scene.client(0, 4), scene.client(0, 5));
    an.add(item(9), "", "b");
    bo.add(item(9), "van bo", "");
    scene.accept(&mut an);
    scene.accept(&mut bo);
    let wall = scene.view().wall(LATER);
    assert_eq!(wall.groups[0].insights.len(), 2);
    assert_eq!(wall.groups[0].insights[1].text, "van bo");
}

#[test]
fn an_insight_rests_five_seconds_after_the_last_letter() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "Één 🌾", "a"));
    scene.edit(&mut an, |an| an.type_at_end(item(1), " zin, met ‘aanhalingstekens’"));
    let last = scene.at - 1_000;
    scene.edit(&mut an, |an| an.put(item(1), "category", "tip", Kind::InsightRecategorised));
    let settled = |milliseconds| {
        let wall = scene.view().wall(Timestamp::from_milliseconds(milliseconds));
        wall.groups[0].insights[0].settled
    };
    assert!(!settled(last + 1_000));
    assert!(!settled(last + 4_999));
    assert!(settled(last + 5_000));
    let wall = scene.view().wall(LATER);
    let insight = &wall.groups[0].insights[0];
    assert_eq!(insight.text, "Één 🌾 zin, met ‘aanhalingstekens’");
    assert_eq!(insight.category.as_deref(), Some("tip"));
    assert_eq!(wall.groups[0].counts.categories["tip"], 1);
    let newest = Timestamp::from_milliseconds(scene.at - 1_000);
    assert_eq!(wall.groups[0].last_contribution, Some(newest));
}

#[test]
fn the_question_is_the_harvests_own_or_else_the_groups() {
    let mut scene = Scene::new(1);
    assert_eq!(scene.view().wall(LATER).groups[0].question, "Vraag 0?");
    let mut an = scene.client(0, 1);
    let words = |scene: &Scene| scene.view().questions().into_values().collect::<Vec<_>>();
    assert_eq!(words(&scene), ["Vraag 0?"]);
    scene.edit(&mut an, |an| an.ask("Wat werkt?"));
    assert_eq!(scene.view().wall(LATER).groups[0].question, "Wat werkt?");
    assert_eq!(words(&scene), ["Wat werkt?"]);
}

#[test]
fn what_a_guest_adds_comes_from_outside() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    scene.by.role = Role::Guest;
    scene.edit(&mut an, |an| an.add(item(2), "b", "b"));
    scene.edit(&mut an, |an| an.type_at_end(item(1), "!"));
    let insights = &scene.view().wall(LATER).groups[0].insights;
    assert_eq!(insights.iter().map(|i| i.from_outside).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_chain_of_a_thousand_is_shown_whole_without_being_drawn_as_deep() {
    fn count(insights: &[Insight]) -> (usize, usize) {
        let below = insights.iter().map(|insight| count(&insight.children));
        let (items, depth) = below.fold((0, 0), |(n, d), (m, e)| (n + m, d.max(e)));
        (items + insights.len(), depth + usize::from(!insights.is_empty()))
    }
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    let ids: Vec<ItemId> = (1..=1_000).map(item).collect();
    scene.edit(&mut an, |an| {
        for (place, id) in ids.iter().enumerate() {
            an.add(*id, "x", "a");
            if let Some(parent) = place.checked_sub(1) {
                an.nest(*id, ids[parent]);
            }
        }
    });
    let view = scene.view();
    assert_eq!(count(&view.wall(LATER).groups[0].insights), (1_000, LEVELS_MAX));
    let text = crate::export::markdown(&view.export(Wish::default(), &|_| Credited::default()));
    assert_eq!(text.matches("- x").count(), 1_000);
}

#[test]
fn of_key_points_that_were_set_at_once_the_first_three_are_shown() {
    let mut scene = Scene::new(1);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        for (number, position) in (1..).zip(["e", "d", "c", "b", "a"]) {
            an.add(item(number), "x", position);
            an.put(item(number), "highlight", number != 4, Kind::InsightHighlighted);
        }
    });
    let wall = scene.view().wall(LATER);
    let shown: Vec<bool> = wall.groups[0].insights.iter().map(|i| i.highlight).collect();
    assert_eq!(shown, [true, false, true, true, false]);
}

/// The accept path tells of no contribution where a second maker wrote nothing but defaults.
#[test]
fn an_item_that_is_made_again_is_read_again() {
    let mut scene = Scene::new(1);
    let (mut an, mut bo) = (scene.client(0, 1), scene.client(0, 2));
    an.add(item(1), "eerst", "a");
    an.put(item(1), "removed", true, Kind::InsightRemoved);
    bo.add(item(1), "", "");
    bo.put(item(1), "removed", false, Kind::InsightRestored);
    bo.contributions.clear();
    scene.accept(&mut an);
    scene.accept(&mut bo);
    let mut live = super::super::GatheringView::new(scene.events[0].gathering);
    for event in &scene.events {
        live.fold(std::slice::from_ref(event)).unwrap();
    }
    assert_eq!(live.wall_digest(), scene.view().wall_digest());
    assert_eq!(live.wall(LATER).groups[0].insights[0].text, "eerst");
}
