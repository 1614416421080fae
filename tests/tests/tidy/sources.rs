//! Which files there are, and what in them is code.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A place that breaks a rule, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    /// `line` counts from 1; 0 means the file as a whole.
    pub(crate) fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line.max(1), self.what)
    }
}

/// A text file of the repository.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The lines with their numbers from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// Whether the whole file is test code.
    pub(crate) fn is_test(&self) -> bool {
        let folders = ["tests/", "fuzz/", "benches/"];
        folders.iter().any(|folder| self.path.starts_with(folder))
            || ["/tests/", "/test/", "/benches/", "/e2e/"].iter().any(|in_| self.path.contains(in_))
            || self.path.ends_with("/tests.rs")
    }
}

/// The folder with the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// All text files that are in git, or would be after `git add`.
pub(crate) fn all() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let listing = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
        let output = Command::new("git").args(listing).current_dir(root()).output();
        let output = output.expect("git lists the files that the rules are about");
        assert!(output.status.success(), "git ls-files: the rules need a git checkout");
        let paths = String::from_utf8(output.stdout).expect("file names are UTF-8");
        let paths = paths.split_terminator('\0');
        // A file that is deleted and not yet committed cannot be read; a picture is no text.
        let read = |path: &str| std::fs::read_to_string(root().join(path)).ok();
        paths.filter_map(|path| Some(Source { path: path.to_owned(), text: read(path)? })).collect()
    });
    &SOURCES
}

/// Those with one of these extensions.
pub(crate) fn with(extensions: &[&str]) -> impl Iterator<Item = &'static Source> {
    all().iter().filter(move |source| extensions.contains(&source.extension()))
}

/// One file, which has to be there.
pub(crate) fn file(path: &str) -> &'static Source {
    let found = all().iter().find(|source| source.path == path);
    found.unwrap_or_else(|| panic!("{path} is missing"))
}

/// Rust code with its comments, strings and characters blanked, line for line.
pub(crate) fn rust_code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment_length(rest),
            '"' => string_length(rest, 1, '\\', "\""),
            'r' | 'b' | 'c' if !ends_in_word(&code) => raw_string_length(rest),
            '\'' => character_length(rest),
            _ => 0,
        };
        if length == 0 {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        } else {
            code.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// The length of a string whose contents begin at `start` and end with `end`.
fn string_length(rest: &str, start: usize, escape: char, end: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest[start..].char_indices() {
        if escaped {
            escaped = false;
        } else if c == escape {
            escaped = true;
        } else if rest[start + at..].starts_with(end) {
            return start + at + end.len();
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br#"…"#`, `c"…"`, `b'…'`; 0 where it is none.
fn raw_string_length(rest: &str) -> usize {
    let prefix = rest.find(|c| !matches!(c, 'r' | 'b' | 'c')).unwrap_or(rest.len());
    let raw = rest[..prefix].ends_with('r');
    let hashes = rest[prefix..].find(|c| c != '#').unwrap_or(0);
    let opened = prefix + hashes;
    match rest[opened..].chars().next() {
        Some('"') if raw => {
            let end = format!("\"{}", "#".repeat(hashes));
            string_length(rest, opened + 1, '\0', &end)
        }
        Some('"') if hashes == 0 && prefix <= 2 => string_length(rest, opened + 1, '\\', "\""),
        Some('\'') if hashes == 0 && &rest[..prefix] == "b" => {
            prefix + character_length(&rest[prefix..])
        }
        _ => 0,
    }
}

/// `'x'` or `'\n'`; 0 for a lifetime.
fn character_length(rest: &str) -> usize {
    let mut inside = rest[1..].chars();
    match inside.next() {
        Some('\\') => string_length(rest, 1, '\\', "'"),
        Some(c) if inside.next() == Some('\'') => 2 + c.len_utf8(),
        _ => 0,
    }
}

/// The lines of blanked Rust code that are not in a `#[cfg(test)]` item, with their numbers.
pub(crate) fn shipped_lines(code: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut depth = None;
    let mut awaited = false;
    for (number, line) in (1..).zip(code.lines()) {
        if depth.is_none() && line.contains("#[cfg(test)]") {
            awaited = true;
        }
        if depth.is_none() && !awaited {
            lines.push((number, line));
            continue;
        }
        for c in line.chars() {
            match c {
                '{' => depth = Some(depth.unwrap_or(0) + 1),
                '}' => depth = depth.map(|depth: usize| depth.saturating_sub(1)),
                // `mod tests;` or `use …;` under the attribute.
                ';' if depth.is_none() => awaited = false,
                _ => {}
            }
        }
        if depth == Some(0) {
            (depth, awaited) = (None, false);
        }
    }
    lines
}

#[test]
fn code_is_told_from_comments_strings_and_lifetimes() {
    let text =
        "let a = \"b // c\"; // d\nlet e: &'f str = r#\"g\"h\"#; /* i /* j */ k */ l('\\'', 'm')";
    let code = rust_code(text);
    let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric()).collect();
    assert_eq!(code.lines().count(), 2);
    for word in ["a", "e", "f", "l"] {
        assert!(words.contains(&word), "{word}: {code}");
    }
    for word in ["b", "c", "d", "g", "h", "i", "j", "k", "m"] {
        assert!(!words.contains(&word), "{word}: {code}");
    }
}

#[test]
fn test_modules_are_told_from_what_is_shipped() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n\
                #[cfg(test)]\nmod d;\nfn e() {}";
    let shipped: String = shipped_lines(code).iter().map(|(_, line)| *line).collect();
    assert_eq!(shipped, "fn a() {}fn c() {}fn e() {}");
}
