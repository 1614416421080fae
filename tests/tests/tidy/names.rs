//! What files and declarations may be called: the glossary's words, one word an idea.

use std::collections::BTreeMap;

use crate::check;
use crate::sources::{Finding, Source, all, file, rust_code, with};

/// Names that say nothing of what is inside.
const EMPTY: [&str; 8] =
    ["utils", "util", "common", "helpers", "helper", "types", "manager", "misc"];

const GLOSSARY: &str = "docs/glossary.md";

#[test]
fn a_file_is_named_for_what_is_in_it() {
    let findings: Vec<Finding> = all()
        .iter()
        .filter_map(|source| {
            let empty = source.path.split('/').find(|part| {
                let stem = part.split('.').next().unwrap_or(part);
                EMPTY.contains(&stem)
            })?;
            let what = format!("`{empty}` says nothing: name what is in it, in the field's words");
            Some(Finding::at(&source.path, 0, what))
        })
        .collect();
    check("no file called utils, common, helpers, types, manager", &findings);
}

/// A row of the glossary's table: the word in code, and the words not used for it.
struct Row {
    line: usize,
    word: String,
    never: Vec<String>,
}

fn rows() -> Vec<Row> {
    let words = |cell: &str| -> Vec<String> {
        let words = cell.split(',').map(|word| word.trim().trim_matches('`').to_owned());
        words.filter(|word| !word.is_empty()).collect()
    };
    file(GLOSSARY)
        .lines()
        .filter_map(|(line, text)| {
            let cells: Vec<&str> = text.strip_prefix('|')?.strip_suffix('|')?.split('|').collect();
            let (word, never) = (words(cells.first()?), words(cells.last()?));
            let heading = cells[0].contains("---") || cells[0].trim() == "code";
            let [word] = <[String; 1]>::try_from(word).ok()?;
            (!heading).then_some(Row { line, word, never })
        })
        .collect()
}

#[test]
fn the_glossary_has_one_word_an_idea() {
    let rows = rows();
    assert!(rows.len() > 20, "the glossary's table is not read: it has {} rows", rows.len());
    let mut seen = BTreeMap::new();
    let mut findings = Vec::new();
    for row in &rows {
        if let Some(first) = seen.insert(row.word.clone(), row.line) {
            let what = format!("`{}` stands on line {first} already: merge them", row.word);
            findings.push(Finding::at(GLOSSARY, row.line, what));
        }
    }
    for row in &rows {
        for never in row.never.iter().filter(|never| seen.contains_key(*never)) {
            let what = format!("`{never}` is a word of its own here: it cannot stand for another");
            findings.push(Finding::at(GLOSSARY, row.line, what));
        }
    }
    check("one word an idea", &findings);
}

#[test]
fn declarations_use_the_glossarys_words() {
    let rows = rows();
    let mut findings = Vec::new();
    for source in with(&["rs", "ts"]) {
        for (number, name) in declared(source) {
            let parts = parts(&name);
            for row in &rows {
                if let Some(never) = row.never.iter().find(|never| parts.contains(never)) {
                    let what = format!("`{name}`: say `{}`, not `{never}` ({GLOSSARY})", row.word);
                    findings.push(Finding::at(&source.path, number, what));
                }
            }
        }
    }
    check("the glossary's words in declarations", &findings);
}

/// The structs, enums, traits, types, interfaces and classes that a file declares.
fn declared(source: &Source) -> Vec<(usize, String)> {
    let keywords = ["struct", "enum", "trait", "type", "interface", "class"];
    let code = match source.extension() {
        "rs" => rust_code(&source.text),
        _ => source.text.clone(),
    };
    let mut found = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let words: Vec<&str> = line
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty() && !matches!(*word, "pub" | "crate" | "export" | "in"))
            .collect();
        if let [keyword, name, ..] = words[..]
            && keywords.contains(&keyword)
            && (keyword != "type" || line.contains('='))
        {
            found.push((number, name.to_owned()));
        }
    }
    found
}

/// `HarvestView` as `harvest`, `view`.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for c in name.chars() {
        if c.is_uppercase() || parts.is_empty() {
            parts.push(String::new());
        }
        parts.last_mut().expect("pushed just now").extend(c.to_lowercase());
    }
    parts
}

#[test]
fn a_name_is_read_by_its_parts() {
    assert_eq!(parts("HarvestView"), ["harvest", "view"]);
    let source = Source { path: "a.rs".into(), text: "pub(crate) struct RoomView {\n".into() };
    assert_eq!(declared(&source), [(1, "RoomView".to_owned())]);
    let text = "import {\n  type Room,\n}\nexport type Wall = Room;\n".into();
    let source = Source { path: "a.ts".into(), text };
    assert_eq!(declared(&source), [(4, "Wall".to_owned())]);
}
