//! Reads for what is made of documents: the model of the harvest, tables, overviews.

use std::collections::BTreeMap;

use oogst_core::export::Called;
use oogst_core::view::{Credited, DocumentJson, Wish};
use oogst_protocol::api::HarvestExport;
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId, Seq};

use super::kept::Kept;
use super::{ViewError, Views};

impl Views {
    /// The running round's harvest, for every format of export. `people` is what the vault has of
    /// the gathering's members; what may be told of them is decided by their consent.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn export(
        &self,
        gathering: GatheringId,
        wish: Wish,
        people: BTreeMap<ParticipantId, Credited>,
    ) -> Result<HarvestExport, ViewError> {
        let read = move |kept: &Kept| {
            let credits = |who| people.get(&who).cloned().unwrap_or_default();
            Ok(kept.export(wish, &credits))
        };
        self.ask(gathering, read).await
    }

    /// A document's root object now, or as it was right after the event `at`, for what is made of
    /// it: with all that two people made at once under one key.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn united(
        &self,
        gathering: GatheringId,
        document: DocumentId,
        at: Option<Seq>,
    ) -> Result<DocumentJson, ViewError> {
        self.ask_when(gathering, at.is_some(), move |kept| kept.united(document, at)).await
    }

    /// A document as a table that `write` makes of its root object. `people` is what the vault
    /// has of the gathering's members; they are called what they agreed to be called.
    ///
    /// # Errors
    ///
    /// [`ViewError`] says whose fault it is.
    pub async fn table(
        &self,
        gathering: GatheringId,
        document: DocumentId,
        people: BTreeMap<ParticipantId, Credited>,
        write: fn(&serde_json::Value, Called<'_>) -> String,
    ) -> Result<String, ViewError> {
        let read = move |kept: &Kept| {
            let credits = |who| people.get(&who).cloned().unwrap_or_default();
            kept.table(document, &credits, write)
        };
        self.ask(gathering, read).await
    }
}
