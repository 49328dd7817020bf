//! The arrows between modules, and the size and the opening of files, as laws that a test enforces.
//!
//! Reads the sources as text: comments, strings and test modules are taken out, then the paths in the rest are looked at.

// A test stops at the first surprise.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines a file may have.
const LINES: usize = 600;

/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[("diagnostic/codes.rs", "one table: a row for each code")];

/// Modules that may name only these modules of the crate besides themselves.
const ONLY: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["diagnostic", "source"]),
    ("catalog", &[]),
    ("graph", &[]),
    ("pair", &[]),
    ("diff", &["catalog", "diagnostic", "pair", "source"]),
];

/// Modules that may not name these modules of the crate.
const NEVER: &[(&str, &[&str])] = &[
    ("plan", &["dialect"]),
    ("check", &["dialect"]),
    ("emit", &["dialect"]),
    ("snapshot", &["cli", "live"]),
    ("dialect", &["cli", "live"]),
];

/// Parts of the standard library that reach out of the program, and the modules that may name them. `main` is the program.
const OUTSIDE: &[&str] = &["env", "fs", "net", "process", "thread", "time"];
const REACH_OUTSIDE: &[&str] = &["cli", "live", "main"];

/// The only code that names the parser.
const READS: &str = "dialect/postgres/read";

#[test]
fn files_are_short() {
    let long = files()
        .into_iter()
        .filter(|file| !LONGER.iter().any(|(path, _)| *path == file.path));
    let long: Vec<_> = long
        .filter(|file| file.lines > LINES)
        .map(|file| (file.path, file.lines))
        .collect();
    assert!(
        long.is_empty(),
        "split these files by topic, or say in the test why they are longer: {long:?}"
    );
}

#[test]
fn files_open_with_their_contract() {
    let bare: Vec<_> = files()
        .into_iter()
        .filter(|file| !file.contract)
        .map(|file| file.path)
        .collect();
    assert!(
        bare.is_empty(),
        "a file says first what it knows and what it must not: {bare:?}"
    );
}

#[test]
fn modules_name_only_what_they_may() {
    let mut wrong = Vec::new();
    for file in files() {
        let module = file.module();
        for named in file.crate_modules() {
            let only = ONLY
                .iter()
                .any(|(of, allowed)| *of == module && named != module && !allowed.contains(&named.as_str()));
            let never = NEVER
                .iter()
                .any(|(of, refused)| *of == module && refused.contains(&named.as_str()));
            if only || never {
                wrong.push(format!("{} names {named}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_reading_names_the_parser() {
    let reads = |path: &str| path.starts_with(&format!("{READS}/")) || path == format!("{READS}.rs");
    let wrong = files()
        .into_iter()
        .filter(|file| !reads(&file.path) && words(&file.code).any(|word| word == "pg_query"));
    let wrong: Vec<_> = wrong.map(|file| file.path).collect();
    assert!(wrong.is_empty(), "these name pg_query: {wrong:?}");
}

/// Where texts are read on a stack that is deep enough for any tree of the parser.
const DEEP_STACK: &str = "dialect/postgres/read/deep.rs";

#[test]
fn only_the_command_line_and_live_reach_outside() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| !REACH_OUTSIDE.contains(&file.module())) {
        for named in paths_from(&file.code, "std") {
            // One file makes a thread for its stack alone: what it does there is as pure as before.
            let for_its_stack = file.path == DEEP_STACK && named == "thread";
            if OUTSIDE.contains(&named.as_str()) && !for_its_stack {
                wrong.push(format!("{} names std::{named}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn paths_are_found_in_groups_and_not_in_comments_and_strings() {
    let code = strip(
        "// crate::a\nuse crate::{b::{x, y}, c, self}; /* crate::d */ \"crate::e\"; '\"'; r#\"\"crate::f\"#; crate::g::h();",
    );
    let names: Vec<_> = paths_from(&code, "crate").into_iter().collect();
    assert_eq!(names, ["b", "c", "g", "self"]);
    let file = File {
        path: "catalog/mod.rs".into(),
        lines: 1,
        contract: true,
        code: "use super::plan; super::x()".into(),
    };
    assert_eq!(file.crate_modules().into_iter().collect::<Vec<_>>(), ["plan", "x"]);
    let file = File {
        path: "catalog/name.rs".into(),
        code: "use super::id; super::super::plan::x()".into(),
        ..file
    };
    assert_eq!(file.crate_modules().into_iter().collect::<Vec<_>>(), ["plan"]);
}

/// One source file.
struct File {
    /// The path below `src`, with slashes.
    path: String,
    lines: usize,
    /// Whether the file opens with `//!`.
    contract: bool,
    /// The text without comments, strings and the test module.
    code: String,
}

impl File {
    /// The module of the crate that the file belongs to.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The modules of the crate that the file names, from the crate's root or upwards from its own place.
    fn crate_modules(&self) -> BTreeSet<String> {
        let mut names = paths_from(&self.code, "crate");
        let depth = self.path.trim_end_matches("/mod.rs").split('/').count();
        names.extend(paths_from(&self.code, &vec!["super"; depth].join("::")));
        names.remove("super");
        names
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    assert!(!paths.is_empty());
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let relative = path.strip_prefix(&root).unwrap();
        File {
            path: relative
                .iter()
                .map(|part| part.to_string_lossy())
                .collect::<Vec<_>>()
                .join("/"),
            lines: text.lines().count(),
            contract: text.starts_with("//!"),
            code: strip(text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()),
        }
    };
    paths.into_iter().map(read).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The text without comments and with empty strings.
fn strip(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (kept, length) = if rest.starts_with("//") {
            ("", rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            ("", rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if let Some(length) = raw_string(rest).filter(|_| !code.ends_with(is_word_letter)) {
            ("\"\"", length)
        } else if letter == '"' {
            ("\"\"", quoted(rest, '"').unwrap_or(rest.len()))
        } else if let Some(length) = character(rest) {
            ("' '", length)
        } else {
            (&rest[..letter.len_utf8()], letter.len_utf8())
        };
        code.push_str(kept);
        rest = &rest[length..];
    }
    code
}

/// Length of the raw string that the text begins with.
fn raw_string(text: &str) -> Option<usize> {
    let body = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let open = text.len() - body.len() + hashes;
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = text[open..].strip_prefix('"')?;
    Some(open + 1 + inside.find(&end)? + end.len())
}

/// Length of the character literal that the text begins with; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?.chars().next()?;
    match inside {
        '\\' => quoted(text, '\''),
        _ => text[1 + inside.len_utf8()..]
            .starts_with('\'')
            .then_some(2 + inside.len_utf8()),
    }
}

/// Length of the literal in these quotes that the text begins with.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return Some(place + 1),
            _ => {}
        }
    }
    None
}

/// The names that stand directly below `root` in the paths of a text, also in groups: of `crate::{a, b::c}` these are `a`
/// and `b`.
fn paths_from(code: &str, root: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let prefix = format!("{root}::");
    for (place, _) in code.match_indices(&prefix) {
        let before = &code[..place];
        if before.ends_with(is_word_letter) || before.ends_with("::") {
            continue;
        }
        let after = code[place + prefix.len()..].trim_start();
        match after.strip_prefix('{') {
            Some(group) => names.extend(group_names(group)),
            None => names.extend(words(after).next().map(str::to_owned)),
        }
    }
    names
}

/// The first names of the members of a group, given from after its brace.
fn group_names(group: &str) -> Vec<String> {
    let mut depth = 1;
    let mut member = String::new();
    let mut names = Vec::new();
    for letter in group.chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if depth == 0 || (depth == 1 && letter == ',') {
            names.extend(words(&member).next().map(str::to_owned));
            member.clear();
        } else {
            member.push(letter);
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|letter| !is_word_letter(letter))
        .filter(|word| !word.is_empty())
}

fn is_word_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
