//! The wall: each group's nested insights, as the projector shows them.

use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::api::{Counts, Insight as Shown, Wall, WallGroup};
use oogst_protocol::event::Role;
use oogst_protocol::ids::ItemId;
use oogst_protocol::limits::HIGHLIGHTS_MAX;
use oogst_protocol::time::Timestamp;

use super::document::{DocumentView, Insight};
use super::structure::Group;
use super::{GatheringView, LEVELS_MAX};

impl GatheringView {
    /// The running round's groups as they stand, `now` being the moment for `settled`.
    #[must_use]
    pub fn wall(&self, now: Timestamp) -> Wall {
        let groups = self.structure.groups().map(|group| self.wall_group(group, now));
        Wall { seq: self.covered(), groups: groups.collect() }
    }

    fn wall_group(&self, group: &Group, now: Timestamp) -> WallGroup {
        let harvest = group.harvest.and_then(|id| self.documents.get(&id));
        let question = harvest.map(DocumentView::question).filter(|text| !text.trim().is_empty());
        let mut insights =
            harvest.map(|view| shown(view, &Tree::of(view), None, 1, now)).unwrap_or_default();
        let mut left = HIGHLIGHTS_MAX;
        keep_first_highlights(&mut insights, &mut left);
        WallGroup {
            id: group.id,
            name: group.name.clone(),
            question: question.unwrap_or(&group.question).to_owned(),
            insights,
            counts: harvest.map(counts).unwrap_or_default(),
            last_contribution: group.last_contribution,
        }
    }

    /// A digest of everything that the wall shows, whatever the moment: equal walls, equal digests.
    ///
    /// # Panics
    ///
    /// Never: a wall has no value that JSON could not hold.
    #[must_use]
    pub fn wall_digest(&self) -> [u8; 32] {
        use sha2::Digest;
        // At the end of time everything rests.
        let wall = self.wall(Timestamp::from_milliseconds(i64::MAX));
        let wall = serde_json::to_vec(&wall).expect("a wall is plain texts and numbers");
        sha2::Sha256::digest(wall).into()
    }
}

/// Who is nested under whom, once removed parents and cycles are taken away.
pub(super) struct Tree(BTreeMap<Option<ItemId>, Vec<ItemId>>);

impl Tree {
    /// A parent that is gone, and every member of a cycle, is at top level: never lost.
    pub(super) fn of(view: &DocumentView) -> Self {
        let live = |(id, insight): (&ItemId, &Insight)| {
            let parent = insight.item.parent;
            let there = |parent: &ItemId| {
                view.insights().get(parent).is_some_and(|insight| !insight.item.removed)
            };
            (!insight.item.removed).then(|| (*id, parent.filter(there)))
        };
        let claimed: BTreeMap<_, _> = view.insights().iter().filter_map(live).collect();
        let circling = circling(&claimed);
        let mut children: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, parent) in claimed {
            let parent = parent.filter(|_| !circling.contains(&id));
            children.entry(parent).or_default().push(id);
        }
        for siblings in children.values_mut() {
            // By code unit, ties by id; positions are plain ASCII.
            siblings.sort_by_key(|id| (&view.insights()[id].item.position, *id));
        }
        Self(children)
    }

    /// What stands under `parent`, itself at `level` (1 is the top), in order. At the deepest
    /// level everything that is nested deeper follows its parent.
    pub(super) fn level(&self, parent: Option<ItemId>, level: usize) -> Vec<ItemId> {
        let under = |parent| self.0.get(&parent).map_or(&[][..], Vec::as_slice);
        if level < LEVELS_MAX {
            return under(parent).to_vec();
        }
        let mut found = Vec::new();
        let mut waiting: Vec<ItemId> = under(parent).iter().rev().copied().collect();
        while let Some(id) = waiting.pop() {
            found.push(id);
            waiting.extend(under(Some(id)).iter().rev());
        }
        found
    }
}

/// Every item from which the way up leads back to itself.
fn circling(parents: &BTreeMap<ItemId, Option<ItemId>>) -> BTreeSet<ItemId> {
    let mut circling = BTreeSet::new();
    let mut settled = BTreeSet::new();
    for start in parents.keys() {
        let mut way = Vec::new();
        let mut on_way = BTreeSet::new();
        let mut at = Some(*start);
        while let Some(id) = at.filter(|id| !settled.contains(id)) {
            if !on_way.insert(id) {
                let first = way.iter().position(|passed| *passed == id).unwrap_or_default();
                circling.extend(&way[first..]);
                break;
            }
            way.push(id);
            at = parents.get(&id).copied().flatten();
        }
        settled.extend(way);
    }
    circling
}

/// What stands at one level, in order; `now` being the moment for `settled`.
fn shown(
    view: &DocumentView,
    tree: &Tree,
    parent: Option<ItemId>,
    level: usize,
    now: Timestamp,
) -> Vec<Shown> {
    let insight = |id: &ItemId| {
        let insight = &view.insights()[id];
        Shown {
            id: *id,
            text: insight.item.text.clone(),
            category: insight.item.category.clone(),
            settled: view.writing(*id).is_none_or(|writing| writing.settled(now)),
            highlight: insight.item.highlight,
            supports: insight.item.supports,
            from_outside: matches!(insight.added_by, Some((_, Role::Guest))),
            children: match level {
                LEVELS_MAX => Vec::new(),
                _ => shown(view, tree, Some(*id), level + 1, now),
            },
        }
    };
    tree.level(parent, level).iter().map(insight).collect()
}

/// Key points that were set at the same time may be too many together: the first are shown.
fn keep_first_highlights(insights: &mut [Shown], left: &mut usize) {
    for insight in insights {
        if insight.highlight {
            insight.highlight = *left > 0;
            *left = left.saturating_sub(1);
        }
        keep_first_highlights(&mut insight.children, left);
    }
}

fn counts(view: &DocumentView) -> Counts {
    let mut counts = Counts::default();
    for insight in view.insights().values().filter(|insight| !insight.item.removed) {
        counts.insights += 1;
        if let Some(category) = &insight.item.category {
            *counts.categories.entry(category.clone()).or_default() += 1;
        }
    }
    counts
}
