//! FOREIGN KEY on a table that stays.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | LOCK TABLE referenced, then referencing; ADD CONSTRAINT … NOT VALID | SHARE ROW EXCLUSIVE on both, catalog only | enforce; expand over new columns alone | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, ROW SHARE on the referenced table, scan | enforce | – |
//!
//! The referenced table is locked first, because that order makes no circle with the locks of the checks of foreign keys.
//! On a partitioned table see `partitioned_foreign_key`.

use super::check::validated_after;
use super::{first_phase, partitioned_foreign_key, takeover};
use crate::catalog::ObjectId;
use crate::catalog::constraint::{Constraint, ForeignKey};
use crate::catalog::table::Validation;
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Ladder, LockMode, Phase, Rung, State, Statement};

/// A new foreign key.
pub(super) fn add(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
) -> Lowered<Vec<Ladder>> {
    let phase = first_phase(lowering, &key.columns);
    let steps = rungs(lowering, id, constraint, key, phase);
    let why = "new rows obey it first; old rows are then checked under a lock that lets writers go on";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// The rungs of a foreign key under its own name, first enforced in a phase.
pub(super) fn rungs(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
    phase: Phase,
) -> Vec<Rung> {
    let mut steps = rungs_by_relation(lowering, id, constraint, key, phase);
    // As long as a key that goes is there, the server might bind the foreign key to it.
    let successors = takeover::successors(lowering, key);
    for statement in steps.first_mut().into_iter().flat_map(|first| &mut first.up) {
        statement.requires.extend(successors.iter().cloned());
    }
    steps
}

fn rungs_by_relation(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
    phase: Phase,
) -> Vec<Rung> {
    let relation = facts::relation(id);
    let valid = constraint.validation == Validation::Valid;
    if facts::is_partitioned(lowering.pair.to, &relation) {
        return partitioned_foreign_key::rungs(lowering, id, constraint, key, phase);
    }
    let at_once = !valid || lowering.care(&relation) == Care::Direct;
    let mut first = constraint.clone();
    if !at_once {
        first.validation = Validation::NotValid;
    }
    let mut up = locks(lowering, &relation, key);
    up.push(lowering.add_constraint(id, &first, format!("New rows obey {}.", describe(id))));
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let mut steps = vec![rung(
        State::Enforced,
        phase,
        up,
        vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))],
    )];
    if !at_once {
        steps.push(validated_after(lowering, id, constraint, phase));
    }
    steps
}

/// The locks in the order that makes no circle with running checks of foreign keys.
pub(super) fn locks(lowering: &Lowering<'_>, relation: &ObjectId, key: &ForeignKey) -> Vec<Statement> {
    let mut relations = vec![key.table.clone()];
    if &key.table != relation {
        relations.push(relation.clone());
    }
    // What the plan makes itself, nobody waits for; one table needs no order.
    relations.retain(|relation| lowering.pair.from.contains(relation));
    if relations.len() < 2 {
        return Vec::new();
    }
    let action = Action::LockTable {
        relations,
        mode: LockMode::ShareRowExclusive,
    };
    vec![lowering.statement(
        action,
        "Both tables are locked in the order that running checks take, so that no deadlock comes of it.",
    )]
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::lower::testing::ups;
    use expect_test::expect;

    #[test]
    fn the_referenced_table_is_locked_first() {
        let found = ups(
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int);",
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p);",
        );
        expect![[r#"
            enforce: LOCK TABLE public.p, public.c IN SHARE ROW EXCLUSIVE MODE
            enforce: ALTER TABLE public.c ADD CONSTRAINT c_p_fkey FOREIGN KEY (p) REFERENCES public.p (id) NOT VALID
            enforce: ALTER TABLE public.c VALIDATE CONSTRAINT c_p_fkey
            enforce: DO $$ BEGIN IF NOT EXISTS ( SELECT FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('public.c') AND conname = 'c_p_fkey' AND convalidated ) THEN RAISE EXCEPTION 'constraint c_p_fkey of public.c is missing or not validated'; END IF; END $$
        "#]].assert_eq(&found);
    }
}
