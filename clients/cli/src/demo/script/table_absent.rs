//! The first table: those who did not come.

use super::{Act, Table};
use super::{
    add, choose, consent, highlight, mend, nest, put_under, remove, restore, support, word,
};

const QUESTION: &str = "Hoe bereiken we mensen die nooit op een uitnodiging antwoorden?";

const ACTS: &[Act] = &[
    word("Joris", "doelgroep", "Hoe activeren we de moeilijk bereikbare doelgroep?"),
    word("Samira", "antwoord", QUESTION),
    consent("Greet", "antwoord"),
    consent("Bilal", "antwoord"),
    add(
        "Samira",
        "kapper",
        "insight",
        "Wie niet naar de zaal komt, zit wel bij de kapper. Dus gaan ‹we naar d›wij naar de \
         kapper.",
    ),
    choose("Samira", "antwoord", QUESTION),
    add(
        "Joris",
        "brief",
        "obstacle",
        "Onze brief begint met “artikel 12 <bis>” & ‹punt›bijlage. Daar stopt iedereen met lezen.",
    ),
    nest("Bilal", ("kapper", "tijd"), "tip", "Neem geen folder mee. Neem tijd mee."),
    support("Greet", "kapper"),
    add("Tuur", "soep", "insight", "De soep is op. Dat is ook een inzicht."),
    add(
        "Nadia",
        "opvang",
        "success_factor",
        "Opvang voor de kinderen is geen extraatje. Het is de sleutel ‹op›van de deur.",
    ),
    remove("Annelies", "soep"),
    nest(
        "Joris",
        ("brief", "zucht"),
        "tip",
        "Laat iemand van twaalf de brief lezen. Als die zucht, schrijf hem opnieuw.",
    ),
    nest(
        "Tuur",
        ("kapper", "molenstraat"),
        "experience",
        "De kapper van de Molenstraat weet meer dan ons hele onderzoek.",
    ),
    add("Greet", "iedereen", "insight", "Eén mens die iedereen kent > duizend affiches."),
    nest(
        "Annelies",
        ("opvang", "jeugdbeweging"),
        "good_example",
        "In Waterhoek past de jeugdbeweging op. De ouders bleven tot tien uur.",
    ),
    add("Bilal", "moe", "obstacle", "Die ene mens is wel moe. Wie zorgt er voor onze gangmakers?"),
    support("Joris", "iedereen"),
    support("Samira", "iedereen"),
    put_under("Greet", "moe", "iedereen"),
    add(
        "Annelies",
        "schoolpoort",
        "experience",
        "Om acht uur 's avonds komen altijd dezelfde acht. Aan de schoolpoort kwamen er \
         ‹zes›zestig.",
    ),
    remove("Tuur", "schoolpoort"),
    mend("Joris", "brief", "Daar stopt iedereen met lezen", "Daar stopt iedereen, wij ook"),
    restore("Annelies", "schoolpoort"),
    nest(
        "Sofie",
        ("iedereen", "huur"),
        "tip",
        "Betaal je gangmakers. Een bloemetje is lief, maar het betaalt de huur niet.",
    ),
    add(
        "Tom",
        "waarom",
        "question",
        "Vragen jullie ook waarom mensen wegblijven? Of raden jullie dat zelf?",
    ),
    support("Nadia", "huur"),
    support("Bilal", "huur"),
    highlight("Samira", "kapper"),
    highlight("Samira", "iedereen"),
    highlight("Greet", "opvang"),
];

pub(super) const TABLE: Table = Table { name: "Wie er niet bij was", acts: ACTS };
