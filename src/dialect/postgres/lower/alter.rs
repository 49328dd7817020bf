//! Objects that differ: which pattern makes which difference.

use super::lowering::Lowering;
use super::{
    Lowered, column, common, constraint, default, definition, index, program, provided, routine, sequence, table,
    types, view,
};
use crate::catalog::{Object, ObjectId};
use crate::diff::Attribute;
use crate::plan::Ladder;

/// The ladders of an object that differs in attributes and is not made anew.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId, attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.to(id) else {
        return Ok(Vec::new());
    };
    if matches!(entry.object, Object::Provided(_)) {
        return provided::ladders(lowering, id);
    }
    let own: Vec<Attribute> = attributes
        .iter()
        .copied()
        .filter(|attribute| !is_common(*attribute))
        .collect();
    let mut ladders = if own.is_empty() {
        Vec::new()
    } else {
        match &entry.object {
            Object::Table(_) => table::alter(lowering, id, &own)?,
            Object::Column(_) => column::alter(lowering, id, &own)?,
            Object::Default(_) => default::alter(lowering, id, &own)?,
            Object::Constraint(_) => constraint::alter(lowering, id, &own)?,
            Object::Index(_) => index::alter(lowering, id, &own)?,
            Object::Sequence(_) => sequence::alter(lowering, id, &own)?,
            Object::View(_) | Object::MaterializedView(_) | Object::ViewColumn => view::alter(lowering, id, &own)?,
            Object::Type(_) | Object::DomainConstraint(_) => types::alter(lowering, id, &own)?,
            Object::Routine(_) => routine::alter(lowering, id, &own)?,
            Object::Trigger(_) | Object::Rule(_) | Object::Policy(_) => program::alter(lowering, id, &own)?,
            Object::Definition(_)
            | Object::Extension(_)
            | Object::Schema
            | Object::DefaultPrivileges(_)
            | Object::Provided(_) => definition::alter(lowering, id, &own)?,
        }
    };
    // What is said of an index or constraint that is made anew is said of the new one as it is made.
    let is_made_anew = match &entry.object {
        Object::Index(_) | Object::Constraint(_) => index::is_changed(lowering, id),
        _ => false,
    };
    let said = |attribute: Attribute| attribute == Attribute::Comment && is_made_anew;
    let common = attributes.iter().copied().filter(|attribute| is_common(*attribute));
    for attribute in common.filter(|attribute| !said(*attribute)) {
        // Default privileges are their privileges: the pattern for their kind makes the difference.
        if matches!(entry.object, Object::DefaultPrivileges(_)) {
            ladders.extend(definition::alter(lowering, id, &[attribute])?);
        } else {
            ladders.extend(common::alter(lowering, id, attribute)?);
        }
    }
    Ok(ladders)
}

/// Attributes that every kind has.
fn is_common(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::Owner
            | Attribute::Comment
            | Attribute::HiddenComments
            | Attribute::Privileges
            | Attribute::SecurityLabels
            | Attribute::ExtensionMembership
            | Attribute::ExtensionDependence
    )
}
