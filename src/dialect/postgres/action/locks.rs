//! What an action locks: the form it has in the lock table, and which relations play the roles.
//!
//! The lock table is [`crate::dialect::postgres::locks`]; here a statement's relations are found. Where the two cannot
//! be told apart without a server, the stronger lock is said.

mod objects;
mod table;

use super::surroundings::{OnColumn, Surroundings};
use super::{Action, Backfill, Concurrency, Expectation, SequenceForm, SequencePosition, Work};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::{DefinitionKind, Object, ObjectId, Refers};
use crate::dialect::postgres::locks::{Form, Role, locks as table_locks};
use crate::dialect::postgres::write::identity;
use crate::plan::lock::{Lock, LockMode};
use std::collections::{BTreeMap, BTreeSet};

/// What an action locks on servers of a major version, relation by relation, the strongest mode of each.
///
/// Relations that the plan makes are apart, each with the table that it comes with: nobody else can be waiting for one
/// before the phase is over in which it is made.
pub fn locks(action: &Action, surroundings: &Surroundings<'_>, version: u16) -> (Vec<Lock>, Vec<(ObjectId, Lock)>) {
    let mut finder = Finder {
        surroundings,
        version,
        found: BTreeMap::new(),
    };
    finder.action(action);
    let (mut there, mut made) = (Vec::new(), Vec::new());
    for (relation, held) in finder.found {
        let lock = Lock {
            relation: identity(&relation),
            mode: held.mode,
            scans: held.scans,
            rewrites: held.rewrites,
        };
        // What has no entry of its own is as old as its table.
        let table = surroundings.table_of_hidden(&relation).unwrap_or(relation);
        match surroundings.is_there(&table) {
            true => there.push(lock),
            false => made.push((table, lock)),
        }
    }
    (there, made)
}

struct Held {
    mode: LockMode,
    scans: bool,
    rewrites: bool,
}

/// Who plays which role, where it is not what the target's surroundings say.
#[derive(Default)]
struct Cast {
    target: Option<ObjectId>,
    index: Option<ObjectId>,
    sequence: Option<ObjectId>,
    /// Only what hangs on one column of the target.
    column: Option<OnColumn>,
    parent: Option<ObjectId>,
    parent_index: Option<ObjectId>,
    referenced: Option<BTreeSet<ObjectId>>,
    sources: BTreeSet<ObjectId>,
    users: BTreeSet<ObjectId>,
    /// `ONLY`: the descendants are not touched.
    only: bool,
}

impl Cast {
    fn target(id: &ObjectId) -> Cast {
        Cast {
            target: Some(id.clone()),
            ..Cast::default()
        }
    }
}

struct Finder<'a> {
    surroundings: &'a Surroundings<'a>,
    version: u16,
    found: BTreeMap<ObjectId, Held>,
}

impl Finder<'_> {
    /// Adds what a form locks, with the roles as cast.
    fn form(&mut self, form: Form, cast: &Cast) {
        for lock in table_locks(form, self.version) {
            for relation in self.players(lock.role, cast) {
                self.hold(&relation, lock.mode, lock.scans, lock.rewrites);
            }
        }
    }

    fn hold(&mut self, relation: &ObjectId, mode: LockMode, scans: bool, rewrites: bool) {
        let held = self.found.entry(relation.clone()).or_insert(Held {
            mode,
            scans: false,
            rewrites: false,
        });
        held.mode = held.mode.max(mode);
        held.scans |= scans;
        held.rewrites |= rewrites;
    }

    fn players(&self, role: Role, cast: &Cast) -> BTreeSet<ObjectId> {
        let around = self.surroundings;
        let Some(target) = &cast.target else {
            return match role {
                Role::Source => cast.sources.clone(),
                Role::Users => cast.users.clone(),
                Role::Index => cast.index.iter().cloned().collect(),
                Role::Parent => cast.parent.iter().cloned().collect(),
                Role::ReferencedTable => cast.referenced.clone().unwrap_or_default(),
                Role::Target
                | Role::Partitions
                | Role::Sequence
                | Role::ParentIndex
                | Role::DefaultPartition
                | Role::ReferencedPartitions
                | Role::ReferencingTable => BTreeSet::new(),
            };
        };
        let one = |given: &Option<ObjectId>| given.iter().cloned().collect::<BTreeSet<_>>();
        match role {
            Role::Target => one(&cast.target),
            Role::Partitions if cast.only => BTreeSet::new(),
            Role::Partitions => around.descendants(target),
            Role::Index if cast.index.is_some() => one(&cast.index),
            Role::Index => match &cast.column {
                Some(column) => column.indexes.clone(),
                None => around.indexes(target),
            },
            Role::Sequence if cast.sequence.is_some() => one(&cast.sequence),
            Role::Sequence => match &cast.column {
                Some(column) => column.sequences.clone(),
                None => around.sequences(target),
            },
            Role::Parent if cast.parent.is_some() => one(&cast.parent),
            Role::Parent => around.parents(target),
            Role::ParentIndex if cast.parent_index.is_some() => one(&cast.parent_index),
            Role::ParentIndex => {
                let parents = self.players(Role::Parent, cast);
                parents.iter().flat_map(|parent| around.indexes(parent)).collect()
            }
            Role::DefaultPartition => {
                let parents = self.players(Role::Parent, cast);
                let found = parents.iter().flat_map(|parent| around.default_partitions(parent));
                found.filter(|partition| partition != target).collect()
            }
            Role::ReferencedTable => match (&cast.referenced, &cast.column) {
                (Some(referenced), _) => referenced.clone(),
                (None, Some(column)) => column.referenced.clone(),
                (None, None) => around.referenced(target),
            },
            Role::ReferencedPartitions => {
                let tables = self.players(Role::ReferencedTable, cast);
                tables.iter().flat_map(|table| around.descendants(table)).collect()
            }
            Role::ReferencingTable => around.referencing(target),
            Role::Source => cast.sources.clone(),
            Role::Users => cast.users.clone(),
        }
    }

    /// The sequences of a table's columns go where the table goes (`ATExecChangeOwner`, `AlterTableNamespaceInternal`,
    /// and with it when it is dropped).
    fn owned_sequences(&mut self, table: &ObjectId) {
        for sequence in self.surroundings.sequences(table) {
            self.hold(&sequence, LockMode::AccessExclusive, false, false);
        }
    }

    /// What a stored query locks beyond reading, when it is analysed: what it writes, and the rows that it locks.
    fn stored_query(&mut self, query: &str, tables: &BTreeSet<ObjectId>) {
        let holds = |words: &[&str]| words.iter().any(|word| query.contains(word));
        // Which of the tables it is, the text tells only to a reader; the stronger lock is said of all.
        let mode = if holds(&["INSERT INTO ", "UPDATE ", "DELETE FROM ", "MERGE INTO "]) {
            LockMode::RowExclusive
        } else if holds(&[" FOR UPDATE", " FOR NO KEY UPDATE", " FOR SHARE", " FOR KEY SHARE"]) {
            LockMode::RowShare
        } else {
            return;
        };
        for table in tables {
            self.hold(table, mode, false, false);
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::Create(create) => self.create(create),
            Action::Drop {
                subject, concurrency, ..
            } => self.drop(subject, *concurrency),
            Action::Rename { subject, to } => self.rename(subject, to),
            Action::SetSchema { subject, .. } => {
                self.on_whole(subject, Form::SetTableSchema);
                self.owned_sequences(&subject.id);
            }
            Action::SetOwner { subject, .. } => {
                self.on_whole(subject, Form::SetTableOwner);
                self.owned_sequences(&subject.id);
            }
            Action::AlterTable(alter) => {
                for form in &alter.forms {
                    self.table_form(alter, form);
                }
            }
            Action::AttachIndex { parent, index } => {
                let (index, parent_index) = (relation_of(index), relation_of(parent));
                let mut cast = self.index_cast(&index);
                cast.parent = self.table_of_index(&parent_index);
                cast.parent_index = Some(parent_index);
                self.form(Form::AttachIndex, &cast);
            }
            Action::AlterSequence { sequence, forms } => {
                for form in forms {
                    let form = match form {
                        SequenceForm::Persistence(_) => Form::SetSequenceLogged,
                        SequenceForm::DataType(_)
                        | SequenceForm::Increment(_)
                        | SequenceForm::Minimum(_)
                        | SequenceForm::Maximum(_)
                        | SequenceForm::Start(_)
                        | SequenceForm::Restart(_)
                        | SequenceForm::Cache(_)
                        | SequenceForm::Cycle(_) => Form::AlterSequence,
                    };
                    self.form(form, &Cast::target(sequence));
                }
            }
            Action::SetOwnedBy { sequence, column } => {
                let mut cast = Cast::target(sequence);
                cast.sources = column.iter().filter_map(ObjectId::parent).collect();
                self.form(Form::SetSequenceOwnedBy, &cast);
            }
            Action::SetSequenceValue { sequence, position } => {
                self.form(Form::SetSequenceValue, &Cast::target(sequence));
                match position {
                    SequencePosition::Behind(column) => {
                        let table = column.parent();
                        // The greatest value is the last entry of an index that begins with the column.
                        let reads_all = !self.surroundings.begins_an_index(column);
                        table
                            .iter()
                            .for_each(|table| self.hold(table, LockMode::AccessShare, reads_all, false));
                    }
                    SequencePosition::As(other) => self.hold(other, LockMode::AccessShare, false, false),
                }
            }
            Action::AddEnumValue { enum_type, .. } => self.form(Form::AddEnumValue, &Cast::target(enum_type)),
            Action::RenameEnumValue { enum_type, .. } => self.form(Form::RenameEnumValue, &Cast::target(enum_type)),
            Action::AlterDomain { domain, form } => self.domain(domain, form),
            Action::AlterRoutine { routine, .. } => self.form(Form::AlterRoutine, &Cast::target(&routine.id)),
            Action::AlterPolicy {
                policy, using, check, ..
            } => {
                let mut cast = part_cast(policy);
                using.references(&mut |id| add_relation(&mut cast.sources, id));
                check.references(&mut |id| add_relation(&mut cast.sources, id));
                self.form(Form::AlterPolicy, &cast);
            }
            Action::AlterDefinition { id, from, to } => {
                let mut cast = Cast::default();
                let mut note = |id: &ObjectId| add_relation(&mut cast.sources, id);
                from.references(&mut note);
                to.references(&mut note);
                if matches!(id, ObjectId::Definition(id) if id.kind == DefinitionKind::Publication) {
                    for table in std::mem::take(&mut cast.sources) {
                        self.form(Form::AlterPublication, &Cast::target(&table));
                    }
                }
            }
            Action::Comment { subject, .. } | Action::SecurityLabel { subject, .. } => self.comment(subject),
            Action::ChangePrivileges { subject, .. } => {
                let relation = match &subject.id {
                    ObjectId::Relation(_) => Some(subject.id.clone()),
                    other => other.parent().filter(|whole| matches!(whole, ObjectId::Relation(_))),
                };
                relation
                    .iter()
                    .for_each(|relation| self.form(Form::Grant, &Cast::target(relation)));
            }
            // `ExecAlterObjectDependsStmt` locks the relation, of a trigger its table.
            Action::DependOnExtension { subject, .. } => {
                let relation = match &subject.id {
                    ObjectId::Relation(_) => Some(subject.id.clone()),
                    ObjectId::Trigger(table, _) => Some(ObjectId::Relation(table.clone())),
                    _ => None,
                };
                relation
                    .iter()
                    .for_each(|relation| self.hold(relation, LockMode::AccessExclusive, false, false));
            }
            Action::Refresh { view, concurrency } => {
                let form = match concurrency {
                    Concurrency::Concurrently => Form::RefreshMaterializedViewConcurrently,
                    Concurrency::Blocking => Form::RefreshMaterializedView,
                };
                let mut cast = Cast::target(view);
                if let Some(object) = self.surroundings.object(view) {
                    object.references(&mut |id| add_relation(&mut cast.sources, id));
                }
                self.form(form, &cast);
            }
            Action::Reindex { index } => {
                let cast = self.index_cast(&relation_of(index));
                self.form(Form::ReindexConcurrently, &cast);
            }
            Action::LockTable { relations, mode } => {
                for relation in relations {
                    self.hold(relation, *mode, false, false);
                    for descendant in self.surroundings.descendants(relation) {
                        self.hold(&descendant, *mode, false, false);
                    }
                }
            }
            Action::Analyze { relation, .. } => self.form(Form::Analyze, &Cast::target(relation)),
            Action::Backfill(backfill) => self.backfill(backfill),
            Action::Verify(expectation) => self.verify(expectation),
            Action::DropInvalidIndex { index, table } => {
                let mut cast = Cast::target(table);
                cast.index = Some(relation_of(index));
                self.form(Form::DropIndexConcurrently, &cast);
            }
            // A composite type is a relation of its own, but one that nobody reads or writes.
            // A composite type is a relation without rows, and its attributes are that relation's columns.
            Action::AlterComposite { composite, .. } | Action::RenameAttribute { composite, .. } => {
                self.hold(composite, LockMode::AccessExclusive, false, false);
            }
            Action::DropTypeWithFunctions { .. }
            | Action::AlterExtension { .. }
            | Action::ChangeDefaultPrivileges { .. }
            | Action::SetLocal { .. }
            | Action::Raise { .. } => {}
        }
    }
    fn backfill(&mut self, backfill: &Backfill) {
        // Each batch reads a stretch of the table, never all of it under one lock.
        let mode = match &backfill.work {
            Work::Update { .. } => LockMode::RowExclusive,
            Work::Copy { into, .. } => {
                self.hold(into, LockMode::RowExclusive, false, false);
                LockMode::RowShare
            }
        };
        self.hold(&backfill.relation, mode, false, false);
        for partition in self.surroundings.descendants(&backfill.relation) {
            self.hold(&partition, mode, false, false);
        }
        let mut read = BTreeSet::new();
        let mut note = |id: &ObjectId| add_relation(&mut read, id);
        match &backfill.work {
            Work::Update { assignments, .. } => assignments
                .iter()
                .for_each(|(_, value)| value.references().for_each(&mut note)),
            Work::Copy { columns, .. } => columns
                .iter()
                .for_each(|(_, value)| value.references().for_each(&mut note)),
        }
        for table in read {
            self.hold(&table, LockMode::AccessShare, false, false);
        }
    }

    fn verify(&mut self, expectation: &Expectation) {
        let relations: Vec<ObjectId> = match expectation {
            Expectation::NoRows { relation, .. }
            | Expectation::NoDuplicates { relation, .. }
            | Expectation::Empty(relation) => vec![relation.clone()],
            Expectation::Backfilled(backfill) => vec![backfill.relation.clone()],
            Expectation::NoOrphans { relation, table, .. } => vec![relation.clone(), table.clone()],
            Expectation::ConstraintValid(_)
            | Expectation::NotNullValid(..)
            | Expectation::ColumnNotNull(_)
            | Expectation::IndexValid(_)
            | Expectation::IndexAbsent(_)
            | Expectation::NoPendingDetach(_)
            | Expectation::UsedByFunctionsOnly { .. }
            | Expectation::Exists(_) => Vec::new(),
        };
        for relation in relations {
            self.hold(&relation, LockMode::AccessShare, true, false);
        }
    }
    fn table_of_index(&self, index: &ObjectId) -> Option<ObjectId> {
        match self.surroundings.object(index) {
            Some(Object::Index(found)) => Some(found.table.clone()),
            _ => self.surroundings.table_of_hidden(index),
        }
    }

    fn index_cast(&self, index: &ObjectId) -> Cast {
        Cast {
            target: self.table_of_index(index),
            index: Some(index.clone()),
            ..Cast::default()
        }
    }
}

/// The relation name of an index, or of the index behind a key.
fn relation_of(id: &ObjectId) -> ObjectId {
    match id {
        ObjectId::Constraint(table, name) => ObjectId::Relation(table.with_name(name.clone())),
        other => other.clone(),
    }
}

fn part_cast(part: &ObjectId) -> Cast {
    Cast {
        target: part.parent(),
        ..Cast::default()
    }
}

fn partition_cast(parent: &ObjectId, partition: &ObjectId) -> Cast {
    let mut cast = Cast::target(partition);
    cast.parent = Some(parent.clone());
    cast
}

/// The table at the far end of a foreign key.
fn far_end(constraint: &Constraint) -> Option<&ObjectId> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&key.table),
        ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => None,
    }
}

fn add_relation(relations: &mut BTreeSet<ObjectId>, id: &ObjectId) {
    match id {
        ObjectId::Relation(_) => {
            relations.insert(id.clone());
        }
        ObjectId::Column(name, _) => {
            relations.insert(ObjectId::Relation(name.clone()));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
