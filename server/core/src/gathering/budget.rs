//! What one participant may do in a gathering beside writing: enough for many days, and never so
//! much that the log, or the room for documents, is one person's.
//!
//! Counted over the log, so that a restart gives nobody a second budget. What they write has
//! budgets of its own, a document each (`accept::budget`); the operator has none.

use std::collections::BTreeMap;

use oogst_protocol::event::{Act, By, Entry, Publish, Role};
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::limits::{PARTICIPANT_ACTS_MAX, PARTICIPANT_DOCUMENTS_MAX};

use super::Fold;
use crate::port::Refusal;

/// What somebody has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent {
    acts: usize,
    documents: usize,
}

/// What everybody has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Budgets(BTreeMap<ParticipantId, Spent>);

impl Budgets {
    pub(super) fn fold(&mut self, entry: &Entry) {
        let (Some(participant), true) = (entry.by.participant, counts(&entry.act)) else { return };
        let spent = self.0.entry(participant).or_default();
        spent.acts += 1;
        spent.documents += usize::from(opens(&entry.act));
    }
}

impl Fold {
    /// Checks that acts of a command fit what is left to their author. Who leaves, or wants to be
    /// in nothing that is published, needs nothing for it.
    pub(crate) fn check_budget(&self, by: By, acts: &[Act]) -> Result<(), Refusal> {
        let Some(participant) = by.participant else { return Ok(()) };
        let spent = self.budgets.0.get(&participant).copied().unwrap_or_default();
        if spent.acts + acts.len() > PARTICIPANT_ACTS_MAX && !acts.iter().all(is_ones_right) {
            return Err(Refusal::Full {
                what: "acts of one participant",
                most: PARTICIPANT_ACTS_MAX,
            });
        }
        let opened = acts.iter().filter(|act| opens(act)).count();
        let is_over = opened > 0 && spent.documents + opened > PARTICIPANT_DOCUMENTS_MAX;
        if is_over && by.role != Role::Facilitator {
            let most = PARTICIPANT_DOCUMENTS_MAX;
            return Err(Refusal::Full { what: "documents that one participant opened", most });
        }
        Ok(())
    }
}

/// What is written in a document has a budget there, and what follows from it.
const fn counts(act: &Act) -> bool {
    !matches!(act, Act::Changed { .. } | Act::RoomChanged { .. })
}

const fn opens(act: &Act) -> bool {
    matches!(act, Act::DocumentOpened { .. })
}

const fn is_ones_right(act: &Act) -> bool {
    matches!(act, Act::ParticipantLeft { .. } | Act::ConsentSet { publish: Publish::Not, .. })
}

#[cfg(test)]
mod tests {
    use oogst_protocol::event::{ChangeBytes, Owner};
    use oogst_protocol::ids::DocumentId;
    use oogst_protocol::schema::DocumentKind;
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn by(number: u128, role: Role) -> By {
        By { participant: Some(ParticipantId::new(Uuid::from_u128(number))), role }
    }

    fn full(what: &'static str, most: usize) -> Result<(), Refusal> {
        Err(Refusal::Full { what, most })
    }

    #[test]
    fn nobody_fills_the_log_with_acts_and_who_takes_back_is_never_refused() {
        let (an, bo) = (by(1, Role::Participant), by(2, Role::Participant));
        let participant = an.participant.unwrap();
        let renamed = Act::ParticipantRenamed { participant };
        let set = |publish| [Act::ConsentSet { participant, publish }];
        let mut fold = Fold::default();
        for _ in 0..PARTICIPANT_ACTS_MAX {
            assert_eq!(fold.check_budget(an, std::slice::from_ref(&renamed)), Ok(()));
            fold.budgets.fold(&Entry { at: Timestamp::default(), by: an, act: renamed.clone() });
        }
        let most = full("acts of one participant", PARTICIPANT_ACTS_MAX);
        assert_eq!(fold.check_budget(an, std::slice::from_ref(&renamed)), most);
        assert_eq!(fold.check_budget(an, &set(Publish::Name)), most);
        assert_eq!(fold.check_budget(an, &set(Publish::Not)), Ok(()));
        assert_eq!(fold.check_budget(an, &[Act::ParticipantLeft { participant }]), Ok(()));
        assert_eq!(fold.check_budget(an, &[]), Ok(()), "what is so already");
        assert_eq!(fold.check_budget(bo, &[renamed]), Ok(()), "others have their own");
    }

    #[test]
    fn nobody_takes_all_the_room_for_documents() {
        let (an, conducts) = (by(1, Role::Participant), by(2, Role::Facilitator));
        let open = [Act::DocumentOpened {
            document: DocumentId::new(Uuid::from_u128(3)),
            kind: DocumentKind::Intervision,
            owner: Owner::Gathering,
            title: String::new(),
            template: ChangeBytes(bytes::Bytes::new()),
        }];
        let mut fold = Fold::default();
        for by in [an, conducts].repeat(PARTICIPANT_DOCUMENTS_MAX) {
            assert_eq!(fold.check_budget(by, &open), Ok(()));
            let [act] = open.clone();
            fold.budgets.fold(&Entry { at: Timestamp::default(), by, act });
        }
        let most = full("documents that one participant opened", PARTICIPANT_DOCUMENTS_MAX);
        assert_eq!(fold.check_budget(an, &open), most);
        assert_eq!(fold.check_budget(conducts, &open), Ok(()));
    }
}
