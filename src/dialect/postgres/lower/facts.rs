//! Facts about tables and their parts that several patterns ask for. Looks things up; decides nothing.

use super::lowering::Lowering;
use crate::catalog::constraint::{Constraint, ConstraintKind, Key, KeyKind};
use crate::catalog::index::Index;
use crate::catalog::table::{Column, Default, Table};
use crate::catalog::{Catalog, Form, Ident, Object, ObjectId, Template, TemplateBuilder};
use crate::pair::Pair;

/// How careful a change must be that reads or writes a relation's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// It has no rows or few: a strong lock is held for a moment only.
    Direct,
    /// Nothing may read or write its rows under a strong lock.
    Online,
}

/// The catalog's table of an identity.
pub fn table<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Table> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Table(table)) => Some(table),
        _ => None,
    }
}

/// The catalog's column of an identity.
pub fn column<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Column> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Column(column)) => Some(column),
        _ => None,
    }
}

/// The catalog's constraint of an identity.
pub fn constraint<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Constraint> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Constraint(constraint)) => Some(constraint),
        _ => None,
    }
}

/// The catalog's index of an identity.
pub fn index<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Index> {
    match catalog.get(id).map(|entry| &entry.object) {
        Some(Object::Index(index)) => Some(index),
        _ => None,
    }
}

/// The default of a column.
pub fn default_of<'a>(catalog: &'a Catalog, column: &ObjectId) -> Option<&'a Default> {
    match catalog.get(&default_id(column)?).map(|entry| &entry.object) {
        Some(Object::Default(default)) => Some(default),
        _ => None,
    }
}

/// The identity of a column's default.
pub fn default_id(column: &ObjectId) -> Option<ObjectId> {
    match column {
        ObjectId::Column(relation, name) => Some(ObjectId::Default(relation.clone(), name.clone())),
        _ => None,
    }
}

/// The column that a default belongs to.
pub fn column_of(default: &ObjectId) -> ObjectId {
    match default {
        ObjectId::Default(relation, name) => ObjectId::Column(relation.clone(), name.clone()),
        other => other.clone(),
    }
}

/// The relation that a column, default, constraint, trigger … hangs on.
pub fn relation(part: &ObjectId) -> ObjectId {
    match part.qualified_name() {
        Some(name) => ObjectId::Relation(name.clone()),
        None => part.clone(),
    }
}

/// Another part's identity in the same relation: a constraint of another name.
pub fn constraint_named(relation: &ObjectId, name: Ident) -> ObjectId {
    match relation.qualified_name() {
        Some(relation) => ObjectId::Constraint(relation.clone(), name),
        None => relation.clone(),
    }
}

/// Whether a table is partitioned.
pub fn is_partitioned(catalog: &Catalog, relation: &ObjectId) -> bool {
    table(catalog, relation).is_some_and(|table| table.partition_key.is_some())
}

/// The primary key of a table.
pub fn primary_key<'a>(catalog: &'a Catalog, relation: &ObjectId) -> Option<(&'a ObjectId, &'a Key)> {
    keys(catalog, relation).find(|(_, key)| key.kind == KeyKind::Primary)
}

/// The primary key and unique constraints of a table.
pub fn keys<'a>(catalog: &'a Catalog, relation: &ObjectId) -> impl Iterator<Item = (&'a ObjectId, &'a Key)> {
    catalog.parts(relation).filter_map(|(id, entry)| match &entry.object {
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Key(key) => Some((id, key)),
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => None,
        },
        _ => None,
    })
}

/// The columns that a constraint reads or compares.
pub fn columns_of(constraint: &Constraint, relation: &ObjectId) -> Vec<ObjectId> {
    let mut columns = Vec::new();
    crate::catalog::Refers::references(&constraint.kind, &mut |id| {
        if matches!(id, ObjectId::Column(..)) && &self::relation(id) == relation && !columns.contains(id) {
            columns.push(id.clone());
        }
    });
    columns
}

/// The columns of its own table that an index reads.
pub fn columns_of_index(index: &Index) -> Vec<ObjectId> {
    let mut columns = Vec::new();
    crate::catalog::Refers::references(index, &mut |id| {
        if matches!(id, ObjectId::Column(..)) && relation(id) == index.table && !columns.contains(id) {
            columns.push(id.clone());
        }
    });
    columns
}

/// One of the two sides of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideOf {
    /// What is.
    From,
    /// What is wanted.
    To,
}

/// `column IS NOT NULL`.
pub fn is_not_null_expression(id: &ObjectId) -> Template {
    let mut builder = TemplateBuilder::default();
    builder.push_reference(id.clone(), Form::Bare);
    builder.push_str(" IS NOT NULL");
    builder.finish()
}

/// The sequence of an identity that a column has and is wanted without.
pub fn identity_that_goes(pair: Pair<&Catalog>, id: &ObjectId) -> Option<ObjectId> {
    let identity = |catalog| column(catalog, id).and_then(|column| column.identity.as_ref());
    let old = identity(pair.from).filter(|_| identity(pair.to).is_none())?;
    Some(ObjectId::Relation(id.qualified_name()?.with_name(old.sequence.clone())))
}

impl<'a> Lowering<'a> {
    /// The catalog of a side.
    pub fn catalog(&self, side: SideOf) -> &'a Catalog {
        let Pair { from, to } = self.pair;
        match side {
            SideOf::From => from,
            SideOf::To => to,
        }
    }

    /// The objects of a side that require another one.
    pub fn users(&self, side: SideOf, id: &ObjectId) -> Vec<ObjectId> {
        self.catalog(side).dependents_of(id)
    }

    /// The partitions of a partitioned table, those of partitions not among them.
    pub fn partitions(&self, side: SideOf, parent: &ObjectId) -> Vec<ObjectId> {
        let catalog = self.catalog(side);
        let is_partition = |id: &&ObjectId| {
            table(catalog, id)
                .and_then(|table| table.partition_of.as_ref())
                .is_some_and(|partition| &partition.parent == parent)
        };
        self.users(side, parent).iter().filter(is_partition).cloned().collect()
    }

    /// The partitions of a partitioned table at every level.
    pub fn partitions_at_every_level(&self, side: SideOf, parent: &ObjectId) -> Vec<ObjectId> {
        let mut found = Vec::new();
        let mut waiting = self.partitions(side, parent);
        while let Some(partition) = waiting.pop() {
            waiting.extend(self.partitions(side, &partition));
            found.push(partition);
        }
        found
    }

    /// Whether a table that stays is a partition only in the wanted schema: what the partitioned table demands, it must have
    /// before it is attached.
    pub fn becomes_partition(&self, relation: &ObjectId) -> bool {
        let is_partition = |side| table(self.catalog(side), relation).is_some_and(|table| table.partition_of.is_some());
        self.from(relation).is_some() && !is_partition(SideOf::From) && is_partition(SideOf::To)
    }

    /// How careful a change of a relation must be that reads or writes its rows.
    pub fn care(&self, relation: &ObjectId) -> Care {
        if self.has_no_rows(relation) || self.is_small(relation) {
            return Care::Direct;
        }
        let Some(table) = table(self.pair.from, relation) else {
            return Care::Online;
        };
        match (&table.foreign, &table.partition_of) {
            // The rows of a foreign table are elsewhere: nothing reads or writes them.
            (Some(_), _) => Care::Direct,
            // What is said of the size of a partitioned table holds for its partitions.
            (None, Some(partition)) => self.care(&partition.parent),
            (None, None) => Care::Online,
        }
    }

    /// Whether a table is known to hold no row.
    pub fn is_empty(&self, relation: &ObjectId) -> bool {
        self.has_no_rows(relation) || self.intent.rows.get(relation).is_some_and(|said| said.value == 0)
    }
}
