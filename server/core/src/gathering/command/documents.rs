//! Opening one more document; locking one.

use oogst_protocol::event::{Act, By, Owner, Role, Status};
use oogst_protocol::ids::DocumentId;
use oogst_protocol::limits::{DOCUMENTS_MAX, DOCUMENTS_RESERVED, TITLE_CHARACTERS_MAX};
use oogst_protocol::schema::{About, DocumentKind};
use oogst_protocol::time::Timestamp;

use super::{Acts, Fold, check_text, conducts, invalid, unless};
use crate::accept;
use crate::gathering::Document;
use crate::port::{Command, Hindrance, Refusal};

impl Fold {
    /// Opens a document; without an owner it gets the one that its kind has by default.
    pub(super) fn open_document(
        &self,
        by: By,
        command: &Command,
        now: Timestamp,
    ) -> Result<Acts, Refusal> {
        let Command::OpenDocument { document, kind, owner, title, map } = command else {
            unreachable!("only this command opens a document");
        };
        let (document, kind) = (*document, *kind);
        let owner = owner.unwrap_or_else(|| self.default_owner(by, kind));
        self.check_owner(kind, owner)?;
        self.check_may_open(by, kind, owner)?;
        check_text("the title", title, 0, TITLE_CHARACTERS_MAX)?;
        let same = |there: &Document| there.kind == kind && there.owner == owner;
        if self.document(document).is_some_and(same) {
            return Ok(Acts::new());
        }
        self.check_is_new(document)?;
        if is_one_of_its_kind(kind) && self.documents.iter().any(|there| there.kind == kind) {
            let why = Hindrance::OneOfItsKind;
            return Err(Refusal::Conflict { why });
        }
        let mut about = self.about_new(document, title, by);
        let mut acts = Acts::new();
        if kind == DocumentKind::ActionPlan {
            about.programme = self.first(DocumentKind::Programme, Owner::Gathering);
            about.map = self.map_for(by, owner);
            // A plan begins with mapping: where nobody did yet, there is a map to begin with. A
            // person's own plan leads to the map that they share.
            if about.map.is_none() && !matches!(owner, Owner::Person(_)) {
                if *map == document {
                    return Err(invalid("a plan and its map need an id each"));
                }
                self.check_is_new(*map)?;
                about.map = Some(*map);
                let about = self.about_new(*map, "", by);
                acts.push(opened(DocumentKind::Stakeholders, owner, &about, now));
            }
        }
        acts.push(opened(kind, owner, &about, now));
        // Members can't take the room that the day's own documents need.
        let reserved = if conducts(by).is_ok() { 0 } else { DOCUMENTS_RESERVED };
        if self.documents.len() + acts.len() + reserved > DOCUMENTS_MAX {
            return Err(Refusal::Full { what: "documents", most: DOCUMENTS_MAX - reserved });
        }
        // The template lets its opener into an intervision's room; rights are a fold of acts.
        if let (DocumentKind::Intervision, Some(participant)) = (kind, by.participant) {
            acts.push(Act::RoomChanged { document, participant, inside: true });
        }
        Ok(acts)
    }

    /// The stakeholder map that a plan of this owner leads to: the owner's first; a person's own
    /// plan leads to that of their region, or of whoever maps are of here, where they have none.
    fn map_for(&self, by: By, owner: Owner) -> Option<DocumentId> {
        let kind = DocumentKind::Stakeholders;
        let shared = || match owner {
            Owner::Person(_) => self.first(kind, self.default_owner(by, kind)),
            Owner::Group(_) | Owner::Gathering | Owner::Region(_) | Owner::Network(_) => None,
        };
        self.first(kind, owner).or_else(shared).filter(|map| self.reads(by, *map))
    }

    fn first(&self, kind: DocumentKind, owner: Owner) -> Option<DocumentId> {
        let mut documents = self.documents.iter();
        let first = documents.find(|document| document.kind == kind && document.owner == owner);
        first.map(|document| document.id)
    }

    /// Maps, contacts and plans are a region's: of who opens them, else of the gathering; else the
    /// network's. A case and a visit are of the table where they come up.
    fn default_owner(&self, by: By, kind: DocumentKind) -> Owner {
        let member = by.participant.and_then(|participant| self.member(participant));
        let about = self.about.as_ref();
        match kind {
            DocumentKind::Stakeholders | DocumentKind::Contacts | DocumentKind::ActionPlan => {
                let region = member.and_then(|member| member.region);
                let region = region.or_else(|| about.and_then(|about| about.region));
                let network = about.and_then(|about| about.network);
                let network = network.map_or(Owner::Gathering, Owner::Network);
                region.map_or(network, Owner::Region)
            }
            DocumentKind::Intervision | DocumentKind::Visit => {
                let group = member.and_then(|member| member.group(&self.rounds));
                group.map_or(Owner::Gathering, Owner::Group)
            }
            DocumentKind::Harvest
            | DocumentKind::Programme
            | DocumentKind::Introductions
            | DocumentKind::Closing
            | DocumentKind::Report => Owner::Gathering,
        }
    }

    /// Checks that the owner is there, and may have such a document.
    fn check_owner(&self, kind: DocumentKind, owner: Owner) -> Result<(), Refusal> {
        let is_common = is_one_of_its_kind(kind) || kind == DocumentKind::Report;
        if is_common && owner != Owner::Gathering {
            return Err(invalid(
                "a document of this kind belongs to the gathering: leave `owner` out",
            ));
        }
        let (is_there, what) = match owner {
            Owner::Gathering => (true, "gathering"),
            Owner::Group(group) => (self.rounds.group(group).is_some(), "group"),
            Owner::Region(region) => {
                (self.regions.iter().any(|found| found.id == region), "region")
            }
            Owner::Network(network) => {
                let own = self.about.as_ref().and_then(|about| about.network);
                (own == Some(network), "network")
            }
            Owner::Person(person) => (self.member(person).is_some(), "participant"),
        };
        if is_there { Ok(()) } else { Err(Refusal::Unknown { what }) }
    }

    /// A facilitator opens what is not a person's own; a member what is, and a case or a visit of
    /// their own group.
    fn check_may_open(&self, by: By, kind: DocumentKind, owner: Owner) -> Result<(), Refusal> {
        let member = by.participant.and_then(|participant| self.member(participant));
        let member = member.filter(|member| member.role != Role::Observer);
        if kind == DocumentKind::Intervision && member.is_none() {
            return Err(Refusal::Forbidden { who: "somebody with a case of their own" });
        }
        match owner {
            Owner::Person(person) if by.participant == Some(person) && member.is_some() => Ok(()),
            Owner::Person(_) => Err(Refusal::Forbidden { who: "that person" }),
            Owner::Group(group)
                if matches!(kind, DocumentKind::Intervision | DocumentKind::Visit)
                    && self.status() != Some(Status::Closed)
                    && member.is_some_and(|member| member.is_in(group, &self.rounds)) =>
            {
                Ok(())
            }
            Owner::Group(_) | Owner::Gathering | Owner::Region(_) | Owner::Network(_) => {
                conducts(by)
            }
        }
    }

    fn check_is_new(&self, document: DocumentId) -> Result<(), Refusal> {
        let is_new = self.document(document).is_none();
        let why = Hindrance::Taken { what: "document" };
        is_new.then_some(()).ok_or(Refusal::Conflict { why })
    }

    /// The gathering's language, BCP 47.
    pub(super) fn language(&self) -> &str {
        self.about.as_ref().map_or("", |about| &about.language)
    }

    /// What is known of a new document that `by` opens.
    fn about_new<'a>(&'a self, document: DocumentId, title: &'a str, by: By) -> About<'a> {
        About { opener: by.participant, ..About::new(document, title, self.language()) }
    }

    pub(super) fn freeze(
        &self,
        by: By,
        document: DocumentId,
        frozen: bool,
    ) -> Result<Acts, Refusal> {
        let there = self.document(document).filter(|there| self.is_seen_by(there, by));
        let there = there.ok_or(Refusal::Unknown { what: "document" })?;
        conducts(by)?;
        let act = if frozen {
            Act::DocumentFrozen { document }
        } else {
            Act::DocumentThawed { document }
        };
        Ok(unless(there.frozen == frozen, act))
    }
}

/// Whether a gathering has exactly one document of the kind, from its opening on.
const fn is_one_of_its_kind(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Programme | DocumentKind::Introductions | DocumentKind::Closing)
}

/// A document with its template; called by its kind where it has no title.
pub(super) fn opened(kind: DocumentKind, owner: Owner, about: &About<'_>, now: Timestamp) -> Act {
    let title = if about.title.is_empty() { kind.title(about.language) } else { about.title };
    let template = accept::template(kind, &About { title, ..*about }, now);
    let (document, title) = (about.document, title.to_owned());
    Act::DocumentOpened { document, kind, owner, title, template }
}
