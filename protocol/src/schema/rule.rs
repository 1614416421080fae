//! Which plain values fit where.

use uuid::Uuid;

use crate::ids::{DocumentId, ItemId, ParticipantId, canonical_uuid};
use crate::limits::{POSITION_CHARACTERS_MAX, SCALAR_BYTES_MAX};

/// A plain value, as far as rules look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Flag(bool),
    /// A whole number, however it was encoded.
    Whole(i64),
    /// Milliseconds since 1970, encoded as such.
    Moment(i64),
    /// A string.
    Word(&'a str),
    /// Anything else: a fraction, bytes.
    Other,
}

/// Which plain values may stand under a key. Null fits all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// True or false.
    Flag,
    /// True while its item is removed.
    Removed,
    /// True for a key point; few live at once.
    Highlight,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// The writer's own participant id.
    Own,
    /// The id of anybody of the gathering.
    Member,
    /// A UUID.
    Uuid,
    /// A short word: the id of a file, or of a part of one.
    Name,
    /// A language tag, as `nl-BE`.
    Language,
    /// `<document>/<item>`.
    Target,
    /// An item of this document by its UUID, or of any as `<document>/<item>`.
    Link,
    /// A fractional index.
    Position,
    /// `HH:MM`.
    Clock,
    /// ISO date, `YYYY-MM-DD`.
    Date,
    /// An ISO date, or milliseconds since 1970.
    Since,
    /// Milliseconds since 1970, as a number or a timestamp.
    Moment,
    /// 1 to 5.
    Level,
    /// A whole number from 0.
    Whole {
        /// The greatest.
        most: i64,
    },
}

/// Who writes a value, and who else there is.
#[derive(Clone, Copy)]
pub struct Who<'a> {
    /// The writer.
    pub writer: ParticipantId,
    /// Whether somebody belongs to the gathering.
    pub members: &'a dyn Fn(ParticipantId) -> bool,
}

/// What kind of value a rule is about.
enum Form {
    Flag,
    Moment,
    WordOrMoment,
    Whole { least: i64, most: i64 },
    Word,
}

impl Rule {
    const fn form(self) -> Form {
        match self {
            Self::Flag | Self::Removed | Self::Highlight => Form::Flag,
            Self::Moment => Form::Moment,
            Self::Level => Form::Whole { least: 1, most: 5 },
            Self::Whole { most } => Form::Whole { least: 0, most },
            Self::Since => Form::WordOrMoment,
            Self::OneOf(_)
            | Self::Own
            | Self::Member
            | Self::Uuid
            | Self::Name
            | Self::Language
            | Self::Target
            | Self::Link
            | Self::Position
            | Self::Clock
            | Self::Date => Form::Word,
        }
    }

    /// Whether strings fit at all: then a text written whole in one change fits too.
    #[must_use]
    pub const fn takes_words(self) -> bool {
        matches!(self.form(), Form::Word | Form::WordOrMoment)
    }

    /// Whether a value fits when this participant writes it.
    #[must_use]
    pub fn fits(self, value: Plain<'_>, who: Who<'_>) -> bool {
        match (value, self.form()) {
            (Plain::Null, _)
            | (Plain::Flag(_), Form::Flag)
            | (Plain::Moment(_) | Plain::Whole(_), Form::Moment | Form::WordOrMoment) => true,
            (Plain::Whole(number), Form::Whole { least, most }) => (least..=most).contains(&number),
            (Plain::Word(word), Form::Word | Form::WordOrMoment) => {
                word.len() <= SCALAR_BYTES_MAX && self.fits_word(word, who)
            }
            (
                Plain::Flag(_) | Plain::Moment(_) | Plain::Whole(_) | Plain::Word(_) | Plain::Other,
                _,
            ) => false,
        }
    }

    fn fits_word(self, word: &str, who: Who<'_>) -> bool {
        match self {
            Self::OneOf(list) => list.contains(&word),
            Self::Own => word.parse() == Ok(who.writer),
            Self::Member => word.parse().is_ok_and(who.members),
            Self::Uuid => canonical_uuid(word).is_some(),
            Self::Name => is_word(word),
            Self::Language => is_language(word),
            Self::Target => is_target(word),
            Self::Link => canonical_uuid(word).is_some() || is_target(word),
            Self::Position => {
                (1..=POSITION_CHARACTERS_MAX).contains(&word.len())
                    && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
            Self::Clock => is_clock(word),
            Self::Date | Self::Since => is_date(word),
            Self::Flag
            | Self::Removed
            | Self::Highlight
            | Self::Moment
            | Self::Level
            | Self::Whole { .. } => false,
        }
    }
}

/// `nl`, `nl-BE`, `zh-Hant-TW`: letters, digits and hyphens, at most 35 characters (RFC 5646).
#[must_use]
pub fn is_language(word: &str) -> bool {
    let parts = word.split('-').all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    parts && word.len() <= 35 && word.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The id of a file: 1 to 64 letters, digits, hyphens, dots and underscores.
#[must_use]
pub fn is_word(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=64).contains(&word.len()) && word.bytes().all(fits)
}

/// `<document>/<item>`: an item of any document.
#[must_use]
pub fn is_target(word: &str) -> bool {
    word.split_once('/').is_some_and(|(document, item)| {
        document.parse::<DocumentId>().is_ok() && item.parse::<ItemId>().is_ok()
    })
}

/// A target that is a document as a whole: its item is the document's own id, spelled as a UUID,
/// which no item of it has.
#[must_use]
pub fn whole(document: DocumentId) -> String {
    format!("{document}/{}", ItemId::new(Uuid::from_bytes(*document.as_bytes())))
}

fn digits(word: &str, length: usize) -> Option<u32> {
    let only = word.len() == length && word.bytes().all(|byte| byte.is_ascii_digit());
    only.then(|| word.parse().ok()).flatten()
}

fn is_clock(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, minute)| {
        digits(hour, 2).is_some_and(|hour| hour < 24)
            && digits(minute, 2).is_some_and(|minute| minute < 60)
    })
}

fn is_date(word: &str) -> bool {
    word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn values_fit_their_rules_and_no_others() {
        let (writer, other) =
            (ParticipantId::new(Uuid::from_u128(7)), ParticipantId::new(Uuid::from_u128(8)));
        let me = Who { writer, members: &|named| named == writer || named == other };
        let word = |rule: Rule, word: &str| rule.fits(Plain::Word(word), me);
        assert!(word(Rule::OneOf(&["tip"]), "tip") && !word(Rule::OneOf(&["tip"]), "Tip"));
        assert!(word(Rule::Own, &writer.to_string()) && !word(Rule::Own, "me"));
        assert!(word(Rule::Member, &other.to_string()) && !word(Rule::Own, &other.to_string()));
        assert!(!word(Rule::Member, &Uuid::from_u128(9).to_string()));
        assert!(word(Rule::Since, "2026-02-28") && Rule::Since.fits(Plain::Moment(5), me));
        assert!(word(Rule::Name, "roddel.2") && !word(Rule::Name, "a b"));
        let item = Uuid::from_u128(3).to_string();
        assert!(word(Rule::Link, &item) && !word(Rule::Target, &item));
        let target = format!("{}/{item}", DocumentId::new(Uuid::from_u128(5)));
        assert!(word(Rule::Link, &target) && word(Rule::Target, &target));
        let document = Uuid::from_u128(0x7f3a_5c1e_9b2d_4c8f_a1e0_5d6b_7c8d_9e0f);
        let target = whole(DocumentId::new(document));
        assert!(word(Rule::Target, &target) && target.ends_with(&document.to_string()));
        assert!(word(Rule::Position, "a0Z") && !word(Rule::Position, "a 0"));
        assert!(!word(Rule::Position, "") && !word(Rule::Position, &"a".repeat(65)));
        assert!(word(Rule::Clock, "09:30") && !word(Rule::Clock, "24:00"));
        assert!(!word(Rule::Clock, "9:30") && !word(Rule::Clock, "+9:30"));
        assert!(word(Rule::Date, "2026-02-28") && !word(Rule::Date, "2026-02-30"));
        assert!(word(Rule::Language, "nl-BE") && !word(Rule::Language, "nl_BE"));
        assert!(!word(Rule::Flag, "true") && !word(Rule::Level, "3"));
        assert!(Rule::Level.fits(Plain::Whole(5), me) && !Rule::Level.fits(Plain::Whole(6), me));
        assert!(Rule::Moment.fits(Plain::Moment(-1), me) && Rule::Moment.fits(Plain::Whole(1), me));
        assert!(Rule::Removed.fits(Plain::Flag(true), me));
        assert!(Rule::Date.fits(Plain::Null, me) && !Rule::Date.fits(Plain::Other, me));
    }
}
