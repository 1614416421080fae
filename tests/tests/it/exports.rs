//! The files that people open elsewhere: what was typed is in them, read by others' programs.

use std::io::{Cursor, Read};

use oogst_protocol::api::{
    Attribution, ExportFormat, ExportedGroup, ExportedInsight, HARVEST_FORMAT,
    HARVEST_FORMAT_VERSION, HarvestExport, Outside,
};
use oogst_protocol::ids::{GatheringId, Seq};
use oogst_server::exports::render;
use proptest::prelude::*;
use uuid::Uuid;

pub(crate) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn export_of(insights: Vec<ExportedInsight>) -> HarvestExport {
    let group = ExportedGroup {
        name: "Tafel 1".to_owned(),
        question: "Hoe bereik je wie er niet is?".to_owned(),
        insights,
        ..ExportedGroup::default()
    };
    HarvestExport {
        format: HARVEST_FORMAT.to_owned(),
        version: HARVEST_FORMAT_VERSION,
        gathering: GatheringId::new(Uuid::from_u128(7)),
        seq: Seq(1),
        title: "Startdag".to_owned(),
        date: Some("2026-11-21".to_owned()),
        language: "nl-BE".to_owned(),
        attribution: Attribution::None,
        outside: Outside::Inline,
        withheld: 0,
        groups: vec![group],
    }
}

fn insight(text: &str, insights: Vec<ExportedInsight>) -> ExportedInsight {
    ExportedInsight { text: text.to_owned(), insights, ..ExportedInsight::default() }
}

/// Levels, from 1, and texts, in the order of reading.
fn lines(insights: &[ExportedInsight]) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    oogst_core::export::walk(insights, &mut |level, insight| {
        lines.push((level, insight.text.clone()));
    });
    lines
}

/// A part of a package.
pub(crate) fn part(package: &[u8], name: &str) -> String {
    let mut package = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A Word document's paragraphs of a style, each with its level and its text.
fn paragraphs(package: &[u8], style: &str) -> Vec<(usize, String)> {
    let document = part(package, "word/document.xml");
    let tree = roxmltree::Document::parse(&document).unwrap();
    let found = tree.descendants().filter(|node| node.has_tag_name((WORD, "p")));
    let told = found.filter_map(|paragraph| {
        let one = |name: &'static str| {
            let mut all = paragraph.descendants();
            let node = all.find(|node| node.has_tag_name((WORD, name)))?;
            node.attribute((WORD, "val")).map(str::to_owned)
        };
        (one("pStyle").as_deref() == Some(style)).then(|| {
            let level = one("ilvl").map_or(0, |level| level.parse::<usize>().unwrap() + 1);
            let text = paragraph.descendants().filter_map(|node| match node.tag_name().name() {
                "t" => Some(node.text().unwrap_or_default()),
                "br" => Some("\n"),
                "tab" => Some("\t"),
                _ => None,
            });
            (level, text.collect::<String>())
        })
    });
    told.collect()
}

/// A text that somebody could type or paste, with what breaks formats more often than by chance.
fn typed() -> impl Strategy<Value = String> {
    let pieces = [
        "\"",
        "'",
        "\n",
        "\t",
        "=1+1",
        "-",
        "@",
        "<script>",
        "</w:t>",
        "&amp;",
        "]]>",
        "{}",
        "🌻",
        "العربية ",
        "עברית ",
        "українська ",
        "türkçe ",
        "e\u{301}",
        "\u{202e}",
        "\u{a0}",
        "ﷺ",
        "日本",
    ];
    let piece = prop_oneof![
        3 => "[a-zé ]{1,12}".prop_map(String::from),
        2 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => any::<char>()
            .prop_filter("XML and a keyboard have no such letter", |letter| {
                !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}')
            })
            .prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn nested() -> impl Strategy<Value = Vec<ExportedInsight>> {
    let leaf = typed().prop_map(|text| insight(&text, Vec::new()));
    let tree = leaf.prop_recursive(4, 16, 4, |inner| {
        let inner = proptest::collection::vec(inner, 0..4);
        (typed(), inner).prop_map(|(text, insights)| insight(&text, insights))
    });
    proptest::collection::vec(tree, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Word gets every text as it was typed, in order, at its level or the deepest that is drawn.
    #[test]
    fn a_word_document_holds_every_text_as_it_was_typed(insights in nested()) {
        let wanted = lines(&insights).into_iter().map(|(level, text)| (level.min(3), text));
        let wanted: Vec<_> = wanted.collect();
        let file = render(&export_of(insights), ExportFormat::Docx).unwrap();
        prop_assert_eq!(paragraphs(&file, "Insight"), wanted);
    }
}

#[test]
fn a_word_document_is_whole_names_languages_and_directions_and_is_the_same_each_time() {
    let arabic =
        ExportedInsight { language: Some("ar".to_owned()), ..insight("مرحبا", vec![]) };
    let export = export_of(vec![insight("Eén loket", vec![arabic])]);
    let file = render(&export, ExportFormat::Docx).unwrap();
    assert_eq!(file, render(&export, ExportFormat::Docx).unwrap());
    let names = [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footer1.xml",
        "word/_rels/document.xml.rels",
    ];
    for name in names {
        roxmltree::Document::parse(&part(&file, name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
    let told: Vec<_> = ["Title", "Day", "Heading1", "Group"]
        .iter()
        .flat_map(|style| paragraphs(&file, style))
        .map(|(_, text)| text)
        .collect();
    let heading = "Hoe bereik je wie er niet is?";
    assert_eq!(told, ["Startdag", "21 november 2026", heading, "Tafel 1"]);
    let document = part(&file, "word/document.xml");
    assert!(document.contains("<w:bidi/></w:pPr><w:r><w:rPr><w:rtl/><w:lang w:val=\"ar\""));
    assert!(document.contains("<w:lang w:val=\"nl-BE\" w:bidi=\"nl-BE\"/>"));
    // Every style that a paragraph or a run asks for is there.
    let styles = part(&file, "word/styles.xml");
    for asked in document.split("Style w:val=\"").skip(1) {
        let style = asked.split('"').next().unwrap();
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "{style}");
    }
}

/// What a reader of PDFs copies from one, page by page, without the pages' numbers and without
/// what lines are broken at.
pub(crate) fn copied(file: &[u8]) -> String {
    let document = lopdf::Document::load_mem(file).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let told = pages.iter().map(|page| {
        let text = unbroken(&document.extract_text(&[*page]).unwrap());
        let foot = format!("pagina{page}/{}", pages.len());
        let Some(told) = text.strip_suffix(&foot) else {
            unreachable!("{text} ends with {foot}");
        };
        told.to_owned()
    });
    told.collect()
}

/// A text without what lines are broken at.
pub(crate) fn unbroken(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Everything that is to be read in the file of one group, in order.
fn wanted_of(insights: &[ExportedInsight]) -> String {
    let heading = "Hoe bereik je wie er niet is?".to_owned();
    let before = ["Startdag".to_owned(), "21 november 2026".to_owned(), heading, "Tafel 1".into()];
    let empty = insights.is_empty().then(|| "Nog geen inzichten".to_owned());
    let texts = lines(insights).into_iter().map(|(_, text)| text);
    unbroken(&before.into_iter().chain(texts).chain(empty).collect::<String>())
}

/// A sentence as people here write it, in scripts from left to right.
fn sentence() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9àáâäçèéêëìíîïñòóôöùúûüßøåæœğışżčšđΑ-ΡΣ-Ωα-ωА-Яа-яіїєґ\
     “”‘’«»„…—–€½°?!.,;:/()*#@&<>=+ \n-]{0,120}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What is copied from a PDF is what was typed, in order, but for where its lines break.
    #[test]
    fn what_is_copied_from_a_pdf_is_what_was_typed(
        texts in proptest::collection::vec(sentence(), 0..20)
    ) {
        let insights: Vec<_> = texts.iter().map(|text| insight(text, Vec::new())).collect();
        let nested = vec![insight("Bovenaan", insights)];
        let wanted = wanted_of(&nested);
        let file = render(&export_of(nested), ExportFormat::Pdf).unwrap();
        prop_assert_eq!(copied(&file), wanted);
    }

    /// No text breaks a PDF, in whatever scripts it is.
    #[test]
    fn every_text_can_be_set(insights in nested()) {
        let file = render(&export_of(insights), ExportFormat::Pdf).unwrap();
        prop_assert!(copied(&file).starts_with("Startdag21november2026"));
    }
}

#[test]
fn a_pdf_holds_its_fonts_its_structure_and_its_chapters_and_is_the_same_each_time() {
    let arabic =
        ExportedInsight { language: Some("ar".to_owned()), ..insight("مرحبا", vec![]) };
    let mut export = export_of(vec![insight("Eén loket 🌻", vec![arabic])]);
    let file = render(&export, ExportFormat::Pdf).unwrap();
    assert_eq!(file, render(&export, ExportFormat::Pdf).unwrap());
    assert!(!copied(&file).contains("Sommigetekens"), "the fonts have all of these");
    export.groups[0].insights.push(insight("日本", vec![]));
    let boxes = render(&export, ExportFormat::Pdf).unwrap();
    assert!(copied(&boxes).contains("Sommigetekenskandezepdfniettonen."), "and none of these");
    let document = lopdf::Document::load_mem(&file).unwrap();
    let holds = |key: &str| {
        let all = document.objects.values().filter_map(|object| object.as_dict().ok());
        all.filter(|dictionary| dictionary.has(key.as_bytes())).count()
    };
    assert_eq!(holds("FontFile2"), 3, "letters, bold letters and pictures, each cut down");
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"nl-BE");
    for part in [&b"StructTreeRoot"[..], b"Outlines", b"Metadata"] {
        assert!(catalog.has(part), "{}", String::from_utf8_lossy(part));
    }
    let tags = document.objects.values().filter_map(|object| object.as_dict().ok());
    let tags: Vec<_> = tags.filter_map(|tag| tag.get(b"S").ok()?.as_name().ok()).collect();
    for tag in ["H1", "H2", "P", "L", "LI", "LBody"] {
        assert!(tags.contains(&tag.as_bytes()), "{tag}");
    }
    assert!(!String::from_utf8_lossy(&file).contains("CreationDate"));

    export.groups[0].insights = vec![insight(&"lang ".repeat(500_000), vec![])];
    let too_long = render(&export, ExportFormat::Pdf).unwrap_err().to_string();
    assert!(too_long.contains("at most 2000000 letters"), "{too_long}");
}
