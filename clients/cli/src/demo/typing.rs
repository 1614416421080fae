//! Edits of a document, each one change, as a client makes them.

use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};

/// A text that people type in: the keys that lead to it.
#[derive(Clone, Debug)]
pub(super) struct Text(Vec<String>);

/// What a new item is born with.
#[derive(Clone, Debug)]
pub(super) struct Born<'a> {
    /// The keys that lead to the map that it is added to: `insights`, `wordings`, …
    pub(super) map: &'a [&'a str],
    pub(super) item: &'a str,
    /// The writer, where it says who that is.
    pub(super) author: Option<&'a str>,
    /// Milliseconds since 1970, for display only.
    pub(super) created: i64,
    pub(super) position: &'a str,
    /// The maps that it holds, so that two who write in them at once write in the same ones.
    pub(super) maps: &'static [&'static str],
    /// Values from lists and ids; nothing for those that are open.
    pub(super) values: Vec<(&'static str, Option<String>)>,
    /// Texts that are there at once.
    pub(super) texts: Vec<(&'static str, &'a str)>,
}

pub(super) fn find(
    document: &impl ReadDoc,
    path: &[&str],
) -> Result<Option<ObjId>, AutomergeError> {
    let mut object = ROOT;
    for key in path {
        match document.get(&object, *key)? {
            Some((automerge::Value::Object(_), next)) => object = next,
            Some(_) | None => return Ok(None),
        }
    }
    Ok(Some(object))
}

/// As [`find`], where it has to be there.
fn at(document: &impl ReadDoc, path: &[&str]) -> Result<ObjId, AutomergeError> {
    let missing = || AutomergeError::InvalidObjId(path.join("/"));
    find(document, path)?.ok_or_else(missing)
}

impl Text {
    /// The harvest's question.
    pub(super) fn question() -> Self {
        Self(vec!["question".to_owned()])
    }

    /// An item's text, in one of the document's maps.
    pub(super) fn item(map: &str, item: &str) -> Self {
        Self([map, item, "text"].map(str::to_owned).to_vec())
    }

    pub(super) const fn at(path: Vec<String>) -> Self {
        Self(path)
    }

    fn path(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Adds to its end.
    pub(super) fn append(
        &self,
        tx: &mut Transaction<'_>,
        letters: &str,
    ) -> Result<(), AutomergeError> {
        let text = at(tx, &self.path())?;
        let end = tx.length(&text);
        tx.splice_text(&text, end, 0, letters)
    }

    /// Takes so many letters (UTF-16 units) from its end.
    pub(super) fn erase(
        &self,
        tx: &mut Transaction<'_>,
        letters: usize,
    ) -> Result<(), AutomergeError> {
        let text = at(tx, &self.path())?;
        let end = tx.length(&text);
        let gone = letters.min(end);
        tx.splice_text(&text, end - gone, gone.cast_signed(), "")
    }

    /// Takes all of it.
    pub(super) fn clear(&self, tx: &mut Transaction<'_>) -> Result<(), AutomergeError> {
        self.erase(tx, usize::MAX)
    }

    /// Puts words in the place of the first others like these, where they stand there.
    pub(super) fn mend(
        &self,
        tx: &mut Transaction<'_>,
        (from, to): (&str, &str),
    ) -> Result<(), AutomergeError> {
        let text = at(tx, &self.path())?;
        let now = tx.text(&text)?;
        let Some(found) = now.find(from) else { return Ok(()) };
        let start = now[..found].encode_utf16().count();
        tx.splice_text(&text, start, from.encode_utf16().count().cast_signed(), to)
    }

    /// What stands there; nothing where it is not there.
    pub(super) fn read(&self, document: &impl ReadDoc) -> Option<String> {
        let text = find(document, &self.path()).ok()??;
        document.text(text).ok()
    }
}

impl Born<'_> {
    pub(super) fn add(&self, tx: &mut Transaction<'_>) -> Result<(), AutomergeError> {
        let map = at(tx, self.map)?;
        let item = tx.put_object(&map, self.item, ObjType::Map)?;
        tx.put_object(&item, "text", ObjType::Text)?;
        if let Some(author) = self.author {
            tx.put(&item, "author", author)?;
        }
        tx.put(&item, "created", self.created)?;
        tx.put(&item, "position", self.position)?;
        tx.put(&item, "removed", false)?;
        for (key, value) in &self.values {
            let value = value.as_deref().map_or(ScalarValue::Null, ScalarValue::from);
            tx.put(&item, *key, value)?;
        }
        for (key, text) in &self.texts {
            let object = tx.put_object(&item, *key, ObjType::Text)?;
            tx.splice_text(&object, 0, 0, text)?;
        }
        for key in self.maps {
            tx.put_object(&item, *key, ObjType::Map)?;
        }
        Ok(())
    }
}

/// Has a file stand with an item, as a photo of it.
pub(super) fn show(
    tx: &mut Transaction<'_>,
    path: &[&str],
    file: &str,
) -> Result<(), AutomergeError> {
    let item = at(tx, path)?;
    let photos = match tx.get(&item, "photos")? {
        Some((automerge::Value::Object(_), photos)) => photos,
        Some(_) | None => tx.put_object(&item, "photos", ObjType::Map)?,
    };
    tx.put(&photos, file, true)
}

/// Writes one value of an item.
pub(super) fn put(
    tx: &mut Transaction<'_>,
    path: &[&str],
    key: &str,
    value: impl Into<ScalarValue>,
) -> Result<(), AutomergeError> {
    let object = at(tx, path)?;
    tx.put(&object, key, value)
}

/// Whether a flag of an item stands.
pub(super) fn flag(document: &impl ReadDoc, path: &[&str], key: &str) -> Option<bool> {
    let object = find(document, path).ok()??;
    document.get(&object, key).ok()?.and_then(|(value, _)| value.as_bool())
}

/// What stands under the last of these keys, in letters; nothing where it is not there.
pub(super) fn told(document: &impl ReadDoc, path: &[&str]) -> Option<String> {
    let (key, map) = path.split_last()?;
    match document.get(find(document, map).ok()??, *key).ok()?? {
        (automerge::Value::Object(ObjType::Text), text) => document.text(text).ok(),
        (automerge::Value::Object(_), _) => None,
        (automerge::Value::Scalar(value), _) => match value.as_ref() {
            ScalarValue::Str(word) => Some(word.to_string()),
            ScalarValue::Int(number) => Some(number.to_string()),
            ScalarValue::Uint(number) => Some(number.to_string()),
            ScalarValue::Boolean(flag) => Some(flag.to_string()),
            ScalarValue::Bytes(_)
            | ScalarValue::F64(_)
            | ScalarValue::Counter(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Unknown { .. }
            | ScalarValue::Null => None,
        },
    }
}
