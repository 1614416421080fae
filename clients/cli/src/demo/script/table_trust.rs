//! The second table: trust, after a promise too many.

use super::{Act, Table};
use super::{BENCH, add, choose, consent, highlight, mend, nest, photo, remove, support, word};

const QUESTION: &str = "Hoe winnen we vertrouwen als de vorige belofte niet is nagekomen?";

const ACTS: &[Act] = &[
    word("Wout", "draagvlak", "Hoe verhogen we het draagvlak bij de bevolking?"),
    word("Fatma", "belofte", QUESTION),
    consent("Moussa", "belofte"),
    consent("Lieve", "belofte"),
    consent("Wout", "belofte"),
    choose("Fatma", "belofte", QUESTION),
    add(
        "Karel",
        "te-voet",
        "insight",
        "Vertrouwen komt te voet en vertrekt met de auto van de ‹schep›burgemeester.",
    ),
    add(
        "Lieve",
        "bankje",
        "success_factor",
        "Los eerst één klein ding op. Het bankje aan de bushalte deed meer dan ons plan.",
    ),
    support("Fatma", "te-voet"),
    support("Pieter", "te-voet"),
    nest(
        "Lieve",
        ("bankje", "drie-weken"),
        "experience",
        "We zetten het bankje in drie weken. Mensen kwamen vragen wat er nog kon.",
    ),
    photo("Lieve", "bankje", &BENCH),
    add(
        "Ingrid",
        "eerlijk",
        "tip",
        "Zeg ook wat niet kan. En zeg het op de eerste avond, niet op de ‹twee›laatste.",
    ),
    add(
        "Moussa",
        "vorige",
        "obstacle",
        "Mensen vragen wat er met de vorige bevraging gebeurde. Wij wisten het ook niet.",
    ),
    add("Wout", "nota", "tool", "De nota van de provincie heeft daar een schema voor."),
    remove("Wout", "nota"),
    add(
        "Pieter",
        "gezicht",
        "insight",
        "Elke keer een ander gezicht aan tafel: zo bouw je niets op.",
    ),
    add(
        "Fatma",
        "sorry",
        "good_example",
        "De schepen van Lindendonk zei gewoon sorry. Het was even stil. Toen begon ‹t›het gesprek.",
    ),
    nest(
        "Wout",
        ("gezicht", "doorgeven"),
        "knowledge_gap",
        "Hoe geef je vertrouwen door als een collega vertrekt?",
    ),
    mend("Lieve", "bankje", "ons plan", "ons plan van tachtig bladzijden"),
    add("Ursula", "zelf", "question", "Wie van jullie woont zelf in de wijk waarover het gaat?"),
    nest(
        "Victor",
        ("vorige", "drie-lijsten"),
        "recommendation",
        "Begin elke avond zo: dit beloofden we, dit deden we, dit lukte niet.",
    ),
    support("Karel", "drie-lijsten"),
    support("Ingrid", "drie-lijsten"),
    support("Moussa", "sorry"),
    highlight("Fatma", "sorry"),
    highlight("Karel", "drie-lijsten"),
    highlight("Pieter", "bankje"),
];

pub(super) const TABLE: Table = Table { name: "Vertrouwen na een belofte te veel", acts: ACTS };
