//! The operator key as configuration holds it: never shown, never logged.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// Shortest operator key, in characters.
const KEY_CHARACTERS_MIN: usize = 32;

/// The key that opens gatherings and runs the server. Its text leaves only through [`Self::text`].
#[derive(Clone, PartialEq, Eq)]
pub struct OperatorKey(String);

/// Text that can be no operator key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an operator key is {KEY_CHARACTERS_MIN} or more printable characters; \
     this has {found_characters}, or others among them"
)]
pub struct NotAKey {
    found_characters: usize,
}

impl OperatorKey {
    /// The key itself: for a link, a file or a comparison of hashes, never for a log.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl FromStr for OperatorKey {
    type Err = NotAKey;

    /// Blanks and line ends around the key are not part of it.
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        let found_characters = text.chars().count();
        if found_characters < KEY_CHARACTERS_MIN || text.chars().any(char::is_control) {
            return Err(NotAKey { found_characters });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorKey(…)")
    }
}

impl<'de> Deserialize<'de> for OperatorKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_long_and_printable_and_does_not_show_itself() {
        let key: OperatorKey = "0123456789012345678901234567890é\n".parse().unwrap();
        assert_eq!(key.text(), "0123456789012345678901234567890é");
        assert!(!format!("{key:?}").contains('9'));
        assert!("0123456789012345678901234567890".parse::<OperatorKey>().is_err());
        assert!("0123456789012345\u{7}123456789012345678".parse::<OperatorKey>().is_err());
    }
}
