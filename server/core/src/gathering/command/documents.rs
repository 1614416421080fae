//! Opening one more document; locking one.

use oogst_protocol::event::{Act, By, Owner};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::limits::{DOCUMENTS_MAX, TITLE_CHARACTERS_MAX};
use oogst_protocol::schema::{About, DocumentKind};
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
            None => {
                let about = self.about_new(document, title, by);
                let mut acts = vec![opened(kind, owner, &about, now)];
                // The template lets its opener into the room; rights are a fold of acts.
                if let (DocumentKind::Intervision, Some(participant)) = (kind, by.participant) {
                    acts.push(Act::RoomChanged { document, participant, inside: true });
                }
                Ok(acts)
            }
        }
    }

    /// The gathering's language, BCP 47.
    pub(super) fn language(&self) -> &str {
        self.about.as_ref().map_or("", |about| &about.language)
    }

    /// What is known of a new document that `by` opens.
    fn about_new<'a>(&'a self, document: DocumentId, title: &'a str, by: By) -> About<'a> {
        About { document, title, question: "", language: self.language(), opener: by.participant }
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

/// A document with its template; called by its kind where it has no title.
pub(super) fn opened(kind: DocumentKind, owner: Owner, about: &About<'_>, now: Timestamp) -> Act {
    let title = if about.title.is_empty() { kind.title(about.language) } else { about.title };
    let template = accept::template(kind, &About { title, ..*about }, now);
    let (document, title) = (about.document, title.to_owned());
    Act::DocumentOpened { document, kind, owner, title, template }
}
