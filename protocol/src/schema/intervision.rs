//! An intervision: one person's case, questions about it, advice, and the steps that they take.
//!
//! Confidential: contributions name no item and quote nothing, and only its `room` may read it.
//! The room is the case owner's to open, and the facilitator's where they are inside.

use super::Description;
use super::node::{Acts, By, Field, HEADING, Item, ItemActs, Keys, Name, Node, Shape, item};
use super::rule::Rule;
use super::template::{About, Seed, Words};
use crate::contribution::Kind;
use crate::limits::INTERVISION_STEPS_MAX;

const STEPPED: Acts = Acts::always(Kind::IntervisionStepped);
const ASKED: Acts = Acts::always(Kind::IntervisionAsked);

/// The key of the case owner, which decides who writes in the room.
pub const CASE_OWNER: &str = "case_owner";
/// The key of the room, which decides who reads the document at all.
pub const ROOM: &str = "room";

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Intervisie", nl: "Intervisie", fr: "Intervision", en: "Peer coaching" },
    seeds,
};

fn seeds(about: &About<'_>) -> Vec<(&'static str, Seed)> {
    let Some(opener) = about.opener.map(|opener| opener.to_string()) else { return Vec::new() };
    let room = vec![(opener.clone(), Seed::Flag(true))];
    vec![(CASE_OWNER, Seed::Text(opener)), (ROOM, Seed::Map(room))]
}

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", STEPPED),
        Field::value("format", Rule::Name, STEPPED),
        Field::value("step", Rule::Name, STEPPED),
        Field::value(CASE_OWNER, Rule::Member, Acts::INHERITED).by(By::CaseOwner),
        Field::map(ROOM, &MEMBERS, Acts::INHERITED).by(By::CaseOwner),
        Field::text("case", ASKED),
        Field::text("question", ASKED),
        Field::map("questions", &QUESTIONS, Acts::INHERITED),
        Field::map("advice", &ADVICE, Acts::INHERITED),
        Field::map("steps", &STEPS, Acts::INHERITED),
    ],
]));

static MEMBERS: Shape = Shape::kept(Keys::Each(Name::Member, &Node::Value(Rule::Flag)));

static QUESTIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&QUESTION, Kind::IntervisionAsked, &[])));

static QUESTION: Shape = Shape::kept(Keys::Named(&[&item(ItemActs::all(Kind::IntervisionAsked))]));

static ADVICE: Shape =
    Shape::kept(Keys::Items(&Item::new(&ADVICE_GIVEN, Kind::IntervisionAdvised, &[])));

static ADVICE_GIVEN: Shape =
    Shape::kept(Keys::Named(&[&item(ItemActs::all(Kind::IntervisionAdvised))]));

static STEPS: Shape = Shape::kept(Keys::Items(
    &Item::new(&STEP, Kind::IntervisionConcluded, &[]).at_most(INTERVISION_STEPS_MAX),
));

static STEP: Shape = Shape::kept(Keys::Named(&[&item(ItemActs::all(Kind::IntervisionConcluded))]));
