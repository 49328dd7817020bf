//! Types: what the server stores alike is alike here, and what it tells apart is told apart.

use super::{expression_tree, name, queries, with_analyser};
use crate::catalog::{ObjectId, Template};
use crate::dialect::postgres::analyse::Scope;
use crate::dialect::postgres::write;

fn read(text: &str) -> Template {
    let scope = Scope::relation(ObjectId::Relation(name("samples")));
    with_analyser(|analyser| match analyser.expression(&expression_tree(text), &scope) {
        Ok(template) => template,
        Err(refusal) => panic!("{text}: {}", refusal.message),
    })
}

/// What was written, and what the server's dump of it says.
#[test]
fn written_and_dumped_expressions_are_the_same() {
    for (written, dumped) in [
        ("v = 'x'", "((v)::text = 'x'::text)"),
        (
            "v in ('a', 'b')",
            "((v)::text = ANY (ARRAY['a'::character varying, 'b'::character varying]))",
        ),
        ("n > 0", "(n > (0)::numeric)"),
        ("i = -1", "(i = '-1'::integer)"),
        ("i in (1, 2)", "(i = ANY (ARRAY[1, 2]))"),
        ("i in (1)", "(i = 1)"),
        ("v like 'a%'", "((v)::text ~~ 'a%'::text)"),
        ("c || v", "((c)::text || (v)::text)"),
        ("coalesce(v, '')", "COALESCE(v, ''::character varying)"),
        (
            "case when i > 0 then v end",
            "CASE WHEN (i > 0) THEN v ELSE NULL::character varying END",
        ),
        (
            "length(v) between 1 and 5",
            "((length((v)::text) >= 1) AND (length((v)::text) <= 5))",
        ),
        ("m = 'ok'", "(m = 'ok'::app.mood)"),
        (
            "m in ('ok', 'bad')",
            "(m = ANY (ARRAY['ok'::app.mood, 'bad'::app.mood]))",
        ),
        ("r * 2", "(r * (2)::double precision)"),
        ("(i, v) = (1, 'a')", "((i = 1) AND ((v)::text = 'a'::text))"),
        (
            "array['a', 'b']::varchar[]",
            "ARRAY['a'::character varying, 'b'::character varying]",
        ),
        ("concat(v, 'x', i)", "concat(v, 'x', i)"),
        ("i is true", "(i IS TRUE)"),
    ] {
        assert_eq!(
            write::template(&read(written)),
            write::template(&read(dumped)),
            "{written}"
        );
    }
}

/// The server stores another tree for the text that it shows of one; a dump shows what is stored.
#[test]
fn a_cast_behind_an_array_means_another_thing_in_a_dump() {
    let shown = "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))";
    let cast_one_by_one = "v = ANY (ARRAY['a'::varchar::text, 'b'::varchar::text])";
    let scope = Scope::relation(ObjectId::Relation(name("samples")));
    let text = |template: &Template| write::template(template);
    let dumped = |shown: &str| {
        let found = with_analyser(|mut analyser| {
            analyser.shows_stored = true;
            analyser.expression(&expression_tree(shown), &scope).map_err(|_| ())
        });
        found.map(|template| text(&template))
    };
    assert_eq!(dumped(shown), Ok(text(&read("v IN ('a', 'b')"))));
    // pg_dump writes no string without its type.
    let bare = "(v)::text = ANY (ARRAY['a', 'b'::character varying]::text[])";
    assert_eq!(dumped(bare), Ok(text(&read(bare))));
    assert_eq!(text(&read(shown)), text(&read(cast_one_by_one)));
    assert_ne!(text(&read(shown)), text(&read("v IN ('a', 'b')")));
}

/// Pairs that mean different things; each was taken for the same by a rule that strips casts.
#[test]
fn expressions_of_different_meaning_differ() {
    for (one, other) in [
        ("c = 'x'", "c = 'x'::text"),
        ("c like 'x%'", "c::text like 'x%'"),
        ("r > 0.1", "r > 0.1::real"),
        ("i::text = '1'", "i = 1"),
        ("i::smallint > 0", "i > 0"),
        ("'x'", "'x'::varchar"),
        ("(2)::bigint", "(2)::integer"),
        ("v::varchar(3)", "v"),
        ("1.5", "1.50"),
        ("'{\"a\":1}'::json", "'{\"a\": 1}'::json"),
        (
            "'2020-01-02'::timestamptz at time zone 'utc'",
            "'2020-01-02'::timestamp at time zone 'utc'",
        ),
        (
            "xmlserialize(content null as text)",
            "xmlserialize(content null as varchar)",
        ),
    ] {
        assert_ne!(write::template(&read(one)), write::template(&read(other)), "{one}");
    }
}

#[test]
fn literals_of_set_operations_find_their_types() {
    queries(&[
        (
            "select null, 'a' union all select id, 'b' from users",
            "SELECT NULL::bigint, 'a'::text UNION ALL SELECT users.id, 'b'::text FROM app.users",
        ),
        (
            "select v.b from (values (1, 'a'), (2.5, null)) v(a, b)",
            "SELECT b FROM (VALUES ((1)::numeric, 'a'::text), (2.5, NULL::text)) v(a, b)",
        ),
        (
            "select email from users where email in (select name from users)",
            "SELECT email FROM app.users WHERE ((email)::text IN (SELECT users.name FROM app.users))",
        ),
    ]);
}
