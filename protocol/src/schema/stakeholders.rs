//! A stakeholder map: for each organisation what may interest it, what it can win, how far it is
//! engaged. A row may be as incomplete as it is known.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, ItemActs, Keys, Shape, item};
use super::rule::Rule;
use super::template::{Words, no_seeds};
use crate::contribution::Kind;

const LEVELS: &[&str] = &[
    "target_group",
    "local",
    "supralocal",
    "provincial",
    "regional_government",
    "national",
    "european",
    "other",
];

const ENGAGEMENT: &[&str] = &["unknown", "informed", "supporter", "ambassador", "partner", "core"];

const EDITED: Acts = Acts::always(Kind::StakeholderEdited);
const ASSESSED: Acts = Acts::always(Kind::StakeholderAssessed);

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words {
        be: "Stakeholdermapping",
        nl: "Stakeholdermapping",
        fr: "Cartographie des parties prenantes",
        en: "Stakeholder map",
    },
    seeds: no_seeds,
};

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[Field::text("title", EDITED), Field::map("stakeholders", &STAKEHOLDERS, Acts::INHERITED)],
]));

static STAKEHOLDERS: Shape = Shape::kept(Keys::Items(&Item::new(
    &STAKEHOLDER,
    Kind::StakeholderAdded,
    &["organisation", "text"],
)));

static STAKEHOLDER: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::StakeholderEdited,
        moved: Kind::StakeholderEdited,
        attributed: Kind::StakeholderEdited,
        removed: Acts::either(Kind::StakeholderRemoved, Kind::StakeholderRestored),
    }),
    &[
        Field::text("organisation", EDITED),
        Field::text("municipality", EDITED),
        Field::value("level", Rule::OneOf(LEVELS), ASSESSED),
        Field::map("interests", &PARTS, EDITED),
        Field::map("wins", &PARTS, EDITED),
        Field::text("reached_via", EDITED),
        Field::text("next_step", EDITED),
        Field::value("influence", Rule::Level, ASSESSED),
        Field::value("interest", Rule::Level, ASSESSED),
        Field::map("engagement", &ENGAGED, Acts::always(Kind::StakeholderEngaged)),
    ],
]));

/// An interest or a win: whatever is done to one edits its stakeholder.
static PARTS: Shape =
    Shape::kept(Keys::Items(&Item::new(&PART, Kind::StakeholderEdited, &["text"])));

static PART: Shape = Shape::kept(Keys::Named(&[&item(ItemActs::all(Kind::StakeholderEdited))]));

static ENGAGED: Shape = Shape::free(Keys::Named(&[&[
    Field::value("level", Rule::OneOf(ENGAGEMENT), Acts::INHERITED),
    Field::value("since", Rule::Since, Acts::INHERITED),
]]));
