//! What each form of ALTER TABLE and ALTER INDEX locks.

use super::{Cast, Finder, far_end, partition_cast, relation_of};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{GeneratedStorage, Persistence, Validation};
use crate::catalog::{Object, ObjectId, Refers};
use crate::dialect::postgres::action::table::{Enforcement, Switch, Validated};
use crate::dialect::postgres::action::{AlterTable, Concurrency, Kind, RowWork, Scope, TableForm};
use crate::dialect::postgres::locks::Form;
use crate::plan::lock::LockMode;
use std::collections::BTreeSet;

impl Finder<'_> {
    pub(super) fn table_form(&mut self, alter: &AlterTable, form: &TableForm) {
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
            TableForm::DropColumn { id, .. } => {
                cast.column = Some(self.surroundings.on_column(id));
                Form::DropColumn
            }
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
            TableForm::AdoptForeignKey(_, constraint) => {
                cast.referenced = Some(far_end(constraint).cloned().into_iter().collect());
                Form::AddForeignKeyAdopting
            }
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
                    Concurrency::Concurrently if self.surroundings.referencing(table).is_empty() => {
                        Form::DetachPartitionConcurrently
                    }
                    Concurrency::Concurrently => Form::DetachReferencedPartitionConcurrently,
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

    pub(super) fn index_form(&mut self, index: &ObjectId, form: &TableForm) {
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

    pub(super) fn add_constraint(&mut self, table: &ObjectId, constraint: &Constraint, scope: Scope) {
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
            // A new table has no rows to look up in the other one.
            (ConstraintKind::ForeignKey(_), Validation::Valid) if !self.surroundings.is_there(table) => {
                Form::AddForeignKeyNotValid
            }
            (ConstraintKind::ForeignKey(_), Validation::Valid) => Form::AddForeignKey,
            (ConstraintKind::ForeignKey(_), Validation::NotValid) if is_partitioned => {
                Form::AddForeignKeyNotValidPartitioned
            }
            (ConstraintKind::ForeignKey(_), Validation::NotValid) => Form::AddForeignKeyNotValid,
            (ConstraintKind::ForeignKey(_), Validation::NotEnforced) => Form::AddForeignKeyNotEnforced,
        };
        self.form(form, &cast);
    }

    pub(super) fn drop_constraint(&mut self, table: &ObjectId, id: &ObjectId, constraint: &Constraint) {
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
