//! Another server of the same log.
//!
//! The log's order holds what it appended, and our hub hears of it without having asked. It knows
//! what is in the log and nothing else. An event names the heads that its server then had, so two
//! servers that write in one document at the same time are no part of this: here the other one
//! writes while nothing of ours is on its way.

use automerge::{ActorId, Automerge, Change};
use oogst_core::accept::{Accepted, Author};
use oogst_core::change::decode;
use oogst_core::port::Input;
use oogst_core::rights::Access;
use oogst_protocol::event::{Act, Entry};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::time::Timestamp;

use super::World;
use super::edit::edit;

impl World {
    /// The facilitator edits a document on the other server, where they may and nothing of ours is
    /// on its way. Gives whether they did.
    pub fn edit_elsewhere(&mut self, document: DocumentId) -> bool {
        let (who, fold) = (self.facilitator, &self.replay.fold);
        let writes = fold.access(who, document) == Access::Write;
        let Some(by) = fold.by(who).filter(|_| writes && self.is_landed()) else { return false };
        let changes = self.disk.changes_of(document);
        let (first, rest) = changes.split_first().unwrap();
        let mut accepted = Accepted::open(fold.kind(document).unwrap(), first).unwrap();
        accepted.replay(rest.iter().map(|change| decode(&change.0).unwrap()).collect(), None);
        let actor = [b"elsewhere".as_slice(), &self.now.to_be_bytes()].concat();
        let mut copy = Automerge::new().with_actor(ActorId::from(actor));
        let known = changes.iter().map(|change| Change::from_bytes(change.0.to_vec()).unwrap());
        copy.apply_changes(known).unwrap();
        if edit(&mut copy, who, &mut self.dice).is_none() {
            return false;
        }
        let change = copy.get_last_local_change().unwrap().raw_bytes().to_vec();
        let author = Author { participant: who, role: by.role, members: &|_| true };
        let admitted = accepted.admit(vec![decode(&change.into()).unwrap()], &author, 0).unwrap();
        let (changes, heads) = (admitted.changes, admitted.heads);
        let contributions = admitted.contributions;
        let act = Act::Changed { document, changes, contributions, heads };
        self.append_elsewhere(Entry { at: Timestamp::from_milliseconds(self.now), by, act });
        true
    }

    /// The other server appends an event, and ours hears of it.
    pub fn append_elsewhere(&mut self, entry: Entry) {
        let followed = self.disk.append_elsewhere(entry);
        self.input(Input::Recorded(vec![followed]));
    }

    /// Whether the log has all that our hub appended, and our hub has heard of it.
    fn is_landed(&self) -> bool {
        self.disk.pending() == 0 && self.reports.is_empty()
    }
}
