//! Statements that are long chains or deeply nested: read as far as real ones go, and refused beyond, never a crash.

use crate::common::{Scratch, underpin};

const TABLE: &str = "CREATE TABLE t (a text, b int, c boolean);\n";

/// A text of `count` times `before` around `inner`, closed as often.
fn nested(before: &str, inner: &str, after: &str, count: usize) -> String {
    [before.repeat(count), inner.to_owned(), after.repeat(count)].concat()
}

/// A query that is nested in the way of that number.
fn query(way: usize, count: usize) -> Option<String> {
    let expression = match way {
        0 => vec!["a"; count].join(" || "),
        1 => nested("CASE WHEN c THEN b ELSE ", "b", " END", count),
        2 => nested("(c AND ", "c", ")", count),
        3 => nested("- ", "b", "", count),
        4 => nested("COALESCE(b, ", "b", ")", count),
        5 => {
            return Some(format!(
                "SELECT b FROM {}",
                nested("(SELECT b FROM ", "t", ") s", count)
            ));
        }
        6 => return Some(vec!["SELECT b FROM t"; count].join(" UNION ALL ")),
        7 => {
            let joins: Vec<String> = (1..count)
                .map(|number| format!(" JOIN t t{number} USING (a)"))
                .collect();
            return Some(format!("SELECT 1 AS x FROM t{}", joins.concat()));
        }
        _ => return None,
    };
    Some(format!("SELECT {expression} AS x FROM t"))
}

#[test]
fn chains_of_several_hundred_are_planned() {
    for query in (0..).map_while(|way| query(way, 300)) {
        let scratch = Scratch::new();
        scratch.file("from.sql", TABLE);
        scratch.file("to.sql", format!("{TABLE}CREATE VIEW v AS {query};\n"));
        let run = underpin(scratch.path(), &["plan", "from.sql", "to.sql", "--out", "migrations"]);
        assert_eq!(run.exit, 0, "{:.60}: {}", query, run.stderr);
    }
}

#[test]
fn what_is_nested_beyond_the_stack_is_refused_at_its_place() {
    let parentheses = format!("SELECT {} AS x FROM t", nested("(", "b", ")", 100_000));
    let deep = [3_000, 20_000]
        .into_iter()
        .flat_map(|count| (0..).map_while(move |way| query(way, count)));
    for query in deep.chain([parentheses]) {
        let scratch = Scratch::new();
        scratch.file("deep.sql", format!("{TABLE}CREATE VIEW v AS {query};\n"));
        let run = underpin(scratch.path(), &["snapshot", "deep.sql"]);
        assert_eq!(run.exit, 1, "{:.60}: {}", query, run.stderr);
        assert!(
            run.stderr.contains("nested too deeply"),
            "{:.60}: {}",
            query,
            run.stderr
        );
        assert!(run.stderr.contains("deep.sql:2:"), "{:.60}: {}", query, run.stderr);
    }
}

#[test]
fn what_is_long_and_flat_is_read() {
    let conditions = vec!["b <> 1"; 10_000].join(" AND ");
    let alternatives: Vec<String> = (0..10_000).map(|number| format!("b = {number}")).collect();
    let scratch = Scratch::new();
    scratch.file(
        "flat.sql",
        format!(
            "{TABLE}CREATE VIEW v AS SELECT b FROM t WHERE {conditions};\nCREATE VIEW w AS SELECT b FROM t WHERE {};\n",
            alternatives.join(" OR ")
        ),
    );
    let run = underpin(scratch.path(), &["snapshot", "flat.sql"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
}
