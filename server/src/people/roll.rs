//! A gathering's roll: its join codes and its people, as they lie in one file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oogst_protocol::api::Codes;
use oogst_protocol::ids::{GatheringId, ParticipantId};
use serde::{Deserialize, Serialize};

use super::secret::Digest;
use super::{TargetGroup, VaultError};
use crate::disk;

/// The form that this build writes, and the newest that it reads.
const FORMAT: u32 = 1;

/// Most tokens a person holds: one a device. The oldest gives way.
const TOKENS_MAX: usize = 64;

/// Most return codes a person holds. The oldest gives way.
const RETURN_CODES_MAX: usize = 16;

/// What somebody tells of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name they go by.
    pub name: String,
    /// Where they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Their region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The language that they type in, BCP 47.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Others who share their device.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
    /// Whether they are of the target group.
    #[serde(default, skip_serializing_if = "TargetGroup::is_unsaid")]
    pub target_group: TargetGroup,
}

/// Somebody on the roll, and what proves it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) person: Person,
    pub(crate) tokens: Vec<Digest>,
    pub(crate) return_codes: Vec<Digest>,
}

impl Entry {
    /// Adds a token; gives the one that had to make place.
    pub(super) fn add_token(&mut self, token: Digest) -> Option<Digest> {
        let oldest = (self.tokens.len() == TOKENS_MAX).then(|| self.tokens.remove(0));
        self.tokens.push(token);
        oldest
    }

    /// Adds a return code; gives the one that had to make place.
    pub(super) fn add_return_code(&mut self, code: Digest) -> Option<Digest> {
        let full = self.return_codes.len() == RETURN_CODES_MAX;
        let oldest = full.then(|| self.return_codes.remove(0));
        self.return_codes.push(code);
        oldest
    }
}

/// One gathering's part of the vault.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Roll {
    format: u32,
    pub(super) codes: Codes,
    pub(super) people: BTreeMap<ParticipantId, Entry>,
}

impl Roll {
    pub(super) const fn new(codes: Codes) -> Self {
        Self { format: FORMAT, codes, people: BTreeMap::new() }
    }

    /// Replaces the gathering's file; on return the new one survives a power cut. Blocks.
    pub(super) fn save(&self, directory: &Path, gathering: GatheringId) -> Result<(), VaultError> {
        let path = path(directory, gathering);
        let bytes = serde_json::to_vec_pretty(self).expect("a roll is plain data");
        disk::write_whole(&path, &bytes).map_err(|source| VaultError::Io {
            doing: "write",
            path,
            source,
        })
    }
}

/// Removes a gathering's file, where there is one; on return it stays away. Blocks.
pub(super) fn delete(directory: &Path, gathering: GatheringId) -> Result<(), VaultError> {
    let path = path(directory, gathering);
    disk::remove(&path).map_err(|source| VaultError::Io { doing: "remove", path, source })
}

/// Reads every roll in `directory`, which is made where there is none.
pub(super) fn load_all(directory: &Path) -> Result<BTreeMap<GatheringId, Roll>, VaultError> {
    let io = |doing| move |source| VaultError::Io { doing, path: directory.to_path_buf(), source };
    disk::private_directory(directory).map_err(io("make private"))?;
    let mut rolls = BTreeMap::new();
    for file in std::fs::read_dir(directory).map_err(io("list"))? {
        let path = file.map_err(io("list"))?.path();
        if disk::is_leftover(&path) {
            continue;
        }
        let roll = load(&path)?;
        let name = path.file_stem().and_then(|name| name.to_str());
        let gathering = name.and_then(|name| name.parse().ok());
        let gathering = gathering.ok_or_else(|| VaultError::Stranger { path: path.clone() })?;
        rolls.insert(gathering, roll);
    }
    Ok(rolls)
}

fn load(path: &Path) -> Result<Roll, VaultError> {
    let damaged = |source| VaultError::Damaged { path: path.into(), source };
    let bytes = std::fs::read(path).map_err(|source| VaultError::Io {
        doing: "read",
        path: path.into(),
        source,
    })?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(damaged)?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(found) if found > u64::from(FORMAT) => {
            Err(VaultError::Newer { path: path.into(), found, newest: FORMAT })
        }
        Some(_) | None => serde_json::from_value(value).map_err(damaged),
    }
}

/// Where a gathering's roll is.
pub(super) fn path(directory: &Path, gathering: GatheringId) -> PathBuf {
    directory.join(format!("{gathering}.json"))
}
