//! Whose case an intervision is: what was accepted last says so.
//!
//! The table keeps no values, but for this one: it decides who writes in the room. It is a plain
//! string, or a text that its change writes whole, piece after piece.

use oogst_protocol::ids::ParticipantId;
use oogst_protocol::schema::Rule;

use super::undo::Undo;
use super::{Id, ObjectNumber, Spot, Table};
use crate::change::{Action, Scalar};

/// The case owner, as far as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct CaseOwner {
    now: Option<ParticipantId>,
    /// The text that says so, and its letters so far.
    text: Option<(ObjectNumber, String)>,
}

impl Table {
    /// Whose case it is; nobody's in other documents.
    pub(crate) const fn case_owner(&self) -> Option<ParticipantId> {
        self.case_owner.now
    }

    /// Notes a write at the case owner's key.
    pub(super) fn note_case_owner(&mut self, id: Id, spot: &Spot, action: &Action) {
        if spot.rule() != Some(Rule::Member) {
            return;
        }
        let next = match action {
            Action::Put(Scalar::Text(word)) => CaseOwner { now: word.parse().ok(), text: None },
            Action::MakeText => {
                let text = self.made_by(id).map(|object| (object, String::new()));
                CaseOwner { now: None, text }
            }
            Action::Put(_) => CaseOwner::default(),
            Action::MakeMap | Action::Delete => return,
        };
        self.set_case_owner(next);
    }

    /// Goes on with the text that names the case owner, if this is it.
    pub(crate) fn extend_case_owner(&mut self, object: ObjectNumber, piece: &str) {
        let Some((text, word)) = &self.case_owner.text else { return };
        if *text == object {
            let word = format!("{word}{piece}");
            let now = word.parse().ok();
            self.set_case_owner(CaseOwner { now, text: Some((object, word)) });
        }
    }

    fn set_case_owner(&mut self, next: CaseOwner) {
        let before = std::mem::replace(&mut self.case_owner, next);
        self.journal.push(Undo::CaseOwner { before: Box::new(before) });
    }

    pub(super) fn restore_case_owner(&mut self, before: CaseOwner) {
        self.case_owner = before;
    }
}
