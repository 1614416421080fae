//! The plan: what changes after the day, beginning with what costs nothing.

use super::stakeholders::Said;

/// An action plan.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What it wants.
    pub goal: Said,
    /// What for.
    pub why: Said,
    /// What it will not do.
    pub limits: Said,
    /// Who was asked, and on which day.
    pub consulted: &'static [Consulted],
    /// The question of the first hundred days.
    pub hundred_days: Said,
    /// Who does what in them.
    pub roles: Said,
    /// Who says when they begin, and when: an ISO date.
    pub start: Said,
    /// The actions, in order; those that cost nothing first.
    pub actions: &'static [Action],
}

/// Who types it, who was asked, and on which day.
pub type Consulted = (&'static str, &'static str, &'static str);

/// Something to be done.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// What the script calls it.
    pub key: &'static str,
    /// Who proposes it.
    pub by: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Who does it, in words.
    pub who_text: &'static str,
    /// Who of those present takes it on, by name.
    pub who: &'static [&'static str],
    /// By which day: an ISO date.
    pub due: &'static str,
    /// `do`, `meeting`, `agenda_setting` or `publication`.
    pub kind: &'static str,
    /// In which scenarios: `none` (no money), `small`, `medium`, `large`.
    pub scenarios: &'static [&'static str],
    /// What it costs, in whole euros, where somebody knows.
    pub cost: Option<i64>,
    /// What happens next.
    pub next_step: &'static str,
    /// In which quarter.
    pub period: &'static str,
    /// The stakeholder that it is for, a key of [`STAKEHOLDERS`](super::STAKEHOLDERS).
    pub stakeholder: Option<&'static str>,
    /// Who is for it.
    pub supports: &'static [&'static str],
    /// Who says how far it is, after it was an idea; the newest last.
    pub progress: &'static [(&'static str, &'static str)],
}

impl Action {
    /// How far it is at the end.
    #[must_use]
    pub fn status(&self) -> &'static str {
        self.progress.last().map_or("idea", |(_, status)| status)
    }
}

/// An idea for this winter that nobody has taken on.
const fn idea(
    key: &'static str,
    by: &'static str,
    what: &'static str,
    scenarios: &'static [&'static str],
) -> Action {
    Action {
        key,
        by,
        what,
        who_text: "",
        who: &[],
        due: "2027-03-31",
        kind: "do",
        scenarios,
        cost: None,
        next_step: "",
        period: "2027-K1",
        stakeholder: None,
        supports: &[],
        progress: &[],
    }
}

/// What the day leads to.
pub const PLAN: Plan = Plan {
    goal: ("Koen", "Tegen de zomer heeft elke wijk een deur die ‹altd›altijd open is."),
    why: ("Roos", "Wie binnenkomt, praat. Wie praat, denkt mee."),
    limits: ("Ingrid", "Geen nieuwe dienst. Geen nieuwe website. Twee uur per week."),
    consulted: &[
        ("Filip", "Drie klanten van de kapper", "2026-11-19"),
        ("Nadia", "De moeders van Saffraan, ná zes uur", "2026-11-20"),
    ],
    hundred_days: ("Jana", "Wie komt er over honderd dagen binnen die ‹vandag›vandaag wegblijft?"),
    roles: ("Mehmet", "Jana trekt. Koen belt. Mehmet zorgt voor de taart."),
    start: ("Jana", "2026-12-01"),
    actions: &[
        Action {
            who_text: "Tuur, en wie wil",
            who: &["Tuur", "Samira"],
            due: "2026-12-08",
            cost: Some(0),
            next_step: "Samira vraagt het zaterdag.",
            period: "2026-K4",
            stakeholder: Some("kapper"),
            supports: &["Greet", "Bilal"],
            progress: &[("Samira", "agreed"), ("Tuur", "doing")],
            ..idea("stoel", "Tuur", "Een dinsdag bij de kapper gaan zitten", &["none", "small"])
        },
        Action {
            who: &["Pieter"],
            due: "2026-12-15",
            kind: "publication",
            period: "2026-K4",
            supports: &["Karel", "Moussa"],
            progress: &[("Pieter", "agreed")],
            ..idea("lijst", "Pieter", "Beloofd, gedaan, niet gelukt: één blad", &["none"])
        },
        Action {
            who_text: "Chantal met de ‹jfu›juf van de zesde klas",
            who: &["Chantal"],
            kind: "meeting",
            cost: Some(40),
            next_step: "Bekers lenen bij de voetbalclub.",
            stakeholder: Some("school"),
            supports: &["Gül", "Hanne"],
            ..idea("koffie", "Chantal", "Koffie aan de schoolpoort", &["none", "small", "medium"])
        },
        Action {
            who: &["Leen"],
            cost: Some(120),
            supports: &["Roos"],
            ..idea("sleutel", "Leen", "Een sleutel van het buurthuis voor drie buren", &["small"])
        },
        Action {
            cost: Some(900),
            next_step: "De jeugdbeweging bellen.",
            ..idea("opvang", "Nadia", "Kinderopvang op dinsdagavond", &["small", "medium"])
        },
        Action {
            who_text: "Gül en Hilde",
            cost: Some(2_400),
            ..idea("tolk", "Gül", "Een tolk aan elke tafel, niet achteraan", &["medium", "large"])
        },
        Action {
            kind: "agenda_setting",
            due: "2027-06-30",
            cost: Some(18_500),
            period: "2027-K2",
            stakeholder: Some("bus"),
            ..idea("bus", "Elke", "Een bus die rijdt tot elf uur", &["large"])
        },
        Action {
            cost: Some(40_000),
            progress: &[("Filip", "dropped")],
            ..idea("app", "Bert", "Een app", &["large"])
        },
    ],
};
