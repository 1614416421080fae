//! Writing the pages, and the tree that says what is on them.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use oogst_core::export::Labels;
use parley::{Layout, Line};

use super::flow::{Flow, MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Placed, lacks_pictures};
use super::{Block, Part, Role, Style};

/// Red, green and blue.
type Ink = (u8, u8, u8);

const INK: Ink = (0x1c, 0x23, 0x21);
const GREY: Ink = (0x4b, 0x55, 0x63);
const GREEN: Ink = (0x14, 0x53, 0x2d);

/// Half the width of an item's sign.
const SIGN: f32 = 1.6;

/// Writes all pages.
pub(super) fn pages(
    title: &str,
    language: &str,
    labels: &Labels,
    blocks: &[Block],
    parts: &[Part],
    mut flow: Flow,
) -> Result<Vec<u8>, String> {
    let placed = std::mem::take(&mut flow.placed);
    let mut document = Document::new();
    let mut pen = Pen { fonts: Vec::new(), told: vec![Vec::new(); blocks.len()] };
    let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or("a page without a size")?;
    for number in 0..flow.pages() {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for (place, (block, placed)) in blocks.iter().zip(&placed).enumerate() {
            pen.block(&mut surface, number, place, block, placed)?;
        }
        let foot = format!("{} {} / {}", labels.page, number + 1, flow.pages());
        pen.foot(&mut surface, &foot, &flow.aside(&foot))?;
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(blocks, &placed));
    let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
    for part in parts {
        tree.push(tagged(part, blocks, &mut pen.told));
    }
    document.set_tag_tree(tree);
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()));
    document.finish().map_err(|error| format!("{error:?}"))
}

/// Draws lines, and remembers which block each was of.
struct Pen {
    /// By the number that the typesetter gives a font's file.
    fonts: Vec<(u64, Font)>,
    /// What was drawn of each block.
    told: Vec<Vec<Identifier>>,
}

impl Pen {
    /// What of a block stands on a page.
    fn block(
        &mut self,
        surface: &mut Surface<'_>,
        page: usize,
        place: usize,
        block: &Block,
        placed: &Placed,
    ) -> Result<(), String> {
        if let Some((_, top)) = placed.rule.filter(|(on, _)| *on == page) {
            let rule = Rect::from_xywh(MARGIN, top, PAGE_WIDTH - 2.0 * MARGIN, 1.2);
            decorate(surface, rule.and_then(path_of_rect));
        }
        for (number, line) in placed.layout.lines().enumerate() {
            let (on, top) = placed.lines[number];
            let height = line.metrics().line_height;
            if on == page {
                if let Some(middle) = placed.sign.filter(|_| number == 0) {
                    decorate(surface, sign(middle, top + height / 2.0));
                }
                let language = Some(block.language.as_str()).filter(|tag| !tag.is_empty());
                // A glyph says which letters it stands for, but the one for what has no picture.
                let text = block.text.get(line.text_range()).unwrap_or_default();
                let told = lacks_pictures(&line).then(|| text.trim_end_matches('\n'));
                let span = SpanTag::empty().with_lang(language).with_actual_text(told);
                let told = surface.start_tagged(ContentTag::Span(span));
                let ink = block.style.ink();
                let down = top - line.metrics().block_min_coord;
                self.line(surface, &line, (placed.left, down), &block.text, ink)?;
                surface.end_tagged();
                self.told[place].push(told);
            }
        }
        Ok(())
    }

    /// A page's number, which is no part of the text.
    fn foot(
        &mut self,
        surface: &mut Surface<'_>,
        text: &str,
        layout: &Layout<()>,
    ) -> Result<(), String> {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        let left = PAGE_WIDTH - MARGIN - layout.width();
        for line in layout.lines() {
            self.line(surface, &line, (left, PAGE_HEIGHT - 48.0), text, GREY)?;
        }
        surface.end_tagged();
        Ok(())
    }

    /// One line, `origin` being the top left of its whole block.
    fn line(
        &mut self,
        surface: &mut Surface<'_>,
        line: &Line<'_, ()>,
        origin: (f32, f32),
        text: &str,
        ink: Ink,
    ) -> Result<(), String> {
        let metrics = line.metrics();
        let (mut x, y) = (origin.0 + metrics.offset, origin.1 + metrics.baseline);
        surface.set_fill(Some(fill(ink)));
        for run in line.runs() {
            let font = self.font(run.font())?;
            let size = run.font_size();
            let start = x;
            let mut glyphs: Vec<KrillaGlyph> = Vec::new();
            for cluster in run.visual_clusters() {
                if cluster.is_ligature_continuation() {
                    // It has no glyphs of its own: the ligature's stand for both.
                    if let Some(ligature) = glyphs.last_mut() {
                        let (own, more) = (&mut ligature.text_range, cluster.text_range());
                        own.start = own.start.min(more.start);
                        own.end = own.end.max(more.end);
                    }
                    continue;
                }
                for glyph in cluster.glyphs() {
                    glyphs.push(KrillaGlyph::new(
                        GlyphId::new(glyph.id),
                        glyph.advance / size,
                        glyph.x / size,
                        glyph.y / size,
                        0.0,
                        cluster.text_range(),
                        None,
                    ));
                    x += glyph.advance;
                }
            }
            if !glyphs.is_empty() {
                surface.draw_glyphs(Point::from_xy(start, y), &glyphs, font, text, size, false);
            }
        }
        Ok(())
    }

    fn font(&mut self, font: &parley::FontData) -> Result<Font, String> {
        let (data, id) = font.data.clone().into_raw_parts();
        if let Some((_, known)) = self.fonts.iter().find(|(known, _)| *known == id) {
            return Ok(known.clone());
        }
        let font = Font::new(data.into(), font.index).ok_or("a font of ours cannot be read")?;
        self.fonts.push((id, font.clone()));
        Ok(font)
    }
}

impl Style {
    const fn ink(self) -> Ink {
        match self {
            Self::Title | Self::Insight | Self::Subheading => INK,
            Self::Heading | Self::Mark => GREEN,
            Self::Note | Self::Aside => GREY,
        }
    }
}

fn fill((red, green, blue): Ink) -> Fill {
    let paint = rgb::Color::new(red, green, blue).into();
    Fill { paint, opacity: NormalizedF32::ONE, rule: FillRule::default() }
}

/// A shape that is no part of the text.
fn decorate(surface: &mut Surface<'_>, path: Option<Path>) {
    let Some(path) = path else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
    surface.set_fill(Some(fill(GREEN)));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn path_of_rect(rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    path.finish()
}

fn sign(middle: f32, height: f32) -> Option<Path> {
    path_of_rect(Rect::from_xywh(middle - SIGN, height - SIGN, 2.0 * SIGN, 2.0 * SIGN)?)
}

/// A reader's list of chapters: the groups.
fn outline(blocks: &[Block], placed: &[Placed]) -> Outline {
    let mut outline = Outline::new();
    for (block, placed) in blocks.iter().zip(placed) {
        let Some((page, top)) = placed.rule else { continue };
        let to = XyzDestination::new(page, Point::from_xy(0.0, top));
        outline.push_child(OutlineNode::new(block.text.clone(), to));
    }
    outline
}

/// A part with what was drawn of it, in the order of reading.
fn tagged(part: &Part, blocks: &[Block], told: &mut [Vec<Identifier>]) -> TagGroup {
    let mut lines = Vec::new();
    for block in &part.blocks {
        lines.append(&mut told[*block]);
    }
    let mut within: Vec<TagGroup> =
        part.parts.iter().map(|part| tagged(part, blocks, told)).collect();
    let kind: TagKind = match part.role {
        Role::Heading(level) => {
            let level = NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN);
            let title = part.blocks.first().map(|block| blocks[*block].text.clone());
            Tag::Hn(level, title).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::Square).into(),
        Role::Item => {
            let mut body = TagGroup::new(Tag::LBody);
            lines.drain(..).for_each(|line| body.push(line));
            within.drain(..).for_each(|part| body.push(part));
            within.push(body);
            Tag::LI.into()
        }
    };
    let mut group = TagGroup::new(kind);
    lines.into_iter().for_each(|line| group.push(line));
    within.into_iter().for_each(|part| group.push(part));
    group
}
