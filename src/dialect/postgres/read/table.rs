//! What every statement on tables needs: finding them, changing them, putting parts in.
//!
//! Knows kinds of relations and how parts are registered. Knows no statement.

use super::{Applied, Interpreter, ast, lookup::shown_name};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{Column, Persistence, Table};
use crate::catalog::{Entry, Hidden, Ident, Object, ObjectId, QualifiedName, Refers, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::describe;

/// Whether a change of a table is carried to its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recursion {
    /// As without ONLY.
    Children,
    /// ONLY.
    Only,
}

impl Recursion {
    /// As the relation's name was written.
    pub(super) fn of(range: &ast::RangeVar) -> Recursion {
        if range.inh {
            Recursion::Children
        } else {
            Recursion::Only
        }
    }
}

impl Interpreter {
    /// Whether a new relation is logged; temporary ones are refused, as they belong to no schema.
    pub(super) fn persistence(&self, range: &ast::RangeVar) -> Applied<Persistence> {
        match range.relpersistence.as_str() {
            "t" => Err(self.refuse(range.location, "a temporary relation")),
            _ if range.schemaname == "pg_temp" => Err(self.refuse(range.location, "a temporary relation")),
            "u" => Ok(Persistence::Unlogged),
            _ => Ok(Persistence::Logged),
        }
    }

    /// The error of a relation name that is taken.
    pub(super) fn relation_exists(&self, name: &QualifiedName, location: i32) -> Box<Diagnostic> {
        let mut error = self.error(
            Code::DuplicateObject,
            location,
            format!("relation \"{}\" already exists", name.name),
        );
        let owner = self.hidden_relation(name).unwrap_or(ObjectId::Relation(name.clone()));
        if let Some(first) = self.origins.get(&owner) {
            *error = error.label(*first, "first made here");
        }
        error
    }

    /// The error of a relation of the wrong kind.
    pub(super) fn wrong_kind(&self, name: &QualifiedName, wanted: &str, location: i32) -> Box<Diagnostic> {
        self.error(
            Code::UnknownRelation,
            location,
            format!("\"{}\" is not {wanted}", name.name),
        )
    }

    /// A relation, or the name of a key constraint's index or an identity column's sequence.
    pub(super) fn find_relation_or_hidden(&self, schema: &str, name: &str) -> Option<QualifiedName> {
        self.find(schema, name, |name| self.relation_name_taken(name))
    }

    /// The identity behind a relation name: the relation, or the constraint or column whose index or sequence bears it.
    pub(super) fn relation_or_owner(&self, range: &ast::RangeVar) -> Applied<ObjectId> {
        let name = self
            .find_relation_or_hidden(&range.schemaname, &range.relname)
            .ok_or_else(|| {
                let shown = shown_name(&range.schemaname, &range.relname);
                self.error(
                    Code::UnknownRelation,
                    range.location,
                    format!("relation {shown} does not exist"),
                )
            })?;
        Ok(self.hidden_relation(&name).unwrap_or(ObjectId::Relation(name)))
    }

    /// The table of an identity.
    pub(super) fn table(&self, id: &ObjectId) -> Option<&Table> {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Changes a table.
    pub(super) fn change_table(&mut self, id: &ObjectId, change: impl FnOnce(&mut Table)) {
        if let Some(Entry {
            object: Object::Table(table),
            ..
        }) = self.catalog.get_mut(id)
        {
            change(table);
        }
    }

    /// A column of a table.
    pub(super) fn table_column(&self, id: &ObjectId) -> Option<&Column> {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// Changes a column of a table.
    pub(super) fn change_column(&mut self, id: &ObjectId, change: impl FnOnce(&mut Column)) {
        if let Some(Entry {
            object: Object::Column(column),
            hidden_comments,
            ..
        }) = self.catalog.get_mut(id)
        {
            change(column);
            // What goes takes its comment with it.
            hidden_comments.retain(|part, _| match part {
                Hidden::Index => false,
                Hidden::Sequence => column.identity.is_some(),
                Hidden::NotNull => column.not_null.is_some(),
            });
        }
    }

    /// A constraint of a table.
    pub(super) fn constraint(&self, id: &ObjectId) -> Option<&Constraint> {
        match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Constraint(constraint)) => Some(constraint),
            _ => None,
        }
    }

    /// Changes a constraint of a table.
    pub(super) fn change_constraint(&mut self, id: &ObjectId, change: impl FnOnce(&mut Constraint)) {
        if let Some(Entry {
            object: Object::Constraint(constraint),
            ..
        }) = self.catalog.get_mut(id)
        {
            change(constraint);
        }
    }

    /// The constraints of a table in the order in which they came to be.
    pub(super) fn constraints(&self, table: &ObjectId) -> Vec<(ObjectId, Constraint)> {
        self.catalog
            .parts(table)
            .filter_map(|(id, entry)| match &entry.object {
                Object::Constraint(constraint) => Some((id.clone(), (**constraint).clone())),
                _ => None,
            })
            .collect()
    }

    /// The names of a table's columns in order.
    pub(super) fn column_names(&self, table: &ObjectId) -> Vec<Ident> {
        self.catalog.columns(table).map(|(name, _)| name.clone()).collect()
    }

    /// Puts another object in the place of one; owner, comment and privileges stay.
    pub(super) fn replace(&mut self, id: &ObjectId, object: Object) {
        if let Some(entry) = self.catalog.get_mut(id) {
            entry.object = object;
        }
    }

    /// Puts a part of a relation in: it has no owner of its own.
    pub(super) fn add_part(&mut self, id: ObjectId, object: Object, location: i32) -> Applied {
        if self.catalog.contains(&id) {
            let mut error = self.error(
                Code::DuplicateObject,
                location,
                format!("{} already exists", describe(&id)),
            );
            if let Some(first) = self.origins.get(&id) {
                *error = error.label(*first, "first made here");
            }
            return Err(error);
        }
        if let (Object::Constraint(constraint), ObjectId::Constraint(table, name)) = (&object, &id) {
            self.note_constraint_name(table.with_name(name.clone()), id.clone());
            match &constraint.kind {
                ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                    self.note_hidden_relation(table.with_name(name.clone()), id.clone());
                }
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
            }
        }
        self.origins.insert(id.clone(), self.place(location));
        self.catalog.insert(id.clone(), Entry::new(object));
        // An identity column comes with a sequence.
        self.apply_default_privileges(&id);
        Ok(())
    }

    /// Keeps an error and goes on: the rest of the statement is still worth reading.
    pub(super) fn keep(&mut self, result: Applied) {
        if let Err(diagnostic) = result {
            self.diagnostics.push(*diagnostic);
        }
    }
}

/// The name of a relation's identity.
pub(super) fn relation_name(id: &ObjectId) -> QualifiedName {
    match id.qualified_name() {
        Some(name) => name.clone(),
        None => QualifiedName::new(Ident::from(""), Ident::from("")),
    }
}

/// Lets everything that speaks of one table's columns speak of another's columns of the same names.
pub(super) fn retarget<T: Refers>(value: &mut T, from: &QualifiedName, to: &QualifiedName) {
    value.rename(&|id| match id {
        ObjectId::Column(table, column) if table == from => Some(ObjectId::Column(to.clone(), column.clone())),
        ObjectId::Relation(table) if table == from => Some(ObjectId::Relation(to.clone())),
        ObjectId::Type(table) if table == from => Some(ObjectId::Type(to.clone())),
        _ => None,
    });
}

/// The same expression over another table's columns of the same names.
pub(super) fn retargeted(template: &Template, from: &QualifiedName, to: &QualifiedName) -> Template {
    let mut template = template.clone();
    retarget(&mut template, from, to);
    template
}
