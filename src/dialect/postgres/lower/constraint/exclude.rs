//! EXCLUDE on a table that stays, and a key WITHOUT OVERLAPS, which is one inside.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | ADD CONSTRAINT | ACCESS EXCLUSIVE while the index is built | enforce | DROP CONSTRAINT |
//!
//! Neither can it be NOT VALID nor take over an index that was built concurrently: on a table that is not small the
//! build is a hazard.

use super::not_null_first;
use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::diagnostic::Code;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make, refuse};
use crate::plan::{Ladder, Phase, State};

/// A new exclusion constraint.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Lowered<Vec<Ladder>> {
    let message = format!(
        "{} can only be built under a lock that keeps readers and writers out",
        describe(id)
    );
    refuse::hazard_of_rows(lowering, Code::ExclusionBuild, id, message)?;
    let mut steps = match &constraint.kind {
        ConstraintKind::Key(key) => not_null_first(lowering, key),
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => Vec::new(),
    };
    let up = make::statements(lowering, lowering.pair.to, id)?;
    let down = make::undo(lowering, lowering.pair.to, id);
    steps.push(rung(State::Public, Phase::Enforce, up, down));
    let why = "the table is small, or the lock is taken";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::said;
    use expect_test::expect;

    #[test]
    fn an_exclusion_constraint_is_a_hazard() {
        let found = said(
            "CREATE TABLE t (r int4range);",
            "CREATE TABLE t (r int4range, CONSTRAINT e EXCLUDE USING gist (r WITH &&));",
        );
        expect![[r#"
            exclusion-build: constraint e of public.t can only be built under a lock that keeps readers and writers out
        "#]]
        .assert_eq(&found);
    }
}
