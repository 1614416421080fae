//! The shapes of documents: which keys, which values, who writes them, and what an operation on
//! each contributes.
//!
//! [`node`] is the language, [`rule`] says which plain values fit, [`template()`] what a new
//! document holds; each kind of document is described in a file of its own, as constant data, and
//! stands in the list below: [`DocumentKind::root`] is where a reader starts. Nothing here reads a
//! document; the server's shape table does, operation by operation.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

mod action_plan;
mod closing;
mod contacts;
mod days;
mod harvest;
mod intervision;
mod introductions;
pub mod node;
mod programme;
mod report;
pub mod rule;
mod stakeholders;
mod template;
mod visit;

pub use days::DayTemplate;
pub use intervision::{CASE_OWNER, ROOM};
pub use node::{Acts, By, Field, Item, Keys, Name, Node, Shape};
pub use rule::{Plain, Rule, Who};
pub use template::{About, Seed, template};

/// What the file of a kind says of it.
struct Description {
    /// The shape of the document's root.
    root: &'static Shape,
    /// What a document is called that nobody gave a title.
    title: template::Words,
    /// What a new one holds besides its title and its empty maps and texts.
    seeds: fn(&About<'_>) -> Vec<(&'static str, Seed)>,
}

/// Declares the kinds once: the variant, its number in the log (never reused), its name, its file.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $number:tt, $name:literal, $file:ident;)*) => {
        /// What kind of document it is. One file of this folder describes each.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            Encode, Decode, Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[cbor(index_only)]
        pub enum DocumentKind {
            $($(#[$doc])* #[n($number)] $variant,)*
        }

        impl DocumentKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in documents and API: `action_plan`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            fn description(self) -> &'static Description {
                match self { $(Self::$variant => &$file::KIND,)* }
            }
        }
    };
}

kinds! {
    /// A group's nested insights.
    Harvest = 0, "harvest", harvest;
    /// The gathering's blocks, regions' questions, themes and news.
    Programme = 1, "programme", programme;
    /// A card of each person: who is who.
    Introductions = 2, "introductions", introductions;
    /// A stakeholder map.
    Stakeholders = 3, "stakeholders", stakeholders;
    /// How to reach the people behind a stakeholder map.
    Contacts = 4, "contacts", contacts;
    /// An action plan with its check-ins.
    ActionPlan = 5, "action_plan", action_plan;
    /// A confidential case, for its room alone.
    Intervision = 6, "intervision", intervision;
    /// A visit to a case.
    Visit = 7, "visit", visit;
    /// A card of each person: what they take home.
    Closing = 8, "closing", closing;
    /// The report of a gathering.
    Report = 9, "report", report;
}

impl DocumentKind {
    /// The shape of the document's root.
    #[must_use]
    pub fn root(self) -> &'static Shape {
        self.description().root
    }

    /// What a document is called that nobody gave a title, in a language by its BCP 47 tag.
    #[must_use]
    pub fn title(self, language: &str) -> &'static str {
        self.description().title.in_language(language)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;
    use crate::ids::{DocumentId, ItemId, ParticipantId, RoundId};

    fn about(language: &str) -> About<'_> {
        About {
            question: "q",
            opener: Some(ParticipantId::new(Uuid::from_u128(7))),
            day: Some(DayTemplate::Training),
            round: Some(RoundId::new(Uuid::from_u128(8))),
            map: Some(DocumentId::new(Uuid::from_u128(9))),
            programme: Some(DocumentId::new(Uuid::from_u128(10))),
            ..About::new(DocumentId::new(Uuid::from_u128(0xffff_ffff)), "t", language)
        }
    }

    /// Every key of a template is one that the shape knows, and every kept map and every text of
    /// the shape's root is there from the start: nobody can make it later without two of them.
    #[test]
    fn templates_fit_their_shapes() {
        for kind in DocumentKind::ALL {
            let seeds = template(*kind, &about("nl-BE"));
            fits(kind.root(), &seeds);
            for field in kind.root().fields() {
                let there = seeds.iter().any(|(key, _)| key == field.key);
                assert!(there || matches!(field.node, Node::Value(_)), "{}", field.key);
            }
            assert_eq!(seeds[0], ("kind".to_owned(), Seed::Text(kind.name().to_owned())));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for day in DayTemplate::ALL {
            let about = About { day: Some(*day), ..about("nl-BE") };
            fits(DocumentKind::Programme.root(), &template(DocumentKind::Programme, &about));
        }
    }

    fn fits(shape: &Shape, seeds: &[(String, Seed)]) {
        for (key, seed) in seeds {
            let node = match shape.keys {
                Keys::Named(_) => &shape.field(key).unwrap().node,
                Keys::Items(item) | Keys::Cards(item) => {
                    key.parse::<ItemId>().unwrap();
                    &Node::Map(item.shape)
                }
                Keys::Each(_, node) => node,
                Keys::Any => panic!("a template holds nothing unknown"),
            };
            match (node, seed) {
                (Node::Map(shape), Seed::Map(seeds)) => fits(shape, seeds),
                (Node::Text, Seed::Text(_)) => {}
                (Node::Value(rule), seed) => {
                    let plain = match seed {
                        Seed::Text(text) => Plain::Word(text),
                        Seed::Whole(number) => Plain::Whole(*number),
                        Seed::Flag(flag) => Plain::Flag(*flag),
                        Seed::Map(_) => Plain::Other,
                    };
                    let writer = ParticipantId::new(Uuid::from_u128(7));
                    let fits = rule.fits(plain, Who { writer, members: &|_| true });
                    assert!(fits || key == "kind", "{key}");
                }
                _ => panic!("{key}: {seed:?}"),
            }
        }
    }

    #[test]
    fn a_plan_begins_with_its_three_steps_in_the_gatherings_language() {
        let steps = |language: &str| {
            let seeds = template(DocumentKind::ActionPlan, &about(language));
            let actions = seeds.into_iter().find(|(key, _)| key == "actions");
            let Some((_, Seed::Map(actions))) = actions else { panic!("a plan has actions") };
            let ids: BTreeSet<String> = actions.iter().map(|(id, _)| id.clone()).collect();
            assert_eq!(ids.len(), 3);
            let what = |seed: &Seed| {
                let Seed::Map(action) = seed else { panic!("an action is a map") };
                let what = &action.iter().find(|(key, _)| key == "what").unwrap().1;
                let Seed::Text(what) = what else { panic!("what is done is a text") };
                what.clone()
            };
            actions.iter().map(|(_, action)| what(action)).collect::<Vec<_>>()
        };
        let flemish = ["Stakeholdermapping", "Eerste netwerkmoment", "Draft actieplan"];
        assert_eq!(steps("nl-BE"), flemish);
        assert_eq!(steps("nl"), flemish);
        assert_eq!(steps("nl-NL")[1], "Eerste netwerkbijeenkomst");
        assert_eq!(steps("fr-BE")[1], "Premier moment de réseau");
        assert_eq!(steps("uk"), ["Stakeholder map", "First network moment", "Draft action plan"]);
        assert_eq!(DocumentKind::Introductions.title("fr"), "Qui est qui ?");
    }

    /// What is confidential is never named or quoted outside its document.
    #[test]
    fn contacts_intervision_and_closing_tell_nothing() {
        let quiet = [DocumentKind::Contacts, DocumentKind::Intervision, DocumentKind::Closing];
        for kind in DocumentKind::ALL {
            for (home, item) in kind.root().homes() {
                assert_eq!(item.is_told(), !quiet.contains(kind), "{kind:?} {home}");
                for word in item.words {
                    assert!(matches!(item.shape.field(word).unwrap().node, Node::Text), "{word}");
                }
            }
        }
    }
}
