//! Columns of tables that stay: which pattern makes which difference.

mod add;
mod drop;
mod evaluate;
mod fill;
mod generated;
mod identity;
pub(super) mod not_null;
mod placeholder;
mod satisfy;
mod settings;

pub(super) use add::add;
pub(super) use drop::{drop, is_nullable_before_it_goes};
pub(super) use identity::{begins as identity_begins, ends as identity_ends};
pub(super) use not_null::{dropped as nullable, renamed_apart, rungs as not_null_rungs, set as set_not_null};

use super::facts::{self, SideOf};
use super::lowering::Lowering;
use super::{Lowered, column_type, refuse};
use crate::catalog::ObjectId;
use crate::catalog::table::Inheritance;
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::Ladder;

/// The ladders of a column that differs in attributes.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let mut ladders = Vec::new();
    if attributes
        .iter()
        .any(|attribute| matches!(attribute, Attribute::DataType | Attribute::Collation))
    {
        return column_type::alter(lowering, id, attributes);
    }
    for attribute in attributes {
        ladders.extend(match attribute {
            Attribute::NotNull => not_null::alter(lowering, id)?,
            Attribute::NotNullConstraint => not_null::alter_constraint(lowering, id)?,
            Attribute::Identity => identity::alter(lowering, id)?,
            Attribute::Generated => generated::alter(lowering, id)?,
            Attribute::Storage
            | Attribute::Compression
            | Attribute::Statistics
            | Attribute::Options
            | Attribute::ForeignOptions => settings::alter(lowering, id, *attribute)?,
            // It follows from what happens to the parent, or from INHERIT and ATTACH.
            Attribute::Inheritance => {
                stays_without_parent(lowering, id)?;
                Vec::new()
            }
            other => return Err(lowering.no_pattern(id, &format!("a change of {other:?}"))),
        });
    }
    Ok(ladders)
}

/// A column that is to stay while the parent's goes: DROP COLUMN at the parent takes it along, and after ALTER TABLE ONLY no
/// statement makes it the parent's alone again (`ATExecDropColumn`, `MergeAttributes`).
fn stays_without_parent(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let own = |side| facts::column(lowering.catalog(side), id).map(|column| column.inheritance);
    if own(SideOf::From) != Some(Inheritance::Inherited) || own(SideOf::To) != Some(Inheritance::Local) {
        return Ok(());
    }
    let relation = facts::relation(id);
    let stays = |parent: &&ObjectId| {
        facts::table(lowering.pair.to, &relation).is_some_and(|table| table.inherits.contains(parent))
    };
    let Some(table) = facts::table(lowering.pair.from, &relation) else {
        return Ok(());
    };
    let loses = |parent: &ObjectId| {
        let name = parent.qualified_name()?;
        let column = ObjectId::Column(name.clone(), id.last_name());
        lowering.is_dropped(&column).then_some(column)
    };
    let Some(column) = table.inherits.iter().filter(stays).find_map(loses) else {
        return Ok(());
    };
    let message = format!("{} cannot stay while {} goes", describe(id), describe(&column));
    let hint = "PostgreSQL drops it with the parent's. Let the table leave the parent (NO INHERIT) in a plan before, or give \
                the column another name and fill it from this one.";
    Err(refuse::unsupported(lowering, id, message, hint))
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::said;
    use expect_test::expect;

    #[test]
    fn an_inherited_column_does_not_outlive_the_parents() {
        expect![[r#"
            unsupported-clause: column b of public.t cannot stay while column b of public.p goes
            drop-column: column b of public.p is dropped with all its values
        "#]]
        .assert_eq(&said(
            "CREATE TABLE p (a int, b int); CREATE TABLE t () INHERITS (p);",
            "CREATE TABLE p (a int); CREATE TABLE t (b int) INHERITS (p);",
        ));
    }
}
