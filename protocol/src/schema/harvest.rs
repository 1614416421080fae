//! A group's harvest: nested insights under a learning question, and the wordings tried for it.

use super::Seed;
use super::node::{Acts, Field, HEADING, Item, ItemActs, Keys, Name, Node, Shape, item};
use super::rule::Rule;
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

pub(super) static ROOT: Shape = Shape::kept(Keys::Named(&[
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
    Shape::kept(Keys::Items(&Item { shape: &WORDING, added: Kind::WordingProposed }));

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
    Shape::kept(Keys::Items(&Item { shape: &INSIGHT, added: Kind::InsightAdded }));

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

static OWN_FLAGS: Shape = Shape::kept(Keys::Each(Name::Own, &Node::Value(Rule::Flag)));

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

pub(super) fn template(title: &str, question: &str) -> Vec<(&'static str, Seed)> {
    vec![
        ("kind", Seed::Text("harvest".to_owned())),
        ("schema", Seed::Whole(1)),
        ("title", Seed::Text(title.to_owned())),
        ("question", Seed::Text(question.to_owned())),
        ("wordings", Seed::Map),
        ("insights", Seed::Map),
    ]
}
