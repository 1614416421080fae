//! Operations in maps: which key, by whom, which value, over what.

use oogst_protocol::ids::{ParticipantId, canonical_uuid};
use oogst_protocol::limits::{
    DOCUMENT_ITEMS_MAX, HIGHLIGHTS_MAX, PARTICIPANT_ITEMS_MAX, PARTICIPANT_KEY_VALUES_MAX,
    TEXT_CHARACTERS_MAX,
};
use oogst_protocol::schema::rule::{is_language, is_target, is_word};
use oogst_protocol::schema::{Keys, Name, Node, Plain, Rule};

use super::{Context, Judge, Whole, Wholes};
use crate::accept::fault::Fault;
use crate::accept::record::{record, units};
use crate::change::{Action, Key, Scalar};
use crate::shape::{Id, Mark, ObjectNumber, Place, Spot};

impl Judge<'_> {
    pub(super) fn write(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        wholes: &mut Wholes,
    ) -> Result<(), Fault> {
        let operation = context.operation;
        let Key::Word(word) = &operation.key else {
            return Err(context.wrong("a map has keys, no elements"));
        };
        if operation.insert {
            return Err(context.wrong("nothing is inserted in a map"));
        }
        let spot = self.table.spot(object, word);
        self.check_name(context, &spot, word)?;
        if !self.may(spot.by, spot.keeper) {
            return Err(context.misshapen(word, "somebody else writes that"));
        }
        self.check_predecessors(context, object, word)?;
        self.check_standing(context, object, word)?;
        match spot.place {
            Place::Unknown => return Err(context.misshapen(word, "the document has no such key")),
            Place::Item(_) => {
                self.check_kept(context, object, word, true)?;
                self.check_crowd(&spot)?;
            }
            Place::Node(Node::Map(shape)) if shape.kept => {
                self.check_kept(context, object, word, false)?;
            }
            Place::Node(node) => self.check_value(context, &spot, node, word)?,
            Place::Free if word.is_empty() => {
                return Err(context.misshapen(word, "a key has at least one character"));
            }
            Place::Free => {}
        }
        record(self.table, self.change, context.numbers, context.id, operation);
        let made = self.table.made_by(context.id);
        if let (Place::Node(Node::Value(rule)), Some(made)) = (spot.place, made) {
            let (text, last) = (String::new(), None);
            wholes.insert(made, Whole { rule: *rule, text, last, counter: context.counter });
        }
        self.check_ext(made.unwrap_or(object))?;
        self.tell(context, object, word, &spot);
        Ok(())
    }

    fn check_name(&self, context: &Context<'_>, spot: &Spot, word: &str) -> Result<(), Fault> {
        let participant = || word.parse::<ParticipantId>().ok();
        let (fits, why) = match spot.name {
            None => return Ok(()),
            Some(Name::Own) => (
                participant().is_some_and(|own| self.restores || own == self.author.participant),
                "the key is the writer's own participant id",
            ),
            Some(Name::Member) => (
                participant().is_some_and(|named| (self.author.members)(named)),
                "the key is the id of somebody of the gathering",
            ),
            Some(Name::Uuid) => (canonical_uuid(word).is_some(), "the key is a UUID in lower case"),
            Some(Name::Language) => (is_language(word), "the key is a language tag"),
            Some(Name::Word) => (is_word(word), "the key is the id of a file"),
            Some(Name::Target) => (is_target(word), "the key is `<document>/<item>`"),
        };
        if fits { Ok(()) } else { Err(context.misshapen(word, why)) }
    }

    fn check_predecessors(
        &self,
        context: &Context<'_>,
        object: ObjectNumber,
        word: &str,
    ) -> Result<(), Fault> {
        let predecessors = self.change.predecessors(context.operation);
        if predecessors.is_empty() {
            return match context.operation.action {
                Action::Delete => Err(context.wrong("a delete names what it deletes")),
                Action::MakeMap | Action::MakeText | Action::Put(_) => Ok(()),
            };
        }
        let number = self.table.word(word).ok_or(context.unknown("a value"))?;
        for predecessor in predecessors {
            let id = self.past_id(context, *predecessor);
            if !id.is_some_and(|id| self.table.wrote_at(id, object, number)) {
                return Err(context.unknown("a value"));
            }
        }
        Ok(())
    }

    /// Automerge overwrites all that its writer sees at a key. Whoever left one out would leave
    /// values beside each other that everybody reads from then on; those that one participant wrote
    /// at the same time are bounded. (A delete adds nothing, and may leave the value
    /// that wins: so automerge settles values beside each other by writing that one again.)
    fn check_standing(
        &mut self,
        context: &Context<'_>,
        object: ObjectNumber,
        word: &str,
    ) -> Result<(), Fault> {
        if context.operation.action == Action::Delete {
            return Ok(());
        }
        let standing = self.table.standing(object, word);
        self.steps.spend(standing.len().saturating_sub(1))?;
        let predecessors = self.change.predecessors(context.operation);
        let mut over: Vec<Id> =
            predecessors.iter().filter_map(|id| context.numbers.id(*id)).collect();
        over.sort_unstable();
        let left = || standing.iter().filter(|id| over.binary_search(id).is_err());
        if left().any(|id| self.sees(*id)) {
            return Err(context.wrong("a value that its writer sees is overwritten"));
        }
        let own = left().filter(|id| self.is_authors(**id)).count();
        if own >= PARTICIPANT_KEY_VALUES_MAX {
            let what = "values of one participant beside each other";
            return Err(Fault::Full { what, most: PARTICIPANT_KEY_VALUES_MAX });
        }
        Ok(())
    }

    /// A map that is never replaced: made where there is none yet, or at the same time.
    fn check_kept(
        &self,
        context: &Context<'_>,
        object: ObjectNumber,
        word: &str,
        item: bool,
    ) -> Result<(), Fault> {
        let operation = context.operation;
        if operation.action != Action::MakeMap {
            return Err(context.misshapen(word, "is a map, neither replaced nor deleted"));
        }
        let makers = self.table.standing(object, word);
        let seen = makers.iter().any(|id| self.sees(*id));
        if seen || !self.change.predecessors(operation).is_empty() {
            return Err(context.misshapen(word, "is there already; write in it"));
        }
        if item && makers.is_empty() && self.table.items() >= DOCUMENT_ITEMS_MAX {
            return Err(Fault::Full { what: "items", most: DOCUMENT_ITEMS_MAX });
        }
        let own = self.table.items_of(self.author.participant);
        if item && makers.is_empty() && own >= PARTICIPANT_ITEMS_MAX {
            return Err(Fault::Full {
                what: "items of one participant",
                most: PARTICIPANT_ITEMS_MAX,
            });
        }
        Ok(())
    }

    fn check_value(
        &mut self,
        context: &Context<'_>,
        spot: &Spot,
        node: &Node,
        word: &str,
    ) -> Result<(), Fault> {
        let restores = spot.rule() == Some(Rule::Removed)
            && context.operation.action != Action::Put(Scalar::Flag(true))
            && spot.item.is_some_and(|item| self.table.is_removed(item));
        if restores {
            self.check_crowd(spot)?;
        }
        let fits = match (node, &context.operation.action) {
            (_, Action::Delete) | (Node::Map(_), Action::MakeMap) => true,
            (_, Action::Put(Scalar::Null)) | (Node::Text, Action::MakeText) => true,
            (Node::Text, Action::Put(Scalar::Text(text))) => {
                if units(text) > TEXT_CHARACTERS_MAX {
                    let most = TEXT_CHARACTERS_MAX;
                    return Err(Fault::TooLarge { what: "a text, in characters,", most });
                }
                true
            }
            (Node::Value(rule), Action::MakeText) => rule.takes_words(),
            (Node::Value(rule), Action::Put(value)) => {
                if *rule == Rule::Highlight && *value == Scalar::Flag(true) {
                    self.check_highlights(spot)?;
                }
                self.fits(*rule, plain(value))
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(context.misshapen(word, "is not a value that fits here")) }
    }

    /// Too many are refused only to a writer in step, who sees all there are: key points set, or
    /// brought back, at the same time may exceed the bound together, and views show the first. An
    /// item counts only where its key point is beyond doubt: one operation, and none that says
    /// otherwise.
    fn check_highlights(&mut self, spot: &Spot) -> Result<(), Fault> {
        if !self.past.is_all() {
            return Ok(());
        }
        self.steps.spend(self.table.marked(Mark::Highlighted).len())?;
        let live = self.table.marked(Mark::Highlighted).iter().filter(|(item, ids)| {
            let other = [Mark::Plain, Mark::Removed];
            let doubtful = other.iter().any(|mark| self.table.marked(*mark).contains_key(item));
            Some(**item) != spot.item && ids.as_slice().len() == 1 && !doubtful
        });
        if live.count() < HIGHLIGHTS_MAX {
            return Ok(());
        }
        Err(Fault::Full { what: "key points; take one away first", most: HIGHLIGHTS_MAX })
    }

    /// Where few items live at once, one more is refused only to a writer in step, as key points
    /// are.
    fn check_crowd(&mut self, spot: &Spot) -> Result<(), Fault> {
        let Some(crowd) = spot.crowd.filter(|_| self.past.is_all()) else { return Ok(()) };
        self.steps.spend(self.table.crowd(crowd).count())?;
        let others = self.table.crowd(crowd).filter(|item| Some(*item) != spot.item);
        if others.filter(|item| !self.table.is_removed(*item)).count() < crowd.most {
            return Ok(());
        }
        Err(Fault::Full { what: "of these that are not removed", most: crowd.most })
    }

    /// Whether a key shows something else after a delete. It does not where only the loser of two
    /// values written at the same time is cleared: automerge shows the one of the highest counter
    /// and actor.
    fn shows_other(&self, context: &Context<'_>, object: ObjectNumber, word: &str) -> bool {
        let rank = |id: &Id| (id.counter, &self.table.writer(id.actor).actor);
        let shown = self.table.standing(object, word).iter().map(rank).max();
        let deleted = self.change.predecessors(context.operation);
        let deleted: Vec<Id> = deleted.iter().filter_map(|id| context.numbers.id(*id)).collect();
        deleted.iter().map(rank).max() > shown
    }

    fn tell(&mut self, context: &Context<'_>, object: ObjectNumber, word: &str, spot: &Spot) {
        let action = &context.operation.action;
        let node = match spot.place {
            Place::Node(node) => node,
            Place::Item(item) => {
                let makers = self.table.standing(object, word);
                match spot.told_item() {
                    Some(id) if makers.len() == 1 => self.gather.add(item.added, id),
                    Some(id) => self.gather.unite(id),
                    None => self.gather.note(item.added, None, false),
                }
                return;
            }
            Place::Free | Place::Unknown => return,
        };
        if action == &Action::Delete && !self.shows_other(context, object, word) {
            return;
        }
        let taken_back =
            matches!(action, Action::Delete | Action::Put(Scalar::Null | Scalar::Flag(false)));
        if let Some(participant) = word.parse().ok().filter(|_| spot.is_room()) {
            self.gather.let_in(participant, !taken_back);
        }
        if let Node::Map(shape) = node {
            // An empty map says nothing by itself, unless its keys are facts of the item.
            if !matches!(shape.keys, Keys::Named(_)) || action == &Action::MakeMap && shape.kept {
                return;
            }
        }
        let kind = if taken_back { spot.acts.unset.or(spot.acts.set) } else { spot.acts.set };
        if let Some(kind) = kind {
            self.gather.note(kind, spot.told_item(), taken_back);
        }
    }
}

fn plain(value: &Scalar) -> Plain<'_> {
    match value {
        Scalar::Null => Plain::Null,
        Scalar::Flag(flag) => Plain::Flag(*flag),
        Scalar::Unsigned(number) => i64::try_from(*number).map_or(Plain::Other, Plain::Whole),
        Scalar::Signed(number) => Plain::Whole(*number),
        Scalar::Float(number) => whole(*number).map_or(Plain::Other, Plain::Whole),
        Scalar::Text(text) => Plain::Word(text),
        Scalar::Bytes(_) => Plain::Other,
        Scalar::Timestamp(moment) => Plain::Moment(*moment),
    }
}

/// A float that is a whole number, as JavaScript writes integers above 2^31 and below 2^53.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() > EXACT {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
    Some(number as i64)
}
