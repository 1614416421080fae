//! The wall around the harvests: rounds, spotlight, themes, quiet groups; and the time bar.

use oogst_protocol::api::{RegionQuestion, Wall, WallSpotlight};
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::{Act, Conduct, Role, RoundKind, Spotlight, Status};
use oogst_protocol::ids::{GroupId, RegionId, RoundId, Seq};
use oogst_protocol::time::Timestamp;

use super::super::{NoKeyframes, QUIET_MINUTES};
use super::{Client, START, Scene, item, uuid};

const LATER: Timestamp = Timestamp::from_milliseconds(START + 86_400_000);

fn open_round(scene: &mut Scene, number: u128, kind: RoundKind) -> GroupId {
    let round = RoundId::new(uuid(number));
    let group = GroupId::new(uuid(number + 1));
    let title = format!("Ronde {number}");
    scene.happens(Act::RoundPlanned { round, title: title.clone(), kind });
    let (name, question) = (format!("Tafel {number}"), String::new());
    let (seats, table, theme) = (None, None, Some(item(number)));
    scene.happens(Act::GroupFormed { round, group, name, question, seats, table, theme });
    scene.happens(Act::RoundOpened { round, title, kind: Some(kind) });
    group
}

fn walls(scene: &Scene) -> impl Fn(u64) -> Wall {
    let view = scene.view();
    move |seq| view.past_wall(Seq(seq), LATER, &NoKeyframes, None).unwrap()
}

#[test]
fn the_wall_shows_the_round_that_ran_and_after_it_the_one_that_ran_last() {
    let mut scene = Scene::new(1);
    let before = scene.events.len() as u64;
    let group = open_round(&mut scene, 70, RoundKind::Theme);
    let opened = scene.events.len() as u64;
    let closed = scene.happens(Act::RoundClosed { round: RoundId::new(uuid(70)) }).0;
    let at = walls(&scene);
    assert_eq!(at(1).round, None);
    assert_eq!(at(before).round.unwrap().title, "Leervragen");
    assert_eq!(at(opened - 1).groups[0].name, "Tafel 0", "formed, but its round does not run yet");
    let wall = at(opened);
    let round = wall.round.unwrap();
    assert_eq!(
        (round.id, round.kind, round.running),
        (RoundId::new(uuid(70)), RoundKind::Theme, true)
    );
    assert_eq!(wall.groups.iter().map(|group| group.id).collect::<Vec<_>>(), [group]);
    assert_eq!(wall.groups[0].theme, Some(item(70)));
    let wall = at(closed);
    assert!(!wall.round.unwrap().running);
    assert_eq!(wall.groups[0].id, group, "people come back together, and it still stands there");
}

#[test]
fn the_spotlight_is_the_one_of_the_moment() {
    let mut scene = Scene::new(1);
    let (group, document) = (scene.harvests[0].0, scene.document(0));
    let mut set = |spotlight| scene.happens(Act::Conducted(Conduct::SpotlightSet { spotlight })).0;
    let first = set(Some(Spotlight::Group(group)));
    let second = set(Some(Spotlight::Item { document, item: item(1) }));
    let third = set(None);
    let at = walls(&scene);
    assert_eq!(at(first - 1).spotlight, None);
    let shown = WallSpotlight { group: Some(group), ..WallSpotlight::default() };
    assert_eq!(at(first).spotlight, Some(shown));
    let (document, item) = (Some(document), Some(item(1)));
    assert_eq!(at(second).spotlight, Some(WallSpotlight { document, item, ..Default::default() }));
    assert_eq!(at(third).spotlight, None);
}

#[test]
fn a_group_is_quiet_some_minutes_after_its_last_contribution_or_its_beginning() {
    let mut scene = Scene::new(2);
    let mut an = scene.client(0, 1);
    scene.edit(&mut an, |an| an.add(item(1), "a", "a"));
    let (view, last) = (scene.view(), scene.at - 1_000);
    let quiet = |milliseconds| {
        let groups = view.quiet_groups(view.covered(), Timestamp::from_milliseconds(milliseconds));
        groups.iter().map(|quiet| (quiet.group, quiet.minutes)).collect::<Vec<_>>()
    };
    let minutes = |minutes: u64| i64::try_from(minutes * 60_000).unwrap();
    assert_eq!(quiet(last), []);
    let (first, second) = (scene.harvests[0].0, scene.harvests[1].0);
    assert_eq!(quiet(last + minutes(QUIET_MINUTES) - 1), [(second, QUIET_MINUTES)]);
    let both = [(first, QUIET_MINUTES), (second, QUIET_MINUTES)];
    assert_eq!(quiet(last + minutes(QUIET_MINUTES)), both);
}

/// A region's question, as somebody brings it.
fn bring(client: &mut Client, number: u128, region: &str, theme: Option<u128>) {
    let (home, id) = ("questions", item(number));
    client.write(home, id, "text", &format!("Vraag {number}"), Kind::RegionQuestionAdded);
    client.write(home, id, "region", region, Kind::RegionQuestionEdited);
    client.write(home, id, "position", &format!("a{number}"), Kind::RegionQuestionEdited);
    if let Some(theme) = theme {
        let theme = item(theme).to_string();
        client.write(home, id, "theme", &theme, Kind::RegionQuestionClustered);
    }
}

fn told(questions: &[RegionQuestion]) -> Vec<&str> {
    questions.iter().map(|question| question.text.as_str()).collect()
}

#[test]
fn every_region_has_its_list_and_every_theme_its_questions() {
    let mut scene = Scene::new(1);
    let programme = scene.open_programme();
    let mut client = scene.client(programme, 1);
    for (number, name) in [(60, "Gent"), (61, "Waasland")] {
        let region = RegionId::new(uuid(number));
        scene.happens(Act::RegionNamed { region, name: name.into() });
    }
    scene.edit(&mut client, |client| {
        bring(client, 3, "Gent", Some(50));
        bring(client, 2, &uuid(60).to_string(), Some(50));
        bring(client, 4, "Kempen", Some(51));
        bring(client, 5, "", Some(99));
        client.write("themes", item(50), "text", "Vertrouwen", Kind::ThemeProposed);
        client.write("themes", item(51), "text", "Geld", Kind::ThemeProposed);
    });
    let before = scene.events.len() as u64;
    scene.edit(&mut client, |client| bring(client, 6, "waasland ", None));
    let at = walls(&scene);
    let wall = at(before + 1);
    let regions: Vec<_> = wall
        .regions
        .iter()
        .map(|region| (region.name.as_str(), region.id.is_some(), told(&region.questions)))
        .collect();
    let shown = [
        ("Gent", true, vec!["Vraag 2", "Vraag 3"]),
        ("Waasland", true, vec!["Vraag 6"]),
        ("", false, vec!["Vraag 5"]),
        ("Kempen", false, vec!["Vraag 4"]),
    ];
    assert_eq!(regions, shown);
    let clustered = &wall.regions[0].questions[0];
    assert_eq!(clustered.theme, Some(item(50)));
    assert_eq!(wall.regions[2].questions[0].theme, None, "a theme that is not there");
    let themes: Vec<_> =
        wall.themes.iter().map(|theme| (theme.text.as_str(), theme.questions.clone())).collect();
    assert_eq!(themes, [("Vertrouwen", vec![item(2), item(3)]), ("Geld", vec![item(4)])]);
    assert_eq!(at(before).regions[1].questions, [], "nothing yet, and it is there all the same");
    assert_eq!(scene.view().wall_digest(), scene.view().wall_digest());
}

#[test]
fn the_time_bar_counts_by_noun_and_group_and_knows_the_chapters() {
    let mut scene = Scene::new(2);
    let programme = scene.open_programme();
    let mut planner = scene.client(programme, 9);
    scene.edit(&mut planner, |planner| {
        planner.write("blocks", item(40), "title", "Onthaal", Kind::BlockAdded);
    });
    let opened = scene.happens(Act::GatheringStatus { status: Status::Open });
    let started = |block| Act::Conducted(Conduct::BlockStarted { block });
    let first = scene.happens(started(item(40)));
    let mut an = scene.client(1, 1);
    scene.by.role = Role::Guest;
    for number in 1..=8 {
        scene.edit(&mut an, |an| an.add(item(number), "a", "a"));
    }
    // A clock that was set back.
    scene.at -= 3_000;
    let second = scene.happens(started(item(41)));
    let last = scene.happens(Act::Conducted(Conduct::BlockEnded { block: item(41) }));
    let view = scene.view();
    let history = view.history(4);
    assert_eq!((history.first, history.last), (opened, last));
    assert!(history.buckets.len() <= 4 && history.buckets.len() > 1);
    for pair in history.buckets.windows(2) {
        assert_eq!(pair[0].to, pair[1].from);
        assert!(pair[0].seq <= pair[1].seq);
    }
    assert_eq!(history.buckets.last().unwrap().seq, last);
    let all = |of: &dyn Fn(&oogst_protocol::api::Bucket) -> u64| -> u64 {
        history.buckets.iter().map(of).sum()
    };
    let noun = |noun: &'static str| all(&|bucket| bucket.counts.get(noun).copied().unwrap_or(0));
    assert_eq!((noun("insight"), noun("block"), noun("gathering")), (8, 3, 1));
    assert_eq!(noun("document"), 0, "before the opening");
    let group = scene.harvests[1].0;
    assert_eq!(all(&|bucket| bucket.groups.get(&group).copied().unwrap_or(0)), 8);
    let chapters: Vec<_> =
        history.chapters.iter().map(|chapter| (chapter.title.as_str(), chapter.seq)).collect();
    assert_eq!(chapters, [("Onthaal", first), ("", second)]);
    assert_eq!(history.chapters[0].to, Some(history.chapters[1].from));
    assert!(history.chapters[1].to.is_some());
    assert_eq!(view.history(1).buckets.len(), 1);
    assert!(view.history(1_000).buckets.len() <= 1_000);
}
