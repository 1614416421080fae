//! The words that an export adds to what people wrote, in the gathering's language.

use oogst_protocol::api::ExportedInsight;

/// The words of one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Labels {
    /// The language that these words are in, BCP 47.
    pub language: &'static str,
    /// Over what guests contributed, where it stands apart.
    pub outside_heading: &'static str,
    /// A mark: a guest contributed it.
    pub outside: &'static str,
    /// The same with a category: a question, a tip, practice.
    outside_question: &'static str,
    outside_tip: &'static str,
    outside_practice: &'static str,
    /// A mark: for the plenary.
    pub highlight: &'static str,
    /// In front of the text that a guest's insight stood under, and of where an example is.
    about: &'static str,
    source: &'static str,
    /// Marks of a translation: by a person, by a machine.
    translation: &'static str,
    machine_translation: &'static str,
    /// A credit: somebody whom the learning is about.
    pub target_group: &'static str,
    /// In place of a list without insights.
    pub nothing_yet: &'static str,
    /// One insight, and several, that somebody wants in nothing published.
    withheld: [&'static str; 2],
    /// Some signs have no picture in the PDF's fonts.
    pub undrawn: &'static str,
    /// In front of a page's number.
    pub page: &'static str,
    months: [&'static str; 12],
    categories: [(&'static str, &'static str); 10],
}

const NL_BE: Labels = Labels {
    language: "nl-BE",
    outside_heading: "Blik van buiten",
    outside: "van buiten",
    outside_question: "vraag van buiten",
    outside_tip: "tip van buiten",
    outside_practice: "praktijk van buiten",
    highlight: "kernpunt",
    about: "bij",
    source: "bron",
    translation: "vertaling",
    machine_translation: "vertaald door een machine",
    target_group: "doelgroep",
    nothing_yet: "Nog geen inzichten",
    withheld: [
        "1 inzicht is weggelaten: wie het zei, wil het niet publiceren.",
        "{} inzichten zijn weggelaten: wie ze zei, wil ze niet publiceren.",
    ],
    undrawn: "Sommige tekens kan deze pdf niet tonen. In de webpagina en in Word staan ze wel.",
    page: "pagina",
    months: [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    categories: [
        ("insight", "inzicht"),
        ("tool", "hulpmiddel"),
        ("experience", "ervaring"),
        ("success_factor", "succesfactor"),
        ("obstacle", "hinderpaal"),
        ("knowledge_gap", "kennishiaat"),
        ("good_example", "goed voorbeeld"),
        ("recommendation", "aanbeveling"),
        ("question", "vraag"),
        ("tip", "tip"),
    ],
};

const NL_NL: Labels = Labels {
    language: "nl-NL",
    categories: [
        ("insight", "inzicht"),
        ("tool", "hulpmiddel"),
        ("experience", "ervaring"),
        ("success_factor", "succesfactor"),
        ("obstacle", "drempel"),
        ("knowledge_gap", "kennislacune"),
        ("good_example", "goed voorbeeld"),
        ("recommendation", "aanbeveling"),
        ("question", "vraag"),
        ("tip", "tip"),
    ],
    ..NL_BE
};

const FR: Labels = Labels {
    language: "fr",
    outside_heading: "Regards extérieurs",
    outside: "regard extérieur",
    outside_question: "question de l’extérieur",
    outside_tip: "conseil de l’extérieur",
    outside_practice: "pratique de l’extérieur",
    highlight: "point clé",
    about: "à propos de",
    source: "source",
    translation: "traduction",
    machine_translation: "traduction automatique",
    target_group: "public concerné",
    nothing_yet: "Pas encore d’enseignements",
    withheld: [
        "1 enseignement n’est pas repris\u{a0}: son auteur·rice ne le souhaite pas.",
        "{} enseignements ne sont pas repris\u{a0}: leurs auteur·rices ne le souhaitent pas.",
    ],
    undrawn: "Ce PDF ne peut pas montrer certains signes. La page web et le document Word les ont.",
    page: "page",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    categories: [
        ("insight", "enseignement"),
        ("tool", "outil"),
        ("experience", "expérience"),
        ("success_factor", "facteur de succès"),
        ("obstacle", "obstacle"),
        ("knowledge_gap", "manque de savoir"),
        ("good_example", "bon exemple"),
        ("recommendation", "recommandation"),
        ("question", "question"),
        ("tip", "conseil"),
    ],
};

const EN: Labels = Labels {
    language: "en",
    outside_heading: "A view from outside",
    outside: "from outside",
    outside_question: "question from outside",
    outside_tip: "tip from outside",
    outside_practice: "practice from outside",
    highlight: "key point",
    about: "on",
    source: "source",
    translation: "translation",
    machine_translation: "translated by a machine",
    target_group: "target group",
    nothing_yet: "No insights yet",
    withheld: [
        "1 insight is left out: whoever said it does not want it published.",
        "{} insights are left out: those who said them do not want them published.",
    ],
    undrawn: "This PDF cannot show some signs. The web page and the Word document have them.",
    page: "page",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    categories: [
        ("insight", "insight"),
        ("tool", "tool"),
        ("experience", "experience"),
        ("success_factor", "success factor"),
        ("obstacle", "obstacle"),
        ("knowledge_gap", "knowledge gap"),
        ("good_example", "good example"),
        ("recommendation", "recommendation"),
        ("question", "question"),
        ("tip", "tip"),
    ],
};

impl Labels {
    /// The words for a gathering in a language: Dutch as in Belgium or the Netherlands, French,
    /// and English for all others.
    #[must_use]
    pub fn of(language: &str) -> &'static Self {
        let language = language.to_ascii_lowercase();
        match language.split('-').next() {
            Some("nl") if language.ends_with("-nl") => &NL_NL,
            Some("nl") => &NL_BE,
            Some("fr") => &FR,
            Some(_) | None => &EN,
        }
    }

    /// What kind of insight it is, in words; nothing for a plain one.
    #[must_use]
    pub fn kind(&self, category: Option<&str>, from_outside: bool) -> Option<&'static str> {
        if from_outside {
            return Some(match category {
                Some("question") => self.outside_question,
                Some("tip") => self.outside_tip,
                Some("experience" | "good_example" | "tool") => self.outside_practice,
                Some(_) | None => self.outside,
            });
        }
        let category = category.filter(|category| *category != "insight")?;
        self.categories.iter().find(|(code, _)| *code == category).map(|(_, words)| *words)
    }

    /// The mark of a translation.
    #[must_use]
    pub const fn translation_by(&self, machine: bool) -> &'static str {
        if machine { self.machine_translation } else { self.translation }
    }

    /// What is told under an insight, each with its label: where an example is to be found, and
    /// what a guest's insight stood under.
    #[must_use]
    pub fn asides(&self, insight: &ExportedInsight) -> Vec<(&'static str, String)> {
        let mut asides = Vec::new();
        if let Some(source) = &insight.source {
            let parts = [&source.place, &source.country, &source.url];
            let parts = parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str);
            asides.push((self.source, parts.collect::<Vec<_>>().join(", ")));
        }
        if let Some(about) = &insight.about {
            asides.push((self.about, about.clone()));
        }
        asides
    }

    /// That so many insights are left out; nothing where there are none.
    #[must_use]
    pub fn withheld(&self, insights: u64) -> Option<String> {
        match insights {
            0 => None,
            1 => Some(self.withheld[0].to_owned()),
            more => Some(self.withheld[1].replace("{}", &more.to_string())),
        }
    }

    /// A day in words, from `2026-11-21`; anything else as it is.
    #[must_use]
    pub fn day(&self, date: &str) -> String {
        let mut parts = date.split('-').map(str::parse::<usize>);
        let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return date.to_owned();
        };
        let Some(month) = month.checked_sub(1).and_then(|place| self.months.get(place)) else {
            return date.to_owned();
        };
        let first = if self.language == "fr" && day == 1 { "er" } else { "" };
        format!("{day}{first} {month} {year}")
    }
}
