//! A gathering's programme: its blocks, the regions' questions, the themes, the news round.
//!
//! Blocks and themes are the facilitator's; everybody who may write adds questions and news. It
//! begins empty, or with the blocks of a kind of day: see [`days`].

use super::node::{Acts, By, Field, HEADING, Item, ItemActs, Keys, Shape, item};
use super::rule::Rule;
use super::template::{About, Seed, Words};
use super::{Description, days};
use crate::contribution::Kind;

/// Longest that a block is planned, in minutes: a day.
const BLOCK_MINUTES_MAX: i64 = 24 * 60;

const BLOCK_KINDS: &[&str] = &[
    "welcome",
    "who_is_who",
    "news",
    "inspiration",
    "questions",
    "breakout",
    "plenary",
    "intervision",
    "speed_intervision",
    "visit",
    "reflection",
    "closing",
    "break",
];

const NEWS_KINDS: &[&str] =
    &["news", "note", "publication", "training", "conference", "intervention", "do", "dont"];

/// The programme's own heading counts as a change of its blocks: about no block in particular.
const EDITED: Acts = Acts::always(Kind::BlockEdited);

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Programma", nl: "Programma", fr: "Programme", en: "Programme" },
    seeds,
};

fn seeds(about: &About<'_>) -> Vec<(&'static str, Seed)> {
    let blocks = about.day.map(|day| ("blocks", days::blocks(day, about)));
    blocks.into_iter().collect()
}

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", EDITED),
        Field::text("place", EDITED),
        Field::text("host", EDITED),
        Field::text("chair", EDITED),
        Field::text("why", EDITED),
        Field::map("blocks", &BLOCKS, Acts::INHERITED).by(By::Facilitator),
        Field::map("questions", &QUESTIONS, Acts::INHERITED),
        Field::map("themes", &THEMES, Acts::INHERITED).by(By::Facilitator),
        Field::map("news", &NEWS, Acts::INHERITED),
    ],
]));

static BLOCKS: Shape = Shape::kept(Keys::Items(&Item::new(&BLOCK, Kind::BlockAdded, &["title"])));

static BLOCK: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("title", EDITED),
    Field::value("kind", Rule::OneOf(BLOCK_KINDS), EDITED),
    Field::value("fixed_start", Rule::Clock, EDITED),
    Field::value("minutes", Rule::Whole { most: BLOCK_MINUTES_MAX }, EDITED),
    Field::value("round", Rule::Uuid, EDITED),
    Field::value("position", Rule::Position, EDITED),
    Field::value("removed", Rule::Removed, Acts::always(Kind::BlockRemoved)),
]]));

static QUESTIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&QUESTION, Kind::RegionQuestionAdded, &["text"])));

const QUESTION_EDITED: Acts = Acts::always(Kind::RegionQuestionEdited);

static QUESTION: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::RegionQuestionEdited,
        moved: Kind::RegionQuestionEdited,
        attributed: Kind::RegionQuestionEdited,
        removed: Acts::always(Kind::RegionQuestionRemoved),
    }),
    &[
        Field::value("kind", Rule::OneOf(&["question", "challenge"]), QUESTION_EDITED),
        Field::text("region", QUESTION_EDITED),
        Field::value("theme", Rule::Uuid, Acts::always(Kind::RegionQuestionClustered)),
    ],
]));

static THEMES: Shape = Shape::kept(Keys::Items(&Item::new(&THEME, Kind::ThemeProposed, &["text"])));

static THEME: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::ThemeEdited,
        moved: Kind::ThemeEdited,
        attributed: Kind::ThemeEdited,
        removed: Acts::always(Kind::ThemeRemoved),
    }),
    &[Field::value("chosen_group", Rule::Uuid, Acts::always(Kind::ThemeEdited))],
]));

static NEWS: Shape = Shape::kept(Keys::Items(&Item::new(&PIECE, Kind::NewsShared, &["text"])));

const NEWS_EDITED: Acts = Acts::always(Kind::NewsEdited);

static PIECE: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::NewsEdited,
        moved: Kind::NewsEdited,
        attributed: Kind::NewsEdited,
        removed: Acts::always(Kind::NewsRemoved),
    }),
    &[
        Field::text("link", NEWS_EDITED),
        Field::text("place", NEWS_EDITED),
        Field::value("kind", Rule::OneOf(NEWS_KINDS), NEWS_EDITED),
    ],
]));
