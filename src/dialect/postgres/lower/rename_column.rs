//! A column that is renamed while the table is in use: it is written under both names until the old application is gone.
//!
//! The rungs are those of [`super::shadow`], the new column under its final name from the start. A trigger keeps the two
//! equal in both directions; in the enforce phase keys, constraints and default move to the new name, and in the contract
//! phase the old one goes. A rename by a compatible view is not made here: see `rename`.

use super::Lowered;
use super::column_type::conversion;
use super::lowering::Lowering;
use super::rename::current;
use super::shadow::{Group, Twin, Writers, twins};
use crate::catalog::ObjectId;
use crate::dialect::postgres::describe;
use crate::pair::Pair;
use crate::plan::Ladder;
use crate::snapshot::intent::Rename;
use crate::syntax::RenameMethod;

/// The ladder of a renamed column and of those bound to it; none when another of them has it.
pub(super) fn ladders(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Vec<Ladder>> {
    if !is_renamed(lowering, rename) {
        return Ok(Vec::new());
    }
    twin(lowering, rename)?;
    match group(lowering, &rename.to, &twins(lowering)) {
        Some(group) => group.ladders(),
        None => Ok(Vec::new()),
    }
}

/// The columns that are written under both names.
pub(super) fn renamed_twins(lowering: &Lowering<'_>) -> Vec<Twin> {
    lowering
        .intent
        .renames
        .iter()
        .filter(|rename| is_renamed(lowering, rename))
        .filter_map(|rename| twin(lowering, rename).ok())
        .collect()
}

/// The old identities of such columns, for what has to be made anew around them.
pub(super) fn old_columns(lowering: &Lowering<'_>) -> Vec<ObjectId> {
    let renames = &lowering.intent.renames;
    renames
        .iter()
        .filter(|rename| is_renamed(lowering, rename))
        .map(|rename| current(rename, renames))
        .collect()
}

/// The group of a renamed column.
pub(super) fn group<'a>(lowering: &'a Lowering<'a>, to: &ObjectId, twins: &[Twin]) -> Option<Group<'a>> {
    let twin = twins.iter().find(|twin| &twin.ends.to == to)?;
    Group::of(
        lowering,
        to,
        twins,
        format!("{} is renamed to {}", describe(&twin.ends.from), to.last_name()),
        "the old application knows the old name and the new one the new name: both are written until the old one is \
         gone, and a trigger keeps them equal",
    )
}

fn is_renamed(lowering: &Lowering<'_>, rename: &Rename) -> bool {
    let from = current(rename, &lowering.intent.renames);
    match rename.method {
        RenameMethod::DualWrite => {
            matches!(rename.to, ObjectId::Column(..)) && lowering.is_dropped(&from) && lowering.is_created(&rename.to)
        }
        RenameMethod::View | RenameMethod::Direct => false,
    }
}

fn twin(lowering: &Lowering<'_>, rename: &Rename) -> Lowered<Twin> {
    let from = current(rename, &lowering.intent.renames);
    let conversion = conversion(lowering, &from, &rename.to)?;
    let entries = Pair::new(lowering.from(&from), lowering.to(&rename.to));
    let (Some(old), Some(new), Some(table)) = (entries.from, entries.to, rename.to.parent()) else {
        return Err(super::refuse::unsupported(
            lowering,
            &rename.to,
            format!("{} is not a column of a table", describe(&rename.to)),
            "Columns of tables can be renamed.",
        ));
    };
    Ok(Twin {
        table,
        new: rename.to.clone(),
        old: from.clone(),
        ends: Pair::new(from, rename.to.clone()),
        entries: Pair::new(old.clone(), new.clone()),
        conversion,
        writers: Writers::BothNames,
    })
}
