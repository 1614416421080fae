//! Which lines a reader wants: by what was done, where, and by whom.

use std::collections::BTreeSet;

use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::{GroupId, ParticipantId};

/// Each part that names anything admits only what it names; an empty filter admits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was done.
    pub kinds: BTreeSet<Kind>,
    /// In which groups' documents, or about which groups.
    pub groups: BTreeSet<GroupId>,
    /// By whom.
    pub participants: BTreeSet<ParticipantId>,
}

impl Filter {
    pub(super) fn admits_kind(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    pub(super) fn admits(&self, group: Option<GroupId>, by: Option<ParticipantId>) -> bool {
        let names = |named: bool, all: bool| all || named;
        names(group.is_some_and(|group| self.groups.contains(&group)), self.groups.is_empty())
            && names(
                by.is_some_and(|by| self.participants.contains(&by)),
                self.participants.is_empty(),
            )
    }
}
