//! Where each line stands: on which page, at what height. In points, from the top left.

use parley::{Layout, Line};

use super::set::Typesetter;
use super::{Block, Style};

/// A4.
pub(super) const PAGE_WIDTH: f32 = 595.276;
pub(super) const PAGE_HEIGHT: f32 = 841.89;

pub(super) const MARGIN: f32 = 62.0;
const BOTTOM: f32 = PAGE_HEIGHT - 70.0;

/// How far each level of a list stands in.
const INDENT: f32 = 18.0;

/// Room that a heading needs under it, so that it does not end a page.
const HEADING_ROOM: f32 = 56.0;

/// A block that was set, and where its lines stand.
pub(super) struct Placed {
    pub(super) layout: Layout<()>,
    /// The left edge of its lines.
    pub(super) left: f32,
    /// Each line's page and the top of its place.
    pub(super) lines: Vec<(usize, f32)>,
    /// Where the sign of an item stands, if the block begins one: its middle.
    pub(super) sign: Option<f32>,
    /// The page and height of the rule above a heading.
    pub(super) rule: Option<(usize, f32)>,
}

/// Blocks from top to bottom, page after page.
pub(super) struct Flow {
    typesetter: Typesetter,
    pub(super) placed: Vec<Placed>,
    page: usize,
    top: f32,
    lacks_pictures: bool,
}

impl Flow {
    pub(super) fn new() -> Self {
        Self {
            typesetter: Typesetter::new(),
            placed: Vec::new(),
            page: 0,
            top: MARGIN,
            lacks_pictures: false,
        }
    }

    /// Whether a sign was set that no font has a picture of.
    pub(super) const fn lacks_pictures(&self) -> bool {
        self.lacks_pictures
    }

    /// How many pages there are.
    pub(super) const fn pages(&self) -> usize {
        self.page + 1
    }

    /// A short text beside the flow: a page's number.
    pub(super) fn aside(&mut self, text: &str) -> Layout<()> {
        self.typesetter.set(text, Style::Note, PAGE_WIDTH - 2.0 * MARGIN)
    }

    /// Puts a block under the one before.
    pub(super) fn place(&mut self, block: &Block) {
        let inset = match block.level {
            0 => 0.0,
            level => INDENT * f32::from(u8::try_from(level).unwrap_or(u8::MAX)),
        };
        let width = PAGE_WIDTH - 2.0 * MARGIN - inset;
        let layout = self.typesetter.set(&block.text, block.style, width);
        self.lacks_pictures |= layout.lines().any(|line| lacks_pictures(&line));
        // What is written from the right stands in from the right.
        let left = if layout.is_rtl() { MARGIN } else { MARGIN + inset };
        let (sign_left, sign_right) = (MARGIN + inset - 9.0, PAGE_WIDTH - MARGIN - inset + 9.0);
        let sign =
            block.is_first_of_item.then_some(if layout.is_rtl() { sign_right } else { sign_left });
        self.top += space_before(block);
        let rule = self.rule(block.style, layout.height());
        let mut lines = Vec::with_capacity(layout.len());
        for line in layout.lines() {
            let height = line.metrics().line_height;
            if self.top + height > BOTTOM {
                self.turn();
            }
            lines.push((self.page, self.top));
            self.top += height;
        }
        self.placed.push(Placed { layout, left, lines, sign, rule });
    }

    /// Keeps a heading with what follows it, and puts a rule above one of a group.
    fn rule(&mut self, style: Style, height: f32) -> Option<(usize, f32)> {
        if !matches!(style, Style::Heading | Style::Subheading) {
            return None;
        }
        let is_at_top = self.top <= MARGIN + space_above(style);
        if self.top + height + HEADING_ROOM > BOTTOM && !is_at_top {
            self.turn();
        }
        (style == Style::Heading).then(|| {
            let rule = (self.page, self.top);
            self.top += 10.0;
            rule
        })
    }

    fn turn(&mut self) {
        self.page += 1;
        self.top = MARGIN;
    }
}

fn space_before(block: &Block) -> f32 {
    match block.level {
        0 => space_above(block.style),
        _ if block.is_first_of_item => 5.0,
        _ => 1.0,
    }
}

const fn space_above(style: Style) -> f32 {
    match style {
        Style::Heading => 24.0,
        Style::Subheading => 12.0,
        Style::Title => 0.0,
        Style::Note | Style::Insight | Style::Mark | Style::Aside => 2.0,
    }
}

/// Glyph 0 of every font stands for what it has no picture of.
pub(super) fn lacks_pictures(line: &Line<'_, ()>) -> bool {
    let mut glyphs = line.runs().flat_map(|run| run.clusters().collect::<Vec<_>>());
    glyphs.any(|cluster| cluster.glyphs().any(|glyph| glyph.id == 0))
}
