//! The wall: each group's nested insights, as the projector shows them.

use std::collections::{BTreeMap, BTreeSet};

use oogst_protocol::api::{
    Counts, GroupShare, Insight as Shown, QuietGroup, TargetGroupShare, Wall, WallGroup,
    WallSpotlight,
};
use oogst_protocol::event::Spotlight;
use oogst_protocol::ids::{GroupId, ItemId, ParticipantId, Seq};
use oogst_protocol::limits::HIGHLIGHTS_MAX;
use oogst_protocol::time::Timestamp;

use super::document::Insight;
use super::settled::Writing;
use super::structure::Group;
use super::{GatheringView, Keyframes, LEVELS_MAX, NoKeyframes};

/// After how many minutes without a contribution a group is quiet.
pub const QUIET_MINUTES: u64 = 5;

/// Which wall: right after an event, or after the newest, at a moment of the clock.
#[derive(Clone, Copy)]
pub(super) enum When {
    Now(Timestamp),
    After(Seq, Timestamp),
}

/// A moment, and what reading it may begin at.
#[derive(Clone, Copy)]
pub(super) struct At<'k> {
    pub(super) seq: Seq,
    pub(super) when: When,
    pub(super) keyframes: &'k dyn Keyframes,
    /// Who is marked as of the target group, where their share is to be told.
    pub(super) marked: Option<&'k Marked>,
}

/// People who are marked as of the target group. The vault knows.
pub type Marked = BTreeSet<ParticipantId>;

impl When {
    /// Whether an item rests that was written in so.
    pub(super) fn settled(self, writing: Option<&Writing>) -> bool {
        match self {
            Self::Now(now) => writing.is_none_or(|writing| writing.settled(now)),
            Self::After(seq, at) => writing.is_none_or(|writing| writing.settled_after(seq, at)),
        }
    }
}

impl GatheringView {
    /// The running round's groups as they stand, `now` being the moment for `settled`.
    #[must_use]
    pub fn wall(&self, now: Timestamp) -> Wall {
        self.wall_now(now, None)
    }

    /// The same, with the share of those who are `marked`, which is for the facilitator alone.
    #[must_use]
    pub fn wall_now(&self, now: Timestamp, marked: Option<&Marked>) -> Wall {
        let (seq, when) = (self.covered(), When::Now(now));
        self.wall_at(At { seq, when, keyframes: &NoKeyframes, marked })
    }

    /// The wall right after the event `seq`, which happened at `at`; `None` where it is not
    /// covered yet. The same as the fold of the events up to there gives, without folding again:
    /// documents are read from the nearest keyframe on. With the share that those had in it who
    /// are `marked` today.
    #[must_use]
    pub fn past_wall(
        &self,
        seq: Seq,
        at: Timestamp,
        keyframes: &dyn Keyframes,
        marked: Option<&Marked>,
    ) -> Option<Wall> {
        let at = At { seq, when: When::After(seq, at), keyframes, marked };
        (seq <= self.covered()).then(|| self.wall_at(at))
    }

    fn wall_at(&self, at: At<'_>) -> Wall {
        let seq = at.seq;
        let groups = self.structure.groups_after(seq);
        let (themes, regions) = self.wall_themes(at);
        let mut share = at.marked.map(|_| TargetGroupShare::default());
        Wall {
            seq,
            round: self.structure.wall_round_after(seq),
            groups: groups.map(|group| self.wall_group(group, at, share.as_mut())).collect(),
            themes,
            regions,
            spotlight: self.course.spotlight_after(seq).map(spotlight),
            quiet: None,
            target_group: share,
        }
    }

    /// The groups on the wall right after the event `seq` where, at the moment `at`, nobody had
    /// contributed for [`QUIET_MINUTES`], in order of forming. Not part of the wall: it is for the
    /// facilitator alone.
    #[must_use]
    pub fn quiet_groups(&self, seq: Seq, at: Timestamp) -> Vec<QuietGroup> {
        let quiet = |group: &Group| {
            let last = group.last_contribution_after(seq);
            let begun = || self.structure.begun(group, |seq| self.course.moment(seq));
            let last = last.unwrap_or_else(begun);
            let since = at.milliseconds().saturating_sub(last.milliseconds());
            let minutes = u64::try_from(since / 60_000).unwrap_or_default();
            (minutes >= QUIET_MINUTES).then_some(QuietGroup { group: group.id, minutes })
        };
        self.structure.groups_after(seq).filter_map(quiet).collect()
    }

    /// When a folded event happened.
    #[must_use]
    pub fn moment(&self, seq: Seq) -> Option<Timestamp> {
        self.course.moment(seq)
    }

    /// One group; the target group's share in it is added to `share`, where that is to be told.
    fn wall_group(
        &self,
        group: &Group,
        at: At<'_>,
        share: Option<&mut TargetGroupShare>,
    ) -> WallGroup {
        let id = group.harvest_after(at.seq);
        let harvest = id.and_then(|id| Some((id, self.view_of(id)?)));
        let then = harvest.and_then(|(id, view)| view.then(id, at.seq, at.keyframes));
        let then = then.unwrap_or_default();
        let question = Some(then.question.into_owned()).filter(|text| !text.trim().is_empty());
        let then = then.insights;
        if let (Some(share), Some(marked)) = (share, at.marked) {
            add_share(share, group.id, &then, marked);
        }
        let settled = |id| harvest.is_none_or(|(_, view)| at.when.settled(view.writing(id)));
        let tree = Tree::of(&then);
        let shows = Shows { insights: &then, tree: &tree, settled: &settled };
        let mut insights = shows.under(None, 1);
        let mut highlights = Vec::new();
        keep_first_highlights(&mut insights, &mut highlights);
        WallGroup {
            id: group.id,
            name: group.name.clone(),
            theme: group.theme,
            question: question.unwrap_or_else(|| group.question.clone()),
            insights,
            highlights,
            counts: counts(&then, &self.structure.language),
            last_contribution: group.last_contribution_after(at.seq),
        }
    }

    /// How each group words its learning question now, of every round: in its harvest, else what
    /// it was formed with.
    #[must_use]
    pub fn questions(&self) -> BTreeMap<GroupId, String> {
        let worded = self.structure.groups().map(|group| {
            let harvest = group.harvest_after(self.covered).and_then(|id| self.view_of(id));
            let question = harvest.map_or("", |view| view.question());
            let question = Some(question).filter(|text| !text.trim().is_empty());
            (group.id, question.unwrap_or(&group.question).to_owned())
        });
        worded.collect()
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

fn spotlight(spotlight: Spotlight) -> WallSpotlight {
    let nothing = WallSpotlight::default();
    match spotlight {
        Spotlight::Group(group) => WallSpotlight { group: Some(group), ..nothing },
        Spotlight::Item { document, item } => {
            WallSpotlight { document: Some(document), item: Some(item), ..nothing }
        }
        Spotlight::Round(round) => WallSpotlight { round: Some(round), ..nothing },
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
                language: insight.item.language.clone(),
                settled: (self.settled)(*id),
                highlight: insight.item.highlight,
                supports: insight.item.supports,
                from_outside: insight.is_from_outside(),
                by: insight.author(),
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
fn keep_first_highlights(insights: &mut [Shown], kept: &mut Vec<ItemId>) {
    for insight in insights {
        if insight.highlight {
            insight.highlight = kept.len() < HIGHLIGHTS_MAX;
            if insight.highlight {
                kept.push(insight.id);
            }
        }
        keep_first_highlights(&mut insight.children, kept);
    }
}

/// Who added an insight, or is named as having said it, had a part in it.
fn add_share(
    share: &mut TargetGroupShare,
    group: GroupId,
    insights: &BTreeMap<ItemId, Insight>,
    marked: &Marked,
) {
    let live = insights.values().filter(|insight| !insight.item.removed);
    let has_input = |insight: &&Insight| insight.behind().any(|who| marked.contains(&who));
    let with_input = live.clone().filter(has_input).count() as u64;
    let insights = live.count() as u64;
    share.insights += insights;
    share.with_input += with_input;
    share.groups.push(GroupShare { group, insights, with_input });
}

fn counts(insights: &BTreeMap<ItemId, Insight>, language: &str) -> Counts {
    let mut counts = Counts::default();
    for insight in insights.values().filter(|insight| !insight.item.removed) {
        counts.insights += 1;
        counts.from_outside += u64::from(insight.is_from_outside());
        let language = insight.item.language.as_deref().unwrap_or(language);
        *counts.languages.entry(language.to_owned()).or_default() += 1;
        if let Some(category) = &insight.item.category {
            *counts.categories.entry(category.clone()).or_default() += 1;
        }
    }
    counts
}
