//! Who is who: a card for each person, which that person alone writes.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, Keys, Shape};
use super::rule::Rule;
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Wie is wie?", nl: "Wie is wie?", fr: "Qui est qui ?", en: "Who is who?" },
    seeds: no_seeds,
};

static ROOT: Shape =
    Shape::kept(Keys::Named(&[&HEADING, &[Field::map("cards", &CARDS, Acts::INHERITED)]]));

static CARDS: Shape = Shape::kept(Keys::Cards(&Item::new(
    &CARD,
    Kind::IntroductionEdited,
    &["on_my_plate", "my_questions", "bring", "role", "organisation"],
)));

const EDITED: Acts = Acts::always(Kind::IntroductionEdited);

static CARD: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("organisation", EDITED),
    Field::text("role", EDITED),
    Field::text("on_my_plate", EDITED),
    Field::text("my_questions", EDITED),
    Field::text("bring", EDITED),
    Field::value("removed", Rule::Removed, EDITED),
]]));
