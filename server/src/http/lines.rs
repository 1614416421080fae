//! What `events` and `feed` are asked for: from where on, how much, and only which lines.
//!
//! A filter's key may be repeated, or hold several values parted by commas; the length of a
//! request's head bounds them.

use std::str::FromStr;

use oogst_core::view::Filter;
use oogst_protocol::contribution::Kind;
use oogst_protocol::ids::{GroupId, ParticipantId, Seq};

use super::problem::ApiError;

/// The pairs of a query, in order.
pub(super) type Pairs = Vec<(String, String)>;

/// A query for lines, understood.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) after: Seq,
    pub(super) limit: Option<usize>,
    pub(super) filter: Filter,
}

impl Wanted {
    /// Reads the query of `events`.
    pub(super) fn page(pairs: &Pairs) -> Result<Self, ApiError> {
        Self::read(pairs, "limit")
    }

    /// Reads the query of `feed`, whose token is read elsewhere.
    pub(super) fn stream(pairs: &Pairs) -> Result<Self, ApiError> {
        Self::read(pairs, "token")
    }

    /// `own` is the key that only one of both knows.
    fn read(pairs: &Pairs, own: &'static str) -> Result<Self, ApiError> {
        let mut wanted = Self::default();
        for (place, (key, value)) in pairs.iter().enumerate() {
            let values = value.split(',').map(str::trim).filter(|value| !value.is_empty());
            match key.as_str() {
                "type" => {
                    for name in values {
                        wanted.filter.kinds.insert(kind(name)?);
                    }
                }
                "group" => {
                    for id in values {
                        wanted.filter.groups.insert(parsed::<GroupId>(key, id)?);
                    }
                }
                "participant" => {
                    for id in values {
                        wanted.filter.participants.insert(parsed::<ParticipantId>(key, id)?);
                    }
                }
                _ if pairs[..place].iter().any(|(before, _)| before == key) => {
                    return Err(ApiError::invalid(format!("`{key}` must be there once")));
                }
                "after" => wanted.after = parsed(key, value)?,
                "limit" if own == "limit" => wanted.limit = Some(parsed(key, value)?),
                "token" if own == "token" => {}
                _ => {
                    return Err(ApiError::invalid(format!(
                        "unknown field `{key}`, expected one of `after`, `{own}`, `type`, \
                         `group`, `participant`"
                    )));
                }
            }
        }
        Ok(wanted)
    }
}

fn kind(name: &str) -> Result<Kind, ApiError> {
    Kind::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let names = names.join(", ");
        ApiError::invalid(format!("there is no type `{name}` of contribution; there are {names}"))
    })
}

fn parsed<T: FromStr>(key: &str, value: &str) -> Result<T, ApiError>
where
    T::Err: std::fmt::Display,
{
    value.parse().map_err(|error| ApiError::invalid(format!("`{key}` is `{value}`: {error}")))
}
