//! What the fuzz target and its first corpus share.

use automerge::{AutoCommit, Change};
use bytes::Bytes;
use oogst_core::accept::{Accepted, template};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::{About, DocumentKind};
use oogst_protocol::time::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Who writes.
pub fn participant() -> ParticipantId {
    ParticipantId::new(Uuid::from_u128(0xa1))
}

/// A harvest as it begins: accepted, and as the changes that automerge takes.
pub fn harvest() -> (Accepted, Vec<Change>) {
    let document = DocumentId::new(Uuid::from_u128(7));
    let about = About { question: "q", ..About::new(document, "t", "en") };
    let first = template(DocumentKind::Harvest, &about, Timestamp::default());
    let accepted = Accepted::open(DocumentKind::Harvest, &first).expect("a template opens");
    let change = Change::from_bytes(first.0.to_vec()).expect("a template is a change");
    (accepted, vec![change])
}

/// The same as an automerge document, under an actor of its own.
pub fn copy(actor: u8) -> AutoCommit {
    let mut doc = AutoCommit::new().with_actor(automerge::ActorId::from([actor; 16].as_slice()));
    doc.apply_changes(harvest().1).expect("a template applies");
    doc
}

/// A change chunk around a body.
pub fn chunk(body: &[u8]) -> Bytes {
    let mut head = vec![1];
    let mut rest = body.len();
    loop {
        let low = (rest & 0x7f) as u8;
        rest >>= 7;
        head.push(if rest == 0 { low } else { low | 0x80 });
        if rest == 0 {
            break;
        }
    }
    let hash = Sha256::new().chain_update(&head).chain_update(body).finalize();
    [&[0x85, 0x6f, 0x4a, 0x83], &hash[..4], &head, body].concat().into()
}

/// A change's body: what follows the header.
pub fn body(change: &Change) -> &[u8] {
    let bytes = change.raw_bytes();
    let length = bytes[9..].iter().position(|byte| byte & 0x80 == 0).map_or(0, |at| at + 1);
    &bytes[9 + length..]
}
