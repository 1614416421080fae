//! The simulated disk under one gathering's log: what is not synced is lost in a crash.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use automerge::Change;
use oogst_core::port::{Input, Ticket};
use oogst_protocol::event::{Act, ChangeBytes, Entry, Event};
use oogst_protocol::ids::{ChangeHash, DocumentId, GatheringId, Seq};

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
}

impl Disk {
    /// An empty log.
    #[must_use]
    pub fn new(gathering: GatheringId) -> Self {
        let (records, events, queue) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { gathering, records, events, queue, changes: HashMap::new() }
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

    /// Makes the first `count` appends durable, in one group; what to tell the hub of it.
    pub fn sync(&mut self, count: usize) -> Vec<Input> {
        let count = count.min(self.queue.len());
        let synced: Vec<_> = self.queue.drain(..count).collect();
        let report = |(ticket, entries): (Ticket, Vec<Entry>)| {
            let events = entries.into_iter().map(|entry| self.record(entry)).collect();
            Input::Recorded { ticket: Some(ticket), events }
        };
        synced.into_iter().map(report).collect()
    }

    fn record(&mut self, entry: Entry) -> Arc<Event> {
        let seq = Seq(self.events.len() as u64 + 1);
        let event = Arc::new(Event { gathering: self.gathering, seq, entry });
        if let Act::Changed { document, changes, .. } = &event.entry.act {
            self.note(*document, changes);
        } else if let Act::DocumentOpened { document, template, .. } = &event.entry.act {
            self.note(*document, std::slice::from_ref(template));
        }
        self.records.push(event.encode());
        self.events.push(Arc::clone(&event));
        event
    }

    /// Each change once: the same one twice would break law 4.
    fn note(&mut self, document: DocumentId, changes: &[ChangeBytes]) {
        let known = self.changes.entry(document).or_default();
        for change in changes {
            let hash = Change::from_bytes(change.0.to_vec()).unwrap().hash();
            assert!(known.insert(ChangeHash(hash.0)), "change {hash} is in the log twice");
        }
    }

    /// Loses what is not durable.
    pub fn crash(&mut self) {
        self.queue.clear();
    }

    /// The durable events, read back from their records.
    #[must_use]
    pub fn reload(&self) -> Vec<Arc<Event>> {
        let decoded = self.records.iter().map(|record| Arc::new(Event::decode(record).unwrap()));
        decoded.collect()
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
