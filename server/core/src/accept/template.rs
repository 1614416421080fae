//! A document's first change.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT, ScalarValue};
use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::ids::DocumentId;
use oogst_protocol::schema::{self, DocumentKind, Seed};
use oogst_protocol::time::Timestamp;

/// A document's first change: its kind, schema, title and question, and its empty maps.
///
/// Equal arguments give equal bytes. The actor is the document's id, and belongs to nobody.
#[must_use]
pub fn template(
    kind: DocumentKind,
    title: &str,
    question: &str,
    document: DocumentId,
    at: Timestamp,
) -> ChangeBytes {
    let mut empty = Automerge::new().with_actor(ActorId::from(document.as_bytes().as_slice()));
    let mut edit = empty.transaction();
    for (key, seed) in schema::template(kind, title, question) {
        let put = match seed {
            Seed::Whole(number) => edit.put(ROOT, key, ScalarValue::Int(number)),
            Seed::Map => edit.put_object(ROOT, key, ObjType::Map).map(drop),
            Seed::Text(text) => edit
                .put_object(ROOT, key, ObjType::Text)
                .and_then(|object| edit.splice_text(object, 0, 0, &text)),
        };
        put.expect("the root of a new document is a map");
    }
    let seconds = at.milliseconds().div_euclid(1000);
    edit.commit_with(CommitOptions::default().with_time(seconds));
    let change = empty.get_last_local_change().expect("a template has operations");
    ChangeBytes(Bytes::copy_from_slice(change.raw_bytes()))
}
