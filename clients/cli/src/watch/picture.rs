//! The wall as lines of a terminal: groups beside each other where they find room.

use super::shown::{Group, Shown};
use crate::plain::{columns, fitted, wrapped};

/// A column narrower than this breaks a sentence too often to be read.
const COLUMN_MIN: usize = 30;

/// What parts two columns.
const GAP: &str = " \u{2502} ";
const GAP_COLUMNS: usize = 3;

/// How a piece of a line looks, where a terminal can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    Strong,
    Faint,
}

/// A line of one column.
#[derive(Clone, Debug)]
struct Cell {
    look: Look,
    text: String,
}

/// How the picture may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Columns of the terminal.
    pub(super) width: usize,
    /// Lines that there are for the groups; none where the picture may be as long as it is.
    pub(super) height: Option<usize>,
    /// Whether to use bold and faint letters.
    pub(super) styled: bool,
}

/// The groups' lines, the first one on top.
pub(super) fn draw(groups: &[Group], frame: Frame) -> Vec<String> {
    if groups.is_empty() {
        return vec!["there are no groups yet".to_owned()];
    }
    let beside = ((frame.width + GAP_COLUMNS) / (COLUMN_MIN + GAP_COLUMNS)).clamp(1, groups.len());
    let rows = groups.len().div_ceil(beside);
    // As even as it gets: five groups where four fit are three and two.
    let beside = groups.len().div_ceil(rows);
    let width = (frame.width.saturating_sub(GAP_COLUMNS * (beside - 1)) / beside).max(1);
    let height = frame.height.map(|height| height.saturating_sub(rows - 1) / rows);
    let mut lines = Vec::new();
    for row in groups.chunks(beside) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let cells: Vec<_> = row.iter().map(|group| column(group, width, height)).collect();
        let longest = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..longest {
            lines.push(line(&cells, at, width, frame.styled));
        }
    }
    lines
}

/// One line of columns that stand beside each other.
fn line(cells: &[Vec<Cell>], at: usize, width: usize, styled: bool) -> String {
    let mut line = String::new();
    for (place, column) in cells.iter().enumerate() {
        if place > 0 {
            line.push_str(GAP);
        }
        let Some(cell) = column.get(at) else {
            line.push_str(&fitted("", width));
            continue;
        };
        let text = fitted(&cell.text, width);
        match cell.look {
            Look::Strong if styled => line.push_str(&format!("\u{1b}[1m{text}\u{1b}[0m")),
            Look::Faint if styled => line.push_str(&format!("\u{1b}[2m{text}\u{1b}[0m")),
            Look::Plain | Look::Strong | Look::Faint => line.push_str(&text),
        }
    }
    line.trim_end().to_owned()
}

/// A group from its name down; what finds no room is counted.
fn column(group: &Group, width: usize, height: Option<usize>) -> Vec<Cell> {
    let cell = |look| move |text: String| Cell { look, text };
    let mut cells: Vec<Cell> =
        wrapped(&group.name, width).into_iter().map(cell(Look::Strong)).collect();
    if !group.question.is_empty() && group.question != group.name {
        cells.extend(wrapped(&group.question, width).into_iter().map(cell(Look::Plain)));
    }
    cells.extend(wrapped(&group.counts, width).into_iter().map(cell(Look::Faint)));
    let room = height.map_or(usize::MAX, |height| height.saturating_sub(1).max(1));
    for (at, shown) in group.insights.iter().enumerate() {
        let lines = insight(shown, width);
        if cells.len() + lines.len() > room {
            let more = format!("\u{2026} {} more", group.insights.len() - at);
            cells.push(Cell { look: Look::Faint, text: more });
            break;
        }
        cells.extend(lines);
    }
    cells.truncate(height.unwrap_or(usize::MAX).max(1));
    cells
}

/// An insight's lines, set in by its depth, with a mark that hangs before the text.
fn insight(shown: &Shown, width: usize) -> Vec<Cell> {
    let mark = if shown.highlight { "\u{2605} " } else { "- " };
    // Never so deep that no room is left for the text.
    let indent = (2 * shown.depth).min(width / 3);
    let look = if shown.highlight { Look::Strong } else { Look::Plain };
    let room = width.saturating_sub(indent + columns(mark));
    let lines = wrapped(&shown.text, room);
    let text = |(at, line): (usize, String)| {
        let mark = if at == 0 { mark } else { "  " };
        Cell { look, text: format!("{}{mark}{line}", " ".repeat(indent)) }
    };
    lines.into_iter().enumerate().map(text).collect()
}

#[cfg(test)]
mod tests {
    use oogst_protocol::ids::ItemId;
    use uuid::Uuid;

    use super::*;

    fn group(name: &str, texts: &[(usize, &str)]) -> Group {
        let shown = |(at, (depth, text)): (usize, &(usize, &str))| Shown {
            id: ItemId::new(Uuid::from_u128(u128::try_from(at).unwrap())),
            depth: *depth,
            highlight: at == 0,
            text: (*text).to_owned(),
        };
        Group {
            name: name.to_owned(),
            question: "Wie is er niet?".to_owned(),
            insights: texts.iter().enumerate().map(shown).collect(),
            counts: format!("{} insights", texts.len()),
        }
    }

    const WIDE: Frame = Frame { width: 70, height: None, styled: false };

    #[test]
    fn groups_stand_side_by_side_where_they_find_room_else_below_each_other() {
        let groups = [
            group("Tafel 1", &[(0, "Ga naar hen toe, met koffie en zonder dia's"), (1, "Luister")]),
            group("Tafel 2", &[]),
        ];
        let beside = draw(&groups, WIDE).join("\n");
        assert_eq!(
            beside,
            "Tafel 1                           │ Tafel 2\n\
             Wie is er niet?                   │ Wie is er niet?\n\
             2 insights                        │ 0 insights\n\
             ★ Ga naar hen toe, met koffie en  │\n\
             \u{20} zonder dia's                    │\n\
             \u{20} - Luister                       │"
        );
        let narrow = Frame { width: 40, ..WIDE };
        let below = draw(&groups, narrow);
        assert_eq!(below[3], "★ Ga naar hen toe, met koffie en zonder");
        assert!(below.contains(&"Tafel 2".to_owned()) && below.iter().all(|l| !l.contains('│')));
    }

    #[test]
    fn five_groups_where_four_find_room_are_three_and_two() {
        let groups: Vec<_> = (1..=5).map(|at| group(&format!("Tafel {at}"), &[])).collect();
        let lines = draw(&groups, Frame { width: 150, ..WIDE });
        let rows: Vec<_> = lines.iter().filter(|line| line.contains("Tafel")).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].contains("Tafel 3") && !rows[0].contains("Tafel 4"));
    }

    #[test]
    fn what_finds_no_room_is_counted_and_the_picture_fits() {
        let long: Vec<_> = (0..30).map(|_| (0, "een lang inzicht dat een regel vult")).collect();
        let groups = [group("Tafel 1", &long), group("Tafel 2", &long)];
        for (width, height) in [(70, 12), (40, 12), (20, 7), (3, 2)] {
            let frame = Frame { width, height: Some(height), styled: false };
            let lines = draw(&groups, frame);
            assert!(lines.len() <= height.max(3), "{width} x {height}: {lines:#?}");
            assert!(lines.iter().all(|line| columns(line) <= width), "{lines:#?}");
        }
        let frame = Frame { width: 70, height: Some(12), styled: false };
        assert!(draw(&groups, frame).last().is_some_and(|line| line.starts_with("… 26 more")));
    }
}
