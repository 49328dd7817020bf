//! What hangs on a column and cannot be carried over while the table is in use: refused, with what can be done instead.

use super::super::Lowered;
use super::super::facts;
use super::super::lowering::Lowering;
use super::super::refuse;
use super::carry::Sort;
use super::expand::is_comparable;
use super::{Group, Twin, Writers, partitions};
use crate::catalog::constraint::{ConstraintKind, Overlaps, Period};
use crate::catalog::table::{Column, Inheritance};
use crate::catalog::{Object, ObjectId};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::{describe, write};

/// Goes on when all can be carried over.
///
/// # Errors
/// The first obstacle.
pub(super) fn check(group: &Group<'_>) -> Lowered<()> {
    let lowering = group.lowering;
    for twin in &group.twins {
        let found = table_obstacle(lowering, &twin.table)
            .or_else(|| column_obstacle(lowering, twin))
            .or_else(|| partitioned_obstacle(lowering, twin));
        if let Some(obstacle) = found {
            return Err(refused(lowering, &twin.ends.to, &obstacle));
        }
    }
    for carried in &group.carried {
        let name = describe(&carried.from.0);
        let same_kind = carried
            .to
            .as_ref()
            .is_none_or(|(_, to)| match (&carried.from.1.object, &to.object) {
                (Object::Constraint(from), Object::Constraint(to)) => {
                    std::mem::discriminant(&from.kind) == std::mem::discriminant(&to.kind)
                }
                (from, to) => std::mem::discriminant(from) == std::mem::discriminant(to),
            });
        let obstacle = match &carried.from.1.object {
            _ if !same_kind => Some(format!("{name} becomes another kind of constraint")),
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Exclude(_) => Some(format!(
                    "{name} is an exclusion constraint, which cannot be built beside the old one"
                )),
                ConstraintKind::Key(key) if key.overlaps == Overlaps::Without => {
                    Some(format!("{name} is a temporal key"))
                }
                ConstraintKind::ForeignKey(key) if key.period == Period::Period => {
                    Some(format!("{name} is a temporal foreign key"))
                }
                ConstraintKind::ForeignKey(key)
                    if constraint.parent.is_some()
                        || group.is_whole(carried)
                        || facts::is_partitioned(lowering.pair.from, &key.table) =>
                {
                    Some(format!("{name} is a foreign key of a partitioned table, or to one"))
                }
                _ if constraint.inheritance == Inheritance::Merged => {
                    Some(format!("{name} is a partition's own and the partitioned table's too"))
                }
                ConstraintKind::Key(_) if carried.sort() == Sort::Primary && carried.to.is_none() => Some(format!(
                    "the primary key {} goes at the same time",
                    carried.from.0.last_name()
                )),
                ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) => None,
            },
            _ => None,
        };
        if let (Some(obstacle), Some(twin)) = (obstacle, group.twins.first()) {
            return Err(refused(lowering, &twin.ends.to, &obstacle));
        }
    }
    Ok(())
}

fn table_obstacle(lowering: &Lowering<'_>, table: &ObjectId) -> Option<String> {
    let Some(Object::Table(definition)) = lowering.from(table).map(|entry| &entry.object) else {
        return Some(format!("{} is not a table", describe(table)));
    };
    if definition.partition_of.is_some() {
        Some("the table is a partition: its columns are those of the partitioned table".to_owned())
    } else if definition.partition_key.is_some() {
        None
    } else if !definition.inherits.is_empty() || !lowering.surroundings.descendants(table).is_empty() {
        Some("the table inherits from others or others from it".to_owned())
    } else if definition.foreign.is_some() {
        Some("the table is foreign".to_owned())
    } else if definition.of_type.is_some() {
        Some("the table is of a composite type, which gives its columns".to_owned())
    } else {
        None
    }
}

fn partitioned_obstacle(lowering: &Lowering<'_>, twin: &Twin) -> Option<String> {
    if !facts::is_partitioned(lowering.pair.from, &twin.table) {
        return None;
    }
    if twin.writers == Writers::BothNames {
        return Some("the table is partitioned, and its columns cannot have two names at a time".to_owned());
    }
    if twin.from()?.identity.is_some() || twin.to()?.identity.is_some() {
        return Some("it is an identity of a partitioned table".to_owned());
    }
    partitions::obstacle(lowering, twin)
}

fn column_obstacle(lowering: &Lowering<'_>, twin: &Twin) -> Option<String> {
    let (from, to): (&Column, &Column) = (twin.from()?, twin.to()?);
    if from.generated.is_some() || to.generated.is_some() {
        return Some("the column is generated".to_owned());
    }
    if from.inheritance != Inheritance::Local || to.inheritance != Inheritance::Local {
        return Some("the column is inherited".to_owned());
    }
    if super::super::column_type::demands(lowering.pair.to, &to.data_type) {
        return Some(format!(
            "{} is a domain with constraints: a new column of it would write the table anew",
            write::data_type(&to.data_type)
        ));
    }
    if twin.writers == Writers::BothNames && ![from, to].into_iter().all(is_comparable) {
        return Some("values of its type cannot be compared, so nobody can tell which name was written".to_owned());
    }
    let owns_sequence = |id: &ObjectId, lowering: &Lowering<'_>| -> bool {
        let found = lowering.pair.from.dependents_of(id);
        found.iter().any(|dependent| {
            matches!(
                lowering.from(dependent).map(|entry| &entry.object),
                Some(Object::Sequence(sequence)) if sequence.owned_by.as_ref() == Some(id)
            )
        })
    };
    if from.identity.is_none() && to.identity.is_some() && owns_sequence(&twin.ends.from, lowering) {
        return Some("a serial becomes an identity at the same time".to_owned());
    }
    for hanger in &lowering.pair.from.dependents_of(&twin.ends.from) {
        if let Some(Object::Column(column)) = lowering.from(hanger).map(|entry| &entry.object)
            && column.generated.is_some()
        {
            return Some(format!("{} is generated from it", describe(hanger)));
        }
    }
    None
}

fn refused(lowering: &Lowering<'_>, id: &ObjectId, obstacle: &str) -> Box<Diagnostic> {
    Box::new(refuse::place(
        lowering,
        id,
        Diagnostic::error(
            Code::TableRewrite,
            format!("{} cannot be changed while its table is in use: {obstacle}", describe(id)),
        )
        .detail("Changed directly, the table is written anew under a lock that shuts out all others.")
        .hint(format!(
            "If the table is small, write \"-- underpin: rows NUMBER\" above it; if it may stand still, use --allow {}.",
            Code::TableRewrite.name()
        )),
    ))
}
