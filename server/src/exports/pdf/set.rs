//! Setting a text: its lines, its letters as glyphs of our fonts, in any direction.
//!
//! Nothing is looked for on the system: the same text is set alike wherever the server runs.

use std::borrow::Cow;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, GenericFamily, SourceCache};
use parley::{
    Alignment, AlignmentOptions, FontContext, FontFamily, FontFamilyName, FontWeight, Layout,
    LayoutContext, LineHeight, OverflowWrap, StyleProperty,
};

use super::Style;

/// Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic with Persian and Urdu, Tifinagh and
/// more; and pictures.
const FAMILIES: [FontFamilyName<'static>; 2] = [
    FontFamilyName::Named(Cow::Borrowed("DejaVu Sans")),
    FontFamilyName::Named(Cow::Borrowed("Noto Emoji")),
];

/// Our fonts, and room to work in.
pub(super) struct Typesetter {
    fonts: FontContext,
    room: LayoutContext<()>,
}

impl Typesetter {
    pub(super) fn new() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        let faces = [dejavu::sans::regular(), dejavu::sans::bold()];
        for face in faces {
            collection.register_fonts(Blob::new(Arc::new(face)), None);
        }
        let pictures = epaint_default_fonts::NOTO_EMOJI_REGULAR;
        let pictures = collection.register_fonts(Blob::new(Arc::new(pictures)), None);
        let families = pictures.into_iter().map(|(family, _)| family);
        collection.append_generic_families(GenericFamily::Emoji, families);
        let fonts = FontContext { collection, source_cache: SourceCache::default() };
        Self { fonts, room: LayoutContext::new() }
    }

    /// Sets a text in lines of at most `width` points.
    pub(super) fn set(&mut self, text: &str, style: Style, width: f32) -> Layout<()> {
        let mut builder = self.room.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(&FAMILIES))));
        builder.push_default(StyleProperty::FontSize(style.size()));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.4)));
        if style.is_bold() {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        // A long address or a word without end is broken rather than cut off.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }
}

impl Style {
    /// The size of its letters, in points.
    pub(super) const fn size(self) -> f32 {
        match self {
            Self::Title => 22.0,
            Self::Heading => 14.0,
            Self::Subheading => 11.0,
            Self::Note | Self::Aside => 9.0,
            Self::Insight => 10.0,
            Self::Mark => 7.5,
        }
    }

    const fn is_bold(self) -> bool {
        match self {
            Self::Title | Self::Heading | Self::Subheading | Self::Mark => true,
            Self::Note | Self::Aside | Self::Insight => false,
        }
    }
}

/// A text as it can be set: line breaks are line feeds, a tab is a blank, and control characters
/// are gone.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let letters = text.chars().filter_map(|letter| match letter {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\t' => Some(' '),
        '\n' => Some('\n'),
        letter if letter.is_control() => None,
        letter => Some(letter),
    });
    letters.collect()
}
