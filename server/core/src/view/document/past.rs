//! Reading a document as it was: the nearest known state, and the cells that were touched since.
//!
//! Three states can be near: a keyframe before the moment, the live one after it, and the empty
//! one at the start. Only the cells that differ from it are read at the moment's heads, so that
//! a seek costs the same however long the history has become.

use std::borrow::Cow;
use std::collections::BTreeMap;

use oogst_protocol::ids::{ChangeHash, DocumentId, ItemId, Seq};
use oogst_protocol::schema::DocumentKind;
use serde_json::Value as Json;

use super::super::cells::Cell;
use super::super::item::{Home, INSIGHTS, Reader};
use super::super::json;
use super::super::keyframe::{Keyframe, Keyframes, Shown};
use super::super::programme::Programme;
use super::{DocumentView, Insight};

/// What walls show of a document at one moment.
#[derive(Default)]
pub(in super::super) struct Then<'v> {
    pub(in super::super) question: Cow<'v, str>,
    pub(in super::super) insights: Cow<'v, BTreeMap<ItemId, Insight>>,
    pub(in super::super) programme: Cow<'v, Programme>,
}

/// A state that is known, near to a moment.
enum Base {
    Keyframe(Keyframe),
    Live,
    Empty,
}

impl DocumentView {
    /// How many of its events were folded.
    pub(in super::super) fn events(&self) -> u64 {
        self.past.len() as u64
    }

    /// Whether its content is as automerge has it.
    pub(in super::super) fn is_awake(&self) -> bool {
        self.content.awake().is_some()
    }

    /// How many events the document may take before its next keyframe; at least one.
    pub(in super::super) fn until_keyframe(&self, keyframes: &dyn Keyframes) -> usize {
        let every = keyframes.every_events();
        usize::try_from(every - self.events() % every).unwrap_or(usize::MAX)
    }

    /// The document as it is now, where a keyframe of it is due and wanted.
    pub(in super::super) fn keyframe(
        &self,
        document: DocumentId,
        keyframes: &dyn Keyframes,
    ) -> Option<Keyframe> {
        let events = self.events();
        let is_due = events > 0 && events.is_multiple_of(keyframes.every_events());
        if !self.is_good() || !is_due || !keyframes.wants(document, events) {
            return None;
        }
        let now = Reader::now(self.content.read());
        let root = self.since_keyframe(document, now, keyframes);
        let root = root.unwrap_or_else(|| json::root(now));
        let place = (document, events, self.newest);
        Some(Keyframe::new(place, self.heads(), &root, &self.shown()))
    }

    /// The root object `now`, by the newest keyframe: to ask automerge for all of a document, every
    /// so many events, costs more than all else that a view does. `None` where there is none.
    fn since_keyframe(
        &self,
        document: DocumentId,
        now: Reader<'_>,
        keyframes: &dyn Keyframes,
    ) -> Option<Json> {
        let last = keyframes.nearest(document, self.events())?;
        if last.document() != document || !self.fits(&last) {
            return None;
        }
        let mut root = last.root()?;
        for cell in self.cells.between(last.seq(), self.newest) {
            json::refresh(&mut root, now, &cell.top, cell.key.as_deref());
        }
        Some(root)
    }

    /// The root object right after `seq`; `None` before the document was opened.
    pub(in super::super) fn json(
        &self,
        document: DocumentId,
        seq: Seq,
        keyframes: &dyn Keyframes,
    ) -> Option<Json> {
        let heads = self.heads_after(seq)?;
        let now = Reader::now(self.content.read());
        if seq >= self.newest {
            return Some(json::root(now));
        }
        let reader = Reader::at(self.content.read(), heads);
        let (known, from, to) = match self.base(document, seq, keyframes) {
            Base::Keyframe(keyframe) => (keyframe.root(), keyframe.seq(), seq),
            Base::Live => (Some(json::root(now)), seq, self.newest),
            Base::Empty => (None, Seq::ZERO, seq),
        };
        let Some(mut root) = known else { return Some(json::root(reader)) };
        for cell in self.cells.between(from, to) {
            json::refresh(&mut root, reader, &cell.top, cell.key.as_deref());
        }
        Some(root)
    }

    /// The root object right after `seq` with all that was made at once under one key; `None`
    /// before the document was opened.
    pub(in super::super) fn united(&self, seq: Seq) -> Option<Json> {
        let heads = self.heads_after(seq)?;
        let is_now = seq >= self.newest;
        let reader = if is_now {
            Reader::now(self.content.read())
        } else {
            Reader::at(self.content.read(), heads)
        };
        Some(json::united(reader))
    }

    /// What walls show of the document right after `seq`; `None` before it was opened.
    pub(in super::super) fn then(
        &self,
        document: DocumentId,
        seq: Seq,
        keyframes: &dyn Keyframes,
    ) -> Option<Then<'_>> {
        let heads = self.heads_after(seq)?;
        if seq >= self.newest {
            return Some(Then {
                question: Cow::Borrowed(&self.question),
                insights: Cow::Borrowed(&self.insights),
                programme: Cow::Borrowed(&self.programme),
            });
        }
        let (known, from, to) = match self.base(document, seq, keyframes) {
            Base::Keyframe(keyframe) => (keyframe.shown(), keyframe.seq(), seq),
            Base::Live => (Some(self.shown()), seq, self.newest),
            Base::Empty => (None, Seq::ZERO, seq),
        };
        // One that is damaged is as good as none: then all is read that was touched until then.
        let from = if known.is_some() { from } else { Seq::ZERO };
        let mut shown = known.unwrap_or_default();
        let reader = Reader::at(self.content.read(), heads);
        for cell in self.cells.between(from, to) {
            shown.refresh(self.kind, reader, cell);
        }
        let insights = shown.insights.into_iter().filter_map(|(id, item)| {
            let known = self.insights.get(&id)?;
            let (added_by, is_named_by_others) = (known.added_by, known.is_named_by_others);
            Some((id, Insight { item, added_by, is_named_by_others }))
        });
        Some(Then {
            question: Cow::Owned(shown.question),
            insights: Cow::Owned(insights.collect()),
            programme: Cow::Owned(shown.programme),
        })
    }

    fn shown(&self) -> Shown {
        let insights = self.insights.iter().map(|(id, insight)| (*id, insight.item.clone()));
        Shown {
            question: self.question.clone(),
            insights: insights.collect(),
            programme: self.programme.clone(),
        }
    }

    /// The nearest state that is known, by how much was touched in between.
    fn base(&self, document: DocumentId, seq: Seq, keyframes: &dyn Keyframes) -> Base {
        let events = self.past.partition_point(|(past, _)| *past <= seq) as u64;
        let since = self.cells.distance(Seq::ZERO, seq);
        let until = self.cells.distance(seq, self.newest);
        let last = events - events % keyframes.every_events();
        if until <= self.cells.distance(self.seq_of(last), seq) {
            return Base::Live;
        }
        let kept = keyframes.nearest(document, events);
        let kept = kept.filter(|keyframe| keyframe.document() == document && keyframe.seq() <= seq);
        match kept.filter(|keyframe| self.fits(keyframe)) {
            Some(keyframe) if self.cells.distance(keyframe.seq(), seq) < until => {
                Base::Keyframe(keyframe)
            }
            _ if since < until => Base::Empty,
            _ => Base::Live,
        }
    }

    /// The seq of the last of so many of the document's events.
    fn seq_of(&self, events: u64) -> Seq {
        let place = events.checked_sub(1);
        let place = place.and_then(|place| usize::try_from(place).ok());
        place.and_then(|place| self.past.get(place)).map_or(Seq::ZERO, |(seq, _)| *seq)
    }

    /// Whether the log confirms it.
    fn fits(&self, keyframe: &Keyframe) -> bool {
        let recorded = self.heads_after(keyframe.seq()).unwrap_or_default();
        let mut recorded: Vec<_> = recorded.iter().map(|head| ChangeHash(head.0)).collect();
        recorded.sort_unstable();
        self.seq_of(keyframe.events()) == keyframe.seq() && recorded == keyframe.heads()
    }
}

impl Shown {
    /// Reads a cell again.
    fn refresh(&mut self, kind: DocumentKind, reader: Reader<'_>, cell: &Cell) {
        let Some(key) = &cell.key else {
            if kind == DocumentKind::Harvest && cell.top == "question" {
                self.question = reader.root_text("question");
            }
            return;
        };
        let Ok(id) = key.parse() else { return };
        if kind == DocumentKind::Harvest && cell.top == INSIGHTS {
            match reader.item(&Home::insight(id)) {
                Some(item) => drop(self.insights.insert(id, item)),
                None => drop(self.insights.remove(&id)),
            }
        }
        if kind == DocumentKind::Programme {
            self.programme.refresh(reader, id);
        }
    }
}
