//! The parts of a partitioned table's indexes and keys on its partitions.
//!
//! Knows when an index of a partition serves as a part (`CompareIndexInfo`, `AttachPartitionEnsureIndexes`), and how a
//! part is made and named where none does (`generateClonedIndexStmt`). An index and a key constraint are alike here.

use super::naming::{IndexPurpose, expression_column_name, index_column_names};
use super::table::{relation_name, retarget};
use super::{Applied, Interpreter, ast};
use crate::catalog::constraint::{Constraint, ConstraintKind, KeyKind};
use crate::catalog::index::{Coverage, Index, IndexKey};
use crate::catalog::table::Inheritance;
use crate::catalog::{Ident, Object, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    /// The indexes and key constraints of a table.
    pub(super) fn indexes(&self, table: &ObjectId) -> Vec<ObjectId> {
        self.catalog
            .parts(table)
            .filter(|(_, entry)| match &entry.object {
                Object::Index(_) => true,
                Object::Constraint(constraint) => is_key(&constraint.kind),
                _ => false,
            })
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Gives a partition a part for each index and key of its parent that has none there yet.
    pub(super) fn cover_partition_by_all(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied {
        for index in self.indexes(parent) {
            self.cover_partition(&index, partition)?;
        }
        Ok(())
    }

    /// Lets an index of a partition be a part of its parent's, an equal one that is there or a new one.
    pub(super) fn cover_partition(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied {
        let parts = self.indexes(partition);
        if parts
            .iter()
            .any(|part| self.index_parent(part).as_ref() == Some(parent))
        {
            return Ok(());
        }
        let fitting = parts.into_iter().find(|part| self.fits(part, parent));
        let part = match fitting {
            Some(part) => {
                self.attach_index(&part, parent);
                part
            }
            None => self.clone_index(parent, partition)?,
        };
        for below in self.partitions(partition) {
            self.cover_partition(&part, &below)?;
        }
        Ok(())
    }

    /// The index or key of the parent that an index or key is a part of.
    pub(super) fn index_parent(&self, id: &ObjectId) -> Option<ObjectId> {
        match &self.catalog.get(id)?.object {
            Object::Index(index) => index.parent.clone(),
            Object::Constraint(constraint) => constraint.parent.clone(),
            _ => None,
        }
    }

    /// Whether an index or key of a partition can be a part of its parent's and is a part of none.
    pub(super) fn fits(&self, part: &ObjectId, parent: &ObjectId) -> bool {
        let (Some(part_entry), Some(parent_entry)) = (self.catalog.get(part), self.catalog.get(parent)) else {
            return false;
        };
        let (Some(from), Some(to)) = (self.catalog.whole(parent), self.catalog.whole(part)) else {
            return false;
        };
        let (from, to) = (relation_name(&from), relation_name(&to));
        match (&part_entry.object, &parent_entry.object) {
            (Object::Index(part), Object::Index(parent)) => {
                let mut parent = (**parent).clone();
                retarget(&mut parent, &from, &to);
                part.parent.is_none() && same_index(part, &parent)
            }
            // A parent's plain unique index is served by a key as well; that the part is a constraint is no harm.
            (Object::Constraint(part), Object::Index(parent)) => {
                part.parent.is_none() && serves(&part.kind, parent, &from, &to)
            }
            (Object::Constraint(part), Object::Constraint(parent)) => {
                let mut parent = parent.kind.clone();
                retarget(&mut parent, &from, &to);
                part.parent.is_none() && same_key(&part.kind, &parent)
            }
            _ => false,
        }
    }

    /// Makes an index or key a part of its parent's.
    pub(super) fn attach_index(&mut self, part: &ObjectId, parent: &ObjectId) {
        if let Some(entry) = self.catalog.get_mut(part) {
            match &mut entry.object {
                Object::Index(index) => index.parent = Some(parent.clone()),
                Object::Constraint(constraint) => {
                    constraint.parent = Some(parent.clone());
                    constraint.inheritance = Inheritance::Inherited;
                }
                _ => {}
            }
        }
    }

    /// Makes an index or key a part of nothing.
    pub(super) fn detach_index(&mut self, part: &ObjectId) {
        if let Some(entry) = self.catalog.get_mut(part) {
            match &mut entry.object {
                Object::Index(index) => index.parent = None,
                Object::Constraint(constraint) => {
                    constraint.parent = None;
                    constraint.inheritance = Inheritance::Local;
                }
                _ => {}
            }
        }
    }

    /// An index made with ON ONLY covers the table when each partition has a part that covers it.
    pub(super) fn settle_coverage(&mut self, parent: &ObjectId) {
        let Some(table) = self.catalog.whole(parent) else {
            return;
        };
        let partitions = self.partitions(&table);
        let covered = partitions.iter().all(|partition| {
            self.indexes(partition).iter().any(|part| {
                self.index_parent(part).as_ref() == Some(parent)
                    && !matches!(self.catalog.get(part).map(|entry| &entry.object),
                        Some(Object::Index(index)) if index.coverage == Coverage::Only)
            })
        });
        if !covered {
            return;
        }
        let mut above = None;
        if let Some(entry) = self.catalog.get_mut(parent)
            && let Object::Index(index) = &mut entry.object
            && index.coverage == Coverage::Only
        {
            index.coverage = Coverage::Whole;
            above = index.parent.clone();
        }
        if let Some(above) = above {
            self.settle_coverage(&above);
        }
    }

    /// Makes an index or key like one of another table, under a name of its own.
    ///
    /// `parent` is the part's parent where the copy is for a partition; LIKE makes copies without one.
    fn clone_index(&mut self, parent: &ObjectId, partition: &ObjectId) -> Applied<ObjectId> {
        self.copy_index(parent, partition, Some(parent.clone()))
    }

    /// Makes an index or key like one of another table, a part of `parent` when there is one.
    pub(super) fn copy_index(
        &mut self,
        source: &ObjectId,
        table: &ObjectId,
        parent: Option<ObjectId>,
    ) -> Applied<ObjectId> {
        let Some(from) = self.catalog.whole(source) else {
            return Err(self.refuse(-1, "an index without a table"));
        };
        let (from, to) = (relation_name(&from), relation_name(table));
        let names = index_column_names(self.index_names(source));
        let inheritance = match parent {
            Some(_) => Inheritance::Inherited,
            None => Inheritance::Local,
        };
        match self.catalog.get(source).map(|entry| entry.object.clone()) {
            Some(Object::Index(index)) => {
                let mut copy = (*index).clone();
                retarget(&mut copy, &from, &to);
                copy.parent = parent;
                copy.statistics.clear();
                copy.coverage = Coverage::Whole;
                let name = self.choose_index_name(&to, &names, IndexPurpose::Plain);
                let id = ObjectId::Relation(to.with_name(name));
                self.add_part(id.clone(), Object::Index(Box::new(copy)), -1)?;
                Ok(id)
            }
            Some(Object::Constraint(constraint)) => {
                let purpose = match &constraint.kind {
                    ConstraintKind::Key(key) if key.kind == KeyKind::Primary => IndexPurpose::Primary,
                    ConstraintKind::Exclude(_) => IndexPurpose::Exclude,
                    _ => IndexPurpose::Key,
                };
                if purpose == IndexPurpose::Primary && self.has_primary_key(table) {
                    let message = format!("multiple primary keys for table \"{}\" are not allowed", to.name);
                    return Err(self.error(Code::DuplicateObject, -1, message));
                }
                let mut kind = constraint.kind.clone();
                retarget(&mut kind, &from, &to);
                let name = self.choose_index_name(&to, &names, purpose);
                let copy = Constraint {
                    kind,
                    parent,
                    inheritance,
                    ..*constraint
                };
                let id = ObjectId::Constraint(to, name);
                self.add_part(id.clone(), Object::Constraint(Box::new(copy)), -1)?;
                Ok(id)
            }
            _ => Err(self.refuse(-1, "a copy of this index")),
        }
    }

    /// Gives a partition, and the partitions below it, a new part of an index whatever else is there.
    pub(super) fn copy_parts(&mut self, whole: &ObjectId, partition: &ObjectId) -> Applied {
        let part = self.clone_index(whole, partition)?;
        for below in self.partitions(partition) {
            self.copy_parts(&part, &below)?;
        }
        Ok(())
    }

    /// Takes the part that a partition has of an index out, with the parts below.
    pub(super) fn take_parts(&mut self, whole: &ObjectId, partition: &ObjectId) {
        for part in self.indexes(partition) {
            if self.index_parent(&part).as_ref() != Some(whole) {
                continue;
            }
            for below in self.partitions(partition) {
                self.take_parts(&part, &below);
            }
            self.catalog.remove(&part);
            self.origins.remove(&part);
        }
    }

    /// The names of an index's columns, INCLUDE too, before equal ones are numbered.
    fn index_names(&self, id: &ObjectId) -> Vec<Ident> {
        let keys = |keys: &mut dyn Iterator<Item = &IndexKey>| -> Vec<Ident> {
            keys.map(|key| match key.expression.as_column() {
                Some(column) => column.clone(),
                None => self.index_expression_name(key),
            })
            .collect()
        };
        let (mut names, include) = match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Index(index)) => (keys(&mut index.keys.iter()), &index.include),
            Some(Object::Constraint(constraint)) => match &constraint.kind {
                ConstraintKind::Key(key) => (key.columns.iter().map(ObjectId::last_name).collect(), &key.include),
                ConstraintKind::Exclude(exclude) => (
                    keys(&mut exclude.elements.iter().map(|element| &element.key)),
                    &exclude.include,
                ),
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        names.extend(include.iter().map(ObjectId::last_name));
        names
    }

    /// The name of an expression's column: what the written expression suggests, as on the server.
    fn index_expression_name(&self, key: &IndexKey) -> Ident {
        let text = crate::dialect::postgres::write::template(&key.expression);
        match ast::parse_expression(&text) {
            Some(node) => expression_column_name(&node),
            None => Ident::from("expr"),
        }
    }

    /// ALTER INDEX … ATTACH PARTITION.
    pub(super) fn attach_index_partition(&mut self, parent: &ObjectId, range: &ast::RangeVar) -> Applied {
        let part = self.relation_or_owner(range)?;
        let current = self.index_parent(&part);
        if current.as_ref() == Some(parent) {
            return Ok(());
        }
        let fits = current.is_none() && self.fits(&part, parent);
        let parent_table = self.catalog.whole(parent);
        let is_partition = match (self.catalog.whole(&part), &parent_table) {
            (Some(table), Some(parent)) => self.parents(&table).contains(parent),
            _ => false,
        };
        if !fits || !is_partition {
            let message = format!(
                "cannot attach index \"{}\" as a partition of index \"{}\"",
                part.last_name(),
                parent.last_name()
            );
            return Err(self.error(Code::UnsupportedClause, range.location, message));
        }
        self.attach_index(&part, parent);
        self.settle_coverage(parent);
        Ok(())
    }

    /// The table's index of that name: one by itself, or the key constraint it belongs to.
    pub(super) fn index_of_table(&self, table: &QualifiedName, name: &str, location: i32) -> Applied<ObjectId> {
        let name = Ident::from(name);
        let by_itself = ObjectId::Relation(table.with_name(name.clone()));
        let constraint = ObjectId::Constraint(table.clone(), name.clone());
        let table_id = ObjectId::Relation(table.clone());
        self.indexes(&table_id)
            .into_iter()
            .find(|id| *id == by_itself || *id == constraint)
            .ok_or_else(|| {
                let message = format!("index \"{name}\" for table \"{}\" does not exist", table.name);
                self.error(Code::UnknownRelation, location, message)
            })
    }
}

fn is_key(kind: &ConstraintKind) -> bool {
    match kind {
        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => true,
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => false,
    }
}

/// Equal as far as one can be a part of the other; options, tablespace and order of keys may differ.
fn same_index(part: &Index, parent: &Index) -> bool {
    part.method == parent.method
        && part.uniqueness == parent.uniqueness
        && part.include == parent.include
        && part.predicate == parent.predicate
        && same_keys(part.keys.iter(), parent.keys.iter())
}

fn same_keys<'a>(part: impl Iterator<Item = &'a IndexKey>, parent: impl Iterator<Item = &'a IndexKey>) -> bool {
    let shape = |key: &'a IndexKey| (&key.expression, &key.collation, &key.operator_class);
    part.map(shape).eq(parent.map(shape))
}

fn same_key(part: &ConstraintKind, parent: &ConstraintKind) -> bool {
    match (part, parent) {
        (ConstraintKind::Key(part), ConstraintKind::Key(parent)) => {
            part.kind == parent.kind
                && part.columns == parent.columns
                && part.include == parent.include
                && part.overlaps == parent.overlaps
        }
        (ConstraintKind::Exclude(part), ConstraintKind::Exclude(parent)) => {
            part.method == parent.method
                && part.include == parent.include
                && part.predicate == parent.predicate
                && same_keys(
                    part.elements.iter().map(|element| &element.key),
                    parent.elements.iter().map(|element| &element.key),
                )
                && part
                    .elements
                    .iter()
                    .map(|element| &element.operator)
                    .eq(parent.elements.iter().map(|element| &element.operator))
        }
        _ => false,
    }
}

/// Whether a partition's key can be the part of a parent's unique index.
fn serves(part: &ConstraintKind, parent: &Index, from: &QualifiedName, to: &QualifiedName) -> bool {
    use crate::catalog::index::Uniqueness;
    let ConstraintKind::Key(key) = part else { return false };
    let uniqueness = match key.kind {
        KeyKind::Primary | KeyKind::Unique => Uniqueness::Unique,
        KeyKind::UniqueNullsNotDistinct => Uniqueness::NullsNotDistinct,
    };
    let mut parent = parent.clone();
    retarget(&mut parent, from, to);
    let columns: Option<Vec<ObjectId>> = parent
        .keys
        .iter()
        .map(|key| Some(ObjectId::Column(to.clone(), key.expression.as_column()?.clone())))
        .collect();
    parent.method.as_str() == "btree"
        && parent.uniqueness == uniqueness
        && parent.predicate.is_none()
        && parent.include == key.include
        && columns.as_ref() == Some(&key.columns)
}
