//! The relations around a relation: what a statement touches beyond what it names.
//!
//! Looks at both catalogs, because a plan's statements run between the two. Knows references, not statements.

use crate::catalog::bound::Bound;
use crate::catalog::constraint::ConstraintKind;
use crate::catalog::hashing::HashMap;
use crate::catalog::table::PartitionOf;
use crate::catalog::{Catalog, Ident, Object, ObjectId, QualifiedName, Refers};
use crate::pair::Pair;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// The neighbourhood of every relation, looked up once and only when something asks.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    pair: Pair<&'a Catalog>,
    links: OnceCell<Links>,
}

/// Relations by relation, some of them more than once. Most have one neighbour, and a set takes room for many.
type Neighbours = HashMap<ObjectId, Vec<ObjectId>>;

/// Who is linked with whom, on either side.
#[derive(Clone, Debug, Default)]
struct Links {
    /// Partitions and inheritance children of each table.
    children: Neighbours,
    /// Those partitions of each table that are its default one on either side.
    defaults: Neighbours,
    /// Tables with a foreign key to each table.
    referencing: Neighbours,
    /// Tables at the far end of each table's foreign keys.
    referenced: Neighbours,
    /// Tables with a column of each type, or with a default that calls each sequence.
    users: Neighbours,
    /// Sequences owned by a column of each table.
    sequences: Neighbours,
    /// The tables of the indexes behind keys and of the sequences behind identities, which have no entry of their own.
    hidden: HashMap<ObjectId, ObjectId>,
    /// The tables with a constraint of each name, NOT NULL among them.
    constraints: HashMap<QualifiedName, Vec<ObjectId>>,
    /// The extensions that the plan makes.
    new_extensions: Vec<ObjectId>,
}

/// What hangs on a column and goes with it.
#[derive(Clone, Debug, Default)]
pub struct OnColumn {
    /// Indexes over it, those behind keys included, as relations.
    pub indexes: BTreeSet<ObjectId>,
    /// The sequences that it owns.
    pub sequences: BTreeSet<ObjectId>,
    /// The tables at the far end of foreign keys over it.
    pub referenced: BTreeSet<ObjectId>,
}

impl<'a> Surroundings<'a> {
    /// What lies around the relations of both catalogs.
    pub fn new(pair: Pair<&'a Catalog>) -> Self {
        Surroundings {
            pair,
            links: OnceCell::new(),
        }
    }

    fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::of(self.pair))
    }

    /// The extensions that are there only after the plan.
    pub fn new_extensions(&self) -> &[ObjectId] {
        &self.links().new_extensions
    }

    /// Whether another table of the schema has a constraint of the name, those below it left out: they come after it.
    pub fn is_named_elsewhere(&self, table: &ObjectId, name: &Ident) -> bool {
        let Some(own) = table.qualified_name() else {
            return false;
        };
        let tables = self.links().constraints.get(&own.with_name(name.clone()));
        let Some(tables) = tables.filter(|tables| tables.len() > 1) else {
            return false;
        };
        let below = self.descendants(table);
        tables.iter().any(|other| other != table && !below.contains(other))
    }

    /// Whether an object is there before the plan begins.
    pub fn is_there(&self, id: &ObjectId) -> bool {
        self.pair.from.contains(id)
    }

    /// Whether an object is there before the plan begins and not when it ends.
    pub fn goes(&self, id: &ObjectId) -> bool {
        self.pair.from.contains(id) && !self.pair.to.contains(id)
    }

    /// The object as it is, or as it will be when it is new.
    pub fn object(&self, id: &ObjectId) -> Option<&'a Object> {
        let entry = self.pair.from.get(id).or_else(|| self.pair.to.get(id))?;
        Some(&entry.object)
    }

    /// The table of an index behind a key or of a sequence behind an identity.
    pub fn table_of_hidden(&self, relation: &ObjectId) -> Option<ObjectId> {
        self.links().hidden.get(relation).cloned()
    }

    /// The catalog before the plan.
    pub fn from(&self) -> &'a Catalog {
        self.pair.from
    }

    /// The catalog after the plan.
    pub fn to(&self) -> &'a Catalog {
        self.pair.to
    }

    /// The partitions and inheritance children of a table, at every level.
    pub fn descendants(&self, table: &ObjectId) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![table];
        while let Some(current) = waiting.pop() {
            for child in self.links().children.get(current).into_iter().flatten() {
                if found.insert(child.clone()) {
                    waiting.push(child);
                }
            }
        }
        found
    }

    /// The partitioned table and the inheritance parents of a table.
    pub fn parents(&self, table: &ObjectId) -> BTreeSet<ObjectId> {
        match self.object(table) {
            Some(Object::Table(table)) => table
                .inherits
                .iter()
                .chain(table.partition_of.iter().map(|partition| &partition.parent))
                .cloned()
                .collect(),
            _ => BTreeSet::new(),
        }
    }

    /// The default partitions of a partitioned table.
    pub fn default_partitions(&self, parent: &ObjectId) -> BTreeSet<ObjectId> {
        let is_default = |child: &&ObjectId| {
            matches!(
                self.object(child),
                Some(Object::Table(table)) if table.partition_of.as_ref().is_some_and(PartitionOf::is_default)
            )
        };
        let children = self.links().defaults.get(parent).into_iter().flatten();
        children.filter(is_default).cloned().collect()
    }

    /// The indexes of a relation, those behind its keys included, as relations.
    pub fn indexes(&self, relation: &ObjectId) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        for catalog in [self.pair.from, self.pair.to] {
            for (id, entry) in catalog.parts(relation) {
                found.extend(index_relation(id, &entry.object));
            }
        }
        found
    }

    /// What goes with a column: indexes and keys over it, sequences that it owns, the far ends of foreign keys over it.
    /// A column that is only made for the way has nothing of the schema on it.
    pub fn on_column(&self, column: &ObjectId) -> OnColumn {
        let mut found = OnColumn::default();
        let Some(table) = column.parent() else { return found };
        for catalog in [self.pair.from, self.pair.to] {
            for (id, entry) in catalog.parts(&table) {
                let mut is_over = id == column;
                entry.object.references(&mut |used| is_over |= used == column);
                if !is_over {
                    continue;
                }
                found.indexes.extend(index_relation(id, &entry.object));
                match &entry.object {
                    Object::Constraint(constraint) => {
                        if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                            found.referenced.insert(key.table.clone());
                        }
                    }
                    Object::Column(own) => {
                        if let (Some(identity), Some(name)) = (&own.identity, id.qualified_name()) {
                            let sequence = name.with_name(identity.sequence.clone());
                            found.sequences.insert(ObjectId::Relation(sequence));
                        }
                    }
                    _ => {}
                }
            }
            let owned = neighbours(&self.links().sequences, &table)
                .into_iter()
                .filter(|sequence| {
                    matches!(
                        catalog.get(sequence).map(|entry| &entry.object),
                        Some(Object::Sequence(sequence)) if sequence.owned_by.as_ref() == Some(column)
                    )
                });
            found.sequences.extend(owned);
        }
        found
    }

    /// Whether an index or a key of the table begins with a column, in the catalog to be.
    pub fn begins_an_index(&self, column: &ObjectId) -> bool {
        let table = column.parent();
        let mut parts = table.iter().flat_map(|table| self.pair.to.parts(table));
        parts.any(|(_, entry)| match &entry.object {
            Object::Index(index) => {
                let first = index.keys.first().and_then(|key| key.expression.as_column());
                index.method.as_str() == "btree" && index.predicate.is_none() && first == Some(&column.last_name())
            }
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Key(key) => key.columns.first() == Some(column),
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
            },
            _ => false,
        })
    }

    /// The sequences that the columns of a table own, identities' included.
    pub fn sequences(&self, table: &ObjectId) -> BTreeSet<ObjectId> {
        neighbours(&self.links().sequences, table)
    }

    /// The tables at the far end of a table's foreign keys.
    pub fn referenced(&self, table: &ObjectId) -> BTreeSet<ObjectId> {
        neighbours(&self.links().referenced, table)
    }

    /// The tables with a foreign key to a table, or to one of which it is a partition: the server makes a constraint for
    /// each partition, too (`addFkRecurseReferenced`).
    pub fn referencing(&self, table: &ObjectId) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        let mut current = Some(table.clone());
        while let Some(referenced) = current {
            found.extend(neighbours(&self.links().referencing, &referenced));
            current = match self.object(&referenced) {
                Some(Object::Table(table)) => table.partition_of.as_ref().map(|place| place.parent.clone()),
                _ => None,
            };
        }
        found
    }

    /// The tables with a column of a type, or a default that calls a sequence.
    pub fn users(&self, id: &ObjectId) -> BTreeSet<ObjectId> {
        neighbours(&self.links().users, id)
    }

    /// The key or unique index of a table that a foreign key to these columns goes by, in the catalog to be.
    pub fn key_over(&self, table: &ObjectId, columns: &[ObjectId]) -> Option<ObjectId> {
        Self::key_in(self.pair.to, table, columns)
    }

    /// The key or unique index that a foreign key goes by: one that goes comes back to that of what is.
    pub fn key_of(&self, foreign_key: &ObjectId, table: &ObjectId, columns: &[ObjectId]) -> Option<ObjectId> {
        let goes = self.pair.from.contains(foreign_key) && !self.pair.to.contains(foreign_key);
        Self::key_in(if goes { self.pair.from } else { self.pair.to }, table, columns)
    }

    fn key_in(catalog: &Catalog, table: &ObjectId, columns: &[ObjectId]) -> Option<ObjectId> {
        let wanted: BTreeSet<&ObjectId> = columns.iter().collect();
        let fits = |object: &Object| match object {
            Object::Constraint(constraint) => match &constraint.kind {
                ConstraintKind::Key(key) => key.columns.iter().collect::<BTreeSet<_>>() == wanted,
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Exclude(_) => false,
            },
            Object::Index(index) => {
                let keys: Option<BTreeSet<&Ident>> = index.keys.iter().map(|key| key.expression.as_column()).collect();
                let names: Vec<Ident> = columns.iter().map(ObjectId::last_name).collect();
                index.uniqueness.is_unique()
                    && index.predicate.is_none()
                    && keys.is_some_and(|keys| keys == names.iter().collect())
            }
            _ => false,
        };
        let found = catalog.parts(table).find(|(_, entry)| fits(&entry.object));
        found.map(|(id, _)| id.clone())
    }
}

impl Links {
    fn of(pair: Pair<&Catalog>) -> Links {
        let mut links = Links::default();
        for (id, entry) in pair.from.unordered() {
            links.note(id, &entry.object);
        }
        // What is the same on both sides is noted already.
        for (id, entry) in pair.to.unordered().filter(|(id, _)| !pair.from.is_same(pair.to, id)) {
            links.note(id, &entry.object);
        }
        let new_extensions = pair.to.extensions().filter(|id| !pair.from.contains(id));
        links.new_extensions = new_extensions.cloned().collect();
        links
    }

    fn note_constraint(&mut self, part: &ObjectId, name: &Ident) {
        if let Some(table) = part.qualified_name() {
            let tables = self.constraints.entry(table.with_name(name.clone()));
            let tables = tables.or_insert_with(|| Vec::with_capacity(1));
            let table = ObjectId::Relation(table.clone());
            if tables.last() != Some(&table) {
                tables.push(table);
            }
        }
    }

    fn note(&mut self, id: &ObjectId, object: &Object) {
        let relation = id.qualified_name().map(|name| ObjectId::Relation(name.clone()));
        if let (Object::Constraint(_), Some(index), Some(table)) = (object, index_relation(id, object), &relation) {
            self.hidden.insert(index, table.clone());
        }
        match object {
            Object::Table(table) => {
                let parents = table.partition_of.iter().map(|partition| &partition.parent);
                for parent in parents.chain(&table.inherits) {
                    add(&mut self.children, parent.clone(), id.clone());
                }
                for partition in table.partition_of.iter().filter(|partition| partition.is_default()) {
                    add(&mut self.defaults, partition.parent.clone(), id.clone());
                }
            }
            Object::Constraint(constraint) => {
                self.note_constraint(id, &id.last_name());
                if let (ConstraintKind::ForeignKey(key), Some(relation)) = (&constraint.kind, relation) {
                    add(&mut self.referencing, key.table.clone(), relation.clone());
                    add(&mut self.referenced, relation, key.table.clone());
                }
            }
            Object::Column(column) => {
                if let Some(not_null) = &column.not_null {
                    self.note_constraint(id, &not_null.name);
                }
                let Some(relation) = relation else { return };
                if let Some(identity) = &column.identity
                    && let Some(name) = id.qualified_name()
                {
                    let sequence = ObjectId::Relation(name.with_name(identity.sequence.clone()));
                    self.hidden.insert(sequence.clone(), relation.clone());
                    add(&mut self.sequences, relation.clone(), sequence);
                }
                if let Some(wanted) = column.data_type.reference() {
                    add(&mut self.users, wanted, relation);
                }
            }
            Object::Default(default) => {
                let Some(relation) = relation else { return };
                default.references(&mut |used| {
                    if matches!(used, ObjectId::Relation(_)) {
                        add(&mut self.users, used.clone(), relation.clone());
                    }
                });
            }
            Object::Sequence(sequence) => {
                let owner = sequence.owned_by.as_ref().and_then(ObjectId::parent);
                if let Some(table) = owner {
                    add(&mut self.sequences, table, id.clone());
                }
            }
            _ => {}
        }
    }
}

/// Notes a neighbour; one that was noted just before is left out.
fn add(neighbours: &mut Neighbours, of: ObjectId, neighbour: ObjectId) {
    let known = neighbours.entry(of).or_insert_with(|| Vec::with_capacity(1));
    if known.last() != Some(&neighbour) {
        known.push(neighbour);
    }
}

fn neighbours(all: &Neighbours, of: &ObjectId) -> BTreeSet<ObjectId> {
    all.get(of).into_iter().flatten().cloned().collect()
}

impl PartitionOf {
    /// Whether the bound is DEFAULT, which takes the rows that no other partition takes.
    pub fn is_default(&self) -> bool {
        self.bound == Bound::Default
    }
}

/// The relation name under which an index, or the index behind a key, is known.
pub fn index_relation(id: &ObjectId, object: &Object) -> Option<ObjectId> {
    match (id, object) {
        (_, Object::Index(_)) => Some(id.clone()),
        (ObjectId::Constraint(table, name), Object::Constraint(constraint)) => match constraint.kind {
            ConstraintKind::Key(_) | ConstraintKind::Exclude(_) => {
                Some(ObjectId::Relation(table.with_name(name.clone())))
            }
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => None,
        },
        _ => None,
    }
}
