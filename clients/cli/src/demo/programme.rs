//! The day's programme as the facilitator runs it, block by block.

use std::collections::BTreeMap;

use oogst_client::{Access, ClientError};
use oogst_protocol::ids::{DocumentId, ItemId};
use serde_json::Value;

use super::play::again;

/// The blocks of a programme.
pub(super) struct Programme {
    facilitator: Access,
    /// By what they were called when the day began.
    blocks: BTreeMap<String, ItemId>,
}

impl Programme {
    /// Reads it from its document.
    ///
    /// # Errors
    ///
    /// What the server refused.
    pub(super) async fn read(
        facilitator: &Access,
        document: DocumentId,
    ) -> Result<Self, ClientError> {
        let root = again(|| facilitator.document(document)).await?;
        let blocks = root["blocks"].as_object().into_iter().flatten();
        let titled = blocks.filter_map(|(id, block)| {
            Some((block.get("title").and_then(Value::as_str)?.to_owned(), id.parse().ok()?))
        });
        Ok(Self { facilitator: facilitator.clone(), blocks: titled.collect() })
    }

    /// Begins a block, which ends the one before.
    ///
    /// # Errors
    ///
    /// What the server refused, or that there is none of that title.
    pub(super) async fn begin(&self, title: &str) -> Result<(), ClientError> {
        let block = self.block(title)?;
        again(|| self.facilitator.start_block(block)).await.map(drop)
    }

    /// Ends a block.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub(super) async fn end(&self, title: &str) -> Result<(), ClientError> {
        let block = self.block(title)?;
        again(|| self.facilitator.end_block(block)).await.map(drop)
    }

    fn block(&self, title: &str) -> Result<ItemId, ClientError> {
        let missing =
            || ClientError::NotUnderstood { what: format!("there is no block `{title}`") };
        self.blocks.get(title).copied().ok_or_else(missing)
    }
}
