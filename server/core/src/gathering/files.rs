//! Files of a gathering: which document each belongs to, and how much there is.
//!
//! Invariant: a file has the rights of its document, and no others. Its bytes are not here and not
//! in the log: the shell keeps them, so that they can be erased.

use std::collections::BTreeMap;

use oogst_protocol::event::{Act, By};
use oogst_protocol::ids::{DocumentId, FileId};

use super::Fold;
use super::command::Acts;
use crate::port::{File, Hindrance, NewFile, Refusal};
use crate::rights::Access;

/// The fold of the files that were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Files {
    added: BTreeMap<FileId, File>,
    /// Of all of them.
    bytes: u64,
}

impl Files {
    pub(super) fn add(
        &mut self,
        file: FileId,
        document: DocumentId,
        media_type: &str,
        length_bytes: u64,
    ) {
        let added = File { document, media_type: media_type.to_owned(), length_bytes };
        // An event that names a file twice, or more bytes than there are, is none of ours.
        self.bytes = self.bytes.saturating_add(length_bytes);
        self.added.insert(file, added);
    }

    pub(super) fn get(&self, file: FileId) -> Option<&File> {
        self.added.get(&file)
    }
}

impl Fold {
    /// Judges a file whose bytes the shell has on its disk by now.
    pub(super) fn add_file(&self, by: By, new: &NewFile) -> Result<Acts, Refusal> {
        let access = by.participant.map_or(Access::Read, |who| self.access(who, new.document));
        match access {
            Access::Write => {}
            Access::Read => {
                let who = "whoever may write in this document now";
                return Err(Refusal::Forbidden { who });
            }
            Access::Nothing => return Err(Refusal::Unknown { what: "document" }),
        }
        if self.files.added.contains_key(&new.file) {
            return Err(Refusal::Conflict { why: Hindrance::Taken { what: "file" } });
        }
        if new.files_max > 0 && self.files.added.len() >= new.files_max {
            return Err(Refusal::Full { what: "files", most: new.files_max });
        }
        let bytes = self.files.bytes.saturating_add(new.length_bytes);
        if new.mebibytes_max > 0 && bytes > (new.mebibytes_max as u64) << 20 {
            return Err(Refusal::Full { what: "MiB of files", most: new.mebibytes_max });
        }
        Ok(vec![Act::FileAdded {
            file: new.file,
            document: new.document,
            media_type: new.media_type.clone(),
            length_bytes: new.length_bytes,
            sha256: new.sha256,
        }])
    }

    /// A file that was added.
    pub(super) fn file(&self, file: FileId) -> Option<&File> {
        self.files.get(file)
    }

    /// Whether a file of this id was ever added.
    #[must_use]
    pub fn has_file(&self, file: FileId) -> bool {
        self.files.get(file).is_some()
    }
}

#[cfg(test)]
mod tests {
    use oogst_protocol::event::{ChangeBytes, Owner, Role};
    use oogst_protocol::ids::{ChangeHash, ParticipantId, RoundId};
    use oogst_protocol::schema::DocumentKind;
    use uuid::Uuid;

    use super::*;

    const DOCUMENT: DocumentId = DocumentId::new(Uuid::from_u128(1));
    const FACILITATOR: By =
        By { participant: Some(ParticipantId::new(Uuid::from_u128(2))), role: Role::Facilitator };
    const OBSERVER: By =
        By { participant: Some(ParticipantId::new(Uuid::from_u128(3))), role: Role::Observer };

    fn gathering() -> Fold {
        let mut fold = Fold::default();
        let (title, language) = ("Dag".to_owned(), "nl-BE".to_owned());
        fold.apply(&Act::GatheringPrepared { title, language, date: None, network: None });
        let round = RoundId::new(Uuid::from_u128(4));
        fold.apply(&Act::RoundOpened { round, title: String::new(), kind: None });
        fold.apply(&Act::DocumentOpened {
            document: DOCUMENT,
            kind: DocumentKind::Harvest,
            owner: Owner::Gathering,
            title: String::new(),
            template: ChangeBytes(bytes::Bytes::new()),
        });
        for By { participant, role } in [FACILITATOR, OBSERVER] {
            let participant = participant.unwrap();
            fold.apply(&Act::ParticipantJoined { participant, role, region: None, together: None });
        }
        fold
    }

    fn photo(number: u128, length_bytes: u64) -> NewFile {
        NewFile {
            file: FileId::new(Uuid::from_u128(number)),
            document: DOCUMENT,
            media_type: "image/jpeg".to_owned(),
            length_bytes,
            sha256: ChangeHash([7; 32]),
            files_max: 3,
            mebibytes_max: 1,
        }
    }

    #[test]
    fn a_file_is_added_by_those_who_may_write_in_its_document() {
        let mut fold = gathering();
        let acts = fold.add_file(FACILITATOR, &photo(1, 9)).unwrap();
        acts.iter().for_each(|act| fold.apply(act));
        assert!(fold.has_file(photo(1, 9).file));
        let refused = |by, file: &NewFile| fold.add_file(by, file).unwrap_err();
        assert!(matches!(refused(FACILITATOR, &photo(1, 9)), Refusal::Conflict { .. }));
        assert!(matches!(refused(OBSERVER, &photo(2, 9)), Refusal::Forbidden { .. }));
        let operator = By { participant: None, role: Role::Operator };
        assert!(matches!(refused(operator, &photo(2, 9)), Refusal::Forbidden { .. }));
        let elsewhere = DocumentId::new(Uuid::from_u128(99));
        let lost = NewFile { document: elsewhere, ..photo(2, 9) };
        assert_eq!(refused(FACILITATOR, &lost), Refusal::Unknown { what: "document" });
    }

    #[test]
    fn a_gathering_holds_so_many_files_and_so_many_bytes() {
        let mut fold = gathering();
        for number in 1..=2 {
            let acts = fold.add_file(FACILITATOR, &photo(number, 500 << 10)).unwrap();
            acts.iter().for_each(|act| fold.apply(act));
        }
        let full = |file: &NewFile| fold.add_file(FACILITATOR, file);
        assert!(full(&photo(3, 24 << 10)).is_ok());
        let large = Refusal::Full { what: "MiB of files", most: 1 };
        assert_eq!(full(&photo(3, 25 << 10)), Err(large));
        assert!(full(&NewFile { mebibytes_max: 0, ..photo(3, 1 << 40) }).is_ok());
        let many = Refusal::Full { what: "files", most: 2 };
        assert_eq!(full(&NewFile { files_max: 2, ..photo(3, 1) }), Err(many));
    }
}
