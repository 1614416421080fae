//! What an archive of a gathering leaves out: what its asker may not read, and every intervision.
//!
//! An intervision is its room's alone, and a file goes where it is sent, so nobody's archive holds
//! one. An event about a document that is left out is replaced by one that says that something
//! stood here: seqs stay without a gap, and whoever holds the original can show by its hash that
//! it is the one.

use std::collections::BTreeSet;
use std::sync::Arc;

use oogst_protocol::event::{Act, Conduct, Entry, Event, Spotlight, TimerScope};
use oogst_protocol::ids::{ChangeHash, DocumentId};
use oogst_protocol::schema::DocumentKind;
use sha2::Digest;

/// What is left out, and what was met of it.
pub(super) struct Withholding<'a> {
    readable: &'a BTreeSet<DocumentId>,
    documents: BTreeSet<DocumentId>,
}

impl<'a> Withholding<'a> {
    /// `readable` are the documents that the asker may read.
    pub(super) const fn new(readable: &'a BTreeSet<DocumentId>) -> Self {
        Self { readable, documents: BTreeSet::new() }
    }

    /// The event as the archive holds it.
    pub(super) fn pass(&mut self, event: Arc<Event>) -> Arc<Event> {
        let act = &event.entry.act;
        if let Act::DocumentOpened { document, kind, .. } = act
            && (is_confidential(*kind) || !self.readable.contains(document))
        {
            self.documents.insert(*document);
        }
        if !about(act).is_some_and(|document| self.documents.contains(&document)) {
            return event;
        }
        let sha256 = ChangeHash(sha2::Sha256::digest(event.encode()).into());
        let act = Act::Withheld { contributions: act.contributions(), sha256 };
        let Entry { at, by, .. } = event.entry;
        let entry = Entry { at, by, act };
        Arc::new(Event { gathering: event.gathering, seq: event.seq, entry })
    }
}

/// Whether a document of this kind is its room's alone.
pub(super) fn is_confidential(kind: DocumentKind) -> bool {
    kind == DocumentKind::Intervision
}

/// The document that an act is about or points at.
fn about(act: &Act) -> Option<DocumentId> {
    if let Act::Conducted(
        Conduct::TimerStarted { scope: TimerScope::Document(document), .. }
        | Conduct::TimerStopped { scope: TimerScope::Document(document) }
        | Conduct::SpotlightSet { spotlight: Some(Spotlight::Item { document, .. }) },
    ) = act
    {
        return Some(*document);
    }
    act.document()
}

#[cfg(test)]
mod tests {
    use oogst_core::gathering::Fold;
    use oogst_protocol::event::{By, ChangeBytes, Owner, Role};
    use oogst_protocol::ids::{FileId, GatheringId, ParticipantId, RoundId, Seq};
    use oogst_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    const OPEN: DocumentId = DocumentId::new(Uuid::from_u128(1));
    const SHUT: DocumentId = DocumentId::new(Uuid::from_u128(2));

    fn opened(document: DocumentId, title: &str) -> Act {
        Act::DocumentOpened {
            document,
            kind: DocumentKind::Harvest,
            owner: Owner::Gathering,
            title: title.to_owned(),
            template: ChangeBytes(bytes::Bytes::new()),
        }
    }

    fn acts() -> Vec<Act> {
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        let round = RoundId::new(Uuid::from_u128(3));
        let participant = ParticipantId::new(Uuid::from_u128(4));
        let timer = TimerScope::Document(SHUT);
        vec![
            Act::GatheringPrepared { title, language, date: None, network: None },
            Act::RoundOpened { round, title: String::new(), kind: None },
            opened(OPEN, "Oogst"),
            opened(SHUT, "Geheim geval"),
            Act::DocumentFrozen { document: OPEN },
            Act::DocumentFrozen { document: SHUT },
            Act::RoomChanged { document: SHUT, participant, inside: true },
            Act::FileAdded {
                file: FileId::new(Uuid::from_u128(5)),
                document: SHUT,
                media_type: "image/jpeg".to_owned(),
                length_bytes: 7,
                sha256: ChangeHash([0; 32]),
            },
            Act::Conducted(Conduct::TimerStarted { scope: timer, seconds: 60 }),
            Act::Conducted(Conduct::TimerStarted { scope: TimerScope::Gathering, seconds: 60 }),
        ]
    }

    #[test]
    fn what_may_not_be_read_leaves_its_place_and_nothing_else() {
        let readable = BTreeSet::from([OPEN]);
        let mut withholding = Withholding::new(&readable);
        let mut fold = Fold::default();
        let mut left_out = 0;
        for (seq, act) in (1..).zip(acts()) {
            let by = By { participant: None, role: Role::Operator };
            let entry = Entry { at: Timestamp::from_milliseconds(1), by, act };
            let gathering = GatheringId::new(Uuid::from_u128(6));
            let event = Arc::new(Event { gathering, seq: Seq(seq), entry });
            let passed = withholding.pass(Arc::clone(&event));
            assert_eq!((passed.seq, passed.entry.at), (event.seq, event.entry.at));
            assert_eq!(passed.entry.act.contributions(), event.entry.act.contributions());
            let bytes = passed.encode();
            let holds = |what: &[u8]| bytes.windows(what.len()).any(|at| at == what);
            assert!(!holds(b"Geheim") && !holds(SHUT.as_bytes()), "event {seq}");
            if let Act::Withheld { sha256, .. } = &passed.entry.act {
                left_out += 1;
                assert_eq!(sha256.0, *sha2::Sha256::digest(event.encode()));
            } else {
                assert_eq!(passed, event);
            }
            fold.fold(&passed.entry);
        }
        assert_eq!((left_out, fold.documents().count()), (5, 1));
    }
}
