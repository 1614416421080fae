//! The law of the past: whatever reading it begins at, it is what a replay up to there ends with.

use std::collections::BTreeMap;

use oogst_protocol::ids::DocumentId;

use super::super::{GatheringView, Keyframe, Keyframes, NoKeyframes, Snapshot};
use super::laws::{Choices, day};

/// Keeps keyframes as they are written, very close together.
#[derive(Clone, Default)]
struct Shelf {
    every_events: u64,
    kept: BTreeMap<(DocumentId, u64), Vec<u8>>,
}

impl Shelf {
    fn new(every_events: u64) -> Self {
        Self { every_events, kept: BTreeMap::new() }
    }
}

impl Keyframes for Shelf {
    fn every_events(&self) -> u64 {
        self.every_events
    }

    fn wants(&self, document: DocumentId, events: u64) -> bool {
        !self.kept.contains_key(&(document, events))
    }

    fn keep(&mut self, keyframe: &Keyframe) {
        self.kept.insert((keyframe.document(), keyframe.events()), keyframe.encode());
    }

    fn nearest(&self, document: DocumentId, events: u64) -> Option<Keyframe> {
        let mut before = self.kept.range((document, 0)..=(document, events)).rev();
        before.find_map(|(_, bytes)| Keyframe::decode(bytes))
    }
}

/// A shelf that keeps and never gives: each keyframe is made of the document alone.
struct Forgetful(Shelf);

impl Keyframes for Forgetful {
    fn every_events(&self) -> u64 {
        self.0.every_events()
    }

    fn wants(&self, document: DocumentId, events: u64) -> bool {
        self.0.wants(document, events)
    }

    fn keep(&mut self, keyframe: &Keyframe) {
        self.0.keep(keyframe);
    }

    fn nearest(&self, _: DocumentId, _: u64) -> Option<Keyframe> {
        None
    }
}

/// The shelf with some keyframes damaged; with some lost; with some in others' places.
fn spoilt(shelf: &Shelf, choices: &mut Choices) -> (Shelf, Shelf, Shelf) {
    let mut damaged = shelf.clone();
    for bytes in damaged.kept.values_mut() {
        let place = choices.below(bytes.len());
        match choices.below(4) {
            0 => bytes.truncate(place),
            1 => bytes[place] ^= 1 << choices.below(8),
            _ => {}
        }
    }
    let mut lost = shelf.clone();
    lost.kept.retain(|_, _| choices.below(3) == 0);
    let mut misplaced = shelf.clone();
    let bytes: Vec<_> = misplaced.kept.values().cloned().collect();
    for found in misplaced.kept.values_mut() {
        found.clone_from(&bytes[choices.below(bytes.len())]);
    }
    (damaged, lost, misplaced)
}

/// Read from the view of the whole day in any order: with keyframes close and far, with none, with
/// some that are lost, damaged, or another day's, and after a restart from snapshots.
#[expect(clippy::disallowed_methods, reason = "a failing day is repeated by its seed")]
#[test]
fn wall_and_documents_at_any_moment_are_those_of_a_full_replay() {
    let only = std::env::var("OOGST_SEED").ok().and_then(|seed| seed.parse().ok());
    for seed in only.map_or(0..4_u64, |seed| seed..seed + 1) {
        let mut choices = Choices(seed);
        let scene = day(&mut choices);
        let repeat = format!("OOGST_SEED={seed} cargo test --workspace view::tests::past");
        let gathering = scene.events[0].gathering;
        let mut replay = GatheringView::new(gathering);
        let mut snapshots: Vec<Snapshot> = Vec::new();
        let mut seen = Vec::new();
        for event in &scene.events {
            replay.fold(std::slice::from_ref(event)).unwrap();
            let ids: Vec<_> = scene.harvests.iter().map(|(_, id, _)| *id).collect();
            let documents: Vec<_> =
                ids.iter().map(|id| (*id, replay.document(*id, None))).collect();
            seen.push((event.seq, event.entry.at, replay.wall(event.entry.at), documents));
            if choices.below(9) == 0 {
                snapshots = replay.documents().filter_map(|id| replay.snapshot(id)).collect();
            }
        }
        let every = 1 + choices.below(6) as u64;
        let mut shelf = Shelf::new(every);
        let mut whole = GatheringView::new(gathering);
        for batch in scene.events.chunks(1 + choices.below(30)) {
            whole.fold_keeping(batch, &mut shelf).unwrap();
        }
        let due: u64 = whole.documents().map(|id| whole.events(id) / every).sum();
        assert_eq!(shelf.kept.len() as u64, due, "one for each so many events; {repeat}");
        let mut one_by_one = Shelf::new(every);
        let mut again = GatheringView::new(gathering);
        for event in &scene.events {
            again.fold_keeping(std::slice::from_ref(event), &mut one_by_one).unwrap();
        }
        assert!(one_by_one.kept == shelf.kept, "whatever the batches; {repeat}");
        let mut alone = Forgetful(Shelf::new(every));
        GatheringView::new(gathering).fold_keeping(&scene.events, &mut alone).unwrap();
        assert!(alone.0.kept == shelf.kept, "whatever it is made of; {repeat}");

        let mut restarted = GatheringView::new(gathering).with_snapshots(snapshots);
        restarted.fold_keeping(&scene.events, &mut shelf.clone()).unwrap();
        let (damaged, lost, misplaced) = spoilt(&shelf, &mut choices);
        let shelves: [(&GatheringView, &dyn Keyframes); 6] = [
            (&whole, &NoKeyframes),
            (&whole, &shelf),
            (&restarted, &shelf),
            (&restarted, &lost),
            (&whole, &damaged),
            (&whole, &misplaced),
        ];
        for (seq, at, wall, documents) in seen {
            for (view, shelf) in shelves {
                let past = view.past_wall(seq, at, shelf, None);
                assert_eq!(past.as_ref(), Some(&wall), "{seq}; {repeat}");
                for (id, document) in &documents {
                    let past = view.document_from(*id, Some(seq), shelf);
                    assert_eq!(&past, document, "{seq}; {repeat}");
                }
            }
        }
        assert_eq!(
            whole.past_wall(whole.covered().next(), scene.events[0].entry.at, &shelf, None),
            None
        );
    }
}
