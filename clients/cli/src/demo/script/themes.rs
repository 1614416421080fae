//! The morning: what every region brings, and the themes that come of it.

/// A question or challenge that a region brings.
#[derive(Clone, Copy, Debug)]
pub struct RegionQuestion {
    /// Its region, a place in [`REGIONS`](super::REGIONS).
    pub region: usize,
    /// Who types it.
    pub by: &'static str,
    /// `question` or `challenge`.
    pub kind: &'static str,
    /// What is typed.
    pub text: &'static str,
    /// The theme that it ends up under, a place in [`THEMES`].
    pub theme: usize,
}

/// A theme that clusters questions.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// What it is called.
    pub text: &'static str,
    /// Its table, where it was chosen.
    pub table: Option<usize>,
    /// How many dots it gets.
    pub dots: usize,
}

/// Six themes, of which five are chosen.
pub const THEMES: &[Theme] = &[
    Theme { text: "Wie er niet bij was", table: Some(0), dots: 24 },
    Theme { text: "Vertrouwen na een belofte te veel", table: Some(1), dots: 21 },
    Theme { text: "Collega's die het druk hebben", table: Some(2), dots: 19 },
    Theme { text: "Praten zodat iedereen mee is", table: Some(3), dots: 16 },
    Theme { text: "Wat er overblijft", table: Some(4), dots: 14 },
    Theme { text: "Parkeren", table: None, dots: 8 },
];

const fn ask(
    (region, theme): (usize, usize),
    by: &'static str,
    kind: &'static str,
    text: &'static str,
) -> RegionQuestion {
    RegionQuestion { region, by, kind, text, theme }
}

/// What the regions bring, in the order in which it is typed.
pub const REGION_QUESTIONS: &[RegionQuestion] = &[
    ask((0, 0), "Samira", "question", "Hoe vinden we wie nooit naar een avond komt?"),
    ask((1, 3), "Amina", "challenge", "Onze brieven begrijpen we zelf niet altijd."),
    ask((2, 1), "Moussa", "question", "Hoe begin je opnieuw na een belofte die brak?"),
    ask((3, 2), "Rita", "challenge", "Vijf diensten, vijf agenda's, één wijk."),
    ask((4, 4), "Koen", "question", "Wat blijft er over als de subsidie stopt?"),
    ask((0, 2), "Stijn", "question", "Hoe vraag je hulp aan een collega zonder tijd?"),
    ask((1, 0), "Nadia", "challenge", "Jonge moeders haken af om zes uur 's avonds."),
    ask((2, 3), "Bert", "question", "Welke taal spreekt een plattegrond?"),
    ask((3, 1), "Karel", "challenge", "De wijk zegt: eerst zien, dan geloven."),
    ask((4, 5), "Dries", "challenge", "Elk gesprek eindigt bij parkeerplaatsen."),
    ask((3, 4), "Roos", "question", "Hoe blijft een goed idee leven na de taart?"),
    ask((4, 0), "Greet", "question", "Wie spreekt er voor wie geen stem heeft?"),
];
