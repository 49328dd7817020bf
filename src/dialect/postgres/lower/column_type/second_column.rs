//! A type that changes through a second column: where the server would write every row anew under a lock.
//!
//! The rungs are those of [`super::super::shadow`]; the switch puts the new column under the old one's name. Until the
//! contract phase the new column takes only what the old type can hold: a value beyond it is refused by the trigger, so
//! that every way back is exact.

use super::super::Lowered;
use super::super::lowering::Lowering;
use super::super::shadow::names::{Purpose, beside};
use super::super::shadow::{Group, Twin, Writers};
use super::conversion;
use crate::catalog::ObjectId;
use crate::dialect::postgres::{describe, write};
use crate::pair::Pair;
use crate::plan::Ladder;
use std::collections::HashSet;

/// The ladder of the column and of those bound to it; none when another of them has it.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let mut twins = Vec::new();
    for column in super::through_second_column(lowering) {
        match twin(lowering, &column) {
            Ok(found) => twins.push(found),
            Err(diagnostic) if &column == id => return Err(diagnostic),
            // Said at its own column.
            Err(_) => {}
        }
    }
    match group(lowering, id, &twins) {
        Some(group) => group.ladders(),
        None => Ok(Vec::new()),
    }
}

/// What the ladders of all such columns take upon themselves.
pub(super) fn claims(lowering: &Lowering<'_>) -> HashSet<ObjectId> {
    let twins: Vec<Twin> = super::through_second_column(lowering)
        .iter()
        .filter_map(|column| twin(lowering, column).ok())
        .collect();
    twins
        .iter()
        .filter_map(|twin| group(lowering, &twin.ends.to, &twins))
        .flat_map(|group| group.claims())
        .collect()
}

fn group<'a>(lowering: &'a Lowering<'a>, id: &ObjectId, twins: &[Twin]) -> Option<Group<'a>> {
    Group::of(
        lowering,
        id,
        twins,
        title(lowering, id),
        "the server would write the table anew under a lock that shuts out all others; so a second column is filled \
         beside the first and takes its place in one short transaction. Until the contract phase the new column takes \
         only what the old type can hold",
    )
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
