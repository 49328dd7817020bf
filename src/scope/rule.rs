//! Rules of what is left out: `table public.audit_*`, `extension postgis`, `!view public.audit_log`.
//!
//! Knows their grammar and whom they match. A name is matched as psql matches names: letters are folded to lower case
//! unless they stand in double quotes, `*` is any letters, `?` one letter, a dot separates the parts; in double quotes
//! all letters stand for themselves. A pattern of one part is the object's own name, wherever it is.

use std::fmt;
use std::str::FromStr;

use crate::catalog::{Catalog, ObjectId};
use crate::dialect::postgres::object_words;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    effect: Effect,
    /// The kind it speaks of; of all kinds without.
    kind: Option<&'static str>,
    /// The parts of the name.
    parts: Vec<Vec<Glob>>,
    /// As it was written, blanks put right.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    LeavesOut,
    TakesIn,
}

/// One letter of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Glob {
    Letter(char),
    /// `?`
    One,
    /// `*`
    Any,
}

/// Why a rule cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// It says no name.
    #[error("\"{0}\" names nothing")]
    NoName(String),
    /// A quote is not closed, or a part of a name is empty.
    #[error("\"{0}\" is no pattern of a name")]
    Pattern(String),
    /// There is no such kind.
    #[error("\"{0}\" is no kind of object; there are {list}", list = kinds())]
    Kind(String),
}

/// The kinds that a rule can speak of, each with the words of the objects that it means.
const KINDS: &[(&str, &[&str])] = &[
    ("schema", &["schema"]),
    ("extension", &["extension"]),
    ("table", &["table", "partition", "partitioned table", "foreign table"]),
    ("partition", &["partition"]),
    ("foreign table", &["foreign table"]),
    ("column", &["column"]),
    ("default", &["default"]),
    (
        "constraint",
        &[
            "check constraint",
            "primary key",
            "unique constraint",
            "foreign key",
            "exclusion constraint",
            "domain constraint",
        ],
    ),
    ("foreign key", &["foreign key"]),
    ("index", &["index"]),
    ("sequence", &["sequence"]),
    ("view", &["view"]),
    ("materialized view", &["materialized view"]),
    ("type", &["enum type", "composite type", "range type", "type", "domain"]),
    ("domain", &["domain"]),
    ("routine", &["function", "procedure", "aggregate"]),
    ("function", &["function"]),
    ("procedure", &["procedure"]),
    ("aggregate", &["aggregate"]),
    ("trigger", &["trigger"]),
    ("rule", &["rule"]),
    ("policy", &["policy"]),
    ("language", &["language"]),
    ("access method", &["access method"]),
    ("collation", &["collation"]),
    ("conversion", &["conversion"]),
    ("text search parser", &["text search parser"]),
    ("text search template", &["text search template"]),
    ("text search dictionary", &["text search dictionary"]),
    ("text search configuration", &["text search configuration"]),
    ("operator", &["operator"]),
    ("operator family", &["operator family"]),
    ("operator class", &["operator class"]),
    ("foreign-data wrapper", &["foreign-data wrapper"]),
    ("server", &["server"]),
    ("user mapping", &["user mapping"]),
    ("statistics", &["statistics object"]),
    ("publication", &["publication"]),
    ("subscription", &["subscription"]),
    ("event trigger", &["event trigger"]),
];

fn kinds() -> String {
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

impl Rule {
    /// Whether the rule takes back in what it matches.
    pub fn takes_in(&self) -> bool {
        self.effect == Effect::TakesIn
    }

    /// Whether the rule is a name of one part that leaves out: what a schema's name is.
    pub(super) fn is_plain(&self) -> bool {
        self.effect == Effect::LeavesOut && self.parts.len() == 1
    }

    /// Whether the rule speaks of an object itself.
    pub(super) fn matches(&self, catalog: &Catalog, id: &ObjectId) -> bool {
        let names = names(id);
        let named = match self.parts.as_slice() {
            [own] => names.last().is_some_and(|name| matches(own, name)),
            parts => parts.len() == names.len() && parts.iter().zip(&names).all(|(part, name)| matches(part, name)),
        };
        named && self.kind.is_none_or(|kind| is_of_kind(kind, catalog, id))
    }
}

fn is_of_kind(kind: &str, catalog: &Catalog, id: &ObjectId) -> bool {
    let words = match (catalog.get(id), id) {
        (Some(entry), id) => object_words(id, &entry.object),
        // A schema need not be written down to hold something.
        (None, ObjectId::Schema(_)) => "schema",
        (None, _) => return false,
    };
    KINDS
        .iter()
        .any(|(name, meant)| *name == kind && meant.contains(&words))
}

/// The parts of an object's name, from the schema on.
fn names(id: &ObjectId) -> Vec<String> {
    let own = id.last_name().to_string();
    match (id, id.qualified_name()) {
        (ObjectId::Type(name) | ObjectId::Relation(name) | ObjectId::Routine(name, _), _) => {
            vec![name.schema.to_string(), own]
        }
        (_, Some(whole)) => vec![whole.schema.to_string(), whole.name.to_string(), own],
        (_, None) => id.schema().map(ToString::to_string).into_iter().chain([own]).collect(),
    }
}

fn matches(pattern: &[Glob], name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    // Where in the name the pattern so far may end.
    let mut ends = vec![false; letters.len() + 1];
    ends[0] = true;
    for glob in pattern {
        let mut next = vec![false; letters.len() + 1];
        for place in 0..=letters.len() {
            next[place] = match glob {
                Glob::Any => ends[place] || (place > 0 && next[place - 1]),
                Glob::One => place > 0 && ends[place - 1],
                Glob::Letter(letter) => place > 0 && ends[place - 1] && letters[place - 1] == *letter,
            };
        }
        ends = next;
    }
    ends[letters.len()]
}

impl FromStr for Rule {
    type Err = RuleError;

    /// Reads `[!] [KIND] PATTERN`.
    fn from_str(text: &str) -> Result<Rule, RuleError> {
        let text = text.trim();
        let (effect, rest) = match text.strip_prefix('!') {
            Some(rest) => (Effect::TakesIn, rest.trim_start()),
            None => (Effect::LeavesOut, text),
        };
        let words = words(rest).ok_or_else(|| RuleError::Pattern(rest.to_owned()))?;
        let Some((pattern, kind)) = words.split_last() else {
            return Err(RuleError::NoName(text.to_owned()));
        };
        let parts = parts(pattern).ok_or_else(|| RuleError::Pattern(pattern.clone()))?;
        let wanted = kind.join(" ").to_lowercase();
        let kind = match KINDS.iter().find(|(name, _)| *name == wanted) {
            Some((name, _)) => Some(*name),
            None if wanted.is_empty() => None,
            None => return Err(RuleError::Kind(wanted)),
        };
        // A kind alone would match an object of that name, which nobody means.
        if kind.is_none() && KINDS.iter().any(|(name, _)| name == pattern) {
            return Err(RuleError::NoName(text.to_owned()));
        }
        let mark = match effect {
            Effect::TakesIn => "!",
            Effect::LeavesOut => "",
        };
        let head = kind.map(|kind| format!("{kind} ")).unwrap_or_default();
        Ok(Rule {
            effect,
            kind,
            parts,
            text: format!("{mark}{head}{pattern}"),
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Splits at blanks outside of double quotes; nothing when a quote is not closed.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in text.chars() {
        quoted ^= letter == '"';
        match words.last_mut() {
            Some(_) if letter.is_whitespace() && !quoted => words.push(String::new()),
            Some(word) => word.push(letter),
            None => {}
        }
    }
    words.retain(|word| !word.is_empty());
    (!quoted).then_some(words)
}

/// The parts of a pattern; nothing when one is empty.
fn parts(text: &str) -> Option<Vec<Vec<Glob>>> {
    let mut parts: Vec<Vec<Glob>> = vec![Vec::new()];
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        let part = parts.last_mut()?;
        match letter {
            // Two quotes within quotes are one.
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                part.push(Glob::Letter('"'));
            }
            '"' => quoted = !quoted,
            letter if quoted => part.push(Glob::Letter(letter)),
            '*' => part.push(Glob::Any),
            '?' => part.push(Glob::One),
            '.' => parts.push(Vec::new()),
            letter => part.extend(letter.to_lowercase().map(Glob::Letter)),
        }
    }
    parts.iter().all(|part| !part.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::read::{ReadOptions, read_script};
    use crate::source::Sources;

    fn matched(rule: &str) -> Vec<String> {
        let mut sources = Sources::new();
        let text = "CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE users (id int, \"Name\" text);
                    CREATE VIEW users_view AS SELECT id FROM users; CREATE TYPE mood AS ENUM ('ok');
                    CREATE FUNCTION log(text) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PUBLICATION log;";
        let id = sources.add("a.sql", text);
        let read = read_script(&sources, &[id], ReadOptions::default());
        assert!(!read.has_errors(), "{:?}", read.diagnostics);
        let catalog = read.value.catalog;
        let rule: Rule = rule.parse().unwrap();
        let found = catalog.iter().filter(|(id, _)| rule.matches(&catalog, id));
        found.map(|(id, _)| names(id).join(".")).collect()
    }

    #[test]
    fn names_are_matched_as_psql_does() {
        assert_eq!(matched("schema audit"), ["audit"]);
        assert_eq!(matched("log"), ["audit.log", "public.log", "log"]);
        assert_eq!(matched("table log"), ["audit.log"]);
        assert_eq!(matched("routine *.L?G"), ["public.log"]);
        assert_eq!(matched("public.users*"), ["public.users", "public.users_view"]);
        assert_eq!(matched("column public.users.\"Name\""), ["public.users.Name"]);
        assert_eq!(
            matched("column *.name"),
            Vec::<String>::new(),
            "letters are folded, and a column has three parts"
        );
        assert_eq!(matched("\"users*\""), Vec::<String>::new());
        assert_eq!(matched("type m*"), ["public.mood"]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let read = |text: &str| text.parse::<Rule>().map(|rule| rule.to_string());
        assert_eq!(
            read(" ! materialized  view a.b "),
            Ok("!materialized view a.b".to_owned())
        );
        assert!(matches!(read("tabel x"), Err(RuleError::Kind(_))));
        assert!(matches!(read("a..b"), Err(RuleError::Pattern(_))));
        assert!(matches!(read("\"a"), Err(RuleError::Pattern(_))));
        assert!(matches!(read("table"), Err(RuleError::NoName(_))));
        assert!(matches!(read("!"), Err(RuleError::NoName(_))));
    }
}
