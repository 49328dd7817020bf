//! Types and domains that stay, and the constraints of domains; one file per kind.
//!
//! Here: which pattern makes which change, and which columns of tables hold values of a type, since only they stand in
//! the way of making it anew.

mod composite;
mod domain;
mod enum_anew;
mod enum_labels;
pub(super) mod with_functions;

pub(super) use domain::{add_constraint, drop_constraint};

use super::lowering::Lowering;
use super::{Lowered, refuse};
use crate::catalog::hashing::HashSet;
use crate::catalog::types::Type;
use crate::catalog::{Catalog, Object, ObjectId};
use crate::dialect::postgres::describe;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::Ladder;

/// The ladders of a type or a domain's constraint that differs and is not made anew.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    match (&from.object, &to.object) {
        (Object::Type(from_type), Object::Type(to_type)) => match (&**from_type, &**to_type) {
            (Type::Enum(from), Type::Enum(to)) => enum_labels::alter(lowering, id, Pair::new(from, to)),
            (Type::Composite(from), Type::Composite(to)) => composite::alter(lowering, id, Pair::new(from, to)),
            (Type::Domain(from), Type::Domain(to)) => domain::alter(lowering, id, Pair::new(from, to), attributes),
            (
                Type::Enum(_) | Type::Composite(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell,
                _,
            ) => Ok(Vec::new()),
        },
        (Object::DomainConstraint(from), Object::DomainConstraint(to)) => {
            domain::alter_constraint(lowering, id, Pair::new(from, to))
        }
        _ => Ok(Vec::new()),
    }
}

/// Whether a type differs in something that only DROP and CREATE change.
pub(super) fn needs_replacement(lowering: &Lowering<'_>, id: &ObjectId, from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Enum(_), Type::Enum(_)) => false,
        (Type::Composite(from), Type::Composite(to)) => {
            !composite::can_be_altered(Pair::new(from, to)) && holders(lowering.pair.from, id).is_empty()
        }
        (Type::Domain(from), Type::Domain(to)) => from.base != to.base || from.collation != to.collation,
        (Type::Range(from), Type::Range(to)) => from != to,
        (Type::Base(from), Type::Base(to)) => from != to,
        (Type::Shell, Type::Shell) => false,
        (Type::Enum(_) | Type::Composite(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell, _) => {
            true
        }
    }
}

/// Whether a type can be dropped and made anew: no row holds a value of it.
///
/// # Errors
/// The columns that do.
pub(super) fn may_be_replaced(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<()> {
    let with_functions = |catalog| !with_functions::functions(catalog, id).is_empty();
    if with_functions(lowering.pair.from) || with_functions(lowering.pair.to) {
        return Err(refuse::unsupported(
            lowering,
            id,
            format!(
                "{} and its functions depend on each other, and cannot be changed in this way",
                describe(id)
            ),
            "Make a type of another name with functions of its own beside it, and drop the old one.",
        ));
    }
    let columns = holders(lowering.pair.from, id);
    let mut staying = columns
        .iter()
        .filter(|column| lowering.pair.to.contains(column) && is_still_held(lowering, column, id));
    let Some(column) = staying.next() else {
        return Ok(());
    };
    Err(refuse::unsupported(
        lowering,
        id,
        format!(
            "{} cannot be changed in this way while {} uses it",
            describe(id),
            describe(column)
        ),
        "Make a type of another name beside it, give the columns that type, and drop the old one.",
    ))
}

/// The columns of tables that hold values of a type, through arrays, domains, composite types and ranges too.
pub(super) fn holders(catalog: &Catalog, id: &ObjectId) -> Vec<ObjectId> {
    let (mut waiting, mut seen, mut found) = (vec![id.clone()], HashSet::default(), Vec::new());
    while let Some(current) = waiting.pop() {
        if !seen.insert(current.clone()) {
            continue;
        }
        for dependent in catalog.dependents_of(&current) {
            match catalog.get(&dependent).map(|entry| &entry.object) {
                Some(Object::Column(column)) if is_of(&column.data_type.name, &current) => found.push(dependent),
                Some(Object::Type(_)) => waiting.push(dependent),
                _ => {}
            }
        }
    }
    found.sort_by_key(|column| catalog.position(column));
    found.dedup();
    found
}

fn is_still_held(lowering: &Lowering<'_>, column: &ObjectId, id: &ObjectId) -> bool {
    let wanted = holders(lowering.pair.to, id);
    wanted.contains(column)
}

fn is_of(name: &crate::catalog::QualifiedName, id: &ObjectId) -> bool {
    matches!(id, ObjectId::Type(own) | ObjectId::Relation(own) if own == name)
}

/// The tables of columns, each once, in order.
fn tables_of(columns: &[ObjectId]) -> Vec<ObjectId> {
    let mut tables: Vec<ObjectId> = Vec::new();
    for table in columns.iter().filter_map(ObjectId::parent) {
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    tables
}
