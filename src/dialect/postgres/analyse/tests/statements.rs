//! Statements of rules and SQL bodies.

use super::{name, statements, system};
use crate::catalog::ObjectId;
use crate::dialect::postgres::analyse::Scope;

#[test]
fn rule_actions_see_old_and_new() {
    statements(
        &Scope::rule(ObjectId::Relation(name("users"))),
        &[
            (
                "insert into orders values (new.id, old.id)",
                "INSERT INTO app.orders (id, user_id) VALUES (new.id, old.id)",
            ),
            (
                "insert into orders (id) select id from users where id = new.id returning total",
                "INSERT INTO app.orders (id) SELECT users.id FROM app.users WHERE (users.id = new.id) RETURNING orders.total",
            ),
            (
                "insert into orders default values",
                "INSERT INTO app.orders DEFAULT VALUES",
            ),
            (
                "update orders o set total = o.total + 1, (user_id, org_id) = (select 1, 2) from users where o.id = new.id",
                "UPDATE app.orders o SET total = (o.total + (1)::numeric), (user_id, org_id) = (SELECT 1, 2) FROM app.users WHERE (o.id = new.id)",
            ),
            (
                "delete from only orders using users u where user_id = u.id and u.id = old.id",
                "DELETE FROM ONLY app.orders USING app.users u WHERE ((orders.user_id = u.id) AND (u.id = old.id))",
            ),
            ("notify x, 'y'", "NOTIFY x, 'y'"),
        ],
    );
}

#[test]
fn bodies_see_arguments() {
    let arguments = vec![(Some("a".into()), system("int8"))];
    statements(
        &Scope::arguments("f".into(), arguments),
        &[
            (
                "insert into orders as o (id, total) values (a, default) on conflict (id) where id > 0 do update set total = excluded.total + o.total where o.id > a returning o.id as x, old.total",
                "INSERT INTO app.orders AS o (id, total) VALUES (a, DEFAULT) ON CONFLICT (id) WHERE (o.id > 0) DO UPDATE SET total = (excluded.total + o.total) WHERE (o.id > a) RETURNING o.id AS x, old.total",
            ),
            (
                "insert into orders (id) values (1) on conflict do nothing",
                "INSERT INTO app.orders (id) VALUES (1) ON CONFLICT DO NOTHING",
            ),
            (
                "merge into orders o using users u on o.user_id = u.id when matched and u.id = a then delete when not matched then insert (id) values (u.id) when not matched by source then update set total = 0 returning merge_action(), o.id",
                "MERGE INTO app.orders o USING app.users u ON (o.user_id = u.id) WHEN MATCHED AND (u.id = a) THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (u.id) WHEN NOT MATCHED BY SOURCE THEN UPDATE SET total = 0 RETURNING MERGE_ACTION() AS \"merge_action\", o.id",
            ),
            (
                "select a from users where id = a",
                "SELECT a AS a FROM app.users WHERE (users.id = a)",
            ),
        ],
    );
}
