//! Files of a document.

use serde::{Deserialize, Serialize};

use crate::ids::{DocumentId, FileId};

/// A file that was added to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct File {
    /// The file, as an item's `photos` names it; its bytes are at `/api/files/{id}`.
    pub id: FileId,
    /// The document whose rights it has.
    pub document: DocumentId,
    /// What it was made into: `image/jpeg`.
    pub media_type: String,
    /// Its length in bytes.
    pub length_bytes: u64,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}
