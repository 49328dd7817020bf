//! The single statements that several phases use.

use super::Group;
use super::carry::{Carried, Sort, index_of_key};
use crate::catalog::constraint::{Constraint, ConstraintKind, Key};
use crate::catalog::table::Validation;
use crate::catalog::{Entry, Object, ObjectId};
use crate::dialect::postgres::action::table::Validated;
use crate::dialect::postgres::action::{
    Action, Concurrency, Create, CreateMode, Expectation, Guard, Kind, Names, RowWork, Subject, TableForm, complete,
};
use crate::dialect::postgres::describe;
use crate::dialect::postgres::lower::build::rung_alone;
use crate::plan::{Phase, Rung, State, Statement};

impl Group<'_> {
    pub(super) fn statement(&self, action: Action, comment: impl Into<String>) -> Statement {
        let mut statement = self.lowering.statement(action, comment);
        // The group's own order sees to its own columns; other columns and relations that stay are there all the time.
        statement.releases.clear();
        statement
    }

    pub(super) fn alter(&self, table: &ObjectId, form: TableForm, comment: impl Into<String>) -> Statement {
        self.statement(Action::alter_table(Subject::table(table), form), comment)
    }

    pub(super) fn verify(&self, expectation: Expectation, comment: impl Into<String>) -> Statement {
        self.statement(Action::Verify(Box::new(expectation)), comment)
    }

    /// CREATE INDEX CONCURRENTLY.
    pub(super) fn build_index(&self, id: &ObjectId, entry: Entry) -> Statement {
        let create = Create {
            id: id.clone(),
            entry,
            parts: Vec::new(),
            mode: CreateMode::Concurrently,
            guard: Guard::None,
            names: Names::WhereOthers,
        };
        let mut statement = self.statement(
            Action::Create(Box::new(create)),
            format!("{} is built while others write.", describe(id)),
        );
        // A column that changes in place meanwhile takes the index along.
        let lowering = self.lowering;
        statement.requires.retain(|id| {
            !(matches!(id, ObjectId::Column(..)) && lowering.from(id).is_some() && lowering.to(id).is_some())
        });
        statement
    }

    /// DROP INDEX CONCURRENTLY IF EXISTS.
    pub(super) fn drop_index(&self, id: &ObjectId) -> Statement {
        self.statement(
            Action::Drop {
                subject: index_subject(id),
                concurrency: Concurrency::Concurrently,
                guard: Guard::IfNeeded,
            },
            format!("{} is dropped while others write.", describe(id)),
        )
    }

    /// The rungs of one index that is built on the way up: what an interrupted build has left goes first.
    pub(super) fn index_rungs(&self, id: &ObjectId, entry: Entry) -> Vec<Rung> {
        let table = match &entry.object {
            Object::Index(index) => index.table.clone(),
            _ => table_of(id),
        };
        let cleanup = self.statement(
            Action::DropInvalidIndex {
                index: id.clone(),
                table,
            },
            "What an interrupted build may have left goes first: run this file again before building again.",
        );
        vec![
            rung_alone(State::Present, Phase::Enforce, cleanup, Vec::new(), Vec::new()),
            rung_alone(
                State::Enforced,
                Phase::Enforce,
                self.build_index(id, entry),
                vec![self.drop_index(id)],
                vec![self.verify(
                    Expectation::IndexValid(id.clone()),
                    format!("{} is complete.", describe(id)),
                )],
            ),
        ]
    }

    /// A rung of one statement that stands alone on the way back and only looks on the way up.
    pub(super) fn way_back(&self, up: Statement, down: Statement) -> Rung {
        rung_alone(State::Public, Phase::Contract, up, vec![down], Vec::new())
    }

    pub(super) fn rename(&self, subject: Subject, to: &ObjectId) -> Statement {
        let comment = format!("{} becomes {}.", describe(&subject.id), to.last_name());
        self.statement(
            Action::Rename {
                subject,
                to: to.clone(),
            },
            comment,
        )
    }

    pub(super) fn rename_column(&self, from: &ObjectId, to: &ObjectId) -> Option<Statement> {
        (from != to).then(|| self.rename(Subject::column(from), to))
    }

    pub(super) fn rename_index(&self, from: &ObjectId, to: &ObjectId) -> Statement {
        self.rename(index_subject(from), to)
    }

    pub(super) fn rename_constraint(&self, from: &ObjectId, to: &ObjectId) -> Statement {
        self.rename(constraint_subject(from), to)
    }

    /// ADD CONSTRAINT of a check or foreign key without reading the rows.
    pub(super) fn add_not_valid(&self, id: &ObjectId, constraint: &Constraint) -> Statement {
        let mut constraint = constraint.clone();
        if constraint.validation == Validation::Valid {
            constraint.validation = Validation::NotValid;
        }
        self.alter(
            &table_of(id),
            TableForm::AddConstraint(id.clone(), Box::new(constraint)),
            format!("{} holds for new rows.", describe(id)),
        )
    }

    /// VALIDATE CONSTRAINT; none for a constraint that is not meant to be valid.
    pub(super) fn validate(&self, id: &ObjectId, constraint: &Constraint) -> Option<Statement> {
        let validated = match &constraint.kind {
            ConstraintKind::Check { .. } => Validated::Check,
            ConstraintKind::ForeignKey(key) => Validated::ForeignKey(key.table.clone()),
            ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => return None,
        };
        (constraint.validation == Validation::Valid).then(|| {
            self.alter(
                &table_of(id),
                TableForm::ValidateConstraint(id.clone(), validated),
                format!("{} holds for all rows.", describe(id)),
            )
        })
    }

    pub(super) fn drop_constraint(&self, id: &ObjectId, constraint: &Constraint, guard: Guard) -> Statement {
        self.alter(
            &table_of(id),
            TableForm::DropConstraint {
                id: id.clone(),
                constraint: Box::new(constraint.clone()),
                guard,
            },
            format!("{} goes.", describe(id)),
        )
    }

    /// ADD PRIMARY KEY or UNIQUE USING INDEX; the columns of a primary key are known to be not null.
    pub(super) fn add_key(&self, id: &ObjectId, constraint: &Constraint, index: &ObjectId) -> Statement {
        self.alter(
            &table_of(id),
            TableForm::AddKeyUsingIndex {
                id: id.clone(),
                constraint: Box::new(constraint.clone()),
                index: index.clone(),
                work: RowWork::CatalogOnly,
            },
            format!("{} goes by the index that was built for it.", describe(id)),
        )
    }

    /// Owner, comment and the like of an index or constraint, and what CREATE INDEX cannot say.
    pub(super) fn belongings(&self, id: &ObjectId, entry: &Entry) -> Vec<Statement> {
        let create = Create {
            id: id.clone(),
            entry: entry.clone(),
            parts: Vec::new(),
            mode: CreateMode::Plain,
            guard: Guard::None,
            names: Names::WhereOthers,
        };
        let actions = match &entry.object {
            Object::Index(_) => complete::completion(&create, self.lowering.options.version),
            _ => complete::belongings(id, entry, None, self.lowering.options.version),
        };
        actions
            .into_iter()
            .map(|action| {
                let comment = complete::comment(&action).unwrap_or_default();
                self.statement(action, comment)
            })
            .collect()
    }
}

/// The index that is built for a carried index or key, under the identity it has until it is used.
pub(super) fn index_to_build(id: &ObjectId, entry: &Entry) -> Option<(ObjectId, Entry)> {
    match &entry.object {
        Object::Index(_) => {
            let mut bare = Entry::new(entry.object.clone());
            if let Object::Index(index) = &mut bare.object {
                index.statistics.clear();
                index.parent = None;
            }
            Some((id.clone(), bare))
        }
        _ => key_of(entry).map(|key| {
            let table = table_of(id);
            (index_of(id), index_of_key(&table, key))
        }),
    }
}

/// The relation behind a key constraint, or the index itself.
pub(super) fn index_of(id: &ObjectId) -> ObjectId {
    match id {
        ObjectId::Constraint(table, name) => ObjectId::Relation(table.with_name(name.clone())),
        other => other.clone(),
    }
}

pub(super) fn constraint_of(entry: &Entry) -> Option<&Constraint> {
    match &entry.object {
        Object::Constraint(constraint) => Some(constraint),
        _ => None,
    }
}

fn key_of(entry: &Entry) -> Option<&Key> {
    match &constraint_of(entry)?.kind {
        ConstraintKind::Key(key) => Some(key),
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
    }
}

/// The table a constraint is on.
pub(super) fn table_of(id: &ObjectId) -> ObjectId {
    id.parent().unwrap_or_else(|| id.clone())
}

pub(super) fn index_subject(id: &ObjectId) -> Subject {
    Subject {
        id: id.clone(),
        kind: Kind::Index,
    }
}

pub(super) fn constraint_subject(id: &ObjectId) -> Subject {
    Subject {
        id: id.clone(),
        kind: Kind::Constraint,
    }
}

/// Those of one sort or another.
pub(super) fn of_sort<'a>(carried: &'a [Carried], sorts: &'a [Sort]) -> impl DoubleEndedIterator<Item = &'a Carried> {
    carried.iter().filter(move |carried| sorts.contains(&carried.sort()))
}
