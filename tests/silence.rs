//! No clause is lost: whatever token of a statement is left out or replaced by another, the reader refuses what stands
//! there then, or the difference is told. What means the same is listed, with the reason.

// A test stops at the first surprise.
#![allow(clippy::unwrap_used)]

use expect_test::expect_file;
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

/// Statements with every clause that they have, each for the schema of the coverage page; those of one line belong
/// together, and the last one is the one that is looked at.
const CLAUSES: &str = include_str!("silence/clauses.sql");

/// The coverage page.
#[derive(Deserialize)]
struct Coverage {
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
        .unwrap()
        .tokens
        .iter()
        .map(|token| {
            let is_name = token.token() == Token::Ident || token.keyword_kind() == KeywordKind::UnreservedKeyword;
            (
                usize::try_from(token.start).unwrap(),
                usize::try_from(token.end).unwrap(),
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

#[test]
fn no_clause_is_lost() {
    let coverage: Coverage = toml::from_str(include_str!("../grammar/postgres/statements.toml")).unwrap();
    let mut prepared = Interpreter::new(ReadOptions::default());
    apply(&mut prepared, &coverage.prelude);
    let parts = [
        &coverage.statement,
        &coverage.alter_table,
        &coverage.constraint,
        &coverage.object,
    ];
    let examples = parts
        .into_iter()
        .flat_map(|lines| lines.values())
        .filter(|line| line.is == "modelled" || line.is == "kept")
        .filter_map(|line| line.example.as_deref());
    let (mut wrong, mut same, mut told, mut refused) = (Vec::new(), Vec::new(), 0, 0);
    for case in examples.chain(CLAUSES.lines()) {
        let statements = syntax::split(SourceId(0), case).value.statements;
        let last = statements.last().unwrap().span;
        let (before, statement) = (
            &case[..last.start as usize],
            &case[last.start as usize..last.end as usize],
        );
        let mut ready = prepared.clone();
        apply(&mut ready, before);
        let mut original = ready.clone();
        apply(&mut original, statement);
        if has_errors(&original.diagnostics) {
            wrong.push(format!("{case}\n    {:?}", original.diagnostics));
            continue;
        }
        if !DOES_NOTHING.contains(&case)
            && diff(
                Pair {
                    from: &ready.catalog,
                    to: &original.catalog,
                },
                EVERYTHING,
            )
            .is_empty()
        {
            wrong.push(format!("{case}\n    does nothing"));
        }
        let whole = tree(statement);
        let mut seen = BTreeSet::new();
        for (change, text) in changed(statement) {
            let Some(tree) = tree(&text).filter(|tree| whole.as_ref() != Some(tree)) else {
                continue;
            };
            if !seen.insert(tree.to_string()) {
                continue;
            }
            let mut found = ready.clone();
            apply(&mut found, &text);
            if has_errors(&found.diagnostics) {
                refused += 1;
            } else if is_told(&original.catalog, &found.catalog) {
                told += 1;
            } else {
                same.push(format!("{statement}\n    {change}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // So many that a test of nothing would be seen.
    assert!(told > 2_000 && refused > 500, "{told} told, {refused} refused");
    expect_file!["./silence/same.txt"].assert_eq(&(same.join("\n") + "\n"));
}

fn is_told(from: &Catalog, to: &Catalog) -> bool {
    !diff(Pair { from, to }, EVERYTHING).is_empty()
}
