//! The fifth table: what is left when everybody has gone home.

use super::{Act, Table};
use super::{CAKE, add, choose, consent, highlight, mend, nest, photo, remove, support, word};

const QUESTION: &str = "Hoe zorgen we dat er na de dag ook echt iets verandert?";

const ACTS: &[Act] = &[
    word("Jana", "borgen", "Hoe borgen we de resultaten op lange termijn?"),
    word("Koen", "verandert", QUESTION),
    consent("Jana", "verandert"),
    consent("Noor", "verandert"),
    choose("Koen", "verandert", QUESTION),
    add("Noor", "dagboek", "insight", "Een verslag dat niemand leest, is een dagboek."),
    add(
        "Leen",
        "morgen",
        "tip",
        "+ een naam, + een uur: spreek op de dag zelf af wie er morgen belt.",
    ),
    support("Roos", "dagboek"),
    add(
        "Mehmet",
        "telefoontje",
        "good_example",
        "Een klein budget zonder formulier: ‹5000›500 euro na één telefoontje.",
    ),
    add(
        "Jana",
        "vergeten",
        "experience",
        "Na drie maanden was iedereen het vergeten. Wij ook, en wij hadden het bedacht.",
    ),
    nest("Koen", ("vergeten", "agenda"), "tool", "Misschien helpt een app."),
    remove("Koen", "agenda"),
    add(
        "Roos",
        "taart",
        "success_factor",
        "Vier wat lukt, ook als het maar half lukt. Met ‹🎈🎈›taart 🍰 als het kan.",
    ),
    photo("Roos", "taart", &CAKE),
    add(
        "Koen",
        "een-actie",
        "recommendation",
        "Kies één actie. Met zeven acties heb je een affiche, geen ‹plan.›plan.",
    ),
    support("Jana", "een-actie"),
    support("Leen", "een-actie"),
    add(
        "Mehmet",
        "mogen",
        "obstacle",
        "Wie het plan schreef, mag het vaak niet uitvoeren. Zonde van het vuur.",
    ),
    add("Noor", "bakker", "tip", "Hang het resultaat bij de bakker, niet op de website."),
    mend("Noor", "bakker", "niet op de website", "niet alleen op de website"),
    add(
        "Arno",
        "niets",
        "question",
        "Wat gebeurt er als je dit netwerk een jaar lang niets laat doen?",
    ),
    add(
        "Bea",
        "terugkomdag",
        "recommendation",
        "Plan de terugkomdag nu, met de agenda's open. Over een week is iedereen weer alleen.",
    ),
    support("Roos", "terugkomdag"),
    support("Mehmet", "terugkomdag"),
    support("Noor", "terugkomdag"),
    highlight("Koen", "een-actie"),
    highlight("Leen", "terugkomdag"),
];

pub(super) const TABLE: Table = Table { name: "Wat er overblijft", acts: ACTS };
