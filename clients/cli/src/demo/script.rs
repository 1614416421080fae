//! The day that the demo plays: who comes, what they type, in which order. Data, no doing.
//!
//! A script says what every person does; [`Day::harvests`] says what stands there at the end, so
//! that whoever plays it can check that nothing is missing. Texts hold slips between `‹` and `›`:
//! typed, seen to be wrong, erased, and gone from what stands there at the end.

mod chapters;
mod outcome;
mod people;
mod pictures;
mod plan;
mod stakeholders;
mod table_absent;
mod table_afterwards;
mod table_colleagues;
mod table_language;
mod table_trust;
mod themes;

pub use chapters::{AFTERNOON, CHAPTERS, CHOICE, CLOSING, MORNING, NOON, QUESTIONS, WELCOME};
pub use outcome::{Harvest, Insight};
pub use people::{CAREFUL, DEVICES, GUESTS, Person, REGIONS, publish};
pub use pictures::{BENCH, CAKE, FIRE_ENGINE, PAINTS, Picture};
pub use plan::{Action, Consulted, PLAN, Plan};
pub use stakeholders::{Engaged, STAKEHOLDERS, Said, Stakeholder, stakeholders};
pub use themes::{
    BALLOTS, Ballot, DOTS_EACH, PAPER, REGION_QUESTIONS, RegionQuestion, THEMES, Theme, chosen,
};

/// What opens a slip, and what closes it.
const SLIP: (char, char) = ('\u{2039}', '\u{203a}');

/// A whole day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// What it is called.
    pub title: &'static str,
    /// BCP 47.
    pub language: &'static str,
    /// Who conducts it.
    pub facilitator: &'static str,
    /// The theme groups, in order.
    pub tables: &'static [Table],
}

/// The kick-off day of a learning network: 34 devices, five groups, ten guests.
pub const KICK_OFF: Day = Day {
    title: "Startdag: iedereen aan tafel",
    language: "nl-BE",
    facilitator: "Els",
    tables: &[
        table_absent::TABLE,
        table_trust::TABLE,
        table_colleagues::TABLE,
        table_language::TABLE,
        table_afterwards::TABLE,
    ],
};

/// A group around one theme.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// What the group is called.
    pub name: &'static str,
    /// What its people do, in order; those of one person happen one after the other.
    pub acts: &'static [Act],
}

/// One thing that one person does in the group's harvest.
#[derive(Clone, Copy, Debug)]
pub struct Act {
    /// Who, by first name.
    pub by: &'static str,
    /// What.
    pub deed: Deed,
}

/// What somebody does. A `key` names an item within its table.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// Proposes a wording of the learning question.
    Word {
        /// The wording.
        key: &'static str,
        /// What is typed.
        text: &'static str,
    },
    /// Agrees to a wording.
    Consent {
        /// Which.
        key: &'static str,
    },
    /// Makes a wording the group's question, and types it there.
    Choose {
        /// Which.
        key: &'static str,
        /// The question.
        text: &'static str,
    },
    /// Adds an insight as the last one under another, or at top level.
    Add {
        /// The insight.
        key: &'static str,
        /// What it is nested under.
        under: Option<&'static str>,
        /// Its category.
        category: &'static str,
        /// What is typed.
        text: &'static str,
    },
    /// Puts other words in the place of some, once they stand there.
    Mend {
        /// The insight.
        key: &'static str,
        /// The words.
        from: &'static str,
        /// What they become.
        to: &'static str,
    },
    /// Stands behind an insight.
    Support {
        /// Which.
        key: &'static str,
    },
    /// Makes it one of the three for the plenary.
    Highlight {
        /// Which.
        key: &'static str,
    },
    /// Puts it as the last one under another.
    Move {
        /// Which.
        key: &'static str,
        /// Its new place.
        under: Option<&'static str>,
    },
    /// Takes it away; it can be restored.
    Remove {
        /// Which.
        key: &'static str,
    },
    /// Brings it back.
    Restore {
        /// Which.
        key: &'static str,
    },
    /// Adds a photo to an insight.
    Photo {
        /// The insight.
        key: &'static str,
        /// What is on it.
        picture: &'static Picture,
    },
}

const fn act(by: &'static str, deed: Deed) -> Act {
    Act { by, deed }
}

const fn word(by: &'static str, key: &'static str, text: &'static str) -> Act {
    act(by, Deed::Word { key, text })
}

const fn consent(by: &'static str, key: &'static str) -> Act {
    act(by, Deed::Consent { key })
}

const fn choose(by: &'static str, key: &'static str, text: &'static str) -> Act {
    act(by, Deed::Choose { key, text })
}

const fn add(
    by: &'static str,
    key: &'static str,
    category: &'static str,
    text: &'static str,
) -> Act {
    act(by, Deed::Add { key, under: None, category, text })
}

const fn nest(
    by: &'static str,
    (under, key): (&'static str, &'static str),
    category: &'static str,
    text: &'static str,
) -> Act {
    act(by, Deed::Add { key, under: Some(under), category, text })
}

const fn mend(by: &'static str, key: &'static str, from: &'static str, to: &'static str) -> Act {
    act(by, Deed::Mend { key, from, to })
}

const fn support(by: &'static str, key: &'static str) -> Act {
    act(by, Deed::Support { key })
}

const fn highlight(by: &'static str, key: &'static str) -> Act {
    act(by, Deed::Highlight { key })
}

const fn put_under(by: &'static str, key: &'static str, under: &'static str) -> Act {
    act(by, Deed::Move { key, under: Some(under) })
}

const fn remove(by: &'static str, key: &'static str) -> Act {
    act(by, Deed::Remove { key })
}

const fn restore(by: &'static str, key: &'static str) -> Act {
    act(by, Deed::Restore { key })
}

const fn photo(by: &'static str, key: &'static str, picture: &'static Picture) -> Act {
    act(by, Deed::Photo { key, picture })
}

/// A piece of typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Stays.
    Typed(&'a str),
    /// Typed, and erased again.
    Slip(&'a str),
}

/// What is typed, piece by piece.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for (at, part) in text.split(SLIP.0).enumerate() {
        match part.split_once(SLIP.1) {
            Some((slip, typed)) if at > 0 => {
                pieces.extend([Piece::Slip(slip), Piece::Typed(typed)]);
            }
            _ => pieces.push(Piece::Typed(part)),
        }
    }
    pieces.retain(|piece| *piece != Piece::Typed(""));
    pieces
}

/// What stands there when all is typed and the slips are erased.
#[must_use]
pub fn typed(text: &str) -> String {
    let stays = |piece| match piece {
        Piece::Typed(text) => text,
        Piece::Slip(_) => "",
    };
    pieces(text).into_iter().map(stays).collect()
}

impl Table {
    /// What is done before noon, and what from the first word of a guest on.
    #[must_use]
    pub fn halves(&self) -> (&'static [Act], &'static [Act]) {
        let guest = |act: &Act| GUESTS.iter().any(|guest| guest.name == act.by);
        let noon = self.acts.iter().position(guest).unwrap_or(self.acts.len());
        self.acts.split_at(noon)
    }
}

impl Day {
    /// Everybody who acts in a table of it, in order of their first act, guests included.
    #[must_use]
    pub fn people_of(&self, table: usize) -> Vec<&'static str> {
        let mut names = Vec::new();
        for act in self.tables[table].acts {
            if !names.contains(&act.by) {
                names.push(act.by);
            }
        }
        names
    }

    /// What stands in each table's harvest at the end.
    #[must_use]
    pub fn harvests(&self) -> Vec<Harvest> {
        self.tables.iter().map(outcome::outcome).collect()
    }

    /// The export without attribution: what its Markdown is, letter by letter.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for (table, harvest) in self.tables.iter().zip(self.harvests()) {
            let question = if harvest.question.is_empty() { table.name } else { &harvest.question };
            text.push_str(&format!("\n## {question}\n"));
            let lines = harvest.markdown();
            if !lines.is_empty() {
                text.push_str(&format!("\n{lines}"));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_typed_and_does_not_stay() {
        let text = "Ga naar ‹heen›hen toe";
        let slip = [Piece::Typed("Ga naar "), Piece::Slip("heen"), Piece::Typed("hen toe")];
        assert_eq!(pieces(text), slip);
        assert_eq!(typed(text), "Ga naar hen toe");
        assert_eq!(pieces("‹a›b"), [Piece::Slip("a"), Piece::Typed("b")]);
    }

    #[test]
    fn the_day_is_as_large_as_it_was_meant() {
        assert_eq!(DEVICES.len(), 34);
        let together: usize = DEVICES.iter().map(|person| person.together_with.len()).sum();
        assert_eq!(DEVICES.len() + together, 36);
        assert_eq!(GUESTS.len(), 10);
        let shape = |harvest: &Harvest| {
            let live = harvest.insights.iter().filter(|insight| !insight.removed);
            let (top, nested): (Vec<_>, Vec<_>) = live.partition(|one| one.parent.is_none());
            (top.len(), nested.len())
        };
        let shapes: Vec<_> = KICK_OFF.harvests().iter().map(shape).collect();
        assert_eq!(shapes, [(6, 6), (7, 3), (9, 8), (2, 6), (10, 0)]);
    }

    #[test]
    fn whoever_acts_sits_at_that_table_and_everybody_acts() {
        for (place, table) in KICK_OFF.tables.iter().enumerate() {
            let seated: Vec<_> =
                DEVICES.iter().chain(GUESTS).filter(|one| one.table == place).collect();
            for name in KICK_OFF.people_of(place) {
                assert!(seated.iter().any(|one| one.name == name), "{name} at {}", table.name);
            }
            for person in seated {
                let acts = table.acts.iter().any(|act| act.by == person.name);
                assert!(acts, "{} does nothing", person.name);
            }
        }
    }

    #[test]
    fn sentences_are_short_enough_to_be_read_aloud() {
        for table in KICK_OFF.tables {
            for act in table.acts {
                let (Deed::Add { text, .. } | Deed::Word { text, .. }) = act.deed else { continue };
                for sentence in typed(text).split(['.', '?', '!', ':']) {
                    assert!(sentence.split_whitespace().count() <= 14, "{sentence}");
                }
            }
        }
    }
}
