//! One document, materialised behind the log.
//!
//! All changes of a batch go in with one call: automerge's cost is by the call, not by the
//! change. Of a harvest the live insights are kept as read, and only those that an event touched
//! are read again.
//!
//! Invariant: a document whose changes can't be materialised stops, alone, with its last good
//! state to be rebuilt from the log by whoever owns the view; see [`Stop`].

mod insight;
mod past;

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ExpandedChange, ReadDoc};
use oogst_protocol::contribution::Kind;
use oogst_protocol::event::Owner;
use oogst_protocol::ids::{ChangeHash, DocumentId, ItemId, Seq};
use oogst_protocol::schema::DocumentKind;

use super::Step;
use super::body::Body;
use super::cells::Cells;
use super::content::{Content, guarded};
use super::item::{Home, INSIGHTS, Item, Reader, nests, tops};
use super::programme::{self, Programme};
use super::revert::Copy;
use super::settled::{Writing, is_writing};
use super::snapshot::Snapshot;

pub(super) use self::insight::Insight;

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

pub(super) struct DocumentView {
    kind: DocumentKind,
    owner: Owner,
    content: Body,
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
            let content = Body::loaded(snapshot.content().clone(), content);
            Some((content, (snapshot.seq(), snapshot.heads().to_vec())))
        });
        let (content, loaded) =
            restored.map_or((Body::empty(), None), |(content, loaded)| (content, Some(loaded)));
        Self {
            kind,
            owner,
            content,
            loaded,
            newest: Seq::ZERO,
            // Most documents only ever have their template.
            past: Vec::with_capacity(1),
            past_heads: Vec::with_capacity(1),
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
        if !fresh.is_empty() {
            let content = &mut self.content;
            let apply = || content.write().apply_changes(fresh).map_err(|e| e.to_string());
            if let Err(why) = guarded(apply) {
                return self.stopped(before, why);
            }
        }
        for (step, first, made, decoded) in &told {
            self.note_cells(step.event.seq, decoded);
            self.note(step, *first, made);
            self.confirm_snapshot(step)?;
        }
        let last = told.last().map(|(step, ..)| *step);
        if self.newest >= known
            && let Err(why) = self.check_heads(last).and_then(|()| guarded(|| self.refresh()))
        {
            return self.stopped(before, why);
        }
        if self.is_new() && self.is_good() {
            self.content.sleep();
        }
        Ok(())
    }

    /// Whether it only has its template.
    const fn is_new(&self) -> bool {
        self.past.len() <= 1
    }

    /// Whether the content is that of the newest event folded. Content that is ahead of these
    /// events, or that stopped, is no state of the log.
    pub(super) fn is_good(&self) -> bool {
        let ahead = self.loaded.as_ref().is_some_and(|(seq, _)| *seq > self.newest);
        !ahead && self.stop.is_none() && self.newest > Seq::ZERO
    }

    /// Lets the content sleep, unless somebody used it since this was last asked for. True where
    /// that was work.
    pub(super) fn rest(&mut self) -> bool {
        let was_awake = self.is_awake();
        if was_awake && self.is_good() {
            self.content.rest();
        }
        was_awake && !self.is_awake()
    }

    /// What an event touches. Of the template that is told once something follows it: until then
    /// there is no past to be read, and it takes more memory than all else of a new document.
    fn note_cells(&mut self, seq: Seq, changes: &[ExpandedChange]) {
        if self.past.is_empty() {
            return;
        }
        if self.is_new()
            && let Some((template, _)) = self.past.first()
            && let Some(first) = self.past_heads.first()
        {
            let change = self.content.read().get_change_by_hash(first);
            let decoded = change.map(|change| change.decode());
            self.cells.note(*template, decoded.as_slice());
        }
        self.cells.note(seq, changes);
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
        let reader = Reader::now(self.content.read());
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
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader::now(self.content.read())
    }

    pub(super) fn question(&self) -> &str {
        &self.question
    }

    pub(super) fn writing(&self, item: ItemId) -> Option<&Writing> {
        self.writing.get(&item)
    }

    pub(super) fn heads(&self) -> Vec<ChangeHash> {
        // What sleeps has the heads that the newest event recorded, or it would not sleep.
        let heads = match self.content.awake() {
            Some(awake) => awake.get_heads(),
            None => self.heads_after(self.newest).unwrap_or_default().to_vec(),
        };
        let mut heads: Vec<_> = heads.into_iter().map(|head| ChangeHash(head.0)).collect();
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
        programme::block_title(Reader::now(self.content.read()), block)
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
            Reader::now(self.content.read())
        } else {
            Reader::at(self.content.read(), heads)
        };
        reader.item(home)
    }

    /// The learning question right after the event `seq`.
    pub(super) fn question_after(&self, seq: Seq) -> Option<String> {
        if seq >= self.newest && !self.question_stale {
            return Some(self.question.clone());
        }
        Some(Reader::at(self.content.read(), self.heads_after(seq)?).root_text("question"))
    }

    pub(super) fn copy(&self) -> Option<Copy> {
        self.is_good().then(|| Copy::new(self.kind, self.content.read().clone()))
    }

    pub(super) fn snapshot(&self, document: DocumentId) -> Option<Snapshot> {
        let content = self.is_good().then(|| self.content.saved())?;
        Some(Snapshot::new(document, self.newest, self.heads(), content))
    }
}
