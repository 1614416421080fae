//! Tables in Markdown, for people in a terminal and for `docs/performance.md`.

use crate::failure::Failure;

/// A table with a name, under which a document keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Names the place in a document: `<!-- bench:NAME -->` .. `<!-- /bench:NAME -->`.
    pub name: &'static str,
    /// Each with its unit. A column of numbers begins with `>`, and stands to the right.
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// What else has to be known, below it; may be empty.
    note: String,
}

impl Table {
    /// An empty table. A title that begins with `>` makes its column one of numbers.
    #[must_use]
    pub fn new(name: &'static str, columns: &[&'static str]) -> Self {
        Self { name, columns: columns.to_vec(), rows: Vec::new(), note: String::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// Where it has not one cell a column: our bug.
    pub fn row<const CELLS: usize>(&mut self, cells: [String; CELLS]) {
        assert_eq!(CELLS, self.columns.len(), "a row of `{}` has a cell a column", self.name);
        self.rows.push(cells.into());
    }

    /// Says something below the table.
    pub fn note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// The table in Markdown, its columns aligned for whoever reads the source.
    #[must_use]
    pub fn markdown(&self) -> String {
        let right = |column: usize| self.columns[column].starts_with('>');
        let titles: Vec<_> = self.columns.iter().map(|it| it.trim_start_matches('>')).collect();
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.chain([titles[column].chars().count(), 3]).max().unwrap_or(3)
        };
        let widths: Vec<usize> = (0..titles.len()).map(width).collect();
        let line = |cells: &[&str]| {
            let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                if right(column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule = widths.iter().enumerate().map(|(column, width)| {
            if right(column) { format!("{}:", "-".repeat(width - 1)) } else { "-".repeat(*width) }
        });
        let rule: Vec<String> = rule.collect();
        let mut text = line(&titles);
        text += &line(&rule.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &self.rows {
            text += &line(&row.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if !self.note.is_empty() {
            text += &format!("\n{}\n", self.note);
        }
        text
    }

    /// The document with this table, under `caption`, in the place of what it kept under its name.
    ///
    /// # Errors
    ///
    /// Where it keeps nothing under that name.
    pub fn placed(&self, document: &str, caption: &str) -> Result<String, Failure> {
        let (open, close) =
            (format!("<!-- bench:{} -->", self.name), format!("<!-- /bench:{} -->", self.name));
        let missing = || Failure::Unexpected(format!("the document lacks `{open}` .. `{close}`"));
        let (before, rest) = document.split_once(&open).ok_or_else(missing)?;
        let (_, after) = rest.split_once(&close).ok_or_else(missing)?;
        let table = self.markdown();
        Ok(format!("{before}{open}\n{caption}\n\n{table}{close}{after}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new("disk", &["what", ">events/s"]);
        table.row(["één schrijver".to_owned(), "1,024".to_owned()]);
        table.row(["raw".to_owned(), "9".to_owned()]);
        table
    }

    #[test]
    fn columns_are_aligned_and_numbers_stand_to_the_right() {
        let lines = [
            "| what          | events/s |",
            "| ------------- | -------: |",
            "| één schrijver |    1,024 |",
            "| raw           |        9 |",
            "",
        ];
        assert_eq!(table().markdown(), lines.join("\n"));
    }

    #[test]
    fn a_table_takes_the_place_of_the_one_before_and_of_nothing_else() {
        let document = "# P\n<!-- bench:disk -->\nold\n<!-- /bench:disk -->\n\nrest\n";
        let once = table().placed(document, "At commit a:").unwrap();
        assert!(once.starts_with("# P\n<!-- bench:disk -->\nAt commit a:\n\n| what"), "{once}");
        assert!(once.ends_with("|\n<!-- /bench:disk -->\n\nrest\n"), "{once}");
        assert_eq!(table().placed(&once, "At commit a:").unwrap(), once);
        assert!(table().placed("# P\n", "").is_err());
    }
}
