//! Reads for files: the model of the harvest, and documents as tables.

use std::collections::BTreeMap;

use oogst_core::export::Called;
use oogst_core::view::{Credited, Wish};
use oogst_protocol::api::HarvestExport;
use oogst_protocol::ids::{DocumentId, GatheringId, ParticipantId};

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
