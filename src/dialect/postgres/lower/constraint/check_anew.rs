//! CHECK that must be dropped and added again, because what it is compiled against is made anew: a function.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | a check that it is valid | – | expand | VALIDATE CONSTRAINT of the old form |
//! | Absent | DROP CONSTRAINT | ACCESS EXCLUSIVE, catalog only | expand | ADD CONSTRAINT … NOT VALID, the old form |
//! | Enforced | ADD CONSTRAINT … NOT VALID | ACCESS EXCLUSIVE, catalog only | expand | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | expand | – |
//!
//! All but the scans is one transaction with what it waits for, so no row is written that neither form has seen; in both
//! directions old rows are checked in a file of their own.

use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::Validation;
use crate::dialect::postgres::action::Expectation;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::make;
use crate::pair::Pair;
use crate::plan::{Company, Phase, Rung, State, Statement};

/// The rungs of such a check; none where the rows are few, or another kind of constraint is made anew.
pub(in super::super) fn rungs(lowering: &Lowering<'_>, id: &ObjectId) -> Option<Vec<Rung>> {
    let pair = Pair::new(
        facts::constraint(lowering.pair.from, id)?,
        facts::constraint(lowering.pair.to, id)?,
    );
    let is_valid_check = |constraint: &Constraint| {
        matches!(constraint.kind, ConstraintKind::Check { .. }) && constraint.validation == Validation::Valid
    };
    let table = facts::relation(id);
    if !is_valid_check(pair.from) || !is_valid_check(pair.to) || lowering.care(&table) == Care::Direct {
        return None;
    }
    let there = lowering.verify(
        Expectation::ConstraintValid(id.clone()),
        format!("{} is there; the way back checks old rows here.", describe(id)),
    );
    let before = Rung {
        company: Company::Scan,
        ..rung(
            State::Present,
            Phase::Expand,
            vec![there],
            vec![lowering.validate_constraint(id, pair.from)],
        )
    };
    let gone = |constraint: &Constraint| {
        vec![lowering.drop_constraint(id, constraint, format!("{} is dropped and added again.", describe(id)))]
    };
    let absent = rung(
        State::Absent,
        Phase::Expand,
        gone(pair.from),
        not_valid(lowering, id, pair.from),
    );
    let enforced = rung(
        State::Enforced,
        Phase::Expand,
        not_valid(lowering, id, pair.to),
        gone(pair.to),
    );
    let mut validated = super::check::validated(lowering, id, pair.to);
    validated.phase = Phase::Expand;
    Some(vec![before, absent, enforced, validated])
}

/// ADD CONSTRAINT … NOT VALID, with the constraint's comment.
fn not_valid(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Vec<Statement> {
    let first = Constraint {
        validation: Validation::NotValid,
        ..constraint.clone()
    };
    let mut made = vec![lowering.add_constraint(id, &first, format!("New rows obey {}.", describe(id)))];
    if let Some(entry) = lowering.to(id) {
        made.extend(make::completion(lowering, id, entry));
    }
    made
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_check_that_calls_a_function_of_another_signature_is_added_again_and_validated_apart() {
        let of = |data_type: &str, call: &str| {
            format!(
                "CREATE FUNCTION f(v {data_type}) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT v > 0';
                 CREATE TABLE t (a int, CONSTRAINT c CHECK (f({call})));"
            )
        };
        let (from, to) = (of("int", "a"), of("bigint", "a::bigint"));
        expect![[r#"
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 'c' AND convalidated ) THEN RAISE EXCEPTION 'constraint c of public.t is missing or not validated'; END IF; END $$
            expand: ALTER TABLE public.t DROP CONSTRAINT c
            expand: DROP FUNCTION public.f(integer)
            expand: CREATE FUNCTION public.f(v bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$SELECT v > 0$$
            expand: ALTER TABLE public.t ADD CONSTRAINT c CHECK (public.f((a)::bigint)) NOT VALID
            expand: ALTER TABLE public.t VALIDATE CONSTRAINT c
            expand: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.t') AND conname = 'c' AND convalidated ) THEN RAISE EXCEPTION 'constraint c of public.t is missing or not validated'; END IF; END $$
        "#]]
        .assert_eq(&ups(&from, &to));
        expect![[r#"
            expand: ALTER TABLE public.t DROP CONSTRAINT c
            expand: DROP FUNCTION public.f(bigint)
            expand: CREATE FUNCTION public.f(v integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$SELECT v > 0$$
            expand: ALTER TABLE public.t ADD CONSTRAINT c CHECK (public.f(a)) NOT VALID
            expand: ALTER TABLE public.t VALIDATE CONSTRAINT c
        "#]]
        .assert_eq(&downs(&from, &to));
    }
}
