//! A gathering's harvest as it is exported: one model, which every format renders, and which
//! `export.json` is to the letter.

use serde::{Deserialize, Serialize};

use crate::ids::{GatheringId, GroupId, ItemId, Seq};

/// What `format` says in every JSON export of a harvest.
pub const HARVEST_FORMAT: &str = "oogst-harvest";

/// The version of the JSON export. It goes up when a key changes its meaning or goes away; new
/// keys may come without.
pub const HARVEST_FORMAT_VERSION: u32 = 1;

/// A file's form, by the end of its name, which is also its word in JSON: `md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Markdown: a heading a group, nested lists.
    #[serde(rename = "md")]
    Markdown,
    /// One page of HTML that needs nothing beside it.
    Html,
    /// A table for spreadsheets, an insight a row.
    Csv,
    /// The harvest for other programs: [`HarvestExport`].
    Json,
    /// A Word document.
    Docx,
    /// A PDF.
    Pdf,
}

impl ExportFormat {
    /// Every form, texts first.
    pub const ALL: [Self; 6] =
        [Self::Markdown, Self::Html, Self::Csv, Self::Json, Self::Docx, Self::Pdf];

    /// The end of the file's name, without its dot: `md`.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    /// The media type, with its encoding where it is a text.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
        }
    }
}

/// How much an export says of who contributed what. Consent may make it less, never more.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// Nothing.
    #[default]
    None,
    /// The group.
    Group,
    /// Those who said it, as far as each of them agreed to: by name, as their organisation, or
    /// as their group.
    Name,
}

impl Attribution {
    /// Each of them, least first.
    pub const ALL: [Self; 3] = [Self::None, Self::Group, Self::Name];

    /// Its word in an address: `none`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Group => "group",
            Self::Name => "name",
        }
    }
}

/// Where an export puts what guests contributed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// Where they wrote it, marked.
    #[default]
    Inline,
    /// Apart, after the group's own insights.
    Apart,
}

/// `GET /api/gatherings/{g}/export.json`: the running round's harvest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HarvestExport {
    /// Always `oogst-harvest`.
    pub format: String,
    /// The version of this form, 1.
    pub version: u32,
    /// Which gathering.
    pub gathering: GatheringId,
    /// The newest event that the export covers.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The gathering's title.
    pub title: String,
    /// Its day, ISO 8601, if set.
    pub date: Option<String>,
    /// Its language, BCP 47.
    pub language: String,
    /// How much was asked for of who contributed what.
    pub attribution: Attribution,
    /// Where guests' insights stand.
    pub outside: Outside,
    /// How many insights are left out because somebody who said them wants them in nothing that
    /// is published.
    pub withheld: u64,
    /// The groups, in order of forming.
    pub groups: Vec<ExportedGroup>,
}

/// One group's harvest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportedGroup {
    /// Which; absent in a model that was made by hand.
    pub id: Option<GroupId>,
    /// Its name.
    pub name: String,
    /// Its harvest's current learning question; may be empty.
    pub question: String,
    /// What stands at top level, in order.
    pub insights: Vec<ExportedInsight>,
    /// What guests contributed, where `outside` is `apart`.
    pub guests_insights: Vec<ExportedInsight>,
}

/// One insight with what is nested under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportedInsight {
    /// Which; absent in a model that was made by hand.
    pub id: Option<ItemId>,
    /// Its text, as it was typed.
    pub text: String,
    /// What it is written in, BCP 47, where that is not the gathering's language.
    pub language: Option<String>,
    /// Its category: `insight`, `tool`, `obstacle`, …
    pub category: Option<String>,
    /// A key point for the plenary.
    pub highlight: bool,
    /// A guest contributed it.
    pub from_outside: bool,
    /// The text that it stood under, where it was taken from there to stand with the guests'.
    pub about: Option<String>,
    /// Where an example is to be found.
    pub source: Option<ExportedSource>,
    /// In other languages, in order of language.
    pub translations: Vec<ExportedTranslation>,
    /// Whom it is credited to: names, organisations or the group; empty where nobody is named.
    /// Who is of the target group and asked for it is credited so too, in the gathering's
    /// language: `An (doelgroep)`, or `doelgroep` after what is no name.
    pub credits: Vec<String>,
    /// What is nested under it, in order.
    #[schema(no_recursion)]
    pub insights: Vec<Self>,
}

/// Where an example is to be found. Any of the three may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportedSource {
    /// The place.
    pub place: String,
    /// The country.
    pub country: String,
    /// The address on the web.
    pub url: String,
}

/// An insight in another language. The original stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ExportedTranslation {
    /// BCP 47.
    pub language: String,
    /// The text.
    pub text: String,
    /// A machine made it, no person.
    pub by_machine: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_addresses_are_made_of_are_those_that_are_read() {
        for format in ExportFormat::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.ending());
        }
        for attribution in Attribution::ALL {
            assert_eq!(serde_json::to_value(attribution).unwrap(), attribution.word());
        }
    }
}
