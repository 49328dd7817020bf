//! Partitions of partitioned tables that come and go.
//!
//! | difference | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | new | Public | CREATE TABLE with its indexes; ATTACH PARTITION | SHARE UPDATE EXCLUSIVE on the partitioned table | expand | DROP TABLE |
//! | gone | Present | DETACH PARTITION CONCURRENTLY | SHARE UPDATE EXCLUSIVE on the partitioned table | contract | ATTACH PARTITION |
//! | | Absent | DROP TABLE | ACCESS EXCLUSIVE on the table alone | contract | CREATE TABLE, its rows are lost |
//!
//! A default partition gets a check first that none of its rows belongs to the new one (see `bound_check`), so that it is not
//! read while it is locked; from then until the ATTACH it takes no such row. Beside a default partition another can
//! only be detached under a lock on all of them.

use super::bound_check::{BoundCheck, Rows};
use super::build::{rung, rung_alone};
use super::facts::{self, Care, SideOf};
use super::lowering::Lowering;
use super::{Lowered, built, drop as dropping, make, refuse};
use crate::catalog::table::PartitionOf;
use crate::catalog::{Catalog, ObjectId};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Concurrency, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::plan::{Company, Ladder, Phase, Reversal, Rung, State};

/// A new partition.
pub(super) fn create(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(place) = place(lowering.pair.to, id) else {
        return Ok(Vec::new());
    };
    let checks = match lowering.is_created(&place.parent) {
        true => Vec::new(),
        false => default_checks(lowering, id, place)?,
    };
    let mut up = make::statements(lowering, lowering.pair.to, id)?;
    let keys = changed_keys(lowering, &place.parent);
    up.iter_mut()
        .for_each(|statement| statement.requires.extend(keys.iter().cloned()));
    let mut down = make::undo(lowering, lowering.pair.to, id);
    up.extend(checks.iter().map(|check| check.dropped(lowering)));
    down.extend(checks.iter().map(|check| check.added(lowering)));
    let mut steps: Vec<Rung> = checks
        .iter()
        .flat_map(|check| check.rungs(lowering, Phase::Expand))
        .collect();
    steps.push(rung(State::Public, Phase::Expand, up, down));
    let late = make::late(lowering, lowering.pair.to, id);
    if !late.is_empty() {
        steps.push(rung(State::Public, Phase::Expand, late, Vec::new()));
    }
    let why = "it is made apart and then attached, so that the partitioned table is hardly locked";
    built(
        id,
        Ladder::new(
            id.clone(),
            format!("partition {} is created", id.last_name()),
            why,
            steps,
        ),
    )
}

/// A partition that goes.
pub(super) fn drop(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(place) = place(lowering.pair.from, id) else {
        return Ok(Vec::new());
    };
    if dropping::goes(lowering, &place.parent) {
        return dropping::plain(lowering, id);
    }
    let name = describe(id);
    refuse::warn(
        lowering,
        Code::DropTable,
        id,
        format!("{name} is dropped with all its rows"),
        "To keep the rows, keep the table and make it no partition of another.",
    );
    let detach = |concurrency: Concurrency| {
        let form = TableForm::DetachPartition {
            partition: id.clone(),
            concurrency,
        };
        lowering.alter_table(&place.parent, form, format!("{name} stands by itself."))
    };
    let attach = vec![lowering.alter_table(
        &place.parent,
        TableForm::AttachPartition {
            partition: id.clone(),
            bound: place.bound.clone(),
            work: RowWork::Scan,
        },
        format!("{name} becomes a partition."),
    )];
    let first = if has_default(lowering, SideOf::From, &place.parent) {
        rung(
            State::Present,
            Phase::Contract,
            vec![detach(Concurrency::Blocking)],
            attach,
        )
    } else {
        let statement = detach(Concurrency::Concurrently);
        rung_alone(State::Present, Phase::Contract, statement, attach, Vec::new())
    };
    let mut second = rung(
        State::Absent,
        Phase::Contract,
        make::undo(lowering, lowering.pair.from, id),
        make::standalone(lowering, lowering.pair.from, id)?,
    );
    second.reversal = Reversal::LosesData(format!("the rows of {name}"));
    second.company = Company::NextFile;
    let why = "it is detached first, so that the partitioned table is hardly locked";
    built(
        id,
        Ladder::new(id.clone(), format!("{name} is dropped"), why, vec![first, second]),
    )
}

/// The checks that no row of a default partition belongs to a new one, so that ATTACH PARTITION does not read it.
///
/// # Errors
/// The hazard of reading it under a lock, where the bound cannot be proved and it is not small.
pub(super) fn default_checks(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Lowered<Vec<BoundCheck>> {
    let mut checks = Vec::new();
    if place.is_default() {
        return Ok(checks);
    }
    for default in defaults(lowering, SideOf::From, &place.parent) {
        if &default == id || lowering.care(&default) == Care::Direct {
            continue;
        }
        if let Some(check) = BoundCheck::of(lowering, lowering.pair.to, &default, place, Rows::NoneOf(id)) {
            checks.push(check);
            continue;
        }
        let message = format!(
            "all rows of the default partition {} are read under a lock to see that none belongs to {}",
            describe(&default),
            describe(id)
        );
        refuse::hazard_of_rows(lowering, Code::TableLockScan, &default, message)?;
    }
    Ok(checks)
}

/// The keys of a partitioned table that change: a new partition has the new ones, and can be attached only then.
fn changed_keys(lowering: &Lowering<'_>, parent: &ObjectId) -> Vec<ObjectId> {
    facts::keys(lowering.pair.to, parent)
        .map(|(key, _)| key)
        .filter(|key| {
            lowering
                .altered(key)
                .is_some_and(|attributes| attributes.contains(&Attribute::Definition))
        })
        .cloned()
        .collect()
}

/// Whether a partitioned table has a default partition.
fn has_default(lowering: &Lowering<'_>, side: SideOf, parent: &ObjectId) -> bool {
    !defaults(lowering, side, parent).is_empty()
}

fn defaults(lowering: &Lowering<'_>, side: SideOf, parent: &ObjectId) -> Vec<ObjectId> {
    let catalog = lowering.catalog(side);
    let is_default = |partition: &ObjectId| place(catalog, partition).is_some_and(PartitionOf::is_default);
    let partitions = lowering.partitions(side, parent);
    partitions.into_iter().filter(is_default).collect()
}

fn place<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a PartitionOf> {
    facts::table(catalog, id).and_then(|table| table.partition_of.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_partition_is_detached_before_it_goes() {
        let found = ups(
            "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);",
            "CREATE TABLE t (a int) PARTITION BY LIST (a);",
        );
        expect![[r#"
            contract: ALTER TABLE public.t DETACH PARTITION public.t1 CONCURRENTLY
            contract: DROP TABLE public.t1
        "#]]
        .assert_eq(&found);
    }
}
