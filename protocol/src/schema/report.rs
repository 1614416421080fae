//! The report of a gathering: made from the harvests at its closing, and then edited by itself;
//! the harvests stay as they were.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, Keys, Name, Node, Shape};
use super::rule::Rule;
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

const EDITED: Acts = Acts::always(Kind::ReportEdited);

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Verslag", nl: "Verslag", fr: "Compte rendu", en: "Report" },
    seeds: no_seeds,
};

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", EDITED),
        Field::text("intro", EDITED),
        Field::text("thanks", EDITED),
        Field::map("sections", &SECTIONS, Acts::INHERITED),
        Field::map("lines", &LINES, Acts::INHERITED),
    ],
]));

static SECTIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&SECTION, Kind::ReportEdited, &["question", "intro"])));

static SECTION: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("question", EDITED),
    Field::text("intro", EDITED),
    Field::value("group", Rule::Uuid, EDITED),
    Field::value("position", Rule::Position, EDITED),
    Field::value("removed", Rule::Removed, EDITED),
]]));

static LINES: Shape = Shape::kept(Keys::Items(&Item::new(&LINE, Kind::ReportEdited, &["text"])));

static LINE: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("text", EDITED),
    Field::value("section", Rule::Uuid, EDITED),
    Field::value("parent", Rule::Uuid, EDITED),
    Field::value("position", Rule::Position, EDITED),
    Field::map("sources", &SOURCES, EDITED),
    Field::value("removed", Rule::Removed, EDITED),
]]));

/// The items of the harvests that a line was made from.
static SOURCES: Shape = Shape::kept(Keys::Each(Name::Target, &Node::Value(Rule::Flag)));
