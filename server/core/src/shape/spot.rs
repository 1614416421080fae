//! What the schema says about one key of one map.

use oogst_protocol::ids::{ItemId, ParticipantId, canonical_uuid};
use oogst_protocol::schema::{Acts, By, Item, Keys, Name, Node, Rule};

use super::{Crowd, Held, ObjectNumber, Table};

/// A key of a map, as the schema knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) place: Place,
    pub(crate) acts: Acts,
    pub(crate) by: By,
    /// The person who alone writes there.
    pub(crate) keeper: Option<ParticipantId>,
    pub(crate) item: Option<ItemId>,
    /// Whether contributions name that item.
    pub(crate) told: bool,
    pub(crate) crowd: Option<Crowd>,
    /// The form that the key must have.
    pub(crate) name: Option<Name>,
}

/// What may stand at a spot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// An item.
    Item(&'static Item),
    /// What the schema describes.
    Node(&'static Node),
    /// Anything: under `ext`.
    Free,
    /// Nothing: the schema does not know the key.
    Unknown,
}

impl Spot {
    /// The rule of the plain value there, where one stands there.
    pub(crate) const fn rule(&self) -> Option<Rule> {
        match self.place {
            Place::Node(Node::Value(rule)) => Some(*rule),
            Place::Node(_) | Place::Item(_) | Place::Free | Place::Unknown => None,
        }
    }

    /// The item that contributions name.
    pub(crate) fn told_item(&self) -> Option<ItemId> {
        self.item.filter(|_| self.told)
    }

    /// Whether the key lets somebody into the document's room.
    pub(crate) fn is_room(&self) -> bool {
        self.by == By::CaseOwner && self.name == Some(Name::Member)
    }
}

impl Table {
    /// What the schema says about a key of a map.
    pub(crate) fn spot(&self, object: ObjectNumber, word: &str) -> Spot {
        let holder = self.object(object);
        let mut spot = Spot {
            place: Place::Unknown,
            acts: holder.acts,
            by: holder.by,
            keeper: holder.keeper,
            item: holder.item,
            told: holder.told,
            crowd: holder.crowd,
            name: None,
        };
        let shape = match holder.held {
            Held::Map(shape) => shape,
            Held::FreeMap => return Spot { place: Place::Free, ..spot },
            Held::Text | Held::Whole | Held::FreeText => return spot,
        };
        match &shape.keys {
            Keys::Named(_) => {
                let Some(field) = shape.field(word) else { return spot };
                spot.place = Place::Node(&field.node);
                if field.acts != Acts::INHERITED {
                    spot.acts = field.acts;
                }
                if field.by != By::Writers {
                    spot.by = field.by;
                }
            }
            Keys::Items(item) => spot.enter(item, word, object),
            Keys::Cards(item) => {
                spot.enter(item, word, object);
                spot.name = Some(Name::Own);
                spot.keeper = word.parse().ok();
            }
            Keys::Each(name, node) => {
                spot.place = Place::Node(node);
                spot.name = Some(*name);
            }
            Keys::Any => spot.place = Place::Free,
        }
        spot
    }
}

impl Spot {
    fn enter(&mut self, item: &'static Item, word: &str, map: ObjectNumber) {
        self.item = canonical_uuid(word).map(ItemId::new);
        self.place = self.item.map_or(Place::Unknown, |_| Place::Item(item));
        self.told = item.is_told();
        self.crowd = item.live_max.map(|most| Crowd { map, most });
    }
}
