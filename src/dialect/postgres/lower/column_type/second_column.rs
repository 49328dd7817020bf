//! A type that changes through a second column.

use super::super::lowering::Lowering;
use super::super::{Lowered, refuse};
use crate::catalog::ObjectId;
use crate::diagnostic::Code;
use crate::dialect::postgres::describe;
use crate::plan::Ladder;
use std::collections::HashSet;

/// The ladder of the column.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    refuse::hazard(
        lowering,
        Code::TableRewrite,
        id,
        format!("the new type of {} writes its table anew", describe(id)),
        "the table is locked meanwhile",
    )?;
    Ok(Vec::new())
}

/// What the ladder takes upon itself.
pub(super) fn claims(_lowering: &Lowering<'_>, _id: &ObjectId) -> HashSet<ObjectId> {
    HashSet::new()
}
