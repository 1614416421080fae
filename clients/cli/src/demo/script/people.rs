//! Who comes: 36 people on 34 devices, and ten guests after noon. All of them are made up.

use oogst_protocol::event::Publish;

/// The regions that they come from.
pub const REGIONS: [&str; 5] = ["Westhoek", "Meetjesland", "Kempen", "Hageland", "Maasland"];

/// Somebody with a device.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// First name.
    pub name: &'static str,
    /// Where they come from.
    pub organisation: &'static str,
    /// In which region, a place in [`REGIONS`]; guests have none.
    pub region: Option<usize>,
    /// The table of the theme round where they sit.
    pub table: usize,
    /// Who looks over their shoulder and has no device.
    pub together_with: &'static [&'static str],
}

const fn one(
    name: &'static str,
    organisation: &'static str,
    region: usize,
    table: usize,
) -> Person {
    Person { name, organisation, region: Some(region), table, together_with: &[] }
}

const fn two(
    name: &'static str,
    organisation: &'static str,
    (region, table): (usize, usize),
    together_with: &'static [&'static str],
) -> Person {
    Person { name, organisation, region: Some(region), table, together_with }
}

const fn guest(name: &'static str, organisation: &'static str, table: usize) -> Person {
    Person { name, organisation, region: None, table, together_with: &[] }
}

/// Everybody of the network, a line a device.
pub const DEVICES: &[Person] = &[
    one("Samira", "Buurthuis De Kade", 0, 0),
    one("Joris", "Gemeente Lindendonk", 1, 0),
    one("Annelies", "Stad Waterhoek", 2, 0),
    one("Bilal", "Jeugdwerk Kompas", 3, 0),
    one("Greet", "Welzijnshuis Zuid", 4, 0),
    one("Tuur", "Stad Waterhoek", 0, 0),
    two("Nadia", "Vrouwenwerking Saffraan", (1, 0), &["Omar"]),
    one("Pieter", "Gemeente Ravelberg", 2, 1),
    one("Fatma", "Buurtwerk De Brug", 3, 1),
    one("Lieve", "Dorpsraad Molenzele", 4, 1),
    one("Wout", "Provincie", 0, 1),
    one("Ingrid", "Gemeente Lindendonk", 1, 1),
    one("Moussa", "Straathoekwerk Noord", 2, 1),
    one("Karel", "Wijkcomité Oude Haven", 3, 1),
    one("Elke", "Stad Waterhoek", 4, 2),
    one("Stijn", "Gemeente Heikant", 0, 2),
    one("Hanne", "Bibliotheek Ravelberg", 1, 2),
    one("Youssef", "Sportdienst Lindendonk", 2, 2),
    one("Rita", "Lokaal dienstencentrum De Linde", 3, 2),
    one("Dries", "Gemeente Molenzele", 4, 2),
    one("Soetkin", "Huis van het Kind", 0, 2),
    one("Amina", "Taalcafé Babbel", 1, 3),
    one("Bert", "Gemeente Heikant", 2, 3),
    one("Chantal", "Basisschool De Vlieger", 3, 3),
    one("Daan", "Stad Waterhoek", 4, 3),
    one("Ewa", "Poolse vereniging Razem", 0, 3),
    one("Filip", "Communicatiedienst Ravelberg", 1, 3),
    two("Gül", "Open School", (2, 3), &["Hilde"]),
    one("Jana", "Gemeente Lindendonk", 3, 4),
    one("Koen", "Wijkgezondheidscentrum", 4, 4),
    one("Leen", "Stad Waterhoek", 0, 4),
    one("Mehmet", "Ondernemers Stationsbuurt", 1, 4),
    one("Noor", "Jeugdraad Heikant", 2, 4),
    one("Roos", "Cultuurcentrum De Zaag", 3, 4),
];

/// Those who come after noon with fresh eyes, two a table.
pub const GUESTS: &[Person] = &[
    guest("Sofie", "Opbouwwerk Gent-Zuid", 0),
    guest("Tom", "Universiteit", 0),
    guest("Ursula", "Wooncoöperatie Samenhuis", 1),
    guest("Victor", "Ombudsdienst", 1),
    guest("Wim", "Brandweerzone", 2),
    guest("Xander", "Ziekenhuis Sint-Rita", 2),
    guest("Yasmine", "Sociaal tolk", 3),
    guest("Zita", "Radio Wijkwijs", 3),
    guest("Arno", "Natuurvereniging", 4),
    guest("Bea", "Verzekeraar met een hart", 4),
];

/// Those who want to be named otherwise than by name where the harvest is published.
pub const CAREFUL: &[(&str, Publish)] = &[
    ("Moussa", Publish::Group),
    ("Ewa", Publish::Group),
    ("Dries", Publish::Organisation),
    ("Xander", Publish::Organisation),
];

/// How somebody agrees to be named, asked in the closing round. Nobody of this day says `not`:
/// then what they said would be in no export.
#[must_use]
pub fn publish(name: &str) -> Publish {
    let careful = CAREFUL.iter().find(|(careful, _)| *careful == name);
    careful.map_or(Publish::Name, |(_, publish)| *publish)
}
