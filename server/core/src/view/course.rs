//! The course of the day: the spotlight, the regions, the blocks that ran, and when what was
//! contributed.
//!
//! Kept of each event are its moment and the kinds of its contributions, some 24 bytes: enough for
//! a time bar of any width without reading the log.

use std::collections::BTreeMap;

use oogst_protocol::api::Bucket;
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::{Act, Conduct, Event, Owner, Spotlight, Status};
use oogst_protocol::ids::{DocumentId, GroupId, ItemId, RegionId, Seq};
use oogst_protocol::time::Timestamp;

/// The fold of what a replay's time bar shows.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// When each event happened: that of [`Seq`] 1 comes first.
    times: Vec<Timestamp>,
    done: Vec<Done>,
    /// Those that [`Done`] names by their place.
    groups: Vec<GroupId>,
    owners: BTreeMap<DocumentId, GroupId>,
    /// The first opening of the gathering.
    opened: Option<Seq>,
    spotlights: Vec<(Seq, Option<Spotlight>)>,
    regions: Vec<(Seq, RegionId, String)>,
    pub(super) blocks: Vec<Started>,
}

/// One contribution.
#[derive(Clone, Copy, Debug)]
struct Done {
    seq: Seq,
    kind: Kind,
    group: Option<u16>,
}

/// A block that was started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started {
    pub(super) block: ItemId,
    pub(super) seq: Seq,
    pub(super) from: Timestamp,
    pub(super) to: Option<Timestamp>,
}

impl Course {
    pub(super) fn fold(&mut self, event: &Event) {
        let (seq, at, act) = (event.seq, event.entry.at, &event.entry.act);
        self.times.push(at);
        if let Act::DocumentOpened { document, owner: Owner::Group(group), .. } = act {
            self.owners.insert(*document, *group);
        }
        if let Act::GatheringStatus { status: Status::Open } = act {
            self.opened.get_or_insert(seq);
        }
        if let Act::RegionNamed { region, name } = act {
            self.regions.push((seq, *region, name.clone()));
        }
        if let Act::Conducted(conduct) = act {
            self.conducted(seq, at, *conduct);
        }
        let group = self.group(act);
        let kinds = act.contributions().into_iter().map(|contribution| contribution.kind);
        self.done.extend(kinds.map(|kind| Done { seq, kind, group }));
    }

    fn conducted(&mut self, seq: Seq, at: Timestamp, conduct: Conduct) {
        if let Conduct::SpotlightSet { spotlight } = conduct {
            self.spotlights.push((seq, spotlight));
        }
        if let Conduct::BlockStarted { block } = conduct {
            // One block runs at a time, whether or not somebody ended the one before.
            if let Some(before) = self.blocks.last_mut() {
                before.to.get_or_insert(at);
            }
            self.blocks.push(Started { block, seq, from: at, to: None });
        }
        if let Conduct::BlockEnded { block } = conduct {
            let running = self.blocks.iter_mut().rev().find(|started| started.block == block);
            if let Some(running) = running {
                running.to.get_or_insert(at);
            }
        }
    }

    /// The place of the group that an act is about, or in whose document it was done.
    fn group(&mut self, act: &Act) -> Option<u16> {
        let group = match (act, act.document()) {
            (Act::GroupFormed { group, .. }, _) => *group,
            (Act::ParticipantMoved { group, .. }, _) => (*group)?,
            (_, document) => *self.owners.get(&document?)?,
        };
        let place = self.groups.iter().position(|known| *known == group).unwrap_or_else(|| {
            self.groups.push(group);
            self.groups.len() - 1
        });
        u16::try_from(place).ok()
    }

    /// When the event happened; `None` where it was not folded.
    pub(super) fn moment(&self, seq: Seq) -> Option<Timestamp> {
        let place = usize::try_from(seq.0.checked_sub(1)?).ok()?;
        self.times.get(place).copied()
    }

    /// What was in the spotlight right after the event `seq`.
    pub(super) fn spotlight_after(&self, seq: Seq) -> Option<Spotlight> {
        let set = self.spotlights.partition_point(|(since, _)| *since <= seq).checked_sub(1)?;
        self.spotlights[set].1
    }

    /// The regions that had been named by the event `seq`, in that order.
    pub(super) fn regions_after(&self, seq: Seq) -> impl Iterator<Item = (RegionId, &str)> {
        let named = self.regions.iter().take_while(move |(since, ..)| *since <= seq);
        named.map(|(_, id, name)| (*id, name.as_str()))
    }

    /// The first event of the time bar.
    pub(super) fn first(&self) -> Seq {
        self.opened.unwrap_or(Seq(1))
    }

    /// The day in at most `most` equal spans. A clock that was set back does not turn the bar
    /// back: an event then falls where the newest before it fell.
    pub(super) fn buckets(&self, most: usize) -> Vec<Bucket> {
        let first = self.first();
        let skipped = usize::try_from(first.0.saturating_sub(1)).unwrap_or(usize::MAX);
        let mut newest = i64::MIN;
        let times: Vec<i64> = self
            .times
            .iter()
            .skip(skipped)
            .map(|at| {
                newest = newest.max(at.milliseconds());
                newest
            })
            .collect();
        let Some(begin) = times.first().copied() else { return Vec::new() };
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let width = newest.saturating_sub(begin) / most + 1;
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut done = self.done.iter().skip_while(|done| done.seq < first).peekable();
        for (seq, at) in (first.0..).map(Seq).zip(times) {
            let place = at.saturating_sub(begin) / width;
            while i64::try_from(buckets.len()).is_ok_and(|made| made <= place) {
                let from = begin + i64::try_from(buckets.len()).unwrap_or_default() * width;
                let before = buckets.last().map_or(first, |bucket| bucket.seq);
                buckets.push(empty(from, from + width, before));
            }
            let Some(bucket) = buckets.last_mut() else { continue };
            bucket.seq = seq;
            while let Some(done) = done.next_if(|done| done.seq == seq) {
                *bucket.counts.entry(noun(done.kind)).or_default() += 1;
                let group = done.group.and_then(|place| self.groups.get(usize::from(place)));
                if let Some(group) = group {
                    *bucket.groups.entry(*group).or_default() += 1;
                }
            }
        }
        buckets
    }
}

fn empty(from: i64, to: i64, seq: Seq) -> Bucket {
    let (from, to) = (Timestamp::from_milliseconds(from), Timestamp::from_milliseconds(to));
    Bucket { from, to, seq, counts: BTreeMap::new(), groups: BTreeMap::new() }
}

/// What a kind of contribution is about: the part of its name before the point.
fn noun(kind: Kind) -> String {
    let name = kind.name();
    name.split_once('.').map_or(name, |(noun, _)| noun).to_owned()
}
