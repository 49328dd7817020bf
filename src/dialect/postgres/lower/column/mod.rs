//! Columns of tables that stay: which pattern makes which difference.

mod add;
mod below;
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

use super::lowering::Lowering;
use super::{Lowered, column_type};
use crate::catalog::ObjectId;
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
                below::stays_without_parent(lowering, id)?;
                below::is_said_by_nothing(lowering, id)?;
                Vec::new()
            }
            other => return Err(lowering.no_pattern(id, &format!("a change of {other:?}"))),
        });
    }
    Ok(ladders)
}
