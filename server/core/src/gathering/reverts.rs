//! Who may have whose acts undone.

use oogst_protocol::event::{By, Role};

use super::Fold;
use crate::port::{Hindrance, Refusal, Revert};

impl Fold {
    /// Judges a revert, but for its changes.
    pub(crate) fn check_revert(&self, by: By, revert: &Revert) -> Result<(), Refusal> {
        if !self.exists() {
            return Err(Refusal::Unknown { what: "gathering" });
        }
        // What is undone is written in the name of whoever undoes it: a member who writes.
        if by.role != Role::Facilitator {
            return Err(Refusal::Forbidden { who: "a facilitator" });
        }
        if !self.knows(revert.participant) {
            return Err(Refusal::Unknown { what: "participant" });
        }
        if revert.from > revert.to {
            let why = "the span ends before it begins: turn it round".to_owned();
            return Err(Refusal::Invalid { why });
        }
        if revert.known != self.reverts {
            let why = Hindrance::UndoneMeanwhile;
            return Err(Refusal::Conflict { why });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use oogst_protocol::event::{Act, Entry};
    use oogst_protocol::ids::{ParticipantId, Seq};
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn who(number: u128) -> ParticipantId {
        ParticipantId::new(Uuid::from_u128(number))
    }

    fn by(role: Role) -> By {
        By { participant: Some(who(1)), role }
    }

    fn revert(participant: ParticipantId, from: u64, known: u64) -> Revert {
        let changes = Vec::new();
        Revert { participant, from: Seq(from), to: Seq(9), known, changes }
    }

    fn happens(fold: &mut Fold, act: Act) {
        fold.fold(&Entry { at: Timestamp::default(), by: by(Role::Facilitator), act });
    }

    #[test]
    fn a_facilitator_undoes_what_a_member_did_and_of_two_who_race_one() {
        let mut fold = Fold::default();
        assert!(fold.check_revert(by(Role::Facilitator), &revert(who(2), 1, 0)).is_err());
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        happens(&mut fold, Act::GatheringPrepared { title, language, date: None, network: None });
        let (participant, role) = (who(2), Role::Participant);
        happens(
            &mut fold,
            Act::ParticipantJoined { participant, role, region: None, together: None },
        );
        happens(&mut fold, Act::ParticipantRemoved { participant });
        let judge = |fold: &Fold, role, participant, from, known| {
            fold.check_revert(by(role), &revert(participant, from, known))
        };
        assert_eq!(judge(&fold, Role::Facilitator, who(2), 1, 0), Ok(()), "also one who left");
        for role in [Role::Operator, Role::CoreGroup, Role::Participant, Role::Observer] {
            let refused = judge(&fold, role, who(2), 1, 0);
            assert!(matches!(refused, Err(Refusal::Forbidden { .. })), "{role:?}");
        }
        let stranger = judge(&fold, Role::Facilitator, who(3), 1, 0);
        assert!(matches!(stranger, Err(Refusal::Unknown { .. })));
        let turned = judge(&fold, Role::Facilitator, who(2), 10, 0);
        assert!(matches!(turned, Err(Refusal::Invalid { .. })));
        let (from, to, documents) = (Seq(1), Seq(9), Vec::new());
        happens(&mut fold, Act::Reverted { participant, from, to, documents });
        let late = judge(&fold, Role::Facilitator, who(2), 1, 0);
        assert!(matches!(late, Err(Refusal::Conflict { .. })));
        assert_eq!(judge(&fold, Role::Facilitator, who(2), 1, 1), Ok(()));
    }
}
