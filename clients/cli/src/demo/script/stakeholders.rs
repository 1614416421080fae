//! The stakeholder map: whom the network needs, and what each of them wins.

/// An organisation on the map, with what is known of it. Not everything is.
#[derive(Clone, Copy, Debug)]
pub struct Stakeholder {
    /// What the script calls it.
    pub key: &'static str,
    /// Who puts it on the map.
    pub by: &'static str,
    /// What it is called.
    pub organisation: &'static str,
    /// Where it is.
    pub municipality: &'static str,
    /// `local`, `provincial`, …
    pub level: &'static str,
    /// Its influence and its interest: 1 to 5.
    pub weight: Option<(i64, i64)>,
    /// What may interest it.
    pub interests: &'static [Said],
    /// What it wins.
    pub wins: &'static [Said],
    /// How it is reached.
    pub reached_via: &'static str,
    /// What happens next.
    pub next_step: &'static str,
    /// How far it is engaged, the newest last.
    pub engaged: &'static [Engaged],
    /// Who takes it from the map again.
    pub removed_by: Option<&'static str>,
}

/// Who types it, and what.
pub type Said = (&'static str, &'static str);

/// Who notes it, how far, and since which day.
pub type Engaged = (&'static str, &'static str, &'static str);

/// A stakeholder of whom no more is known than who it is.
const fn bare(
    key: &'static str,
    by: &'static str,
    organisation: &'static str,
    level: &'static str,
) -> Stakeholder {
    Stakeholder {
        key,
        by,
        organisation,
        municipality: "",
        level,
        weight: None,
        interests: &[],
        wins: &[],
        reached_via: "",
        next_step: "",
        engaged: &[],
        removed_by: None,
    }
}

/// The map, in its order.
pub const STAKEHOLDERS: &[Stakeholder] = &[
    Stakeholder {
        municipality: "Waterhoek",
        weight: Some((2, 5)),
        interests: &[("Tuur", "Weet als eerste wie er nieuw is in de straat.")],
        wins: &[
            ("Greet", "Een volle wachtbank op dinsdag."),
            ("Samira", "Klanten die ‹zih›zich gehoord voelen."),
        ],
        reached_via: "Samira, om de zes weken",
        next_step: "Vragen of we een dinsdag mogen blijven zitten.",
        engaged: &[("Samira", "informed", "2026-11-03"), ("Tuur", "ambassador", "2026-11-21")],
        ..bare("kapper", "Samira", "Kapsalon Molenstraat", "local")
    },
    Stakeholder {
        municipality: "Ravelberg",
        weight: Some((3, 4)),
        interests: &[("Chantal", "Wil de ouders zien die nooit komen.")],
        wins: &[("Gül", "Een oudercafé dat niet op leerkrachten draait.")],
        reached_via: "Chantal, aan de poort",
        next_step: "Samen koffie zetten op de eerste vrijdag.",
        engaged: &[("Chantal", "partner", "2026-11-21")],
        ..bare("school", "Chantal", "Basisschool De Vlieger", "local")
    },
    Stakeholder {
        municipality: "Waterhoek",
        weight: Some((3, 4)),
        interests: &[("Bert", "Ziet veel mensen die vooral alleen zijn.")],
        wins: &[("Koen", "Een plek om naartoe te verwijzen.")],
        reached_via: "Koen, elke dag",
        engaged: &[("Koen", "supporter", "2026-11-21")],
        ..bare("dokter", "Koen", "Wijkgezondheidscentrum", "local")
    },
    Stakeholder {
        municipality: "Lindendonk",
        weight: Some((5, 3)),
        interests: &[("Ingrid", "Wil iets tonen vóór de zomer.")],
        wins: &[
            ("Joris", "Een foto met een bankje dat er ‹al›echt staat."),
            ("Annelies", "Een wijk die niet meer boos mailt."),
        ],
        reached_via: "Joris, na de gemeenteraad",
        next_step: "Eén blad, geen nota.",
        engaged: &[("Joris", "informed", "2026-11-21")],
        ..bare("schepen", "Joris", "Schepen van \"Participatie\"", "local")
    },
    Stakeholder {
        weight: Some((4, 4)),
        interests: &[("Pieter", "Heeft geld voor wie samen vraagt.")],
        wins: &[("Wout", "Een voorbeeld dat andere regio's willen nadoen.")],
        reached_via: "Wout, aan de koffie",
        next_step: "Samen vragen, ook als het om niets gaat.",
        engaged: &[("Wout", "partner", "2026-11-21")],
        ..bare("provincie", "Wout", "Provincie", "provincial")
    },
    Stakeholder {
        municipality: "Heikant",
        weight: Some((2, 5)),
        interests: &[("Leen", "Kent wie het einde van de maand niet haalt.")],
        wins: &[("Mehmet", "Vrijwilligers die blijven.")],
        next_step: "Meebetalen aan de soep.",
        engaged: &[("Mehmet", "core", "2026-11-21")],
        ..bare("kruidenier", "Mehmet", "+Punt, sociale kruidenier", "target_group")
    },
    bare("bus", "Elke", "Streekbus & Zonen", "supralocal"),
    Stakeholder {
        removed_by: Some("Hanne"),
        ..bare("dubbel", "Soetkin", "Kapper Molenstraat", "local")
    },
];

/// Those that are on the map at the end, in its order.
pub fn stakeholders() -> impl Iterator<Item = &'static Stakeholder> {
    STAKEHOLDERS.iter().filter(|stakeholder| stakeholder.removed_by.is_none())
}
