//! Opening one more document; locking one.

use oogst_protocol::event::{Act, By, Owner};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::limits::{DOCUMENTS_MAX, TITLE_CHARACTERS_MAX};
use oogst_protocol::schema::DocumentKind;
use oogst_protocol::time::Timestamp;

use super::{Acts, Fold, check_text, conducts, invalid, unless};
use crate::accept;
use crate::port::Refusal;

impl Fold {
    pub(super) fn open_document(
        &self,
        by: By,
        document: DocumentId,
        kind: DocumentKind,
        owner: Owner,
        title: &str,
        now: Timestamp,
    ) -> Result<Acts, Refusal> {
        conducts(by)?;
        check_text("the title", title, 0, TITLE_CHARACTERS_MAX)?;
        match owner {
            Owner::Group(group) if self.rounds.group(group).is_none() => {
                return Err(Refusal::Unknown { what: "group" });
            }
            Owner::Region(_) | Owner::Network(_) | Owner::Person(_) => {
                return Err(invalid("documents belong to a group or the gathering"));
            }
            Owner::Group(_) | Owner::Gathering => {}
        }
        match self.document(document) {
            Some(there) if there.kind == kind && there.owner == owner => Ok(Acts::new()),
            Some(_) => Err(Refusal::Conflict { why: "this document exists: take a new id" }),
            None if self.documents.len() >= DOCUMENTS_MAX => {
                Err(Refusal::Full { what: "documents", most: DOCUMENTS_MAX })
            }
            None => Ok(vec![opened(document, kind, owner, title, "", now)]),
        }
    }

    pub(super) fn freeze(
        &self,
        by: By,
        document: DocumentId,
        frozen: bool,
    ) -> Result<Acts, Refusal> {
        let there = self.document(document).ok_or(Refusal::Unknown { what: "document" })?;
        conducts(by)?;
        let act = if frozen {
            Act::DocumentFrozen { document }
        } else {
            Act::DocumentThawed { document }
        };
        Ok(unless(there.frozen == frozen, act))
    }
}

/// A document with its template.
pub(super) fn opened(
    document: DocumentId,
    kind: DocumentKind,
    owner: Owner,
    title: &str,
    question: &str,
    now: Timestamp,
) -> Act {
    let template = accept::template(kind, title, question, document, now);
    Act::DocumentOpened { document, kind, owner, title: title.to_owned(), template }
}
