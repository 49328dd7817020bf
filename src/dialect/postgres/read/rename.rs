//! RENAME of every kind (`RenameStmt`; PostgreSQL manual, the ALTER commands).
//!
//! Knows which identity changes to which. References follow by themselves, because they are identities.

use super::ast::{DropBehavior, Node, ObjectType, RangeVar, RenameStmt};
use super::identify::{Found, part_of};
use super::{Applied, Interpreter};
use crate::catalog::types::Type;
use crate::catalog::{DefinitionId, DefinitionKind, Entry, Ident, Object, ObjectId, QualifiedName, Renamed};
use crate::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

impl Interpreter {
    pub(super) fn rename(&mut self, statement: &RenameStmt) -> Applied {
        use ObjectType as Kind;
        let new = Ident::from(statement.newname.as_str());
        let object = statement.object.as_deref();
        match statement.rename_type() {
            Kind::ObjectTable
            | Kind::ObjectForeignTable
            | Kind::ObjectView
            | Kind::ObjectMatview
            | Kind::ObjectSequence
            | Kind::ObjectIndex => match self.renamed_relation(statement)? {
                Some((id, name)) => self.rename_relation(&id, &name, new),
                None => Ok(()),
            },
            Kind::ObjectColumn => match self.renamed_relation(statement)? {
                Some((_, relation)) => self.rename_column(&relation, &statement.subname, new),
                None => Ok(()),
            },
            Kind::ObjectAttribute => self.rename_attribute(statement, new),
            Kind::ObjectTabconstraint => match self.renamed_relation(statement)? {
                Some((_, relation)) => self.rename_constraint(&relation, &statement.subname, &new),
                None => Ok(()),
            },
            kind @ (Kind::ObjectTrigger | Kind::ObjectRule | Kind::ObjectPolicy) => {
                match self.renamed_relation(statement)? {
                    Some((_, relation)) => self.rename_part(kind, &relation, &statement.subname, &new),
                    None => Ok(()),
                }
            }
            Kind::ObjectSchema => {
                let old = ObjectId::Schema(Ident::from(statement.subname.as_str()));
                self.rename_object(&old, ObjectId::Schema(new))
            }
            Kind::ObjectDomconstraint => self.rename_domain_constraint(object, &statement.subname, new),
            Kind::ObjectRole | Kind::ObjectDatabase | Kind::ObjectTablespace => {
                self.skip_cluster_statement();
                Ok(())
            }
            kind => match self.look_up(kind, object)? {
                Found::Object(id) => self.rename_named(&id, new),
                Found::Missing(_) if statement.missing_ok => Ok(()),
                Found::Missing(error) => Err(error),
            },
        }
    }

    /// Gives an object another identity; its origin follows.
    pub(super) fn rename_object(&mut self, from: &ObjectId, to: ObjectId) -> Applied {
        match self.rename_in_catalog(from, &to) {
            Renamed::Done(_) => Ok(()),
            Renamed::Missing => {
                let shown = crate::dialect::postgres::describe(from);
                let code = match from {
                    ObjectId::Schema(_) => Code::UnknownSchema,
                    _ => Code::UnknownObject,
                };
                Err(self.error(code, -1, format!("{shown} does not exist")))
            }
            Renamed::NameTaken => Err(self.name_taken(&to)),
        }
    }

    /// The error that a new name is taken.
    pub(super) fn name_taken(&self, id: &ObjectId) -> Box<Diagnostic> {
        let shown = crate::dialect::postgres::describe(id);
        let mut error = Diagnostic::error(Code::DuplicateObject, format!("{shown} already exists")).at(self.place(-1));
        if let Some(first) = self.origins.get(id) {
            error = error.label(*first, "first made here");
        }
        Box::new(error)
    }

    /// The relation a rename speaks of: its identity (of an index or sequence that belongs to another object, the owner's)
    /// and its name; `None` where IF EXISTS finds nothing.
    fn renamed_relation(&self, statement: &RenameStmt) -> Applied<Option<(ObjectId, QualifiedName)>> {
        let Some(range) = statement.relation.as_ref() else {
            return Err(self.refuse(-1, "a rename without a relation"));
        };
        let found = self.relation_or_hidden(range);
        match found {
            Some((id, name)) => {
                // ALTER TABLE may name any relation; the other forms are strict.
                let kind = statement.rename_type();
                if kind != ObjectType::ObjectTable {
                    self.check_relation_kind(kind, &id, &name)?;
                }
                Ok(Some((id, name)))
            }
            None if statement.missing_ok => Ok(None),
            None => Err(self
                .relation(range)
                .err()
                .unwrap_or_else(|| self.refuse(-1, "this rename"))),
        }
    }

    /// A relation, or the owner of an index or sequence that is no object of its own, with the relation's name.
    pub(super) fn relation_or_hidden(&self, range: &RangeVar) -> Option<(ObjectId, QualifiedName)> {
        let name = self.find(&range.schemaname, &range.relname, |name| self.relation_name_taken(name))?;
        let id = ObjectId::Relation(name.clone());
        if self.catalog.contains(&id) {
            return Some((id, name));
        }
        Some((self.hidden_relation(&name)?, name))
    }

    fn rename_relation(&mut self, id: &ObjectId, name: &QualifiedName, new: Ident) -> Applied {
        let renamed = name.with_name(new.clone());
        if self.relation_name_taken(&renamed) {
            return Err(self.name_taken(&ObjectId::Relation(renamed)));
        }
        match id {
            ObjectId::Constraint(table, _) => {
                self.rename_object(id, ObjectId::Constraint(table.clone(), new))?;
                self.note_hidden_relation(renamed.clone(), ObjectId::Constraint(name_of(id, name), renamed.name));
            }
            ObjectId::Column(..) => {
                if let Some(entry) = self.catalog.get_mut(id)
                    && let Object::Column(column) = &mut entry.object
                    && let Some(identity) = &mut column.identity
                {
                    identity.sequence = new;
                }
                self.note_hidden_relation(renamed, id.clone());
            }
            _ => self.rename_object(id, ObjectId::Relation(renamed))?,
        }
        Ok(())
    }

    fn rename_column(&mut self, relation: &QualifiedName, old: &str, new: Ident) -> Applied {
        let from = self.column(relation, old, -1)?;
        let mut relations = vec![relation.clone()];
        let mut next = 0;
        while let Some(parent) = relations.get(next).cloned() {
            next += 1;
            for child in self.child_names(&parent) {
                if !relations.contains(&child) {
                    relations.push(child);
                }
            }
        }
        if let Some(Object::Column(column)) = self.catalog.get(&from).map(|entry| &entry.object)
            && column.inheritance != crate::catalog::table::Inheritance::Local
        {
            return Err(self.error(
                Code::InvalidDefinition,
                -1,
                format!("cannot rename inherited column \"{old}\""),
            ));
        }
        for relation in relations {
            let from = ObjectId::Column(relation.clone(), Ident::from(old));
            self.rename_object(&from, ObjectId::Column(relation, new.clone()))?;
        }
        Ok(())
    }

    fn child_names(&self, parent: &QualifiedName) -> Vec<QualifiedName> {
        self.children(&ObjectId::Relation(parent.clone()))
            .iter()
            .filter_map(|child| child.qualified_name().cloned())
            .collect()
    }

    fn rename_constraint(&mut self, relation: &QualifiedName, old: &str, new: &Ident) -> Applied {
        let from = ObjectId::Constraint(relation.clone(), Ident::from(old));
        if self.catalog.contains(&from) {
            let to = ObjectId::Constraint(relation.clone(), new.clone());
            let is_check = matches!(
                self.catalog.get(&from).map(|entry| &entry.object),
                Some(Object::Constraint(constraint))
                    if matches!(constraint.kind, crate::catalog::constraint::ConstraintKind::Check { .. })
            );
            if self.hidden_relation(&relation.with_name(Ident::from(old))).as_ref() == Some(&from) {
                return self.rename_relation(&from, &relation.with_name(Ident::from(old)), new.clone());
            }
            self.rename_object(&from, to)?;
            if is_check {
                for child in self.child_names(relation) {
                    if self
                        .catalog
                        .contains(&ObjectId::Constraint(child.clone(), Ident::from(old)))
                    {
                        self.rename_constraint(&child, old, new)?;
                    }
                }
            }
            return Ok(());
        }
        if self.rename_not_null(relation, old, new) {
            return Ok(());
        }
        Err(self.error(
            Code::UnknownObject,
            -1,
            format!("constraint \"{old}\" for table \"{}\" does not exist", relation.name),
        ))
    }

    /// Renames a column's NOT NULL constraint here and in the children that have it from here.
    fn rename_not_null(&mut self, relation: &QualifiedName, old: &str, new: &Ident) -> bool {
        let column = self
            .catalog
            .columns(&ObjectId::Relation(relation.clone()))
            .find_map(|(name, column)| {
                let not_null = column.not_null.as_ref()?;
                (not_null.name.as_str() == old).then(|| name.clone())
            });
        let Some(column) = column else { return false };
        let id = ObjectId::Column(relation.clone(), column);
        if let Some(entry) = self.catalog.get_mut(&id)
            && let Object::Column(column) = &mut entry.object
            && let Some(not_null) = &mut column.not_null
        {
            not_null.name = new.clone();
        }
        for child in self.child_names(relation) {
            self.rename_not_null(&child, old, new);
        }
        true
    }

    fn rename_part(&mut self, kind: ObjectType, relation: &QualifiedName, old: &str, new: &Ident) -> Applied {
        let (from, words) = part_of(kind, relation.clone(), Ident::from(old));
        if !self.catalog.contains(&from) {
            return Err(self.error(
                Code::UnknownObject,
                -1,
                format!("{words} \"{old}\" for table \"{}\" does not exist", relation.name),
            ));
        }
        let (to, _) = part_of(kind, relation.clone(), new.clone());
        // A partition's copies of a trigger take the new name too (PostgreSQL 15, `renametrig`).
        let is_copy = |id: &ObjectId| {
            matches!(self.catalog.get(id).map(|entry| &entry.object),
                Some(Object::Trigger(trigger)) if trigger.parent.as_ref() == Some(&from))
        };
        let mut copies = self.catalog.dependents_of(&from);
        copies.retain(is_copy);
        self.rename_object(&from, to)?;
        for copy in copies {
            if let ObjectId::Trigger(relation, old) = copy {
                self.rename_part(kind, &relation, old.as_str(), new)?;
            }
        }
        Ok(())
    }

    fn rename_attribute(&mut self, statement: &RenameStmt, new: Ident) -> Applied {
        let Some(range) = statement.relation.as_ref() else {
            return Err(self.refuse(-1, "a rename without a type"));
        };
        let Some(name) = self.find_type(&range.schemaname, &range.relname) else {
            let shown = super::lookup::shown_name(&range.schemaname, &range.relname);
            return Err(self.error(
                Code::UnknownType,
                range.location,
                format!("type {shown} does not exist"),
            ));
        };
        let typed = self.tables_of_type(&name);
        if !typed.is_empty() && statement.behavior() != DropBehavior::DropCascade {
            return Err(self.error(
                Code::DependentObjects,
                -1,
                format!(
                    "cannot alter type \"{}\" because it is the type of a typed table",
                    name.name
                ),
            ));
        }
        let old = statement.subname.as_str();
        let missing = || {
            self.error(
                Code::UnknownColumn,
                -1,
                format!("attribute \"{old}\" of type \"{}\" does not exist", name.name),
            )
        };
        let position = match self.composite(&name) {
            Some(attributes) => attributes.iter().position(|attribute| attribute.name.as_str() == old),
            None => None,
        }
        .ok_or_else(missing)?;
        if let Some(entry) = self.catalog.get_mut(&ObjectId::Type(name))
            && let Object::Type(data_type) = &mut entry.object
            && let Type::Composite(attributes) = &mut **data_type
            && let Some(attribute) = attributes.get_mut(position)
        {
            attribute.name = new.clone();
        }
        for table in typed {
            let from = ObjectId::Column(table.clone(), Ident::from(old));
            self.rename_object(&from, ObjectId::Column(table, new.clone()))?;
        }
        Ok(())
    }

    /// The attributes of a composite type.
    pub(super) fn composite(&self, name: &QualifiedName) -> Option<&Vec<crate::catalog::types::Attribute>> {
        match self
            .catalog
            .get(&ObjectId::Type(name.clone()))
            .map(|entry| &entry.object)
        {
            Some(Object::Type(data_type)) => match &**data_type {
                Type::Composite(attributes) => Some(attributes),
                Type::Enum(_) | Type::Domain(_) | Type::Range(_) | Type::Base(_) | Type::Shell => None,
            },
            _ => None,
        }
    }

    /// The tables made OF a type.
    pub(super) fn tables_of_type(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let users = self.catalog.dependents_of(&ObjectId::Type(name.clone()));
        let is_of_type = |id: &ObjectId| {
            matches!(self.catalog.get(id).map(|entry| &entry.object),
                Some(Object::Table(table)) if table.of_type.as_ref().is_some_and(|of| &of.name == name))
        };
        users
            .into_iter()
            .filter(is_of_type)
            .filter_map(|id| id.qualified_name().cloned())
            .collect()
    }

    fn rename_domain_constraint(&mut self, object: Option<&Node>, old: &str, new: Ident) -> Applied {
        let ObjectId::Type(domain) = self.identify(ObjectType::ObjectDomain, object)? else {
            return Err(self.refuse(-1, "a constraint of this object"));
        };
        let from = ObjectId::DomainConstraint(domain.clone(), Ident::from(old));
        if self.catalog.contains(&from) {
            return self.rename_object(&from, ObjectId::DomainConstraint(domain, new));
        }
        if let Some(entry) = self.catalog.get_mut(&ObjectId::Type(domain.clone()))
            && let Object::Type(data_type) = &mut entry.object
            && let Type::Domain(domain) = &mut **data_type
            && let Some(not_null) = &mut domain.not_null
            && not_null.as_str() == old
        {
            *not_null = new;
            return Ok(());
        }
        Err(self.error(
            Code::UnknownObject,
            -1,
            format!("constraint \"{old}\" for domain \"{}\" does not exist", domain.name),
        ))
    }

    /// Renames an object that is identified by itself: a type, a routine, a kind kept by definition.
    fn rename_named(&mut self, id: &ObjectId, new: Ident) -> Applied {
        match id {
            ObjectId::Type(name) => {
                let to = name.with_name(new);
                if self.catalog.contains(&ObjectId::Relation(to.clone())) {
                    return Err(self.name_taken(&ObjectId::Relation(to)));
                }
                self.rename_object(id, ObjectId::Type(to))
            }
            ObjectId::Routine(name, signature) => {
                let to = ObjectId::Routine(name.with_name(new), signature.clone());
                self.rename_object(id, to)
            }
            ObjectId::Definition(definition) => {
                let renamed = DefinitionId {
                    name: new.clone(),
                    ..(**definition).clone()
                };
                self.rename_object(id, ObjectId::Definition(Arc::new(renamed)))?;
                self.rename_within(definition, &new)
            }
            ObjectId::Schema(_)
            | ObjectId::Extension(_)
            | ObjectId::Relation(_)
            | ObjectId::Column(..)
            | ObjectId::Default(..)
            | ObjectId::Constraint(..)
            | ObjectId::DomainConstraint(..)
            | ObjectId::Trigger(..)
            | ObjectId::Rule(..)
            | ObjectId::Policy(..)
            | ObjectId::DefaultPrivileges(_)
            | ObjectId::Provided(_) => Err(self.refuse(-1, "this rename")),
        }
    }

    /// Lets what names a renamed server or language by its bare name follow.
    fn rename_within(&mut self, old: &DefinitionId, new: &Ident) -> Applied {
        let inside = match old.kind {
            DefinitionKind::Server => DefinitionKind::UserMapping,
            DefinitionKind::Language => DefinitionKind::Transform,
            _ => return Ok(()),
        };
        let members: Vec<Arc<DefinitionId>> = self
            .catalog
            .iter()
            .filter_map(|(id, _)| match id {
                ObjectId::Definition(id) if id.kind == inside && id.within.as_ref() == Some(&old.name) => {
                    Some(id.clone())
                }
                _ => None,
            })
            .collect();
        for member in members {
            let to = DefinitionId {
                within: Some(new.clone()),
                ..(*member).clone()
            };
            self.rename_object(&ObjectId::Definition(member), ObjectId::Definition(Arc::new(to)))?;
        }
        if old.kind == DefinitionKind::Language {
            let written_in =
                |entry: &Entry| matches!(&entry.object, Object::Routine(routine) if routine.language == old.name);
            let routines = self.catalog.iter().filter(|(_, entry)| written_in(entry));
            let routines: Vec<ObjectId> = routines.map(|(id, _)| id.clone()).collect();
            for id in routines {
                if let Some(entry) = self.catalog.get_mut(&id)
                    && let Object::Routine(routine) = &mut entry.object
                {
                    routine.language = new.clone();
                }
            }
        }
        Ok(())
    }
}

/// The table of a constraint's identity; `fallback` for any other.
fn name_of(id: &ObjectId, fallback: &QualifiedName) -> QualifiedName {
    match id {
        ObjectId::Constraint(table, _) => table.clone(),
        _ => fallback.clone(),
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn references_follow() {
        assert_same(
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;
             ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO c;",
            "CREATE TABLE u (c int, b int); CREATE VIEW v (a) AS SELECT c FROM u;",
        );
    }

    #[test]
    fn a_constraint_is_renamed_by_its_index_too() {
        assert_same(
            "CREATE TABLE t (a int PRIMARY KEY); ALTER INDEX t_pkey RENAME TO k;",
            "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY);",
        );
    }

    #[test]
    fn children_follow_a_column() {
        assert_same(
            "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c PARTITION OF p DEFAULT;
             ALTER TABLE p RENAME a TO b;",
            "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE c PARTITION OF p DEFAULT;",
        );
    }

    #[test]
    fn a_type_takes_signatures_along() {
        assert_same(
            "CREATE TYPE a AS ENUM (); CREATE FUNCTION f(a) RETURNS a LANGUAGE sql AS 'SELECT $1';
             ALTER TYPE a RENAME TO b; ALTER FUNCTION f(b) RENAME TO g;",
            "CREATE TYPE b AS ENUM (); CREATE FUNCTION g(b) RETURNS b LANGUAGE sql AS 'SELECT $1';",
        );
    }
}
