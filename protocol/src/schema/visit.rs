//! A visit to a case: who does what there, the questions prepared and their answers, what was
//! seen, and what to take over from it.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, ItemActs, Keys, OWN_FLAGS, Shape, item};
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

const NOTED: Acts = Acts::always(Kind::VisitNoted);

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Werkbezoek", nl: "Werkbezoek", fr: "Visite de terrain", en: "Site visit" },
    seeds: no_seeds,
};

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", NOTED),
        Field::text("place", NOTED),
        Field::text("host", NOTED),
        Field::map("tasks", &NOTES, Acts::INHERITED),
        Field::map("prepared_questions", &QUESTIONS, Acts::INHERITED),
        Field::map("observations", &NOTES, Acts::INHERITED),
        Field::map("recommendations", &RECOMMENDATIONS, Acts::INHERITED),
    ],
]));

/// Tasks and observations.
static NOTES: Shape = Shape::kept(Keys::Items(&Item::new(&NOTE, Kind::VisitNoted, &["text"])));

static NOTE: Shape = Shape::kept(Keys::Named(&[&item(ItemActs::all(Kind::VisitNoted))]));

static QUESTIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&QUESTION, Kind::VisitAsked, &["text"])));

static QUESTION: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs::all(Kind::VisitAsked)),
    &[
        Field::text("asked_by", Acts::always(Kind::VisitAsked)),
        Field::text("answer", Acts::always(Kind::VisitAnswered)),
    ],
]));

static RECOMMENDATIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&RECOMMENDATION, Kind::VisitRecommended, &["text"])));

static RECOMMENDATION: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs::all(Kind::VisitRecommended)),
    &[Field::map("adopted", &OWN_FLAGS, Acts::always(Kind::VisitAdopted))],
]));
