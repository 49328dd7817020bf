//! What a table has from its parents: columns, defaults, CHECK and NOT NULL; INHERIT and NO INHERIT.
//!
//! Knows how the server merges (`tablecmds.c`: `MergeAttributes`, `MergeAttributesIntoExisting`,
//! `MergeConstraintsIntoExisting`, `RemoveInheritance`). What only partitions have is `partition`'s business.

use super::links::ChildKind;
use super::not_null::{InheritedNotNull, merged};
use super::table::{relation_name, retarget, retargeted};
use super::{Applied, Interpreter};
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::table::{Column, Inherit, Inheritance, NotNull, Validation};
use crate::catalog::{Ident, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;

/// What a new table has from its parents.
#[derive(Default)]
pub(super) struct Inherited {
    pub columns: Vec<InheritedColumn>,
    pub not_nulls: Vec<InheritedNotNull>,
    pub checks: Vec<(Ident, Constraint)>,
}

/// A column that comes from a parent.
pub(super) struct InheritedColumn {
    pub name: Ident,
    pub column: Column,
    pub default: Option<Template>,
}

impl Interpreter {
    /// Collects what a new table has from its parents, in their order.
    pub(super) fn inherited(&self, table: &QualifiedName, parents: &[ObjectId], location: i32) -> Applied<Inherited> {
        let mut inherited = Inherited::default();
        for parent in parents {
            let from = relation_name(parent);
            for (name, column) in self.catalog.columns(parent) {
                if let Some(not_null) = &column.not_null
                    && not_null.inherit == Inherit::Inherit
                    && !inherited.not_nulls.iter().any(|known| &known.column == name)
                {
                    inherited.not_nulls.push(InheritedNotNull {
                        column: name.clone(),
                        name: not_null.name.clone(),
                        // A new table has no row that could be null.
                        validation: Validation::Valid,
                    });
                }
                let default = self
                    .default_of(&from, name)
                    .map(|default| retargeted(&default, &from, table));
                match inherited.columns.iter_mut().find(|known| &known.name == name) {
                    Some(known) => {
                        self.same_type(name, &known.column, column, location)?;
                        known.default = known.default.take().or(default);
                    }
                    None => inherited.columns.push(InheritedColumn {
                        name: name.clone(),
                        column: self.column_for_child(column, &from, table),
                        default,
                    }),
                }
            }
            for (id, constraint) in self.constraints(parent) {
                if !is_inheritable(&constraint) {
                    continue;
                }
                let mut copy = constraint;
                retarget(&mut copy.kind, &from, table);
                copy.inheritance = Inheritance::Inherited;
                if copy.validation == Validation::NotValid {
                    copy.validation = Validation::Valid;
                }
                let name = id.last_name();
                match inherited.checks.iter().find(|(known, _)| known == &name) {
                    Some((_, known)) if known.kind != copy.kind => {
                        let message = format!(
                            "check constraint name \"{name}\" appears multiple times but with different expressions"
                        );
                        return Err(self.error(Code::DuplicateObject, location, message));
                    }
                    Some(_) => {}
                    None => inherited.checks.push((name, copy)),
                }
            }
        }
        Ok(inherited)
    }

    /// A parent's column as a child gets it. An identity is the parent's alone; a partition takes its values from it.
    fn column_for_child(&self, column: &Column, from: &QualifiedName, to: &QualifiedName) -> Column {
        let mut generated = column.generated.clone();
        if let Some(generated) = &mut generated {
            retarget(&mut generated.expression, from, to);
        }
        Column {
            not_null: None,
            identity: None,
            generated,
            statistics: None,
            options: crate::catalog::Options::new(),
            foreign_options: crate::catalog::Options::new(),
            inheritance: Inheritance::Inherited,
            ..column.clone()
        }
    }

    /// Refuses to merge columns of different types.
    pub(super) fn same_type(&self, name: &Ident, first: &Column, second: &Column, location: i32) -> Applied {
        if first.data_type == second.data_type && first.collation == second.collation {
            return Ok(());
        }
        let message = format!("column \"{name}\" has a type conflict with its inherited definition");
        Err(self.error(Code::UnsupportedClause, location, message))
    }

    /// INHERIT: the child has all columns and constraints already, they become inherited too.
    pub(super) fn add_inherit(&mut self, child: &QualifiedName, parent: &QualifiedName, location: i32) -> Applied {
        let child_id = ObjectId::Relation(child.clone());
        let parent_id = ObjectId::Relation(parent.clone());
        if self.parents(&child_id).contains(&parent_id) {
            let message = format!("relation \"{}\" would be inherited from more than once", parent.name);
            return Err(self.error(Code::DuplicateObject, location, message));
        }
        if self.is_partition(&child_id) || self.is_partitioned(&child_id) || self.is_partitioned(&parent_id) {
            return Err(self.error(
                Code::UnsupportedClause,
                location,
                "a partitioned table or partition cannot take part in inheritance",
            ));
        }
        self.refuse_circle(&child_id, &parent_id, location)?;
        self.change_table(&child_id, |table| table.inherits.push(parent_id.clone()));
        self.note_child(parent_id, child_id);
        self.merge_into(child, parent, location)
    }

    /// Refuses to hang a table below itself or below one that hangs below it.
    pub(super) fn refuse_circle(&self, child: &ObjectId, parent: &ObjectId, location: i32) -> Applied {
        let mut above = vec![parent.clone()];
        let mut next = 0;
        while let Some(table) = above.get(next).cloned() {
            next += 1;
            if &table == child {
                let message = format!(
                    "circular inheritance not allowed: \"{}\" is already a child of \"{}\"",
                    parent.last_name(),
                    child.last_name()
                );
                return Err(self.error(Code::UnsupportedClause, location, message));
            }
            above.extend(self.parents(&table));
        }
        Ok(())
    }

    /// Marks the columns, NOT NULL and CHECK constraints of a child that its new parent has too as inherited.
    pub(super) fn merge_into(&mut self, child: &QualifiedName, parent: &QualifiedName, location: i32) -> Applied {
        let (child_id, parent_id) = (ObjectId::Relation(child.clone()), ObjectId::Relation(parent.clone()));
        let kind = self.child_kind(&child_id);
        let columns: Vec<(Ident, Column)> = self
            .catalog
            .columns(&parent_id)
            .map(|(name, column)| (name.clone(), column.clone()))
            .collect();
        for (name, theirs) in columns {
            let id = ObjectId::Column(child.clone(), name.clone());
            let Some(own) = self.table_column(&id).cloned() else {
                let message = format!("child table is missing column \"{name}\"");
                return Err(self.error(Code::UnknownColumn, location, message));
            };
            self.same_type(&name, &own, &theirs, location)?;
            if own.generated.is_some() != theirs.generated.is_some() {
                let message = format!("column \"{name}\" in child table must be generated as in its parent");
                return Err(self.error(Code::UnsupportedClause, location, message));
            }
            let inherited = theirs.not_null.filter(|not_null| not_null.inherit == Inherit::Inherit);
            if inherited.is_some() && own.not_null.is_none() {
                let message = format!(
                    "column \"{name}\" in child table \"{}\" must be marked NOT NULL",
                    child.name
                );
                return Err(self.error(Code::UnsupportedClause, location, message));
            }
            self.change_column(&id, |column| {
                column.inheritance = merged(column.inheritance, Inheritance::Inherited, kind);
            });
            if let (Some(mut not_null), Some(_)) = (own.not_null, inherited) {
                not_null.inheritance = merged(not_null.inheritance, Inheritance::Inherited, kind);
                self.put_not_null(&id, not_null);
            }
            let default = self.default_of(child, &name);
            if default.is_some() {
                self.put_default(child, &name, default, location);
            }
        }
        for (id, theirs) in self.constraints(&parent_id) {
            if !is_inheritable(&theirs) {
                continue;
            }
            let own_id = ObjectId::Constraint(child.clone(), id.last_name());
            let mut wanted = theirs.kind;
            retarget(&mut wanted, parent, child);
            match self.constraint(&own_id) {
                Some(own) if own.kind == wanted => {
                    self.change_constraint(&own_id, |own| {
                        own.inheritance = merged(own.inheritance, Inheritance::Inherited, kind);
                    });
                }
                Some(_) => {
                    let message = format!(
                        "child table \"{}\" has different definition for check constraint \"{}\"",
                        child.name,
                        id.last_name()
                    );
                    return Err(self.error(Code::UnsupportedClause, location, message));
                }
                None => {
                    let message = format!("child table is missing constraint \"{}\"", id.last_name());
                    return Err(self.error(Code::UnknownObject, location, message));
                }
            }
        }
        Ok(())
    }

    /// NO INHERIT.
    pub(super) fn drop_inherit(&mut self, child: &QualifiedName, parent: &QualifiedName, location: i32) -> Applied {
        let child_id = ObjectId::Relation(child.clone());
        let parent_id = ObjectId::Relation(parent.clone());
        let inherits = self
            .table(&child_id)
            .is_some_and(|table| table.inherits.contains(&parent_id));
        if !inherits {
            let message = format!(
                "relation \"{}\" is not a parent of relation \"{}\"",
                parent.name, child.name
            );
            return Err(self.error(Code::UnknownObject, location, message));
        }
        self.change_table(&child_id, |table| table.inherits.retain(|known| known != &parent_id));
        self.disinherit(child);
        Ok(())
    }

    /// Looks anew at what a table has from its parents, after it has lost one.
    pub(super) fn disinherit(&mut self, child: &QualifiedName) {
        let child_id = ObjectId::Relation(child.clone());
        let parents: Vec<QualifiedName> = self.parents(&child_id).iter().map(relation_name).collect();
        for name in self.column_names(&child_id) {
            let theirs: Vec<&Column> = parents
                .iter()
                .filter_map(|parent| self.table_column(&ObjectId::Column(parent.clone(), name.clone())))
                .collect();
            let has_column = !theirs.is_empty();
            let has_not_null = theirs
                .iter()
                .filter_map(|column| column.not_null.as_ref())
                .any(|not_null| not_null.inherit == Inherit::Inherit);
            self.change_column(&ObjectId::Column(child.clone(), name.clone()), |column| {
                if !has_column {
                    column.inheritance = Inheritance::Local;
                }
                if let Some(NotNull { inheritance, .. }) = &mut column.not_null
                    && !has_not_null
                {
                    *inheritance = Inheritance::Local;
                }
            });
            let default = self.default_of(child, &name);
            if default.is_some() {
                self.put_default(child, &name, default, -1);
            }
        }
        for (id, constraint) in self.constraints(&child_id) {
            let has = parents.iter().any(|parent| {
                self.constraint(&ObjectId::Constraint(parent.clone(), id.last_name()))
                    .is_some_and(is_inheritable)
            });
            if matches!(constraint.kind, ConstraintKind::Check { .. }) && !has {
                self.change_constraint(&id, |constraint| constraint.inheritance = Inheritance::Local);
            }
        }
    }

    /// Merges a column that a definition and a parent both have; the definition may add to it (`MergeChildAttribute`).
    pub(super) fn merge_definition(&self, inherited: &mut Column, own: &Column, kind: ChildKind) {
        inherited.inheritance = merged(Inheritance::Local, inherited.inheritance, kind);
        if own.storage.is_some() {
            inherited.storage = own.storage.clone();
        }
        if own.compression.is_some() {
            inherited.compression = own.compression.clone();
        }
        inherited.foreign_options = own.foreign_options.clone();
    }
}

/// Whether children have a constraint too: CHECK without NO INHERIT. Keys and foreign keys go to partitions by other ways.
pub(super) fn is_inheritable(constraint: &Constraint) -> bool {
    match &constraint.kind {
        ConstraintKind::Check { inherit, .. } => *inherit == Inherit::Inherit,
        ConstraintKind::Key(_) | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
    }
}
