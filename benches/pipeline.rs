//! How long the stages take over schemas of 10 to 10,000 tables. `parse` is the measure of all: what the parser of
//! PostgreSQL takes by itself for the same text.
//!
//! `cargo bench -- read` runs one stage; figures are to be read as ratios to `parse`, since machines differ.

use divan::{Bencher, black_box};
use underpin::source::{SourceId, Sources};
use underpin::{CompileOptions, compare, compile, syntax};

const TABLES: [usize; 4] = [10, 100, 1_000, 10_000];

fn main() {
    divan::main();
}

/// A schema of so many tables, each with a key, a reference to the one before, a check, an index and a comment.
fn schema(tables: usize) -> String {
    let mut text = String::new();
    for number in 0..tables {
        let previous = number.saturating_sub(1);
        text += &format!(
            "CREATE TABLE table_{number} (\n    id bigint PRIMARY KEY,\n    name text NOT NULL DEFAULT 'none',\n    \
             amount numeric(10, 2) CHECK (amount >= 0),\n    previous_id bigint REFERENCES table_{previous} (id),\n    \
             created_at timestamptz NOT NULL DEFAULT now()\n);\n\
             CREATE INDEX table_{number}_name_idx ON table_{number} (lower(name));\n\
             COMMENT ON TABLE table_{number} IS 'Table number {number}';\n\n"
        );
    }
    text
}

/// The same schema with one more column in every tenth table.
fn edited(tables: usize) -> String {
    let mut text = schema(tables);
    for number in (0..tables).step_by(10) {
        let begin = format!("CREATE TABLE table_{number} (\n");
        text = text.replacen(&begin, &format!("{begin}    note text,\n"), 1);
    }
    text
}

fn options() -> CompileOptions {
    CompileOptions {
        version: 17,
        name: "bench".to_owned(),
        ..CompileOptions::default()
    }
}

/// A pair of texts that differ in every tenth table.
fn pair(tables: usize) -> (Sources, SourceId, SourceId) {
    let mut sources = Sources::new();
    let from = sources.add("from.sql", schema(tables));
    let to = sources.add("to.sql", edited(tables));
    (sources, from, to)
}

/// The parser alone, statement by statement, on one text.
#[divan::bench(args = TABLES)]
fn parse(bencher: Bencher<'_, '_>, tables: usize) {
    let mut sources = Sources::new();
    let source = sources.add("from.sql", schema(tables));
    let statements = syntax::split(source, sources.text(source)).value.statements;
    bencher.bench(|| {
        for statement in &statements {
            let _ = black_box(pg_query::parse(
                sources.slice(statement.span),
                pg_query::ParserOptions::default(),
            ));
        }
    });
}

/// Cutting one text into statements.
#[divan::bench(args = TABLES)]
fn split(bencher: Bencher<'_, '_>, tables: usize) {
    let mut sources = Sources::new();
    let source = sources.add("from.sql", schema(tables));
    bencher.bench(|| syntax::split(source, sources.text(source)));
}

/// Reading two equal texts and comparing them.
#[divan::bench(args = TABLES)]
fn compare_equal(bencher: Bencher<'_, '_>, tables: usize) {
    let mut sources = Sources::new();
    let from = sources.add("from.sql", schema(tables));
    let to = sources.add("to.sql", schema(tables));
    bencher.bench(|| compare(&sources, &[from], &[to], &options()));
}

/// Reading two texts that differ in every tenth table and comparing them.
#[divan::bench(args = TABLES)]
fn compare_edited(bencher: Bencher<'_, '_>, tables: usize) {
    let (sources, from, to) = pair(tables);
    bencher.bench(|| compare(&sources, &[from], &[to], &options()));
}

/// The whole way from two texts to a proved plan and its files.
#[divan::bench(args = TABLES)]
fn compile_edited(bencher: Bencher<'_, '_>, tables: usize) {
    let (sources, from, to) = pair(tables);
    bencher.bench(|| compile(&sources, &[from], &[to], &options()));
}
