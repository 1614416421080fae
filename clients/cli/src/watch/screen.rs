//! Where the wall is shown: a terminal that is drawn anew, or lines for whatever reads them.

use std::collections::BTreeMap;
use std::io::{Stdout, Write};

use oogst_client::ClientError;
use oogst_protocol::api::Wall;
use oogst_protocol::ids::{ItemId, Seq};

use super::COLUMNS;
use super::picture::{Frame, draw};
use super::shown::{Group, Settled};
use crate::Failure;
use crate::plain::{fitted, plain};

/// Lines of the screen that are not the groups': the title on top, the state below.
const OWN_LINES: usize = 2;

/// Another screen than the one with the shell's lines; no cursor on it.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";

/// A terminal. Dropped, it is as it was before.
pub(super) struct Screen {
    out: Stdout,
    title: String,
    width: Option<u16>,
}

impl Screen {
    pub(super) fn open(title: String, width: Option<u16>) -> Result<Self, Failure> {
        let mut out = std::io::stdout();
        write!(out, "{ENTER}").and_then(|()| out.flush()).map_err(Failure::Output)?;
        Ok(Self { out, title: plain(&title), width })
    }

    /// Draws the whole screen in one piece, so that nothing flickers.
    pub(super) fn show(
        &mut self,
        groups: &[Group],
        seq: Seq,
        cut: Option<&ClientError>,
    ) -> Result<(), Failure> {
        let (width, height) = size(&self.out);
        let width = self.width.unwrap_or(width).into();
        let lines = usize::from(height);
        let height = Some(lines.saturating_sub(OWN_LINES));
        let styled = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let mut picture = draw(groups, Frame { width, height, styled });
        picture.truncate(lines.saturating_sub(OWN_LINES));
        let mut text = format!("\u{1b}[H{}\u{1b}[K\r\n", fitted(&self.title, width).trim_end());
        for line in picture {
            text.push_str(&format!("{line}\u{1b}[K\r\n"));
        }
        let state = match cut {
            None => format!("event {seq} \u{b7} Ctrl-C ends"),
            Some(_) => "no connection: trying again; this is what was known before".to_owned(),
        };
        text.push_str(&format!("\u{1b}[J{}", fitted(&state, width).trim_end()));
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).map_err(Failure::Output)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A terminal that is gone needs no tidying.
        write!(self.out, "{LEAVE}").and_then(|()| self.out.flush()).ok();
    }
}

/// Columns and lines of the terminal.
fn size(out: &Stdout) -> (u16, u16) {
    match rustix::termios::tcgetwinsize(out) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        Ok(_) | Err(_) => (COLUMNS, 24),
    }
}

/// One picture of all that is settled now, as long as it is, without styles.
pub(super) fn print_once(title: &str, wall: &Wall, width: Option<u16>) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    let width = width.unwrap_or_else(|| size(&out).0).into();
    let groups = Settled::default().look(wall);
    let mut text = format!("{}\n", plain(title));
    for line in draw(&groups, Frame { width, height: None, styled: false }) {
        text.push_str(&line);
        text.push('\n');
    }
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// What was told last: each insight's group and text.
type Told = BTreeMap<ItemId, (String, String)>;

/// A line an insight that came, changed or went.
#[derive(Default)]
pub(super) struct Lines {
    told: Told,
    cut: bool,
}

impl Lines {
    pub(super) fn show(
        &mut self,
        groups: &[Group],
        cut: Option<&ClientError>,
    ) -> Result<(), Failure> {
        if cut.is_some() != self.cut {
            self.cut = cut.is_some();
            let state = if self.cut { "no connection: trying again" } else { "connected again" };
            // Beside the wall, not in it; whoever does not read it misses nothing of the wall.
            writeln!(std::io::stderr(), "oogst: {state}").ok();
        }
        let text = self.news(groups);
        let mut out = std::io::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
    }

    /// What is different from what was told before.
    fn news(&mut self, groups: &[Group]) -> String {
        let mut told = Told::new();
        let mut text = String::new();
        for group in groups {
            for shown in &group.insights {
                let sign = match self.told.remove(&shown.id) {
                    None => "+",
                    Some((_, before)) if before != shown.text => "~",
                    Some(_) => "",
                };
                if !sign.is_empty() {
                    text.push_str(&format!("{sign} {}: {}\n", group.name, shown.text));
                }
                told.insert(shown.id, (group.name.clone(), shown.text.clone()));
            }
        }
        for (group, gone) in self.told.values() {
            text.push_str(&format!("- {group}: {gone}\n"));
        }
        self.told = told;
        text
    }
}

#[cfg(test)]
mod tests {
    use oogst_protocol::ids::ItemId;
    use uuid::Uuid;

    use super::super::shown::Shown;
    use super::*;

    fn group(texts: &[(u128, &str)]) -> Group {
        let shown = |(id, text): &(u128, &str)| Shown {
            id: ItemId::new(Uuid::from_u128(*id)),
            depth: 0,
            highlight: false,
            text: (*text).to_owned(),
        };
        let insights = texts.iter().map(shown).collect();
        Group { name: "Tafel 1".to_owned(), insights, ..Group::default() }
    }

    #[test]
    fn a_line_tells_what_came_what_changed_and_what_went() {
        let mut lines = Lines::default();
        assert_eq!(lines.news(&[group(&[(1, "een")])]), "+ Tafel 1: een\n");
        assert_eq!(lines.news(&[group(&[(1, "een")])]), "");
        let changed = lines.news(&[group(&[(1, "één"), (2, "twee")])]);
        assert_eq!(changed, "~ Tafel 1: één\n+ Tafel 1: twee\n");
        assert_eq!(lines.news(&[group(&[(2, "twee")])]), "- Tafel 1: één\n");
    }
}
