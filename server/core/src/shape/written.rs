//! Which operation wrote where, as ranges an actor.

use oogst_protocol::ids::ParticipantId;

use super::{ObjectNumber, WordNumber};
use crate::change::Actor;

/// An operation of the document: the actor by its number in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) counter: u32,
    pub(crate) actor: u32,
}

/// Consecutive operations of one actor at one place.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: u32,
    count: u32,
    object: ObjectNumber,
    word: WordNumber,
}

/// One actor: whose it is, its newest change, and what it wrote, oldest first.
#[derive(Debug)]
pub(crate) struct Writer {
    pub(crate) actor: Actor,
    /// `None` is nobody: a template's actor.
    pub(crate) owner: Option<ParticipantId>,
    /// Its newest change: seq and place in the graph.
    pub(crate) head: Option<(u64, u32)>,
    entries: Vec<Entry>,
}

impl Writer {
    pub(super) const fn new(actor: Actor, owner: Option<ParticipantId>) -> Self {
        Self { actor, owner, head: None, entries: Vec::new() }
    }

    /// Where the operation of this counter wrote, if it wrote anything that can be referred to.
    pub(super) fn at(&self, counter: u32) -> Option<(ObjectNumber, WordNumber)> {
        let entry = self.entries.get(self.begun_by(counter).checked_sub(1)?)?;
        (counter - entry.start < entry.count).then_some((entry.object, entry.word))
    }

    /// How many ranges begin at or before a counter. People go on where they wrote last: it looks
    /// from the end on, ever further, so that it costs how far back that was and not the history.
    fn begun_by(&self, counter: u32) -> usize {
        let begun = |entry: &Entry| entry.start <= counter;
        let (mut end, mut step) = (self.entries.len(), 1);
        loop {
            let start = end.saturating_sub(step);
            if start == 0 || begun(&self.entries[start]) {
                return start + self.entries[start..end].partition_point(begun);
            }
            (end, step) = (start, step * 2);
        }
    }

    /// Notes an operation, newer than all before. True where it went on with the last range.
    pub(super) fn push(&mut self, counter: u32, object: ObjectNumber, word: WordNumber) -> bool {
        if let Some(last) = self.entries.last_mut() {
            let next = last.start + last.count == counter;
            if next && last.object == object && last.word == word {
                last.count += 1;
                return true;
            }
        }
        self.entries.push(Entry { start: counter, count: 1, object, word });
        false
    }

    pub(super) fn pop(&mut self, extended: bool) {
        match self.entries.last_mut() {
            Some(last) if extended => last.count -= 1,
            _ => drop(self.entries.pop()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_run_is_one_range() {
        let mut writer = Writer::new(Actor::new(&[1]), None);
        let extended: Vec<bool> = (10..500).map(|counter| writer.push(counter, 3, 7)).collect();
        assert_eq!(writer.entries.len(), 1);
        assert!(!extended[0] && extended[1..].iter().all(|extended| *extended));
        assert!(!writer.push(501, 3, 7), "a gap begins another");
        assert!(!writer.push(502, 4, 7), "so does another object");
        assert_eq!(writer.at(10), Some((3, 7)));
        assert_eq!(writer.at(499), Some((3, 7)));
        assert_eq!((writer.at(9), writer.at(500), writer.at(503)), (None, None, None));
        assert_eq!(writer.at(502), Some((4, 7)));
        writer.pop(false);
        writer.pop(false);
        writer.pop(true);
        assert_eq!((writer.at(498), writer.at(499)), (Some((3, 7)), None));
    }

    #[test]
    fn each_of_many_ranges_is_found_from_the_end_on() {
        for ranges in [0, 1, 2, 3, 7, 8, 100] {
            let mut writer = Writer::new(Actor::new(&[1]), None);
            for range in 0..ranges {
                writer.push(10 + 3 * range, range, 7);
            }
            for range in 0..ranges {
                assert_eq!(writer.at(10 + 3 * range), Some((range, 7)));
                assert_eq!(writer.at(11 + 3 * range), None, "between two");
            }
            assert_eq!((writer.at(9), writer.at(10 + 3 * ranges)), (None, None));
        }
    }
}
