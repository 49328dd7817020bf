//! What a column of a child or a partition cannot become while its parents are what they are: refusals.
//!
//! Knows what no statement of PostgreSQL says of a column that is there. No table of statements: nothing is written here.

use super::not_null::NAMED;
use crate::catalog::ObjectId;
use crate::catalog::table::Inheritance;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, refuse};

/// A column that is to stay while the parent's goes: DROP COLUMN at the parent takes it along, and after ALTER TABLE ONLY no
/// statement makes it the parent's alone again (`ATExecDropColumn`, `MergeAttributes`).
pub(super) fn stays_without_parent(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
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

/// A column of a child that is to be its parent's alone, or its own too: no statement says either of one that is there
/// (`attislocal` is set by CREATE TABLE and NO INHERIT alone).
pub(super) fn is_said_by_nothing(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let own = |side| facts::column(lowering.catalog(side), id).map(|column| column.inheritance);
    let parents = |side| facts::table(lowering.catalog(side), &facts::relation(id)).map(|table| &table.inherits);
    let (Some(before), Some(after)) = (parents(SideOf::From), parents(SideOf::To)) else {
        return Ok(());
    };
    let gives = |parent: &&ObjectId| {
        let Some(name) = parent.qualified_name() else {
            return false;
        };
        let column = ObjectId::Column(name.clone(), id.last_name());
        lowering.pair.from.contains(&column) && lowering.pair.to.contains(&column)
    };
    let stays_below = after
        .iter()
        .filter(|parent| before.contains(parent))
        .any(|parent| gives(&parent));
    let what = match (own(SideOf::From), own(SideOf::To)) {
        (Some(Inheritance::Inherited), Some(Inheritance::Merged)) if stays_below => "declared by its table too",
        (Some(Inheritance::Local | Inheritance::Merged), Some(Inheritance::Inherited)) if !after.is_empty() => {
            "its parent's alone"
        }
        _ => return Ok(()),
    };
    let message = format!("{} cannot become {what}", describe(id));
    let hint = "No statement of PostgreSQL says that of a column that is there. Write the column as it is now.";
    Err(refuse::unsupported(lowering, id, message, hint))
}

/// NOT NULL of a partitioned table goes with that of its partitions; a partition that is to keep it would have it as its own
/// from now on, and no way back makes it the partitioned table's again.
pub(super) fn goes_below_too(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    for table in lowering.surroundings.descendants(&facts::relation(id)) {
        let Some(name) = table.qualified_name() else { continue };
        let below = ObjectId::Column(name.clone(), id.last_name());
        let of = |side| facts::column(lowering.catalog(side), &below).and_then(|column| column.not_null.as_ref());
        let (Some(from), Some(_)) = (of(SideOf::From), of(SideOf::To)) else {
            continue;
        };
        if from.inheritance == Inheritance::Inherited && lowering.options.version >= NAMED {
            let message = format!(
                "{} cannot keep NOT NULL while {} loses it",
                describe(&below),
                describe(id)
            );
            let hint = "It has it from there alone. Say SET NOT NULL of the column itself in a migration before.";
            return Err(refuse::unsupported(lowering, &below, message, hint));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::said;
    use expect_test::expect;

    #[test]
    fn a_column_does_not_become_its_parents_alone() {
        expect![[r#"
            unsupported-clause: column b of public.t cannot become its parent's alone
        "#]]
        .assert_eq(&said(
            "CREATE TABLE p (a int); CREATE TABLE t (b int) INHERITS (p);",
            "CREATE TABLE p (a int, b int); CREATE TABLE t () INHERITS (p);",
        ));
    }

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
