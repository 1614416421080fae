//! A document's root object as JSON: as a client of automerge-repo sees it, or united.
//!
//! Where two people made one map at the same time, a client shows one of the two. What is told as
//! the document does the same, or it would not be what its writers have before them. What is made
//! of the document elsewhere takes both, so that nobody's part is lost to a winner.

use std::collections::BTreeSet;

use automerge::{ObjId, ObjType, ROOT, ScalarValue, Value};
use serde_json::{Map, Number, Value as Json};

use super::item::Reader;

/// Deepest nesting that is shown; what lies deeper is `null`. Documents of the schema have five
/// levels, only what a newer client puts under `ext` can have more.
const DEPTH_MAX: usize = 64;

/// The whole document.
pub(super) fn root(reader: Reader<'_>) -> Json {
    map(reader, &ROOT, 0)
}

/// The whole document, with all that was made at once under one key.
pub(super) fn united(reader: Reader<'_>) -> Json {
    united_map(reader, &[ROOT], 0)
}

fn united_map(reader: Reader<'_>, maps: &[ObjId], depth: usize) -> Json {
    let keys: BTreeSet<_> = maps.iter().flat_map(|map| reader.keys_of(map)).collect();
    let entries = keys.into_iter().map(|key| {
        let entry = united_entry(reader, maps, &key, depth);
        (key, entry)
    });
    Json::Object(entries.collect::<Map<_, _>>())
}

/// Maps are united; of anything else the first counts that says something.
fn united_entry(reader: Reader<'_>, maps: &[ObjId], key: &str, depth: usize) -> Json {
    let mut shown = None;
    for found in maps.iter().filter_map(|map| reader.value(map, key)) {
        if matches!(found.0, Value::Object(ObjType::Map)) && depth < DEPTH_MAX {
            return united_map(reader, &reader.maps(maps, key), depth + 1);
        }
        let value = value(reader, found, depth);
        if !value.is_null() && value != "" {
            return value;
        }
        shown.get_or_insert(value);
    }
    shown.unwrap_or_default()
}

/// Reads again what stands under a key of the root, or under a key of the map there.
pub(super) fn refresh(root: &mut Json, reader: Reader<'_>, top: &str, key: Option<&str>) {
    let Json::Object(entries) = root else { return };
    let found = reader.value(&ROOT, top);
    if let (Some(key), Some((Value::Object(ObjType::Map), object)), Some(Json::Object(inner))) =
        (key, &found, entries.get_mut(top))
    {
        match reader.value(object, key) {
            Some(found) => drop(inner.insert(key.to_owned(), value(reader, found, 1))),
            None => drop(inner.remove(key)),
        }
        return;
    }
    match found {
        Some(found) => drop(entries.insert(top.to_owned(), value(reader, found, 0))),
        None => drop(entries.remove(top)),
    }
}

fn map(reader: Reader<'_>, object: &ObjId, depth: usize) -> Json {
    let entries = reader.keys_of(object).into_iter().map(|key| {
        let value = reader.value(object, key.as_str()).map(|found| value(reader, found, depth));
        (key, value.unwrap_or_default())
    });
    Json::Object(entries.collect::<Map<_, _>>())
}

fn value(reader: Reader<'_>, (value, object): (Value<'_>, ObjId), depth: usize) -> Json {
    match value {
        Value::Scalar(value) => scalar(&value),
        Value::Object(ObjType::Text) => Json::String(reader.text_of(&object)),
        Value::Object(_) if depth == DEPTH_MAX => Json::Null,
        Value::Object(ObjType::Map | ObjType::Table) => map(reader, &object, depth + 1),
        Value::Object(ObjType::List) => {
            let element = |place: usize| {
                let found = reader.value(&object, place)?;
                Some(self::value(reader, found, depth + 1))
            };
            (0..reader.length_of(&object)).map(|place| element(place).unwrap_or_default()).collect()
        }
    }
}

/// Moments are milliseconds, counters their count, bytes a list of numbers.
fn scalar(value: &ScalarValue) -> Json {
    match value {
        ScalarValue::Str(text) => Json::String(text.to_string()),
        ScalarValue::Int(number) | ScalarValue::Timestamp(number) => Json::from(*number),
        ScalarValue::Uint(number) => Json::from(*number),
        ScalarValue::F64(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        ScalarValue::Counter(counter) => Json::from(i64::from(counter)),
        ScalarValue::Boolean(flag) => Json::Bool(*flag),
        ScalarValue::Bytes(bytes) => bytes.iter().copied().collect(),
        ScalarValue::Null | ScalarValue::Unknown { .. } => Json::Null,
    }
}
