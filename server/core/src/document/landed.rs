//! What became durable in a document, and what there is to tell of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use oogst_protocol::event::{Act, Event};
use oogst_protocol::ids::ChangeHash;

use super::{Content, Document, replay};
use crate::port::{ConnectionId, Ticket};
use crate::sync;

/// Changes that became durable, and who brought all of them.
#[derive(Debug)]
pub(crate) struct Landed {
    hashes: Vec<ChangeHash>,
    bringers: BTreeSet<ConnectionId>,
    bytes: usize,
}

impl Landed {
    /// How many bytes the changes have.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }
}

impl Document {
    /// Takes an event with changes that is in the log and synced: the flight of this ticket, or
    /// what another server wrote. Gives what there is to tell of it, see [`Document::news`].
    ///
    /// # Panics
    ///
    /// Where the log reports in another order than it was given: our fault.
    pub(crate) fn land(&mut self, ticket: Option<Ticket>, event: &Arc<Event>) -> Option<Landed> {
        let (hashes, bringers) = match (ticket, &mut self.content) {
            (Some(ticket), content) => {
                let flight = self.flights.pop_front().expect("what is recorded was on its way");
                assert_eq!(flight.ticket, ticket, "the log reports in the order of appends");
                content.live().mark_durable(&flight.hashes);
                (flight.hashes, flight.bringers)
            }
            (None, Content::Live(accepted)) => (replay(accepted, event), BTreeSet::new()),
            (None, Content::Cold(events)) => {
                events.push(Arc::clone(event));
                return None;
            }
        };
        let Act::Changed { changes, .. } = &event.entry.act else { return None };
        let bytes = changes.iter().map(|change| change.0.len()).sum();
        (!self.peers.is_empty()).then_some(Landed { hashes, bringers, bytes })
    }

    /// What to say of what landed, in the order of the log: messages, and whom each is for. All
    /// who brought none of it get one and the same; who brought some gets what others did.
    pub(crate) fn news(&self, landed: &[Landed]) -> Vec<(Vec<u8>, Vec<ConnectionId>)> {
        let Content::Live(accepted) = &self.content else { return Vec::new() };
        let graph = accepted.graph();
        let heads = graph.durable_heads();
        let message = |of: &dyn Fn(&Landed) -> bool| {
            let hashes = landed.iter().filter(|landed| of(landed)).flat_map(|l| &l.hashes);
            let changes: Vec<_> = hashes.filter_map(|hash| graph.bytes(hash)).collect();
            sync::encode(&heads, &[], &changes)
        };
        let bringers: BTreeSet<_> = landed.iter().flat_map(|l| &l.bringers).copied().collect();
        let (bringers, others): (Vec<_>, Vec<_>) =
            self.listeners().partition(|listener| bringers.contains(listener));
        let mut news = Vec::with_capacity(bringers.len() + 1);
        for bringer in bringers {
            let told = message(&|landed| !landed.bringers.contains(&bringer));
            news.push((told, vec![bringer]));
        }
        if !others.is_empty() {
            news.push((message(&|_| true), others));
        }
        news
    }
}
