//! The kinds of days that a gathering's programme can begin as: what the five programmes that
//! Oogst was made for do on a day.
//!
//! Each is a proposal. Its blocks are blocks like any other: the facilitator retitles, moves and
//! removes them, and no trace of the kind of day is kept beside them.

use serde::{Deserialize, Serialize};

use super::template::{About, Seed, Words};

/// What kind of day a new gathering's programme begins as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayTemplate {
    /// A day of a learning network on participation: an example, obstacles, peer coaching.
    Participation,
    /// A half-day on government participation: news, a speaker, speed peer coaching.
    Government,
    /// A kick-off: who is who, the regions' questions, themes, guests after noon.
    KickOff,
    /// A training of four half-days, with a site visit after the first and a return day: six
    /// blocks that the same groups go through.
    Training,
    /// A theme meeting at a host project, from what was tried to what will be.
    Green,
}

impl DayTemplate {
    /// Every kind of day.
    pub const ALL: &[Self] =
        &[Self::Participation, Self::Government, Self::KickOff, Self::Training, Self::Green];

    /// The name in the API: `kick_off`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Participation => "participation",
            Self::Government => "government",
            Self::KickOff => "kick_off",
            Self::Training => "training",
            Self::Green => "green",
        }
    }

    const fn blocks(self) -> &'static [Block] {
        match self {
            Self::Participation => PARTICIPATION,
            Self::Government => GOVERNMENT,
            Self::KickOff => KICK_OFF,
            Self::Training => TRAINING,
            Self::Green => GREEN,
        }
    }

    /// Whether the same groups go through all blocks: then each block names the gathering's first
    /// round. On other days groups are made anew while the day goes on.
    const fn is_one_round(self) -> bool {
        matches!(self, Self::Training)
    }
}

/// The blocks that a programme begins with, by their ids, in the order of their positions.
pub(super) fn blocks(day: DayTemplate, about: &About<'_>) -> Seed {
    let round = about.round.filter(|_| day.is_one_round());
    let planted = |(number, block): (u8, &Block)| {
        // A fractional index of one digit: `a1` to `a9`, then `aa`, `ab`, ….
        let digit = char::from_digit(number.into(), 36).expect("a day has under 36 blocks");
        let mut holds = vec![
            ("title", Seed::text(block.title.in_language(about.language))),
            ("kind", Seed::text(block.kind)),
            ("minutes", Seed::Whole(block.minutes)),
            ("position", Seed::Text(format!("a{digit}"))),
            ("removed", Seed::Flag(false)),
        ];
        holds.extend(block.fixed_start.map(|start| ("fixed_start", Seed::text(start))));
        holds.extend(round.map(|round| ("round", Seed::Text(round.to_string()))));
        let holds = holds.into_iter().map(|(key, seed)| (key.to_owned(), seed));
        (about.item(number).to_string(), Seed::Map(holds.collect()))
    };
    Seed::Map((1..).zip(day.blocks()).map(planted).collect())
}

/// A block as a programme begins with it.
struct Block {
    /// One of the programme's kinds of blocks.
    kind: &'static str,
    /// `HH:MM`, where the clock decides and not the block before.
    fixed_start: Option<&'static str>,
    /// How long it is planned.
    minutes: i64,
    title: Words,
}

const fn block(kind: &'static str, minutes: i64, title: Words) -> Block {
    Block { kind, fixed_start: None, minutes, title }
}

const fn at(start: &'static str, block: Block) -> Block {
    let Block { kind, minutes, title, .. } = block;
    Block { kind, fixed_start: Some(start), minutes, title }
}

/// A title whose Dutch is the same on both sides of the border.
const fn words(nl: &'static str, fr: &'static str, en: &'static str) -> Words {
    Words { be: nl, nl, fr, en }
}

const WELCOME: Block = block("welcome", 15, words("Welkom", "Accueil", "Welcome"));
const PAUSE: Block = block("break", 15, words("Pauze", "Pause", "Break"));
const LUNCH: Block = block("break", 60, words("Lunch", "Repas de midi", "Lunch"));
const CLOSING: Block = block("closing", 20, words("Afronden", "Clôture", "Closing"));
const INTERVISION: Block =
    block("intervision", 75, words("Intervisie", "Intervision", "Peer coaching"));
const KEY_POINTS: Block = block(
    "plenary",
    45,
    words("Kernpunten delen", "Partager les points clés", "Sharing key points"),
);

const PARTICIPATION: &[Block] = &[
    at("09:30", WELCOME),
    block("inspiration", 60, words("Een goed voorbeeld", "Un bon exemple", "A good example")),
    PAUSE,
    block(
        "breakout",
        75,
        words(
            "Wat helpt en wat remt?",
            "Qu’est-ce qui aide, qu’est-ce qui freine ?",
            "What helps and what hinders?",
        ),
    ),
    block(
        "questions",
        15,
        words(
            "Wat weten we nog niet?",
            "Que ne savons-nous pas encore ?",
            "What do we not know yet?",
        ),
    ),
    at("12:30", LUNCH),
    INTERVISION,
    PAUSE,
    KEY_POINTS,
    block(
        "reflection",
        20,
        words("Wat neem je mee?", "Qu’emportez-vous ?", "What do you take along?"),
    ),
    CLOSING,
];

const GOVERNMENT: &[Block] = &[
    at("13:00", WELCOME),
    block("news", 30, words("Nieuwtjes", "Nouvelles", "News round")),
    block("inspiration", 45, words("Gastspreker", "Oratrice ou orateur invité", "Guest speaker")),
    PAUSE,
    block(
        "speed_intervision",
        75,
        words("Speedintervisie", "Intervision éclair", "Speed peer coaching"),
    ),
    block("plenary", 30, words("Wat doe je wel en niet?", "À faire, à éviter", "Do’s and don’ts")),
    CLOSING,
];

const KICK_OFF: &[Block] = &[
    at("09:00", WELCOME),
    block("who_is_who", 30, words("Wie is wie?", "Qui est qui ?", "Who is who?")),
    block(
        "questions",
        45,
        words(
            "Vragen van elke regio",
            "Les questions de chaque territoire",
            "Each region’s questions",
        ),
    ),
    PAUSE,
    block("plenary", 30, words("Thema’s kiezen", "Choisir les thèmes", "Choosing themes")),
    block(
        "breakout",
        75,
        words(
            "Van thema naar leervraag",
            "Du thème à la question d’apprentissage",
            "From theme to learning question",
        ),
    ),
    at("12:30", LUNCH),
    block(
        "breakout",
        90,
        words("Gasten denken mee", "Les invités réfléchissent avec nous", "Guests think along"),
    ),
    PAUSE,
    KEY_POINTS,
    CLOSING,
];

/// Half a day each; the visit comes between the first and the second.
const TRAINING: &[Block] = &[
    block(
        "inspiration",
        210,
        words("Dagdeel 1: de theorie", "Demi-journée 1 : la théorie", "Half-day 1: theory"),
    ),
    block("visit", 210, words("Werkbezoek", "Visite de terrain", "Site visit")),
    block(
        "breakout",
        210,
        words(
            "Dagdeel 2: je eigen werk",
            "Demi-journée 2 : votre propre travail",
            "Half-day 2: your own work",
        ),
    ),
    block(
        "plenary",
        210,
        words(
            "Dagdeel 3: wat we zagen en aanraden",
            "Demi-journée 3 : constats et recommandations",
            "Half-day 3: what we saw and recommend",
        ),
    ),
    block(
        "intervision",
        210,
        words(
            "Dagdeel 4: eigen gevallen en oefeningen",
            "Demi-journée 4 : cas vécus et exercices",
            "Half-day 4: own cases and exercises",
        ),
    ),
    block("reflection", 210, words("Terugkomdag", "Journée de retour", "Return day")),
];

const GREEN: &[Block] = &[
    at("09:00", WELCOME),
    block(
        "reflection",
        30,
        words("Wat probeerde je uit?", "Qu’avez-vous essayé ?", "What did you try?"),
    ),
    block(
        "visit",
        60,
        words("Te gast bij een project", "En visite dans un projet", "Visiting a project"),
    ),
    PAUSE,
    block(
        "breakout",
        60,
        Words {
            be: "Noden en hinderpalen",
            nl: "Behoeften en belemmeringen",
            fr: "Besoins et obstacles",
            en: "Needs and obstacles",
        },
    ),
    at("12:00", LUNCH),
    INTERVISION,
    block(
        "reflection",
        30,
        words("Wat probeer je uit?", "Qu’allez-vous essayer ?", "What will you try?"),
    ),
    CLOSING,
];

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::{DocumentId, RoundId};

    const LANGUAGES: [&str; 4] = ["nl-BE", "nl-NL", "fr-BE", "en"];

    fn about(language: &str) -> About<'_> {
        let document = DocumentId::new(Uuid::from_u128(0xff));
        About {
            round: Some(RoundId::new(Uuid::from_u128(7))),
            ..About::new(document, "t", language)
        }
    }

    /// What stands under a key of each block, in the order of their positions.
    fn column(day: DayTemplate, language: &str, key: &str) -> Vec<Option<Seed>> {
        let Seed::Map(blocks) = blocks(day, &about(language)) else { panic!("blocks are a map") };
        let read = |(_, block): &(String, Seed), key: &str| {
            let Seed::Map(block) = block else { panic!("a block is a map") };
            block.iter().find(|(found, _)| found == key).map(|(_, seed)| seed.clone())
        };
        let mut blocks: Vec<_> =
            blocks.iter().map(|block| (read(block, "position"), read(block, key))).collect();
        blocks.sort_by_key(|(position, _)| match position {
            Some(Seed::Text(position)) => position.clone(),
            other => panic!("{other:?}"),
        });
        blocks.into_iter().map(|(_, seed)| seed).collect()
    }

    #[test]
    fn positions_keep_the_blocks_in_their_order_and_ids_are_their_own() {
        for day in DayTemplate::ALL {
            let titles = column(*day, "en", "title");
            let wanted = day.blocks().iter().map(|block| Some(Seed::text(block.title.en)));
            assert_eq!(titles, wanted.collect::<Vec<_>>(), "{day:?}");
            let Seed::Map(blocks) = blocks(*day, &about("en")) else { panic!("blocks are a map") };
            let ids: std::collections::BTreeSet<_> = blocks.iter().map(|(id, _)| id).collect();
            assert_eq!(ids.len(), blocks.len());
            assert_eq!(serde_json::to_value(day).unwrap(), day.name());
        }
    }

    #[test]
    fn what_has_a_fixed_start_waits_for_no_block_before_it() {
        for day in DayTemplate::ALL {
            let mut over = 0;
            for block in day.blocks() {
                if let Some((hour, minute)) = block.fixed_start.and_then(|at| at.split_once(':')) {
                    let start = hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap();
                    assert!(over <= start, "{day:?}: {} begins too early", block.title.en);
                    over = start;
                }
                over += block.minutes;
            }
        }
    }

    #[test]
    fn every_title_is_said_in_four_languages() {
        for day in DayTemplate::ALL {
            for language in LANGUAGES {
                let titles = column(*day, language, "title");
                assert!(titles.iter().all(|title| title != &Some(Seed::text(""))), "{language}");
            }
        }
        let noden = column(DayTemplate::Green, "nl-BE", "title");
        let behoeften = column(DayTemplate::Green, "nl-NL", "title");
        assert_eq!(noden[4], Some(Seed::text("Noden en hinderpalen")));
        assert_eq!(behoeften[4], Some(Seed::text("Behoeften en belemmeringen")));
    }

    #[test]
    fn only_a_trainings_blocks_name_the_round_that_they_share() {
        let round = Some(Seed::Text(Uuid::from_u128(7).to_string()));
        for day in DayTemplate::ALL {
            let rounds = column(*day, "nl-BE", "round");
            let wanted = if *day == DayTemplate::Training { &round } else { &None };
            assert!(rounds.iter().all(|found| found == wanted), "{day:?}");
        }
        assert_eq!(column(DayTemplate::Training, "nl-BE", "round").len(), 6);
    }
}
