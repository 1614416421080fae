//! The closing round: a card for each person, which that person alone writes.
//!
//! What somebody takes home is theirs to share: feed and events say that they wrote, and no word
//! of it.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, Keys, Shape};
use super::rule::Rule;
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Slotronde", nl: "Slotronde", fr: "Tour de clôture", en: "Closing round" },
    seeds: no_seeds,
};

static ROOT: Shape =
    Shape::kept(Keys::Named(&[&HEADING, &[Field::map("cards", &CARDS, Acts::INHERITED)]]));

static CARDS: Shape = Shape::kept(Keys::Cards(&Item::new(&CARD, Kind::ClosingEdited, &[])));

const EDITED: Acts = Acts::always(Kind::ClosingEdited);

static CARD: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("takeaway", EDITED),
    Field::text("first_step", EDITED),
    Field::text("word", EDITED),
    Field::value("removed", Rule::Removed, EDITED),
]]));
