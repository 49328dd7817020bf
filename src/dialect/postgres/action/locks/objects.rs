//! What CREATE, DROP, RENAME, SET SCHEMA, OWNER TO and COMMENT lock, by the kind of the object.

use super::{Cast, Finder, add_relation, far_end, part_cast, relation_of};
use crate::catalog::routine::Body;
use crate::catalog::table::{Table, Validation};
use crate::catalog::view::Population;
use crate::catalog::{DefinitionKind, Object, ObjectId, Refers};
use crate::dialect::postgres::action::{Concurrency, Create, CreateMode, DomainForm, Kind, Scope, Subject};
use crate::dialect::postgres::locks::Form;
use crate::dialect::postgres::write::template;
use std::collections::BTreeSet;

impl Finder<'_> {
    pub(super) fn create(&mut self, create: &Create) {
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
            Object::View(view) => {
                let is_replaced = create.mode == CreateMode::OrReplace && self.surroundings.is_there(&create.id);
                let form = if is_replaced {
                    Form::ReplaceView
                } else {
                    Form::CreateView
                };
                self.form(form, &cast);
                self.stored_query(&template(&view.query), &cast.sources);
            }
            Object::MaterializedView(view) => {
                let form = match view.population {
                    Population::WithData => Form::CreateMaterializedView,
                    Population::WithNoData => Form::CreateMaterializedViewNoData,
                };
                self.form(form, &cast);
            }
            Object::Routine(routine) => {
                self.form(Form::CreateRoutine, &cast);
                if let Body::Sql(body) = &routine.body {
                    self.stored_query(&template(body), &cast.sources);
                }
            }
            Object::Trigger(_) => self.form(Form::CreateTrigger, &part_cast(&create.id)),
            Object::Rule(rule) => {
                cast.target = create.id.parent();
                self.form(Form::CreateRule, &cast);
                for action in &rule.actions {
                    self.stored_query(&template(action), &cast.sources);
                }
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
            | Object::DefaultPrivileges(_)
            | Object::Provided(_) => {}
        }
    }

    pub(super) fn create_definition(&mut self, id: &ObjectId, cast: &Cast) {
        let form = match id {
            ObjectId::Definition(id) if id.kind == DefinitionKind::Statistics => Form::CreateStatistics,
            ObjectId::Definition(id) if id.kind == DefinitionKind::Publication => Form::CreatePublication,
            _ => return,
        };
        for table in &cast.sources {
            self.form(form, &Cast::target(table));
        }
    }

    pub(super) fn create_table(&mut self, create: &Create, table: &Table) {
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

    pub(super) fn drop(&mut self, subject: &Subject, concurrency: Concurrency) {
        let id = &subject.id;
        let form = match subject.kind {
            Kind::Table | Kind::ForeignTable => {
                self.owned_sequences(id);
                match self.surroundings.object(id) {
                    Some(Object::Table(table)) => match &table.partition_of {
                        // One that goes from a partitioned table that stays has been detached before.
                        Some(place)
                            if !(self.surroundings.goes(id) && self.surroundings.to().contains(&place.parent)) =>
                        {
                            Form::DropPartition
                        }
                        Some(_) | None => Form::DropTable,
                    },
                    _ => Form::DropTable,
                }
            }
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
            Kind::Column => {
                let mut cast = part_cast(id);
                cast.column = Some(self.surroundings.on_column(id));
                return self.form(Form::DropColumn, &cast);
            }
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

    pub(super) fn rename(&mut self, subject: &Subject, to: &ObjectId) {
        // The comparison has applied the renames that it was told of: the object stands under its new name then.
        let id = if self.surroundings.object(&subject.id).is_some() {
            &subject.id
        } else {
            to
        };
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
    pub(super) fn on_whole(&mut self, subject: &Subject, table_form: Form) {
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

    pub(super) fn comment(&mut self, subject: &Subject) {
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

    pub(super) fn domain(&mut self, domain: &ObjectId, form: &DomainForm) {
        let form = match form {
            DomainForm::SetNotNull(_) | DomainForm::ValidateConstraint(_) => Form::CheckDomain,
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
}
