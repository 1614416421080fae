//! What one participant holds of a document, and what there is to say of it: automerge's sync
//! protocol on the graph of changes alone. No IO, so that a test can hold it against automerge.
//!
//! It says what automerge's own `generate_sync_message` would say, in every case that a server in
//! step can bring about: each message that moved the heads or found others at the server is
//! answered, with a filter of what the server is not known to have.

use automerge::ChangeHash;
use automerge::sync::{BloomFilter, ChunkList, Have, Message, MessageVersion};

use super::LoadError;
use super::history::{History, Place, Places};

/// One participant's copy.
#[derive(Debug, Default)]
pub(super) struct Replica {
    known: Places,
    /// What the server has named in its heads, and all before it: saved, if it is an Oogst server.
    served: Places,
    heads: Vec<Place>,
    max_op: u64,
    /// Changes of ours that the server has not named yet.
    unsaved: Vec<Place>,
    /// Where both sides agreed last.
    agreed: Vec<Place>,
    /// Came before what they build on.
    waiting: Vec<Place>,
    /// Heads of the server and what waiting changes build on, that nobody brought.
    missing: Vec<ChangeHash>,
    asked: Vec<ChangeHash>,
    /// What the server asked for by name.
    wanted: Vec<Place>,
    /// Our heads as the server heard them last.
    spoken: Option<Vec<Place>>,
    /// Whether something came since we spoke, that automerge would answer.
    owes: bool,
}

/// What a message brought.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// Changes that were new here, in causal order.
    pub(super) fresh: Vec<Place>,
    /// Changes of ours that the server has named now.
    pub(super) saved: Vec<Place>,
}

impl Replica {
    /// Whether anything of the document is here.
    pub(super) fn is_here(&self) -> bool {
        !self.heads.is_empty() && self.missing.is_empty()
    }

    pub(super) fn heads(&self) -> &[Place] {
        &self.heads
    }

    /// The number of the next operation.
    pub(super) fn next_op(&self) -> u64 {
        self.max_op + 1
    }

    /// How many changes of ours the server has not named yet.
    pub(super) fn unsaved(&self) -> usize {
        self.unsaved.len()
    }

    /// How many changes are here.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// Begins a line: nothing was said over it yet.
    pub(super) fn begin(&mut self) {
        self.spoken = None;
        self.asked.clear();
        self.wanted.clear();
        self.owes = true;
    }

    /// Takes in a change that was made here, on top of all that is here.
    pub(super) fn make(&mut self, history: &History, place: Place) {
        self.enter(history, place);
        self.unsaved.push(place);
        self.owes = true;
    }

    /// Takes in what the server says.
    ///
    /// # Errors
    ///
    /// [`LoadError::Content`]: it is no sync message, or brings what is no change.
    pub(super) fn hear(
        &mut self,
        history: &mut History,
        data: &[u8],
    ) -> Result<Brought, LoadError> {
        let message = Message::decode(data).map_err(|e| LoadError::Content(e.to_string()))?;
        let mut brought = Brought::default();
        for chunk in message.changes.iter() {
            let place = history.take(chunk)?;
            if !self.known.contains(place) {
                self.waiting.push(place);
            }
        }
        self.settle(history, &mut brought.fresh);
        let heads: Result<Vec<Place>, LoadError> =
            message.heads.iter().map(|head| history.place_of(*head)).collect();
        let heads = heads?;
        self.missing.clear();
        for (head, hash) in heads.iter().zip(&message.heads) {
            if !self.known.contains(*head) && !self.waiting.contains(head) {
                self.missing.push(*hash);
            }
        }
        self.want_for_waiting(history);
        for head in &heads {
            self.served_up_to(history, *head);
        }
        self.unsaved.retain(|place| {
            let is_saved = self.served.contains(*place);
            brought.saved.extend(is_saved.then_some(*place));
            !is_saved
        });
        if heads.iter().all(|head| self.known.contains(*head)) {
            self.agreed.clone_from(&heads);
        }
        for hash in &message.need {
            let place = history.place_of(*hash)?;
            self.wanted.extend(self.known.contains(place).then_some(place));
        }
        let same = |a: &[Place], b: &[Place]| a.len() == b.len() && a.iter().all(|p| b.contains(p));
        self.owes |= !same(&heads, &self.heads)
            || self.spoken.as_deref().is_none_or(|spoken| !same(spoken, &self.heads))
            || !self.wanted.is_empty();
        Ok(brought)
    }

    /// What there is to say, if anything: `news` are changes of ours that go out now.
    pub(super) fn speak(&mut self, history: &History, news: &[Place]) -> Option<Vec<u8>> {
        let asks = self.missing != self.asked && !self.missing.is_empty();
        if !std::mem::take(&mut self.owes) && !asks && news.is_empty() {
            return None;
        }
        self.asked.clone_from(&self.missing);
        let mut bring = std::mem::take(&mut self.wanted);
        bring.extend(news.iter().filter(|place| !bring.contains(place)).collect::<Vec<_>>());
        let changes = bring.iter().filter_map(|place| history.get(*place));
        let changes: Vec<Vec<u8>> = changes.map(|made| made.bytes.to_vec()).collect();
        let bloom = BloomFilter::from_hashes(history.hashes(&self.unsaved).iter());
        let message = Message {
            heads: history.hashes(&self.heads),
            need: self.missing.clone(),
            have: vec![Have { last_sync: history.hashes(&self.agreed), bloom }],
            changes: ChunkList::from(changes),
            flags: None,
            version: MessageVersion::V1,
        };
        self.spoken = Some(self.heads.clone());
        Some(message.encode())
    }

    /// Lets in what waits and can enter.
    fn settle(&mut self, history: &History, fresh: &mut Vec<Place>) {
        loop {
            let before = self.waiting.len();
            for place in std::mem::take(&mut self.waiting) {
                let made = history.get(place);
                let ready =
                    made.is_some_and(|m| m.deps.iter().all(|dep| self.known.contains(*dep)));
                if self.known.contains(place) {
                    continue;
                }
                if ready {
                    self.enter(history, place);
                    fresh.push(place);
                } else {
                    self.waiting.push(place);
                }
            }
            if self.waiting.is_empty() || self.waiting.len() == before {
                return;
            }
        }
    }

    fn enter(&mut self, history: &History, place: Place) {
        let Some(made) = history.get(place) else { return };
        if self.known.insert(place) {
            self.heads.retain(|head| !made.deps.contains(head));
            self.heads.push(place);
            self.max_op = self.max_op.max(made.max_op);
        }
    }

    fn want_for_waiting(&mut self, history: &History) {
        for place in &self.waiting {
            let deps = history.get(*place).map_or(&[][..], |made| &made.deps);
            let lacking = deps.iter().filter(|dep| !self.known.contains(**dep));
            let lacking = lacking.filter(|dep| !self.waiting.contains(dep));
            self.missing.extend(lacking.map(|dep| history.hash(*dep)));
        }
        self.missing.sort_unstable();
        self.missing.dedup();
    }

    /// Each change is walked over once in its life.
    fn served_up_to(&mut self, history: &History, head: Place) {
        let mut walk = vec![head];
        while let Some(place) = walk.pop() {
            if let Some(made) = history.get(place).filter(|_| self.served.insert(place)) {
                walk.extend(made.deps.iter().filter(|dep| !self.served.contains(**dep)));
            }
        }
    }
}
