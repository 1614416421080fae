//! The formats of an exported harvest that are texts: Markdown, HTML, CSV and JSON.
//!
//! Each renders the same model, [`HarvestExport`], which `view` makes: what may be published of
//! whom is decided there, and no format can tell more. Equal models give equal bytes.
//! Not here: DOCX and PDF, which need more than texts (the server's `exports`).

mod csv;
mod html;
mod labels;
mod markdown;
mod table;
#[cfg(test)]
mod tests;

use oogst_protocol::api::{ExportedGroup, ExportedInsight, HarvestExport};

pub use self::csv::{cell, csv, row};
pub use self::html::html;
pub use self::labels::Labels;
pub use self::markdown::markdown;
pub use self::table::{Called, actions_csv, stakeholders_csv};

/// Nesting is drawn to this level; what is deeper is drawn there too.
pub const LEVELS_DRAWN: usize = 3;

/// The model itself.
///
/// # Panics
///
/// Never: the model has no value that JSON could not hold.
#[must_use]
pub fn json(export: &HarvestExport) -> String {
    serde_json::to_string_pretty(export).expect("texts, numbers and lists of them")
}

/// What a group's part is headed by: its question, or its name where that is empty.
#[must_use]
pub fn heading(group: &ExportedGroup) -> String {
    let question = one_line(&group.question);
    if question.is_empty() { one_line(&group.name) } else { question }
}

/// The text on one line, otherwise as it is: line breaks become blanks.
#[must_use]
pub fn one_line(text: &str) -> String {
    let lines = text.split(is_break).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Whether a letter begins a new line.
#[must_use]
pub const fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A text as XML and HTML can hold it, between tags and in quotes. What neither can hold (most
/// control characters) becomes the sign for a letter that could not be shown.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Parsers read a bare one as a line feed.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

/// Walks over insights in the order of reading: what each is nested under comes first.
pub fn walk<'e>(insights: &'e [ExportedInsight], see: &mut dyn FnMut(usize, &'e ExportedInsight)) {
    walk_from(insights, 1, see);
}

fn walk_from<'e>(
    insights: &'e [ExportedInsight],
    level: usize,
    see: &mut dyn FnMut(usize, &'e ExportedInsight),
) {
    for insight in insights {
        see(level, insight);
        walk_from(&insight.insights, level + 1, see);
    }
}
