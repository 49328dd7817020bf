//! Tables that differ in attributes of their own.

use super::Lowered;
use super::lowering::Lowering;
use crate::catalog::ObjectId;
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::Attribute;
use crate::plan::Ladder;

/// Not lowered yet.
pub(super) fn alter(_lowering: &Lowering<'_>, id: &ObjectId, _attributes: &[Attribute]) -> Lowered<Vec<Ladder>> {
    Err(Box::new(Diagnostic::error(
        Code::UnsupportedClause,
        format!(
            "this change of {} is not lowered yet",
            crate::dialect::postgres::describe(id)
        ),
    )))
}
