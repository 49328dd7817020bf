//! Constraints as statements ask for them: what stands in the text, sorted by kind, and CHECK.
//!
//! Knows the attributes of constraints and the order in which the server makes them. Keys, foreign keys and NOT NULL
//! have files of their own.

use super::not_null::merged;
use super::table::{Recursion, relation_name, retarget};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::{Constraint, ConstraintKind, Deferral};
use crate::catalog::table::{Inherit, Inheritance, Validation};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName, Template};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::Scope;
use ast::{ConstrType, NodeEnum};

/// The constraints that a statement asks for, by kind, each in the order of the text.
#[derive(Default)]
pub(super) struct Constraints<'a> {
    pub checks: Vec<Pending<'a>>,
    pub not_nulls: Vec<NotNullDraft>,
    /// PRIMARY KEY, UNIQUE and EXCLUDE.
    pub keys: Vec<Pending<'a>>,
    pub foreign_keys: Vec<Pending<'a>>,
}

/// A constraint as written.
#[derive(Clone)]
pub(super) struct Pending<'a> {
    pub node: &'a ast::Constraint,
    /// The column it stands at; `None` for a constraint of the table.
    pub column: Option<Ident>,
    pub attributes: Attributes,
}

/// A NOT NULL that a statement asks for.
#[derive(Clone, Debug)]
pub(super) struct NotNullDraft {
    pub column: Ident,
    pub name: Option<Ident>,
    pub inherit: Inherit,
    pub validation: Validation,
    pub location: i32,
}

/// The attributes that may stand after a constraint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes {
    pub deferral: Deferral,
    pub validation: Validation,
}

impl Pending<'_> {
    /// The NOT NULL that a table's PRIMARY KEY gives its columns; a column's own was made with the column.
    pub(super) fn primary_key_not_nulls(&self) -> Vec<NotNullDraft> {
        if self.node.contype() != ConstrType::ConstrPrimary || self.column.is_some() {
            return Vec::new();
        }
        ast::strings(&self.node.keys)
            .into_iter()
            .map(|column| NotNullDraft::plain(&Ident::from(column), self.node.location))
            .collect()
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Attributes {
            deferral: Deferral::NotDeferrable,
            validation: Validation::Valid,
        }
    }
}

impl Attributes {
    /// Adds an attribute that stands as a node of its own after a column's constraint.
    pub(super) fn add(&mut self, kind: ConstrType) {
        match kind {
            ConstrType::ConstrAttrDeferrable if self.deferral == Deferral::NotDeferrable => {
                self.deferral = Deferral::InitiallyImmediate;
            }
            ConstrType::ConstrAttrDeferred => self.deferral = Deferral::InitiallyDeferred,
            ConstrType::ConstrAttrNotEnforced => self.validation = Validation::NotEnforced,
            _ => {}
        }
    }
}

/// DEFERRABLE and INITIALLY DEFERRED as the parser's two flags.
pub(super) fn deferral(deferrable: bool, initially_deferred: bool) -> Deferral {
    match (deferrable, initially_deferred) {
        (_, true) => Deferral::InitiallyDeferred,
        (true, false) => Deferral::InitiallyImmediate,
        (false, false) => Deferral::NotDeferrable,
    }
}

/// Whether rows may stand in a table when a constraint is added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableAge {
    /// The statement makes the table: NOT VALID says nothing.
    New,
    /// The table was there, or its rows were, as those of a foreign table.
    Existing,
}

impl Interpreter {
    /// Sorts a table constraint into its kind.
    pub(super) fn table_constraint<'a>(
        &self,
        node: &'a ast::Constraint,
        age: TableAge,
        constraints: &mut Constraints<'a>,
    ) -> Applied {
        let kind = node.contype();
        let pending = Pending {
            node,
            column: None,
            attributes: self.attributes(node, age)?,
        };
        match kind {
            ConstrType::ConstrCheck => constraints.checks.push(pending),
            ConstrType::ConstrPrimary | ConstrType::ConstrUnique | ConstrType::ConstrExclusion => {
                constraints.keys.push(pending);
            }
            ConstrType::ConstrForeign => constraints.foreign_keys.push(pending),
            ConstrType::ConstrNotnull => {
                self.needs_version(18, node.location, "NOT NULL as a table constraint")?;
                let column = ast::strings(&node.keys);
                let Some(column) = column.first() else {
                    return Err(self.refuse(node.location, "NOT NULL without a column"));
                };
                constraints.not_nulls.push(NotNullDraft {
                    column: Ident::from(*column),
                    name: explicit_name(node),
                    inherit: inherit(node),
                    validation: pending.attributes.validation,
                    location: node.location,
                });
            }
            ConstrType::Undefined
            | ConstrType::ConstrNull
            | ConstrType::ConstrDefault
            | ConstrType::ConstrIdentity
            | ConstrType::ConstrGenerated
            | ConstrType::ConstrAttrDeferrable
            | ConstrType::ConstrAttrNotDeferrable
            | ConstrType::ConstrAttrDeferred
            | ConstrType::ConstrAttrImmediate
            | ConstrType::ConstrAttrEnforced
            | ConstrType::ConstrAttrNotEnforced => return Err(self.refuse(node.location, "this table constraint")),
        }
        Ok(())
    }

    /// The attributes of a table constraint, which stand in its own node.
    fn attributes(&self, node: &ast::Constraint, age: TableAge) -> Applied<Attributes> {
        let enforceable = matches!(node.contype(), ConstrType::ConstrCheck | ConstrType::ConstrForeign);
        let validation = if enforceable && !node.is_enforced {
            self.needs_version(18, node.location, "NOT ENFORCED")?;
            Validation::NotEnforced
        } else if node.skip_validation && age == TableAge::Existing {
            Validation::NotValid
        } else {
            Validation::Valid
        };
        Ok(Attributes {
            deferral: deferral(node.deferrable, node.initdeferred),
            validation,
        })
    }

    /// Adds a CHECK constraint to a table and, unless it is NO INHERIT, to its children.
    pub(super) fn add_check(&mut self, table: &QualifiedName, pending: &Pending<'_>, recursion: Recursion) -> Applied {
        let node = pending.node;
        let Some(raw) = node.raw_expr.as_deref() else {
            return Err(self.refuse(node.location, "CHECK without an expression"));
        };
        let id = ObjectId::Relation(table.clone());
        let expression = self.expression(raw, &Scope::relation(id.clone()))?;
        let name = explicit_name(node).unwrap_or_else(|| {
            let column = single_column(&expression, table);
            self.choose_constraint_name(table, column.as_ref().map(Ident::as_str), "check", &[])
        });
        let constraint = Constraint {
            kind: ConstraintKind::Check {
                expression,
                inherit: inherit(node),
            },
            deferral: Deferral::NotDeferrable,
            validation: pending.attributes.validation,
            inheritance: Inheritance::Local,
            parent: None,
        };
        self.put_check(table, &name, constraint, recursion, node.location)
    }

    /// Puts a CHECK constraint in, merges it with an equal one of the same name, and carries it to the children.
    pub(super) fn put_check(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        constraint: Constraint,
        recursion: Recursion,
        location: i32,
    ) -> Applied {
        let table_id = ObjectId::Relation(table.clone());
        let id = ObjectId::Constraint(table.clone(), name.clone());
        let no_inherit = matches!(
            constraint.kind,
            ConstraintKind::Check {
                inherit: Inherit::NoInherit,
                ..
            }
        );
        if no_inherit && self.is_partitioned(&table_id) {
            let message = format!(
                "cannot add NO INHERIT constraint to partitioned table \"{}\"",
                table.name
            );
            return Err(self.error(Code::UnsupportedClause, location, message));
        }
        match self.constraint(&id) {
            // An inherited constraint of the same name becomes the table's own as well, or comes from one parent more.
            Some(existing)
                if existing.kind == constraint.kind
                    && (existing.inheritance != constraint.inheritance
                        || constraint.inheritance == Inheritance::Inherited) =>
            {
                let merged = merged(existing.inheritance, constraint.inheritance, self.child_kind(&table_id));
                let validation = constraint.validation;
                self.change_constraint(&id, |existing| {
                    existing.inheritance = merged;
                    if existing.validation == Validation::NotEnforced {
                        existing.validation = validation;
                    }
                });
            }
            _ => {
                self.refuse_taken_constraint(table, name, location)?;
                self.add_part(id, Object::Constraint(Box::new(constraint.clone())), location)?;
            }
        }
        if no_inherit {
            return Ok(());
        }
        let children = self.children(&table_id);
        if recursion == Recursion::Only && !children.is_empty() {
            return Err(self.error(
                Code::UnsupportedClause,
                location,
                "constraint must be added to child tables too",
            ));
        }
        for child in children {
            let child = relation_name(&child);
            let mut copy = constraint.clone();
            retarget(&mut copy.kind, table, &child);
            copy.inheritance = Inheritance::Inherited;
            self.put_check(&child, name, copy, recursion, location)?;
        }
        Ok(())
    }

    /// Refuses a constraint name that the table has given already.
    pub(super) fn refuse_taken_constraint(&self, table: &QualifiedName, name: &Ident, location: i32) -> Applied {
        if !self.table_has_constraint(table, name) {
            return Ok(());
        }
        let message = format!("constraint \"{name}\" for relation \"{}\" already exists", table.name);
        Err(self.error(Code::DuplicateObject, location, message))
    }

    /// The columns that a list of names means, which must exist.
    pub(super) fn key_columns(
        &self,
        table: &QualifiedName,
        names: &[ast::Node],
        location: i32,
    ) -> Applied<Vec<ObjectId>> {
        names
            .iter()
            .filter_map(|node| match &node.node {
                Some(NodeEnum::IndexElem(element)) => Some(element.name.as_str()),
                _ => ast::string(node),
            })
            .map(|name| self.column(table, name, location))
            .collect()
    }
}

/// The name that was written for a constraint.
pub(super) fn explicit_name(node: &ast::Constraint) -> Option<Ident> {
    (!node.conname.is_empty()).then(|| Ident::from(node.conname.as_str()))
}

/// NO INHERIT as written.
pub(super) fn inherit(node: &ast::Constraint) -> Inherit {
    match node.is_no_inherit {
        true => Inherit::NoInherit,
        false => Inherit::Inherit,
    }
}

/// The column of a table that an expression refers to when it refers to one only.
fn single_column(expression: &Template, table: &QualifiedName) -> Option<Ident> {
    let mut found: Option<&Ident> = None;
    for reference in expression.references() {
        if let ObjectId::Column(relation, column) = reference
            && relation == table
        {
            match found {
                Some(first) if first != column => return None,
                _ => found = Some(column),
            }
        }
    }
    found.cloned()
}
