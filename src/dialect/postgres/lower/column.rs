//! Columns of tables that stay: added, dropped, changed.

use super::Lowered;
use super::lowering::Lowering;
use crate::catalog::ObjectId;
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::Attribute;
use crate::plan::Ladder;

/// Not lowered yet.
pub(super) fn add(_lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    Err(Box::new(Diagnostic::error(
        Code::UnsupportedClause,
        format!(
            "this change of {} is not lowered yet",
            crate::dialect::postgres::describe(id)
        ),
    )))
}

/// Not lowered yet.
pub(super) fn drop(_lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    Err(Box::new(Diagnostic::error(
        Code::UnsupportedClause,
        format!(
            "this change of {} is not lowered yet",
            crate::dialect::postgres::describe(id)
        ),
    )))
}

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
