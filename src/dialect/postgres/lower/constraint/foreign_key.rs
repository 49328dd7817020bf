//! FOREIGN KEY on a table that stays.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | LOCK TABLE referenced, then referencing; ADD CONSTRAINT … NOT VALID | SHARE ROW EXCLUSIVE on both, catalog only | enforce; expand over new columns alone | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, ROW SHARE on the referenced table, scan | enforce | – |
//!
//! The referenced table is locked first, because that order makes no circle with the locks of the checks of foreign keys.
//! Servers before 18 have no NOT VALID on a partitioned table: each partition gets its key so, and the parent's, added
//! at last, adopts them without reading a row:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | for each partition: LOCK TABLE; ADD CONSTRAINT … NOT VALID | SHARE ROW EXCLUSIVE, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | for each partition: VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//! | Public | ADD CONSTRAINT on the partitioned table | ACCESS EXCLUSIVE on the referenced table, catalog only | enforce | DROP CONSTRAINT, ADD to the partitions |

use super::check::{validated, validated_after};
use super::first_phase;
use crate::catalog::constraint::{Constraint, ConstraintKind, ForeignKey};
use crate::catalog::table::{Inheritance, Validation};
use crate::catalog::{ObjectId, QualifiedName};
use crate::dialect::postgres::action::Action;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Company, Ladder, LockMode, Phase, Rung, State, Statement};

/// The first version with NOT VALID on a partitioned table.
const NOT_VALID_ON_PARTITIONED: u16 = 18;

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
    let relation = facts::relation(id);
    let valid = constraint.validation == Validation::Valid;
    let partitioned =
        facts::is_partitioned(lowering.pair.to, &relation) && lowering.options.version < NOT_VALID_ON_PARTITIONED;
    if valid && partitioned && lowering.care(&relation) == Care::Online {
        return by_partitions(lowering, id, constraint, key);
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

fn by_partitions(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &ForeignKey) -> Vec<Rung> {
    let relation = facts::relation(id);
    let parts = parts(lowering, id, constraint, key, &relation);
    let mut up = Vec::new();
    let mut down = Vec::new();
    for (part, constraint) in &parts {
        let mut first = constraint.clone();
        first.validation = Validation::NotValid;
        up.extend(locks(lowering, &facts::relation(part), key));
        up.push(lowering.add_constraint(part, &first, format!("New rows obey {}.", describe(part))));
        down.push(lowering.drop_constraint(part, constraint, format!("{} is dropped.", describe(part))));
    }
    let mut steps = Vec::new();
    if !parts.is_empty() {
        steps.push(rung(State::Enforced, Phase::Enforce, up.clone(), down));
    }
    for (part, constraint) in &parts {
        let mut step = validated(lowering, part, constraint);
        step.company = Company::Scan;
        steps.push(step);
    }
    let mut last = locks(lowering, &relation, key);
    last.push(lowering.add_constraint(
        id,
        constraint,
        format!("{} adopts those of the partitions.", describe(id)),
    ));
    if let Some(entry) = lowering.to(id) {
        last.extend(make::completion(lowering, id, entry));
    }
    let mut back = vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))];
    back.extend(up);
    steps.push(rung(State::Public, Phase::Enforce, last, back));
    steps
}

/// The keys of the partitions at the lowest level, under the names that they have in the wanted schema.
fn parts(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
    relation: &ObjectId,
) -> Vec<(ObjectId, Constraint)> {
    let mut found = Vec::new();
    for partition in lowering.partitions(SideOf::From, relation) {
        if !lowering.pair.to.contains(&partition) {
            continue;
        }
        let named = |part: &&ObjectId| {
            facts::relation(part) == partition
                && facts::constraint(lowering.pair.to, part).is_some_and(|part| part.parent.as_ref() == Some(id))
        };
        let part = lowering.users(SideOf::To, id).iter().find(named).cloned();
        let part = part.unwrap_or_else(|| facts::constraint_named(&partition, id.last_name()));
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        let moved = Constraint {
            kind: ConstraintKind::ForeignKey(of_partition(key, name)),
            inheritance: Inheritance::Local,
            parent: None,
            ..constraint.clone()
        };
        if facts::is_partitioned(lowering.pair.to, &partition) {
            let ConstraintKind::ForeignKey(key) = &moved.kind else {
                continue;
            };
            found.extend(parts(lowering, &part, &moved, key, &partition));
        } else {
            found.push((part, moved));
        }
    }
    found
}

/// The same key over the columns of a partition.
fn of_partition(key: &ForeignKey, partition: &QualifiedName) -> ForeignKey {
    let moved = |columns: &[ObjectId]| {
        columns
            .iter()
            .map(|column| ObjectId::Column(partition.clone(), column.last_name()))
            .collect()
    };
    ForeignKey {
        columns: moved(&key.columns),
        on_delete_columns: moved(&key.on_delete_columns),
        ..key.clone()
    }
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
