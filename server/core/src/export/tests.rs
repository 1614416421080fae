//! Each format by an example, to the letter, and by a law: what was typed comes back.

use oogst_protocol::api::{
    Attribution, ExportedGroup, ExportedInsight, ExportedSource, ExportedTranslation,
    HARVEST_FORMAT, HARVEST_FORMAT_VERSION, HarvestExport, Outside,
};
use oogst_protocol::ids::{GatheringId, Seq};
use proptest::prelude::*;

use super::{LEVELS_DRAWN, Labels, csv, html, json, markdown, one_line, walk};

/// An export with one group a list of insights.
pub(crate) fn export_of(groups: Vec<(&str, Vec<ExportedInsight>)>) -> HarvestExport {
    let group = |(place, (question, insights)): (usize, (&str, Vec<ExportedInsight>))| {
        let (name, question) = (format!("Groep {}", place + 1), question.to_owned());
        ExportedGroup { name, question, insights, ..ExportedGroup::default() }
    };
    HarvestExport {
        format: HARVEST_FORMAT.to_owned(),
        version: HARVEST_FORMAT_VERSION,
        gathering: GatheringId::new(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0007)),
        seq: Seq(42),
        title: "Startdag <lerend> netwerk".to_owned(),
        date: Some("2026-11-21".to_owned()),
        language: "nl-BE".to_owned(),
        attribution: Attribution::Name,
        outside: Outside::Inline,
        withheld: 0,
        groups: groups.into_iter().enumerate().map(group).collect(),
    }
}

fn insight(text: &str) -> ExportedInsight {
    ExportedInsight { text: text.to_owned(), ..ExportedInsight::default() }
}

/// A small gathering with something of everything.
fn small() -> HarvestExport {
    let translations = vec![ExportedTranslation {
        language: "nl".to_owned(),
        text: "Een warm welkom".to_owned(),
        by_machine: true,
    }];
    let own_language = ExportedInsight {
        language: Some("ar".to_owned()),
        translations,
        credits: vec!["An & Bo".to_owned()],
        ..insight("ترحيب حار")
    };
    let source = ExportedSource { place: "Gent".to_owned(), ..ExportedSource::default() };
    let outside = ExportedInsight {
        from_outside: true,
        category: Some("good_example".to_owned()),
        source: Some(source),
        ..insight("=cmd|' /C calc'!A0")
    };
    let top = ExportedInsight {
        highlight: true,
        category: Some("obstacle".to_owned()),
        insights: vec![own_language, outside],
        ..insight("Eén loket, “warm” en dichtbij")
    };
    let mut export = export_of(vec![
        ("Hoe bereik je wie er niet is?", vec![top, insight("twee\nregels")]),
        ("", vec![]),
    ]);
    let about = Some("twee\nregels".to_owned());
    let guests = ExportedInsight { from_outside: true, about, ..insight("Wie mist er?") };
    export.groups[1].guests_insights.push(guests);
    export.withheld = 2;
    export
}

#[test]
fn a_small_gathering_is_written_to_the_letter_in_every_format() {
    let small = small();
    assert_eq!(markdown(&small), include_str!("tests/small.md"));
    assert_eq!(html(&small), include_str!("tests/small.html"));
    assert_eq!(json(&small) + "\n", include_str!("tests/small.json"));
    let rows = include_str!("tests/small.csv").replace("\r\n", "\n");
    assert_eq!(csv(&small).replace("\r\n", "\n"), rows);
    assert_eq!(csv(&small).matches("\r\n").count(), 6, "a header and a row an insight");
}

#[test]
fn the_words_are_those_of_the_gatherings_language() {
    let of = |language: &str| Labels::of(language).kind(Some("obstacle"), false).unwrap();
    let words = ["nl-BE", "nl", "nl-NL", "fr-BE", "en", "de", ""].map(of);
    assert_eq!(
        words,
        ["hinderpaal", "hinderpaal", "drempel", "obstacle", "obstacle", "obstacle", "obstacle"]
    );
    let day = |language: &str| Labels::of(language).day("2026-03-01");
    assert_eq!(["nl", "fr", "en"].map(day), ["1 maart 2026", "1er mars 2026", "1 March 2026"]);
    assert_eq!(Labels::of("nl").day("morgen"), "morgen");
    assert_eq!(Labels::of("nl").kind(Some("insight"), false), None);
    assert_eq!(Labels::of("nl").kind(None, true), Some("van buiten"));
}

/// A page in a language that we have no words for says so of what people wrote.
#[test]
fn a_page_names_each_language_that_it_holds() {
    let mut export = export_of(vec![("Was nun?", vec![insight("Einfach anfangen")])]);
    export.language = "de".to_owned();
    let page = html(&export);
    assert!(page.contains("<html lang=\"en\">"));
    assert!(page.contains("<span class=\"text\" lang=\"de\">Einfach anfangen</span>"), "{page}");
    assert!(page.contains("<h2 dir=\"auto\" lang=\"de\">Was nun?</h2>"));
}

/// What an assistive program needs of a page, read from the page itself.
#[test]
fn the_page_has_a_title_one_main_heading_and_true_lists_and_fetches_nothing() {
    let page = html(&small());
    let tree = parsed(&page);
    let all = |name: &str| {
        let elements = tree.descendants().filter(|node| node.has_tag_name(name));
        elements.collect::<Vec<_>>()
    };
    assert_eq!(tree.root_element().attribute("lang"), Some("nl-BE"));
    assert_eq!(all("title")[0].text(), Some("Startdag <lerend> netwerk"));
    assert_eq!(
        (all("main").len(), all("h1").len(), all("h2").len(), all("h3").len()),
        (1, 1, 2, 1)
    );
    for item in all("li") {
        assert!(item.parent_element().unwrap().has_tag_name("ul"));
    }
    for list in all("ul") {
        assert!(list.children().filter(roxmltree::Node::is_element).all(|n| n.has_tag_name("li")));
    }
    assert!(["script", "img", "link", "iframe"].iter().all(|name| all(name).is_empty()));
    assert!(!page.contains("url(") && !page.contains("@import"));
    assert!(LEVELS_DRAWN == 3 && page.contains("ul ul ul ul{padding-inline-start:0}"));
}

fn parsed(page: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(page, options).unwrap()
}

/// The texts of a page's insights, in order.
fn texts_of_page(page: &str) -> Vec<String> {
    let tree = parsed(page);
    let spans = tree.descendants().filter(|node| node.attribute("class") == Some("text"));
    spans.map(|span| span.text().unwrap_or_default().to_owned()).collect()
}

/// Takes away what keeps spreadsheets from calculating, as the documentation says.
fn unguarded(cell: &str) -> String {
    let mut text = String::new();
    let mut before = None;
    for letter in cell.chars() {
        let is_guard = letter == '\'' && matches!(before, None | Some(';' | '\t' | '\n' | '\r'));
        if !is_guard {
            text.push(letter);
        }
        // A guard is nobody's letter: what follows it does not begin a cell.
        before = Some(letter);
    }
    text
}

/// A text that somebody could type or paste, with what breaks formats more often than by chance.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zé ]{0,8}".prop_map(String::from),
        1 => proptest::sample::select(vec![
            "\"", "'", "\n", "\r\n", "\t", ",", ";", "=1+1", "+", "-", "@SUM(A1)", "＝1", "<script>",
            "</p>", "&amp;", "&", "]]>", "--", "# ", "- ", "* ", "🌻", "👩‍👩‍👧", "العربية", "ﷺ",
            "e\u{301}", "\u{202e}", "\u{feff}", "\u{a0}", "\u{2028}", "\\", "`", "|", "ß", "İ",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_filter("no control character is typed", |c| !c.is_control())
            .prop_filter("XML has no such letter", |c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
            .prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// Nested insights, at most so deep.
fn insights() -> impl Strategy<Value = Vec<ExportedInsight>> {
    let leaf = typed().prop_map(|text| insight(&text));
    let nested = leaf.prop_recursive(4, 24, 4, |inner| {
        (typed(), proptest::collection::vec(inner, 0..4))
            .prop_map(|(text, insights)| ExportedInsight { insights, ..insight(&text) })
    });
    proptest::collection::vec(nested, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is typed, at whatever level, comes back from every format exactly, in order; from
    /// Markdown on one line.
    #[test]
    fn what_was_typed_comes_back(insights in insights(), question in typed()) {
        let mut lines = Vec::new();
        walk(&insights, &mut |level, insight| lines.push((level, insight.text.clone())));
        let texts: Vec<_> = lines.iter().map(|(_, text)| text.clone()).collect();
        let export = export_of(vec![(question.as_str(), insights)]);

        let back: HarvestExport = serde_json::from_str(&json(&export)).unwrap();
        prop_assert_eq!(&back, &export);

        let page = html(&export);
        prop_assert_eq!(texts_of_page(&page), texts);

        let table = csv(&export);
        let table = table.strip_prefix('\u{feff}').unwrap();
        let mut rows = ::csv::Reader::from_reader(table.as_bytes());
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        let cells: Vec<_> = rows.iter()
            .map(|row| (row[3].parse().unwrap(), unguarded(&row[4]))).collect();
        prop_assert_eq!(&cells, &lines);
        for row in &rows {
            prop_assert_eq!(unguarded(&row[1]), question.clone());
            for cell in row {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{}", cell);
            }
            // A program that parts cells by semicolons finds no formula either.
            let mut parts = row[4].split([';', '\t', '\n', '\r']);
            prop_assert_eq!(parts.find(|part| part.starts_with(['=', '+', '@', '-'])), None);
        }

        let text = markdown(&export);
        let body = text.lines().filter(|line| line.trim_start().starts_with("- "));
        let wanted = lines.iter().map(|(level, text)| {
            format!("{}- {}", "  ".repeat(level - 1), one_line(text))
        });
        prop_assert_eq!(body.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
        prop_assert_eq!(text.lines().filter(|line| line.starts_with("## ")).count(), 1);
    }
}
