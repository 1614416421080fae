//! The law of views: batches, replay, rest and snapshots make no difference.

use oogst_protocol::api::{Attribution, Line};
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::{Act, Conduct, Spotlight};
use oogst_protocol::ids::{ItemId, ParticipantId, RegionId, RoundId};

use super::super::{Credited, Filter, GatheringView, Snapshot, Wish};
use super::{Client, Scene, item, nobody, uuid};
use crate::export::json;

/// A small source of repeatable choices (splitmix64).
pub(super) struct Choices(pub(super) u64);

impl Choices {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

/// One thing that somebody does to what they see.
fn act(client: &mut Client, choices: &mut Choices, next: &mut u128) {
    let known = automerge::ReadDoc::keys(&client.copy, client.insights());
    let known: Vec<ItemId> = known.map(|key| key.parse().unwrap()).collect();
    let words = ["é", "🌾 ", "ab", "\n- ", "ه"][choices.below(5)];
    if known.is_empty() || choices.below(5) == 0 {
        *next += 1;
        let position = ["a", "b", "Z", ""][choices.below(4)];
        return client.add(item(*next), words, position);
    }
    let id = known[choices.below(known.len())];
    match choices.below(9) {
        0 => client.nest(id, known[choices.below(known.len())]),
        1 => client.remove(id),
        2 => client.restore(id),
        3 => client.support(id, ParticipantId::new(uuid(choices.below(4) as u128))),
        4 => client.put(
            id,
            "category",
            ["tip", "tool"][choices.below(2)],
            Kind::InsightRecategorised,
        ),
        5 => client.put(id, "highlight", true, Kind::InsightHighlighted),
        6 => client.ask(words),
        _ => client.type_at_end(id, words),
    }
}

/// What happens outside the harvests.
fn conduct(scene: &mut Scene, planner: &mut Client, choices: &mut Choices) {
    let number = choices.below(4) as u128;
    let spotlight = [None, Some(Spotlight::Group(scene.harvests[0].0))][choices.below(2)];
    let round = RoundId::new(uuid(1));
    match choices.below(5) {
        0 => drop(scene.happens(Act::Conducted(Conduct::SpotlightSet { spotlight }))),
        1 => drop(scene.happens(Act::RoundClosed { round })),
        2 => drop(scene.happens(Act::RoundOpened { round, title: "Ronde".into(), kind: None })),
        3 => {
            let (region, name) = (RegionId::new(uuid(300 + number)), format!("Regio {number}"));
            scene.happens(Act::RegionNamed { region, name });
        }
        _ => {
            let words = ["Regio 1", "regio 2", ""][choices.below(3)];
            let key = ["text", "region", "theme"][choices.below(3)];
            let (home, kind) =
                [("questions", Kind::RegionQuestionEdited), ("themes", Kind::ThemeEdited)]
                    [choices.below(2)];
            planner.write(home, item(400 + number), key, words, kind);
            scene.accept(planner);
        }
    }
}

/// A day of three people in two groups, some of them cut off for a while.
pub(super) fn day(choices: &mut Choices) -> Scene {
    let mut scene = Scene::new(2);
    let programme = scene.open_programme();
    let mut planner = scene.client(programme, 4);
    let mut people = [scene.client(0, 1), scene.client(0, 2), scene.client(1, 3)];
    let mut next = 100;
    for _ in 0..40 {
        if choices.below(3) == 0 {
            conduct(&mut scene, &mut planner, choices);
        }
        let client = &mut people[choices.below(3)];
        for _ in 0..=choices.below(3) {
            act(client, choices, &mut next);
        }
        scene.at += [0, 200, 4_500, 9_000][choices.below(4)];
        if choices.below(3) > 0 {
            scene.accept(client);
        }
    }
    for mut client in people {
        act(&mut client, choices, &mut next);
        scene.accept(&mut client);
    }
    scene
}

/// Everything that a view shows.
fn shown(view: &GatheringView, scene: &Scene) -> (Vec<Line>, [u8; 32], String, Vec<String>) {
    let documents = view.documents().flat_map(|id| {
        let at = scene.events.iter().step_by(5).map(move |event| (id, event.seq));
        at.map(|(id, seq)| format!("{:?}", view.document(id, Some(seq))))
    });
    let wish = Wish { attribution: Attribution::Name, ..Wish::default() };
    let unknown = Credited::default;
    (
        view.lines(&scene.events, &Filter::default(), &nobody),
        view.wall_digest(),
        json(&view.export(wish, &|who| Credited { name: Some(who.to_string()), ..unknown() })),
        documents.collect(),
    )
}

/// Batches of any size, lines read live after each or all at the end, documents that sleep in
/// between, and a restart in the middle from snapshots: all the same as one replay.
#[expect(clippy::disallowed_methods, reason = "a failing day is repeated by its seed")]
#[test]
fn batches_replay_and_snapshots_make_no_difference() {
    let only = std::env::var("OOGST_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in only.map_or(0..10_u64, |seed| seed..seed + 1) {
        let mut choices = Choices(seed);
        let scene = day(&mut choices);
        let repeat = format!("OOGST_SEED={seed} cargo test --workspace view::tests::laws");
        let replayed = shown(&scene.view(), &scene);
        assert_eq!(scene.view().stopped().count(), 0, "{repeat}");

        let mut live = GatheringView::new(scene.events[0].gathering);
        let mut lines = Vec::new();
        let mut snapshots: Vec<Snapshot> = Vec::new();
        let mut rest = scene.events.as_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(1 + choices.below(rest.len().min(7)));
            live.fold(batch).unwrap();
            lines.extend(live.lines(batch, &Filter::default(), &nobody));
            if choices.below(3) == 0 {
                live.rest(|| false);
            }
            if choices.below(4) == 0 {
                snapshots = live.documents().filter_map(|id| live.snapshot(id)).collect();
            }
            rest = after;
        }
        assert_eq!(lines, replayed.0, "live lines; {repeat}");
        assert_eq!(shown(&live, &scene), replayed, "in batches; {repeat}");

        let gathering = scene.events[0].gathering;
        let mut restarted = GatheringView::new(gathering).with_snapshots(snapshots);
        for batch in scene.events.chunks(1 + choices.below(20)) {
            restarted.fold(batch).unwrap();
        }
        assert_eq!(shown(&restarted, &scene), replayed, "from snapshots; {repeat}");
    }
}
