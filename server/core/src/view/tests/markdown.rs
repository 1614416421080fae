//! The harvest as Markdown, to the letter.

use automerge::ObjType;
use automerge::transaction::Transactable;
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::ParticipantId;

use super::super::Attribution;
use super::{Scene, item, nobody, uuid};

fn harvest() -> Scene {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| {
        an.ask("Hoe *betrekken* we\nwie er niet is?");
        an.add(item(1), "Ga naar <hen> toe: 'niet over ons, zonder ons'", "a");
        an.add(item(2), "## geen kop\r\n- geen punt", "b");
        an.add(item(3), "Café, été", "a");
        an.add(item(4), "weg", "c");
        an.nest(item(3), item(1));
        an.remove(item(4));
    });
    scene
}

#[test]
fn the_harvest_is_a_title_a_heading_a_question_and_nested_items() {
    let scene = harvest();
    let wanted = "# Dag van de oogst\n\
                  \n## Hoe *betrekken* we wie er niet is?\n\n\
                  - Ga naar <hen> toe: 'niet over ons, zonder ons'\n  \
                  - Café, été\n\
                  - ## geen kop - geen punt\n\
                  \n## Tafel 1\n";
    assert_eq!(scene.view().markdown(Attribution::None, &nobody), wanted);
}

#[test]
fn attribution_names_the_group_or_those_who_said_it_and_may_be_named() {
    let mut scene = harvest();
    let mut an = scene.client(0, 7);
    scene.edit(&mut an, |an| {
        let insight = an.insight(item(3));
        let said_by = an.copy.put_object(insight, "said_by", ObjType::Map).unwrap();
        for who in [uuid(901), uuid(902)] {
            an.copy.put(&said_by, who.to_string(), true).unwrap();
        }
        an.did(Kind::InsightAttributed, Some(item(3)));
    });
    let view = scene.view();
    let line = |attribution, names: &dyn Fn(ParticipantId) -> Option<String>, about: &str| {
        let text = view.markdown(attribution, names);
        text.lines().find(|line| line.contains(about)).unwrap().to_owned()
    };
    let all = |who: ParticipantId| Some(format!("P{}", who.uuid().as_u128() >> 80));
    assert!(line(Attribution::Group, &all, "Café").ends_with("Café, été (Tafel 0)"));
    assert!(line(Attribution::Name, &all, "Café").ends_with("Café, été (P901, P902)"));
    assert!(line(Attribution::Name, &all, "geen punt").ends_with("geen punt (P900)"));
    assert!(line(Attribution::Name, &nobody, "Café").ends_with("Café, été (Tafel 0)"));
}
