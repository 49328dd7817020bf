//! UNIQUE and PRIMARY KEY on a partitioned table that stays.
//!
//! A new key:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | a check that no two rows are equal | ACCESS SHARE, scan | expand | – |
//! | Enforced, for each partition | DROP INDEX CONCURRENTLY IF EXISTS; CREATE UNIQUE INDEX CONCURRENTLY | SHARE UPDATE EXCLUSIVE | expand | DROP INDEX CONCURRENTLY |
//! | … Validated | of a primary key: the rungs of NOT NULL for its columns | see `column::not_null` | enforce | see there |
//! | Public | ALTER TABLE ONLY … ADD CONSTRAINT; for each partition ADD CONSTRAINT … USING INDEX, ATTACH PARTITION | ACCESS EXCLUSIVE on all, catalog only | enforce | DROP CONSTRAINT |
//!
//! A key over other columns has the same rungs, its indexes under names of scaffolding, and its last one begins with the
//! DROP CONSTRAINT of the old key. On the way back the old indexes are built under the lock.
//!
//! The parts must be constraints: a partition's plain index would not be adopted but built again. Until the last part is
//! attached the key is invalid, so all of it is one transaction. A partition that the plan creates brings its part along and
//! is attached as it comes; the key then takes the part in.

use super::key::{index_of, using_index};
use super::{not_null_first, nullable_again, takeover, waits_for_backfill};
use crate::catalog::constraint::{Constraint, ConstraintKind, Key};
use crate::catalog::table::Inheritance;
use crate::catalog::{Entry, Ident, Object, ObjectId, QualifiedName};
use crate::dialect::postgres::action::{Action, Scope, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, SideOf};
use crate::dialect::postgres::lower::index::{concurrently, without_duplicates};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::{Lowered, built, make, partition};
use crate::plan::{Company, Ladder, Phase, Rung, State, Statement};

/// A new key of a partitioned table.
pub(super) fn add(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key) -> Lowered<Vec<Ladder>> {
    let mut made = Made::new(lowering, id, key, Names::Own);
    made.down
        .push(lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id))));
    collect(lowering, id, constraint, key, &mut made);
    let Made {
        mut steps, up, down, ..
    } = made;
    steps.extend(not_null_first(lowering, key));
    let mut last = last(lowering, id, up, down);
    let later = takeover::take_over(lowering, id, key, &mut last)?;
    steps.push(last);
    steps.extend(later);
    let why = "the indexes of the partitions are built while writers go on, and then become the constraint's";
    built(
        id,
        Ladder::new(id.clone(), format!("{} is added", describe(id)), why, steps),
    )
}

/// The rungs of a key that is over other columns now.
pub(super) fn changed(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    to: &Constraint,
    old: &Key,
    key: &Key,
) -> Lowered<Vec<Rung>> {
    let mut made = Made::new(lowering, id, key, Names::Scaffolding);
    let (after, before) = nullable_again(lowering, old);
    made.up.extend(make::undo(lowering, lowering.pair.from, id));
    made.down
        .push(lowering.drop_constraint(id, to, format!("{} is dropped.", describe(id))));
    made.down.extend(before);
    again(lowering, id, &mut made.down);
    collect(lowering, id, to, key, &mut made);
    let Made {
        mut steps,
        mut up,
        down,
        ..
    } = made;
    steps.extend(not_null_first(lowering, key));
    up.extend(after);
    let mut last = last(lowering, id, up, down);
    let later = takeover::take_over(lowering, id, key, &mut last)?;
    steps.push(last);
    steps.extend(later);
    Ok(steps)
}

fn last(lowering: &Lowering<'_>, id: &ObjectId, mut up: Vec<Statement>, down: Vec<Statement>) -> Rung {
    if let Some(entry) = lowering.to(id) {
        up.extend(make::completion(lowering, id, entry));
    }
    let mut last = rung(State::Public, Phase::Enforce, up, down);
    last.company = Company::NextFile;
    last
}

/// What the new indexes are called until they are the key's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// As the key's parts are.
    Own,
    /// By scaffolding, because the old key's parts have those names.
    Scaffolding,
}

/// What is collected on the way through the partitions.
struct Made {
    phase: Phase,
    names: Names,
    /// The rungs that build indexes.
    steps: Vec<Rung>,
    /// The statements that make constraints of them.
    up: Vec<Statement>,
    /// The way back.
    down: Vec<Statement>,
}

impl Made {
    fn new(lowering: &Lowering<'_>, id: &ObjectId, key: &Key, names: Names) -> Made {
        let phase = if waits_for_backfill(lowering, &key.columns) {
            Phase::Enforce
        } else {
            Phase::Expand
        };
        let relation = facts::relation(id);
        let index = index_of(&relation, key);
        Made {
            phase,
            names,
            steps: without_duplicates(lowering, id, &index, phase).into_iter().collect(),
            up: Vec::new(),
            down: Vec::new(),
        }
    }
}

/// The rungs that build the partitions' indexes, and the statements that make the constraints of them.
fn collect(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &Key, made: &mut Made) {
    made.up.push(on_only(lowering, id, constraint));
    for (partition, part) in parts(lowering, SideOf::To, id) {
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        let part_key = of_partition(key, name);
        let part_constraint = Constraint {
            kind: ConstraintKind::Key(part_key.clone()),
            inheritance: Inheritance::Local,
            parent: None,
            ..constraint.clone()
        };
        if lowering.is_created(&partition) {
            if partition::waits(lowering, &facts::relation(id)) {
                // It is attached when the key is what it will be, and brings its part.
                continue;
            }
            if made.names == Names::Scaffolding {
                // It is attached when the key is what it will be.
                continue;
            }
            // It brought its part along, which goes with the key on the way back.
            made.down
                .push(lowering.add_constraint(&part, &part_constraint, "The partition keeps its own."));
        } else if facts::is_partitioned(lowering.pair.to, &partition) {
            if lowering.is_created(&part) || made.names == Names::Scaffolding || takes_name(lowering, &part) {
                collect(lowering, &part, &part_constraint, &part_key, made);
            }
        } else if lowering.is_created(&part) || made.names == Names::Scaffolding || takes_name(lowering, &part) {
            let identity = |index: Ident| ObjectId::Relation(name.with_name(index));
            let names = match takes_name(lowering, &part) {
                true => Names::Scaffolding,
                false => made.names,
            };
            let index_id = match names {
                Names::Own => identity(part.last_name()),
                Names::Scaffolding => identity(lowering.scaffold_name(part.last_name().as_str(), "new", identity)),
            };
            let index = index_of(&partition, &part_key);
            made.steps.extend(concurrently(lowering, &index_id, &index, made.phase));
            // On the way back the index is gone with its constraint: it is built again.
            made.down.push(lowering.statement(
                Action::create(index_id.clone(), Entry::new(Object::Index(Box::new(index))), Vec::new()),
                "The index stands by itself again.",
            ));
            made.up.push(using_index(lowering, &part, &part_constraint, &index_id));
        }
        made.up.push(attached(lowering, id, &part));
    }
}

/// Whether a part has the name that a part of the key has whose place the new key takes.
fn takes_name(lowering: &Lowering<'_>, part: &ObjectId) -> bool {
    let parent = |catalog| facts::constraint(catalog, part).and_then(|part| part.parent.as_ref());
    match (parent(lowering.pair.from), parent(lowering.pair.to)) {
        (Some(old), Some(new)) => {
            old != new && (takeover::takes_place(lowering, old, new) || takes_name(lowering, new))
        }
        (None, _) | (_, None) => false,
    }
}

/// The old key once more, part by part under its own names.
pub(super) fn again(lowering: &Lowering<'_>, id: &ObjectId, down: &mut Vec<Statement>) {
    let Some(constraint) = facts::constraint(lowering.pair.from, id) else {
        return;
    };
    if facts::is_partitioned(lowering.pair.from, &facts::relation(id)) {
        down.push(on_only(lowering, id, constraint));
        for (partition, part) in parts(lowering, SideOf::From, id) {
            if lowering.is_dropped(&partition) {
                continue;
            }
            again(lowering, &part, down);
            down.push(attached(lowering, id, &part));
        }
    } else {
        let local = Constraint {
            inheritance: Inheritance::Local,
            ..constraint.clone()
        };
        down.push(lowering.add_constraint(id, &local, "Its index is built under the lock."));
    }
    if let Some(entry) = lowering.from(id) {
        down.extend(make::completion(lowering, id, entry));
    }
}

/// `ALTER TABLE ONLY … ADD CONSTRAINT`.
fn on_only(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint) -> Statement {
    let own = Constraint {
        parent: None,
        inheritance: Inheritance::Local,
        ..constraint.clone()
    };
    lowering.alter_table_within(
        Scope::Only,
        &facts::relation(id),
        vec![TableForm::AddConstraint(id.clone(), Box::new(own))],
        format!("{} is made without touching the partitions.", describe(id)),
    )
}

/// `ALTER INDEX … ATTACH PARTITION`.
fn attached(lowering: &Lowering<'_>, id: &ObjectId, part: &ObjectId) -> Statement {
    lowering.statement(
        Action::AttachIndex {
            parent: id.clone(),
            index: part.clone(),
        },
        format!("{} becomes a part of {}.", describe(part), describe(id)),
    )
}

/// The partitions of a key's table with the parts of the key in them.
fn parts(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Vec<(ObjectId, ObjectId)> {
    let catalog = lowering.catalog(side);
    let part_in = |partition: ObjectId| {
        let is_part = |part: &&ObjectId| {
            facts::relation(part) == partition
                && facts::constraint(catalog, part).is_some_and(|part| part.parent.as_ref() == Some(id))
        };
        let part = lowering.users(side, id).iter().find(is_part).cloned()?;
        Some((partition, part))
    };
    let partitions = lowering.partitions(side, &facts::relation(id));
    partitions.into_iter().filter_map(part_in).collect()
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
