//! ALTER TABLE: columns that come, go and change their type, default or generation.
//!
//! Knows how each change goes down to children. What hangs on a column's attributes only is in `alter_attribute`.

use super::alter_table::{Altered, Queue, definition};
use super::column::{ColumnDraft, plain_column};
use super::constraint::Constraints;
use super::not_null::merged;
use super::remove::Behaviour;
use super::table::{Recursion, relation_name, retarget};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::table::{Column, Generated, GeneratedStorage, Inheritance, Persistence};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName, Refers, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use ast::NodeEnum;

impl Interpreter {
    /// ADD COLUMN.
    pub(super) fn add_column<'a>(
        &mut self,
        altered: &Altered,
        command: &'a ast::AlterTableCmd,
        queue: &mut Queue<'a>,
    ) -> Applied {
        let Some(NodeEnum::ColumnDef(column)) = definition(command) else {
            return Err(self.refuse(altered.location, "this column"));
        };
        let id = ObjectId::Column(altered.name.clone(), Ident::from(column.colname.as_str()));
        if self.catalog.contains(&id) {
            if command.missing_ok {
                return Ok(());
            }
            let message = format!(
                "column \"{}\" of relation \"{}\" already exists",
                column.colname, altered.name.name
            );
            return Err(self.error(Code::DuplicateObject, column.location, message));
        }
        if self.is_partition(&altered.id) {
            return Err(self.error(
                Code::UnsupportedClause,
                column.location,
                "cannot add column to a partition",
            ));
        }
        self.refuse_only(altered, "column must be added")?;
        let persistence = match self.table(&altered.id) {
            Some(table) if self.version() >= 15 => table.persistence,
            _ => Persistence::Logged,
        };
        let mut constraints = Constraints::default();
        let mut draft = self.column_draft(column, &mut constraints)?;
        self.insert_column(&altered.name, &mut draft, persistence)?;
        let values = self.define_values(&altered.name, &draft, persistence);
        self.keep(values);
        self.add_column_to_children(&altered.name, &draft)?;
        queue.push_constraints(constraints);
        Ok(())
    }

    /// Gives the children a new column of their parent; one that they have already is merged.
    fn add_column_to_children(&mut self, table: &QualifiedName, draft: &ColumnDraft<'_>) -> Applied {
        let id = ObjectId::Column(table.clone(), draft.name.clone());
        let Some(source) = self.table_column(&id).cloned() else {
            return Ok(());
        };
        let default = self.default_of(table, &draft.name);
        for child in self.children(&ObjectId::Relation(table.clone())) {
            let kind = self.child_kind(&child);
            let child = relation_name(&child);
            let own = ObjectId::Column(child.clone(), draft.name.clone());
            if let Some(existing) = self.table_column(&own).cloned() {
                self.same_type(&draft.name, &existing, &source, draft.location)?;
                self.change_column(&own, |column| {
                    column.inheritance = merged(column.inheritance, Inheritance::Inherited, kind);
                });
                continue;
            }
            let mut copy = Column {
                identity: None,
                not_null: None,
                inheritance: Inheritance::Inherited,
                ..source.clone()
            };
            retarget(&mut copy.generated, table, &child);
            self.add_part(own, Object::Column(Box::new(copy)), draft.location)?;
            if default.is_some() {
                self.put_default(&child, &draft.name, default.clone(), draft.location);
            }
            self.add_column_to_children(&child, draft)?;
        }
        Ok(())
    }

    /// DROP COLUMN with all that uses it.
    pub(super) fn drop_column(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let name = Ident::from(command.name.as_str());
        let id = ObjectId::Column(altered.name.clone(), name.clone());
        let Some(column) = self.table_column(&id) else {
            return match command.missing_ok {
                true => Ok(()),
                false => self.column(&altered.name, &command.name, altered.location).map(|_| ()),
            };
        };
        if column.inheritance != Inheritance::Local {
            return Err(self.refuse_inherited(altered, format!("drop column \"{name}\"")));
        }
        let in_key = self
            .table(&altered.id)
            .and_then(|table| table.partition_key.as_ref())
            .is_some_and(|key| {
                let mut found = false;
                key.references(&mut |reference| found |= reference == &id);
                found
            });
        if in_key {
            let message = format!(
                "cannot drop column \"{name}\" because it is part of the partition key of relation \"{}\"",
                altered.name.name
            );
            return Err(self.error(Code::DependentObjects, altered.location, message));
        }
        if altered.recursion == Recursion::Only && self.is_partitioned(&altered.id) {
            self.refuse_only(altered, "column must be dropped")?;
        }
        let mut gone = vec![id];
        self.column_below(&altered.name, &name, altered.recursion, &mut gone);
        let behaviour = Behaviour::of(command.behavior());
        self.remove(gone, behaviour, altered.location)
    }

    /// The columns of children that go with their parent's; those that stay become the children's own.
    fn column_below(&mut self, table: &QualifiedName, name: &Ident, recursion: Recursion, gone: &mut Vec<ObjectId>) {
        for child in self.children(&ObjectId::Relation(table.clone())) {
            let child_name = relation_name(&child);
            let id = ObjectId::Column(child_name.clone(), name.clone());
            let another = self
                .parents(&child)
                .iter()
                .map(relation_name)
                .filter(|parent| parent != table)
                .any(|parent| self.catalog.contains(&ObjectId::Column(parent, name.clone())));
            let Some(column) = self.table_column(&id) else { continue };
            if another {
                continue;
            }
            if column.inheritance == Inheritance::Inherited && recursion == Recursion::Children {
                gone.push(id);
                self.column_below(&child_name, name, recursion, gone);
            } else {
                self.change_column(&id, |column| {
                    column.inheritance = Inheritance::Local;
                    if let Some(not_null) = &mut column.not_null {
                        not_null.inheritance = Inheritance::Local;
                    }
                });
            }
        }
    }

    /// ALTER COLUMN … TYPE.
    pub(super) fn alter_column_type(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let Some(NodeEnum::ColumnDef(wanted)) = definition(command) else {
            return Err(self.refuse(altered.location, "this type"));
        };
        let data_type = self.required_data_type(wanted.type_name.as_ref(), altered.location)?;
        let collation = match &wanted.coll_clause {
            Some(clause) => self.column_collation(&data_type, clause)?,
            None => None,
        };
        let inherited = self
            .table_column(&id)
            .is_some_and(|column| column.inheritance != Inheritance::Local);
        if inherited {
            return Err(self.refuse_inherited(altered, format!("alter the type of column \"{}\"", command.name)));
        }
        self.refuse_only(altered, "type of inherited column must be changed")?;
        let name = Ident::from(command.name.as_str());
        let tables = self.with_descendants(altered);
        for table in &tables {
            self.refuse_type_users(&ObjectId::Column(table.clone(), name.clone()), altered.location)?;
        }
        for table in &tables {
            let id = ObjectId::Column(table.clone(), name.clone());
            let identity = match self.table_column(&id).and_then(|column| column.identity.clone()) {
                Some(mut identity) => {
                    identity.options = self.retype_sequence(&identity.options, &data_type, altered.location)?;
                    Some(identity)
                }
                None => None,
            };
            // The new type brings its own storage and compression along.
            let retyped = plain_column(data_type.clone());
            self.change_column(&id, |column| {
                column.data_type = retyped.data_type;
                column.collation = collation.clone();
                column.storage = retyped.storage;
                column.compression = retyped.compression;
                column.identity = identity;
            });
            self.rewrite_users(table, &id)?;
        }
        self.remake_parts(altered, &ObjectId::Column(altered.name.clone(), name))
    }

    /// The parts of a partitioned table's indexes over a column are made anew from the whole, under names of their own:
    /// the server rebuilds only the whole from its definition and lets it recurse (`ATPostAlterTypeCleanup`).
    fn remake_parts(&mut self, altered: &Altered, column: &ObjectId) -> Applied {
        for whole in self.indexes(&altered.id) {
            let mut uses = false;
            if let Some(entry) = self.catalog.get(&whole) {
                entry.object.references(&mut |reference| uses |= reference == column);
            }
            if !uses {
                continue;
            }
            let partitions = self.partitions(&altered.id);
            for partition in &partitions {
                self.take_parts(&whole, partition);
            }
            for partition in &partitions {
                self.copy_parts(&whole, partition)?;
            }
        }
        Ok(())
    }

    /// What stands in the way of a new type: the server does not rebuild it (`RememberAllDependentForRebuilding`).
    fn refuse_type_users(&self, column: &ObjectId, location: i32) -> Applied {
        let mut found = None;
        for id in self.catalog.dependents_of(column) {
            let Some(entry) = self.catalog.get(&id) else { continue };
            let blocks = match &entry.object {
                Object::View(_)
                | Object::MaterializedView(_)
                | Object::Rule(_)
                | Object::Policy(_)
                | Object::Routine(_)
                | Object::Trigger(_) => true,
                Object::Column(other) => other.generated.is_some(),
                _ => false,
            };
            if blocks {
                entry.object.references(&mut |reference| {
                    if reference == column {
                        found = Some(id.clone());
                    }
                });
            }
            if found.is_some() {
                break;
            }
        }
        match found {
            None => Ok(()),
            Some(user) => {
                let mut error = self.error(
                    Code::DependentObjects,
                    location,
                    format!(
                        "cannot alter type of a column used by {}",
                        crate::dialect::postgres::describe(&user)
                    ),
                );
                error.hint = Some("Drop it before and make it anew afterwards.".into());
                Err(error)
            }
        }
    }

    /// Reads the CHECK constraints and indexes over a column anew, as the server rebuilds them from their text: casts
    /// that the old type needed may have become idle.
    fn rewrite_users(&mut self, table: &QualifiedName, column: &ObjectId) -> Applied {
        let scope = Scope::relation(ObjectId::Relation(table.clone()));
        let parts: Vec<(ObjectId, Object)> = self
            .catalog
            .parts(&ObjectId::Relation(table.clone()))
            .filter(|(_, entry)| {
                let mut uses = false;
                entry.object.references(&mut |reference| uses |= reference == column);
                uses
            })
            .map(|(id, entry)| (id.clone(), entry.object.clone()))
            .collect();
        for (id, mut object) in parts {
            match &mut object {
                Object::Constraint(constraint) => match &mut constraint.kind {
                    ConstraintKind::Check { expression, .. } => self.reread(expression, &scope)?,
                    ConstraintKind::Exclude(exclude) => {
                        for element in &mut exclude.elements {
                            self.reread(&mut element.key.expression, &scope)?;
                        }
                        if let Some(predicate) = &mut exclude.predicate {
                            self.reread(predicate, &scope)?;
                        }
                    }
                    ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) => continue,
                },
                Object::Index(index) => {
                    for key in &mut index.keys {
                        self.reread(&mut key.expression, &scope)?;
                    }
                    if let Some(predicate) = &mut index.predicate {
                        self.reread(predicate, &scope)?;
                    }
                }
                _ => continue,
            }
            self.replace(&id, object);
        }
        Ok(())
    }

    /// Writes an expression out and reads it anew.
    fn reread(&self, expression: &mut Template, scope: &Scope) -> Applied {
        if expression.as_column().is_some() {
            return Ok(());
        }
        let text = crate::dialect::postgres::write::template(expression);
        if let Some(node) = ast::parse_expression(&text) {
            *expression = self.expression(&node, scope)?;
        }
        Ok(())
    }

    /// SET DEFAULT and DROP DEFAULT, of a table's column or a view's.
    pub(super) fn alter_column_default(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.column(&altered.name, &command.name, altered.location)?;
        let name = Ident::from(command.name.as_str());
        let Some(column) = self.table_column(&id) else {
            let default = match command.def.as_deref() {
                Some(node) => Some(self.expression(node, &Scope::none())?),
                None => None,
            };
            self.put_default(&altered.name, &name, default, altered.location);
            return Ok(());
        };
        if column.identity.is_some() || column.generated.is_some() {
            let what = match column.identity {
                Some(_) => "an identity",
                None => "a generated",
            };
            let message = format!(
                "column \"{name}\" of relation \"{}\" is {what} column",
                altered.name.name
            );
            return Err(self.error(Code::UnsupportedClause, altered.location, message));
        }
        let data_type = column.data_type.clone();
        let default = match command.def.as_deref() {
            Some(node) => self.default_expression(node, &data_type)?,
            None => None,
        };
        for table in self.with_descendants(altered) {
            self.put_default(&table, &name, default.clone(), altered.location);
        }
        Ok(())
    }

    /// SET EXPRESSION.
    pub(super) fn set_expression(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        self.needs_version(17, altered.location, "SET EXPRESSION")?;
        let id = self.altered_column(altered, command)?;
        let generated = self.table_column(&id).and_then(|column| column.generated.as_ref());
        let (Some(storage), Some(node)) = (generated.map(|generated| generated.storage), command.def.as_deref()) else {
            return Err(self.not_generated(altered, &command.name));
        };
        let name = Ident::from(command.name.as_str());
        for table in self.with_descendants(altered) {
            let id = ObjectId::Column(table.clone(), name.clone());
            let Some(data_type) = self.table_column(&id).map(|column| column.data_type.clone()) else {
                continue;
            };
            let scope = Scope::relation(ObjectId::Relation(table));
            let expression = self.expression_for(node, &scope, &data_type)?;
            self.change_column(&id, |column| {
                column.generated = Some(Box::new(Generated { expression, storage }))
            });
        }
        Ok(())
    }

    /// DROP EXPRESSION: the column keeps its values.
    pub(super) fn drop_expression(&mut self, altered: &Altered, command: &ast::AlterTableCmd) -> Applied {
        let id = self.altered_column(altered, command)?;
        let generated = self.table_column(&id).and_then(|column| column.generated.as_ref());
        match generated.map(|generated| generated.storage) {
            None if command.missing_ok => return Ok(()),
            None => return Err(self.not_generated(altered, &command.name)),
            Some(GeneratedStorage::Virtual) => {
                return Err(self.error(
                    Code::UnsupportedClause,
                    altered.location,
                    "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns",
                ));
            }
            Some(GeneratedStorage::Stored) => {}
        }
        let name = Ident::from(command.name.as_str());
        for table in self.with_descendants(altered) {
            self.change_column(&ObjectId::Column(table, name.clone()), |column| column.generated = None);
        }
        Ok(())
    }

    fn not_generated(&self, altered: &Altered, column: &str) -> Box<crate::diagnostic::Diagnostic> {
        let message = format!(
            "column \"{column}\" of relation \"{}\" is not a generated column",
            altered.name.name
        );
        self.error(Code::UnsupportedClause, altered.location, message)
    }
}
