//! What must never be the same: pairs that differ in one cast, literal or operator, and in what they mean.

use crate::catalog::Catalog;
use crate::dialect::postgres::read::{ReadOptions, read_script};
use crate::source::Sources;

fn catalog(text: &str) -> Catalog {
    let mut sources = Sources::new();
    let id = sources.add("schema.sql", text);
    let read = read_script(&sources, &[id], ReadOptions::default());
    assert!(!read.has_errors(), "{text}\n{:?}", read.diagnostics);
    read.value.catalog
}

#[test]
fn a_cast_or_a_literal_that_changes_the_meaning_is_a_difference() {
    let table = "CREATE TABLE t (c char(5), v varchar(5), x text, i int, b bigint, r real, n numeric, j json, jb jsonb, \
                 d date, tz timestamptz, ";
    let pairs = [
        // The blanks at the end count as text, not as char(n).
        ("c = 'x'", "c = 'x'::text"),
        ("c = 'x'", "c::text = 'x'"),
        // 0.1 is compared as double precision or as real.
        ("r > 0.1", "r > 0.1::real"),
        // '10' < '9' as text.
        ("i::text = '1'", "i = 1"),
        ("i::text < '9'", "i < 9"),
        // 70000 is an error or true.
        ("i::smallint > 0", "i > 0"),
        ("b > 0", "b::int > 0"),
        // Another operator: the pattern meets blanks.
        ("c LIKE 'x%'", "c::text LIKE 'x%'"),
        ("x LIKE 'a_'", "x ILIKE 'a_'"),
        ("x = '0'", "x::int = 0"),
        ("n = 1.5", "n = 1.50"),
        ("j::text = '{\"a\":1}'", "j::text = '{\"a\": 1}'"),
        // The moment depends on TimeZone, or it is said.
        ("tz > '2020-01-01'", "tz > '2020-01-01 00:00:00+00'"),
        // The order of day and month depends on DateStyle.
        ("d > '01/02/2020'", "d > '2020-01-02'"),
        ("d > '01/02/2020'", "d > '2020-02-01'"),
        ("i > 0 AND i < 9 OR x = 'a'", "i > 0 AND (i < 9 OR x = 'a')"),
        ("(v COLLATE \"C\") < 'b'", "v < 'b'"),
        ("i = ANY (ARRAY[1, 2])", "i = ALL (ARRAY[1, 2])"),
        ("x IS NULL", "x IS NOT NULL"),
        ("i / 2 > 1", "i / 2.0 > 1"),
        (
            "xmlserialize(CONTENT '<a/>'::xml AS text) = x",
            "xmlserialize(CONTENT '<a/>'::xml AS varchar)::text = x",
        ),
    ];
    let mut alike = Vec::new();
    for (one, other) in pairs {
        let of = |check: &str| catalog(&format!("{table} CONSTRAINT k CHECK ({check}));"));
        if of(one) == of(other) {
            alike.push(format!("{one}  ~  {other}"));
        }
    }
    assert!(alike.is_empty(), "{alike:#?}");
}

#[test]
fn a_view_whose_columns_get_another_type_is_a_difference() {
    let pairs = [
        ("SELECT 'x' AS a", "SELECT 'x'::varchar AS a"),
        ("SELECT 2::bigint AS a", "SELECT 2::int AS a"),
        ("SELECT 2 AS a", "SELECT 2::smallint AS a"),
        ("SELECT 1.5 AS a", "SELECT 1.5::float8 AS a"),
        ("SELECT now() AS a", "SELECT now()::date AS a"),
        ("SELECT 'a'::varchar(3) AS a", "SELECT 'a'::varchar(4) AS a"),
        ("SELECT 1 AS a, 2 AS b", "SELECT 2 AS a, 1 AS b"),
        ("SELECT 1 AS a UNION SELECT 2", "SELECT 1 AS a UNION ALL SELECT 2"),
    ];
    let mut alike = Vec::new();
    for (one, other) in pairs {
        let of = |query: &str| catalog(&format!("CREATE VIEW v AS {query};"));
        if of(one) == of(other) {
            alike.push(format!("{one}  ~  {other}"));
        }
    }
    assert!(alike.is_empty(), "{alike:#?}");
}
