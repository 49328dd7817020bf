//! Queries: clauses, `*`, output names, joins, WITH.

use super::{queries, tree, with_analyser};
use crate::dialect::postgres::analyse::Scope;

#[test]
fn names_stand_behind_their_range_table_name() {
    queries(&[
        ("select id from users", "SELECT id FROM app.users"),
        (
            "select u.id from app.users as u where name = 'x'",
            "SELECT id FROM app.users u WHERE (name = 'x'::text)",
        ),
        ("select users.id from users users", "SELECT id FROM app.users users"),
        (
            "table orders",
            "SELECT id, user_id, org_id, total, \"order\" FROM app.orders",
        ),
        ("select u from users u", "SELECT u FROM app.users u"),
        (
            "select x.a from (select id as a, name from users) x",
            "SELECT a FROM (SELECT users.id AS a, users.name FROM app.users) x",
        ),
        (
            "select * from (select name from users) x",
            "SELECT name FROM (SELECT users.name FROM app.users) x",
        ),
        (
            "select 1 from users where exists (select from orders o where o.user_id = users.id and email = '')",
            "SELECT 1 FROM app.users WHERE EXISTS (SELECT FROM app.orders o WHERE ((o.user_id = users.id) AND ((users.email)::text = ''::text)))",
        ),
    ]);
}

#[test]
fn joins() {
    queries(&[
        (
            "select u.id, total from users u join orders o on o.user_id = u.id",
            "SELECT u.id, o.total FROM (app.users u JOIN app.orders o ON ((o.user_id = u.id)))",
        ),
        (
            "select org_id, total from users join orders using (org_id)",
            "SELECT users.org_id, orders.total FROM (app.users JOIN app.orders USING (org_id))",
        ),
        (
            "select org_id from users full join orders using (org_id)",
            "SELECT org_id FROM (app.users FULL JOIN app.orders USING (org_id))",
        ),
        (
            "select org_id from (select org_id from users) a natural left join (select org_id from orders) b",
            "SELECT a.org_id FROM ((SELECT users.org_id FROM app.users) a LEFT JOIN (SELECT orders.org_id FROM app.orders) b USING (org_id))",
        ),
        (
            "select 1 from users, orders cross join users b",
            "SELECT 1 FROM app.users, (app.orders CROSS JOIN app.users b)",
        ),
        (
            "select j.total from (users u join orders o on true) j(a, b)",
            "SELECT j.total FROM (app.users u JOIN app.orders o ON (true)) j(a, b)",
        ),
        (
            "select l.s from users u, lateral (select sum(total) as s from orders where user_id = u.id) l",
            "SELECT l.s FROM app.users u, LATERAL (SELECT sum(orders.total) AS s FROM app.orders WHERE (orders.user_id = u.id)) l",
        ),
        (
            "select x.org_id from users a join orders b using (org_id) as x",
            "SELECT x.org_id FROM (app.users a JOIN app.orders b USING (org_id) AS x)",
        ),
    ]);
}

#[test]
fn order_and_group() {
    queries(&[
        (
            "select lower(name) as l, count(*) from users group by l order by 2 desc, l asc",
            "SELECT lower(name), count(*) FROM app.users GROUP BY (lower(name)) ORDER BY (count(*)) DESC, (lower(name))",
        ),
        (
            "select name from users order by id desc nulls first, name nulls last",
            "SELECT name FROM app.users ORDER BY id DESC, name",
        ),
        (
            "select distinct on (1) org_id, name from users order by 1, name nulls first",
            "SELECT DISTINCT ON (org_id) org_id, name FROM app.users ORDER BY org_id, name NULLS FIRST",
        ),
        (
            "select org_id, name, count(*) from users group by grouping sets ((org_id, name), rollup (org_id), ())",
            "SELECT org_id, name, count(*) FROM app.users GROUP BY GROUPING SETS((org_id, name), ROLLUP(org_id), ())",
        ),
        (
            "select rank() over w, sum(id) over (w rows between 1 preceding and current row exclude ties) from users window w as (partition by org_id order by at desc)",
            "SELECT rank() OVER w, sum(id) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM app.users WINDOW w AS (PARTITION BY org_id ORDER BY at DESC)",
        ),
        (
            "select string_agg(distinct name, ',' order by name) filter (where id > 0) from users having count(*) > 1",
            "SELECT string_agg(DISTINCT name, ','::text ORDER BY name) FILTER (WHERE (id > 0)) FROM app.users HAVING (count(*) > 1)",
        ),
        (
            "select percentile_cont(0.5) within group (order by id) from users",
            "SELECT percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY id) FROM app.users",
        ),
        (
            "select id from users order by id limit 10 offset 5",
            "SELECT id FROM app.users ORDER BY id OFFSET 5 LIMIT 10",
        ),
        (
            "select id from users order by id fetch first 3 rows with ties",
            "SELECT id FROM app.users ORDER BY id FETCH FIRST (3) ROWS WITH TIES",
        ),
        (
            "select id from users u for update of u skip locked",
            "SELECT id FROM app.users u FOR UPDATE OF u SKIP LOCKED",
        ),
    ]);
}

#[test]
fn set_operations_and_with() {
    queries(&[
        (
            "select id from users union all select user_id from orders order by id",
            "SELECT users.id FROM app.users UNION ALL SELECT orders.user_id FROM app.orders ORDER BY 1",
        ),
        (
            "select 1 union select 2 union (select 3 except select 4)",
            "SELECT 1 UNION SELECT 2 UNION (SELECT 3 EXCEPT SELECT 4)",
        ),
        (
            "(select id from users limit 1) union all select 2",
            "(SELECT users.id FROM app.users LIMIT 1) UNION ALL SELECT 2",
        ),
        // The names that the author chose in a later branch are kept, those that say nothing are not.
        (
            "select id as a, 'x' as b from users union select user_id as c, 'y' as d from orders",
            "SELECT users.id, 'x'::text FROM app.users UNION SELECT orders.user_id, 'y'::text FROM app.orders",
        ),
        (
            "select 'x'::text as b union select 'y'::text as text",
            "SELECT 'x'::text UNION SELECT 'y'::text",
        ),
        ("values (1, 'a'), (2, 'b')", "VALUES (1, 'a'::text), (2, 'b'::text)"),
        (
            "select column2 from (values (1, 'a')) v",
            "SELECT column2 FROM (VALUES (1, 'a'::text)) v",
        ),
        (
            "with a as materialized (select id from users) select * from a",
            "WITH a AS MATERIALIZED (SELECT users.id FROM app.users) SELECT id FROM a",
        ),
        (
            "with recursive t(n) as (values (1) union all select n + 1 from t where n < 5) select n from t",
            "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT (t.n + 1) FROM t WHERE (t.n < 5)) SELECT n FROM t",
        ),
        (
            "with recursive t as (select id, org_id from users union all select u.id, u.org_id from users u join t on u.org_id = t.id) search depth first by id set o select id from t order by o",
            "WITH RECURSIVE t AS (SELECT users.id, users.org_id FROM app.users UNION ALL SELECT u.id, u.org_id FROM (app.users u JOIN t ON ((u.org_id = t.id)))) SEARCH DEPTH FIRST BY id SET o SELECT id FROM t ORDER BY o",
        ),
        (
            "with recursive b as (select * from a), a as (select 1 as x) select x from b",
            "WITH RECURSIVE b AS (SELECT a.x FROM a), a AS (SELECT 1 AS x) SELECT x FROM b",
        ),
        (
            "with d as (delete from orders returning id, total) select d.total from d",
            "WITH d AS (DELETE FROM app.orders RETURNING orders.id, orders.total) SELECT total FROM d",
        ),
    ]);
}

#[test]
fn functions_in_from() {
    queries(&[
        (
            "select * from generate_series(1, 3)",
            "SELECT generate_series FROM generate_series(1, 3) generate_series(generate_series)",
        ),
        (
            "select g from generate_series(1, 3) g",
            "SELECT g FROM generate_series(1, 3) g(g)",
        ),
        (
            "select k, v from users, jsonb_each(data) as e(k, v)",
            "SELECT e.k, e.v FROM app.users, jsonb_each(users.data) e(k, v)",
        ),
        (
            "select key from users, jsonb_each_text(data)",
            "SELECT jsonb_each_text.key FROM app.users, jsonb_each_text(users.data) jsonb_each_text(key, value)",
        ),
        (
            "select t, o from users, unnest(tags) with ordinality x(t, o)",
            "SELECT x.t, x.o FROM app.users, unnest(users.tags) WITH ORDINALITY x(t, o)",
        ),
        ("select n from pairs()", "SELECT n FROM app.pairs() pairs(key, n)"),
        (
            "select name from all_users() a",
            "SELECT name FROM app.all_users() a(id, name, email, org_id, tags, data, at, mood, place)",
        ),
        (
            "select a from jsonb_to_record('{}') as x(a int, b text)",
            "SELECT a FROM jsonb_to_record('{}'::jsonb) AS x(a integer, b text)",
        ),
        (
            "select * from rows from (generate_series(1, 2), unnest(array['a'])) as r(a, b)",
            "SELECT a, b FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a'::text])) r(a, b)",
        ),
        (
            "select x.id from jsonb_populate_record(null::users, '{}') x",
            "SELECT id FROM jsonb_populate_record(NULL::app.users, '{}'::jsonb) x(id, name, email, org_id, tags, data, at, mood, place)",
        ),
        (
            "select t.a from xmltable('/r' passing '<r/>' columns a int path 'a' default 1, n for ordinality) t",
            "SELECT a FROM XMLTABLE(('/r') PASSING ('<r/>') COLUMNS a integer PATH ('a') DEFAULT (1), n FOR ORDINALITY) t",
        ),
        (
            "select t.* from json_table('[]', '$[*]' columns (a int path '$.a', nested '$.b[*]' columns (c text))) t",
            "SELECT a, c FROM JSON_TABLE('[]', '$[*]' COLUMNS (a integer PATH '$.a', NESTED PATH '$.b[*]' COLUMNS (c text))) t",
        ),
        (
            "select nspname from pg_namespace n tablesample system (10) repeatable (1)",
            "SELECT nspname FROM pg_namespace n TABLESAMPLE system(10) REPEATABLE (1)",
        ),
        (
            "select table_name from information_schema.tables",
            "SELECT table_name FROM information_schema.tables",
        ),
    ]);
}

#[test]
fn output_names_are_those_of_the_server() {
    for (query, names) in [
        (
            "select 1, 'a'::text, name, count(*), name::varchar from users group by name",
            "?column? text name count name",
        ),
        (
            "select case when true then 1 end, case when true then 1 else id end from users",
            "case id",
        ),
        (
            "select exists (select 1), (select name from users), array[1], row(1)",
            "exists name array row",
        ),
        (
            "select coalesce(1, 2), nullif(1, 2), current_date, (place).x, tags[1] from users",
            "coalesce nullif current_date x tags",
        ),
        (
            "select u.*, 1 as one from users u",
            "id name email org_id tags data at mood place one",
        ),
        (
            "select * from users join orders using (org_id)",
            "org_id id name email tags data at mood place id user_id total order",
        ),
        ("select (all_users()).*", "id name email org_id tags data at mood place"),
        ("select (place).* from users", "x y"),
    ] {
        let columns = with_analyser(|analyser| match analyser.query(&tree(query), &Scope::none(), &[]) {
            Ok(query) => query.columns,
            Err(refusal) => panic!("{query}: {}", refusal.message),
        });
        let columns: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
        assert_eq!(columns.join(" "), names, "{query}");
    }
}

#[test]
fn the_only_item_of_a_views_query_is_not_named() {
    queries(&[
        (
            "select id from users order by name",
            "SELECT id FROM app.users ORDER BY name",
        ),
        (
            "select (select count(*) from orders o where o.user_id = users.id) from users",
            "SELECT (SELECT count(*) AS count FROM app.orders o WHERE (o.user_id = users.id)) FROM app.users",
        ),
        (
            "select id from users union select user_id as id from orders",
            "SELECT users.id FROM app.users UNION SELECT orders.user_id FROM app.orders",
        ),
    ]);
}
