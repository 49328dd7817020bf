//! FOREIGN KEY, and its copies on partitions.
//!
//! Knows how the referenced columns and the name are filled in (`ATAddForeignKeyConstraint`) and how a partition gets
//! or adopts a copy (`CloneForeignKeyConstraints`).

use super::constraint::{Pending, explicit_name};
use super::naming::join_names;
use super::table::{Recursion, relation_name, retarget};
use super::{Applied, Interpreter};
use crate::catalog::constraint::{
    Constraint, ConstraintKind, ForeignKey, Key, KeyKind, Match, Period, ReferentialAction,
};
use crate::catalog::table::{Inheritance, Validation};
use crate::catalog::{Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    /// Adds a foreign key to a table and to its partitions.
    pub(super) fn add_foreign_key(
        &mut self,
        table: &QualifiedName,
        pending: &Pending<'_>,
        recursion: Recursion,
    ) -> Applied {
        let node = pending.node;
        let key = self.resolve_foreign_key(table, pending)?;
        let table_id = ObjectId::Relation(table.clone());
        if recursion == Recursion::Only && self.is_partitioned(&table_id) {
            let message = format!(
                "cannot use ONLY for foreign key on partitioned table \"{}\"",
                table.name
            );
            return Err(self.error(Code::UnsupportedClause, node.location, message));
        }
        if pending.attributes.validation == Validation::NotValid && self.is_partitioned(&table_id) {
            self.needs_version(18, node.location, "NOT VALID for a foreign key of a partitioned table")?;
        }
        let name = explicit_name(node).unwrap_or_else(|| self.foreign_key_name(table, &key));
        let constraint = Constraint {
            kind: ConstraintKind::ForeignKey(key),
            deferral: pending.attributes.deferral,
            validation: pending.attributes.validation,
            inheritance: Inheritance::Local,
            parent: None,
        };
        self.refuse_taken_constraint(table, &name, node.location)?;
        let id = ObjectId::Constraint(table.clone(), name);
        self.add_part(id.clone(), Object::Constraint(Box::new(constraint)), node.location)?;
        for partition in self.partitions(&table_id) {
            self.copy_foreign_key(&id, &partition)?;
        }
        Ok(())
    }

    fn foreign_key_name(&self, table: &QualifiedName, key: &ForeignKey) -> Ident {
        let columns: Vec<Ident> = key.columns.iter().map(ObjectId::last_name).collect();
        self.choose_constraint_name(table, Some(&join_names(&columns)), "fkey", &[])
    }

    fn resolve_foreign_key(&self, table: &QualifiedName, pending: &Pending<'_>) -> Applied<ForeignKey> {
        let node = pending.node;
        let Some(range) = &node.pktable else {
            return Err(self.refuse(node.location, "a foreign key without a table"));
        };
        let columns = match &pending.column {
            Some(column) => vec![self.column(table, column.as_str(), node.location)?],
            None => self.key_columns(table, &node.fk_attrs, node.location)?,
        };
        let target = self.relation(range)?;
        let target_id = ObjectId::Relation(target.clone());
        if self.table(&target_id).is_none() {
            return Err(self.wrong_kind(&target, "a table", range.location));
        }
        if node.fk_with_period || node.pk_with_period {
            self.needs_version(18, node.location, "PERIOD")?;
        }
        // Without columns the referenced key says it (`transformFkeyGetPrimaryKey`).
        if node.fk_with_period != node.pk_with_period && !node.pk_attrs.is_empty() {
            let (with, without) = match node.fk_with_period {
                true => ("referencing", "referenced"),
                false => ("referenced", "referencing"),
            };
            let message = format!("foreign key uses PERIOD on the {with} table but not the {without} table");
            return Err(self.error(Code::InvalidDefinition, node.location, message));
        }
        let referenced = if node.pk_attrs.is_empty() {
            self.primary_key(&target_id).map(|key| key.columns).ok_or_else(|| {
                let message = format!("there is no primary key for referenced table \"{}\"", target.name);
                self.error(Code::UnknownObject, node.location, message)
            })?
        } else {
            self.key_columns(&target, &node.pk_attrs, node.location)?
        };
        if referenced.len() != columns.len() {
            return Err(self.error(
                Code::SyntaxError,
                node.location,
                "number of referencing and referenced columns for foreign key disagree",
            ));
        }
        if !self.is_unique(&target_id, &referenced) {
            let message = format!(
                "there is no unique constraint matching given keys for referenced table \"{}\"",
                target.name
            );
            return Err(self.error(Code::UnknownObject, node.location, message));
        }
        let on_delete_columns = self.key_columns(table, &node.fk_del_set_cols, node.location)?;
        if !on_delete_columns.is_empty() {
            self.needs_version(15, node.location, "ON DELETE SET … with columns")?;
        }
        Ok(ForeignKey {
            columns,
            table: target_id,
            referenced,
            matching: match node.fk_matchtype.as_str() {
                "f" => Match::Full,
                "p" => Match::Partial,
                _ => Match::Simple,
            },
            on_delete: action(&node.fk_del_action),
            on_delete_columns,
            on_update: action(&node.fk_upd_action),
            period: match node.fk_with_period {
                true => Period::Period,
                false => Period::None,
            },
        })
    }

    /// The primary key of a table.
    pub(super) fn primary_key(&self, table: &ObjectId) -> Option<Key> {
        self.catalog.parts(table).find_map(|(_, entry)| match &entry.object {
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Key(key) if key.kind == KeyKind::Primary => Some(key.clone()),
                _ => None,
            },
            _ => None,
        })
    }

    /// Whether a key or a whole unique index makes these columns, in any order, unique.
    fn is_unique(&self, table: &ObjectId, columns: &[ObjectId]) -> bool {
        let same =
            |found: &[ObjectId]| found.len() == columns.len() && columns.iter().all(|column| found.contains(column));
        self.catalog.parts(table).any(|(_, entry)| match &entry.object {
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Key(key) => same(&key.columns),
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
            },
            Object::Index(index) if index.uniqueness.is_unique() && index.predicate.is_none() => {
                let name = relation_name(table);
                let found: Option<Vec<ObjectId>> = index
                    .keys
                    .iter()
                    .map(|key| Some(ObjectId::Column(name.clone(), key.expression.as_column()?.clone())))
                    .collect();
                found.is_some_and(|found| same(&found))
            }
            _ => false,
        })
    }

    /// Gives a partition a copy of each foreign key of its parent.
    pub(super) fn copy_foreign_keys(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied {
        for (id, constraint) in self.constraints(parent) {
            if matches!(constraint.kind, ConstraintKind::ForeignKey(_)) {
                self.copy_foreign_key(&id, partition)?;
            }
        }
        Ok(())
    }

    /// Gives a partition its copy of a parent's foreign key: one that is there and says the same, or a new one.
    fn copy_foreign_key(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied {
        let Some(constraint) = self.constraint(parent).cloned() else {
            return Ok(());
        };
        let Some(from) = parent.qualified_name().cloned() else {
            return Ok(());
        };
        let to = relation_name(partition);
        let mut key = match constraint.kind.clone() {
            ConstraintKind::ForeignKey(key) => key,
            ConstraintKind::Check { .. } | ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => return Ok(()),
        };
        // Only the referencing side is the partition's; a key of a table on itself goes on to refer to the whole.
        retarget(&mut key.columns, &from, &to);
        retarget(&mut key.on_delete_columns, &from, &to);
        let kind = ConstraintKind::ForeignKey(key.clone());
        // Before 18 one that is not valid is not adopted: there are two then (`tryAttachPartitionForeignKey`).
        let version = self.version();
        let adopted = self.constraints(partition).into_iter().find(|(_, own)| {
            own.parent.is_none()
                && own.kind == kind
                && own.deferral == constraint.deferral
                && (version >= 18 || own.validation == Validation::Valid)
        });
        let id = match adopted {
            Some((id, _)) => {
                let validation = constraint.validation;
                self.change_constraint(&id, |own| {
                    own.parent = Some(parent.clone());
                    own.inheritance = Inheritance::Inherited;
                    own.validation = validation;
                });
                id
            }
            None => {
                let name = parent.last_name();
                let name = match self.table_has_constraint(&to, &name) {
                    true => self.foreign_key_name(&to, &key),
                    false => name,
                };
                let copy = Constraint {
                    kind,
                    parent: Some(parent.clone()),
                    inheritance: Inheritance::Inherited,
                    ..constraint
                };
                let id = ObjectId::Constraint(to, name);
                self.add_part(id.clone(), Object::Constraint(Box::new(copy)), -1)?;
                id
            }
        };
        for below in self.partitions(partition) {
            self.copy_foreign_key(&id, &below)?;
        }
        Ok(())
    }
}

/// ON DELETE or ON UPDATE as the parser's letter.
fn action(letter: &str) -> ReferentialAction {
    match letter {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
