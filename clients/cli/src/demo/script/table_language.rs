//! The fourth table: talking so that everybody can follow.

use super::{Act, Table};
use super::{add, choose, consent, highlight, mend, nest, remove, restore, support, word};

const QUESTION: &str = "Hoe praten we zo dat iedereen mee is, ook wie nog Nederlands leert?";

const ACTS: &[Act] = &[
    word("Filip", "laagdrempelig", "Hoe communiceren we laagdrempelig en inclusief?"),
    word("Amina", "mee", QUESTION),
    consent("Filip", "mee"),
    consent("Ewa", "mee"),
    choose("Amina", "mee", QUESTION),
    add(
        "Amina",
        "beleefd",
        "insight",
        "Gewone taal is geen kindertaal. Gewone taal is ‹vrien›beleefd.",
    ),
    nest(
        "Bert",
        ("beleefd", "toog"),
        "tip",
        "Schrijf zoals je het aan de toog zou zeggen. Zonder de ‹#@›vloeken.",
    ),
    add(
        "Ewa",
        "luisteren",
        "insight",
        "Meertalig is meer dan vertalen. Wie luistert, leert ook ‘dzień ‹dob›dobry’ zeggen.",
    ),
    nest(
        "Filip",
        ("beleefd", "eenenveertig"),
        "experience",
        "We telden het woord ‘participatietraject’ in ons eigen plan: 31 keer.",
    ),
    support("Chantal", "beleefd"),
    support("Gül", "beleefd"),
    nest(
        "Gül",
        ("luisteren", "tolk"),
        "success_factor",
        "Zet de tolk aan tafel, niet achteraan in de zaal. «Ласкаво просимо!»",
    ),
    mend("Filip", "eenenveertig", "31 keer", "41 keer. Filip telde twee keer"),
    nest(
        "Daan",
        ("beleefd", "icoon"),
        "obstacle",
        "Tekeningen helpen, maar test ze. Ons teken voor overleg leek op een ruzie.",
    ),
    remove("Bert", "icoon"),
    restore("Chantal", "icoon"),
    support("Ewa", "tolk"),
    nest(
        "Yasmine",
        ("luisteren", "mopperen"),
        "tip",
        "Laat mensen eerst in hun eigen taal mopperen: «يا سلام». Daarna komt het idee.",
    ),
    nest(
        "Zita",
        ("mopperen", "terug"),
        "question",
        "Wie vertaalt het verslag terug? Anders leest niemand zijn eigen zin.",
    ),
    support("Amina", "terug"),
    support("Daan", "mopperen"),
    highlight("Amina", "beleefd"),
    highlight("Gül", "mopperen"),
];

pub(super) const TABLE: Table = Table { name: "Praten zodat iedereen mee is", acts: ACTS };
