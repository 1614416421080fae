//! One document's accept path: whether changes may enter, and what they contribute.
//!
//! Invariant: *every accepted set of changes applies in automerge without error or panic, in each
//! causal order, and what it saves loads again under the graph's heads*. Automerge takes on trust
//! what is checked here. No automerge document is ever built for it: the change graph and the
//! shape table are enough, so an edit costs its own operations, whatever the history.
//!
//! Way in: [`template`] makes a document's first change, [`Accepted::open`] takes it,
//! [`Accepted::admit`] judges what clients bring, [`Accepted::replay`] takes what the log holds.
//!
//! Not here: decoding (`change`), waiting for missing dependencies and speaking to peers
//! (`document`), who may write in which document (`rights`).

use oogst_protocol::contribution::Contribution;
use oogst_protocol::event::{ChangeBytes, Role};
use oogst_protocol::ids::{ChangeHash, ParticipantId};
use oogst_protocol::limits::CHANGE_OPERATIONS_MAX;
use oogst_protocol::schema::DocumentKind;

use crate::change::{Change, decode};
use crate::graph::Graph;
use crate::shape::{Id, Table};

mod budget;
mod fault;
mod gather;
mod judge;
mod past;
mod record;
mod template;

pub use fault::Fault;
pub use template::template;

use budget::{Budgets, check_heads};
use gather::{Gather, Gathered};
use judge::Judge;
use past::{Past, Pasts, Steps};
pub(crate) use record::units;
use record::{Numbers, record};

/// How far above everything known a change may start because of changes that wait for their
/// dependencies: those are not checked yet, so they do not vouch for more than a few of them.
const WAITING_OPERATIONS_MAX: u64 = 4 * CHANGE_OPERATIONS_MAX as u64;

/// Who brings changes: the authenticated connection's participant.
#[derive(Clone, Copy)]
pub struct Author<'a> {
    /// The participant.
    pub participant: ParticipantId,
    /// Its role now.
    pub role: Role,
    /// Whether somebody belongs to the gathering.
    pub members: &'a dyn Fn(ParticipantId) -> bool,
}

/// In whose name changes come, and whether we made them ourselves, of what stood there before.
#[derive(Clone, Copy)]
struct Hand<'a> {
    author: &'a Author<'a>,
    restores: bool,
}

/// What was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The changes, in causal order.
    pub changes: Vec<ChangeBytes>,
    /// Their hashes, in the same order.
    pub hashes: Vec<ChangeHash>,
    /// What they mean.
    pub contributions: Vec<Contribution>,
    /// Whom they let into the document's room (true) or out of it, each person once.
    pub room: Vec<(ParticipantId, bool)>,
    /// The accepted heads after them, ascending.
    pub heads: Vec<ChangeHash>,
}

/// The graph and the shape table of one document.
#[derive(Debug)]
pub struct Accepted {
    kind: DocumentKind,
    graph: Graph,
    table: Table,
    pasts: Pasts,
    budgets: Budgets,
}

impl Accepted {
    /// Opens a document with its template, which is durable from the start and nobody's.
    ///
    /// # Errors
    ///
    /// [`Fault`] where `template` is no change: the log's or our fault.
    pub fn open(kind: DocumentKind, template: &ChangeBytes) -> Result<Self, Fault> {
        let change = decode(&template.0)?;
        let (graph, table) = (Graph::default(), Table::new(kind));
        let (pasts, budgets) = (Pasts::default(), Budgets::default());
        let mut accepted = Self { kind, graph, table, pasts, budgets };
        accepted.replay(vec![change], None);
        Ok(accepted)
    }

    /// What kind of document it is.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The change graph.
    #[must_use]
    pub const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Notes that changes are in the log and synced.
    pub fn mark_durable(&mut self, hashes: &[ChangeHash]) {
        self.graph.mark_durable(hashes);
    }

    /// Lets changes in, all or none: on an error nothing has changed.
    ///
    /// They come decoded, unknown to the graph, in causal order, and every dependency is in the
    /// graph or earlier among them. `waiting_max_op` is the highest operation counter of the
    /// changes that still wait for a dependency, 0 where none does.
    ///
    /// # Errors
    ///
    /// [`Fault`]: the peer's fault.
    pub fn admit(
        &mut self,
        changes: Vec<Change>,
        author: &Author<'_>,
        waiting_max_op: u64,
    ) -> Result<Admitted, Fault> {
        self.admit_by(changes, &Hand { author, restores: false }, waiting_max_op)
    }

    /// As [`Accepted::admit`], for changes of our own making that undo somebody's acts in the name
    /// of `author`. They put back what stood there, so also what only its owner may write
    /// otherwise: who supports an insight, who added it.
    ///
    /// # Errors
    ///
    /// [`Fault`]: something in the document has no room for what stood there.
    pub fn restore(
        &mut self,
        changes: Vec<Change>,
        author: &Author<'_>,
    ) -> Result<Admitted, Fault> {
        self.admit_by(changes, &Hand { author, restores: true }, 0)
    }

    fn admit_by(
        &mut self,
        changes: Vec<Change>,
        hand: &Hand<'_>,
        waiting_max_op: u64,
    ) -> Result<Admitted, Fault> {
        let author = hand.author;
        self.budgets.check(author.participant, &changes)?;
        let before = self.graph.mark();
        match self.admit_all(&changes, hand, waiting_max_op) {
            Ok(Gathered { contributions, room }) => {
                self.table.settle();
                self.budgets.spend(author.participant, &changes);
                Ok(Admitted {
                    hashes: changes.iter().map(|change| change.hash).collect(),
                    changes: changes.into_iter().map(|change| ChangeBytes(change.bytes)).collect(),
                    contributions,
                    room,
                    heads: self.graph.heads(),
                })
            }
            Err(fault) => {
                self.table.undo();
                self.graph.restore(before);
                self.pasts.forget();
                Err(fault)
            }
        }
    }

    fn admit_all(
        &mut self,
        changes: &[Change],
        hand: &Hand<'_>,
        waiting_max_op: u64,
    ) -> Result<Gathered, Fault> {
        self.check_start_ops(changes, waiting_max_op)?;
        let (mut gather, mut steps) = (Gather::default(), Steps::default());
        // Whoever hands the case over may still do what goes with it, in the same message.
        let owned = self.table.case_owner() == Some(hand.author.participant);
        for change in changes {
            self.admit_one(change, hand, owned, &mut gather, &mut steps)?;
            gather.next_change();
        }
        check_heads(&self.graph, &self.table, hand.author.participant)?;
        Ok(gather.finish())
    }

    /// Operations count up without a gap over the graph, the message and what waits: a jump costs
    /// every client memory for what lies between. (Not over a change's own past alone: an edit at
    /// an earlier state, as input methods make it, starts above all that its client holds.) What
    /// waits is measured against the operations that there are, not against the highest counter:
    /// else each jump would be the ground of the next.
    fn check_start_ops(&self, changes: &[Change], waiting_max_op: u64) -> Result<(), Fault> {
        let brought: u64 = changes.iter().map(|change| change.operations.len() as u64).sum();
        let filled = self.graph.operations() + brought;
        let waiting = waiting_max_op.min(filled + WAITING_OPERATIONS_MAX);
        let mut highest = self.graph.max_op().max(waiting);
        let mut spans: Vec<_> = changes.iter().map(|c| (c.start_op, c.max_op())).collect();
        spans.sort_unstable();
        for (found, max_op) in spans {
            if found > highest + 1 {
                return Err(Fault::StartOp { found, least: 1, most: highest + 1 });
            }
            highest = highest.max(max_op);
        }
        Ok(())
    }

    fn admit_one(
        &mut self,
        change: &Change,
        hand: &Hand<'_>,
        owned: bool,
        gather: &mut Gather,
        steps: &mut Steps,
    ) -> Result<(), Fault> {
        let Hand { author, restores } = *hand;
        let past = self.check_header(change, author, steps)?;
        let own = self.table.enroll(&change.actor, Some(author.participant));
        let (table, past_of) = (&mut self.table, &past);
        Judge { table, past: past_of, author, owned, restores, change, gather, steps, own }
            .run()?;
        self.enter(change, own);
        self.pasts.remember(&self.graph, change.hash, past);
        Ok(())
    }

    /// Dependencies, actor, author, seq and first operation. Gives the change's causal past.
    fn check_header(
        &mut self,
        change: &Change,
        author: &Author<'_>,
        steps: &mut Steps,
    ) -> Result<Past, Fault> {
        // Everything builds on the template; a second beginning could hide what stands there.
        if change.deps.is_empty() {
            return Err(Fault::Dependency);
        }
        let mut least = 1;
        for dep in &change.deps {
            let place = self.graph.place(dep).ok_or(Fault::Dependency)?;
            least = least.max(self.graph.max_op_at(place) + 1);
        }
        // Automerge saves a change's last counter and finds the first by its operations. One that
        // has none, and starts higher than it must, would never load again.
        if change.operations.is_empty() && change.start_op > least {
            return Err(Fault::StartOp { found: change.start_op, least, most: least });
        }
        let number = self.table.number(&change.actor);
        let writer = number.map(|number| self.table.writer(number));
        if writer.is_some_and(|writer| writer.owner != Some(author.participant)) {
            return Err(Fault::Actor);
        }
        // Else one could take the name under which another will write at an earlier state.
        let base = change.actor.base().and_then(|base| self.table.number(&base));
        if base.is_some_and(|base| self.table.writer(base).owner != Some(author.participant)) {
            return Err(Fault::Actor);
        }
        let wanted = writer.and_then(|writer| writer.head).map_or(1, |(seq, _)| seq + 1);
        if change.seq != wanted {
            return Err(Fault::Sequence { found: change.seq, wanted });
        }
        if let Some(claim) = &change.author
            && (change.seq != 1 || !is_own(claim, author.participant))
        {
            return Err(Fault::Author);
        }
        if change.start_op < least {
            let most = self.graph.max_op() + 1;
            return Err(Fault::StartOp { found: change.start_op, least, most });
        }
        let past = self.pasts.of(&self.graph, &change.deps, steps)?;
        if number.is_some_and(|number| past.lacks_of(number)) {
            return Err(Fault::Branched);
        }
        Ok(past)
    }

    fn enter(&mut self, change: &Change, actor: u32) {
        let place = self.graph.add(change, actor);
        self.table.wrote(actor, change.seq, place);
    }

    /// Takes changes of the log, which [`Accepted::admit`] let in before: the same state, durable.
    /// `by` wrote them; `None` is nobody (templates). Known changes are only marked durable.
    pub fn replay(&mut self, mut changes: Vec<Change>, by: Option<ParticipantId>) {
        let hashes: Vec<_> = changes.iter().map(|change| change.hash).collect();
        changes.retain(|change| !self.graph.contains(&change.hash));
        for change in &changes {
            let actor = self.table.enroll(&change.actor, by);
            let numbers = Numbers::new(&self.table, change);
            for (counter, operation) in (change.start_op..).zip(&change.operations) {
                let counter = u32::try_from(counter).expect("decoding bounds counters");
                record(&mut self.table, change, &numbers, Id { actor, counter }, operation);
            }
            self.enter(change, actor);
        }
        self.table.settle();
        if let Some(by) = by {
            self.budgets.spend(by, &changes);
        }
        self.graph.mark_durable(&hashes);
    }
}

/// The author in a change's first footer: the participant's UUID, as its bytes or its text.
fn is_own(claim: &[u8], participant: ParticipantId) -> bool {
    claim == participant.uuid().as_bytes() || claim == participant.to_string().as_bytes()
}
