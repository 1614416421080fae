//! Coming in with a code, and coming back.

use serde::{Deserialize, Serialize};

use super::{Gathering, Participant};
use crate::time::Timestamp;

/// `POST /api/join`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The join code, `XXXX-XXXX`, in any case, with or without its hyphen.
    #[schema(example = "7K3M-9QXB")]
    pub code: String,
    /// The name to go by: 1 to 80 characters.
    pub name: String,
    /// Where they come from: at most 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Their region: at most 80 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The language that they type in, BCP 47: `nl-BE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Others who share this device: at most 5 names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together_with: Option<Vec<String>>,
}

/// `POST /api/return`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// The four words that the join gave, in any case, parted by blanks or hyphens.
    pub return_code: String,
}

/// The answer to a join or a return. The same token is also set as the cookie `oogst`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Joined {
    /// What to send as `Authorization: Bearer`. Shown once.
    pub token: String,
    /// Four words that bring the same participant back on another device.
    pub return_code: String,
    /// The gathering as the participant may see it.
    pub gathering: Gathering,
    /// Who the holder of the token is.
    pub participant: Participant,
}

/// The answer to a guest who comes before guests are admitted (202).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Waiting {
    /// When guests are expected, where that is known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts: Option<Timestamp>,
}
