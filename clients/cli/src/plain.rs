//! Text that others wrote, made fit for a terminal.

use unicode_width::UnicodeWidthChar;

/// The text on one line, without what a terminal would obey: control characters (an escape
/// sequence begins with one) and marks that turn the direction of all that follows.
pub(crate) fn plain(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = text.chars().filter(|c| !turns(*c));
    let shown: String = shown.map(|c| if c.is_control() { ' ' } else { c }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many columns of a terminal the text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The text in lines of at most `width` columns, broken between words where that can be.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is a first line");
        let room = width.saturating_sub(columns(line));
        if !line.is_empty() && columns(word) < room {
            line.push(' ');
            line.push_str(word);
        } else if line.is_empty() && columns(word) <= width {
            line.push_str(word);
        } else if columns(word) <= width {
            lines.push(word.to_owned());
        } else {
            broken(word, width, &mut lines);
        }
    }
    lines
}

/// A word that is longer than a line, in pieces.
fn broken(word: &str, width: usize, lines: &mut Vec<String>) {
    let mut piece = String::new();
    for c in word.chars() {
        if columns(&piece) + c.width().unwrap_or(0) > width && !piece.is_empty() {
            lines.push(std::mem::take(&mut piece));
        }
        piece.push(c);
    }
    lines.push(piece);
    lines.retain(|line| !line.is_empty());
}

/// The text, cut or filled up to exactly `width` columns.
pub(crate) fn fitted(text: &str, width: usize) -> String {
    let mut cut = String::new();
    let mut taken = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if taken + wide > width {
            break;
        }
        cut.push(c);
        taken += wide;
    }
    cut.extend(std::iter::repeat_n(' ', width - taken));
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_taken_out() {
        assert_eq!(plain("a\u{1b}[2Jb\nc\u{9b}31m\u{202e}d"), "a [2Jb c 31md");
    }

    #[test]
    fn lines_break_between_words_and_long_words_break_too() {
        assert_eq!(wrapped("ga naar hen toe", 7), ["ga naar", "hen toe"]);
        assert_eq!(wrapped("", 7), [""]);
        assert_eq!(wrapped("oh vergaderzaal", 6), ["oh", "vergad", "erzaal"]);
        assert_eq!(wrapped("verga", 2), ["ve", "rg", "a"]);
        assert!(wrapped("漢字漢字 漢", 4).iter().all(|line| columns(line) <= 4));
    }

    #[test]
    fn a_cell_has_exactly_its_width() {
        assert_eq!(fitted("café", 6), "café  ");
        assert_eq!(fitted("漢字", 3), "漢 ");
    }
}
