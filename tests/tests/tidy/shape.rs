//! How long files, functions and lines may be.

use crate::check;
use crate::sources::{Finding, Source, rust_code, with};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

const CODE: [&str; 6] = ["rs", "ts", "js", "mjs", "svelte", "css"];

#[test]
fn a_file_has_at_most_400_lines() {
    let findings: Vec<Finding> = with(&CODE)
        .filter(|source| source.lines().count() > FILE_LINES_MAX)
        .map(|source| {
            let lines = source.lines().count();
            Finding::at(&source.path, lines, format!("{lines} lines: split it by subject"))
        })
        .collect();
    check("files of at most 400 lines", &findings);
}

#[test]
fn a_line_has_at_most_100_columns() {
    let long = |source: &'static Source| {
        source.lines().filter_map(|(number, line)| {
            let columns = line.chars().count();
            let what = format!("{columns} columns: break the line");
            (columns > COLUMNS_MAX).then(|| Finding::at(&source.path, number, what))
        })
    };
    let findings: Vec<Finding> = with(&CODE).flat_map(long).collect();
    check("lines of at most 100 columns", &findings);
}

#[test]
fn a_function_has_at_most_70_lines() {
    let long = |source: &'static Source| {
        functions(&source.text)
            .into_iter()
            .filter(|function| function.lines > FUNCTION_LINES_MAX)
            .map(|Function { name, line, lines }| {
                let what = format!("`{name}` has {lines} lines: give its steps names of their own");
                Finding::at(&source.path, line, what)
            })
    };
    let findings: Vec<Finding> = with(&["rs"]).flat_map(long).collect();
    check("functions of at most 70 lines", &findings);
}

#[derive(Debug, PartialEq, Eq)]
struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// Every `fn` with a body, from its first line to its closing brace.
fn functions(text: &str) -> Vec<Function> {
    let code = rust_code(text);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String =
            code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if let (false, Some(end)) = (name.is_empty(), body_end(&code[at..])) {
            let line = 1 + code[..at].matches('\n').count();
            let lines = 1 + code[at..at + end].matches('\n').count();
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// Where the body ends that follows a function's head; none for a declaration without one.
fn body_end(code: &str) -> Option<usize> {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && curly == 0 => return None,
            '{' => curly += 1,
            '}' if curly == 1 => return Some(at),
            '}' => curly -= 1,
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_found_with_their_length() {
    let text = "trait T {\n    fn declared(&self, a: [u8; 4]);\n}\n\
                fn long(\n    a: u8,\n) -> u8 {\n    if a > 1 {\n        // }\n    }\n    a\n}\n";
    let found = functions(text);
    assert_eq!(found, [Function { name: "long".to_owned(), line: 4, lines: 8 }]);
}
