//! The harvest as a PDF: headings, nested lists and marks, tagged for whoever reads by ear, with
//! its own fonts inside.
//!
//! Three steps. Here the harvest becomes a tree of blocks, each a text in one style ([`Part`]);
//! [`flow`] breaks the blocks into lines and puts those on pages; [`draw`] writes the pages, and
//! tags them as the tree says. Copying, searching and reading aloud give back what was typed, in
//! any script, also where the fonts have no picture for a sign.

mod draw;
mod flow;
mod set;

use oogst_core::export::{LEVELS_DRAWN, Labels, heading, one_line};
use oogst_protocol::api::{ExportedGroup, ExportedInsight, HarvestExport};

use self::flow::Flow;

/// Most letters in one PDF: some 700 pages. More take too long to set, and nobody prints them.
const LETTERS_MAX: usize = 2_000_000;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub(super) enum PdfError {
    /// The caller's: it would be too long.
    #[error("a PDF holds at most {LETTERS_MAX} letters: take the web page or the Word document")]
    TooLong,
    /// Ours.
    #[error("the pages could not be written: {0}")]
    Broken(String),
}

/// How a block looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Title,
    Heading,
    Subheading,
    /// Said in passing: the day, a group's name, notes.
    Note,
    Insight,
    /// Marks above an insight: its kind, a key point.
    Mark,
    /// Told under an insight: a translation, a source, credits.
    Aside,
}

/// What a part of the document is, for whoever reads by ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Heading(u8),
    Paragraph,
    List,
    Item,
}

/// A part of the document: blocks of its own, by number, and parts within it.
#[derive(Debug)]
struct Part {
    role: Role,
    blocks: Vec<usize>,
    parts: Vec<Self>,
}

/// A text in one style, to be set.
#[derive(Debug)]
struct Block {
    text: String,
    style: Style,
    /// What it is written in, BCP 47.
    language: String,
    /// 0 is no list.
    level: usize,
    /// The first block of an item has its sign in front.
    is_first_of_item: bool,
}

/// One document.
pub(super) fn pdf(export: &HarvestExport) -> Result<Vec<u8>, PdfError> {
    let labels = Labels::of(&export.language);
    let mut script = Script { labels, gathering: &export.language, blocks: Vec::new() };
    let mut parts = script.parts(export);
    let letters: usize = script.blocks.iter().map(|block| block.text.len()).sum();
    if letters > LETTERS_MAX {
        return Err(PdfError::TooLong);
    }
    let mut blocks = script.blocks;
    let mut flow = Flow::new();
    for block in &blocks {
        flow.place(block);
    }
    if flow.lacks_pictures() {
        let (text, language) = (labels.undrawn.to_owned(), labels.language.to_owned());
        parts.push(Part { role: Role::Paragraph, blocks: vec![blocks.len()], parts: Vec::new() });
        let (level, is_first_of_item) = (0, false);
        blocks.push(Block { text, style: Style::Note, language, level, is_first_of_item });
        flow.place(&blocks[blocks.len() - 1]);
    }
    let title = one_line(&export.title);
    draw::pages(&title, &export.language, labels, &blocks, &parts, flow).map_err(PdfError::Broken)
}

/// What stands in the document, block by block.
struct Script<'e> {
    labels: &'static Labels,
    gathering: &'e str,
    blocks: Vec<Block>,
}

impl Script<'_> {
    fn parts(&mut self, export: &HarvestExport) -> Vec<Part> {
        let labels = self.labels;
        let title = one_line(&export.title);
        let mut parts = vec![self.text(Role::Heading(1), Style::Title, None, &title)];
        if let Some(date) = &export.date {
            let day = labels.day(date);
            parts.push(self.text(Role::Paragraph, Style::Note, Some(labels.language), &day));
        }
        for group in &export.groups {
            self.group(group, &mut parts);
        }
        if let Some(note) = labels.withheld(export.withheld) {
            parts.push(self.text(Role::Paragraph, Style::Note, Some(labels.language), &note));
        }
        parts
    }

    fn group(&mut self, group: &ExportedGroup, parts: &mut Vec<Part>) {
        let labels = self.labels;
        let (heading, name) = (heading(group), one_line(&group.name));
        parts.push(self.text(Role::Heading(2), Style::Heading, None, &heading));
        if !name.is_empty() && name != heading {
            parts.push(self.text(Role::Paragraph, Style::Note, None, &name));
        }
        if group.insights.is_empty() {
            let (style, language) = (Style::Note, Some(labels.language));
            parts.push(self.text(Role::Paragraph, style, language, labels.nothing_yet));
        } else {
            parts.push(self.list(&group.insights, 1));
        }
        if !group.guests_insights.is_empty() {
            let (style, language) = (Style::Subheading, Some(labels.language));
            parts.push(self.text(Role::Heading(3), style, language, labels.outside_heading));
            parts.push(self.list(&group.guests_insights, 1));
        }
    }

    fn list(&mut self, insights: &[ExportedInsight], level: usize) -> Part {
        let items = insights.iter().map(|insight| self.item(insight, level)).collect();
        Part { role: Role::List, blocks: Vec::new(), parts: items }
    }

    fn item(&mut self, insight: &ExportedInsight, level: usize) -> Part {
        let labels = self.labels;
        let own = Some(labels.language);
        let first = self.blocks.len();
        let kind = labels.kind(insight.category.as_deref(), insight.from_outside);
        let highlight = insight.highlight.then_some(labels.highlight);
        let marks: Vec<_> = highlight.into_iter().chain(kind).collect();
        if !marks.is_empty() {
            self.block(Style::Mark, own, &marks.join(" · "), level);
        }
        self.block(Style::Insight, insight.language.as_deref(), &insight.text, level);
        for translation in &insight.translations {
            let by = labels.translation_by(translation.by_machine);
            self.block(Style::Mark, own, by, level);
            self.block(Style::Aside, Some(&translation.language), &translation.text, level);
        }
        for (label, told) in labels.asides(insight) {
            self.block(Style::Aside, None, &format!("{label}: {told}"), level);
        }
        if !insight.credits.is_empty() {
            self.block(Style::Aside, None, &insight.credits.join(", "), level);
        }
        self.blocks[first].is_first_of_item = true;
        let blocks = (first..self.blocks.len()).collect();
        let mut parts = Vec::new();
        if !insight.insights.is_empty() {
            parts.push(self.list(&insight.insights, level + 1));
        }
        Part { role: Role::Item, blocks, parts }
    }

    /// A part of one block.
    fn text(&mut self, role: Role, style: Style, language: Option<&str>, text: &str) -> Part {
        let number = self.blocks.len();
        self.block(style, language, text, 0);
        Part { role, blocks: vec![number], parts: Vec::new() }
    }

    fn block(&mut self, style: Style, language: Option<&str>, text: &str, level: usize) {
        self.blocks.push(Block {
            text: set::plain(text),
            style,
            language: language.unwrap_or(self.gathering).to_owned(),
            level: level.min(LEVELS_DRAWN),
            is_first_of_item: false,
        });
    }
}
