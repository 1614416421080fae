//! An action plan: a goal and its limits, who was consulted, the first hundred days, actions by
//! scenario and period, and check-ins.
//!
//! It begins with the three steps that such a plan takes: map the stakeholders, bring them
//! together, draft. Each is linked to the document in which it is done, as a whole: a step is about
//! no single stakeholder or block. The links are items' `refs`, which writers draw and strike as
//! they like.

use super::Description;
use super::node::{Acts, Field, HEADING, Item, ItemActs, Keys, OWN_FLAGS, Shape, item};
use super::rule::{Rule, whole};
use super::template::{About, Seed, Words};
use crate::contribution::Kind;
use crate::ids::DocumentId;

const STATUS: &[&str] = &["draft", "submitted", "progress_talk", "final"];
const ACTION_STATUS: &[&str] = &["idea", "agreed", "doing", "done", "dropped"];
const ACTION_KINDS: &[&str] = &["do", "meeting", "agenda_setting", "publication"];

/// Whole euros that every client can count: beyond, numbers of JavaScript are not exact.
const EUROS_MAX: i64 = 1 << 53;

const EDITED: Acts = Acts::always(Kind::PlanEdited);
const ACTION_EDITED: Acts = Acts::always(Kind::ActionEdited);
const PLANNED: Acts = Acts::always(Kind::ActionPlanned);
const NOTED: Acts = Acts::always(Kind::CheckInNoted);

pub(super) static KIND: Description = Description {
    root: &ROOT,
    title: Words { be: "Actieplan", nl: "Actieplan", fr: "Plan d’action", en: "Action plan" },
    seeds,
};

const STEPS: [Words; 3] = [
    Words {
        be: "Stakeholdermapping",
        nl: "Stakeholdermapping",
        fr: "Cartographie des parties prenantes",
        en: "Stakeholder map",
    },
    Words {
        be: "Eerste netwerkmoment",
        nl: "Eerste netwerkbijeenkomst",
        fr: "Premier moment de réseau",
        en: "First network moment",
    },
    Words {
        be: "Draft actieplan",
        nl: "Concept-actieplan",
        fr: "Projet de plan d’action",
        en: "Draft action plan",
    },
];

fn seeds(about: &About<'_>) -> Vec<(&'static str, Seed)> {
    let leads_to = [about.map, about.programme, Some(about.document)];
    let step = |(number, (words, document)): (u8, (&Words, Option<DocumentId>))| {
        // The links' ids come after those of the three steps.
        let id = about.item(3 + number).to_string();
        let links = document.map(|document| (id, reference(document)));
        let holds = [
            ("text", Seed::text("")),
            ("what", Seed::text(words.in_language(about.language))),
            ("position", Seed::Text(format!("a{number}"))),
            ("removed", Seed::Flag(false)),
            ("refs", Seed::Map(links.into_iter().collect())),
        ];
        let holds = holds.map(|(key, seed)| (key.to_owned(), seed)).to_vec();
        (about.item(number).to_string(), Seed::Map(holds))
    };
    let actions = (1..).zip(STEPS.iter().zip(leads_to)).map(step).collect();
    vec![("status", Seed::text("draft")), ("actions", Seed::Map(actions))]
}

fn reference(document: DocumentId) -> Seed {
    let holds = [("kind", Seed::text("about")), ("target", Seed::Text(whole(document)))];
    Seed::Map(holds.map(|(key, seed)| (key.to_owned(), seed)).to_vec())
}

static ROOT: Shape = Shape::kept(Keys::Named(&[
    &HEADING,
    &[
        Field::text("title", EDITED),
        Field::text("goal", EDITED),
        Field::text("why", EDITED),
        Field::text("limits", EDITED),
        Field::value("status", Rule::OneOf(STATUS), EDITED),
        Field::map("consulted", &CONSULTED, Acts::INHERITED),
        Field::map("hundred_days", &HUNDRED_DAYS, EDITED),
        Field::map("actions", &ACTIONS, Acts::INHERITED),
        Field::map("check_ins", &CHECK_INS, Acts::INHERITED),
    ],
]));

static CONSULTED: Shape =
    Shape::kept(Keys::Items(&Item::new(&CONSULTATION, Kind::PlanEdited, &["text"])));

static CONSULTATION: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs::all(Kind::PlanEdited)),
    &[Field::value("date", Rule::Date, EDITED)],
]));

static HUNDRED_DAYS: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("question", Acts::INHERITED),
    Field::value("start", Rule::Date, Acts::INHERITED),
    Field::text("roles", Acts::INHERITED),
]]));

static ACTIONS: Shape =
    Shape::kept(Keys::Items(&Item::new(&ACTION, Kind::ActionAdded, &["what", "text"])));

static ACTION: Shape = Shape::kept(Keys::Named(&[
    &item(ItemActs {
        edited: Kind::ActionEdited,
        moved: Kind::ActionEdited,
        attributed: Kind::ActionEdited,
        removed: Acts::either(Kind::ActionRemoved, Kind::ActionRestored),
    }),
    &[
        Field::text("what", ACTION_EDITED),
        Field::map("who", &OWN_FLAGS, PLANNED),
        Field::text("who_text", PLANNED),
        Field::value("due", Rule::Date, PLANNED),
        Field::value("status", Rule::OneOf(ACTION_STATUS), Acts::always(Kind::ActionProgressed)),
        Field::value("kind", Rule::OneOf(ACTION_KINDS), ACTION_EDITED),
        Field::map("scenarios", &SCENARIOS, PLANNED),
        Field::value("cost", Rule::Whole { most: EUROS_MAX }, PLANNED),
        Field::text("resources", PLANNED),
        Field::text("next_step", ACTION_EDITED),
        Field::value("stakeholder", Rule::Link, ACTION_EDITED),
        Field::value("from", Rule::Link, ACTION_EDITED),
        Field::text("period", PLANNED),
        Field::map(
            "supports",
            &OWN_FLAGS,
            Acts::either(Kind::ActionSupported, Kind::ActionUnsupported),
        ),
    ],
]));

/// No money, and three sizes of it.
static SCENARIOS: Shape = Shape::free(Keys::Named(&[&[
    Field::value("none", Rule::Flag, Acts::INHERITED),
    Field::value("small", Rule::Flag, Acts::INHERITED),
    Field::value("medium", Rule::Flag, Acts::INHERITED),
    Field::value("large", Rule::Flag, Acts::INHERITED),
]]));

static CHECK_INS: Shape = Shape::kept(Keys::Items(&Item::new(
    &CHECK_IN,
    Kind::CheckInNoted,
    &["money", "organisation", "time", "information", "quality"],
)));

static CHECK_IN: Shape = Shape::kept(Keys::Named(&[&[
    Field::text("period", NOTED),
    Field::value("moment", Rule::OneOf(&["start", "end"]), NOTED),
    Field::value("date", Rule::Date, NOTED),
    Field::text("money", NOTED),
    Field::text("organisation", NOTED),
    Field::text("time", NOTED),
    Field::text("information", NOTED),
    Field::text("quality", NOTED),
    Field::value("author", Rule::Own, NOTED),
]]));
