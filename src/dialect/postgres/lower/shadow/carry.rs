//! Indexes and constraints over columns that exist twice: their form over the old and over the new column.
//!
//! Knows definitions and names; which statement makes them and when is the business of the phases.

use super::super::lowering::Lowering;
use super::names::{Purpose, beside};
use super::{Twin, partitions};
use crate::catalog::constraint::{ConstraintKind, Key, KeyKind};
use crate::catalog::index::{Coverage, Direction, Index, IndexKey, Nulls, Uniqueness};
use crate::catalog::{Entry, Form, Object, ObjectId, Options, Refers, TemplateBuilder};

/// An index or constraint that is carried over, or goes with the old column.
#[derive(Clone, Debug)]
pub(in super::super) struct Carried {
    /// As it is.
    pub from: (ObjectId, Entry),
    /// As it is wanted; none when it goes with the old column.
    pub to: Option<(ObjectId, Entry)>,
    /// The identity of the new one until the switch.
    pub new: ObjectId,
    /// The identity of the old one from the switch on.
    pub old: ObjectId,
}

/// What is carried, as far as the statements differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Sort {
    /// An index by itself.
    Index,
    /// The primary key: a table has one at a time.
    Primary,
    /// UNIQUE.
    Unique,
    /// CHECK.
    Check,
    /// A foreign key, from or to the column.
    ForeignKey,
    /// What cannot be carried.
    Other,
}

impl Carried {
    /// What it is.
    pub fn sort(&self) -> Sort {
        match &self.from.1.object {
            Object::Index(_) => Sort::Index,
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Check { .. } => Sort::Check,
                ConstraintKind::Key(key) => match key.kind {
                    KeyKind::Primary => Sort::Primary,
                    KeyKind::Unique | KeyKind::UniqueNullsNotDistinct => Sort::Unique,
                },
                ConstraintKind::ForeignKey(_) => Sort::ForeignKey,
                ConstraintKind::Exclude(_) => Sort::Other,
            },
            _ => Sort::Other,
        }
    }

    /// The table it is on.
    pub fn table(&self) -> ObjectId {
        match &self.from.1.object {
            Object::Index(index) => index.table.clone(),
            _ => self.from.0.parent().unwrap_or_else(|| self.from.0.clone()),
        }
    }

    /// The columns and tables that its two forms refer to.
    pub fn references(&self) -> Vec<&ObjectId> {
        let mut found = Vec::new();
        let entries = std::iter::once(&self.from.1).chain(self.to.iter().map(|(_, entry)| entry));
        for entry in entries {
            references(&entry.object, &mut found);
        }
        found
    }

    /// The new form over the new columns as they are called before the switch.
    pub fn new_before(&self, twins: &[Twin]) -> Option<Entry> {
        let (_, entry) = self.to.as_ref()?;
        Some(mapped(entry, twins, |twin| (&twin.ends.to, &twin.new)))
    }

    /// The old form over the old columns as they are called after the switch.
    pub fn old_after(&self, twins: &[Twin]) -> Entry {
        mapped(&self.from.1, twins, |twin| (&twin.ends.from, &twin.old))
    }
}

/// What hangs on the columns, in the order of the catalog. What is made anew with something else is not among it.
pub(in super::super) fn carried(lowering: &Lowering<'_>, twins: &[Twin]) -> Vec<Carried> {
    let mut ids: Vec<ObjectId> = Vec::new();
    for twin in twins {
        for id in lowering.pair.from.dependents_of(&twin.ends.from) {
            let fits = lowering.from(&id).is_some_and(|entry| {
                matches!(entry.object, Object::Index(_) | Object::Constraint(_)) && !partitions::follows(entry)
            });
            if fits && !lowering.is_replaced(&id) && !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.sort_by_key(|id| lowering.pair.from.position(id));
    ids.into_iter()
        .filter_map(|id| {
            let from = (id.clone(), lowering.from(&id)?.clone());
            let to = wanted(lowering, twins, &from);
            let (new, old) = match &to {
                Some((to, _)) => (beside(lowering, to, Purpose::New), beside(lowering, &id, Purpose::Old)),
                None => (id.clone(), id.clone()),
            };
            Some(Carried { from, to, new, old })
        })
        .collect()
}

/// The wanted form: the object of the same identity, or a new one that differs by the renamed columns only.
fn wanted(lowering: &Lowering<'_>, twins: &[Twin], from: &(ObjectId, Entry)) -> Option<(ObjectId, Entry)> {
    if let Some(entry) = lowering.to(&from.0) {
        return Some((from.0.clone(), entry.clone()));
    }
    let expected = mapped(&from.1, twins, |twin| (&twin.ends.from, &twin.ends.to));
    let table = match &expected.object {
        Object::Index(index) => index.table.clone(),
        _ => from.0.parent()?,
    };
    if lowering.is_dropped(&table) && twins.iter().any(|twin| twin.table == table) {
        // A partition that goes at the end follows the partitioned table until then.
        return Some(from.clone());
    }
    if twins.iter().all(|twin| twin.ends.is_same()) {
        return None;
    }
    lowering
        .pair
        .to
        .parts(&table)
        .find(|(id, entry)| lowering.is_created(id) && entry.object == expected.object)
        .map(|(id, entry)| (id.clone(), entry.clone()))
}

/// A definition with the columns put in the place of others.
pub(in super::super) fn mapped(
    entry: &Entry,
    twins: &[Twin],
    change: impl Fn(&Twin) -> (&ObjectId, &ObjectId),
) -> Entry {
    let mut entry = entry.clone();
    let map = |id: &ObjectId| {
        twins
            .iter()
            .map(&change)
            .find(|(from, _)| *from == id)
            .map(|(_, to)| to.clone())
    };
    entry.object.rename(&map);
    entry
}

/// The unique index that becomes a key.
pub(in super::super) fn index_of_key(table: &ObjectId, key: &Key) -> Entry {
    Entry::new(Object::Index(Box::new(Index {
        table: table.clone(),
        method: "btree".into(),
        uniqueness: match key.kind {
            KeyKind::Primary | KeyKind::Unique => Uniqueness::Unique,
            KeyKind::UniqueNullsNotDistinct => Uniqueness::NullsNotDistinct,
        },
        keys: key.columns.iter().map(plain_key).collect(),
        include: key.include.clone(),
        predicate: None,
        options: key.options.clone(),
        tablespace: key.tablespace.clone(),
        statistics: Vec::new(),
        parent: None,
        coverage: Coverage::Whole,
    })))
}

fn plain_key(column: &ObjectId) -> IndexKey {
    let mut expression = TemplateBuilder::default();
    expression.push_reference(column.clone(), Form::Bare);
    IndexKey {
        expression: expression.finish(),
        collation: None,
        operator_class: None,
        operator_class_options: Options::new(),
        direction: Direction::Ascending,
        nulls: Nulls::Last,
    }
}

fn references<'a>(object: &'a Object, found: &mut Vec<&'a ObjectId>) {
    match object {
        Object::Index(index) => {
            for key in &index.keys {
                found.extend(key.expression.references());
            }
            found.extend(&index.include);
            found.extend(index.predicate.iter().flat_map(|predicate| predicate.references()));
        }
        Object::Constraint(constraint) => match &constraint.kind {
            ConstraintKind::Check { expression, .. } => found.extend(expression.references()),
            ConstraintKind::Key(key) => found.extend(key.columns.iter().chain(&key.include)),
            ConstraintKind::ForeignKey(key) => found.extend(key.columns.iter().chain(&key.referenced)),
            ConstraintKind::Exclude(exclude) => {
                for element in &exclude.elements {
                    found.extend(element.key.expression.references());
                }
            }
        },
        _ => {}
    }
}
