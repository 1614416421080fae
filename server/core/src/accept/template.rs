//! A document's first change.

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ScalarValue};
use bytes::Bytes;
use oogst_protocol::event::ChangeBytes;
use oogst_protocol::schema::{self, About, DocumentKind, Seed};
use oogst_protocol::time::Timestamp;

/// A document's first change: its kind and schema, its texts and maps, and what they begin with.
///
/// Equal arguments give equal bytes. The actor is the document's id, and belongs to nobody.
///
/// # Panics
///
/// Never: a new document takes every seed.
#[must_use]
pub fn template(kind: DocumentKind, about: &About<'_>, at: Timestamp) -> ChangeBytes {
    let actor = ActorId::from(about.document.as_bytes().as_slice());
    let mut empty = Automerge::new().with_actor(actor);
    let mut edit = empty.transaction();
    let planted = plant(&mut edit, &ROOT, schema::template(kind, about));
    planted.expect("every map of a new document was made just before");
    let seconds = at.milliseconds().div_euclid(1000);
    edit.commit_with(CommitOptions::default().with_time(seconds));
    let change = empty.get_last_local_change().expect("a template has operations");
    ChangeBytes(Bytes::copy_from_slice(change.raw_bytes()))
}

fn plant(
    edit: &mut Transaction<'_>,
    map: &ObjId,
    seeds: Vec<(String, Seed)>,
) -> Result<(), AutomergeError> {
    for (key, seed) in seeds {
        match seed {
            Seed::Whole(number) => edit.put(map, key, ScalarValue::Int(number))?,
            Seed::Flag(flag) => edit.put(map, key, flag)?,
            Seed::Text(text) => {
                let object = edit.put_object(map, key, ObjType::Text)?;
                edit.splice_text(&object, 0, 0, &text)?;
            }
            Seed::Map(seeds) => {
                let object = edit.put_object(map, key, ObjType::Map)?;
                plant(edit, &object, seeds)?;
            }
        }
    }
    Ok(())
}
