//! Undoing what somebody did: changes that a view drafted, let in as any others.
//!
//! Invariant: one append holds the act and all its changes, so a crash leaves all of it or
//! nothing. A document that has no room for what stood there, that was locked meanwhile, or for
//! which the append has no room, is left out and named in the answer; the others are not held up
//! by it.

use oogst_protocol::event::{Act, ChangeBytes, Entry};
use oogst_protocol::ids::{DocumentId, ParticipantId};

use super::venue::Venue;
use super::{APPEND_ENTRIES_MAX, Turn};
use crate::accept::{Admitted, Author};
use crate::port::{Answer, Caller, Effect, Refusal, RequestId, Revert};
use crate::rights::Access;

impl Venue {
    pub(super) fn revert(
        &mut self,
        turn: &mut Turn<'_>,
        request: RequestId,
        caller: Caller,
        revert: &Revert,
    ) {
        let judged = self.accepted.caller(caller).and_then(|by| {
            self.accepted.check_revert(by, revert)?;
            if self.is_overloaded() { Err(Refusal::Overload) } else { Ok(by) }
        });
        let by = match judged {
            Ok(by) => by,
            Err(refusal) => {
                turn.effects.push(Effect::Answer { request, answer: Err(refusal) });
                return;
            }
        };
        let participant = by.participant.expect("a facilitator is a member");
        let (mut documents, mut acts, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        // Its changes, and everybody whom they let into its room or out.
        let most_each = 1 + self.accepted.known();
        for (document, changes) in &revert.changes {
            // One is for the act itself.
            if 1 + acts.len() + most_each > APPEND_ENTRIES_MAX {
                refused.push((*document, "there is too much of it at once: ask again".to_owned()));
                continue;
            }
            match self.take_back(turn, participant, *document, changes) {
                Ok(None) => documents.push(*document),
                Ok(Some(admitted)) => {
                    documents.push(*document);
                    let Admitted { changes, contributions, room, heads, .. } = admitted;
                    let document = *document;
                    acts.push(Act::Changed { document, changes, contributions, heads });
                    acts.extend(room.into_iter().map(|(participant, inside)| Act::RoomChanged {
                        document,
                        participant,
                        inside,
                    }));
                }
                Err(why) => refused.push((*document, why)),
            }
        }
        if documents.is_empty() {
            let answer = Ok(Answer::Reverted { seq: self.seq(), refused });
            turn.effects.push(Effect::Answer { request, answer });
            return;
        }
        let Revert { participant, from, to, .. } = *revert;
        acts.insert(0, Act::Reverted { participant, from, to, documents });
        let entries = acts.into_iter().map(|act| Entry { at: turn.now, by, act });
        let entries: Vec<Entry> = entries.collect();
        entries.iter().for_each(|entry| self.accepted.fold(entry));
        self.answer_otherwise(request, refused);
        self.append(turn, entries, vec![request]);
    }

    /// Lets a document's changes in; gives nothing where there are none.
    fn take_back(
        &mut self,
        turn: &Turn<'_>,
        participant: ParticipantId,
        id: DocumentId,
        changes: &[ChangeBytes],
    ) -> Result<Option<Admitted>, String> {
        match self.accepted.access(participant, id) {
            Access::Write => {}
            Access::Read | Access::Nothing => return Err("it is locked".to_owned()),
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let Self { accepted, documents, .. } = self;
        let role = accepted.role(participant).expect("whoever writes is a member");
        let members = |participant| accepted.knows(participant);
        let author = Author { participant, role, members: &members };
        let document = documents.get_mut(&id).expect("a writable document exists");
        let admitted = document.restore(changes, &author, turn.next_ticket());
        admitted.map(Some).map_err(|fault| fault.to_string())
    }
}
