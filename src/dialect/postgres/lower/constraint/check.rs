//! CHECK on a table that stays.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | ADD CONSTRAINT … NOT VALID | ACCESS EXCLUSIVE, catalog only | enforce; expand over new columns alone | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//!
//! It is enforced only when the old application is gone or cannot break it: a check that is not valid refuses every
//! update of a row that breaks it, even of other columns. A small table is checked under the lock, in one statement.

use super::first_phase;
use crate::catalog::ObjectId;
use crate::catalog::constraint::Constraint;
use crate::catalog::table::Validation;
use crate::dialect::postgres::action::Expectation;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new check.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Lowered<Vec<Ladder>> {
    let columns = facts::columns_of(constraint, &facts::relation(id));
    let phase = first_phase(lowering, &columns);
    let steps = rungs(lowering, id, constraint, phase);
    let why = "new rows obey it first; old rows are then checked under a lock that lets writers go on";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// The rungs of a check under its own name, first enforced in a phase.
pub(super) fn rungs(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, phase: Phase) -> Vec<Rung> {
    let direct = lowering.care(&facts::relation(id)) == Care::Direct;
    let at_once = match constraint.validation {
        Validation::Valid => direct,
        Validation::NotValid | Validation::NotEnforced => true,
    };
    let mut first = constraint.clone();
    if !at_once {
        first.validation = Validation::NotValid;
    }
    let comment = if at_once {
        format!("{} is added.", describe(id))
    } else {
        format!("New rows obey {}.", describe(id))
    };
    let mut up = vec![lowering.add_constraint(id, &first, comment)];
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let down = vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))];
    let mut steps = vec![rung(State::Enforced, phase, up, down)];
    if !at_once {
        steps.push(validated_after(lowering, id, constraint, phase));
    }
    steps
}

/// The rung that checks old rows of a constraint that is enforced since a phase: where that is an earlier one, the way
/// back takes the validity away again, so that the phase before is what it was.
pub(super) fn validated_after(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, phase: Phase) -> Rung {
    let mut step = validated(lowering, id, constraint);
    if phase < Phase::Enforce {
        let not_valid = Constraint {
            validation: Validation::NotValid,
            ..constraint.clone()
        };
        step.down = unvalidated(lowering, id, constraint, &not_valid);
    }
    step
}

/// DROP and ADD: the only way to a constraint that is not valid.
pub(super) fn unvalidated(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    from: &Constraint,
    to: &Constraint,
) -> Vec<Statement> {
    let mut made = vec![
        lowering.drop_constraint(id, from, format!("{} is dropped and added again.", describe(id))),
        lowering.add_constraint(id, to, "Old rows are not known to obey it."),
    ];
    if let Some(entry) = lowering.to(id).or_else(|| lowering.from(id)) {
        made.extend(make::completion(lowering, id, entry));
    }
    made
}

/// The rung that checks old rows.
pub(super) fn validated(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Rung {
    let mut step = rung(
        State::Validated,
        Phase::Enforce,
        vec![lowering.validate_constraint(id, constraint)],
        Vec::new(),
    );
    step.company = Company::Scan;
    step.verify = vec![lowering.verify(
        Expectation::ConstraintValid(id.clone()),
        format!("{} holds for every row.", describe(id)),
    )];
    step
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn a_check_over_a_new_column_is_enforced_at_once() {
        let found = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int, b int CONSTRAINT t_b_check CHECK (b > 0));",
        );
        expect![[r#"
            expand: ALTER TABLE public.t ADD COLUMN b integer
            expand: ALTER TABLE public.t ADD CONSTRAINT t_b_check CHECK ((b > 0)) NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_b_check
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 't_b_check' AND convalidated ) THEN RAISE EXCEPTION 'constraint t_b_check of public.t is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }

    #[test]
    fn a_check_over_an_old_column_waits_for_the_new_application() {
        let found = ups(
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int CONSTRAINT t_a_check CHECK (a > 0));",
        );
        expect![[r#"
            enforce: ALTER TABLE public.t ADD CONSTRAINT t_a_check CHECK ((a > 0)) NOT VALID
            enforce: ALTER TABLE public.t VALIDATE CONSTRAINT t_a_check
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 't_a_check' AND convalidated ) THEN RAISE EXCEPTION 'constraint t_a_check of public.t is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }
}
