//! Statements with every clause that they have, and what becomes of them when one of their tokens is another.
//!
//! The offline lane asks that nothing is lost without a word, the live lane that what is read the same is the same on a
//! server, and that each statement is planned as it should be.

use pg_query::protobuf::{KeywordKind, Token};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use underpin::catalog::Catalog;
use underpin::diagnostic::has_errors;
use underpin::dialect::postgres::read::parse::parse;
use underpin::dialect::postgres::read::{Interpreter, ReadOptions};
use underpin::diff::{Attention, Comparison, diff};
use underpin::pair::Pair;
use underpin::source::{SourceId, Span};
use underpin::syntax;

/// Each for the schema of the coverage page; those of one line belong together, and the last one is the one that is looked at.
const CLAUSES: &str = include_str!("clauses.sql");

/// The coverage page.
#[derive(Deserialize)]
struct Page {
    prelude: String,
    statement: BTreeMap<String, Line>,
    alter_table: BTreeMap<String, Line>,
    constraint: BTreeMap<String, Line>,
    object: BTreeMap<String, Line>,
}

#[derive(Deserialize)]
struct Line {
    is: String,
    example: Option<String>,
}

/// The statements that are looked at, and the schema that they are for.
pub struct Clauses {
    /// The schema.
    pub prelude: String,
    /// The statements.
    pub cases: Vec<Clause>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What stands before it.
    pub before: String,
    /// The statement.
    pub statement: String,
}

/// A statement that is read as another one is.
#[derive(Clone, Debug)]
pub struct Silent {
    /// The original.
    pub clause: Clause,
    /// What was done to it, in words.
    pub change: String,
    /// The other statement.
    pub text: String,
}

/// What reading all changes of all statements has shown.
#[derive(Default)]
pub struct Found {
    /// Statements that cannot be read, or that do nothing.
    pub wrong: Vec<String>,
    /// Changes that nobody is told of.
    pub silent: Vec<Silent>,
    /// How many are told as a difference.
    pub told: usize,
    /// How many are refused.
    pub refused: usize,
}

/// Examples that ask for what is so already.
const DOES_NOTHING: &[&str] = &[
    "ALTER EXTENSION citext UPDATE",
    "SET search_path = s",
    "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE m2 DISABLE TRIGGER ALL",
    "ALTER TABLE t SET WITHOUT CLUSTER",
    "ALTER TABLE t ENABLE RULE r",
    "ALTER TABLE t ENABLE TRIGGER tr",
    "ALTER TABLE m2 ENABLE TRIGGER ALL",
    "ALTER TABLE t ENABLE TRIGGER USER",
    "ALTER TABLE t NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE t ALTER a RESET (n_distinct)",
    "ALTER TABLE t RESET (fillfactor)",
    "ALTER TABLE t SET ACCESS METHOD heap",
    "ALTER TABLE t SET LOGGED",
    "ALTER TABLE t ALTER a SET NOT NULL",
    "ALTER TABLE t VALIDATE CONSTRAINT c",
];

/// Everything that can differ does count.
const EVERYTHING: Comparison = Comparison {
    owners: Attention::Compared,
    extension_versions: Attention::Compared,
    not_null_names: Attention::Compared,
    domain_not_null_names: Attention::Compared,
};

fn apply(interpreter: &mut Interpreter, text: &str) {
    let source = SourceId(0);
    for statement in syntax::split(source, text).value.statements {
        let slice = &text[statement.span.start as usize..statement.span.end as usize];
        match parse(slice, statement.span) {
            Ok(node) => node
                .iter()
                .for_each(|node| interpreter.apply(node, slice, statement.span)),
            Err(diagnostic) => interpreter.diagnostics.push(*diagnostic),
        }
    }
}

/// The tree of a text without the places of its nodes; nothing where it is no single statement.
fn tree(text: &str) -> Option<serde_json::Value> {
    let node = parse(text, Span::new(SourceId(0), 0, text.len())).ok()??;
    let mut tree = serde_json::to_value(node).ok()?;
    forget_places(&mut tree);
    Some(tree)
}

fn forget_places(tree: &mut serde_json::Value) {
    match tree {
        serde_json::Value::Array(items) => items.iter_mut().for_each(forget_places),
        serde_json::Value::Object(fields) => {
            fields.retain(|name, _| {
                !name.ends_with("location") && !name.ends_with("list_start") && !name.ends_with("list_end")
            });
            fields.values_mut().for_each(forget_places);
        }
        _ => {}
    }
}

/// The longest run of tokens that is left out at once.
const LONGEST: usize = 9;

/// Words that stand where one of several is chosen.
const CHOICES: &[&str] = &[
    "ACCESS",
    "AFTER",
    "ALL",
    "ALWAYS",
    "ASC",
    "ASSIGNMENT",
    "ATTRIBUTE",
    "BEFORE",
    "CASCADE",
    "CASCADED",
    "COLUMN",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DISABLE",
    "DOMAIN",
    "DROP",
    "ENABLE",
    "EXCEPT",
    "EXCLUDING",
    "EXTERNAL",
    "FIRST",
    "FORCE",
    "FULL",
    "FUNCTION",
    "GLOBAL",
    "GROUPS",
    "IMMEDIATE",
    "IMMUTABLE",
    "IMPLICIT",
    "INHERIT",
    "INNER",
    "INSERT",
    "INTERSECT",
    "LAST",
    "LOCAL",
    "LOCKED",
    "MATERIALIZED",
    "NEW",
    "NOTHING",
    "NOWAIT",
    "OLD",
    "OR",
    "PARTIAL",
    "PERMISSIVE",
    "PRIMARY",
    "RANGE",
    "REPLICA",
    "RESTRICT",
    "RESTRICTED",
    "RESTRICTIVE",
    "RIGHT",
    "ROW",
    "ROWS",
    "SAFE",
    "SCHEMA",
    "SELECT",
    "SEQUENCE",
    "SHARE",
    "STABLE",
    "STATEMENT",
    "STORED",
    "TABLE",
    "TRUNCATE",
    "UNIQUE",
    "UNLOGGED",
    "UNSAFE",
    "UPDATE",
    "USAGE",
    "VIRTUAL",
    "VOLATILE",
];

/// Texts that differ from a statement in one place.
fn changed(text: &str) -> Vec<(String, String)> {
    let tokens: Vec<(usize, usize, bool)> = pg_query::scan(text)
        .expect("it is one")
        .tokens
        .iter()
        .map(|token| {
            let is_name = token.token() == Token::Ident || token.keyword_kind() == KeywordKind::UnreservedKeyword;
            (
                usize::try_from(token.start).expect("it is one"),
                usize::try_from(token.end).expect("it is one"),
                is_name,
            )
        })
        .collect();
    let names: BTreeSet<&str> = tokens
        .iter()
        .filter(|token| token.2)
        .map(|&(start, end, _)| &text[start..end])
        .collect();
    let mut texts = Vec::new();
    for (first, &(start, end, is_name)) in tokens.iter().enumerate() {
        for &(_, last, _) in tokens.iter().skip(first).take(LONGEST) {
            texts.push((
                format!("without {}", &text[start..last]),
                format!("{} {}", &text[..start], &text[last..]),
            ));
        }
        let token = &text[start..end];
        let others: Vec<String> = if token.starts_with('\'') && token.len() > 2 {
            vec![format!("{}z'", &token[..token.len() - 1])]
        } else if token.bytes().all(|byte| byte.is_ascii_digit()) {
            vec![format!("{token}1")]
        } else if token.bytes().all(|byte| byte.is_ascii_uppercase()) {
            CHOICES.iter().map(|&choice| choice.to_owned()).collect()
        } else if is_name {
            names
                .iter()
                .filter(|&&name| name != token)
                .map(|&name| name.to_owned())
                .collect()
        } else {
            Vec::new()
        };
        for other in others {
            texts.push((
                format!("{other} for {token}"),
                format!("{}{other}{}", &text[..start], &text[end..]),
            ));
        }
    }
    texts
}

/// The examples of what is read, and the statements with every clause.
pub fn clauses() -> Clauses {
    let page: Page = toml::from_str(include_str!("../../grammar/postgres/statements.toml")).expect("the page is TOML");
    let parts = [&page.statement, &page.alter_table, &page.constraint, &page.object];
    let examples = parts
        .into_iter()
        .flat_map(|lines| lines.values())
        .filter(|line| line.is == "modelled" || line.is == "kept")
        .filter_map(|line| line.example.as_deref());
    let cases = examples
        .chain(CLAUSES.lines())
        .filter_map(|text| {
            let last = syntax::split(SourceId(0), text).value.statements.last()?.span;
            let (start, end) = (last.start as usize, last.end as usize);
            Some(Clause {
                before: text.get(..start)?.to_owned(),
                statement: text.get(start..end)?.to_owned(),
            })
        })
        .collect();
    Clauses {
        prelude: page.prelude,
        cases,
    }
}

/// Reads every change of every statement.
pub fn find() -> Found {
    let Clauses { prelude, cases } = clauses();
    let mut prepared = Interpreter::new(ReadOptions::default());
    apply(&mut prepared, &prelude);
    let mut found = Found::default();
    for clause in cases {
        let mut ready = prepared.clone();
        apply(&mut ready, &clause.before);
        let mut original = ready.clone();
        apply(&mut original, &clause.statement);
        if has_errors(&original.diagnostics) {
            found
                .wrong
                .push(format!("{}\n    {:?}", clause.statement, original.diagnostics));
            continue;
        }
        let does_nothing = !is_told(&ready.catalog, &original.catalog);
        if does_nothing != DOES_NOTHING.contains(&clause.statement.as_str()) {
            found
                .wrong
                .push(format!("{}\n    does nothing: {does_nothing}", clause.statement));
        }
        let whole = tree(&clause.statement);
        let mut seen = BTreeSet::new();
        for (change, text) in changed(&clause.statement) {
            let Some(tree) = tree(&text).filter(|tree| whole.as_ref() != Some(tree)) else {
                continue;
            };
            if !seen.insert(tree.to_string()) {
                continue;
            }
            let mut other = ready.clone();
            apply(&mut other, &text);
            if has_errors(&other.diagnostics) {
                found.refused += 1;
            } else if is_told(&original.catalog, &other.catalog) {
                found.told += 1;
            } else {
                let clause = clause.clone();
                found.silent.push(Silent { clause, change, text });
            }
        }
    }
    found
}

fn is_told(from: &Catalog, to: &Catalog) -> bool {
    !diff(Pair { from, to }, EVERYTHING).is_empty()
}
