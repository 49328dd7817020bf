//! What names mean: scopes, renames, and names that mean nothing.

use super::{catalog, expression_tree, expressions, name, system, tree, with_analyser};
use crate::catalog::{DataType, Ident, ObjectId, QualifiedName};
use crate::dialect::postgres::analyse::{Analyser, Scope};
use crate::dialect::postgres::read::deep::on_deep_stack;
use crate::dialect::postgres::write;

#[test]
fn each_scope_shows_its_names() {
    let users = ObjectId::Relation(name("users"));
    expressions(&Scope::value(), &[("value > 0", "(VALUE > 0)")]);
    expressions(
        &Scope::trigger(users.clone()),
        &[(
            "old.name is distinct from NEW.name or old.* is distinct from new.*",
            "((old.name IS DISTINCT FROM new.name) OR (old IS DISTINCT FROM new))",
        )],
    );
    expressions(
        &Scope::policy(users),
        &[(
            "exists (select 1 from orders where orders.user_id = users.id and org_id = 1) and id = 1",
            "(EXISTS (SELECT 1 FROM app.orders WHERE ((orders.user_id = users.id) AND (orders.org_id = 1))) AND (id = 1))",
        )],
    );
    let arguments = vec![(Some(Ident::from("a")), system("int4")), (None, system("text"))];
    expressions(
        &Scope::arguments("f".into(), arguments),
        &[("a + f.a + $1", "((a + a) + a)"), ("$2 || 'x'", "($2 || 'x'::text)")],
    );
}

#[test]
fn a_rename_is_followed_wherever_the_name_is_handed_on() {
    let before = "select x.name from (select name, at from users) x where x.at > now()";
    let after = "select x.full_name from (select full_name, at from people) x where x.at > now()";
    let path = [Ident::from("app")];
    let mut catalog = catalog();
    let template = Analyser::new(&catalog, &path, 18).query(&tree(before), &Scope::none(), &[]);
    let mut template = template.expect("reads").template;
    let (users, people) = (name("users"), name("people"));
    let column = |relation: &QualifiedName, name: &str| ObjectId::Column(relation.clone(), name.into());
    for (from, to) in [
        (ObjectId::Relation(users), ObjectId::Relation(people.clone())),
        (column(&people, "name"), column(&people, "full_name")),
    ] {
        catalog.rename(&from, &to);
        template.rename(&|id| id.renamed(&from, &to));
    }
    let wanted = Analyser::new(&catalog, &path, 18).query(&tree(after), &Scope::none(), &[]);
    assert_eq!(template, wanted.expect("reads").template);
    assert_eq!(
        write::template(&template),
        "SELECT full_name FROM (SELECT people.full_name, people.at FROM app.people) x WHERE (at > now())"
    );
}

#[test]
fn what_does_not_exist_is_refused_at_its_place() {
    for (query, place, message) in [
        ("SELECT nme FROM users", 7, "column \"nme\" does not exist"),
        ("SELECT u.nme FROM users u", 7, "column u.nme does not exist"),
        (
            "SELECT x.id FROM users u",
            7,
            "missing FROM-clause entry for table \"x\"",
        ),
        ("SELECT 1 FROM user_s", 14, "relation \"user_s\" does not exist"),
        (
            "SELECT org_id FROM users, orders",
            7,
            "column reference \"org_id\" is ambiguous",
        ),
        ("SELECT 1::moood", 10, "type \"moood\" does not exist"),
        ("SELECT totl(1)", 7, "function totl(integer) does not exist"),
        ("SELECT 1 <=> 2", 9, "operator does not exist: <=>"),
        ("SELECT 'nope'::regclass", 7, "relation \"nope\" does not exist"),
    ] {
        let refusal = with_analyser(|analyser| analyser.query(&tree(query), &Scope::none(), &[])).expect_err(query);
        assert_eq!(
            (refusal.location, refusal.message.as_str()),
            (place, message),
            "{query}"
        );
    }
}

#[test]
fn dependencies_that_are_not_written_are_kept() {
    with_analyser(|analyser| {
        let users = Scope::relation(ObjectId::Relation(name("users")));
        let depends = |text: &str, id: ObjectId| {
            let template = analyser.expression(&expression_tree(text), &users).expect("reads");
            template.references().any(|found| *found == id)
        };
        assert!(depends(
            "to_jsonb(users)",
            ObjectId::Column(name("users"), "email".into())
        ));
        assert!(depends("'x'::citext", ObjectId::Extension("citext".into())));
        assert!(depends("similarity(name, '')", ObjectId::Extension("pg_trgm".into())));
    });
}

#[test]
fn deep_nesting_is_refused() {
    on_deep_stack(|| {
        let text = format!("SELECT {}1{}", "(1 + ".repeat(1_000), ")".repeat(1_000));
        with_analyser(|analyser| {
            assert!(analyser.query(&tree(&text), &Scope::none(), &[]).is_ok());
            let mut node = expression_tree("1");
            for _ in 0..5_000 {
                let mut outer = expression_tree("NOT true");
                if let Some(super::NodeEnum::BoolExpr(expression)) = &mut outer.node {
                    expression.args = vec![node];
                }
                node = outer;
            }
            let refusal = analyser.expression(&node, &Scope::none()).expect_err("is too deep");
            assert_eq!(refusal.message, "the expression is nested too deeply");
        });
    });
}

#[test]
fn types_are_resolved() {
    with_analyser(|analyser| {
        let read = |text: &str| {
            let Some(super::NodeEnum::TypeCast(cast)) = expression_tree(&format!("NULL::{text}")).node else {
                panic!("no cast")
            };
            analyser.data_type(&cast.type_name.expect("a type"))
        };
        assert_eq!(read("int").expect("a type"), system("int4"));
        assert_eq!(read("mood").expect("a type"), DataType::plain(name("mood")));
        assert_eq!(
            read("citext").expect("a type"),
            DataType::plain(QualifiedName::new("public", "citext"))
        );
        assert!(read("hstore").is_err());
        assert!(read("other.mood").is_err());
    });
}
