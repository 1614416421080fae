//! Well-formed edits of any key of any kind of document, read off its shape.

use automerge::transaction::Transactable;
use automerge::{ObjId, ROOT, ReadDoc, ScalarValue};
use oogst_protocol::ids::{DocumentId, ParticipantId};
use oogst_protocol::schema::{By, Item, Keys, Name, Node, Rule, Shape};
use uuid::Uuid;

use super::edits::Editor;

impl Editor<'_> {
    /// One edit somewhere in the document.
    pub(super) fn edit_any(&mut self) {
        self.edit_in(&ROOT, self.place.kind.root());
    }

    fn edit_in(&mut self, map: &ObjId, shape: &'static Shape) {
        match &shape.keys {
            Keys::Named(_) => {
                let fields: Vec<_> = shape.fields().filter(|field| self.may(field.by)).collect();
                let field = *self.random.pick(&fields);
                self.edit_at(map, field.key, &field.node);
            }
            Keys::Items(item) => self.edit_items(map, item),
            Keys::Cards(item) => {
                let card = self.child(map, &self.place.me.to_string());
                self.edit_in(&card, item.shape);
            }
            Keys::Each(name, node) => {
                let key = self.key(*name);
                self.edit_at(map, &key, node);
            }
            Keys::Any => self.ext(map),
        }
    }

    fn edit_at(&mut self, map: &ObjId, key: &str, node: &'static Node) {
        match node {
            Node::Map(shape) if matches!(shape.keys, Keys::Any) => self.ext(map),
            Node::Map(shape) => {
                let there = self.doc.get(map, key).unwrap().is_some();
                if !shape.kept && there && self.random.once_in(8) {
                    return self.doc.delete(map, key).unwrap();
                }
                let child = self.child(map, key);
                self.edit_in(&child, shape);
            }
            Node::Text => self.type_at(map, key),
            Node::Value(rule) => self.value(map, key, *rule),
        }
    }

    fn edit_items(&mut self, items: &ObjId, item: &'static Item) {
        let live = |doc: &mut Self, but: Option<&ObjId>| {
            let keys: Vec<String> = doc.doc.keys(items).collect();
            let there = keys.iter().filter_map(|key| doc.doc.get(items, key.as_str()).unwrap());
            there.filter(|(_, item)| Some(item) != but && !doc.is_removed(item)).count()
        };
        let room = |doc: &mut Self, but: Option<&ObjId>| {
            item.live_max.is_none_or(|most| live(doc, but) < most)
        };
        let found = self.any_item(items).filter(|_| !self.random.once_in(3));
        if let Some(found) = found {
            // One that is brought back needs room as a new one does.
            if item.live_max.is_none() || room(self, Some(&found)) {
                self.edit_in(&found, item.shape);
            } else {
                self.doc.put(&found, "removed", true).unwrap();
            }
            return;
        }
        let shared = Uuid::from_u128(1 + self.random.below(4) as u128);
        let shares = self.place.shared_keys && self.random.once_in(4);
        let key = if shares { shared } else { self.random.uuid() };
        if room(self, None) {
            let made = self.child(items, &key.to_string());
            for _ in 0..self.random.below(4) {
                self.edit_in(&made, item.shape);
            }
        }
    }

    const fn may(&self, by: By) -> bool {
        match by {
            By::Writers => true,
            By::Facilitator | By::CaseOwner => self.place.facilitates,
            By::Nobody => false,
        }
    }

    fn is_removed(&self, item: &ObjId) -> bool {
        let removed = self.doc.get(item, "removed").unwrap();
        removed.is_some_and(|(removed, _)| removed.as_bool() == Some(true))
    }

    fn key(&mut self, name: Name) -> String {
        match name {
            Name::Own => self.place.me.to_string(),
            Name::Member => self.member().to_string(),
            Name::Uuid => self.random.uuid().to_string(),
            Name::Language => "uk".to_owned(),
            Name::Word => "foto-1.jpg".to_owned(),
            Name::Target => self.target(),
        }
    }

    fn member(&mut self) -> ParticipantId {
        let members = self.place.members;
        *self.random.pick(members)
    }

    fn target(&mut self) -> String {
        format!("{}/{}", DocumentId::new(self.random.uuid()), self.random.uuid())
    }

    fn value(&mut self, map: &ObjId, key: &str, rule: Rule) {
        let word = match rule {
            Rule::Flag | Rule::Removed => return self.flag(map, key),
            // A key point needs room among the others; those are edited elsewhere.
            Rule::Highlight => return self.doc.put(map, key, false).unwrap(),
            Rule::Moment => return self.doc.put(map, key, 1_795_256_103_120_f64).unwrap(),
            Rule::Level | Rule::Whole { .. } => {
                let number = 1 + self.random.below(5);
                let number = ScalarValue::Int(i64::try_from(number).unwrap());
                return self.doc.put(map, key, number).unwrap();
            }
            Rule::OneOf(list) => (*self.random.pick(list)).to_owned(),
            Rule::Own => self.place.me.to_string(),
            Rule::Member => self.member().to_string(),
            Rule::Uuid | Rule::Link => self.random.uuid().to_string(),
            Rule::Name => "roddel".to_owned(),
            Rule::Language => "uk".to_owned(),
            Rule::Target => self.target(),
            Rule::Position => "Zz9".to_owned(),
            Rule::Clock => "09:30".to_owned(),
            Rule::Date | Rule::Since => "2026-11-25".to_owned(),
        };
        self.string(map, key, &word);
    }
}
