//! LIKE in CREATE TABLE: columns and what INCLUDING takes along.
//!
//! Knows what is copied always (types, NOT NULL with its name) and what by request (`transformTableLikeClause`,
//! `expandTableLikeClause`). Nothing links the copy to its source afterwards.

use super::constraint::{Constraints, NotNullDraft};
use super::table::{Recursion, retarget, retargeted};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::sequence::SequenceOptions;
use crate::catalog::table::{Column, Identity, Inheritance, Validation};
use crate::catalog::{DataType, Hidden, ObjectId, Options, QualifiedName};
use std::sync::Arc;

/// The bits of INCLUDING (`TableLikeOption`, `parsenodes.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Including {
    Comments = 1,
    Compression = 1 << 1,
    Constraints = 1 << 2,
    Defaults = 1 << 3,
    Generated = 1 << 4,
    Identity = 1 << 5,
    Indexes = 1 << 6,
    Statistics = 1 << 7,
    Storage = 1 << 8,
}

impl Including {
    fn is_said(self, clause: &ast::TableLikeClause) -> bool {
        clause.options & (self as u32) != 0
    }
}

impl Interpreter {
    /// Copies the columns at the place of the clause, with NOT NULL and identity.
    pub(super) fn like_columns(
        &mut self,
        table: &QualifiedName,
        clause: &ast::TableLikeClause,
        constraints: &mut Constraints<'_>,
    ) -> Applied {
        let source = self.like_source(clause)?;
        let columns: Vec<_> = self
            .catalog
            .columns(&ObjectId::Relation(source.clone()))
            .map(|(name, column)| (name.clone(), column.clone()))
            .collect();
        for (name, column) in columns {
            if let Some(not_null) = &column.not_null {
                constraints.not_nulls.push(NotNullDraft {
                    // A server before 18 keeps no name that could be copied.
                    name: (self.version() >= 18).then(|| not_null.name.clone()),
                    inherit: not_null.inherit,
                    validation: Validation::Valid,
                    ..NotNullDraft::plain(&name, -1)
                });
            }
            let mut generated = column
                .generated
                .clone()
                .filter(|_| Including::Generated.is_said(clause));
            if let Some(generated) = &mut generated {
                retarget(&mut generated.expression, &source, table);
            }
            let copy = Column {
                not_null: None,
                identity: None,
                generated,
                storage: column.storage.clone().filter(|_| Including::Storage.is_said(clause)),
                compression: column
                    .compression
                    .clone()
                    .filter(|_| Including::Compression.is_said(clause)),
                statistics: None,
                options: Options::new(),
                foreign_options: Options::new(),
                inheritance: Inheritance::Local,
                ..column.clone()
            };
            self.add_local_column(table, &name, copy)?;
            let id = ObjectId::Column(table.clone(), name.clone());
            if let Some(identity) = column.identity
                && Including::Identity.is_said(clause)
            {
                let sequence = self.choose_relation_name(table.name.as_str(), Some(name.as_str()), "seq", table);
                self.note_hidden_relation(table.with_name(sequence.clone()), id.clone());
                // No type is said to the copy of the sequence: it is a bigint with the bounds of the original
                // (`generateSerialExtraStmts`).
                let options = SequenceOptions {
                    data_type: DataType::system("int8"),
                    ..identity.options
                };
                let identity = Identity {
                    sequence,
                    privileges: None,
                    options,
                    ..*identity
                };
                self.change_column(&id, |column| column.identity = Some(Box::new(identity)));
            }
            if Including::Defaults.is_said(clause)
                && let Some(default) = self.default_of(&source, &name)
            {
                self.put_default(table, &name, Some(default), -1);
            }
            if Including::Comments.is_said(clause) {
                self.copy_comment(&ObjectId::Column(source.clone(), name.clone()), &id);
            }
        }
        Ok(())
    }

    /// Copies CHECK constraints and indexes once the table is there.
    pub(super) fn expand_like(&mut self, table: &QualifiedName, clause: &ast::TableLikeClause) -> Applied {
        let source = self.like_source(clause)?;
        let (source_id, table_id) = (ObjectId::Relation(source.clone()), ObjectId::Relation(table.clone()));
        if Including::Constraints.is_said(clause) {
            for (id, mut constraint) in self.constraints(&source_id) {
                let ConstraintKind::Check { expression, .. } = &mut constraint.kind else {
                    continue;
                };
                *expression = retargeted(expression, &source, table);
                constraint.inheritance = Inheritance::Local;
                if constraint.validation == Validation::NotValid {
                    constraint.validation = Validation::Valid;
                }
                let name = id.last_name();
                self.put_check(table, &name, constraint, Recursion::Children, -1)?;
                if Including::Comments.is_said(clause) {
                    self.copy_comment(&id, &ObjectId::Constraint(table.clone(), name));
                }
            }
        }
        if Including::Comments.is_said(clause) {
            self.copy_not_null_comments(&source_id, table);
        }
        if Including::Indexes.is_said(clause) {
            for index in self.indexes(&source_id) {
                let copy = self.copy_index(&index, &table_id, None)?;
                if Including::Comments.is_said(clause) {
                    self.copy_index_comment(&index, &copy);
                }
            }
        }
        if Including::Statistics.is_said(clause) {
            for statistics in self.statistics_of(&source_id) {
                let copy = self.copy_statistics(&statistics, &source, table)?;
                if Including::Comments.is_said(clause) {
                    self.copy_comment(&statistics, &copy);
                }
            }
        }
        Ok(())
    }

    fn copy_comment(&mut self, from: &ObjectId, to: &ObjectId) {
        let comment: Option<Arc<str>> = self.catalog.get(from).and_then(|entry| entry.comment.clone());
        if let (Some(comment), Some(entry)) = (comment, self.catalog.get_mut(to)) {
            entry.comment = Some(comment);
        }
    }

    fn copy_not_null_comments(&mut self, source: &ObjectId, table: &QualifiedName) {
        let comments: Vec<_> = self
            .catalog
            .parts(source)
            .filter_map(|(id, entry)| Some((id.last_name(), entry.hidden_comments.get(&Hidden::NotNull)?.clone())))
            .collect();
        for (column, comment) in comments {
            if let Some(entry) = self.catalog.get_mut(&ObjectId::Column(table.clone(), column)) {
                entry.hidden_comments.insert(Hidden::NotNull, comment);
            }
        }
    }

    /// The comment on an index, which may be a constraint's.
    fn copy_index_comment(&mut self, from: &ObjectId, to: &ObjectId) {
        let comment = self.catalog.get(from).and_then(|entry| match from {
            ObjectId::Constraint(..) => entry.hidden_comments.get(&Hidden::Index).cloned(),
            _ => entry.comment.clone(),
        });
        if let (Some(comment), Some(entry)) = (comment, self.catalog.get_mut(to)) {
            match to {
                ObjectId::Constraint(..) => {
                    entry.hidden_comments.insert(Hidden::Index, comment);
                }
                _ => entry.comment = Some(comment),
            }
        }
    }
}
