//! What each person agrees to: how they are named where what they said is published.
//!
//! Invariant: nobody is named more freely than the strictest of those whose words a line holds
//! allows. Whoever said nothing is named as their group: that gives away no more than the wall
//! did, and leaves the words in the report, where their author expects them.
//!
//! Way in: [`Consents::of`], [`Consents::attribution`]. Not here: names and organisations (the
//! vault), what is made of a line (the exports).

use std::collections::BTreeMap;

use oogst_protocol::event::Publish;
use oogst_protocol::ids::ParticipantId;

/// How somebody is named who did not choose.
pub const UNSAID: Publish = Publish::Group;

/// The consents of a gathering's people: the newest of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consents {
    said: BTreeMap<ParticipantId, Publish>,
}

impl Consents {
    /// Folds what somebody chose, in place of what they chose before.
    pub(crate) fn set(&mut self, participant: ParticipantId, publish: Publish) {
        self.said.insert(participant, publish);
    }

    /// What the participant agrees to; [`UNSAID`] where they never said.
    #[must_use]
    pub fn of(&self, participant: ParticipantId) -> Publish {
        self.chosen(participant).unwrap_or(UNSAID)
    }

    /// What the participant chose themselves, if they did.
    #[must_use]
    pub fn chosen(&self, participant: ParticipantId) -> Option<Publish> {
        self.said.get(&participant).copied()
    }

    /// How a line is attributed: by the strictest consent of all whose words it holds. A line of
    /// nobody known is attributed as [`UNSAID`].
    #[must_use]
    pub fn attribution(&self, people: impl IntoIterator<Item = ParticipantId>) -> Publish {
        people.into_iter().map(|participant| self.of(participant)).min().unwrap_or(UNSAID)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn who(number: u128) -> ParticipantId {
        ParticipantId::new(Uuid::from_u128(number))
    }

    #[test]
    fn the_strictest_of_those_who_said_a_line_wins() {
        let mut consents = Consents::default();
        for (number, publish) in [(1, Publish::Name), (2, Publish::Organisation), (3, Publish::Not)]
        {
            consents.set(who(number), publish);
        }
        for (people, attribution) in [
            (vec![], Publish::Group),
            (vec![1], Publish::Name),
            (vec![1, 2], Publish::Organisation),
            (vec![1, 2, 4], Publish::Group),
            (vec![3, 1], Publish::Not),
        ] {
            let named = people.iter().map(|number| who(*number));
            assert_eq!(consents.attribution(named), attribution, "{people:?}");
        }
    }

    #[test]
    fn the_newest_choice_counts_and_silence_is_the_group() {
        let mut consents = Consents::default();
        assert_eq!((consents.of(who(1)), consents.chosen(who(1))), (Publish::Group, None));
        consents.set(who(1), Publish::Name);
        consents.set(who(1), Publish::Not);
        assert_eq!(consents.of(who(1)), Publish::Not);
    }
}
