//! One document, materialised behind the log.
//!
//! All changes of a batch go in with one call: automerge's cost is by the call, not by the
//! change. Of a harvest the live insights are kept as read, and only those that an event touched
//! are read again.
//!
//! Invariant: a document whose changes can't be materialised stops, alone, with its last good
//! state to be rebuilt from the log by whoever owns the view; see [`Stop`].

mod past;

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, Automerge};
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::{Owner, Role};
use oogst_protocol::ids::{ChangeHash, DocumentId, ItemId, ParticipantId, Seq};
use oogst_protocol::schema::DocumentKind;

use super::Step;
use super::cells::Cells;
use super::content::{Content, guarded};
use super::item::{Home, INSIGHTS, Item, Reader, nests, tops};
use super::programme::{self, Programme};
use super::revert::Copy;
use super::settled::{Writing, is_writing};
use super::snapshot::Snapshot;

/// Where a document's view stopped, and why. An alarm: the accept path let in what it must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The newest of its events that are good.
    pub after: Seq,
    /// What automerge said.
    pub why: String,
}

/// The snapshot does not fit the document's events.
pub(super) struct SnapshotMismatch;

/// An insight of the wall, with what its events tell of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Insight {
    pub(super) item: Item,
    /// Who added it, and in which role.
    pub(super) added_by: Option<(Option<ParticipantId>, Role)>,
    /// Whether anybody else than who added it had a hand in who is named as having said it.
    pub(super) is_named_by_others: bool,
}

impl Insight {
    /// Whether a guest added it.
    pub(super) const fn is_from_outside(&self) -> bool {
        matches!(self.added_by, Some((_, Role::Guest)))
    }

    /// Who added it; nobody known, or the operator.
    pub(super) fn author(&self) -> Option<ParticipantId> {
        self.added_by.and_then(|(who, _)| who)
    }

    /// Who is named as having said it.
    pub(super) fn said_by(&self) -> impl Iterator<Item = ParticipantId> {
        self.item.said_by.iter().filter_map(|who| who.parse().ok())
    }

    /// Everybody who had a part in it.
    pub(super) fn behind(&self) -> impl Iterator<Item = ParticipantId> {
        self.said_by().chain(self.author())
    }

    /// Those whose words it holds. Who added it and named others as having said it only typed;
    /// where somebody else named them, it may well be the author's own.
    pub(super) fn bound_by(&self) -> impl Iterator<Item = ParticipantId> {
        let only_typed = self.said_by().next().is_some() && !self.is_named_by_others;
        self.said_by().chain(self.author().filter(|_| !only_typed))
    }
}

pub(super) struct DocumentView {
    kind: DocumentKind,
    owner: Owner,
    content: Automerge,
    /// The newest event that `content` holds because a snapshot did.
    loaded: Option<(Seq, Vec<ChangeHash>)>,
    /// The newest of the document's events that was folded.
    newest: Seq,
    /// After each event: how many of `past_heads` are there.
    past: Vec<(Seq, usize)>,
    past_heads: Vec<automerge::ChangeHash>,
    /// The newest event that touched each item.
    touched: BTreeMap<ItemId, Seq>,
    writing: BTreeMap<ItemId, Writing>,
    /// Where those items stand that stand within others, and which were not looked for yet.
    nested: BTreeMap<ItemId, Home>,
    unplaced: BTreeSet<ItemId>,
    insights: BTreeMap<ItemId, Insight>,
    programme: Programme,
    cells: Cells,
    question: String,
    /// Insights to be read again.
    stale: BTreeSet<ItemId>,
    question_stale: bool,
    stop: Option<Stop>,
}

impl std::fmt::Debug for DocumentView {
    /// What people wrote stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields = (&self.kind, &self.newest, self.insights.len(), &self.stop);
        f.debug_tuple("DocumentView").field(&fields).finish_non_exhaustive()
    }
}

impl DocumentView {
    pub(super) fn new(
        kind: DocumentKind,
        owner: Owner,
        snapshot: Option<Snapshot>,
        stop: Option<Stop>,
    ) -> Self {
        let good = stop.as_ref().map_or(Seq(u64::MAX), |stop| stop.after);
        let restored = snapshot.filter(|snapshot| snapshot.seq() <= good).and_then(|snapshot| {
            let content = guarded(|| snapshot.load().ok_or_else(String::new)).ok()?;
            Some((content, (snapshot.seq(), snapshot.heads().to_vec())))
        });
        let (content, loaded) =
            restored.map_or((Automerge::new(), None), |(content, loaded)| (content, Some(loaded)));
        Self {
            kind,
            owner,
            // Nothing is ever written here; a fixed actor keeps randomness out of the core.
            content: content.with_actor(ActorId::from([0; 16])),
            loaded,
            newest: Seq::ZERO,
            past: Vec::new(),
            past_heads: Vec::new(),
            touched: BTreeMap::new(),
            writing: BTreeMap::new(),
            nested: BTreeMap::new(),
            unplaced: BTreeSet::new(),
            insights: BTreeMap::new(),
            programme: Programme::default(),
            cells: Cells::default(),
            question: String::new(),
            stale: BTreeSet::new(),
            question_stale: kind == DocumentKind::Harvest,
            stop,
        }
    }

    /// Folds the document's part in a batch of events.
    pub(super) fn fold(&mut self, steps: &[Step<'_>]) -> Result<(), SnapshotMismatch> {
        let good = self.stop.as_ref().map_or(Seq(u64::MAX), |stop| stop.after);
        let steps = steps.iter().take_while(|step| step.event.seq <= good);
        let before = self.newest;
        let read = guarded(|| steps.map(|step| Ok((step, Content::read(step)?))).collect());
        let known = self.loaded.as_ref().map_or(Seq::ZERO, |(seq, _)| *seq);
        let steps: Vec<(&Step<'_>, Content)> = match read {
            Ok(steps) => steps,
            Err(why) => return self.stopped(before, why),
        };
        let mut fresh = Vec::new();
        let mut told = Vec::new();
        for (step, content) in steps {
            if step.event.seq > known {
                fresh.extend(content.changes);
            }
            told.push((step, content.first, content.made, content.decoded));
        }
        let content = &mut self.content;
        if let Err(why) = guarded(|| content.apply_changes(fresh).map_err(|e| e.to_string())) {
            return self.stopped(before, why);
        }
        for (step, first, made, decoded) in &told {
            self.note(step, *first, made);
            self.cells.note(step.event.seq, decoded);
            self.confirm_snapshot(step)?;
        }
        let last = told.last().map(|(step, ..)| *step);
        if self.newest >= known
            && let Err(why) = self.check_heads(last).and_then(|()| guarded(|| self.refresh()))
        {
            return self.stopped(before, why);
        }
        Ok(())
    }

    fn stopped(&mut self, after: Seq, why: String) -> Result<(), SnapshotMismatch> {
        self.stop = Some(Stop { after, why });
        Ok(())
    }

    /// What an event tells by itself: its contributions, and the items that it `made`.
    ///
    /// An item that was there already may be made again by somebody who did not know. That may
    /// contribute nothing, and yet it reads otherwise from then on.
    fn note(
        &mut self,
        step: &Step<'_>,
        first: Option<automerge::ChangeHash>,
        made: &BTreeSet<ItemId>,
    ) {
        let (seq, entry) = (step.event.seq, &step.event.entry);
        self.newest = seq;
        if step.heads.is_empty() {
            // The template: one change, whose hash is the only head there is.
            self.past_heads.extend(first);
        } else {
            self.past_heads.extend(step.heads.iter().map(|head| automerge::ChangeHash(head.0)));
        }
        self.past.push((seq, self.past_heads.len()));
        for item in made {
            self.touched.insert(*item, seq);
            if self.insights.contains_key(item) || self.programme.contains(*item) {
                self.stale.insert(*item);
            }
        }
        for contribution in step.contributions {
            if contribution.kind == Kind::QuestionEdited {
                self.question_stale = true;
            }
            let Some(item) = contribution.item else { continue };
            self.touched.insert(item, seq);
            if is_writing(contribution.kind) {
                self.writing.entry(item).or_default().note(seq, entry.at);
            }
            if nests(self.kind) && !self.nested.contains_key(&item) {
                self.unplaced.insert(item);
            }
            if tops(self.kind, contribution.kind).any(|(map, _)| map == INSIGHTS) {
                self.stale.insert(item);
                let insight = self.insights.entry(item).or_default();
                if contribution.kind == Kind::InsightAdded {
                    insight.added_by.get_or_insert((entry.by.participant, entry.by.role));
                }
                if contribution.kind == Kind::InsightAttributed {
                    insight.is_named_by_others |= insight.author() != entry.by.participant;
                }
            }
            if self.kind == DocumentKind::Programme {
                self.stale.insert(item);
            }
        }
    }

    fn confirm_snapshot(&self, step: &Step<'_>) -> Result<(), SnapshotMismatch> {
        match &self.loaded {
            Some((seq, heads)) if *seq == step.event.seq => {
                let recorded = self.heads_after(*seq).unwrap_or_default();
                let mut recorded: Vec<_> = recorded.iter().map(|head| ChangeHash(head.0)).collect();
                recorded.sort_unstable();
                let same = recorded == *heads;
                if same { Ok(()) } else { Err(SnapshotMismatch) }
            }
            // The event that it covers is not one of this document's.
            Some((seq, _)) if *seq < step.event.seq && self.heads_at_exactly(*seq).is_none() => {
                Err(SnapshotMismatch)
            }
            _ => Ok(()),
        }
    }

    /// The content must be what the accept path said that it would be.
    fn check_heads(&self, newest: Option<&Step<'_>>) -> Result<(), String> {
        let Some(step) = newest.filter(|step| !step.heads.is_empty()) else { return Ok(()) };
        let mut recorded = step.heads.to_vec();
        recorded.sort_unstable();
        if self.heads() == recorded {
            return Ok(());
        }
        Err("the materialised heads are not those that the event recorded".to_owned())
    }

    /// Reads again what the batch touched.
    fn refresh(&mut self) -> Result<(), String> {
        let reader = Reader::now(&self.content);
        if std::mem::take(&mut self.question_stale) {
            self.question = reader.root_text("question");
        }
        if !self.unplaced.is_empty() {
            let unplaced = std::mem::take(&mut self.unplaced);
            self.nested.extend(reader.nested(self.kind, unplaced));
        }
        for id in std::mem::take(&mut self.stale) {
            if self.kind == DocumentKind::Programme {
                self.programme.refresh(reader, id);
                continue;
            }
            let item = reader.item(&Home::insight(id)).unwrap_or_default();
            self.insights.entry(id).or_default().item = item;
        }
        Ok(())
    }

    pub(super) const fn newest(&self) -> Seq {
        self.newest
    }

    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    pub(super) const fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    pub(super) const fn insights(&self) -> &BTreeMap<ItemId, Insight> {
        &self.insights
    }

    /// Reads the document as it is now.
    pub(super) const fn reader(&self) -> Reader<'_> {
        Reader::now(&self.content)
    }

    pub(super) fn question(&self) -> &str {
        &self.question
    }

    pub(super) fn writing(&self, item: ItemId) -> Option<&Writing> {
        self.writing.get(&item)
    }

    pub(super) fn heads(&self) -> Vec<ChangeHash> {
        let mut heads: Vec<_> =
            self.content.get_heads().into_iter().map(|head| ChangeHash(head.0)).collect();
        heads.sort_unstable();
        heads
    }

    /// The heads right after the newest of the document's events up to `seq`.
    fn heads_after(&self, seq: Seq) -> Option<&[automerge::ChangeHash]> {
        let place = self.past.partition_point(|(past, _)| *past <= seq).checked_sub(1)?;
        let start = place.checked_sub(1).map_or(0, |before| self.past[before].1);
        Some(&self.past_heads[start..self.past[place].1])
    }

    fn heads_at_exactly(&self, seq: Seq) -> Option<usize> {
        self.past.binary_search_by_key(&seq, |(past, _)| *past).ok()
    }

    /// What a programme calls a block now; empty where it has none of that id.
    pub(super) fn block_title(&self, block: ItemId) -> String {
        programme::block_title(Reader::now(&self.content), block)
    }

    /// An item right after the event `seq`, to which it contributed this.
    pub(super) fn item_after(&self, kind: Kind, item: ItemId, seq: Seq) -> Option<Item> {
        let tops = tops(self.kind, kind).map(|(map, words)| Home::top(map, item, words));
        let homes = tops.chain(self.nested.get(&item).copied());
        homes.into_iter().find_map(|home| self.read_after(&home, item, seq))
    }

    fn read_after(&self, home: &Home, item: ItemId, seq: Seq) -> Option<Item> {
        let untouched_since = self.touched.get(&item).is_none_or(|touched| *touched <= seq);
        if untouched_since && home.is_insight() && !self.stale.contains(&item) {
            return self.insights.get(&item).map(|insight| insight.item.clone());
        }
        let heads = self.heads_after(seq)?;
        let reader = if untouched_since {
            Reader::now(&self.content)
        } else {
            Reader::at(&self.content, heads)
        };
        reader.item(home)
    }

    /// The learning question right after the event `seq`.
    pub(super) fn question_after(&self, seq: Seq) -> Option<String> {
        if seq >= self.newest && !self.question_stale {
            return Some(self.question.clone());
        }
        Some(Reader::at(&self.content, self.heads_after(seq)?).root_text("question"))
    }

    pub(super) fn copy(&self) -> Option<Copy> {
        // As below: what is ahead, or stopped, is no state of the log.
        let ahead = self.loaded.as_ref().is_some_and(|(seq, _)| *seq > self.newest);
        let is_good = !ahead && self.stop.is_none();
        is_good.then(|| Copy::new(self.kind, self.content.clone()))
    }

    pub(super) fn snapshot(&self, document: DocumentId) -> Option<Snapshot> {
        // Content that is ahead of the folded events, or that stopped, is no state of the log.
        let ahead = self.loaded.as_ref().is_some_and(|(seq, _)| *seq > self.newest);
        if ahead || self.stop.is_some() || self.newest == Seq::ZERO {
            return None;
        }
        let content = self.content.save();
        Some(Snapshot::new(document, self.newest, self.heads(), content))
    }
}
