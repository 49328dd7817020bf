//! Defaults of columns that stay. Each is one statement, ACCESS EXCLUSIVE for a moment, catalog only; new rows only.
//!
//! | difference | statement | phase | undone by |
//! |---|---|---|---|
//! | new | SET DEFAULT | expand | DROP DEFAULT |
//! | another | SET DEFAULT | expand | SET DEFAULT, the old one |
//! | gone | DROP DEFAULT: the old application may rely on it | contract | SET DEFAULT |
//!
//! The default of a new column comes with the column, that of a child with its parent's, and that of a column which
//! becomes an identity, or was one, with the identity.

use super::build::rung;
use super::column::{identity_begins, identity_ends};
use super::facts;
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
    let up = vec![set_to(lowering, id, to)];
    let down = vec![dropped(lowering, id)];
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
    let up = vec![dropped(lowering, id)];
    let down = vec![set_to(lowering, id, from)];
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
    let up = vec![set_to(lowering, id, to)];
    let down = vec![set_to(lowering, id, from)];
    let why = "new rows get it, rows that exist keep what they have";
    one(id, format!("{} changes", describe(id)), why, Phase::Expand, up, down)
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
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

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
