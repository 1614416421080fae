//! A group's harvest: nested insights under a learning question, and the wordings tried for it.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, ItemActs, Keys, Name, Node, OWN_FLAGS, Shape, item};
use super::rule::Rule;
use super::template::{About, Seed, Words};
use crate::contribution::Kind;

const CATEGORIES: &[&str] = &[
    "insight",
    "tool",
    "experience",
    "success_factor",
    "obstacle",
    "knowledge_gap",
    "good_example",
    "recommendation",
    "question",
    "tip",
];

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Oogst", nl: "Oogst", fr: "Récolte", en: "Harvest" },
    seeds,
};

fn seeds(about: &About<'_>) -> Vec<(&'static str, Seed)> {
    vec![("question", Seed::text(about.question))]
}

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", Acts::always(Kind::QuestionEdited)),
        Field::text("question", Acts::always(Kind::QuestionEdited)),
        Field::map("wordings", &WORDINGS, Acts::INHERITED),
        Field::value("chosen", Rule::Uuid, Acts::always(Kind::WordingChosen)),
        Field::map("insights", &INSIGHTS, Acts::INHERITED),
    ],
]));

static WORDINGS: Shape =
    Shape::kept(Keys::Items(&Item::new(&WORDING, Kind::WordingProposed, &["text"])));

static WORDING: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::WordingProposed,
        moved: Kind::WordingProposed,
        attributed: Kind::WordingProposed,
        removed: Acts::always(Kind::WordingProposed),
    }),
    &[Field::map("consents", &OWN_FLAGS, Acts::always(Kind::WordingConsented))],
]));

static INSIGHTS: Shape =
    Shape::kept(Keys::Items(&Item::new(&INSIGHT, Kind::InsightAdded, &["text"])));

const MOVED: Acts = Acts::always(Kind::InsightMoved);
const SUPPORTED: Acts = Acts::either(Kind::InsightSupported, Kind::InsightUnsupported);

static INSIGHT: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::InsightEdited,
        moved: Kind::InsightMoved,
        attributed: Kind::InsightAttributed,
        removed: Acts::either(Kind::InsightRemoved, Kind::InsightRestored),
    }),
    &[
        Field::value("category", Rule::OneOf(CATEGORIES), Acts::always(Kind::InsightRecategorised)),
        Field::value("parent", Rule::Uuid, MOVED),
        // What it is written in, where that is not the gathering's language.
        Field::value("language", Rule::Language, Acts::always(Kind::InsightEdited)),
        Field::value("highlight", Rule::Highlight, Acts::always(Kind::InsightHighlighted)),
        Field::map("source", &SOURCE, Acts::always(Kind::InsightEdited)),
        Field::map("translations", &TRANSLATIONS, Acts::always(Kind::InsightTranslated)),
        Field::map("supports", &OWN_FLAGS, SUPPORTED),
    ],
]));

static SOURCE: Shape = Shape::free(Keys::Named(&[&[
    Field::text("place", Acts::INHERITED),
    Field::text("country", Acts::INHERITED),
    Field::text("url", Acts::INHERITED),
]]));

static TRANSLATIONS: Shape = Shape::kept(Keys::Each(Name::Language, &Node::Map(&TRANSLATION)));

static TRANSLATION: Shape = Shape::free(Keys::Named(&[&[
    Field::text("text", Acts::INHERITED),
    Field::value("by", Rule::OneOf(&["person", "machine"]), Acts::INHERITED),
    Field::value("author", Rule::Own, Acts::INHERITED),
]]));
