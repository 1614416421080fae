//! The harvest, in each format in which it leaves: texts, nesting, order, and what they are.

use oogst_cli::demo::script::{DEVICES, GUESTS, Harvest, Insight, KICK_OFF, Person, publish};
use oogst_core::export::Labels;
use oogst_protocol::event::Publish;
use serde_json::Value;

use super::Day;
use crate::exports::{WORD, copied, part, unbroken};

/// A table as the script says that it ends.
struct Table {
    name: &'static str,
    harvest: Harvest,
}

/// An insight in its place.
struct Line<'t> {
    /// From 1.
    level: usize,
    /// `2.1` is the first under the second.
    path: String,
    insight: &'t Insight,
}

fn tables() -> Vec<Table> {
    let ends = KICK_OFF.tables.iter().zip(KICK_OFF.harvests());
    ends.map(|(table, harvest)| Table { name: table.name, harvest }).collect()
}

impl Table {
    /// What is to be read, in order.
    fn lines(&self) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        self.push(&mut lines, None, "");
        lines
    }

    fn push<'t>(&'t self, lines: &mut Vec<Line<'t>>, parent: Option<&str>, above: &str) {
        for (place, insight) in self.harvest.under(parent).enumerate() {
            let path = format!("{above}{}", place + 1);
            let under = format!("{path}.");
            lines.push(Line { level: path.matches('.').count() + 1, path, insight });
            self.push(lines, Some(insight.key), &under);
        }
    }

    /// As whom somebody is named who agreed to it in the closing round.
    fn credit(&self, insight: &Insight) -> &'static str {
        let is = |person: &&Person| person.name == insight.by;
        let person = DEVICES.iter().chain(GUESTS).find(is).unwrap();
        match publish(insight.by) {
            Publish::Name => person.name,
            Publish::Organisation => person.organisation,
            Publish::Group => self.name,
            Publish::Not => unreachable!("nobody of this day says so"),
        }
    }
}

fn is_guest(insight: &Insight) -> bool {
    GUESTS.iter().any(|guest| guest.name == insight.by)
}

/// Every format, against the script.
pub(super) async fn leaves_as_it_was_typed(day: &Day) {
    let tables = tables();
    let all: usize = tables.iter().map(|table| table.lines().len()).sum();
    assert_eq!(all, 57);
    assert!(tables.iter().any(|table| table.lines().iter().any(|line| line.level == 3)));
    let file = |ending: &'static str| async move {
        let answer = day.below(&format!("/export.{ending}?attribution=name")).await;
        assert_eq!(answer.status, 200, "{ending}: {}", answer.text());
        answer.body
    };
    let markdown = day.below("/export.md?attribution=none").await;
    assert_eq!(markdown.text(), KICK_OFF.markdown(), "letter by letter");
    is_in_json(&tables, &serde_json::from_slice(&file("json").await).unwrap());
    is_in_csv(&tables, &String::from_utf8(file("csv").await).unwrap());
    is_in_html(&tables, &String::from_utf8(file("html").await).unwrap());
    is_in_word(&tables, &file("docx").await);
    let nobody = day.below("/export.pdf?attribution=none").await;
    is_in_pdf(&tables, &nobody.body);
}

fn is_in_json(tables: &[Table], export: &Value) {
    assert_eq!((&export["title"], &export["withheld"]), (&KICK_OFF.title.into(), &0.into()));
    let groups = export["groups"].as_array().unwrap();
    assert_eq!(groups.len(), tables.len());
    for (table, group) in tables.iter().zip(groups) {
        assert_eq!(group["name"], table.name);
        assert_eq!(group["question"], table.harvest.question);
        level_in_json(table, None, &group["insights"]);
    }
}

fn level_in_json(table: &Table, parent: Option<&str>, found: &Value) {
    let wanted: Vec<_> = table.harvest.under(parent).collect();
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), wanted.len(), "{}, under {parent:?}", table.name);
    for (wanted, found) in wanted.into_iter().zip(found) {
        assert_eq!(found["text"], wanted.text);
        assert_eq!(found["category"], wanted.category, "{found}");
        assert_eq!(found["highlight"], wanted.highlight, "{found}");
        assert_eq!(found["from_outside"], is_guest(wanted), "{found}");
        assert_eq!(found["credits"], serde_json::json!([table.credit(wanted)]), "{found}");
        level_in_json(table, Some(wanted.key), &found["insights"]);
    }
}

/// A cell without what keeps spreadsheets from calculating, as the documentation says.
pub(super) fn plain(cell: &str) -> String {
    let (mut text, mut before) = (String::new(), None);
    for letter in cell.chars() {
        let begins = matches!(before, None | Some(';' | '\t' | '\n' | '\r'));
        if letter != '\'' || !begins {
            text.push(letter);
        }
        before = Some(letter);
    }
    text
}

fn is_in_csv(tables: &[Table], table: &str) {
    let bytes = table.strip_prefix('\u{feff}').unwrap().as_bytes();
    let mut reader = csv::Reader::from_reader(bytes);
    let names: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut rows = reader.records().map(Result::unwrap);
    for table in tables {
        for line in table.lines() {
            let row = rows.next().expect("a row an insight");
            let cell = |name| plain(&row[names.iter().position(|other| other == name).unwrap()]);
            assert_eq!(cell("text"), line.insight.text);
            assert_eq!(cell("group"), table.name);
            assert_eq!(cell("question"), table.harvest.question);
            assert_eq!(cell("path"), line.path, "{row:?}");
            assert_eq!(cell("level"), line.level.to_string(), "{row:?}");
            assert_eq!(cell("category"), line.insight.category, "{row:?}");
            assert_eq!(cell("highlight"), line.insight.highlight.to_string(), "{row:?}");
            assert_eq!(cell("from_outside"), is_guest(line.insight).to_string(), "{row:?}");
            assert_eq!(cell("credits"), table.credit(line.insight), "{row:?}");
        }
    }
    assert_eq!(rows.next(), None, "no row too many");
}

/// What formats for reading show of an insight: its level, its text, whether it is a key point.
type Shown = (usize, String, bool);

fn wanted(table: &Table) -> Vec<Shown> {
    let lines = table.lines().into_iter();
    lines.map(|line| (line.level, line.insight.text.clone(), line.insight.highlight)).collect()
}

fn is_in_html(tables: &[Table], page: &str) {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let tree = roxmltree::Document::parse_with_options(page, options).unwrap();
    let text_of = |name: &str, within: roxmltree::Node<'_, '_>| {
        let found = within.descendants().find(|node| node.has_tag_name(name)).unwrap();
        found.text().unwrap_or_default().to_owned()
    };
    assert_eq!(text_of("h1", tree.root_element()), KICK_OFF.title);
    let sections = tree.descendants().filter(|node| node.has_tag_name("section"));
    let sections: Vec<_> = sections.collect();
    assert_eq!(sections.len(), tables.len());
    for (table, section) in tables.iter().zip(sections) {
        assert_eq!(text_of("h2", section), table.harvest.question);
        let mut shown = Vec::new();
        for list in section.children().filter(|node| node.has_tag_name("ul")) {
            list_in_html(list, 1, &mut shown);
        }
        assert_eq!(shown, wanted(table));
    }
}

fn list_in_html(list: roxmltree::Node<'_, '_>, level: usize, shown: &mut Vec<Shown>) {
    for item in list.children().filter(roxmltree::Node::is_element) {
        assert!(item.has_tag_name("li"), "a list holds items alone");
        let paragraph = item.children().find(|node| node.has_tag_name("p")).unwrap();
        let classed = |class: &'static str| {
            let mut spans = paragraph.children();
            spans.find(|span| span.attribute("class") == Some(class))
        };
        let text = classed("text").unwrap().text().unwrap_or_default().to_owned();
        shown.push((level, text, classed("mark key").is_some()));
        for list in item.children().filter(|node| node.has_tag_name("ul")) {
            list_in_html(list, level + 1, shown);
        }
    }
}

fn is_in_word(tables: &[Table], package: &[u8]) {
    let document = part(package, "word/document.xml");
    let tree = roxmltree::Document::parse(&document).unwrap();
    let mut told: Vec<(String, Vec<Shown>)> = Vec::new();
    for paragraph in tree.descendants().filter(|node| node.has_tag_name((WORD, "p"))) {
        let value = |node: roxmltree::Node<'_, '_>, name: &'static str| {
            let found = node.descendants().find(|node| node.has_tag_name((WORD, name)));
            found.and_then(|found| found.attribute((WORD, "val"))).map(str::to_owned)
        };
        let runs = paragraph.children().filter(|node| node.has_tag_name((WORD, "r")));
        // A mark is a run of a style of its own, and two blanks after it.
        let (mut text, mut is_key, mut marks) = (String::new(), false, 0);
        for run in runs {
            match value(run, "rStyle") {
                Some(style) => {
                    is_key |= style == "KeyPoint";
                    marks += 1;
                }
                None => text.extend(
                    run.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()),
                ),
            }
        }
        let text = text.strip_prefix(&"  ".repeat(marks)).unwrap().to_owned();
        match value(paragraph, "pStyle").as_deref() {
            Some("Heading1") => told.push((text, Vec::new())),
            Some("Insight") => {
                let level = value(paragraph, "ilvl").unwrap().parse::<usize>().unwrap() + 1;
                told.last_mut().unwrap().1.push((level, text, is_key));
            }
            Some("Title") => assert_eq!(text, KICK_OFF.title),
            Some(_) | None => {}
        }
    }
    let wanted = tables.iter().map(|table| (table.harvest.question.clone(), wanted(table)));
    assert_eq!(told, wanted.collect::<Vec<_>>());
}

/// Everything that is to be copied from it, in order, with the marks that formats for reading add.
fn is_in_pdf(tables: &[Table], file: &[u8]) {
    let labels = Labels::of(KICK_OFF.language);
    let mut wanted = KICK_OFF.title.to_owned();
    for table in tables {
        wanted.extend([&table.harvest.question, table.name]);
        for Line { insight, .. } in table.lines() {
            let key = insight.highlight.then_some(labels.highlight);
            let kind = labels.kind(Some(insight.category), is_guest(insight));
            let marks: Vec<_> = key.into_iter().chain(kind).collect();
            wanted.push_str(&marks.join("·"));
            wanted.push_str(&insight.text);
        }
    }
    assert_eq!(as_drawn(&copied(file)), as_drawn(&unbroken(&wanted)));
}

/// A text without its Arabic letters, and those by themselves: in a PDF they stand in the order in
/// which they are drawn, and are turned round by the program of whoever copies them.
fn as_drawn(text: &str) -> (String, Vec<char>) {
    let is_arabic = |letter: &char| ('\u{600}'..='\u{6ff}').contains(letter);
    let mut arabic: Vec<char> = text.chars().filter(is_arabic).collect();
    arabic.sort_unstable();
    (text.chars().filter(|letter| !is_arabic(letter)).collect(), arabic)
}
