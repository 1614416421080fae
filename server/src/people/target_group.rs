//! Who is of the target group: those whom the learning is about ("nothing about us without us").
//!
//! It says something delicate of a person, so it is kept where names are and nowhere else, and is
//! erased with them (ADR 0016). Invariant: a person's own no is turned into a yes by nobody else,
//! and nobody but they themselves has them credited as such.
//!
//! Way in: [`Vault::mark`], [`Vault::marked`]. Not here: who may ask, and who is told (`http`).

use std::collections::BTreeSet;

use oogst_protocol::ids::{GatheringId, ParticipantId};
use serde::{Deserialize, Serialize};

use super::{Member, Vault, VaultError};

/// What was said of somebody's being of the target group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// Whether they are marked as of it.
    pub is_of: bool,
    /// Whether that is what they said themselves.
    pub is_own_word: bool,
    /// Whether they want to be credited so where what they said is published.
    pub is_credited: bool,
}

/// What to mark; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Whether they are of the target group.
    pub is_of: Option<bool>,
    /// Whether they are to be credited so: for themselves alone to say.
    pub is_credited: Option<bool>,
}

impl TargetGroup {
    /// Whether nothing was ever said.
    pub(super) fn is_unsaid(&self) -> bool {
        *self == Self::default()
    }

    /// What it is once somebody has said so: the person, or whoever conducts.
    fn marked(self, mark: Mark, by_themselves: bool) -> Result<Self, VaultError> {
        let mut now = self;
        match mark.is_of {
            Some(true) if !by_themselves && self.is_own_word && !self.is_of => {
                let why = "they said themselves that they are not of the target group: only they \
                           can take that back";
                return Err(VaultError::Unmarkable { why });
            }
            Some(is_of) => {
                // A mark that is there already stays the person's own.
                let stays = self.is_own_word && self.is_of == is_of;
                (now.is_of, now.is_own_word) = (is_of, by_themselves || stays);
            }
            None => {}
        }
        now.is_credited = mark.is_credited.unwrap_or(self.is_credited);
        if !now.is_of {
            if mark.is_credited == Some(true) {
                let why = "only who is of the target group is credited so: send `target_group` too";
                return Err(VaultError::Unmarkable { why });
            }
            now.is_credited = false;
        }
        Ok(now)
    }
}

impl Vault {
    /// Marks somebody as of the target group or not, in the words of themselves or of whoever
    /// conducts.
    ///
    /// # Errors
    ///
    /// [`VaultError::Unknown`], [`VaultError::Unmarkable`], [`VaultError::Stopping`].
    pub async fn mark(
        &self,
        who: Member,
        mark: Mark,
        by_themselves: bool,
    ) -> Result<(), VaultError> {
        self.change(who.gathering, |register| {
            let person = &mut register.entry(who)?.person;
            person.target_group = person.target_group.marked(mark, by_themselves)?;
            Ok(())
        })
        .await
    }

    /// Everybody of a gathering who is marked.
    #[must_use]
    pub fn marked(&self, gathering: GatheringId) -> BTreeSet<ParticipantId> {
        let people = self.people(gathering).into_iter();
        people.filter(|(_, person)| person.target_group.is_of).map(|(who, _)| who).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YES: Mark = Mark { is_of: Some(true), is_credited: None };
    const NO: Mark = Mark { is_of: Some(false), is_credited: None };
    const CREDIT: Mark = Mark { is_of: None, is_credited: Some(true) };

    fn said(marks: &[(Mark, bool)]) -> Result<(bool, bool), VaultError> {
        let all = marks.iter().try_fold(TargetGroup::default(), |known, (mark, by_themselves)| {
            known.marked(*mark, *by_themselves)
        });
        all.map(|now| (now.is_of, now.is_credited))
    }

    #[test]
    fn a_persons_own_no_is_nobody_elses_to_turn() {
        assert_eq!(said(&[(YES, false)]).unwrap(), (true, false));
        assert_eq!(said(&[(YES, false), (NO, true)]).unwrap(), (false, false));
        assert!(said(&[(NO, true), (YES, false)]).is_err(), "not by who conducts");
        assert_eq!(said(&[(NO, true), (YES, true)]).unwrap(), (true, false));
        assert_eq!(said(&[(YES, true), (NO, false), (YES, false)]).unwrap(), (true, false));
    }

    #[test]
    fn the_credit_goes_with_the_mark() {
        assert!(said(&[(CREDIT, true)]).is_err());
        assert_eq!(said(&[(YES, false), (CREDIT, true)]).unwrap(), (true, true));
        for by_themselves in [true, false] {
            let again = [(YES, true), (CREDIT, true), (NO, by_themselves), (YES, true)];
            assert_eq!(said(&again).unwrap(), (true, false), "asked anew after an end");
        }
        let kept = [(YES, true), (CREDIT, true), (YES, false)];
        assert_eq!(said(&kept).unwrap(), (true, true), "a mark twice changes nothing");
    }
}
