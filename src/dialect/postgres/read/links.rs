//! What the catalog keeps no index of: which constraint names a schema holds, which tables hang below which, which
//! sequences a table's columns own, which relations are behind constraints and identity columns.
//!
//! Entries may be out of date, as objects are dropped and renamed elsewhere; each counts only while the catalog bears it out.

use super::Interpreter;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::hashing::{HashMap, IndexSet};
use crate::catalog::{Catalog, Entry, Ident, Object, ObjectId, QualifiedName, Renamed};
use std::collections::hash_map::Entry as Slot;

/// Constraint names by schema, children by parent, sequences by table, hidden relations by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Who bears a constraint name in a schema: a constraint, a column (its NOT NULL), a domain or its constraint.
    constraints: HashMap<QualifiedName, Bearers>,
    /// Inheritance children and partitions of a table.
    children: HashMap<ObjectId, IndexSet<ObjectId>>,
    /// The sequences that columns of a table own.
    sequences: HashMap<ObjectId, IndexSet<ObjectId>>,
    /// Indexes of key constraints and sequences of identity columns: relations that belong to another object.
    hidden_relations: HashMap<QualifiedName, ObjectId>,
}

/// Who bears a name: mostly one, which needs no list.
#[derive(Clone, Debug)]
struct Bearers {
    first: ObjectId,
    more: Vec<ObjectId>,
}

impl Bearers {
    fn iter(&self) -> impl Iterator<Item = &ObjectId> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// How a table hangs below another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChildKind {
    /// By INHERITS, or not at all: it keeps apart what it has of its own.
    Inheriting,
    /// As a partition: what the parent has too is the parent's.
    Partition,
}

impl Links {
    /// The links of a whole catalog.
    pub(super) fn of(catalog: &Catalog) -> Links {
        let mut links = Links::default();
        for (id, entry) in catalog.iter() {
            links.note(id, entry);
        }
        links
    }

    /// Notes all that an object is asked for by.
    fn note(&mut self, id: &ObjectId, entry: &Entry) {
        match &entry.object {
            Object::Constraint(constraint) => {
                if let Some(table) = id.qualified_name() {
                    let name = table.with_name(id.last_name());
                    match constraint.kind {
                        ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                            self.hidden_relations.insert(name.clone(), id.clone());
                        }
                        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {}
                    }
                    self.note_constraint(name, id.clone());
                }
            }
            Object::DomainConstraint(_) => {
                if let Some(domain) = id.qualified_name() {
                    self.note_constraint(domain.with_name(id.last_name()), id.clone());
                }
            }
            Object::Column(column) => {
                let Some(table) = id.qualified_name() else { return };
                if let Some(not_null) = &column.not_null {
                    self.note_constraint(table.with_name(not_null.name.clone()), id.clone());
                }
                if let Some(identity) = &column.identity {
                    let name = table.with_name(identity.sequence.clone());
                    self.hidden_relations.insert(name, id.clone());
                }
            }
            Object::Table(table) => {
                let partition = table.partition_of.iter().map(|partition| &partition.parent);
                for parent in table.inherits.iter().chain(partition) {
                    self.note_child(parent.clone(), id.clone());
                }
            }
            Object::Sequence(sequence) => {
                if let Some(table) = sequence.owned_by.as_ref().and_then(ObjectId::parent) {
                    self.note_sequence(table, id.clone());
                }
            }
            _ => {}
        }
    }

    fn note_constraint(&mut self, name: QualifiedName, owner: ObjectId) {
        match self.constraints.entry(name) {
            Slot::Vacant(slot) => {
                slot.insert(Bearers {
                    first: owner,
                    more: Vec::new(),
                });
            }
            Slot::Occupied(mut slot) => {
                let owners = slot.get_mut();
                if !owners.iter().any(|known| *known == owner) {
                    owners.more.push(owner);
                }
            }
        }
    }

    fn note_sequence(&mut self, table: ObjectId, sequence: ObjectId) {
        self.sequences.entry(table).or_default().insert(sequence);
    }

    fn note_child(&mut self, parent: ObjectId, child: ObjectId) {
        self.children.entry(parent).or_default().insert(child);
    }
}

impl Interpreter {
    /// Gives an object another identity in the catalog; origins and links follow.
    pub(super) fn rename_in_catalog(&mut self, from: &ObjectId, to: &ObjectId) -> Renamed {
        let renamed = self.catalog.rename(from, to);
        if let Renamed::Done(touched) = &renamed {
            for (old, new) in touched.iter().filter(|(old, new)| old != new) {
                if let Some(origin) = self.origins.remove(old) {
                    self.origins.insert(new.clone(), origin);
                }
            }
            for (_, new) in touched {
                self.note_links(new);
            }
        }
        renamed
    }

    /// Notes all that an object is asked for by.
    pub(super) fn note_links(&mut self, id: &ObjectId) {
        if let Some(entry) = self.catalog.get(id) {
            self.links.note(id, entry);
        }
    }

    /// The constraint or identity column whose index or sequence bears a name; such relations are no objects of their own.
    pub(super) fn hidden_relation(&self, name: &QualifiedName) -> Option<ObjectId> {
        let owner = self.links.hidden_relations.get(name)?;
        self.owns_hidden_relation(owner, name).then(|| owner.clone())
    }

    fn owns_hidden_relation(&self, owner: &ObjectId, name: &QualifiedName) -> bool {
        match self.catalog.get(owner).map(|entry| &entry.object) {
            Some(Object::Constraint(constraint)) => {
                owner.last_name() == name.name
                    && matches!(constraint.kind, ConstraintKind::Key(_) | ConstraintKind::Exclude(_))
            }
            Some(Object::Column(column)) => column
                .identity
                .as_ref()
                .is_some_and(|identity| identity.sequence == name.name),
            _ => false,
        }
    }

    /// Notes that a constraint's index or an identity column's sequence bears a name.
    pub(super) fn note_hidden_relation(&mut self, name: QualifiedName, owner: ObjectId) {
        self.links.hidden_relations.insert(name, owner);
    }

    /// Notes who bears a constraint name.
    pub(super) fn note_constraint_name(&mut self, name: QualifiedName, owner: ObjectId) {
        self.links.note_constraint(name, owner);
    }

    /// Notes that a table inherits from, or is a partition of, another.
    pub(super) fn note_child(&mut self, parent: ObjectId, child: ObjectId) {
        self.links.note_child(parent, child);
    }

    /// Notes that a sequence is owned by a column of a table.
    pub(super) fn note_owned_sequence(&mut self, owner: Option<&ObjectId>, sequence: &ObjectId) {
        if let Some(table) = owner.and_then(ObjectId::parent) {
            self.links.note_sequence(table, sequence.clone());
        }
    }

    /// The sequences that columns of a table own.
    pub(super) fn owned_sequences(&self, table: &ObjectId) -> Vec<ObjectId> {
        let Some(sequences) = self.links.sequences.get(table) else {
            return Vec::new();
        };
        let owner = |id: &ObjectId| match self.catalog.get(id).map(|entry| &entry.object) {
            Some(Object::Sequence(sequence)) => sequence.owned_by.as_ref().and_then(ObjectId::parent),
            _ => None,
        };
        sequences
            .iter()
            .filter(|sequence| owner(sequence).as_ref() == Some(table))
            .cloned()
            .collect()
    }

    /// The inheritance children and partitions of a table, in the order in which they came to be.
    pub(super) fn children(&self, parent: &ObjectId) -> Vec<ObjectId> {
        let Some(children) = self.links.children.get(parent) else {
            return Vec::new();
        };
        children
            .iter()
            .filter(|child| self.parents(child).contains(parent))
            .cloned()
            .collect()
    }

    /// The partitions of a partitioned table.
    pub(super) fn partitions(&self, parent: &ObjectId) -> Vec<ObjectId> {
        self.children(parent)
            .into_iter()
            .filter(|child| self.is_partition(child))
            .collect()
    }

    /// The tables that a table inherits from or is a partition of.
    pub(super) fn parents(&self, table: &ObjectId) -> Vec<ObjectId> {
        match self.catalog.get(table).map(|entry| &entry.object) {
            Some(Object::Table(table)) => match &table.partition_of {
                Some(partition) => vec![partition.parent.clone()],
                None => table.inherits.clone(),
            },
            _ => Vec::new(),
        }
    }

    /// Whether a table is a partition.
    pub(super) fn is_partition(&self, table: &ObjectId) -> bool {
        matches!(self.catalog.get(table).map(|entry| &entry.object),
            Some(Object::Table(table)) if table.partition_of.is_some())
    }

    /// How a table hangs below its parents.
    pub(super) fn child_kind(&self, table: &ObjectId) -> ChildKind {
        match self.is_partition(table) {
            true => ChildKind::Partition,
            false => ChildKind::Inheriting,
        }
    }

    /// Whether a table is partitioned.
    pub(super) fn is_partitioned(&self, table: &ObjectId) -> bool {
        matches!(self.catalog.get(table).map(|entry| &entry.object),
            Some(Object::Table(table)) if table.partition_key.is_some())
    }

    /// Whether some constraint of the schema bears the name (`ConstraintNameExists` of the server).
    pub(super) fn constraint_name_taken(&self, name: &QualifiedName) -> bool {
        self.links
            .constraints
            .get(name)
            .is_some_and(|owners| owners.iter().any(|owner| self.bears(owner, &name.name)))
    }

    /// Whether a table has a constraint of that name, NOT NULL included.
    pub(super) fn table_has_constraint(&self, table: &QualifiedName, name: &Ident) -> bool {
        self.catalog
            .contains(&ObjectId::Constraint(table.clone(), name.clone()))
            || self.not_null_column(table, name).is_some()
    }

    /// The column whose NOT NULL constraint bears the name.
    pub(super) fn not_null_column(&self, table: &QualifiedName, name: &Ident) -> Option<ObjectId> {
        self.links
            .constraints
            .get(&table.with_name(name.clone()))?
            .iter()
            .find(|owner| {
                matches!(owner, ObjectId::Column(relation, _) if relation == table) && self.bears(owner, name)
            })
            .cloned()
    }

    fn bears(&self, owner: &ObjectId, name: &Ident) -> bool {
        match self.catalog.get(owner).map(|entry| &entry.object) {
            Some(Object::Constraint(_) | Object::DomainConstraint(_)) => &owner.last_name() == name,
            Some(Object::Column(column)) => column.not_null.as_ref().is_some_and(|not_null| &not_null.name == name),
            _ => false,
        }
    }
}
