//! The simulated disk under one gathering's log: what is not written is lost in a crash.
//!
//! One write is one append: all of its events or none, as the log promises the hub. A sync writes
//! several, one after the other, and only then does the hub hear of the first of them. The disk
//! can be cut before and after each write, so also in the middle of a sync: what was written
//! before stays, and nobody hears of it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::slice;
use std::sync::Arc;

use automerge::Change;
use oogst_core::port::{Recorded, Ticket};
use oogst_protocol::event::{Act, ChangeBytes, Entry, Event};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, Seq};

/// Where the disk is cut, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before this write, counted from 1.
    Before(usize),
    /// After it, before anybody hears of it.
    After(usize),
}

/// A log that takes appends at once and makes them durable when it is told to.
#[derive(Debug)]
pub struct Disk {
    gathering: GatheringId,
    /// What a crash leaves: records as the real log has them.
    records: Vec<Vec<u8>>,
    /// The same, decoded.
    events: Vec<Arc<Event>>,
    /// Handed over, not durable.
    queue: VecDeque<(Ticket, Vec<Entry>)>,
    /// Every change that is durable, by its document.
    changes: HashMap<DocumentId, HashSet<ChangeHash>>,
    watching: bool,
    writes: usize,
    cut: Option<Cut>,
    was_cut: bool,
}

impl Disk {
    /// An empty log.
    #[must_use]
    pub fn new(gathering: GatheringId) -> Self {
        Self {
            gathering,
            records: Vec::new(),
            events: Vec::new(),
            queue: VecDeque::new(),
            changes: HashMap::new(),
            watching: false,
            writes: 0,
            cut: None,
            was_cut: false,
        }
    }

    /// Counts the writes from now on, and cuts the disk at one of them where `cut` says so.
    pub fn watch(&mut self, cut: Option<Cut>) {
        (self.watching, self.writes, self.cut) = (true, 0, cut);
    }

    /// The writes from now on do not count.
    pub fn watch_no_more(&mut self) {
        self.watching = false;
    }

    /// How many writes counted.
    #[must_use]
    pub const fn writes(&self) -> usize {
        self.writes
    }

    /// Whether the disk was cut.
    #[must_use]
    pub const fn was_cut(&self) -> bool {
        self.was_cut
    }

    /// Takes an append.
    pub fn append(&mut self, ticket: Ticket, entries: Vec<Entry>) {
        assert!(!entries.is_empty(), "an append has entries");
        self.queue.push_back((ticket, entries));
    }

    /// How many appends are not durable yet.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.queue.len()
    }

    /// Writes the first `count` appends and syncs; what to tell the hub of it. `None` where the
    /// disk was cut meanwhile.
    pub fn sync(&mut self, count: usize) -> Option<Vec<Recorded>> {
        let mut reports = Vec::new();
        for _ in 0..count.min(self.queue.len()) {
            self.writes += usize::from(self.watching);
            if self.is_cut(Cut::Before(self.writes)) {
                return None;
            }
            let (ticket, entries) = self.queue.pop_front()?;
            let events = entries.into_iter().map(|entry| self.record(entry)).collect();
            reports.push(Recorded { ticket: Some(ticket), events });
            if self.is_cut(Cut::After(self.writes)) {
                return None;
            }
        }
        Some(reports)
    }

    /// Writes what another server appended, and syncs; what to tell the hub of it.
    pub fn append_elsewhere(&mut self, entry: Entry) -> Recorded {
        assert!(self.queue.is_empty(), "what is on its way would come after it");
        Recorded { ticket: None, events: vec![self.record(entry)] }
    }

    fn is_cut(&mut self, here: Cut) -> bool {
        let cut = self.watching && self.cut == Some(here);
        self.was_cut |= cut;
        cut
    }

    fn record(&mut self, entry: Entry) -> Arc<Event> {
        let seq = Seq(self.events.len() as u64 + 1);
        let event = Arc::new(Event { gathering: self.gathering, seq, entry });
        self.note(&event);
        self.records.push(event.encode());
        self.events.push(Arc::clone(&event));
        event
    }

    /// Each change once: the same one twice would break law 4.
    fn note(&mut self, event: &Event) {
        let Some((document, changes)) = changes(event) else { return };
        let known = self.changes.entry(document).or_default();
        for change in changes {
            let hash = Change::from_bytes(change.0.to_vec()).unwrap().hash();
            assert!(known.insert(ChangeHash(hash.0)), "change {hash} is in the log twice");
        }
    }

    /// Loses what is not written, and reads the rest again from its records.
    pub fn crash(&mut self) {
        self.queue.clear();
        self.changes.clear();
        self.events = self.reload();
        let events = self.events.clone();
        events.iter().for_each(|event| self.note(event));
    }

    /// The durable events, read back from their records: 1, 2, 3, and so on.
    #[must_use]
    pub fn reload(&self) -> Vec<Arc<Event>> {
        let events: Vec<_> =
            self.records.iter().map(|record| Arc::new(Event::decode(record).unwrap())).collect();
        for (event, seq) in events.iter().zip(1..) {
            assert_eq!(event.seq, Seq(seq), "the log has a gap");
        }
        events
    }

    /// The records of the durable events, as the real log has them.
    #[must_use]
    pub fn records(&self) -> &[Vec<u8>] {
        &self.records
    }

    /// The changes of a document, its template first.
    #[must_use]
    pub fn changes_of(&self, wanted: DocumentId) -> Vec<ChangeBytes> {
        let changes = self.events.iter().filter_map(|event| changes(event));
        let changes = changes.filter(|(document, _)| *document == wanted);
        changes.flat_map(|(_, changes)| changes.to_vec()).collect()
    }

    /// The durable events.
    #[must_use]
    pub fn events(&self) -> &[Arc<Event>] {
        &self.events
    }

    /// Whether a change of a document is durable.
    #[must_use]
    pub fn holds(&self, document: DocumentId, hash: &ChangeHash) -> bool {
        self.changes.get(&document).is_some_and(|changes| changes.contains(hash))
    }
}

/// What an event adds to which document.
fn changes(event: &Event) -> Option<(DocumentId, &[ChangeBytes])> {
    if let Act::Changed { document, changes, .. } = &event.entry.act {
        Some((*document, changes))
    } else if let Act::DocumentOpened { document, template, .. } = &event.entry.act {
        Some((*document, slice::from_ref(template)))
    } else {
        None
    }
}
