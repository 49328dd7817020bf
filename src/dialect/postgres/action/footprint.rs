//! What an action needs, makes and takes away.
//!
//! Knows identities only; the text of statements is not looked at.

use super::surroundings::{Surroundings, index_relation};
use super::table::{AlterTable, Enforcement, TableForm, Validated};
use super::{Action, AttributeForm, Backfill, Create, DomainForm, Expectation};
use super::{ExtensionForm, RoutineForm, SequenceForm, SequencePosition, Walk, Work};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{Identity, NotNull, ReplicaIdentity};
use crate::catalog::{Object, ObjectId, QualifiedName, Refers};

/// What an action does to the set of objects; the fields mean what [`crate::plan::Statement`] says. The parts that go
/// with a dropped object, and what it depended on, are the caller's to add: only the catalog knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footprint {
    /// The identities that exist after it and did not before, or in another form.
    pub provides: Vec<ObjectId>,
    /// The identities that exist no more.
    pub removes: Vec<ObjectId>,
    /// The identities whose names must be free before it, besides those it provides.
    pub claims: Vec<ObjectId>,
    /// The identities that must exist before it, those it provides itself left out.
    pub requires: Vec<ObjectId>,
}

/// What an action needs, makes and takes away.
pub fn footprint(action: &Action, surroundings: &Surroundings<'_>) -> Footprint {
    let mut collector = Collector {
        footprint: Footprint::default(),
        surroundings,
    };
    collector.action(action);
    collector.finish()
}

struct Collector<'a> {
    footprint: Footprint,
    surroundings: &'a Surroundings<'a>,
}

impl Collector<'_> {
    fn action(&mut self, action: &Action) {
        match action {
            Action::Create(create) => self.create(create),
            Action::Drop { subject, .. } => {
                self.remove(&subject.id);
                if let Some(object) = self.surroundings.object(&subject.id) {
                    self.remove_index(&subject.id, object);
                }
            }
            Action::DropTypeWithFunctions { subject, functions } => {
                self.remove(&subject.id);
                functions.iter().for_each(|function| self.remove(function));
            }
            Action::Rename { subject, to } => self.rename(&subject.id, to),
            Action::SetSchema { subject, schema } => {
                self.require(&ObjectId::Schema(schema.clone()));
                self.rename(&subject.id, &subject.id.with_schema_name(schema));
            }
            Action::AlterTable(alter) => self.alter_table(alter),
            Action::AttachIndex { parent, index } => self.require_all([parent, index]),
            Action::AlterSequence { sequence, forms } => {
                self.require(sequence);
                forms.iter().for_each(|form| self.sequence_form(form));
            }
            Action::SetOwnedBy { sequence, column } => {
                self.require(sequence);
                column.iter().for_each(|column| self.require(column));
            }
            Action::SetSequenceValue { sequence, position } => match position {
                SequencePosition::Behind(other) | SequencePosition::As(other) => self.require_all([sequence, other]),
            },
            // Whoever uses the type may use the new label, so the type counts as made anew.
            Action::AddEnumValue { enum_type, .. } | Action::RenameEnumValue { enum_type, .. } => {
                self.provide(enum_type);
            }
            Action::AlterDomain { domain, form } => self.domain_form(domain, form),
            Action::AlterComposite { composite, forms } => {
                self.provide(composite);
                for form in forms {
                    match form {
                        AttributeForm::Add(attribute) | AttributeForm::Alter(attribute) => self.refer(attribute),
                        AttributeForm::Drop(_) => {}
                    }
                }
            }
            Action::RenameAttribute { composite, .. } => self.provide(composite),
            Action::AlterRoutine { routine, forms } => {
                self.require(&routine.id);
                for form in forms {
                    if let RoutineForm::Support(function) = form {
                        self.refer(function);
                    }
                }
            }
            Action::AlterPolicy {
                policy, using, check, ..
            } => {
                self.require(policy);
                self.refer(using);
                self.refer(check);
            }
            Action::AlterDefinition { id, to, .. } => {
                self.require(id);
                self.refer(to);
            }
            Action::AlterExtension { extension, form } => {
                self.require(&ObjectId::Extension(extension.clone()));
                match form {
                    ExtensionForm::SetSchema(schema) => self.require(&ObjectId::Schema(schema.clone())),
                    ExtensionForm::Update(_) => {}
                }
            }
            Action::SetOwner { subject, .. }
            | Action::Comment { subject, .. }
            | Action::ChangePrivileges { subject, .. }
            | Action::SecurityLabel { subject, .. } => self.require(&subject.id),
            Action::DependOnExtension { subject, extension, .. } => {
                self.require(&subject.id);
                self.require(&ObjectId::Extension(extension.clone()));
            }
            Action::ChangeDefaultPrivileges { id, .. } => {
                if let Some(schema) = &id.schema {
                    self.require(&ObjectId::Schema(schema.clone()));
                }
                self.provide(&ObjectId::DefaultPrivileges(id.clone()));
            }
            Action::Refresh { view, .. } => self.require(view),
            Action::Reindex { index } => self.require(index),
            Action::LockTable { relations, .. } => self.require_all(relations),
            Action::Analyze { relation, .. } => self.require(relation),
            Action::Backfill(backfill) => self.backfill(backfill),
            Action::Verify(expectation) => self.expectation(expectation),
            // The index of that name must be the one that is being built.
            Action::DropInvalidIndex { index, table } => {
                self.require(table);
                self.footprint.claims.push(index.clone());
            }
            Action::SetLocal { .. } | Action::Raise { .. } => {}
        }
    }

    fn create(&mut self, create: &Create) {
        self.defined(&create.id, &create.entry.object);
        for (id, entry) in &create.parts {
            self.defined(id, &entry.object);
        }
        // Every other kind of object may use what an extension brings, without a name that says so.
        if !matches!(create.entry.object, Object::Schema | Object::Extension(_)) {
            self.extensions();
        }
    }

    /// An object that the statement makes, with what its definition says as far as CREATE writes it.
    fn defined(&mut self, id: &ObjectId, object: &Object) {
        self.provide(id);
        if let Some(schema) = id.schema() {
            self.require(&ObjectId::Schema(schema.clone()));
        }
        if let Some(whole) = id.parent() {
            self.require(&whole);
        }
        match id {
            ObjectId::Routine(_, signature) => signature.iter().for_each(|data_type| self.refer(data_type)),
            ObjectId::Definition(definition) => {
                definition
                    .types
                    .iter()
                    .flatten()
                    .for_each(|data_type| self.refer(data_type));
            }
            _ => {}
        }
        let mut object = object.clone();
        match &mut object {
            // These are said by statements of their own, when what they refer to is there.
            Object::Table(table) => {
                table.cluster_on = None;
                table.replica_identity = ReplicaIdentity::Default;
            }
            Object::Sequence(sequence) => sequence.owned_by = None,
            Object::Index(index) => {
                index.parent = None;
                self.require(&index.table);
            }
            Object::Trigger(trigger) => trigger.parent = None,
            Object::Constraint(constraint) => {
                constraint.parent = None;
                self.constraint(id, constraint);
            }
            Object::Column(column) => {
                self.identity(id, column.identity.as_deref());
                self.provide_not_null(id, column.not_null.as_ref());
            }
            Object::View(view) => self.view_columns(id, &view.columns),
            Object::MaterializedView(view) => self.view_columns(id, &view.columns),
            _ => {}
        }
        self.provide_index(id, &object);
        self.refer(&object);
    }

    fn view_columns(&mut self, view: &ObjectId, columns: &[crate::catalog::Ident]) {
        if let Some(name) = view.qualified_name() {
            for column in columns {
                self.provide(&ObjectId::Column(name.clone(), column.clone()));
            }
        }
    }

    /// A foreign key needs the key it goes by, which its references do not name.
    fn constraint(&mut self, id: &ObjectId, constraint: &Constraint) {
        self.refer(&constraint.kind);
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && let Some(key) = self.surroundings.key_of(id, &key.table, &key.referenced)
        {
            self.require(&key);
        }
    }

    /// An identity makes a sequence, whose name must be free.
    fn identity(&mut self, column: &ObjectId, identity: Option<&Identity>) {
        if let (Some(identity), Some(table)) = (identity, column.qualified_name()) {
            self.provide(&ObjectId::Relation(table.with_name(identity.sequence.clone())));
        }
    }

    fn alter_table(&mut self, alter: &AlterTable) {
        self.require(&alter.relation.id);
        self.extensions();
        for form in &alter.forms {
            self.table_form(&alter.relation.id, form);
        }
    }

    fn table_form(&mut self, relation: &ObjectId, form: &TableForm) {
        match form {
            TableForm::AddColumn {
                id,
                column,
                default,
                constraints,
                ..
            } => {
                self.provide(id);
                self.refer(&**column);
                self.identity(id, column.identity.as_deref());
                self.provide_not_null(id, column.not_null.as_ref());
                if default.is_some() {
                    self.provide_default(id);
                }
                self.refer(default);
                for (id, constraint) in constraints {
                    self.provide(id);
                    self.constraint(id, constraint);
                    self.provide_index(id, &Object::Constraint(Box::new(constraint.clone())));
                }
            }
            TableForm::DropColumn { id, .. } => {
                self.remove(id);
                self.require_not_null(id);
            }
            TableForm::ColumnType {
                id,
                data_type,
                collation,
                using,
                ..
            } => {
                self.provide(id);
                self.remove(id);
                self.refer(data_type);
                self.refer(collation);
                self.refer(using);
            }
            TableForm::SetDefault(id, default) => {
                self.require(id);
                self.provide_default(id);
                self.refer(default);
            }
            TableForm::DropDefault(id) => {
                self.require(id);
                if let ObjectId::Column(table, column) = id {
                    self.remove(&ObjectId::Default(table.clone(), column.clone()));
                }
            }
            TableForm::SetNotNull(id, _) => {
                self.require(id);
                if let Some(Object::Column(column)) = self.surroundings.to().get(id).map(|entry| &entry.object) {
                    self.provide_not_null(id, column.not_null.as_ref());
                }
            }
            TableForm::DropExpression(id)
            | TableForm::SetStorage(id, _)
            | TableForm::SetCompression(id, _)
            | TableForm::SetStatistics(id, _)
            | TableForm::SetColumnOptions(id, _)
            | TableForm::ResetColumnOptions(id, _)
            | TableForm::ColumnForeignOptions(id, _)
            | TableForm::SetIdentity { id, .. } => self.require(id),
            TableForm::DropNotNull(id) => {
                self.require(id);
                self.require_not_null(id);
            }
            TableForm::AddNotNull(id, not_null) => {
                self.require(id);
                self.provide_not_null(id, Some(not_null));
            }
            TableForm::AddConstraint(id, constraint) | TableForm::AdoptForeignKey(id, constraint) => {
                self.provide(id);
                self.constraint(id, constraint);
                self.provide_index(id, &Object::Constraint(constraint.clone()));
            }
            TableForm::AddKeyUsingIndex {
                id, constraint, index, ..
            } => {
                self.provide(id);
                self.constraint(id, constraint);
                self.provide_index(id, &Object::Constraint(constraint.clone()));
                self.require(index);
                self.remove(index);
            }
            TableForm::ValidateConstraint(id, validated) => {
                self.require(id);
                match validated {
                    Validated::ForeignKey(table) => self.require(table),
                    Validated::Check => {}
                }
            }
            TableForm::DropConstraint { id, constraint, .. } => {
                self.remove(id);
                self.remove_index(id, &Object::Constraint(constraint.clone()));
            }
            TableForm::ConstraintDeferral(id, _) => self.require(id),
            TableForm::ConstraintEnforcement(id, enforcement) => match enforcement {
                Enforcement::Enforced(table) | Enforcement::NotEnforced(table) => self.require_all([id, table]),
            },
            TableForm::AddIdentity(id, identity) => {
                self.require(id);
                self.identity(id, Some(identity));
            }
            TableForm::DropIdentity(id, _) => {
                self.require(id);
                if let (Some(Object::Column(column)), Some(table)) = (self.surroundings.object(id), id.qualified_name())
                    && let Some(identity) = &column.identity
                {
                    self.remove(&ObjectId::Relation(table.with_name(identity.sequence.clone())));
                }
            }
            TableForm::SetExpression(id, expression, _) => {
                self.provide(id);
                self.refer(expression);
            }
            TableForm::ReplicaIdentity(identity) => self.refer(identity),
            TableForm::ClusterOn(index) => self.refer(index),
            TableForm::Inherit(parent) | TableForm::NoInherit(parent) => self.require(parent),
            TableForm::OfType(name) => self.require(&ObjectId::Type(name.clone())),
            TableForm::TriggerFiring(id, _) | TableForm::RuleFiring(id, _) => self.require(id),
            TableForm::AttachPartition { partition, bound, .. } => {
                self.require(partition);
                self.refer(bound);
            }
            TableForm::DetachPartition { partition, .. } | TableForm::FinalizeDetach(partition) => {
                self.require(partition);
            }
            TableForm::NotNullInheritance(..)
            | TableForm::ValidateNotNull(_)
            | TableForm::DropNotNullConstraint(_)
            | TableForm::SetKeyStatistics(..)
            | TableForm::SetOptions(_)
            | TableForm::ResetOptions(_)
            | TableForm::ForeignOptions(_)
            | TableForm::Persistence(_)
            | TableForm::Tablespace(_)
            | TableForm::AccessMethod(_)
            | TableForm::RowSecurity(_)
            | TableForm::ForceRowSecurity(_)
            | TableForm::NotOf => self.require(relation),
        }
    }

    fn sequence_form(&mut self, form: &SequenceForm) {
        if let SequenceForm::DataType(data_type) = form {
            self.refer(data_type);
        }
    }

    fn domain_form(&mut self, domain: &ObjectId, form: &DomainForm) {
        self.require(domain);
        let constraint = |name| match domain {
            ObjectId::Type(domain) => Some(ObjectId::DomainConstraint(QualifiedName::clone(domain), name)),
            _ => None,
        };
        match form {
            DomainForm::Default(default) => self.refer(default),
            DomainForm::AddConstraint { id, expression, .. } => {
                self.provide(id);
                self.refer(expression);
            }
            DomainForm::DropConstraint(name) => {
                constraint(name.clone()).iter().for_each(|id| self.remove(id));
            }
            DomainForm::ValidateConstraint(name) => {
                constraint(name.clone()).iter().for_each(|id| self.require(id));
            }
            DomainForm::SetNotNull(_) | DomainForm::DropNotNull => {}
        }
    }

    fn backfill(&mut self, backfill: &Backfill) {
        self.require(&backfill.relation);
        match &backfill.walk {
            Walk::Key(columns) => columns.iter().for_each(|(column, _)| self.require(column)),
            Walk::Pages(_) => {}
        }
        match &backfill.work {
            Work::Update { assignments, remaining } => {
                for (column, value) in assignments {
                    self.require(column);
                    self.refer(value);
                }
                if let super::backfill::Remaining::Where(condition) = remaining {
                    self.refer(condition);
                }
            }
            Work::Copy {
                into,
                columns,
                key,
                condition,
            } => {
                self.require(into);
                for (column, value) in columns {
                    self.require(column);
                    self.refer(value);
                }
                self.require_all(key);
                self.refer(condition);
            }
        }
    }

    fn expectation(&mut self, expectation: &Expectation) {
        match expectation {
            Expectation::NoRows {
                relation, condition, ..
            } => {
                self.require(relation);
                self.refer(condition);
            }
            Expectation::Backfilled(backfill) => self.backfill(backfill),
            Expectation::NoDuplicates {
                relation,
                columns,
                condition,
                ..
            } => {
                self.require(relation);
                self.require_all(columns);
                self.refer(condition);
            }
            Expectation::NoOrphans {
                relation,
                columns,
                table,
                referenced,
            } => {
                self.require_all([relation, table]);
                self.require_all(columns);
                self.require_all(referenced);
            }
            Expectation::UsedByFunctionsOnly { data_type, functions } => {
                self.require(data_type);
                self.require_all(functions);
            }
            Expectation::ConstraintValid(id)
            | Expectation::NotNullValid(id, _)
            | Expectation::ColumnNotNull(id)
            | Expectation::IndexValid(id)
            | Expectation::NoPendingDetach(id)
            | Expectation::Exists(id)
            | Expectation::Empty(id) => self.require(id),
            Expectation::IndexAbsent(_) => {}
        }
    }

    /// A rename moves the object, all its parts, and every signature that names it. The catalogs may hold them under
    /// either name: the comparison has applied the renames that it was told of.
    fn rename(&mut self, from: &ObjectId, to: &ObjectId) {
        self.remove(from);
        self.provide(to);
        for catalog in [self.surroundings.from(), self.surroundings.to()] {
            let mut touched = catalog.touched_by_rename(from);
            touched.extend(catalog.touched_by_rename(to));
            touched.sort_by_key(|id| catalog.position(id));
            touched.dedup();
            for id in touched {
                if let Some(new) = id.renamed(from, to) {
                    self.remove(&id);
                    self.provide(&new);
                } else if let Some(old) = id.renamed(to, from) {
                    self.remove(&old);
                    self.provide(&id);
                }
            }
        }
        let object = self.surroundings.object(from).or_else(|| self.surroundings.object(to));
        if let (ObjectId::Constraint(table, old), Some(object)) = (from, object)
            && index_relation(from, object).is_some()
        {
            self.remove(&ObjectId::Relation(table.with_name(old.clone())));
            self.provide(&ObjectId::Relation(table.with_name(to.last_name())));
        }
    }

    /// The extensions that the plan makes: what uses them does not always name them.
    fn extensions(&mut self) {
        let surroundings = self.surroundings;
        self.require_all(surroundings.new_extensions());
    }

    fn provide_default(&mut self, column: &ObjectId) {
        if let ObjectId::Column(table, column) = column {
            self.provide(&ObjectId::Default(table.clone(), column.clone()));
        }
    }

    fn provide_index(&mut self, id: &ObjectId, object: &Object) {
        index_relation(id, object).iter().for_each(|index| self.provide(index));
    }

    /// A not-null constraint is a part of its column, but its name is one among those of the table's constraints.
    fn provide_not_null(&mut self, column: &ObjectId, not_null: Option<&NotNull>) {
        if let (Some(not_null), Some(table)) = (not_null, column.qualified_name()) {
            self.provide(&ObjectId::Constraint(table.clone(), not_null.name.clone()));
        }
    }

    /// The not-null constraint of a column that is, under the name that it bears until it goes.
    fn require_not_null(&mut self, column: &ObjectId) {
        if let Some(Object::Column(found)) = self.surroundings.from().get(column).map(|entry| &entry.object)
            && let (Some(not_null), Some(table)) = (&found.not_null, column.qualified_name())
        {
            self.require(&ObjectId::Constraint(table.clone(), not_null.name.clone()));
        }
    }

    fn remove_index(&mut self, id: &ObjectId, object: &Object) {
        index_relation(id, object).iter().for_each(|index| self.remove(index));
    }

    fn provide(&mut self, id: &ObjectId) {
        self.footprint.provides.push(id.clone());
    }

    fn remove(&mut self, id: &ObjectId) {
        self.footprint.removes.push(id.clone());
    }

    fn require(&mut self, id: &ObjectId) {
        self.footprint.requires.push(id.clone());
    }

    fn require_all<'b>(&mut self, ids: impl IntoIterator<Item = &'b ObjectId>) {
        ids.into_iter().for_each(|id| self.require(id));
    }

    fn refer(&mut self, referring: &dyn Refers) {
        referring.references(&mut |id| self.footprint.requires.push(id.clone()));
    }

    fn finish(self) -> Footprint {
        let mut footprint = self.footprint;
        for ids in [&mut footprint.provides, &mut footprint.removes, &mut footprint.requires] {
            ids.sort();
            ids.dedup();
        }
        let Footprint { provides, requires, .. } = &mut footprint;
        requires.retain(|id| provides.binary_search(id).is_err());
        footprint
    }
}

#[cfg(test)]
mod tests;
