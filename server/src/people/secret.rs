//! Tokens, return codes and the operator key: made of the system's randomness, kept as hashes.

use std::io;
use std::path::Path;
use std::sync::LazyLock;

use oogst_protocol::ids::JoinCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::VaultError;
use crate::disk;

/// Words in the list: ten bits each, so four words are 40 bits.
const WORDS: usize = 1 << 10;

/// Words of a return code.
const RETURN_WORDS: usize = 4;

/// Longest return code that is looked at, in bytes: four words of nine letters, and room.
const RETURN_BYTES_MAX: usize = 80;

/// Dutch words of four to nine letters that are hard to mishear.
static LIST: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("words.txt").split_whitespace().collect());

/// The SHA-256 of a secret: all that is kept of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom("a hash has 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// Knows the operator key when it sees it.
#[derive(Clone)]
pub struct Operator(Digest);

impl Operator {
    /// Remembers the hash of `key`.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(Digest::of(key))
    }

    /// Whether `token` is the operator key; takes the same time whatever it is.
    #[must_use]
    pub fn is(&self, token: &str) -> bool {
        self.0.0.ct_eq(&Digest::of(token).0).into()
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Operator(…)")
    }
}

/// A new token, of 256 random bits: 64 hexadecimal digits.
#[must_use]
pub fn new_token() -> String {
    hex(&random::<32>())
}

/// A new join code, of 40 random bits.
pub(super) fn new_join_code() -> JoinCode {
    JoinCode::from_random(u64::from_le_bytes(random()))
}

/// A new return code: four words with hyphens between them.
pub(super) fn new_return_code() -> String {
    assert_eq!(LIST.len(), WORDS, "the list holds ten bits a word");
    let random = u64::from_le_bytes(random());
    let word = |place: usize| {
        let index = (random >> (10 * place)) & (WORDS as u64 - 1);
        LIST[usize::try_from(index).expect("ten bits fit")]
    };
    (0..RETURN_WORDS).map(word).collect::<Vec<_>>().join("-")
}

/// A return code as it is kept, however it was typed: any case, blanks, hyphens or commas.
///
/// `None` where it cannot be one.
pub(super) fn plain_return_code(typed: &str) -> Option<String> {
    if typed.len() > RETURN_BYTES_MAX {
        return None;
    }
    let typed = typed.to_lowercase();
    let words: Vec<_> =
        typed.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    (words.len() == RETURN_WORDS).then(|| words.join("-"))
}

fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system has randomness once it has started");
    bytes
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all text");
        text
    })
}

/// Keeps a secret in the data directory, for its owner's eyes alone: reads `name`, or makes it.
///
/// Gives the secret and whether it is new. Blocks.
///
/// # Errors
///
/// [`VaultError::Io`].
pub fn keep_secret(data: &Path, name: &str) -> Result<(String, bool), VaultError> {
    let path = data.join(name);
    match std::fs::read_to_string(&path) {
        Ok(secret) => Ok((secret.trim().to_owned(), false)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = new_token();
            let made = disk::create_directory(data)
                .and_then(|()| disk::write_whole(&path, format!("{secret}\n").as_bytes()));
            made.map_err(|source| VaultError::Io { doing: "write", path, source })?;
            Ok((secret, true))
        }
        Err(source) => Err(VaultError::Io { doing: "read", path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_list_has_ten_bits_of_words_that_can_be_said() {
        let words: BTreeSet<_> = LIST.iter().collect();
        assert_eq!(words.len(), WORDS);
        for word in words {
            assert!((4..=9).contains(&word.len()), "{word}");
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
        }
    }

    #[test]
    fn a_return_code_is_read_as_people_type_it() {
        let code = new_return_code();
        assert_eq!(plain_return_code(&code).as_ref(), Some(&code));
        let typed = format!("  {} ", code.to_uppercase().replace('-', ", "));
        assert_eq!(plain_return_code(&typed), Some(code));
        assert_eq!(plain_return_code("een twee drie"), None);
        assert_eq!(plain_return_code(&"a ".repeat(100)), None);
    }

    #[test]
    fn the_operator_key_alone_is_the_operator_key() {
        let key = new_token();
        let operator = Operator::new(&key);
        assert!(operator.is(&key));
        assert!(!operator.is(&key[1..]) && !operator.is("") && !operator.is(&new_token()));
        assert!(!format!("{operator:?}").contains(&key));
    }
}
