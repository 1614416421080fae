//! Writes the first corpus into the folder that is named: bodies of well-formed changes.

use std::path::PathBuf;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};
use oogst_fuzz::{body, copy, participant};
use uuid::Uuid;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("usage: seeds FOLDER"));
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (mut one, mut two) = (day(1), day(2));
    for (name, doc) in [("one", &mut one), ("two", &mut two)] {
        let changes = doc.get_changes(&[]);
        let bodies: Vec<_> = changes[1..].iter().map(|change| body(change).to_vec()).collect();
        std::fs::write(folder.join(name), bodies.join(&b"OOGS"[..])).expect("a seed is written");
        for (place, body) in bodies.iter().enumerate() {
            let path = folder.join(format!("{name}-{place}"));
            std::fs::write(path, body).expect("a seed is written");
        }
    }
}

fn day(actor: u8) -> AutoCommit {
    let mut doc = copy(actor);
    let insights = doc.get(ROOT, "insights").expect("a map").expect("in every harvest").1;
    let key = Uuid::from_u128(u128::from(actor)).to_string();
    let item = doc.put_object(&insights, key, ObjType::Map).expect("an item");
    let text = doc.put_object(&item, "text", ObjType::Text).expect("a text");
    doc.splice_text(&text, 0, 0, "Begin klein").expect("typed");
    doc.commit();
    doc.splice_text(&text, 2, 3, "é").expect("typed");
    doc.put(&item, "category", "tip").expect("a category");
    doc.put(&item, "removed", true).expect("a flag");
    doc.commit();
    let supports = doc.put_object(&item, "supports", ObjType::Map).expect("a map");
    doc.put(&supports, participant().to_string(), true).expect("support");
    doc.delete(&item, "category").expect("deleted");
    doc.commit();
    let ext = doc.put_object(&item, "ext", ObjType::Map).expect("a map");
    doc.put(&ext, "x", 1.5).expect("anything");
    doc.commit();
    doc
}
