//! The third table: colleagues who are busy already.

use super::{Act, Table};
use super::{
    FIRE_ENGINE, add, choose, consent, highlight, mend, nest, photo, put_under, support, word,
};

const QUESTION: &str = "Hoe krijgen we collega's mee die het al druk genoeg hebben?";

const ACTS: &[Act] = &[
    word("Dries", "dwars", "Hoe werken we transversaal en integraal?"),
    word("Rita", "druk", QUESTION),
    consent("Elke", "druk"),
    consent("Dries", "druk"),
    choose("Rita", "druk", QUESTION),
    add(
        "Elke",
        "wakker",
        "insight",
        "Kom niet met een vraag. Kom met iets waar de ander ‹van wakker›iets aan heeft.",
    ),
    add("Stijn", "agenda", "obstacle", "Iedereen heeft het druk. Vooral wie je nodig hebt."),
    nest("Hanne", ("wakker", "vraag-eerst"), "tip", "Vraag eerst: waar lig jij wakker van?"),
    add(
        "Youssef",
        "boterham",
        "success_factor",
        "Eet samen. Een gedeelde boterham opent meer deuren dan een gedeelde map.",
    ),
    nest(
        "Elke",
        ("wakker", "zwerfvuil"),
        "good_example",
        "De groendienst wil minder zwerfvuil. Wij willen een speelplek. Dat is één gesprek.",
    ),
    add(
        "Dries",
        "chef",
        "insight",
        "De chef moet het niet zelf doen. De chef moet het laten gebeuren.",
    ),
    nest(
        "Stijn",
        ("agenda", "een-uur"),
        "tip",
        "Vraag een uur, geen werkgroep. Van een werkgroep wordt niemand ‹beter›wakker.",
    ),
    nest(
        "Youssef",
        ("boterham", "broodjes"),
        "experience",
        "Onze broodjesronde bestaat zes jaar. Er is nog nooit een verslag van gemaakt.",
    ),
    support("Rita", "boterham"),
    support("Hanne", "boterham"),
    support("Soetkin", "boterham"),
    add(
        "Soetkin",
        "vier-keer",
        "obstacle",
        "Elke dienst heeft een eigen systeem. De bezoeker vertelt alles vier keer.",
    ),
    add("Hanne", "a4", "tool", "Eén blad per wijk met namen en nummers. Op papier. Het werkt."),
    put_under("Soetkin", "a4", "vier-keer"),
    nest(
        "Dries",
        ("chef", "cijfers"),
        "question",
        "Hoe overtuig je een leidinggevende die enkel cijfers wil zien?",
    ),
    add(
        "Rita",
        "andermans-naam",
        "tip",
        "Zet een succes op naam van een ander. Dat kost niets en werkt jaren.",
    ),
    add(
        "Elke",
        "stagiair",
        "experience",
        "Een stagiair die overal binnenkijkt, verbindt meer diensten dan een ‹coord›coördinator.",
    ),
    add(
        "Soetkin",
        "brandweer",
        "good_example",
        "De brandweer doet mee als je hen vraagt om te komen eten.",
    ),
    mend("Youssef", "boterham", "Eet samen.", "Eet samen, zonder laptop."),
    nest(
        "Wim",
        ("brandweer", "wagen"),
        "tip",
        "Kinderen willen de wagen zien. Zo komen de ouders vanzelf. Wij ook.",
    ),
    photo("Wim", "wagen", &FIRE_ENGINE),
    add("Wim", "stoppen", "recommendation", "Spreek af wie mag zeggen: hier stoppen we mee."),
    nest(
        "Xander",
        ("stoppen", "opruimen"),
        "experience",
        "In het ziekenhuis schrapten we drie overleggen. Niemand heeft ernaar gevraagd.",
    ),
    support("Stijn", "stoppen"),
    support("Dries", "stoppen"),
    highlight("Rita", "wakker"),
    highlight("Youssef", "boterham"),
    highlight("Stijn", "stoppen"),
];

pub(super) const TABLE: Table = Table { name: "Collega's die het druk hebben", acts: ACTS };
