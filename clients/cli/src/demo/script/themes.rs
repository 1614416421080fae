//! The morning: what every region brings, the themes that come of it, and the vote between them.

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
    /// How many dots it gets, on devices and on paper.
    pub dots: usize,
}

/// Six themes, of which five are chosen.
pub const THEMES: &[Theme] = &[
    Theme { text: "Wie er niet bij was", table: Some(0), dots: 25 },
    Theme { text: "Vertrouwen na een belofte te veel", table: Some(1), dots: 22 },
    Theme { text: "Collega's die het druk hebben", table: Some(2), dots: 20 },
    Theme { text: "Praten zodat iedereen mee is", table: Some(3), dots: 17 },
    Theme { text: "Wat er overblijft", table: Some(4), dots: 15 },
    Theme { text: "Parkeren", table: None, dots: 9 },
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

/// How many dots everybody has for the themes.
pub const DOTS_EACH: usize = 3;

/// Where somebody's dots go: places in [`THEMES`], a theme twice for two dots.
pub type Ballot = (&'static str, [usize; DOTS_EACH]);

/// What everybody votes on their own device. Dries thinks again.
pub const BALLOTS: &[Ballot] = &[
    ("Samira", [0, 2, 5]),
    ("Joris", [0, 0, 2]),
    ("Annelies", [0, 0, 5]),
    ("Bilal", [0, 0, 2]),
    ("Greet", [0, 0, 5]),
    ("Tuur", [0, 1, 5]),
    ("Nadia", [0, 0, 4]),
    ("Pieter", [1, 1, 0]),
    ("Fatma", [1, 1, 0]),
    ("Lieve", [1, 1, 2]),
    ("Wout", [1, 1, 0]),
    ("Ingrid", [1, 1, 2]),
    ("Moussa", [1, 1, 2]),
    ("Karel", [1, 1, 0]),
    ("Elke", [2, 2, 0]),
    ("Stijn", [2, 2, 4]),
    ("Hanne", [2, 1, 0]),
    ("Youssef", [2, 2, 5]),
    ("Rita", [2, 2, 4]),
    ("Dries", [5, 5, 2]),
    ("Dries", [2, 2, 0]),
    ("Soetkin", [2, 0, 2]),
    ("Amina", [3, 3, 4]),
    ("Bert", [3, 3, 4]),
    ("Chantal", [3, 3, 0]),
    ("Daan", [3, 3, 1]),
    ("Ewa", [3, 3, 5]),
    ("Filip", [3, 3, 5]),
    ("Gül", [3, 3, 1]),
    ("Jana", [4, 1, 4]),
    ("Koen", [4, 4, 0]),
    ("Leen", [4, 1, 1]),
    ("Mehmet", [4, 4, 2]),
    ("Noor", [4, 4, 5]),
    ("Roos", [4, 5, 0]),
];

/// What those vote who share somebody's device: a device has one ballot, so theirs is on paper.
pub const PAPER: &[Ballot] = &[("Omar", [0, 0, 3]), ("Hilde", [3, 3, 1])];

/// The themes that are chosen, the first first.
pub fn chosen() -> impl Iterator<Item = &'static Theme> {
    let mut chosen: Vec<_> = THEMES.iter().filter(|theme| theme.table.is_some()).collect();
    chosen.sort_by_key(|theme| std::cmp::Reverse(theme.dots));
    chosen.into_iter()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::DEVICES;
    use super::*;

    #[test]
    fn everybody_votes_and_the_dots_are_those_that_the_themes_get() {
        let last: BTreeMap<_, _> = BALLOTS.iter().copied().collect();
        let voters: Vec<_> = last.keys().copied().collect();
        let mut devices: Vec<_> = DEVICES.iter().map(|person| person.name).collect();
        devices.sort_unstable();
        assert_eq!(voters, devices);
        let beside: Vec<_> = DEVICES.iter().flat_map(|one| one.together_with).copied().collect();
        assert_eq!(PAPER.iter().map(|(name, _)| *name).collect::<Vec<_>>(), beside);
        let mut dots = [0; THEMES.len()];
        for place in last.values().chain(PAPER.iter().map(|(_, ballot)| ballot)).flatten() {
            dots[*place] += 1;
        }
        assert_eq!(dots.to_vec(), THEMES.iter().map(|theme| theme.dots).collect::<Vec<_>>());
    }

    #[test]
    fn the_five_that_come_out_first_have_the_tables_and_none_is_tied() {
        let mut dots: Vec<_> = THEMES.iter().map(|theme| theme.dots).collect();
        let chosen: Vec<_> = chosen().map(|theme| theme.dots).collect();
        assert_eq!((chosen.len(), &chosen), (5, &dots[..5].to_vec()));
        dots.dedup();
        assert_eq!(dots.len(), THEMES.len());
    }
}
