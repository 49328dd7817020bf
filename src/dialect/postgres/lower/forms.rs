//! Statements of one form each: ALTER TABLE and its kin, comments and checks, as the patterns use them.

use super::facts::relation;
use super::lowering::Lowering;
use crate::catalog::constraint::{Constraint, ConstraintKind};
use crate::catalog::{Ident, ObjectId};
use crate::diagnostic::Diagnostic;
use crate::dialect::postgres::action::table::Validated;
use crate::dialect::postgres::action::{
    Action, AlterTable, Concurrency, Expectation, Guard, Kind, Scope, Subject, TableForm,
};
use crate::dialect::postgres::describe;
use crate::plan::Statement;

impl Lowering<'_> {
    /// A relation with its kind.
    pub fn subject(&self, relation: &ObjectId) -> Subject {
        match self.to(relation).or_else(|| self.from(relation)) {
            Some(entry) => Subject::of(relation, entry),
            None => Subject::table(relation),
        }
    }

    /// `ALTER TABLE relation form` (or ALTER FOREIGN TABLE, ALTER INDEX …, by the relation's kind).
    pub fn alter_table(&self, relation: &ObjectId, form: TableForm, comment: impl Into<String>) -> Statement {
        self.alter_table_within(Scope::Descendants, relation, vec![form], comment)
    }

    /// `ALTER TABLE [ONLY] relation form, form …`.
    pub fn alter_table_within(
        &self,
        scope: Scope,
        relation: &ObjectId,
        forms: Vec<TableForm>,
        comment: impl Into<String>,
    ) -> Statement {
        let relation = self.subject(relation);
        self.statement(
            Action::AlterTable(Box::new(AlterTable { relation, scope, forms })),
            comment,
        )
    }

    /// `ALTER TABLE … ADD CONSTRAINT`.
    pub fn add_constraint(&self, id: &ObjectId, constraint: &Constraint, comment: impl Into<String>) -> Statement {
        let mut constraint = constraint.clone();
        constraint.parent = None;
        self.alter_table(
            &relation(id),
            TableForm::AddConstraint(id.clone(), Box::new(constraint)),
            comment,
        )
    }

    /// `ALTER TABLE … DROP CONSTRAINT`.
    pub fn drop_constraint(&self, id: &ObjectId, constraint: &Constraint, comment: impl Into<String>) -> Statement {
        let form = TableForm::DropConstraint {
            id: id.clone(),
            constraint: Box::new(constraint.clone()),
            guard: Guard::None,
        };
        self.alter_table(&relation(id), form, comment)
    }

    /// `ALTER TABLE … VALIDATE CONSTRAINT`.
    pub fn validate_constraint(&self, id: &ObjectId, constraint: &Constraint) -> Statement {
        let validated = match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Validated::ForeignKey(key.table.clone()),
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => Validated::Check,
        };
        self.alter_table(
            &relation(id),
            TableForm::ValidateConstraint(id.clone(), validated),
            format!("Every row is checked against {}; writers go on.", id.last_name()),
        )
    }

    /// A rename within the same place.
    pub fn rename(&self, subject: Subject, to: &Ident, comment: impl Into<String>) -> Statement {
        let id = match &subject.id {
            ObjectId::Constraint(relation, _) => ObjectId::Constraint(relation.clone(), to.clone()),
            ObjectId::DomainConstraint(domain, _) => ObjectId::DomainConstraint(domain.clone(), to.clone()),
            ObjectId::Relation(name) => ObjectId::Relation(name.with_name(to.clone())),
            other => other.clone(),
        };
        self.statement(Action::Rename { subject, to: id }, comment)
    }

    /// `DROP INDEX CONCURRENTLY IF EXISTS`, which can be run again after it was interrupted.
    pub fn drop_index_concurrently(&self, id: &ObjectId, comment: impl Into<String>) -> Statement {
        let action = Action::Drop {
            subject: Subject {
                id: id.clone(),
                kind: Kind::Index,
            },
            concurrency: Concurrency::Concurrently,
            guard: Guard::IfNeeded,
        };
        self.statement(action, comment)
    }

    /// A check that raises an error when something does not hold.
    pub fn verify(&self, expectation: Expectation, comment: impl Into<String>) -> Statement {
        self.statement(Action::Verify(Box::new(expectation)), comment)
    }

    /// The check that an index is there and valid.
    pub fn verify_index(&self, id: &ObjectId) -> Statement {
        self.verify(
            Expectation::IndexValid(id.clone()),
            format!("{} is there and valid.", describe(id)),
        )
    }
}

impl Lowering<'_> {
    /// A refusal of a difference that no pattern makes.
    pub fn no_pattern(&self, id: &ObjectId, what: &str) -> Box<Diagnostic> {
        super::refuse::unsupported(
            self,
            id,
            format!("{what} of {} cannot be planned", describe(id)),
            "Make this change in a migration of your own, and plan the rest.",
        )
    }
}
