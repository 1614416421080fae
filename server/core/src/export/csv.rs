//! The harvest as CSV (RFC 4180): one row an insight, in the order of reading.
//!
//! UTF-8 with a byte order mark, without which spreadsheets take it for an older encoding. Column
//! names and categories are the code's words: they stay the same in every language. Every cell is
//! quoted, and none can be taken for a formula, see [`cell`].

use oogst_protocol::api::{ExportedGroup, ExportedInsight, HarvestExport};

use super::walk;

const COLUMNS: [&str; 13] = [
    "group",
    "question",
    "path",
    "level",
    "text",
    "category",
    "language",
    "highlight",
    "from_outside",
    "credits",
    "source",
    "translations",
    "id",
];

/// One row an insight.
#[must_use]
pub fn csv(export: &HarvestExport) -> String {
    let mut text = format!("\u{feff}{}", row(COLUMNS));
    for group in &export.groups {
        push_rows(&mut text, group, &group.insights, "");
        push_rows(&mut text, group, &group.guests_insights, "g");
    }
    text
}

/// `path` is the place among its siblings at each level: `2.1`; those of guests that stand apart
/// begin with `g`.
fn push_rows(text: &mut String, group: &ExportedGroup, insights: &[ExportedInsight], mark: &str) {
    let mut path: Vec<usize> = Vec::new();
    walk(insights, &mut |level, insight| {
        path.resize(level, 0);
        path[level - 1] += 1;
        let places: Vec<_> = path.iter().map(ToString::to_string).collect();
        let source = insight.source.iter().flat_map(|source| {
            [&source.place, &source.country, &source.url]
                .into_iter()
                .filter(|part| !part.is_empty())
        });
        let source: Vec<_> = source.map(String::as_str).collect();
        let translations = insight.translations.iter();
        let translations: Vec<_> =
            translations.map(|found| format!("{}: {}", found.language, found.text)).collect();
        let flag = |set: bool| if set { "true" } else { "false" };
        text.push_str(&row([
            group.name.as_str(),
            &group.question,
            &format!("{mark}{}", places.join(".")),
            &level.to_string(),
            &insight.text,
            insight.category.as_deref().unwrap_or_default(),
            insight.language.as_deref().unwrap_or_default(),
            flag(insight.highlight),
            flag(insight.from_outside),
            &insight.credits.join(", "),
            &source.join(", "),
            &translations.join("\n"),
            &insight.id.map(|id| id.to_string()).unwrap_or_default(),
        ]));
    });
}

/// One row with its line end.
pub fn row<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// A text as a quoted cell that no spreadsheet takes for a formula.
///
/// At the start of a cell, `=`, `+`, `-`, `@`, their wide forms, a tab, a line break and `'`
/// itself get a `'` in front. So do the signs within a cell after a semicolon, a tab or a line
/// break, where a program that parts cells by semicolons, as spreadsheets do in much of Europe,
/// begins a new one. Whoever reads takes one `'` away in those places, and has the text exactly.
#[must_use]
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut before = None;
    for letter in text.chars() {
        let is_at_start = match before {
            None => is_risky(letter) || matches!(letter, '\t' | '\n' | '\r'),
            Some(';' | '\t' | '\n' | '\r') => is_risky(letter),
            Some(_) => false,
        };
        if is_at_start {
            out.push('\'');
        }
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
        before = Some(letter);
    }
    out.push('"');
    out
}

const fn is_risky(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '\'' | '＝' | '＋' | '－' | '＠')
}
