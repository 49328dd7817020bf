//! PRIMARY KEY, UNIQUE and EXCLUDE: constraints with an index behind them.
//!
//! Knows how such a constraint gets its name and its columns' NOT NULL (`transformIndexConstraint`, `DefineIndex`).

use super::constraint::{NotNullDraft, Pending, explicit_name};
use super::index::access_method;
use super::naming::{IndexPurpose, index_column_names};
use super::table::Recursion;
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::{
    Constraint, ConstraintKind, Deferral, Exclude, ExcludeElement, Key, KeyKind, Overlaps,
};
use crate::catalog::index::{Direction, Index, Nulls, Uniqueness};
use crate::catalog::table::{Inheritance, Validation};
use crate::catalog::{Hidden, Ident, Object, ObjectId, Piece, QualifiedName, Template};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::analyse::Scope;
use ast::ConstrType;

/// A key constraint, resolved but without its name.
struct Resolved {
    kind: ConstraintKind,
    deferral: Deferral,
    /// The name as written.
    name: Option<Ident>,
    /// The index's columns, INCLUDE too, as names are made of them.
    columns: Vec<Ident>,
    purpose: IndexPurpose,
    location: i32,
}

impl Interpreter {
    /// Adds the key constraints of a new table: the primary key first, and one that repeats another is that other
    /// (`transformIndexConstraints`).
    pub(super) fn add_new_keys(&mut self, table: &QualifiedName, keys: &[Pending<'_>]) -> Applied {
        let is_primary = |pending: &&Pending<'_>| pending.node.contype() == ConstrType::ConstrPrimary;
        let (primary, others): (Vec<_>, Vec<_>) = keys.iter().partition(is_primary);
        if let Some(second) = primary.get(1) {
            return Err(self.second_primary_key(table, second.node.location));
        }
        let mut made: Vec<Resolved> = Vec::new();
        for pending in primary.into_iter().chain(others) {
            let resolved = self.resolve_key(table, pending)?;
            match made.iter_mut().find(|other| other.is_repeated_by(&resolved)) {
                Some(other) => other.name = other.name.take().or(resolved.name),
                None => made.push(resolved),
            }
        }
        for resolved in made {
            let result = self.put_key(table, resolved, Recursion::Children);
            self.keep(result);
        }
        Ok(())
    }

    /// Adds a key constraint to a table that is there.
    pub(super) fn add_key(&mut self, table: &QualifiedName, pending: &Pending<'_>, recursion: Recursion) -> Applied {
        if !pending.node.indexname.is_empty() {
            return self.add_key_using_index(table, pending);
        }
        let resolved = self.resolve_key(table, pending)?;
        self.key_not_nulls(table, &resolved.kind, resolved.location, recursion)?;
        self.put_key(table, resolved, recursion)
    }

    /// Makes the columns of a primary key NOT NULL.
    fn key_not_nulls(
        &mut self,
        table: &QualifiedName,
        kind: &ConstraintKind,
        location: i32,
        recursion: Recursion,
    ) -> Applied {
        let ConstraintKind::Key(key) = kind else { return Ok(()) };
        if key.kind != KeyKind::Primary {
            return Ok(());
        }
        let table_id = ObjectId::Relation(table.clone());
        if self.has_primary_key(&table_id) {
            return Err(self.second_primary_key(table, location));
        }
        for column in &key.columns {
            let not_null = self.table_column(column).and_then(|column| column.not_null.as_ref());
            match not_null.map(|not_null| not_null.validation) {
                Some(Validation::Valid) => {}
                Some(Validation::NotValid | Validation::NotEnforced) => {
                    let message = format!("column \"{}\" must be validated NOT NULL first", column.last_name());
                    return Err(self.error(Code::UnsupportedClause, location, message));
                }
                None => {
                    let draft = NotNullDraft::plain(&column.last_name(), location);
                    self.set_not_null(table, &draft, recursion)?;
                }
            }
        }
        Ok(())
    }

    fn resolve_key(&self, table: &QualifiedName, pending: &Pending<'_>) -> Applied<Resolved> {
        let node = pending.node;
        let (kind, columns, purpose) = match node.contype() {
            ConstrType::ConstrExclusion => self.resolve_exclude(table, node)?,
            _ => self.resolve_unique(table, pending)?,
        };
        Ok(Resolved {
            kind,
            deferral: pending.attributes.deferral,
            name: explicit_name(node),
            columns,
            purpose,
            location: node.location,
        })
    }

    fn resolve_unique(
        &self,
        table: &QualifiedName,
        pending: &Pending<'_>,
    ) -> Applied<(ConstraintKind, Vec<Ident>, IndexPurpose)> {
        let node = pending.node;
        let columns = match &pending.column {
            Some(column) => vec![self.column(table, column.as_str(), node.location)?],
            None => self.key_columns(table, &node.keys, node.location)?,
        };
        for (position, column) in columns.iter().enumerate() {
            if columns[..position].contains(column) {
                let message = format!("column \"{}\" appears twice in a key", column.last_name());
                return Err(self.error(Code::SyntaxError, node.location, message));
            }
        }
        let include = self.key_columns(table, &node.including, node.location)?;
        if node.nulls_not_distinct {
            self.needs_version(15, node.location, "NULLS NOT DISTINCT")?;
        }
        if node.without_overlaps {
            self.needs_version(18, node.location, "WITHOUT OVERLAPS")?;
        }
        let (kind, purpose) = match (node.contype(), node.nulls_not_distinct) {
            (ConstrType::ConstrPrimary, _) => (KeyKind::Primary, IndexPurpose::Primary),
            (_, false) => (KeyKind::Unique, IndexPurpose::Key),
            (_, true) => (KeyKind::UniqueNullsNotDistinct, IndexPurpose::Key),
        };
        let names = columns.iter().chain(&include).map(ObjectId::last_name).collect();
        let key = Key {
            kind,
            columns,
            include,
            overlaps: match node.without_overlaps {
                true => Overlaps::Without,
                false => Overlaps::Allowed,
            },
            options: self.storage_options(&node.options)?,
            tablespace: self.tablespace(&node.indexspace),
        };
        Ok((ConstraintKind::Key(key), names, purpose))
    }

    fn resolve_exclude(
        &self,
        table: &QualifiedName,
        node: &ast::Constraint,
    ) -> Applied<(ConstraintKind, Vec<Ident>, IndexPurpose)> {
        let method = access_method(&node.access_method);
        let mut names = Vec::new();
        let mut elements = Vec::new();
        for pair in &node.exclusions {
            let [element, operator] = ast::list(pair) else {
                return Err(self.refuse(node.location, "this exclusion element"));
            };
            let named = self.index_key(table, element, &method)?;
            names.push(named.name);
            elements.push(ExcludeElement {
                key: named.key,
                operator: exclusion_operator(ast::list(operator)),
            });
        }
        let include = self.key_columns(table, &node.including, node.location)?;
        names.extend(include.iter().map(ObjectId::last_name));
        let scope = Scope::relation(ObjectId::Relation(table.clone()));
        let predicate = match node.where_clause.as_deref() {
            Some(predicate) => Some(self.expression(predicate, &scope)?),
            None => None,
        };
        let exclude = Exclude {
            method,
            elements,
            include,
            predicate,
            options: self.storage_options(&node.options)?,
            tablespace: self.tablespace(&node.indexspace),
        };
        Ok((ConstraintKind::Exclude(exclude), names, IndexPurpose::Exclude))
    }

    fn put_key(&mut self, table: &QualifiedName, resolved: Resolved, recursion: Recursion) -> Applied {
        let name = resolved
            .name
            .unwrap_or_else(|| self.choose_index_name(table, &index_column_names(resolved.columns), resolved.purpose));
        self.refuse_taken_constraint(table, &name, resolved.location)?;
        let index = table.with_name(name.clone());
        if self.relation_name_taken(&index) {
            return Err(self.relation_exists(&index, resolved.location));
        }
        self.check_covers_partitioning(table, &resolved.kind, resolved.location)?;
        let constraint = Constraint {
            kind: resolved.kind,
            deferral: resolved.deferral,
            validation: Validation::Valid,
            inheritance: Inheritance::Local,
            parent: None,
        };
        let id = ObjectId::Constraint(table.clone(), name);
        self.add_part(id.clone(), Object::Constraint(Box::new(constraint)), resolved.location)?;
        if recursion == Recursion::Children {
            for partition in self.partitions(&ObjectId::Relation(table.clone())) {
                self.cover_partition(&id, &partition)?;
            }
        }
        Ok(())
    }

    /// ADD PRIMARY KEY or UNIQUE USING INDEX: the index becomes the constraint's and takes its name.
    fn add_key_using_index(&mut self, table: &QualifiedName, pending: &Pending<'_>) -> Applied {
        let node = pending.node;
        let index_name = table.with_name(Ident::from(node.indexname.as_str()));
        let index_id = ObjectId::Relation(index_name.clone());
        let table_id = ObjectId::Relation(table.clone());
        let index = match self.catalog.get(&index_id) {
            Some(entry) => match &entry.object {
                Object::Index(index) if index.table == table_id => (**index).clone(),
                _ => return Err(self.wrong_kind(&index_name, "an index of this table", node.location)),
            },
            None => {
                let message = format!("index \"{}\" does not exist", node.indexname);
                return Err(self.error(Code::UnknownRelation, node.location, message));
            }
        };
        if self.is_partitioned(&table_id) {
            return Err(self.error(
                Code::UnsupportedClause,
                node.location,
                "ADD CONSTRAINT USING INDEX is not supported on partitioned tables",
            ));
        }
        let Some((columns, uniqueness)) = key_of_index(table, &index) else {
            let message = format!(
                "index \"{}\" cannot be a constraint: it must be unique, whole, of plain columns in default order",
                node.indexname
            );
            return Err(self.error(Code::UnsupportedClause, node.location, message));
        };
        let kind = match (node.contype(), uniqueness) {
            (ConstrType::ConstrPrimary, _) => KeyKind::Primary,
            (_, Uniqueness::NullsNotDistinct) => KeyKind::UniqueNullsNotDistinct,
            (_, Uniqueness::Unique | Uniqueness::None | Uniqueness::NoneNullsNotDistinct) => KeyKind::Unique,
        };
        let kind = ConstraintKind::Key(Key {
            kind,
            columns,
            include: index.include.clone(),
            overlaps: Overlaps::Allowed,
            options: index.options.clone(),
            tablespace: index.tablespace.clone(),
        });
        self.key_not_nulls(table, &kind, node.location, Recursion::Children)?;
        let name = explicit_name(node).unwrap_or_else(|| index_name.name.clone());
        self.refuse_taken_constraint(table, &name, node.location)?;
        let constraint_index = table.with_name(name.clone());
        if name != index_name.name && self.relation_name_taken(&constraint_index) {
            return Err(self.relation_exists(&constraint_index, node.location));
        }
        // What referred to the index (REPLICA IDENTITY, CLUSTER) refers to the constraint from now on.
        let id = ObjectId::Constraint(table.clone(), name);
        self.rename_in_catalog(&index_id, &id);
        self.replace(
            &id,
            Object::Constraint(Box::new(Constraint {
                kind,
                deferral: pending.attributes.deferral,
                validation: Validation::Valid,
                inheritance: Inheritance::Local,
                parent: None,
            })),
        );
        // The comment stays the index's; the constraint has none yet.
        if let Some(entry) = self.catalog.get_mut(&id)
            && let Some(comment) = entry.comment.take()
        {
            entry.hidden_comments.insert(Hidden::Index, comment);
        }
        let place = self.place(node.location);
        self.origins.remove(&index_id);
        self.note_links(&id);
        self.origins.insert(id, place);
        Ok(())
    }

    /// A key of a partitioned table must hold the columns that rows are assigned by, else equal keys could stand in two
    /// partitions (`DefineIndex`).
    fn check_covers_partitioning(&self, table: &QualifiedName, kind: &ConstraintKind, location: i32) -> Applied {
        let partitioning = self
            .table(&ObjectId::Relation(table.clone()))
            .and_then(|table| table.partition_key.as_ref());
        let (Some(partitioning), ConstraintKind::Key(key)) = (partitioning, kind) else {
            return Ok(());
        };
        let missing = partitioning.keys.iter().any(|part| match part.pieces().first() {
            Some(Piece::Reference(column @ ObjectId::Column(..), _)) => !key.columns.contains(column),
            Some(Piece::Reference(..) | Piece::Text(_) | Piece::Output(..)) | None => true,
        });
        match missing {
            false => Ok(()),
            true => Err(self.error(
                Code::UnsupportedClause,
                location,
                "unique constraint on partitioned table must include all partitioning columns",
            )),
        }
    }

    /// Whether a table has a primary key.
    pub(super) fn has_primary_key(&self, table: &ObjectId) -> bool {
        self.constraints(table)
            .iter()
            .any(|(_, constraint)| matches!(&constraint.kind, ConstraintKind::Key(key) if key.kind == KeyKind::Primary))
    }

    fn second_primary_key(&self, table: &QualifiedName, location: i32) -> Box<Diagnostic> {
        let message = format!("multiple primary keys for table \"{}\" are not allowed", table.name);
        self.error(Code::DuplicateObject, location, message)
    }
}

impl Resolved {
    /// Whether another key of the same statement says the same and is left out.
    fn is_repeated_by(&self, other: &Resolved) -> bool {
        if self.deferral != other.deferral {
            return false;
        }
        match (&self.kind, &other.kind) {
            (ConstraintKind::Key(first), ConstraintKind::Key(second)) => {
                let nulls = |key: &Key| key.kind == KeyKind::UniqueNullsNotDistinct;
                first.columns == second.columns
                    && first.include == second.include
                    && first.overlaps == second.overlaps
                    && nulls(first) == nulls(second)
            }
            (first, second) => first == second,
        }
    }
}

/// The columns of an index that can stand behind a key constraint (`transformIndexConstraint`).
fn key_of_index(table: &QualifiedName, index: &Index) -> Option<(Vec<ObjectId>, Uniqueness)> {
    if !index.uniqueness.is_unique() || index.predicate.is_some() || index.method.as_str() != "btree" {
        return None;
    }
    let column = |key: &crate::catalog::index::IndexKey| {
        let plain = key.direction == Direction::Ascending
            && key.nulls == Nulls::Last
            && key.operator_class.is_none()
            && key.collation.is_none();
        let column = key.expression.as_column().filter(|_| plain)?;
        Some(ObjectId::Column(table.clone(), column.clone()))
    };
    let columns: Option<Vec<ObjectId>> = index.keys.iter().map(column).collect();
    Some((columns?, index.uniqueness))
}

/// The operator of an exclusion element as it stands after WITH.
fn exclusion_operator(parts: &[ast::Node]) -> Template {
    match ast::strings(parts).as_slice() {
        ["pg_catalog", operator] | [operator] => Template::text(operator),
        parts => Template::text(&format!("OPERATOR({})", parts.join("."))),
    }
}
