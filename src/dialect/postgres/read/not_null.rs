//! NOT NULL: a named constraint of a column since PostgreSQL 18, whatever the version that is read for.
//!
//! Knows how the constraint gets its name and how it is inherited (`heap.c`, `AddRelationNotNullConstraints`;
//! `tablecmds.c`, `ATExecSetNotNull`).

use super::constraint::NotNullDraft;
use super::links::ChildKind;
use super::table::{Recursion, relation_name};
use super::{Applied, Interpreter};
use crate::catalog::constraint::{ConstraintKind, KeyKind};
use crate::catalog::table::{Inherit, Inheritance, NotNull, Validation};
use crate::catalog::{Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;

/// A NOT NULL that a new table has from a parent.
#[derive(Clone, Debug)]
pub(super) struct InheritedNotNull {
    pub column: Ident,
    pub name: Ident,
    pub validation: Validation,
}

impl Interpreter {
    /// Gives a new table its NOT NULL constraints: those it asks for, merged with those of its parents, then the rest
    /// of the parents', which keep the parent's name.
    pub(super) fn new_not_nulls(
        &mut self,
        table: &QualifiedName,
        wanted: &[NotNullDraft],
        inherited: &[InheritedNotNull],
    ) -> Applied {
        let kind = self.child_kind(&ObjectId::Relation(table.clone()));
        let mut given: Vec<Ident> = Vec::new();
        let mut done: Vec<Ident> = Vec::new();
        for draft in wanted {
            if done.contains(&draft.column) {
                continue;
            }
            done.push(draft.column.clone());
            let same = || wanted.iter().filter(|other| other.column == draft.column);
            if same().any(|other| other.inherit != draft.inherit) {
                let message = format!(
                    "conflicting NO INHERIT declarations for not-null constraints on column \"{}\"",
                    draft.column
                );
                return Err(self.error(Code::SyntaxError, draft.location, message));
            }
            let column = self.column(table, draft.column.as_str(), draft.location)?;
            let from_parent = inherited.iter().any(|parent| parent.column == draft.column);
            let name = match same().find_map(|other| other.name.clone()) {
                Some(name) => name,
                None => self.not_null_name(table, &draft.column, &given),
            };
            given.push(name.clone());
            let inheritance = match from_parent {
                true => merged(Inheritance::Local, Inheritance::Inherited, kind),
                false => Inheritance::Local,
            };
            self.put_not_null(
                &column,
                NotNull {
                    name,
                    validation: draft.validation,
                    inherit: draft.inherit,
                    inheritance,
                },
            );
        }
        for parent in inherited {
            if done.contains(&parent.column) {
                continue;
            }
            done.push(parent.column.clone());
            let name = match given.contains(&parent.name) || self.table_has_constraint(table, &parent.name) {
                false => parent.name.clone(),
                true => self.not_null_name(table, &parent.column, &given),
            };
            given.push(name.clone());
            let column = self.column(table, parent.column.as_str(), -1)?;
            self.put_not_null(
                &column,
                NotNull {
                    name,
                    validation: parent.validation,
                    inherit: Inherit::Inherit,
                    inheritance: Inheritance::Inherited,
                },
            );
        }
        Ok(())
    }

    /// Makes a column NOT NULL and its children's with it, which get the same constraint name.
    pub(super) fn set_not_null(
        &mut self,
        table: &QualifiedName,
        draft: &NotNullDraft,
        recursion: Recursion,
    ) -> Applied {
        let column = self.column(table, draft.column.as_str(), draft.location)?;
        let children = self.children(&ObjectId::Relation(table.clone()));
        let is_new = self
            .table_column(&column)
            .is_some_and(|column| column.not_null.is_none());
        let mut draft = draft.clone();
        if recursion == Recursion::Only && is_new && !children.is_empty() && self.version() >= 18 {
            if self.is_partitioned(&ObjectId::Relation(table.clone())) {
                return Err(self.error(
                    Code::UnsupportedClause,
                    draft.location,
                    "constraint must be added to child tables too",
                ));
            }
            // Of a table that others inherit from, ONLY means NO INHERIT (`ATExecSetNotNull`).
            draft.inherit = Inherit::NoInherit;
        }
        let name = self.set_not_null_here(table, &column, &draft, Inheritance::Local)?;
        if draft.inherit == Inherit::NoInherit || recursion == Recursion::Only {
            return Ok(());
        }
        let named = NotNullDraft {
            name: Some(name),
            ..draft.clone()
        };
        for child in children {
            self.inherit_not_null(&relation_name(&child), &named)?;
        }
        Ok(())
    }

    /// Gives a child the NOT NULL of its parent, and so on down.
    pub(super) fn inherit_not_null(&mut self, table: &QualifiedName, draft: &NotNullDraft) -> Applied {
        let column = self.column(table, draft.column.as_str(), draft.location)?;
        let name = self.set_not_null_here(table, &column, draft, Inheritance::Inherited)?;
        let named = NotNullDraft {
            name: Some(name),
            ..draft.clone()
        };
        for child in self.children(&ObjectId::Relation(table.clone())) {
            self.inherit_not_null(&relation_name(&child), &named)?;
        }
        Ok(())
    }

    fn set_not_null_here(
        &mut self,
        table: &QualifiedName,
        column: &ObjectId,
        draft: &NotNullDraft,
        source: Inheritance,
    ) -> Applied<Ident> {
        let existing = self.table_column(column).and_then(|column| column.not_null.clone());
        if let Some(mut not_null) = existing {
            if let Some(name) = &draft.name
                && name != &not_null.name
                && source == Inheritance::Local
            {
                let message = format!(
                    "cannot create not-null constraint \"{name}\" on column \"{}\" of table \"{}\"",
                    draft.column, table.name
                );
                let mut error = self.error(Code::DuplicateObject, draft.location, message);
                error.detail = Some(format!(
                    "A not-null constraint named \"{}\" already exists for this column.",
                    not_null.name
                ));
                return Err(error);
            }
            if not_null.inherit == Inherit::NoInherit && draft.inherit == Inherit::Inherit {
                let message = format!(
                    "cannot change NO INHERIT status of NOT NULL constraint \"{}\" on relation \"{}\"",
                    not_null.name, table.name
                );
                return Err(self.error(Code::UnsupportedClause, draft.location, message));
            }
            if draft.validation == Validation::Valid {
                not_null.validation = Validation::Valid;
            }
            // Unlike ATTACH PARTITION this leaves what was a partition's own its own as well (`AdjustNotNullInheritance`).
            not_null.inheritance = merged(not_null.inheritance, source, ChildKind::Inheriting);
            let name = not_null.name.clone();
            self.put_not_null(column, not_null);
            return Ok(name);
        }
        let name = match &draft.name {
            Some(name) => {
                self.refuse_taken_constraint(table, name, draft.location)?;
                name.clone()
            }
            None => self.not_null_name(table, &draft.column, &[]),
        };
        self.put_not_null(
            column,
            NotNull {
                name: name.clone(),
                validation: draft.validation,
                inherit: draft.inherit,
                inheritance: source,
            },
        );
        Ok(name)
    }

    /// The name of a NOT NULL that is given none.
    ///
    /// The server avoids the names of other tables' constraints too (`ChooseConstraintName`). pg_dump leaves a name out
    /// when it is the plain one, even where another table took that name first, so in a dump only the table's own count.
    fn not_null_name(&self, table: &QualifiedName, column: &Ident, others: &[Ident]) -> Ident {
        self.choose(table.name.as_str(), Some(column.as_str()), "not_null", |name| {
            others.contains(name)
                || match self.is_dump {
                    true => self.table_has_constraint(table, name),
                    false => self.constraint_name_taken(&table.with_name(name.clone())),
                }
        })
    }

    /// Puts a NOT NULL on a column, in the place of one that is there.
    ///
    /// A server before 18 keeps no note of a NOT NULL that is a child's own as well as its parent's.
    pub(super) fn put_not_null(&mut self, column: &ObjectId, mut not_null: NotNull) {
        if self.version() < 18 && not_null.inheritance == Inheritance::Merged {
            not_null.inheritance = Inheritance::Inherited;
        }
        if let Some(table) = column.qualified_name() {
            self.note_constraint_name(table.with_name(not_null.name.clone()), column.clone());
        }
        self.change_column(column, |column| column.not_null = Some(not_null));
    }

    /// ALTER COLUMN … DROP NOT NULL, or DROP CONSTRAINT of its name.
    pub(super) fn drop_not_null(
        &mut self,
        table: &QualifiedName,
        column: &Ident,
        recursion: Recursion,
        location: i32,
    ) -> Applied {
        let id = self.column(table, column.as_str(), location)?;
        let Some(existing) = self.table_column(&id) else {
            return Ok(());
        };
        let Some(not_null) = existing.not_null.clone() else {
            return Ok(());
        };
        let refused = |message: String| Err(self.error(Code::DependentObjects, location, message));
        if existing.identity.is_some() {
            return refused(format!(
                "column \"{column}\" of relation \"{}\" is an identity column",
                table.name
            ));
        }
        if self.in_primary_key(&id) {
            return refused(format!("column \"{column}\" is in a primary key"));
        }
        let kind = self.child_kind(&ObjectId::Relation(table.clone()));
        let may_differ = self.version() < 18 && kind == ChildKind::Inheriting;
        if not_null.inheritance != Inheritance::Local && !may_differ {
            return refused(format!(
                "cannot drop inherited constraint \"{}\" of relation \"{}\"",
                not_null.name, table.name
            ));
        }
        self.change_column(&id, |column| column.not_null = None);
        for child in self.children(&ObjectId::Relation(table.clone())) {
            self.disinherit_not_null(&relation_name(&child), column, recursion);
        }
        Ok(())
    }

    /// A parent's NOT NULL is gone: the child's goes too, unless it has it from elsewhere or ONLY was said.
    pub(super) fn disinherit_not_null(&mut self, table: &QualifiedName, column: &Ident, recursion: Recursion) {
        let id = ObjectId::Column(table.clone(), column.clone());
        let Some(not_null) = self.table_column(&id).and_then(|column| column.not_null.clone()) else {
            return;
        };
        let table_id = ObjectId::Relation(table.clone());
        let another = self.parents(&table_id).iter().any(|parent| {
            let column = ObjectId::Column(relation_name(parent), column.clone());
            self.table_column(&column)
                .and_then(|column| column.not_null.as_ref())
                .is_some_and(|not_null| not_null.inherit == Inherit::Inherit)
        });
        if another || not_null.inheritance == Inheritance::Local {
            return;
        }
        if not_null.inheritance == Inheritance::Merged || recursion == Recursion::Only {
            let local = NotNull {
                inheritance: Inheritance::Local,
                ..not_null
            };
            self.put_not_null(&id, local);
            return;
        }
        self.change_column(&id, |column| column.not_null = None);
        for child in self.children(&table_id) {
            self.disinherit_not_null(&relation_name(&child), column, recursion);
        }
    }

    fn in_primary_key(&self, column: &ObjectId) -> bool {
        let Some(table) = column.parent() else { return false };
        self.constraints(&table).iter().any(|(_, constraint)| {
            matches!(&constraint.kind, ConstraintKind::Key(key) if key.kind == KeyKind::Primary && key.columns.contains(column))
        })
    }
}

/// Where something comes from that was there and now comes from `source` too; a partition keeps no trace of its own.
pub(super) fn merged(existing: Inheritance, source: Inheritance, kind: ChildKind) -> Inheritance {
    match (existing, source, kind) {
        (Inheritance::Local, Inheritance::Local, _) => Inheritance::Local,
        (Inheritance::Inherited, Inheritance::Inherited, _) => Inheritance::Inherited,
        (_, _, ChildKind::Partition) => Inheritance::Inherited,
        (_, _, ChildKind::Inheriting) => Inheritance::Merged,
    }
}
