//! The wall: each group's nested insights, as the projector shows them.

use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::api::{Counts, Insight as Shown, Wall, WallGroup};
use oogst_protocol::event::Role;
use oogst_protocol::ids::{ItemId, Seq};
use oogst_protocol::limits::HIGHLIGHTS_MAX;
use oogst_protocol::time::Timestamp;

use super::document::Insight;
use super::structure::Group;
use super::{GatheringView, LEVELS_MAX};

/// Which wall: right after an event, or after the newest, at a moment of the clock.
#[derive(Clone, Copy)]
enum When {
    Now(Timestamp),
    After(Seq, Timestamp),
}

impl GatheringView {
    /// The running round's groups as they stand, `now` being the moment for `settled`.
    #[must_use]
    pub fn wall(&self, now: Timestamp) -> Wall {
        self.wall_when(self.covered(), When::Now(now))
    }

    /// The wall right after the event `seq`, which happened at `at`; `None` where it is not
    /// covered yet. The same as the fold of the events up to there gives, without folding again:
    /// documents are read at the heads that their events recorded.
    #[must_use]
    pub fn past_wall(&self, seq: Seq, at: Timestamp) -> Option<Wall> {
        (seq <= self.covered()).then(|| self.wall_when(seq, When::After(seq, at)))
    }

    fn wall_when(&self, seq: Seq, when: When) -> Wall {
        let groups = self.structure.groups_after(seq);
        Wall { seq, groups: groups.map(|group| self.wall_group(group, seq, when)).collect() }
    }

    fn wall_group(&self, group: &Group, seq: Seq, when: When) -> WallGroup {
        let harvest = group.harvest_after(seq).and_then(|id| self.documents.get(&id));
        let question = harvest.and_then(|view| view.question_after(seq));
        let question = question.filter(|text| !text.trim().is_empty());
        let then = harvest.map(|view| view.insights_after(seq)).unwrap_or_default();
        let writing = |id| harvest.and_then(|view| view.writing(id));
        let settled = |id| match when {
            When::Now(now) => writing(id).is_none_or(|writing| writing.settled(now)),
            When::After(seq, at) => {
                writing(id).is_none_or(|writing| writing.settled_after(seq, at))
            }
        };
        let tree = Tree::of(&then);
        let shows = Shows { insights: &then, tree: &tree, settled: &settled };
        let mut insights = shows.under(None, 1);
        let mut left = HIGHLIGHTS_MAX;
        keep_first_highlights(&mut insights, &mut left);
        WallGroup {
            id: group.id,
            name: group.name.clone(),
            question: question.unwrap_or_else(|| group.question.clone()),
            insights,
            counts: counts(&then),
            last_contribution: group.last_contribution_after(seq),
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
    pub(super) fn of(insights: &BTreeMap<ItemId, Insight>) -> Self {
        let live = |(id, insight): (&ItemId, &Insight)| {
            let parent = insight.item.parent;
            let there =
                |parent: &ItemId| insights.get(parent).is_some_and(|insight| !insight.item.removed);
            (!insight.item.removed).then(|| (*id, parent.filter(there)))
        };
        let claimed: BTreeMap<_, _> = insights.iter().filter_map(live).collect();
        let circling = circling(&claimed);
        let mut children: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, parent) in claimed {
            let parent = parent.filter(|_| !circling.contains(&id));
            children.entry(parent).or_default().push(id);
        }
        for siblings in children.values_mut() {
            // By code unit, ties by id; positions are plain ASCII.
            siblings.sort_by_key(|id| (&insights[id].item.position, *id));
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

/// A group's insights at one moment.
struct Shows<'v> {
    insights: &'v BTreeMap<ItemId, Insight>,
    tree: &'v Tree,
    settled: &'v dyn Fn(ItemId) -> bool,
}

impl Shows<'_> {
    /// What stands under `parent`, itself at `level`, in order.
    fn under(&self, parent: Option<ItemId>, level: usize) -> Vec<Shown> {
        let insight = |id: &ItemId| {
            let insight = &self.insights[id];
            Shown {
                id: *id,
                text: insight.item.text.clone(),
                category: insight.item.category.clone(),
                settled: (self.settled)(*id),
                highlight: insight.item.highlight,
                supports: insight.item.supports,
                from_outside: matches!(insight.added_by, Some((_, Role::Guest))),
                children: match level {
                    LEVELS_MAX => Vec::new(),
                    _ => self.under(Some(*id), level + 1),
                },
            }
        };
        self.tree.level(parent, level).iter().map(insight).collect()
    }
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

fn counts(insights: &BTreeMap<ItemId, Insight>) -> Counts {
    let mut counts = Counts::default();
    for insight in insights.values().filter(|insight| !insight.item.removed) {
        counts.insights += 1;
        if let Some(category) = &insight.item.category {
            *counts.categories.entry(category.clone()).or_default() += 1;
        }
    }
    counts
}
