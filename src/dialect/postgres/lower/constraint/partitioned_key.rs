//! UNIQUE and PRIMARY KEY on a partitioned table that stays.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced, for each partition | DROP INDEX CONCURRENTLY IF EXISTS; CREATE UNIQUE INDEX CONCURRENTLY | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | … Validated | of a primary key: the rungs of NOT NULL for its columns | see `column::not_null` | enforce | see there |
//! | Public | ALTER TABLE ONLY … ADD CONSTRAINT; for each partition ADD CONSTRAINT … USING INDEX, ATTACH PARTITION | ACCESS EXCLUSIVE on all, catalog only | enforce | DROP CONSTRAINT |
//!
//! The parts must be constraints: a partition's plain index would not be adopted but built again. Until the last part is
//! attached the key is invalid, so all of it is one transaction.

use super::key::{index_of, using_index};
use super::{not_null_first, waits_for_backfill};
use crate::catalog::constraint::{Constraint, ConstraintKind, Key};
use crate::catalog::table::Inheritance;
use crate::catalog::{Entry, Object, ObjectId, QualifiedName};
use crate::dialect::postgres::action::{Action, Scope, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::index::concurrently;
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make};
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new key of a partitioned table.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key) -> Lowered<Vec<Ladder>> {
    let phase = if waits_for_backfill(lowering, &key.columns) {
        Phase::Enforce
    } else {
        Phase::Expand
    };
    let mut made = Made {
        phase,
        steps: Vec::new(),
        up: Vec::new(),
        down: vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))],
    };
    collect(lowering, id, constraint, key, &mut made);
    let Made {
        mut steps,
        mut up,
        down,
        ..
    } = made;
    steps.extend(not_null_first(lowering, key));
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let mut last = rung(State::Public, Phase::Enforce, up, down);
    last.company = Company::NextFile;
    steps.push(last);
    let why = "the indexes of the partitions are built while writers go on, and then become the constraint's";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// What is collected on the way through the partitions.
struct Made {
    phase: Phase,
    /// The rungs that build indexes.
    steps: Vec<Rung>,
    /// The statements that make constraints of them.
    up: Vec<Statement>,
    /// The way back.
    down: Vec<Statement>,
}

/// The rungs that build the partitions' indexes, and the statements that make the constraints of them.
fn collect(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key, made: &mut Made) {
    let relation = facts::relation(id);
    let mut own = constraint.clone();
    own.parent = None;
    made.up.push(lowering.alter_table_within(
        Scope::Only,
        &relation,
        vec![TableForm::AddConstraint(id.clone(), Box::new(own))],
        format!("{} is made without touching the partitions.", describe(id)),
    ));
    for partition in lowering.partitions(SideOf::To, &relation) {
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        if lowering.is_created(&partition) {
            // It brings its part and is attached with it.
            continue;
        }
        let named = |part: &&ObjectId| {
            facts::relation(part) == partition
                && facts::constraint(lowering.pair.to, part).is_some_and(|part| part.parent.as_ref() == Some(id))
        };
        let Some(part) = lowering.users(SideOf::To, id).iter().find(named).cloned() else {
            continue;
        };
        let part_key = of_partition(key, name);
        let part_constraint = Constraint {
            kind: ConstraintKind::Key(part_key.clone()),
            inheritance: Inheritance::Local,
            parent: None,
            ..constraint.clone()
        };
        if lowering.is_created(&part) {
            if facts::is_partitioned(lowering.pair.to, &partition) {
                collect(lowering, &part, &part_constraint, &part_key, made);
            } else {
                let index_id = ObjectId::Relation(name.with_name(part.last_name()));
                let index = index_of(&partition, &part_key);
                made.steps.extend(concurrently(lowering, &index_id, &index, made.phase));
                // On the way back the index is gone with its constraint: it is built again.
                made.down.push(lowering.statement(
                    Action::create(index_id.clone(), Entry::new(Object::Index(Box::new(index))), Vec::new()),
                    "The index stands by itself again.",
                ));
                made.up.push(using_index(lowering, &part, &part_constraint, &index_id));
            }
        }
        made.up.push(lowering.statement(
            Action::AttachIndex {
                parent: id.clone(),
                index: part.clone(),
            },
            format!("{} becomes a part of {}.", describe(&part), describe(id)),
        ));
    }
}

fn of_partition(key: &Key, partition: &QualifiedName) -> Key {
    let moved = |columns: &[ObjectId]| {
        columns
            .iter()
            .map(|column| ObjectId::Column(partition.clone(), column.last_name()))
            .collect()
    };
    Key {
        columns: moved(&key.columns),
        include: moved(&key.include),
        ..key.clone()
    }
}
