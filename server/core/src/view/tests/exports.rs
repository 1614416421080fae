//! The harvest as it is exported: Markdown to the letter, and who may be named in any format.

use automerge::ObjType;
use automerge::transaction::Transactable;
use oogst_protocol::api::{Attribution, ExportedInsight, HarvestExport, Outside};
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::{Act, By, Publish, Role};
use oogst_protocol::ids::{ItemId, ParticipantId};

use super::super::{Credited, Wish};
use super::{Scene, item, text, uuid};
use crate::export::{markdown, walk};

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

/// Everybody is known: `P` and a number, of one of two organisations.
fn vault(who: ParticipantId) -> Credited {
    let number = who.uuid().as_u128() >> 80;
    let organisation = Some(format!("Stad {}", number % 2));
    let as_target_group = number == 905;
    Credited { name: Some(format!("P{number}")), organisation, as_target_group }
}

fn export(scene: &Scene, attribution: Attribution) -> HarvestExport {
    scene.view().export(Wish { attribution, outside: Outside::Inline }, &vault)
}

fn person(number: u128) -> ParticipantId {
    ParticipantId::new(uuid(number))
}

/// Somebody who did not add it says who said it.
fn attribute(scene: &mut Scene, id: ItemId, people: &[u128]) {
    let by = scene.by.participant.replace(person(990));
    name(scene, id, people);
    scene.by.participant = by;
}

/// Puts words in the mouths of others.
fn name(scene: &mut Scene, id: ItemId, people: &[u128]) {
    let mut an = scene.client(0, 7);
    scene.edit(&mut an, |an| {
        let insight = an.insight(id);
        let said_by = an.copy.put_object(insight, "said_by", ObjType::Map).unwrap();
        for who in people {
            an.copy.put(&said_by, uuid(*who).to_string(), true).unwrap();
        }
        an.did(Kind::InsightAttributed, Some(id));
    });
}

fn agree(scene: &mut Scene, who: u128, publish: Publish) {
    scene.happens(Act::ConsentSet { participant: person(who), publish });
}

/// The insight with these words.
fn insight(export: &HarvestExport, about: &str) -> Option<ExportedInsight> {
    let mut found = None;
    for group in &export.groups {
        walk(&group.insights, &mut |_, insight| {
            if insight.text.contains(about) {
                found = Some(insight.clone());
            }
        });
    }
    found
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
    assert_eq!(markdown(&export(&scene, Attribution::None)), wanted);
}

#[test]
fn attribution_says_no_more_than_those_who_said_it_agreed_to() {
    let mut scene = harvest();
    attribute(&mut scene, item(3), &[901, 902, 903]);
    let line = |scene: &Scene, attribution, about: &str| {
        let text = markdown(&export(scene, attribution));
        text.lines().find(|line| line.contains(about)).unwrap().to_owned()
    };
    for attribution in [Attribution::Group, Attribution::Name] {
        assert!(line(&scene, attribution, "Café").ends_with("Café, été (Tafel 0)"));
    }
    for who in [900, 901, 902, 903] {
        agree(&mut scene, who, Publish::Name);
    }
    assert!(line(&scene, Attribution::Name, "Café").ends_with("Café, été (P901, P902, P903)"));
    assert!(line(&scene, Attribution::Name, "geen punt").ends_with("geen punt (P900)"));
    assert!(line(&scene, Attribution::Group, "Café").ends_with("Café, été (Tafel 0)"));
    assert!(line(&scene, Attribution::None, "Café").ends_with("- Café, été"));
    // The strictest of all who stand behind it, its author too, and each organisation once.
    agree(&mut scene, 902, Publish::Organisation);
    assert!(line(&scene, Attribution::Name, "Café").ends_with("(Stad 1, Stad 0)"));
    agree(&mut scene, 900, Publish::Group);
    assert!(line(&scene, Attribution::Name, "Café").ends_with("Café, été (Tafel 0)"));
    assert!(line(&scene, Attribution::Name, "geen punt").ends_with("geen punt (Tafel 0)"));
    let forgotten = |_| Credited::default();
    agree(&mut scene, 900, Publish::Name);
    agree(&mut scene, 902, Publish::Name);
    let wish = Wish { attribution: Attribution::Name, outside: Outside::Inline };
    let erased = markdown(&scene.view().export(wish, &forgotten));
    assert!(erased.contains("Café, été (Tafel 0)\n"), "{erased}");
}

#[test]
fn who_only_typed_what_others_said_binds_nothing() {
    let mut scene = harvest();
    name(&mut scene, item(3), &[901]);
    agree(&mut scene, 901, Publish::Name);
    agree(&mut scene, 900, Publish::Not);
    let told = export(&scene, Attribution::Name);
    assert_eq!(insight(&told, "Café").unwrap().credits, ["P901"]);
    assert_eq!(told.withheld, 2, "two lines of the author's own");
    attribute(&mut scene, item(3), &[902]);
    let told = export(&scene, Attribution::Name);
    assert_eq!(told.withheld, 3, "it may be theirs, once others said whose it is");
}

#[test]
fn the_target_group_is_credited_in_addition_and_within_consent() {
    let mut scene = harvest();
    attribute(&mut scene, item(3), &[904, 905]);
    let credits = |scene: &Scene, attribution| {
        insight(&export(scene, attribution), "Café").map(|insight| insight.credits.join(" | "))
    };
    assert_eq!(credits(&scene, Attribution::None).as_deref(), Some(""));
    for attribution in [Attribution::Group, Attribution::Name] {
        assert_eq!(credits(&scene, attribution).as_deref(), Some("Tafel 0 | doelgroep"));
    }
    for who in [900, 904, 905] {
        agree(&mut scene, who, Publish::Name);
    }
    assert_eq!(credits(&scene, Attribution::Name).as_deref(), Some("P904 | P905 (doelgroep)"));
    agree(&mut scene, 904, Publish::Organisation);
    assert_eq!(credits(&scene, Attribution::Name).as_deref(), Some("Stad 0 | Stad 1 | doelgroep"));
    agree(&mut scene, 905, Publish::Not);
    assert_eq!(credits(&scene, Attribution::Name), None, "in nothing that is published");
    let others = insight(&export(&scene, Attribution::Group), "geen punt").unwrap();
    assert_eq!(others.credits, ["Tafel 0"]);
}

#[test]
fn who_wants_to_be_in_nothing_published_takes_their_lines_along_and_no_others() {
    let mut scene = harvest();
    let mut bo = scene.client(0, 8);
    scene.by = By { participant: Some(person(950)), role: Role::Participant };
    scene.edit(&mut bo, |bo| {
        bo.add(item(5), "van Bo", "a");
        bo.nest(item(5), item(1));
    });
    attribute(&mut scene, item(2), &[960]);
    for attribution in [Attribution::None, Attribution::Group, Attribution::Name] {
        let mut scene = harvest_of(&scene);
        assert_eq!(export(&scene, attribution).withheld, 0);
        agree(&mut scene, 900, Publish::Not);
        let told = export(&scene, attribution);
        assert_eq!(told.withheld, 3, "two lines of An's, and one that others say is another's");
        assert_eq!(told.groups[0].insights.len(), 1, "what was nested takes its parent's place");
        assert_eq!(told.groups[0].insights[0].text, "van Bo");
        agree(&mut scene, 900, Publish::Group);
        agree(&mut scene, 960, Publish::Not);
        let told = export(&scene, attribution);
        assert!(insight(&told, "geen punt").is_none(), "said by somebody who does not want it");
        assert_eq!(
            (told.withheld, insight(&told, "Café").unwrap().text.as_str()),
            (1, "Café, été")
        );
    }
}

/// The same log once more.
fn harvest_of(scene: &Scene) -> Scene {
    let (events, harvests) = (scene.events.clone(), scene.harvests.clone());
    Scene { events, harvests, by: scene.by, at: scene.at }
}

#[test]
fn what_guests_contribute_is_marked_or_stands_apart() {
    let mut scene = harvest();
    let mut guest = scene.client(0, 9);
    scene.by = By { participant: Some(person(970)), role: Role::Guest };
    scene.edit(&mut guest, |guest| {
        guest.add(item(6), "Wie mist er?", "b");
        guest.nest(item(6), item(1));
        guest.put(item(6), "category", "question", Kind::InsightRecategorised);
        let insight = guest.insight(item(6));
        let source = guest.copy.put_object(&insight, "source", ObjType::Map).unwrap();
        text(&mut guest.copy, &source, "place", "Gent");
        guest.did(Kind::InsightEdited, Some(item(6)));
    });
    let inline = export(&scene, Attribution::None);
    assert!(insight(&inline, "Wie mist").unwrap().from_outside);
    assert!(!insight(&inline, "Café").unwrap().from_outside);
    let wish = Wish { attribution: Attribution::None, outside: Outside::Apart };
    let apart = scene.view().export(wish, &vault);
    assert!(insight(&apart, "Wie mist").is_none());
    let [guests] = &apart.groups[0].guests_insights[..] else { panic!("{apart:?}") };
    assert_eq!(guests.about.as_deref(), Some("Ga naar <hen> toe: 'niet over ons, zonder ons'"));
    assert_eq!(guests.source.as_ref().unwrap().place, "Gent");
    let text = markdown(&apart);
    assert!(text.contains("\n### Blik van buiten\n\n- Wie mist er?\n\n## Tafel 1"), "{text}");
}

#[test]
fn a_translation_stands_beside_its_original_unless_its_translator_does_not_want_it() {
    let mut scene = harvest();
    let mut an = scene.client(0, 6);
    scene.edit(&mut an, |an| {
        an.put(item(3), "language", "fr", Kind::InsightEdited);
        let insight = an.insight(item(3));
        let all = an.copy.put_object(insight, "translations", ObjType::Map).unwrap();
        for (language, words, by) in [("nl", "Koffie, zomer", "person"), ("ar", "مقهى", "machine")]
        {
            let one = an.copy.put_object(&all, language, ObjType::Map).unwrap();
            text(&mut an.copy, &one, "text", words);
            an.copy.put(&one, "by", by).unwrap();
            if by == "person" {
                an.copy.put(&one, "author", uuid(980).to_string()).unwrap();
            }
        }
        an.did(Kind::InsightTranslated, Some(item(3)));
    });
    let told = |scene: &Scene| {
        let found = insight(&export(scene, Attribution::None), "Café").unwrap();
        assert_eq!(found.language.as_deref(), Some("fr"));
        let told = found.translations.into_iter();
        told.map(|one| (one.language, one.text, one.by_machine)).collect::<Vec<_>>()
    };
    let machine = ("ar".to_owned(), "مقهى".to_owned(), true);
    let person = ("nl".to_owned(), "Koffie, zomer".to_owned(), false);
    assert_eq!(told(&scene), [machine.clone(), person]);
    agree(&mut scene, 980, Publish::Not);
    assert_eq!(told(&scene), [machine]);
}
