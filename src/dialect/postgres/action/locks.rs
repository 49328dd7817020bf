//! What an action locks: the form it has in the lock table, and which relations play the roles.
//!
//! The lock table is [`crate::dialect::postgres::locks`]; here a statement's relations are found. Where the two cannot
//! be told apart without a server, the stronger lock is said.

use super::surroundings::Surroundings;
use super::table::{AlterTable, Enforcement, RowWork, Scope, Switch, TableForm, Validated};
use super::{
    Action, Backfill, Concurrency, Create, CreateMode, DomainForm, Expectation, Kind, SequenceForm, SequencePosition,
    Subject, Walk, Work,
};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{GeneratedStorage, Persistence, Table, Validation};
use crate::catalog::types::Type;
use crate::catalog::view::Population;
use crate::catalog::{DefinitionKind, Object, ObjectId, Refers};
use crate::dialect::postgres::locks::{Form, Role, locks as table_locks};
use crate::dialect::postgres::write::identity;
use crate::plan::lock::{Lock, LockMode};
use std::collections::{BTreeMap, BTreeSet};

/// What an action locks on servers of a major version, relation by relation, the strongest mode of each.
///
/// A relation that the plan makes is left out: nobody else can be waiting for it.
pub fn locks(action: &Action, surroundings: &Surroundings<'_>, version: u16) -> Vec<Lock> {
    let mut finder = Finder {
        surroundings,
        version,
        found: BTreeMap::new(),
    };
    finder.action(action);
    finder
        .found
        .into_iter()
        .map(|(relation, held)| Lock {
            relation: identity(&relation),
            mode: held.mode,
            scans: held.scans,
            rewrites: held.rewrites,
        })
        .collect()
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
        // What has no entry of its own is as old as its table.
        let table = self.surroundings.table_of_hidden(relation);
        if !self.surroundings.is_there(table.as_ref().unwrap_or(relation)) {
            return;
        }
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
            Role::Index => around.indexes(target),
            Role::Sequence if cast.sequence.is_some() => one(&cast.sequence),
            Role::Sequence => around.sequences(target),
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
            Role::ReferencedTable => cast.referenced.clone().unwrap_or_else(|| around.referenced(target)),
            Role::ReferencedPartitions => {
                let tables = self.players(Role::ReferencedTable, cast);
                tables.iter().flat_map(|table| around.descendants(table)).collect()
            }
            Role::ReferencingTable => around.referencing(target),
            Role::Source => cast.sources.clone(),
            Role::Users => cast.users.clone(),
        }
    }

    fn action(&mut self, action: &Action) {
        match action {
            Action::Create(create) => self.create(create),
            Action::Drop {
                subject, concurrency, ..
            } => self.drop(subject, *concurrency),
            Action::Rename { subject, .. } => self.rename(subject),
            Action::SetSchema { subject, .. } => self.on_whole(subject, Form::SetTableSchema),
            Action::SetOwner { subject, .. } => self.on_whole(subject, Form::SetTableOwner),
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
                        table
                            .iter()
                            .for_each(|table| self.hold(table, LockMode::AccessShare, true, false));
                    }
                    SequencePosition::As(other) => self.hold(other, LockMode::AccessShare, false, false),
                }
            }
            Action::AddEnumValue { enum_type, .. } => self.form(Form::AddEnumValue, &Cast::target(enum_type)),
            Action::RenameEnumValue { enum_type, .. } => self.form(Form::RenameEnumValue, &Cast::target(enum_type)),
            Action::AlterDomain { domain, form } => self.domain(domain, form),
            Action::AlterComposite { .. } | Action::RenameAttribute { .. } => {
                self.form(Form::AlterCompositeType, &Cast::default());
            }
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
            Action::AlterExtension { .. }
            | Action::ChangeDefaultPrivileges { .. }
            | Action::SetLocal { .. }
            | Action::Raise { .. } => {}
        }
    }

    fn create(&mut self, create: &Create) {
        let mut cast = Cast::target(&create.id);
        let object = &create.entry.object;
        object.references(&mut |id| add_relation(&mut cast.sources, id));
        cast.sources.remove(&create.id);
        match object {
            Object::Table(table) => self.create_table(create, table),
            Object::Index(index) => {
                cast.target = Some(index.table.clone());
                let form = match create.mode {
                    CreateMode::Concurrently => Form::CreateIndexConcurrently,
                    CreateMode::OnOnly => Form::CreateIndexOnOnly,
                    CreateMode::Plain | CreateMode::OrReplace => Form::CreateIndex,
                };
                self.form(form, &cast);
            }
            Object::View(_) if create.mode == CreateMode::OrReplace && self.surroundings.is_there(&create.id) => {
                self.form(Form::ReplaceView, &cast);
            }
            Object::View(_) => self.form(Form::CreateView, &cast),
            Object::MaterializedView(view) => {
                let form = match view.population {
                    Population::WithData => Form::CreateMaterializedView,
                    Population::WithNoData => Form::CreateMaterializedViewNoData,
                };
                self.form(form, &cast);
            }
            Object::Routine(_) => self.form(Form::CreateRoutine, &cast),
            Object::Trigger(_) => self.form(Form::CreateTrigger, &part_cast(&create.id)),
            Object::Rule(_) => {
                cast.target = create.id.parent();
                self.form(Form::CreateRule, &cast);
            }
            Object::Policy(_) => {
                cast.target = create.id.parent();
                self.form(Form::CreatePolicy, &cast);
            }
            Object::Constraint(constraint) => {
                if let Some(table) = create.id.parent() {
                    self.add_constraint(&table, constraint, Scope::Descendants);
                }
            }
            Object::Column(_) => self.form(Form::AddColumn, &part_cast(&create.id)),
            Object::Default(_) => {
                let table = create.id.parent().and_then(|column| column.parent());
                table
                    .iter()
                    .for_each(|table| self.form(Form::SetDefault, &Cast::target(table)));
            }
            Object::Definition(_) => self.create_definition(&create.id, &cast),
            Object::DomainConstraint(_)
            | Object::Sequence(_)
            | Object::Schema
            | Object::Extension(_)
            | Object::Type(_)
            | Object::ViewColumn
            | Object::DefaultPrivileges(_) => {}
        }
    }

    fn create_definition(&mut self, id: &ObjectId, cast: &Cast) {
        let form = match id {
            ObjectId::Definition(id) if id.kind == DefinitionKind::Statistics => Form::CreateStatistics,
            ObjectId::Definition(id) if id.kind == DefinitionKind::Publication => Form::CreatePublication,
            _ => return,
        };
        for table in &cast.sources {
            self.form(form, &Cast::target(table));
        }
    }

    fn create_table(&mut self, create: &Create, table: &Table) {
        let referenced: BTreeSet<ObjectId> = create
            .parts
            .iter()
            .filter_map(|(_, entry)| match &entry.object {
                Object::Constraint(constraint) => far_end(constraint).cloned(),
                _ => None,
            })
            .collect();
        for parent in &table.inherits {
            let mut cast = Cast::target(&create.id);
            cast.parent = Some(parent.clone());
            self.form(Form::CreateTableInherits, &cast);
        }
        if let Some(partition) = &table.partition_of {
            let mut cast = Cast::target(&create.id);
            cast.referenced = Some(self.surroundings.referenced(&partition.parent));
            cast.parent = Some(partition.parent.clone());
            self.form(Form::CreatePartition, &cast);
        }
        let mut cast = Cast::target(&create.id);
        cast.referenced = Some(referenced);
        self.form(Form::CreateTableReferencing, &cast);
    }

    fn drop(&mut self, subject: &Subject, concurrency: Concurrency) {
        let id = &subject.id;
        let form = match subject.kind {
            Kind::Table | Kind::ForeignTable => match self.surroundings.object(id) {
                Some(Object::Table(table)) if table.partition_of.is_some() => Form::DropPartition,
                _ => Form::DropTable,
            },
            Kind::View => Form::DropView,
            Kind::MaterializedView => Form::DropMaterializedView,
            Kind::Sequence => {
                let mut cast = Cast::target(id);
                cast.users = self.surroundings.users(id);
                return self.form(Form::DropSequence, &cast);
            }
            Kind::Index => {
                let form = match concurrency {
                    Concurrency::Concurrently => Form::DropIndexConcurrently,
                    Concurrency::Blocking => Form::DropIndex,
                };
                let cast = self.index_cast(id);
                return self.form(form, &cast);
            }
            Kind::Column => return self.form(Form::DropColumn, &part_cast(id)),
            Kind::Default => {
                let table = id.parent().and_then(|column| column.parent());
                return table
                    .iter()
                    .for_each(|table| self.form(Form::DropDefault, &Cast::target(table)));
            }
            Kind::Constraint => {
                if let (Some(Object::Constraint(constraint)), Some(table)) = (self.surroundings.object(id), id.parent())
                {
                    self.drop_constraint(&table, id, constraint);
                }
                return;
            }
            Kind::Trigger => return self.form(Form::DropTrigger, &part_cast(id)),
            Kind::Rule => return self.form(Form::DropRule, &part_cast(id)),
            Kind::Policy => return self.form(Form::DropPolicy, &part_cast(id)),
            Kind::Definition(DefinitionKind::Statistics) => {
                if let Some(object) = self.surroundings.object(id) {
                    let mut tables = BTreeSet::new();
                    object.references(&mut |id| add_relation(&mut tables, id));
                    for table in tables {
                        self.form(Form::DropStatistics, &Cast::target(&table));
                    }
                }
                return;
            }
            Kind::Schema
            | Kind::Extension
            | Kind::Type
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::DefaultPrivileges
            | Kind::Definition(_) => return,
        };
        self.form(form, &Cast::target(id));
    }

    fn rename(&mut self, subject: &Subject) {
        let id = &subject.id;
        match subject.kind {
            Kind::Table | Kind::ForeignTable => self.form(Form::RenameTable, &Cast::target(id)),
            Kind::View => self.form(Form::AlterView, &Cast::target(id)),
            Kind::MaterializedView => self.form(Form::AlterMaterializedView, &Cast::target(id)),
            Kind::Sequence => self.form(Form::RenameSequence, &Cast::target(id)),
            Kind::Index => {
                let cast = self.index_cast(id);
                self.form(Form::RenameIndex, &cast);
            }
            Kind::Column | Kind::Default => self.form(Form::RenameColumn, &part_cast(id)),
            Kind::Constraint => {
                let mut cast = part_cast(id);
                cast.index = Some(relation_of(id));
                self.form(Form::RenameConstraint, &cast);
            }
            Kind::Trigger => self.form(Form::RenameTrigger, &part_cast(id)),
            Kind::Rule => self.form(Form::RenameRule, &part_cast(id)),
            Kind::Policy => self.form(Form::RenamePolicy, &part_cast(id)),
            Kind::Schema
            | Kind::Extension
            | Kind::Type
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::DefaultPrivileges
            | Kind::Definition(_) => {}
        }
    }

    /// SET SCHEMA and OWNER TO, which lock relations alone; of a table by its own form.
    fn on_whole(&mut self, subject: &Subject, table_form: Form) {
        let form = match subject.kind {
            Kind::Table | Kind::ForeignTable => table_form,
            Kind::View => Form::AlterView,
            Kind::MaterializedView => Form::AlterMaterializedView,
            Kind::Sequence => Form::RenameSequence,
            Kind::Index
            | Kind::Column
            | Kind::Default
            | Kind::Constraint
            | Kind::Trigger
            | Kind::Rule
            | Kind::Policy
            | Kind::Schema
            | Kind::Extension
            | Kind::Type
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::DefaultPrivileges
            | Kind::Definition(_) => return,
        };
        self.form(form, &Cast::target(&subject.id));
    }

    fn comment(&mut self, subject: &Subject) {
        let id = &subject.id;
        match subject.kind {
            Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView | Kind::Sequence => {
                self.form(Form::CommentOnRelation, &Cast::target(id));
            }
            Kind::Column | Kind::Default => self.form(Form::CommentOnRelation, &part_cast(id)),
            Kind::Index => {
                let cast = self.index_cast(id);
                self.form(Form::CommentOnIndex, &cast);
            }
            Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy => {
                self.form(Form::CommentOnPart, &part_cast(id));
            }
            Kind::Schema
            | Kind::Extension
            | Kind::Type
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::DefaultPrivileges
            | Kind::Definition(_) => {}
        }
    }

    fn domain(&mut self, domain: &ObjectId, form: &DomainForm) {
        let form = match form {
            DomainForm::SetNotNull | DomainForm::ValidateConstraint(_) => Form::CheckDomain,
            DomainForm::AddConstraint { validation, .. } => match validation {
                Validation::Valid => Form::CheckDomain,
                Validation::NotValid | Validation::NotEnforced => Form::AlterDomain,
            },
            DomainForm::Default(_) | DomainForm::DropNotNull | DomainForm::DropConstraint(_) => Form::AlterDomain,
        };
        let cast = Cast {
            users: self.surroundings.users(domain),
            ..Cast::default()
        };
        self.form(form, &cast);
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
        match &backfill.walk {
            Walk::Key(_) | Walk::Pages(_) => {}
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
            | Expectation::NoPendingDetach(_) => Vec::new(),
        };
        for relation in relations {
            self.hold(&relation, LockMode::AccessShare, true, false);
        }
    }

    fn table_form(&mut self, alter: &AlterTable, form: &TableForm) {
        let table = &alter.relation.id;
        let mut cast = Cast::target(table);
        cast.only = alter.scope == Scope::Only;
        match alter.relation.kind {
            Kind::View => return self.form(Form::AlterView, &cast),
            Kind::MaterializedView => return self.form(Form::AlterMaterializedView, &cast),
            Kind::Index => return self.index_form(table, form),
            Kind::ForeignTable => return self.form(Form::AlterForeignTable, &cast),
            Kind::Table
            | Kind::Sequence
            | Kind::Schema
            | Kind::Extension
            | Kind::Column
            | Kind::Default
            | Kind::Constraint
            | Kind::Type
            | Kind::Domain
            | Kind::DomainConstraint
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::Trigger
            | Kind::Rule
            | Kind::Policy
            | Kind::DefaultPrivileges
            | Kind::Definition(_) => {}
        }
        let form = match form {
            TableForm::AddColumn { work, constraints, .. } => {
                for (_, constraint) in constraints {
                    self.add_constraint(table, constraint, alter.scope);
                }
                by_work(
                    *work,
                    Form::AddColumn,
                    Form::AddColumnScanning,
                    Form::AddColumnRewriting,
                )
            }
            TableForm::DropColumn { .. } => Form::DropColumn,
            TableForm::ColumnType { work, .. } => by_work(
                *work,
                Form::AlterType,
                Form::AlterTypeScanning,
                Form::AlterTypeRewriting,
            ),
            TableForm::SetDefault(..) => Form::SetDefault,
            TableForm::DropDefault(_) => Form::DropDefault,
            TableForm::SetNotNull(_, work) => {
                by_work(*work, Form::SetNotNullProved, Form::SetNotNull, Form::SetNotNull)
            }
            TableForm::DropNotNull(_) => Form::DropNotNull,
            TableForm::AddNotNull(_, not_null) => match not_null.validation {
                Validation::Valid => Form::AddNotNull,
                Validation::NotValid | Validation::NotEnforced => Form::AddNotNullNotValid,
            },
            TableForm::NotNullInheritance(..) => Form::AlterNotNullInheritance,
            TableForm::AddConstraint(_, constraint) => return self.add_constraint(table, constraint, alter.scope),
            TableForm::AddKeyUsingIndex { index, work, .. } => {
                cast.index = Some(index.clone());
                by_work(
                    *work,
                    Form::AddKeyUsingIndex,
                    Form::AddPrimaryKeyUsingIndexScanning,
                    Form::AddPrimaryKeyUsingIndexScanning,
                )
            }
            TableForm::ValidateConstraint(_, Validated::Check) => Form::ValidateCheck,
            TableForm::ValidateConstraint(_, Validated::ForeignKey(referenced)) => {
                cast.referenced = Some(BTreeSet::from([referenced.clone()]));
                Form::ValidateForeignKey
            }
            TableForm::ValidateNotNull(_) => Form::ValidateNotNull,
            TableForm::DropConstraint { id, constraint, .. } => return self.drop_constraint(table, id, constraint),
            TableForm::DropNotNullConstraint(_) => Form::DropNotNullConstraint,
            TableForm::ConstraintDeferral(..) => Form::SetConstraintDeferrability,
            TableForm::ConstraintEnforcement(_, Enforcement::Enforced(referenced)) => {
                cast.referenced = Some(BTreeSet::from([referenced.clone()]));
                Form::EnforceForeignKey
            }
            TableForm::ConstraintEnforcement(_, Enforcement::NotEnforced(referenced)) => {
                cast.referenced = Some(BTreeSet::from([referenced.clone()]));
                Form::UnenforceForeignKey
            }
            TableForm::AddIdentity(..) => Form::AddIdentity,
            TableForm::SetIdentity { .. } => Form::AlterIdentity,
            TableForm::DropIdentity(..) => Form::DropIdentity,
            TableForm::SetExpression(_, _, GeneratedStorage::Stored) => Form::SetExpression,
            TableForm::SetExpression(_, _, GeneratedStorage::Virtual) => Form::SetVirtualExpression,
            TableForm::DropExpression(_) => Form::DropExpression,
            TableForm::SetStorage(..) => Form::SetStorage,
            TableForm::SetCompression(..) => Form::SetCompression,
            TableForm::SetStatistics(..) | TableForm::SetKeyStatistics(..) => Form::SetStatistics,
            TableForm::SetColumnOptions(..) | TableForm::ResetColumnOptions(..) => Form::SetColumnOptions,
            TableForm::ColumnForeignOptions(..) | TableForm::ForeignOptions(_) => Form::AlterForeignTable,
            TableForm::SetOptions(options) => storage_form(options.keys().map(|name| &**name)),
            TableForm::ResetOptions(options) => storage_form(options.iter().map(|name| &**name)),
            TableForm::Persistence(Persistence::Logged | Persistence::Unlogged) => Form::SetLogged,
            TableForm::Tablespace(_) => Form::SetTablespace,
            TableForm::AccessMethod(_) => Form::SetAccessMethod,
            TableForm::RowSecurity(Switch::On | Switch::Off)
            | TableForm::ForceRowSecurity(Switch::On | Switch::Off) => Form::SetRowSecurity,
            TableForm::ReplicaIdentity(identity) => {
                // Without an index named, none is locked.
                let mut index = None;
                identity.references(&mut |id| index = Some(relation_of(id)));
                match index {
                    Some(index) => cast.index = Some(index),
                    None => return self.hold(table, LockMode::AccessExclusive, false, false),
                }
                Form::SetReplicaIdentity
            }
            TableForm::ClusterOn(Some(index)) => {
                cast.index = Some(relation_of(index));
                Form::ClusterOn
            }
            TableForm::ClusterOn(None) => Form::SetWithoutCluster,
            TableForm::Inherit(parent) => {
                cast.parent = Some(parent.clone());
                Form::Inherit
            }
            TableForm::NoInherit(parent) => {
                cast.parent = Some(parent.clone());
                Form::NoInherit
            }
            TableForm::OfType(name) => {
                cast.sources.insert(ObjectId::Relation(name.clone()));
                Form::OfType
            }
            TableForm::NotOf => Form::NotOf,
            TableForm::TriggerFiring(..) => Form::SetTriggerState,
            TableForm::RuleFiring(..) => Form::SetRuleState,
            TableForm::AttachPartition { partition, work, .. } => {
                cast = partition_cast(table, partition);
                cast.referenced = Some(self.surroundings.referenced(table));
                by_work(
                    *work,
                    Form::AttachPartitionProved,
                    Form::AttachPartition,
                    Form::AttachPartition,
                )
            }
            TableForm::DetachPartition { partition, concurrency } => {
                cast = partition_cast(table, partition);
                match concurrency {
                    Concurrency::Concurrently => Form::DetachPartitionConcurrently,
                    Concurrency::Blocking if self.surroundings.referencing(table).is_empty() => Form::DetachPartition,
                    Concurrency::Blocking => Form::DetachReferencedPartition,
                }
            }
            TableForm::FinalizeDetach(partition) => {
                cast = partition_cast(table, partition);
                Form::DetachPartitionFinalize
            }
        };
        self.form(form, &cast);
    }

    fn index_form(&mut self, index: &ObjectId, form: &TableForm) {
        let cast = self.index_cast(index);
        let form = match form {
            TableForm::SetKeyStatistics(..) | TableForm::SetStatistics(..) => Form::SetIndexStatistics,
            TableForm::SetOptions(options) => index_storage_form(options.keys().map(|name| &**name)),
            TableForm::ResetOptions(options) => index_storage_form(options.iter().map(|name| &**name)),
            // The file of the index is copied; no other form can be said of one.
            _ => return self.hold(index, LockMode::AccessExclusive, true, true),
        };
        self.form(form, &cast);
    }

    fn add_constraint(&mut self, table: &ObjectId, constraint: &Constraint, scope: Scope) {
        let mut cast = Cast::target(table);
        cast.only = scope == Scope::Only;
        cast.referenced = Some(far_end(constraint).cloned().into_iter().collect());
        let is_partitioned = matches!(
            self.surroundings.object(table),
            Some(Object::Table(table)) if table.partition_key.is_some()
        );
        let form = match (&constraint.kind, constraint.validation) {
            (ConstraintKind::Check { .. }, Validation::Valid) => Form::AddCheck,
            (ConstraintKind::Check { .. }, Validation::NotValid) => Form::AddCheckNotValid,
            (ConstraintKind::Check { .. }, Validation::NotEnforced) => Form::AddCheckNotEnforced,
            (ConstraintKind::Key(_), _) if scope == Scope::Only && is_partitioned => Form::AddKeyOnOnly,
            (ConstraintKind::Key(_), _) => Form::AddKey,
            (ConstraintKind::Exclude(_), _) => Form::AddExclude,
            (ConstraintKind::ForeignKey(_), Validation::Valid) => Form::AddForeignKey,
            (ConstraintKind::ForeignKey(_), Validation::NotValid) if is_partitioned => {
                Form::AddForeignKeyNotValidPartitioned
            }
            (ConstraintKind::ForeignKey(_), Validation::NotValid) => Form::AddForeignKeyNotValid,
            (ConstraintKind::ForeignKey(_), Validation::NotEnforced) => Form::AddForeignKeyNotEnforced,
        };
        self.form(form, &cast);
    }

    fn drop_constraint(&mut self, table: &ObjectId, id: &ObjectId, constraint: &Constraint) {
        let mut cast = Cast::target(table);
        cast.referenced = Some(far_end(constraint).cloned().into_iter().collect());
        cast.index = Some(relation_of(id));
        let form = match constraint.kind {
            ConstraintKind::Check { .. } => Form::DropCheck,
            ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => Form::DropKey,
            ConstraintKind::ForeignKey(_) => Form::DropForeignKey,
        };
        self.form(form, &cast);
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

fn by_work(work: RowWork, catalog_only: Form, scan: Form, rewrite: Form) -> Form {
    match work {
        RowWork::CatalogOnly => catalog_only,
        RowWork::Scan => scan,
        RowWork::Rewrite => rewrite,
    }
}

/// `user_catalog_table` is the one storage parameter of tables that is set under a strong lock.
fn storage_form<'a>(mut names: impl Iterator<Item = &'a str>) -> Form {
    if names.any(|name| name == "user_catalog_table") {
        Form::SetUserCatalogTable
    } else {
        Form::SetStorageParameters
    }
}

/// fillfactor is set under a weak lock, an access method's own parameters under a strong one.
fn index_storage_form<'a>(mut names: impl Iterator<Item = &'a str>) -> Form {
    if names.all(|name| name == "fillfactor") {
        Form::SetIndexParameters
    } else {
        Form::SetIndexParametersExclusive
    }
}
