//! A table that stays becomes a partition, is one no longer, or is one with another bound.
//!
//! | difference | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|---|
//! | becomes one | Public | ATTACH PARTITION | SHARE UPDATE EXCLUSIVE on the partitioned table, the table is scanned under ACCESS EXCLUSIVE: a hazard | expand | DETACH PARTITION |
//! | is one no longer | Absent | DETACH PARTITION; not-null constraints take their own names | ACCESS EXCLUSIVE on both, catalog only | contract | ATTACH PARTITION |
//! | another bound or parent | Public | DETACH PARTITION; ATTACH PARTITION | ACCESS EXCLUSIVE on both, scan: a hazard | contract | the same backwards |
//!
//! DETACH is not concurrent here, because that would leave a check of the bound behind, under a name that the server
//! chooses. Where the partitioned table has a default partition, it is searched for rows of the new one.

use crate::catalog::ObjectId;
use crate::catalog::table::{PartitionOf, Table};
use crate::diagnostic::Code;
use crate::dialect::postgres::action::{Concurrency, RowWork, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::column::renamed_apart;
use crate::dialect::postgres::lower::facts::Care;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, refuse};
use crate::plan::{Ladder, Phase, State, Statement};

/// The ladder of a table whose place among partitions differs.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, from: &Table, to: &Table) -> Lowered<Vec<Ladder>> {
    let (title, steps) = match (&from.partition_of, &to.partition_of) {
        (None, Some(place)) => {
            scanned(lowering, id)?;
            let up = vec![attach(lowering, id, place)];
            let down = vec![detach(lowering, id, place)];
            (
                "becomes a partition",
                vec![rung(State::Public, Phase::Expand, up, down)],
            )
        }
        (Some(place), None) => {
            let up = vec![detach(lowering, id, place)];
            let down = vec![attach(lowering, id, place)];
            (
                "is no partition any more",
                vec![rung(State::Absent, Phase::Contract, up, down)],
            )
        }
        (Some(old), Some(new)) => {
            scanned(lowering, id)?;
            let up = vec![detach(lowering, id, old), attach(lowering, id, new)];
            let down = vec![detach(lowering, id, new), attach(lowering, id, old)];
            (
                "has another bound",
                vec![rung(State::Public, Phase::Contract, up, down)],
            )
        }
        (None, None) => return Ok(Vec::new()),
    };
    let mut steps = steps;
    if to.partition_of.is_none() {
        let (up, down) = renamed_apart(lowering, id);
        if !up.is_empty() {
            steps.push(rung(State::Public, Phase::Contract, up, down));
        }
    }
    let why = "the rows stay where they are; only where they are looked for changes";
    built(
        id,
        Ladder::new(id.clone(), format!("{} {title}", describe(id)), why, steps),
    )
}

fn scanned(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let message = format!(
        "all rows of {} are read under a lock to see that they obey its bound",
        describe(id)
    );
    refuse::hazard_of_rows(lowering, Code::TableLockScan, id, message)
}

fn attach(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Statement {
    let work = match lowering.care(id) {
        Care::Direct => RowWork::CatalogOnly,
        Care::Online => RowWork::Scan,
    };
    let form = TableForm::AttachPartition {
        partition: id.clone(),
        bound: place.bound.clone(),
        work,
    };
    lowering.alter_table(&place.parent, form, format!("{} becomes a partition.", describe(id)))
}

fn detach(lowering: &Lowering<'_>, id: &ObjectId, place: &PartitionOf) -> Statement {
    let form = TableForm::DetachPartition {
        partition: id.clone(),
        concurrency: Concurrency::Blocking,
    };
    lowering.alter_table(&place.parent, form, format!("{} stands by itself.", describe(id)))
}
