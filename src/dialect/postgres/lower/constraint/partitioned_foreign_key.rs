//! FOREIGN KEY of a partitioned table that stays.
//!
//! PostgreSQL 18:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | LOCK TABLE; ADD CONSTRAINT … NOT VALID | SHARE ROW EXCLUSIVE on all, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//!
//! Servers before 18 have no NOT VALID on a partitioned table (SQLSTATE 42809): each partition gets its key so, and the
//! parent's, added at last, adopts them without reading a row:
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Enforced | for each partition: LOCK TABLE; ADD CONSTRAINT … NOT VALID | SHARE ROW EXCLUSIVE, catalog only | enforce | DROP CONSTRAINT |
//! | Validated | for each partition: VALIDATE CONSTRAINT | SHARE UPDATE EXCLUSIVE, scan | enforce | – |
//! | Public | ADD CONSTRAINT on the partitioned table | ACCESS EXCLUSIVE on the referenced table, catalog only | enforce | DROP CONSTRAINT, ADD to the partitions |
//!
//! A partition may have an equal key of its own already: the parent's adopts it, and takes it along when it is dropped, so
//! that the way back has to add it again. The same holds forward, where the parent's key goes and the partition's is to stay.

use super::check::{validated, validated_after};
use super::foreign_key::locks;
use crate::catalog::constraint::{Constraint, ConstraintKind, ForeignKey};
use crate::catalog::table::{Inheritance, Validation};
use crate::catalog::{Catalog, ObjectId, QualifiedName};
use crate::dialect::postgres::action::{Kind, Subject, TableForm};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung;
use crate::dialect::postgres::lower::facts::{self, Care, SideOf};
use crate::dialect::postgres::lower::lowering::Lowering;
use crate::dialect::postgres::lower::make;
use crate::plan::{Company, Phase, Rung, State, Statement};

/// The first version with NOT VALID on a partitioned table.
const NOT_VALID_ON_PARTITIONED: u16 = 18;

/// The rungs of a foreign key of a partitioned table, first enforced in a phase.
pub(super) fn rungs(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
    phase: Phase,
) -> Vec<Rung> {
    let relation = facts::relation(id);
    let valid = constraint.validation == Validation::Valid;
    let online = lowering.care(&relation) == Care::Online;
    if valid && online && lowering.options.version < NOT_VALID_ON_PARTITIONED {
        return by_partitions(lowering, id, constraint, key);
    }
    let mut first = constraint.clone();
    if valid && online {
        first.validation = Validation::NotValid;
    }
    let mut up = locks(lowering, &relation, key);
    up.push(lowering.add_constraint(id, &first, format!("New rows obey {}.", describe(id))));
    up.extend(completed(lowering, id));
    let mut down = vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))];
    for (own, constraint) in apart(lowering, SideOf::From, SideOf::To, id) {
        down.extend(alone(lowering, lowering.pair.from, &own, &constraint));
    }
    let mut steps = vec![rung(State::Enforced, phase, up, down)];
    if valid && online {
        steps.push(validated_after(lowering, id, constraint, phase));
    }
    steps
}

/// The keys of partitions that stand by themselves on one side and are parts of a key on the other.
pub(super) fn apart(
    lowering: &Lowering<'_>,
    side: SideOf,
    other: SideOf,
    id: &ObjectId,
) -> Vec<(ObjectId, Constraint)> {
    let mut found = Vec::new();
    for part in descendants(lowering, other, id) {
        if let Some(constraint) = facts::constraint(lowering.catalog(side), &part)
            && constraint.parent.is_none()
        {
            found.push((part, constraint.clone()));
        }
    }
    found
}

/// The key of a partition, added by itself as it is on a side.
pub(super) fn alone(
    lowering: &Lowering<'_>,
    catalog: &Catalog,
    id: &ObjectId,
    constraint: &Constraint,
) -> Vec<Statement> {
    let comment = format!("{} stands by itself.", describe(id));
    let mut statement = lowering.add_constraint(id, constraint, comment);
    // Seen from outside it is there before and after.
    statement.provides.clear();
    let mut made = vec![statement];
    if let Some(entry) = catalog.get(id) {
        made.extend(make::completion(lowering, id, entry));
    }
    made
}

/// The parts of a key, at every level.
fn descendants(lowering: &Lowering<'_>, side: SideOf, id: &ObjectId) -> Vec<ObjectId> {
    let catalog = lowering.catalog(side);
    let mut found: Vec<ObjectId> = Vec::new();
    let mut waiting = vec![id.clone()];
    while let Some(parent) = waiting.pop() {
        for user in &lowering.users(side, &parent) {
            let is_part = facts::constraint(catalog, user).is_some_and(|user| user.parent.as_ref() == Some(&parent));
            if is_part && !found.contains(user) {
                found.push(user.clone());
                waiting.push(user.clone());
            }
        }
    }
    found.sort();
    found
}

/// The renames that give the parts of a key, which the server called after it, the names that they have in the wanted
/// schema.
pub(super) fn parts_renamed(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    made_as: &ObjectId,
) -> (Vec<Statement>, Vec<Statement>) {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for part in descendants(lowering, SideOf::To, id) {
        let name = made_as.last_name();
        let relation = facts::relation(&part);
        let made = facts::constraint_named(&relation, name.clone());
        let rename = |from: &ObjectId, to: &ObjectId| {
            let subject = Subject {
                id: from.clone(),
                kind: Kind::Constraint,
            };
            let mut statement = lowering.rename(subject, &to.last_name(), "A part of it bears the name that it had.");
            statement.provides.clear();
            statement.removes.clear();
            statement.requires = vec![relation.clone()];
            statement
        };
        up.push(rename(&made, &part));
        down.push(rename(&part, &made));
    }
    (up, down)
}

fn completed(lowering: &Lowering<'_>, id: &ObjectId) -> Vec<Statement> {
    lowering
        .to(id)
        .map(|entry| make::completion(lowering, id, entry))
        .unwrap_or_default()
}

fn by_partitions(lowering: &Lowering<'_>, id: &ObjectId, constraint: &Constraint, key: &ForeignKey) -> Vec<Rung> {
    let relation = facts::relation(id);
    let mut parts = Vec::new();
    collect(lowering, id, constraint, key, &relation, &mut parts);
    let (mut up, mut down, mut again, mut steps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut scans = Vec::new();
    for (part, constraint) in &parts {
        let own = facts::constraint(lowering.pair.from, part);
        if own.is_none_or(|own| own.validation == Validation::NotValid) {
            let mut scan = validated(lowering, part, constraint);
            scan.company = Company::Scan;
            if let Some(own) = own {
                scan.down = super::check::unvalidated(lowering, part, constraint, own);
            }
            scans.push(scan);
        }
        if let Some(own) = own {
            let valid = Constraint {
                validation: Validation::Valid,
                ..own.clone()
            };
            again.extend(alone(lowering, lowering.pair.from, part, &valid));
            continue;
        }
        let mut first = constraint.clone();
        first.validation = Validation::NotValid;
        let mut made = locks(lowering, &facts::relation(part), key);
        made.push(lowering.add_constraint(part, &first, format!("New rows obey {}.", describe(part))));
        again.extend(made.iter().cloned());
        up.extend(made);
        down.push(lowering.drop_constraint(part, constraint, format!("{} is dropped.", describe(part))));
    }
    if !up.is_empty() {
        steps.push(rung(State::Enforced, Phase::Enforce, up, down));
    }
    steps.extend(scans);
    let mut last = locks(lowering, &relation, key);
    last.push(lowering.alter_table(
        &relation,
        TableForm::AdoptForeignKey(id.clone(), Box::new(constraint.clone())),
        format!("{} adopts those of the partitions.", describe(id)),
    ));
    last.extend(completed(lowering, id));
    let mut back = vec![lowering.drop_constraint(id, constraint, format!("{} is dropped.", describe(id)))];
    back.extend(again);
    steps.push(rung(State::Public, Phase::Enforce, last, back));
    steps
}

/// The keys of the partitions at the lowest level, under the names that they have in the wanted schema.
fn collect(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    constraint: &Constraint,
    key: &ForeignKey,
    relation: &ObjectId,
    found: &mut Vec<(ObjectId, Constraint)>,
) {
    for partition in lowering.partitions(SideOf::To, relation) {
        let named = |part: &&ObjectId| {
            facts::relation(part) == partition
                && facts::constraint(lowering.pair.to, part).is_some_and(|part| part.parent.as_ref() == Some(id))
        };
        let part = lowering.users(SideOf::To, id).iter().find(named).cloned();
        let part = part.unwrap_or_else(|| facts::constraint_named(&partition, id.last_name()));
        let Some(name) = partition.qualified_name() else {
            continue;
        };
        let key = of_partition(key, name);
        let moved = Constraint {
            kind: ConstraintKind::ForeignKey(key.clone()),
            inheritance: Inheritance::Local,
            parent: None,
            ..constraint.clone()
        };
        if facts::is_partitioned(lowering.pair.to, &partition) {
            collect(lowering, &part, &moved, &key, &partition, found);
        } else {
            found.push((part, moved));
        }
    }
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
