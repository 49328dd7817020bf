//! Expressions: how each kind is written.

use super::{expressions, name};
use crate::catalog::ObjectId;
use crate::dialect::postgres::analyse::Scope;

fn users(pairs: &[(&str, &str)]) {
    expressions(&Scope::relation(ObjectId::Relation(name("users"))), pairs);
}

#[test]
fn operators_bring_their_parentheses() {
    users(&[
        ("id+1>2", "((id + 1) > 2)"),
        ("id != 3", "(id <> 3)"),
        ("- id", "(- id)"),
        ("id - -1", "(id - '-1'::integer)"),
        ("-1", "'-1'::integer"),
        ("(-1)::int8", "('-1'::integer)::bigint"),
        ("not (name is null)", "(NOT (name IS NULL))"),
        ("name is not null and id > 0", "((name IS NOT NULL) AND (id > 0))"),
        ("id=1 and (id=2 and (id=3))", "((id = 1) AND ((id = 2) AND (id = 3)))"),
        ("(id=1 and id=2) and (id=3)", "((id = 1) AND (id = 2) AND (id = 3))"),
        ("id=1 or (id=2 or id=3)", "((id = 1) OR ((id = 2) OR (id = 3)))"),
        ("id between 1 and 2 and id=3", "((id >= 1) AND (id <= 2) AND (id = 3))"),
        ("id=1 or id=2 and id=3", "((id = 1) OR ((id = 2) AND (id = 3)))"),
        ("(id > 0) is true", "((id > 0) IS TRUE)"),
        ("at at time zone 'utc'", "(at AT TIME ZONE 'utc'::text)"),
        ("name collate \"C\"", "(name COLLATE \"C\")"),
        ("id operator(pg_catalog.+) 1", "(id + 1)"),
    ]);
}

#[test]
fn spellings_that_the_server_does_not_keep() {
    users(&[
        ("id between 1 and 5", "((id >= 1) AND (id <= 5))"),
        (
            "id > 0 and id between 1 and 5",
            "((id > 0) AND ((id >= 1) AND (id <= 5)))",
        ),
        ("id not between 1 and 5", "((id < 1) OR (id > 5))"),
        (
            "id between symmetric 1 and 5",
            "(((id >= 1) AND (id <= 5)) OR ((id >= 5) AND (id <= 1)))",
        ),
        ("name like 'a%'", "(name ~~ 'a%'::text)"),
        (
            "name not ilike 'a%' escape '#'",
            "(name !~~* like_escape('a%'::text, '#'::text))",
        ),
        ("name similar to 'a%'", "(name ~ similar_to_escape('a%'::text))"),
        ("id is not distinct from 1", "(NOT (id IS DISTINCT FROM 1))"),
        ("id in (1, 2)", "(id = ANY (ARRAY[(1)::bigint, (2)::bigint]))"),
        ("id not in (1,2)", "(id <> ALL (ARRAY[(1)::bigint, (2)::bigint]))"),
        ("id = any ('{1,2}')", "(id = ANY ('{1,2}'::bigint[]))"),
        (
            "case when id>0 then 'a' end",
            "CASE WHEN (id > 0) THEN 'a'::text ELSE NULL::text END",
        ),
        ("cast(id as text)", "(id)::text"),
        (".5", "0.5"),
        ("1E3", "'1000'::numeric"),
        ("e'it\\'s'", "'it''s'"),
        ("true", "true"),
        ("b'101'", "B'101'"),
    ]);
}

#[test]
fn types_in_casts() {
    users(&[
        ("'x'::varchar(3)", "'x'::character varying(3)"),
        ("id::int", "(id)::integer"),
        ("(id + 1)::int", "((id + 1))::integer"),
        ("null::int[]", "NULL::integer[]"),
        ("'1'::numeric(10)", "'1'::numeric(10,0)"),
        ("'x'::char", "'x'::character(1)"),
        ("'x'::\"char\"", "'x'::\"char\""),
        ("interval '1' day", "'1'::interval day"),
        ("interval(3) '1 day'", "'1 day'::interval(3)"),
        (
            "timestamp '2020-01-01'",
            "'2020-01-01 00:00:00'::timestamp without time zone",
        ),
        ("'ok'::mood", "'ok'::app.mood"),
        ("'ok'::app.mood[]", "'ok'::app.mood[]"),
        ("'x'::citext", "'x'::public.citext"),
        ("null::_text", "NULL::text[]"),
        ("null::users", "NULL::app.users"),
    ]);
}

#[test]
fn calls() {
    users(&[
        ("LOWER(name)", "lower(name)"),
        ("pg_catalog.lower(name)", "lower(name)"),
        ("left(name, 1)", "\"left\"(name, 1)"),
        ("coalesce(name, email)", "COALESCE(name, (email)::text)"),
        ("nullif(name, '')", "NULLIF(name, ''::text)"),
        ("greatest(id, 1)", "GREATEST(id, (1)::bigint)"),
        ("extract(year from at)", "EXTRACT(year FROM at)"),
        ("substring(name from 2 for 3)", "SUBSTRING(name FROM 2 FOR 3)"),
        ("substring(name, 2)", "\"substring\"(name, 2)"),
        ("trim(name)", "TRIM(BOTH FROM name)"),
        ("position('a' in name)", "POSITION(('a'::text) IN (name))"),
        (
            "overlay(name placing 'x' from 1)",
            "OVERLAY(name PLACING 'x'::text FROM 1)",
        ),
        ("current_timestamp(3)", "CURRENT_TIMESTAMP(3)"),
        ("now()", "now()"),
        ("total(id)", "app.total(id)"),
        ("total(id, true)", "app.total(id, true)"),
        ("lower(null::uuid)", "app.lower(NULL::uuid)"),
        ("similarity(name, 'x')", "public.similarity(name, 'x'::text)"),
        ("concat(variadic tags)", "concat(VARIADIC tags)"),
        ("make_interval(days => 1)", "make_interval(days => 1)"),
        ("name % 'x'", "(name OPERATOR(public.%) 'x'::text)"),
        ("nextval('users_id_seq')", "nextval('app.users_id_seq'::regclass)"),
        ("'users'::regclass", "'app.users'::regclass"),
        ("'pg_class'::regclass", "'pg_class'::regclass"),
        ("'mood'::regtype", "'app.mood'::regtype"),
    ]);
}

#[test]
fn values_of_many_parts() {
    users(&[
        ("tags[1]", "tags[1]"),
        ("tags[1:2]", "tags[1:2]"),
        ("(array[1,2])[1]", "(ARRAY[1, 2])[1]"),
        ("(place).x", "(place).x"),
        ("(users.place).x", "(place).x"),
        ("row(1, id)", "ROW(1, id)"),
        ("(1, id) = (2, 3)", "((1 = 2) AND (id = 3))"),
        ("users", "users"),
        ("users.*", "users"),
        (
            "row(users.*)",
            "ROW(id, name, email, org_id, tags, data, at, mood, place)",
        ),
        ("data->>'a'", "(data ->> 'a'::text)"),
        (
            "exists (select 1 from orders where user_id = users.id)",
            "EXISTS (SELECT 1 FROM app.orders WHERE (orders.user_id = users.id))",
        ),
        (
            "exists (select 1 from orders o where user_id = id)",
            "EXISTS (SELECT 1 FROM app.orders o WHERE (o.user_id = o.id))",
        ),
        (
            "id in (select user_id from orders)",
            "(id IN (SELECT orders.user_id FROM app.orders))",
        ),
        ("array(select 1)", "ARRAY(SELECT 1)"),
    ]);
}

#[test]
fn xml_and_json() {
    users(&[
        (
            "xmlelement(name a, xmlattributes(id, name as n), 'x')",
            "XMLELEMENT(NAME a, XMLATTRIBUTES(id AS id, name AS n), 'x')",
        ),
        (
            "xmlparse(document name preserve whitespace)",
            "XMLPARSE(DOCUMENT name PRESERVE WHITESPACE)",
        ),
        (
            "xmlserialize(content null::xml as text)",
            "XMLSERIALIZE(CONTENT NULL::xml AS text)",
        ),
        (
            "xmlroot(null::xml, version no value, standalone yes)",
            "XMLROOT(NULL::xml, VERSION NO VALUE, STANDALONE YES)",
        ),
        (
            "name is json object with unique keys",
            "(name IS JSON OBJECT WITH UNIQUE KEYS)",
        ),
        (
            "json_object('a': id, 'b' value name absent on null)",
            "JSON_OBJECT('a' : id, 'b' : name ABSENT ON NULL)",
        ),
        (
            "json_array(1, name null on null returning jsonb)",
            "JSON_ARRAY(1, name NULL ON NULL RETURNING jsonb)",
        ),
        (
            "json_query(data, '$.a' passing id as x with wrapper empty array on empty)",
            "JSON_QUERY(data, '$.a' PASSING id AS x WITH UNCONDITIONAL WRAPPER EMPTY ARRAY ON EMPTY)",
        ),
        (
            "json_value(data, '$.a' returning int default 0 on error)",
            "JSON_VALUE(data, '$.a' RETURNING integer DEFAULT 0 ON ERROR)",
        ),
    ]);
}
