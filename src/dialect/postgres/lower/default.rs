//! Defaults of columns that stay. Each is one statement, ACCESS EXCLUSIVE for a moment, catalog only; new rows only.
//!
//! | difference | statement | phase | undone by |
//! |---|---|---|---|
//! | new | SET DEFAULT | expand | DROP DEFAULT |
//! | another | SET DEFAULT | expand | SET DEFAULT, the old one |
//! | gone | DROP DEFAULT: the old application may rely on it | contract | SET DEFAULT |
//!
//! SET DEFAULT and DROP DEFAULT reach the children and partitions; one that has another default gets it again behind them.
//!
//! The default of a new column comes with the column, that of a child with its parent's, and that of a column which
//! becomes an identity, or was one, with the identity.

use super::build::rung;
use super::column::{identity_begins, identity_ends};
use super::facts::{self, SideOf};
use super::lowering::Lowering;
use super::{Lowered, built, create};
use crate::catalog::table::{Default, Inheritance};
use crate::catalog::{Catalog, Object, ObjectId};
use crate::dialect::postgres::action::TableForm;
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Ladder, Phase, State, Statement};

/// A new default.
pub(super) fn set(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let column = facts::column_of(id);
    let Some(to) = default(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let table_is_new = create::whole_is_created(lowering, &column);
    let comes_otherwise = lowering.is_created(&column) || to.inheritance == Inheritance::Inherited;
    if (comes_otherwise && !table_is_new) || identity_ends(lowering, &column) {
        return Ok(Vec::new());
    }
    if follows(lowering, &column) {
        return Ok(Vec::new());
    }
    let mut up = vec![set_to(lowering, id, to)];
    up.extend(apart(lowering, SideOf::To, &column));
    let mut down = vec![dropped(lowering, id)];
    down.extend(apart(lowering, SideOf::From, &column));
    let why = "new rows get it, rows that exist keep what they have";
    one(id, format!("{} is set", describe(id)), why, Phase::Expand, up, down)
}

/// A default that goes.
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let column = facts::column_of(id);
    let Some(from) = default(lowering.pair.from, id) else {
        return Ok(Vec::new());
    };
    if from.inheritance == Inheritance::Inherited || identity_begins(lowering, &column) {
        return Ok(Vec::new());
    }
    if follows(lowering, &column) {
        return Ok(Vec::new());
    }
    let mut up = vec![dropped(lowering, id)];
    up.extend(apart(lowering, SideOf::To, &column));
    let mut down = vec![set_to(lowering, id, from)];
    down.extend(apart(lowering, SideOf::From, &column));
    let why = "the old application may rely on it until the new one is deployed";
    one(id, format!("{} goes", describe(id)), why, Phase::Contract, up, down)
}

/// A default that differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (default(lowering.pair.from, id), default(lowering.pair.to, id)) else {
        return Ok(Vec::new());
    };
    if !attributes.contains(&Attribute::Expression) || to.inheritance == Inheritance::Inherited {
        return Ok(Vec::new());
    }
    let column = facts::column_of(id);
    if follows(lowering, &column) {
        return Ok(Vec::new());
    }
    let mut up = vec![set_to(lowering, id, to)];
    up.extend(apart(lowering, SideOf::To, &column));
    let mut down = vec![set_to(lowering, id, from)];
    down.extend(apart(lowering, SideOf::From, &column));
    let why = "new rows get it, rows that exist keep what they have";
    one(id, format!("{} changes", describe(id)), why, Phase::Expand, up, down)
}

/// SET DEFAULT and DROP DEFAULT reach the tables below (`ATPrepAddColumn` aside, every form of ALTER COLUMN does): those that
/// have another default on a side, or none, get it again.
fn apart(lowering: &Lowering<'_>, side: SideOf, column: &ObjectId) -> Vec<Statement> {
    let catalog = lowering.catalog(side);
    let above = facts::default_of(catalog, column).map(|default| &default.expression);
    let mut made = Vec::new();
    for table in lowering.surroundings.descendants(&facts::relation(column)) {
        let Some(below) = below(lowering, &table, column) else {
            continue;
        };
        let own = facts::default_of(catalog, &below);
        let Some(id) = facts::default_id(&below).filter(|_| own.map(|default| &default.expression) != above) else {
            continue;
        };
        made.push(match own {
            Some(default) => set_to(lowering, &id, default),
            None => dropped(lowering, &id),
        });
    }
    made
}

/// The column of a table below another, where it stays and comes from there.
fn below(lowering: &Lowering<'_>, table: &ObjectId, column: &ObjectId) -> Option<ObjectId> {
    let below = ObjectId::Column(table.qualified_name()?.clone(), column.last_name());
    let comes = |catalog| facts::column(catalog, &below).is_some_and(|found| found.inheritance != Inheritance::Local);
    (comes(lowering.pair.from) && comes(lowering.pair.to)).then_some(below)
}

/// Whether the default of a column above it changes, whose ladder sees to this one.
fn follows(lowering: &Lowering<'_>, column: &ObjectId) -> bool {
    let mut waiting = vec![facts::relation(column)];
    while let Some(table) = waiting.pop() {
        if below(lowering, &table, column).is_none() {
            continue;
        }
        for parent in lowering.surroundings.parents(&table) {
            let Some(name) = parent.qualified_name() else { continue };
            let above = ObjectId::Column(name.clone(), column.last_name());
            let Some(id) = facts::default_id(&above) else { continue };
            let altered = lowering.altered(&id).unwrap_or_default();
            let changes =
                lowering.is_created(&id) || lowering.is_dropped(&id) || altered.contains(&Attribute::Expression);
            let stays = lowering.pair.from.contains(&above) && lowering.pair.to.contains(&above);
            if changes && stays && !identity_begins(lowering, &above) && !identity_ends(lowering, &above) {
                return true;
            }
            waiting.push(parent);
        }
    }
    false
}

fn one(
    id: &ObjectId,
    title: String,
    why: &str,
    phase: Phase,
    up: Vec<Statement>,
    down: Vec<Statement>,
) -> Lowered<Vec<Ladder>> {
    built(
        id,
        Ladder::new(id.clone(), title, why, vec![rung(State::Public, phase, up, down)]),
    )
}

fn default<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Default> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Default(default)) => Some(default),
        _ => None,
    }
}

fn set_to(lowering: &Lowering<'_>, id: &ObjectId, default: &Default) -> Statement {
    lowering.alter_table(
        &facts::relation(id),
        TableForm::SetDefault(facts::column_of(id), default.expression.clone()),
        format!("New rows have the {}.", describe(id)),
    )
}

fn dropped(lowering: &Lowering<'_>, id: &ObjectId) -> Statement {
    lowering.alter_table(
        &facts::relation(id),
        TableForm::DropDefault(facts::column_of(id)),
        format!("New rows are without the {}.", describe(id)),
    )
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_default_below_another_stays_as_it_is() {
        let with = |above: &str, below: &str| {
            format!(
                "CREATE TABLE t (a int, b int {above}) PARTITION BY LIST (a);
                 CREATE TABLE t1 PARTITION OF t (b {below}) FOR VALUES IN (1);"
            )
        };
        expect![[r#"
            expand: ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 6
            expand: ALTER TABLE public.t1 ALTER COLUMN b SET DEFAULT 7
        "#]]
        .assert_eq(&ups(&with("DEFAULT 5", "DEFAULT 7"), &with("DEFAULT 6", "DEFAULT 7")));
        expect![[r#"
            contract: ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 5
            contract: ALTER TABLE public.t1 ALTER COLUMN b SET DEFAULT 7
        "#]]
        .assert_eq(&downs(&with("DEFAULT 5", "DEFAULT 7"), &with("", "DEFAULT 8")));
    }

    #[test]
    fn a_default_goes_when_the_old_application_is_gone() {
        let found = ups(
            "CREATE TABLE t (a int DEFAULT 1, b int, c int DEFAULT 3);",
            "CREATE TABLE t (a int, b int DEFAULT 2, c int DEFAULT 4);",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 4
            expand: ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 2
            contract: ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT
        "#]]
        .assert_eq(&found);
    }
}
