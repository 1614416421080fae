//! What stands beside the texts: who stands behind them, which themes were chosen by how many
//! dots, what was photographed.

use std::collections::{BTreeMap, BTreeSet};

use oogst_cli::demo::photo::PATCH_PIXELS;
use oogst_cli::demo::script::{
    CHAPTERS, DEVICES, DOTS_EACH, GUESTS, Harvest, KICK_OFF, PAINTS, Picture, REGION_QUESTIONS,
    REGIONS, THEMES, chosen, typed,
};
use oogst_tests::day::text;
use serde_json::Value;

use super::Day;

/// Everybody of the script is in, those too who share somebody's device.
pub(super) fn everybody_is_in(day: &Day) {
    let mut found = BTreeSet::new();
    for one in day.gathering["participants"].as_array().unwrap() {
        let others = one["together_with"].as_array().into_iter().flatten();
        let role = text(&one["role"]);
        found.extend(others.chain([&one["name"]]).map(|name| (text(name), role.clone())));
    }
    found.retain(|(_, role)| role != "facilitator");
    let mut wanted = BTreeSet::new();
    for (people, role) in [(DEVICES, "participant"), (GUESTS, "guest")] {
        for person in people {
            let names = person.together_with.iter().copied().chain([person.name]);
            wanted.extend(names.map(|name| (name.to_owned(), role.to_owned())));
        }
    }
    assert_eq!((&found, found.len()), (&wanted, 36 + 10));
}

/// The wall says of every insight how many support it, and of every region what it asks.
pub(super) async fn stands_on_the_wall(day: &Day) {
    let wall = day.below("/wall").await.expect(200);
    let groups = wall["groups"].as_array().unwrap();
    for (group, harvest) in groups.iter().zip(KICK_OFF.harvests()) {
        level_on_the_wall(&harvest, None, &group["insights"]);
    }
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for region in wall["regions"].as_array().unwrap() {
        let questions = region["questions"].as_array().unwrap().iter();
        let questions = questions.map(|question| text(&question["text"]));
        asked.insert(text(&region["name"]), questions.collect());
    }
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for question in REGION_QUESTIONS {
        let region = REGIONS[question.region].to_owned();
        wanted.entry(region).or_default().push(typed(question.text));
    }
    assert_eq!(asked, wanted);
}

fn level_on_the_wall(harvest: &Harvest, parent: Option<&str>, found: &Value) {
    let wanted: Vec<_> = harvest.under(parent).collect();
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), wanted.len(), "under {parent:?}");
    for (wanted, found) in wanted.into_iter().zip(found) {
        assert_eq!(found["text"], wanted.text);
        assert_eq!(found["supports"], wanted.supports.len(), "{found}");
        level_on_the_wall(harvest, Some(wanted.key), &found["children"]);
    }
}

/// The replay has a chapter for each block that was run.
pub(super) async fn has_chapters(day: &Day) {
    let history = day.below("/history").await.expect(200);
    let chapters = history["chapters"].as_array().unwrap();
    let titles = chapters.iter().map(|chapter| text(&chapter["title"]));
    assert_eq!(titles.collect::<Vec<_>>(), CHAPTERS);
    let ends = chapters.iter().map(|chapter| text(&chapter["to"])).collect::<Vec<_>>();
    assert!(ends.is_sorted(), "one after the other: {ends:?}");
}

/// Every theme has its dots, five are chosen, and each table leads back to one of them and to what
/// the regions asked.
pub(super) async fn was_voted(day: &Day) {
    let votes = day.below("/votes").await.expect(200);
    assert_eq!(votes["votes"].as_array().unwrap().len(), 1, "{votes}");
    let vote = &votes["votes"][0];
    assert_eq!((&vote["phase"], &vote["tie"]), (&"shown".into(), &Value::Null));
    assert_eq!((&vote["budget"], &vote["voters"]), (&DOTS_EACH.into(), &DEVICES.len().into()));
    let told = vote["themes"].as_array().unwrap().iter().map(|theme| {
        let questions = theme["questions"].as_array().unwrap().iter();
        let questions = questions.map(|one| (text(&one["text"]), text(&one["region"])));
        (text(&theme["title"]), theme["dots"].as_u64().unwrap(), questions.collect::<Vec<_>>())
    });
    let mut wanted: Vec<_> = THEMES
        .iter()
        .enumerate()
        .map(|(place, theme)| {
            let under = REGION_QUESTIONS.iter().filter(|question| question.theme == place);
            let region = |region: usize| REGIONS[region].to_owned();
            let under = under.map(|one| (typed(one.text), region(one.region)));
            (theme.text.to_owned(), theme.dots as u64, under.collect::<Vec<_>>())
        })
        .collect();
    wanted.sort_by_key(|(_, dots, _)| std::cmp::Reverse(*dots));
    assert_eq!(told.collect::<Vec<_>>(), wanted);

    let titles: BTreeMap<_, _> = vote["themes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|theme| (text(&theme["id"]), text(&theme["title"])))
        .collect();
    let selected = vote["selection"]["themes"].as_array().unwrap().iter();
    let selected: Vec<_> = selected.map(|theme| titles[&text(theme)].as_str()).collect();
    assert_eq!(selected, chosen().map(|theme| theme.text).collect::<Vec<_>>());
    assert_eq!(vote["selection"]["reason"], Value::Null, "they came out first");
    let groups = day.gathering["groups"].as_array().unwrap();
    let worked: Vec<_> =
        groups.iter().map(|group| titles[&text(&group["theme"])].as_str()).collect();
    assert_eq!(worked, selected, "a table a theme");
}

/// Every photo stands with its insight, is an image, and shows what was drawn.
pub(super) async fn was_photographed(day: &Day) {
    let mut seen = 0;
    for (harvest, end) in day.harvests().iter().zip(KICK_OFF.harvests()) {
        let document = day.get(&format!("/api/documents/{harvest}")).await.expect(200);
        let insights = document["insights"].as_object().unwrap();
        for wanted in &end.insights {
            let is = |found: &&Value| found["text"] == wanted.text;
            let found = insights.values().find(is).unwrap();
            let photos = found["photos"].as_object().into_iter().flatten();
            let photos: Vec<_> = photos.map(|(file, _)| file).collect();
            assert_eq!(photos.len(), wanted.photos.len(), "{found}");
            for (file, picture) in photos.into_iter().zip(&wanted.photos) {
                let photo = day.get(&format!("/api/files/{file}")).await;
                assert_eq!(photo.status, 200);
                shows(&photo.body, picture);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 3);
}

/// Each patch is nearer to its own colour than to the others of the picture.
fn shows(photo: &[u8], picture: &Picture) {
    let image = image::load_from_memory(photo).unwrap().to_rgb8();
    let patch = u32::try_from(PATCH_PIXELS).unwrap();
    let (width, height) = (picture.rows[0].len(), picture.rows.len());
    let size = (u32::try_from(width).unwrap() * patch, u32::try_from(height).unwrap() * patch);
    assert_eq!(image.dimensions(), size, "{}", picture.of);
    for (y, row) in (0..).zip(picture.rows) {
        let seen: String = (0..)
            .zip(row.chars())
            .map(|(x, _)| {
                let middle = image.get_pixel(x * patch + patch / 2, y * patch + patch / 2).0;
                let far = |colour: &[u8; 3]| -> u32 {
                    let both = colour.iter().zip(middle);
                    both.map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
                };
                let near = (0..).zip(picture.colours).min_by_key(|(_, colour)| far(colour));
                PAINTS[near.map_or(0, |(place, _): (usize, _)| place)]
            })
            .collect();
        assert_eq!(&seen, row, "{}", picture.of);
    }
}
