//! Instants, as the server stamps them. Nothing here reads a clock.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in milliseconds since 1970-01-01T00:00:00Z, always the server's, never a client's.
///
/// In JSON it is RFC 3339 in UTC with milliseconds: `2026-11-21T10:15:03.120Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Text that is no RFC 3339 moment.
#[derive(Debug, thiserror::Error)]
#[error("`{found}` is not a moment like 2026-11-21T10:15:03.120Z")]
pub struct NotATimestamp {
    found: String,
}

impl Timestamp {
    /// The moment `milliseconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            // Outside years -9999..9999: only a corrupt record holds such a time.
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        text.parse::<jiff::Timestamp>()
            .map(|moment| Self(moment.as_millisecond()))
            .map_err(|_| NotATimestamp { found: text.chars().take(40).collect() })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A day of the calendar, ISO 8601: `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(jiff::civil::Date);

/// Text that is no day of the calendar.
#[derive(Debug, thiserror::Error)]
#[error("`{found}` is not a day like 2026-11-21")]
pub struct NotADay {
    found: String,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = NotADay;

    /// Takes the extended form with four digits of year alone: one day has one spelling.
    fn from_str(text: &str) -> Result<Self, NotADay> {
        let refuse = || NotADay { found: text.chars().take(40).collect() };
        let day: jiff::civil::Date = text.parse().map_err(|_| refuse())?;
        if day.to_string() == text { Ok(Self(day)) } else { Err(refuse()) }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <String as utoipa::PartialSchema>::schema()
    }
}

impl utoipa::ToSchema for Day {
    fn name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
}

impl<C> minicbor::Encode<C> for Timestamp {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.i64(self.0)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Timestamp {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.i64().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_it_is_written_with_milliseconds() {
        let moment = Timestamp::from_milliseconds(1_795_256_103_120);
        assert_eq!(moment.to_string(), "2026-11-21T10:15:03.120Z");
        assert_eq!("2026-11-21T10:15:03.120Z".parse::<Timestamp>().unwrap(), moment);
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn a_day_has_one_spelling() {
        assert_eq!("2026-11-21".parse::<Day>().unwrap().to_string(), "2026-11-21");
        for wrong in ["20261121", "2026-02-30", "2026-11-21T10:00:00", "21/11/2026", ""] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
