//! Edits as the web client makes them: each one change of a harvest, well formed.

use automerge::transaction::Transactable;
use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use oogst_protocol::ids::{ChangeHash, ParticipantId};
use uuid::Uuid;

use super::dice::Dice;

const CATEGORIES: [&str; 3] = ["insight", "obstacle", "tip"];

/// Makes one edit of this participant in its copy of a harvest; the new change's hash, or `None`
/// where the copy has no insights map yet.
pub fn edit(
    copy: &mut Automerge,
    participant: ParticipantId,
    dice: &mut Dice,
) -> Option<ChangeHash> {
    let (_, insights) = copy.get(ROOT, "insights").unwrap()?;
    let items: Vec<(String, ObjId)> = copy
        .keys(&insights)
        .filter_map(|key| Some((key.clone(), copy.get(&insights, key).unwrap()?.1)))
        .collect();
    let chosen = dice.below(items.len().max(1));
    let mut tx = copy.transaction();
    match items.get(chosen) {
        Some((_, item)) if dice.chance(80) => {
            let other = &items[dice.below(items.len())].0;
            change(&mut tx, item, other, participant, dice);
        }
        Some(_) | None => add(&mut tx, &insights, participant, dice),
    }
    let (hash, _) = tx.commit();
    hash.map(|hash| ChangeHash(hash.0))
}

fn add(tx: &mut impl Transactable, insights: &ObjId, who: ParticipantId, dice: &mut Dice) {
    let id = Uuid::from_u128(u128::from(dice.number()) << 64 | u128::from(dice.number()));
    let id = uuid::Builder::from_random_bytes(*id.as_bytes()).into_uuid();
    let item = tx.put_object(insights, id.to_string(), ObjType::Map).unwrap();
    let text = tx.put_object(&item, "text", ObjType::Text).unwrap();
    tx.splice_text(&text, 0, 0, "een inzicht").unwrap();
    for (key, word) in [("author", who.to_string()), ("position", "a0".to_owned())] {
        let value = tx.put_object(&item, key, ObjType::Text).unwrap();
        tx.splice_text(&value, 0, 0, &word).unwrap();
    }
    tx.put(&item, "created", 1_795_256_103_120_i64).unwrap();
    tx.put(&item, "removed", false).unwrap();
    tx.put(&item, "parent", ScalarValue::Null).unwrap();
    tx.put_object(&item, "supports", ObjType::Map).unwrap();
}

fn change(
    tx: &mut impl Transactable,
    item: &ObjId,
    other: &str,
    who: ParticipantId,
    dice: &mut Dice,
) {
    match dice.below(8) {
        0 => tx.put(item, "category", CATEGORIES[dice.below(CATEGORIES.len())]).unwrap(),
        1 => tx.put(item, "parent", other).unwrap(),
        2 => tx.put(item, "removed", dice.chance(50)).unwrap(),
        3 => {
            if let Some((Value::Object(ObjType::Map), supports)) = tx.get(item, "supports").unwrap()
            {
                tx.put(&supports, who.to_string(), true).unwrap();
            }
        }
        _ => {
            if let Some((Value::Object(ObjType::Text), text)) = tx.get(item, "text").unwrap() {
                let length = tx.length(&text);
                let at = dice.below(length + 1);
                let gone = isize::from(at < length && dice.chance(25));
                tx.splice_text(&text, at, gone, "ja").unwrap();
            }
        }
    }
}
