//! Laws that hold for every pair of schemas, tried on random ones (DESIGN: same in, empty plan; the order of statements
//! does not matter; the same bytes twice; a plan is proved or refused; no input panics).
//!
//! A schema is made as data and written as text, so that two schemas can share parts and differ in others. The proof
//! inside the compiler is what says that up leads to the target and down back to every phase boundary: a proof that
//! fails is the one refusal that is never right.

use proptest::prelude::*;
use proptest::sample::select;
use underpin::compile::{CompileOptions, Compiled, compile};
use underpin::diagnostic::{Checked, Code, Severity};
use underpin::dialect::postgres::read::{NEWEST, ReadOptions};
use underpin::scope::Scope;
use underpin::script::script;
use underpin::source::Sources;

/// A table of a random schema.
#[derive(Clone, Debug)]
struct Table {
    columns: Vec<Column>,
    key: bool,
    index: bool,
    check: bool,
    view: bool,
    parent: bool,
}

/// A column of a random table, by its number.
#[derive(Clone, Debug)]
struct Column {
    data_type: &'static str,
    default: bool,
    not_null: bool,
    comment: bool,
}

const TYPES: [(&str, &str); 7] = [
    ("integer", "1"),
    ("bigint", "2"),
    ("text", "'x'"),
    ("varchar(20)", "'y'"),
    ("numeric(10,2)", "0.5"),
    ("boolean", "true"),
    ("timestamptz", "now()"),
];

fn columns() -> impl Strategy<Value = Vec<Column>> {
    let column = (select(&TYPES[..]), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |((data_type, _), default, not_null, comment)| Column {
            data_type,
            default,
            not_null,
            comment,
        },
    );
    prop::collection::vec(column, 0..4)
}

fn schema() -> impl Strategy<Value = Vec<Table>> {
    let table = (columns(), any::<[bool; 5]>()).prop_map(|(columns, [key, index, check, view, parent])| Table {
        columns,
        key,
        index,
        check,
        view,
        parent,
    });
    prop::collection::vec(table, 0..4)
}

/// The statements of a schema; each stands after those it needs.
fn statements(schema: &[Table]) -> Vec<String> {
    let mut statements = Vec::new();
    for (number, table) in schema.iter().enumerate() {
        let mut elements = vec![format!("id integer{}", if table.key { " PRIMARY KEY" } else { "" })];
        for (position, column) in table.columns.iter().enumerate() {
            let value = TYPES
                .iter()
                .find(|(name, _)| *name == column.data_type)
                .map_or("NULL", |(_, value)| value);
            let default = if column.default {
                format!(" DEFAULT {value}")
            } else {
                String::new()
            };
            let not_null = if column.not_null { " NOT NULL" } else { "" };
            elements.push(format!("c{position} {}{default}{not_null}", column.data_type));
        }
        if table.check {
            elements.push("CHECK (id > 0)".to_owned());
        }
        statements.push(format!("CREATE TABLE t{number} ({})", elements.join(", ")));
        if table.index {
            statements.push(format!("CREATE INDEX ON t{number} (id)"));
        }
        if table.view {
            statements.push(format!("CREATE VIEW v{number} AS SELECT * FROM t{number}"));
        }
        for (position, _) in table.columns.iter().enumerate().filter(|(_, column)| column.comment) {
            statements.push(format!(
                "COMMENT ON COLUMN t{number}.c{position} IS 'column {position}'"
            ));
        }
        if let Some(parent) = number
            .checked_sub(1)
            .filter(|parent| table.parent && schema[*parent].key)
        {
            statements.push(format!(
                "ALTER TABLE t{number} ADD FOREIGN KEY (id) REFERENCES t{parent}"
            ));
        }
    }
    statements
}

fn text(statements: &[String]) -> String {
    statements.iter().map(|statement| format!("{statement};\n")).collect()
}

fn planned(from: &str, to: &str) -> Checked<Option<Compiled>> {
    let mut sources = Sources::new();
    let from = sources.add("from.sql", from);
    let to = sources.add("to.sql", to);
    let options = CompileOptions {
        version: NEWEST,
        name: "law".to_owned(),
        ..CompileOptions::default()
    };
    compile(&sources, &[from], &[to], &options)
}

/// The canonical script of a schema.
fn script_of(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("schema.sql", text);
    let found = script(&sources, &[id], ReadOptions::default(), &Scope::default());
    found
        .value
        .unwrap_or_else(|| panic!("{text}\n{:?}", found.diagnostics))
        .text()
}

/// Deep nesting of every kind, each so often.
fn nested(times: usize) -> Vec<String> {
    let around = |before: &str, inner: &str, after: &str| [&before.repeat(times), inner, &after.repeat(times)].concat();
    let chain = |item: &str, word: &str| vec![item; times].join(word);
    vec![
        format!("CREATE TABLE t (a int CHECK ({}))", around("(", "a > 0", ")")),
        format!("CREATE TABLE t (a bool CHECK ({}))", around("a AND (", "a", ")")),
        format!("CREATE TABLE t (a int CHECK ({} > 0))", chain("a", " + ")),
        format!(
            "CREATE VIEW v AS SELECT {}",
            around("CASE WHEN true THEN ", "1", " END")
        ),
        format!("CREATE VIEW v AS SELECT 1{}", "::int::text".repeat(times)),
        format!("CREATE VIEW v AS SELECT {} true", "NOT ".repeat(times)),
        format!("CREATE VIEW v AS SELECT {}", around("abs(", "1", ")")),
        format!("CREATE VIEW v AS SELECT {}", around("ARRAY[", "1", "]")),
        format!("CREATE VIEW v AS SELECT {}", around("(SELECT ", "1", ")")),
        format!("CREATE VIEW v AS {}", around("SELECT * FROM (", "SELECT 1 AS a", ") s")),
        format!("CREATE VIEW v AS {}", chain("SELECT 1 AS a", " UNION ALL ")),
        format!(
            "CREATE VIEW v AS {}",
            around("WITH c AS (", "SELECT 1 AS a", ") SELECT a FROM c")
        ),
    ]
}

/// On the stack of a test's thread, which is a quarter of a program's: what is planned is no deeper than real views are.
#[test]
fn deep_nesting_is_planned_or_refused_at_its_place() {
    for times in [1_000, 20_000] {
        for statement in nested(times) {
            let text = format!("CREATE TABLE before ();\n{statement};\n");
            let begins = &statement[..60];
            let found = planned("", &text);
            assert!(found.value.is_none() || times == 1_000, "planned: {begins}");
            if found.value.is_none() {
                let place = found
                    .diagnostics
                    .iter()
                    .find(|said| said.severity == Severity::Error)
                    .and_then(|said| said.span());
                let place = place.unwrap_or_else(|| panic!("not refused at a place: {begins}"));
                assert!(place.start >= 24, "{begins}");
            }
        }
    }
}

/// What a plan writes, as one text.
fn written(plan: &Checked<Option<Compiled>>) -> String {
    let files = plan
        .value
        .iter()
        .flat_map(|compiled| compiled.files.iter().chain(&compiled.documents));
    files.map(|file| format!("{}\n{}", file.name, file.text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_and_itself_need_no_plan(schema in schema()) {
        let text = text(&statements(&schema));
        let plan = planned(&text, &text);
        prop_assert!(plan.value.as_ref().is_some_and(|compiled| compiled.files.is_empty()), "{text}\n{:?}", plan.diagnostics);
    }

    #[test]
    fn a_plan_is_proved_or_refused_for_a_reason_of_the_schema(from in schema(), to in schema()) {
        let (from, to) = (text(&statements(&from)), text(&statements(&to)));
        let plan = planned(&from, &to);
        let errors: Vec<_> = plan.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
        let fault = errors.iter().find(|found| matches!(found.code, Code::ProofFailed | Code::GraphCycle | Code::PhaseContradiction));
        prop_assert!(fault.is_none(), "{fault:?}\n-- from\n{from}\n-- to\n{to}");
        prop_assert_eq!(plan.value.is_none(), !errors.is_empty());
    }

    #[test]
    fn the_same_schemas_give_the_same_bytes(from in schema(), to in schema()) {
        let (from, to) = (text(&statements(&from)), text(&statements(&to)));
        prop_assert_eq!(written(&planned(&from, &to)), written(&planned(&from, &to)));
    }

    #[test]
    fn phases_never_go_back(from in schema(), to in schema()) {
        let plan = planned(&text(&statements(&from)), &text(&statements(&to)));
        for compiled in plan.value.iter() {
            let phases: Vec<_> = compiled.plan.files.iter().map(|file| file.phase).collect();
            prop_assert!(phases.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }

    #[test]
    fn the_order_of_tables_does_not_matter(schema in schema()) {
        // Tables first, in either order; what needs them after.
        let all = statements(&schema);
        let (tables, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|statement| statement.starts_with("CREATE TABLE"));
        let forwards = text(&[tables.clone(), others.clone()].concat());
        let backwards = text(&[tables.into_iter().rev().collect(), others].concat());
        let plan = planned(&forwards, &backwards);
        prop_assert!(plan.value.as_ref().is_some_and(|compiled| compiled.changes.is_empty()), "{forwards}\n{backwards}");
    }

    #[test]
    fn a_script_is_its_own_script_and_knows_no_order(schema in schema()) {
        let all = statements(&schema);
        let first = script_of(&text(&all));
        prop_assert_eq!(&script_of(&first), &first);
        let (tables, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|statement| statement.starts_with("CREATE TABLE"));
        let backwards = text(&[tables.into_iter().rev().collect(), others].concat());
        prop_assert_eq!(script_of(&backwards), first);
    }

    #[test]
    fn no_damaged_schema_panics(schema in schema(), place in any::<prop::sample::Index>(), length in 0usize..20, new in "\\PC{0,3}") {
        let whole = text(&statements(&schema));
        if !whole.is_empty() {
            let start = place.index(whole.len());
            let end = (start + length).min(whole.len());
            let damaged = [&whole[..start], &new, &whole[end..]].concat();
            let _ = planned(&damaged, &whole);
            let _ = planned(&whole, &whole[..start]);
        }
    }

    #[test]
    fn no_text_panics(from in "\\PC{0,80}", to in "(CREATE|ALTER|DROP|TABLE|VIEW|t|\\(|\\)|int|;|,|'| |\n){0,40}") {
        let _ = planned(&from, &to);
    }
}
