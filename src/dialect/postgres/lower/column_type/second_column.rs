//! A type that changes through a second column: where the server would write every row anew under a lock.
//!
//! The rungs are those of [`super::super::shadow`]; the switch puts the new column under the old one's name. Until the
//! contract phase the new column takes only what the old type can hold: a value beyond it is refused by the trigger, so
//! that every way back is exact.

use super::super::Lowered;
use super::super::lowering::Lowering;
use super::super::shadow::names::{Purpose, beside};
use super::super::shadow::{Group, Twin, Writers, twins};
use super::{Reach, conversion};
use crate::catalog::ObjectId;
use crate::dialect::postgres::{describe, write};
use crate::pair::Pair;
use crate::plan::Ladder;

/// The ladder of the column and of those bound to it; none when another of them has it.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    twin(lowering, id)?;
    match group(lowering, id, &twins(lowering)) {
        Some(group) => group.ladders(),
        None => Ok(Vec::new()),
    }
}

/// The columns that change through a second one.
pub(in super::super) fn retyped_twins(lowering: &Lowering<'_>) -> Vec<Twin> {
    let columns = super::through_second_column(lowering);
    columns
        .iter()
        .filter_map(|column| twin(lowering, column).ok())
        .collect()
}

/// The group of such a column.
pub(in super::super) fn group<'a>(lowering: &'a Lowering<'a>, id: &ObjectId, twins: &[Twin]) -> Option<Group<'a>> {
    Group::of(lowering, id, twins, title(lowering, id), why(lowering, id))
}

/// Why the change is made so, and which values neither application can write meanwhile.
fn why(lowering: &Lowering<'_>, id: &ObjectId) -> &'static str {
    match conversion(lowering, id, id).map(|conversion| conversion.reach) {
        Ok(Reach::Some) => {
            "the server would write the table anew under a lock that shuts out all others; so a second column is filled \
             beside the first and takes its place in one short transaction. From the first file on a value that the new \
             type does not take is refused, from the old application too; until the contract phase the new column takes \
             only what the old type can hold"
        }
        Ok(Reach::All) | Err(_) => {
            "the server would write the table anew under a lock that shuts out all others; so a second column is filled \
             beside the first and takes its place in one short transaction. Until the contract phase the new column \
             takes only what the old type can hold"
        }
    }
}

fn twin(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Twin> {
    let conversion = conversion(lowering, id, id)?;
    let entry = |catalog: &crate::catalog::Catalog| catalog.get(id).cloned();
    let (Some(from), Some(to), Some(table)) = (entry(lowering.pair.from), entry(lowering.pair.to), id.parent()) else {
        return Err(super::super::refuse::unsupported(
            lowering,
            id,
            format!("{} is not a column of a table", describe(id)),
            "Types of tables' columns can be changed.",
        ));
    };
    Ok(Twin {
        table,
        ends: Pair::new(id.clone(), id.clone()),
        new: beside(lowering, id, Purpose::New),
        old: beside(lowering, id, Purpose::Old),
        entries: Pair { from, to },
        conversion,
        writers: Writers::OneName,
    })
}

fn title(lowering: &Lowering<'_>, id: &ObjectId) -> String {
    match super::columns(lowering, id) {
        Some(columns) if columns.from.data_type != columns.to.data_type => format!(
            "{} changes from {} to {}",
            describe(id),
            write::data_type(&columns.from.data_type),
            write::data_type(&columns.to.data_type)
        ),
        _ => format!("{} changes its collation", describe(id)),
    }
}
