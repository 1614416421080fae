//! An insight of the wall: whose it is.

use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;

use super::super::item::Item;

/// An insight of the wall, with what its events tell of it.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Insight {
    pub(in super::super) item: Item,
    /// Who added it, and in which role.
    pub(in super::super) added_by: Option<(Option<ParticipantId>, Role)>,
    /// Whether anybody else than who added it had a hand in who is named as having said it.
    pub(in super::super) is_named_by_others: bool,
}

impl Insight {
    /// Whether a guest added it.
    pub(in super::super) const fn is_from_outside(&self) -> bool {
        matches!(self.added_by, Some((_, Role::Guest)))
    }

    /// Who added it; nobody known, or the operator.
    pub(in super::super) fn author(&self) -> Option<ParticipantId> {
        self.added_by.and_then(|(who, _)| who)
    }

    /// Who is named as having said it.
    pub(in super::super) fn said_by(&self) -> impl Iterator<Item = ParticipantId> {
        self.item.said_by.iter().filter_map(|who| who.parse().ok())
    }

    /// Everybody who had a part in it.
    pub(in super::super) fn behind(&self) -> impl Iterator<Item = ParticipantId> {
        self.said_by().chain(self.author())
    }

    /// Those whose words it holds. Who added it and named others as having said it only typed;
    /// where somebody else named them, it may well be the author's own.
    pub(in super::super) fn bound_by(&self) -> impl Iterator<Item = ParticipantId> {
        let only_typed = self.said_by().next().is_some() && !self.is_named_by_others;
        self.said_by().chain(self.author().filter(|_| !only_typed))
    }
}
