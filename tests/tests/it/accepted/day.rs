//! A small day for the tests of single rules: one document, and clients by hand.

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use bytes::Bytes;
use oogst_core::accept::{Admitted, Fault};
use oogst_protocol::event::Role;
use oogst_protocol::ids::ParticipantId;
use oogst_protocol::schema::DocumentKind;
use uuid::Uuid;

use super::world::Server;

/// Three members of the gathering.
pub(super) const AN: ParticipantId = ParticipantId::new(Uuid::from_u128(0xa1));
pub(super) const BO: ParticipantId = ParticipantId::new(Uuid::from_u128(0xb0));
pub(super) const CAS: ParticipantId = ParticipantId::new(Uuid::from_u128(0xca));

/// An item's key.
pub(super) fn key(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// One document's day.
pub(super) struct Day {
    pub(super) server: Server,
    actors: u128,
}

impl Day {
    pub(super) fn new(kind: DocumentKind) -> Self {
        // Above the document's own id, which its template's actor is.
        Self { server: Server::new(kind, vec![AN, BO, CAS]), actors: 1_000 }
    }

    /// A harvest.
    pub(super) fn harvest() -> Self {
        Self::new(DocumentKind::Harvest)
    }

    /// A client that holds everything there is, under an actor of its own.
    pub(super) fn client(&mut self) -> AutoCommit {
        self.actors += 1;
        self.server.copy(ActorId::from(Uuid::from_u128(self.actors).as_bytes().as_slice()))
    }

    /// Pushes what a client has and the server lacks, as a participant.
    pub(super) fn push(
        &mut self,
        doc: &mut AutoCommit,
        by: ParticipantId,
    ) -> Result<Admitted, Fault> {
        self.push_as(doc, by, Role::Participant)
    }

    pub(super) fn push_as(
        &mut self,
        doc: &mut AutoCommit,
        by: ParticipantId,
        role: Role,
    ) -> Result<Admitted, Fault> {
        doc.commit();
        let changes = doc.get_changes(&[]);
        let chunks: Vec<Bytes> =
            changes.iter().map(|change| Bytes::copy_from_slice(change.raw_bytes())).collect();
        self.server.admit(&chunks, by, role)
    }

    /// An insight of An's, pushed; gives a client that holds it, and the insight.
    pub(super) fn with_insight(&mut self, number: u128) -> (AutoCommit, ObjId) {
        let mut doc = self.client();
        let item = add_insight(&mut doc, number, AN);
        self.push(&mut doc, AN).unwrap();
        (doc, item)
    }
}

/// The map under a key of the root.
pub(super) fn root_map(doc: &AutoCommit, key: &str) -> ObjId {
    doc.get(ROOT, key).unwrap().unwrap().1
}

/// Adds an insight with text, author and supports.
pub(super) fn add_insight(doc: &mut AutoCommit, number: u128, by: ParticipantId) -> ObjId {
    let item = doc.put_object(root_map(doc, "insights"), key(number), ObjType::Map).unwrap();
    text(doc, &item, "text", "Begin klein");
    text(doc, &item, "author", &by.to_string());
    doc.put(&item, "removed", false).unwrap();
    doc.put(&item, "highlight", false).unwrap();
    doc.put_object(&item, "supports", ObjType::Map).unwrap();
    item
}

/// Writes a plain string as the JavaScript library does: a new text.
pub(super) fn text(doc: &mut AutoCommit, map: &ObjId, key: &str, value: &str) -> ObjId {
    let text = doc.put_object(map, key, ObjType::Text).unwrap();
    doc.splice_text(&text, 0, 0, value).unwrap();
    text
}
