//! One change's operations against the shape table: each is judged, recorded, and told.

use std::collections::BTreeMap;

use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::limits::{EXT_BYTES_MAX, EXT_CONCURRENT_MAX};
use oogst_protocol::schema::{By, Plain, Rule, Who};

use super::Author;
use super::fault::Fault;
use super::gather::Gather;
use super::past::{Past, Steps};
use super::record::Numbers;
use crate::change::{Change, Operation, OperationId};
use crate::shape::{Held, Id, ObjectNumber, ROOT, Table};

mod map;
mod text;

/// Deepest nesting under `ext`. Views walk it.
const EXT_DEPTH_MAX: u32 = 16;

/// Judges one change, whose header was found right.
pub(super) struct Judge<'a> {
    pub(super) table: &'a mut Table,
    pub(super) past: &'a Past,
    pub(super) author: &'a Author<'a>,
    /// Whether the case was the author's before the message.
    pub(super) owned: bool,
    /// Whether the change puts back what stood there: then what belongs to somebody else, too.
    pub(super) restores: bool,
    pub(super) change: &'a Change,
    pub(super) gather: &'a mut Gather,
    pub(super) steps: &'a mut Steps,
    /// The change's own actor.
    pub(super) own: u32,
}

/// A plain value that the change writes as a text.
struct Whole {
    rule: Rule,
    text: String,
    last: Option<Id>,
    counter: u64,
}

/// The plain values that a change writes as texts, by the texts.
type Wholes = BTreeMap<ObjectNumber, Whole>;

/// One operation on its way through: its counter, and what its actors are called here.
struct Context<'c> {
    counter: u64,
    id: Id,
    operation: &'c Operation,
    numbers: &'c Numbers,
}

impl Context<'_> {
    const fn wrong(&self, why: &'static str) -> Fault {
        Fault::Operation { counter: self.counter, why }
    }

    const fn unknown(&self, what: &'static str) -> Fault {
        Fault::Reference { counter: self.counter, what }
    }

    fn misshapen(&self, key: &str, why: &'static str) -> Fault {
        Fault::Shape { counter: self.counter, key: key.chars().take(64).collect(), why }
    }
}

impl Judge<'_> {
    /// Judges and records every operation of the change, in order.
    pub(super) fn run(mut self) -> Result<(), Fault> {
        let change = self.change;
        let numbers = Numbers::new(self.table, change);
        let mut wholes = Wholes::new();
        for (counter, operation) in (change.start_op..).zip(&change.operations) {
            let Ok(narrow) = u32::try_from(counter) else {
                return Err(Fault::Operation { counter, why: "its counter is too high" });
            };
            let id = Id { actor: self.own, counter: narrow };
            let context = Context { counter, id, operation, numbers: &numbers };
            self.operation(&context, &mut wholes)?;
        }
        for whole in wholes.into_values() {
            if !self.fits(whole.rule, Plain::Word(&whole.text)) {
                return Err(Fault::Shape {
                    counter: whole.counter,
                    key: whole.text.chars().take(64).collect(),
                    why: "is not a value that fits here",
                });
            }
        }
        Ok(())
    }

    fn operation(&mut self, context: &Context<'_>, wholes: &mut Wholes) -> Result<(), Fault> {
        let object = match context.operation.object {
            None => ROOT,
            Some(id) => {
                let id = self.past_id(context, id).ok_or(context.unknown("an object"))?;
                self.table.made_by(id).ok_or(context.unknown("an object"))?
            }
        };
        match self.table.object(object).held {
            Held::Map(_) | Held::FreeMap => self.write(context, object, wholes),
            Held::Text | Held::Whole | Held::FreeText => self.splice(context, object, wholes),
        }
    }

    /// An operation as the table names it, if it lies in the change's past.
    fn past_id(&self, context: &Context<'_>, id: OperationId) -> Option<Id> {
        let id = context.numbers.id(id)?;
        self.sees(id).then_some(id)
    }

    /// Whether an accepted operation lies in the change's past, or in the change itself.
    fn sees(&self, id: Id) -> bool {
        id.actor == self.own || self.past.holds(id)
    }

    /// Whether the change's author wrote an accepted operation, under whatever actor.
    fn is_authors(&self, id: Id) -> bool {
        self.table.writer(id.actor).owner == Some(self.author.participant)
    }

    fn who(&self) -> Who<'_> {
        Who { writer: self.author.participant, members: self.author.members }
    }

    fn fits(&self, rule: Rule, value: Plain<'_>) -> bool {
        let mut who = self.who();
        if let Plain::Word(word) = value
            && self.restores
            && rule == Rule::Own
        {
            who.writer = word.parse().unwrap_or(who.writer);
        }
        rule.fits(value, who)
    }

    /// Whether the author writes what is for `by`, and this person's alone where there is one.
    fn may(&self, by: By, keeper: Option<ParticipantId>) -> bool {
        if self.restores {
            return by != By::Nobody;
        }
        let author = self.author.participant;
        let facilitates = self.author.role == Role::Facilitator;
        let writes = match by {
            By::Writers => true,
            By::Facilitator => facilitates,
            By::CaseOwner => facilitates || self.owned || self.table.case_owner() == Some(author),
            By::Nobody => false,
        };
        writes && keeper.is_none_or(|keeper| keeper == author)
    }

    fn check_ext(&self, object: ObjectNumber) -> Result<(), Fault> {
        let Some((bytes, depth)) = self.table.ext_total(object) else { return Ok(()) };
        // What others wrote at the same time is not its writer's to bound.
        let times = if self.past.is_all() { 1 } else { EXT_CONCURRENT_MAX };
        let most = EXT_BYTES_MAX * times;
        if bytes as usize > most {
            return Err(Fault::TooLarge { what: "`ext`, in bytes,", most });
        }
        if depth > EXT_DEPTH_MAX {
            let most = EXT_DEPTH_MAX as usize;
            return Err(Fault::TooLarge { what: "`ext`, in levels,", most });
        }
        Ok(())
    }
}
