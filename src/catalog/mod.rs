//! The catalog: what a schema means, with no trace of how it was written.
//!
//! Typed objects under resolved identities; who depends on whom. No spans, no statements' text, no dialect:
//! `==` on two catalogs means "the same schema". Names no other module of the crate.

pub mod bound;
pub mod constraint;
pub mod data_type;
pub mod definition;
pub mod hashing;
pub mod id;
pub mod index;
pub mod name;
pub mod object;
pub mod options;
pub mod privilege;
pub mod refers;
pub mod routine;
pub mod sequence;
pub mod table;
pub mod template;
pub mod trigger;
pub mod types;
mod users;
pub mod view;

pub use data_type::{Array, DataType};
pub use id::{DefaultPrivilegesId, DefinitionId, DefinitionKind, ObjectId, Signature};
pub use name::{Ident, QualifiedName};
pub use object::{Entry, Hidden, Object};
pub use options::Options;
pub use privilege::{GrantOption, Grantee, Privileges};
pub use refers::Refers;
pub use template::{Doubt, Form, OwnName, Piece, Template, TemplateBuilder};

use hashing::{HashMap, HashSet, IndexMap, IndexSet};
use std::sync::Arc;

/// A schema's objects by identity, in the order in which they came to be.
///
/// A copy shares everything with the original until one of them changes, and then still the entries and the index of who
/// refers to whom: only what changes is made anew.
/// Entries that are shared are known to be equal without a look into them.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Each with its place in the order; removing one leaves the others' places as they are.
    entries: Arc<IndexMap<ObjectId, (u64, Arc<Entry>)>>,
    /// Whether the map's own order is no longer the order of the places: a removal fills the gap with the last entry,
    /// because closing it would cost as much as the catalog is long.
    scrambled: bool,
    next_place: u64,
    /// The parts of each object: columns, constraints, triggers … of a relation, its indexes, a domain's constraints.
    parts: Arc<HashMap<ObjectId, Arc<IndexSet<ObjectId>>>>,
    /// Whether a rename has put parts out of the order of their places.
    parts_scrambled: bool,
    users: users::Users,
    /// Objects that are looked for by less than their identity.
    groups: Arc<HashMap<Group, IndexSet<ObjectId>>>,
}

/// What has come of a catalog: the objects that are other ones or new, and those that are gone.
#[derive(Clone, Debug)]
pub struct Since(Vec<(ObjectId, Option<Arc<Entry>>)>);

/// What objects are looked for by, besides their identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Group {
    /// Routines or operators of one name, whatever their arguments.
    Overloads(QualifiedName),
    /// All extensions.
    Extensions,
    /// All types, the row types of relations aside.
    Types,
}

impl PartialEq for Catalog {
    /// The order of objects is no part of the meaning.
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self
                .entries
                .iter()
                .all(|(id, (_, entry))| other.shared(id).is_some_and(|found| same(entry, found)))
    }
}
impl Eq for Catalog {}

impl Catalog {
    /// The entry of an identity.
    pub fn get(&self, id: &ObjectId) -> Option<&Entry> {
        self.entries.get(id).map(|(_, entry)| &**entry)
    }

    /// Whether anything is said to belong to a role. A name that begins with `pg_` is a server's own role, which no text has
    /// to name: schema `public` belongs to one from the start.
    pub fn names_owners(&self) -> bool {
        let is_given = |owner: &Ident| !owner.as_str().starts_with("pg_");
        let mut entries = self.iter();
        entries.any(|(_, entry)| entry.owner.as_ref().is_some_and(is_given))
    }

    fn shared(&self, id: &ObjectId) -> Option<&Arc<Entry>> {
        self.entries.get(id).map(|(_, entry)| entry)
    }

    /// Whether two catalogs hold the same entry under an identity, or both none.
    pub fn is_same(&self, other: &Catalog, id: &ObjectId) -> bool {
        match (self.shared(id), other.shared(id)) {
            (Some(one), Some(other)) => same(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// The objects that are not the same in another catalog: those of this one in their order, then those that only the
    /// other holds, in its order.
    pub fn differences<'c>(&'c self, other: &'c Catalog) -> Vec<&'c ObjectId> {
        // Catalogs of one origin hold most objects at the same place of the map, and those between two differences one
        // after another: the next object is mostly where it is looked for first, and no identity has to be hashed.
        let mut next = 0;
        let mut differs: HashSet<&ObjectId> = HashSet::default();
        let mut common = 0;
        for (id, (_, entry)) in self.entries.iter() {
            let found = match other.entries.get_index(next) {
                Some((expected, (_, found))) if expected == id => Some((next, found)),
                _ => other.entries.get_full(id).map(|(index, _, (_, found))| (index, found)),
            };
            match found {
                Some((index, found)) => {
                    next = index + 1;
                    common += 1;
                    if !same(entry, found) {
                        differs.insert(id);
                    }
                }
                None => {
                    differs.insert(id);
                }
            }
        }
        let mut found: Vec<&ObjectId> = Vec::new();
        if !differs.is_empty() {
            found.extend(self.iter().map(|(id, _)| id).filter(|id| differs.contains(id)));
        }
        if common < other.len() {
            found.extend(other.iter().map(|(id, _)| id).filter(|id| !self.contains(id)));
        }
        found
    }

    /// What has come of another catalog: less to keep than a copy.
    pub fn since(&self, other: &Catalog) -> Since {
        let differences = self.differences(other).into_iter();
        Since(differences.map(|id| (id.clone(), self.shared(id).cloned())).collect())
    }

    /// The catalog that has come of this one.
    pub fn with(&self, since: &Since) -> Catalog {
        let mut copy = self.clone();
        for (id, entry) in &since.0 {
            copy.take(id);
            if let Some(entry) = entry {
                copy.next_place += 1;
                copy.insert_at(copy.next_place, id.clone(), Arc::clone(entry));
            }
        }
        copy
    }

    /// Lets entries that are equal be the same ones in memory, which makes every later comparison short.
    pub fn share(&mut self, other: &Catalog) {
        self.share_from(0, other);
        for (id, parts) in Arc::make_mut(&mut self.parts) {
            if let Some(found) = other.parts.get(id)
                && !Arc::ptr_eq(parts, found)
                && parts.len() == found.len()
                && parts.iter().eq(found.iter())
            {
                *parts = Arc::clone(found);
            }
        }
    }

    /// Lets those entries be shared that stand behind the first so many; for use while a catalog grows.
    pub fn share_from(&mut self, first: usize, other: &Catalog) {
        // As in `differences`, the next is mostly where it is looked for first.
        let mut next = 0;
        let first = first.min(self.entries.len());
        let Some(entries) = Arc::make_mut(&mut self.entries).get_range_mut(first..) else {
            return;
        };
        for (id, (_, entry)) in entries {
            let found = match other.entries.get_index(next) {
                Some((expected, (_, found))) if expected == id => Some((next, found)),
                _ => other.entries.get_full(id).map(|(index, _, (_, found))| (index, found)),
            };
            let Some((index, found)) = found else { continue };
            next = index + 1;
            if same(entry, found) {
                *entry = Arc::clone(found);
            }
        }
    }

    /// Takes over another catalog's index of who refers to whom; only for what differs is it made anew.
    pub fn share_users(&self, other: &Catalog) {
        other.users.bring_up_to_date(other.unordered(), |id| other.get(id));
        let differs = |id: &&ObjectId| match (self.shared(id), other.shared(id)) {
            (Some(one), Some(other)) => !Arc::ptr_eq(one, other),
            (Some(_), None) | (None, _) => true,
        };
        self.users.take_over(&other.users, self.entries.keys().filter(differs));
    }

    /// The entry of an identity, to change it. The table of an index must not be changed through it.
    pub fn get_mut(&mut self, id: &ObjectId) -> Option<&mut Entry> {
        self.users.note(id);
        let entries = Arc::make_mut(&mut self.entries);
        entries.get_mut(id).map(|(_, entry)| Arc::make_mut(entry))
    }

    /// Whether there is such an object.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.entries.contains_key(id)
    }

    /// All objects in the order in which they came to be.
    pub fn iter(&self) -> Box<dyn ExactSizeIterator<Item = (&ObjectId, &Entry)> + '_> {
        if !self.scrambled {
            return Box::new(self.unordered());
        }
        let mut ordered: Vec<(&ObjectId, &(u64, Arc<Entry>))> = self.entries.iter().collect();
        ordered.sort_unstable_by_key(|(_, (place, _))| *place);
        Box::new(ordered.into_iter().map(|(id, (_, entry))| (id, &**entry)))
    }

    /// All objects in no order that means something.
    pub fn unordered(&self) -> impl ExactSizeIterator<Item = (&ObjectId, &Entry)> {
        self.entries.iter().map(|(id, (_, entry))| (id, &**entry))
    }

    /// A copy in which objects stand in the order of a key, and in their own where the key is the same.
    pub fn in_order_of<K: Ord>(&self, key: impl Fn(&ObjectId, &Entry) -> K) -> Catalog {
        let mut entries: Vec<(&ObjectId, &Entry)> = self.iter().collect();
        entries.sort_by_cached_key(|(id, entry)| key(id, entry));
        let mut copy = Catalog::default();
        for (id, entry) in entries {
            copy.insert(id.clone(), entry.clone());
        }
        copy
    }

    /// The number of objects.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no object at all.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The place of an object in the order in which they came to be; places are not consecutive.
    pub fn position(&self, id: &ObjectId) -> Option<u64> {
        self.entries.get(id).map(|(place, _)| *place)
    }

    /// Puts an object in; one of the same identity is given back.
    pub fn insert(&mut self, id: ObjectId, entry: Entry) -> Option<Entry> {
        self.next_place += 1;
        self.insert_at(self.next_place, id, Arc::new(entry))
            .map(Arc::unwrap_or_clone)
    }

    fn insert_at(&mut self, place: u64, id: ObjectId, entry: Arc<Entry>) -> Option<Arc<Entry>> {
        self.users.note(&id);
        if let Some(whole) = whole_of(&id, &entry) {
            let parts = Arc::make_mut(&mut self.parts).entry(whole).or_default();
            Arc::make_mut(parts).insert(id.clone());
        }
        if let Some(group) = group_of(&id) {
            let groups = Arc::make_mut(&mut self.groups);
            groups.entry(group).or_default().insert(id.clone());
        }
        let entries = Arc::make_mut(&mut self.entries);
        match entries.get_mut(&id) {
            Some((_, present)) => Some(std::mem::replace(present, entry)),
            None => {
                entries.insert(id, (place, entry));
                None
            }
        }
    }

    /// Takes one object out, with all that is a part of it (a table's columns, constraints, indexes, triggers …).
    pub fn remove(&mut self, id: &ObjectId) -> Option<Entry> {
        let parts = match self.parts.contains_key(id) {
            true => Arc::make_mut(&mut self.parts).remove(id),
            false => None,
        };
        for part in parts.iter().flat_map(|parts| parts.iter()) {
            self.remove(part);
        }
        self.take(id).map(|(_, entry)| Arc::unwrap_or_clone(entry))
    }

    /// Takes one object out and leaves its parts.
    fn take(&mut self, id: &ObjectId) -> Option<(u64, Arc<Entry>)> {
        let last = self.entries.len().checked_sub(1);
        if !self.contains(id) {
            return None;
        }
        let (position, _, (place, entry)) = Arc::make_mut(&mut self.entries).swap_remove_full(id)?;
        self.scrambled |= Some(position) != last;
        if let Some(whole) = whole_of(id, &entry)
            && let Some(parts) = Arc::make_mut(&mut self.parts).get_mut(&whole)
        {
            Arc::make_mut(parts).shift_remove(id);
        }
        if let Some(group) = group_of(id)
            && let Some(members) = Arc::make_mut(&mut self.groups).get_mut(&group)
        {
            members.shift_remove(id);
        }
        Some((place, entry))
    }

    /// The routines, or the operators, of a name, in the order in which they came to be.
    pub fn overloads<'c>(&'c self, name: &QualifiedName) -> impl Iterator<Item = &'c ObjectId> + use<'c> {
        self.groups.get(&Group::Overloads(name.clone())).into_iter().flatten()
    }

    /// The extensions in the order in which they came to be.
    pub fn extensions(&self) -> impl Iterator<Item = &ObjectId> {
        self.groups.get(&Group::Extensions).into_iter().flatten()
    }

    /// The types, the row types of relations aside, in the order in which they came to be.
    pub fn types(&self) -> impl Iterator<Item = (&QualifiedName, &Entry)> {
        let types = self.groups.get(&Group::Types).into_iter().flatten();
        types.filter_map(|id| Some((id.qualified_name()?, self.get(id)?)))
    }

    /// The parts of an object in the order in which they came to be; parts of parts are not among them.
    pub fn parts(&self, id: &ObjectId) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        let found = self.parts.get(id).into_iter().flat_map(|parts| parts.iter());
        let mut parts: Vec<(&ObjectId, &(u64, Arc<Entry>))> =
            found.filter_map(|part| self.entries.get_key_value(part)).collect();
        if self.parts_scrambled {
            parts.sort_unstable_by_key(|(_, (place, _))| *place);
        }
        parts.into_iter().map(|(id, (_, entry))| (id, &**entry))
    }

    /// What an object is a part of: a column's table, an index's table, a default's column.
    pub fn whole(&self, id: &ObjectId) -> Option<ObjectId> {
        whole_of(id, self.get(id)?)
    }

    /// The columns of a table in order, with their names.
    pub fn columns(&self, relation: &ObjectId) -> impl Iterator<Item = (&Ident, &table::Column)> {
        self.parts(relation)
            .filter_map(|(id, entry)| match (id, &entry.object) {
                (ObjectId::Column(_, name), Object::Column(column)) => Some((name, &**column)),
                _ => None,
            })
    }

    /// What provides a type name: the type itself, or the relation whose row type it is.
    pub fn type_provider(&self, name: &QualifiedName) -> Option<ObjectId> {
        let named = ObjectId::Type(name.clone());
        if self.contains(&named) {
            return Some(named);
        }
        let relation = ObjectId::Relation(name.clone());
        self.contains(&relation).then_some(relation)
    }

    /// The objects that must exist for this one to exist: what it refers to, what it is a part of, its schema.
    ///
    /// References to row types are given as the relation; objects that the catalog does not hold are left out.
    pub fn requirements(&self, id: &ObjectId) -> IndexSet<ObjectId> {
        let mut found = IndexSet::default();
        let Some(entry) = self.get(id) else { return found };
        let mut add = |reference: &ObjectId| {
            let present = match reference {
                ObjectId::Type(name) => self.type_provider(name),
                other => self.contains(other).then(|| other.clone()),
            };
            if let Some(present) = present
                && &present != id
            {
                found.insert(present);
            }
        };
        entry.object.references(&mut add);
        let extensions = entry.depends_on.iter().cloned().map(ObjectId::Extension);
        extensions.for_each(|extension| add(&extension));
        if let ObjectId::Routine(_, signature) = id {
            signature.iter().for_each(|data_type| data_type.references(&mut add));
        }
        if let ObjectId::Definition(definition) = id {
            definition
                .types
                .iter()
                .flatten()
                .for_each(|data_type| data_type.references(&mut add));
        }
        if let Some(whole) = whole_of(id, entry) {
            add(&whole);
        }
        if let Some(schema) = id.schema() {
            add(&ObjectId::Schema(schema.clone()));
        }
        found
    }

    /// The objects that require one, in catalog order.
    pub fn dependents_of(&self, id: &ObjectId) -> Vec<ObjectId> {
        let mut found = self.candidates(id);
        found.retain(|user| self.requirements(user).contains(id));
        found.sort_by_key(|user| self.position(user));
        found
    }

    fn candidates(&self, id: &ObjectId) -> Vec<ObjectId> {
        self.users.candidates(id, self.unordered(), |id| self.get(id))
    }

    /// Gives an object another identity of the same kind; its parts and every reference follow.
    ///
    /// Constraints, indexes and sequences keep their own names, as on the server. Returns whether the object was there and
    /// the new name free, and what the rename touched.
    pub fn rename(&mut self, from: &ObjectId, to: &ObjectId) -> Renamed {
        if !self.contains(from) {
            return Renamed::Missing;
        }
        if self.contains(to) {
            return Renamed::NameTaken;
        }
        let map = |id: &ObjectId| id.renamed(from, to);
        let mut taken: Vec<(ObjectId, (u64, Arc<Entry>))> = Vec::new();
        for id in self.touched_by_rename(from) {
            taken.extend(self.take(&id).map(|entry| (id, entry)));
        }
        let mut touched = Vec::new();
        for (id, (place, mut shared)) in taken {
            let entry = Arc::make_mut(&mut shared);
            entry.object.rename(&map);
            if let (Object::View(view), ObjectId::Relation(name)) = (&mut entry.object, &id) {
                rename_column(&mut view.columns, name, from, to);
            }
            if let (Object::MaterializedView(view), ObjectId::Relation(name)) = (&mut entry.object, &id) {
                rename_column(&mut view.columns, name, from, to);
            }
            let new = map(&id).unwrap_or_else(|| id.clone());
            self.insert_at(place, new.clone(), shared);
            touched.push((id, new));
        }
        self.scrambled = true;
        self.parts_scrambled = true;
        Renamed::Done(touched)
    }
}

impl Catalog {
    /// The objects whose identity or definition may name one that is renamed: itself, its parts, what refers to any of
    /// them; in catalog order.
    pub fn touched_by_rename(&self, renamed: &ObjectId) -> Vec<ObjectId> {
        if matches!(renamed, ObjectId::Schema(_)) {
            return self.iter().map(|(id, _)| id.clone()).collect();
        }
        let mut touched: IndexSet<ObjectId> = IndexSet::default();
        let mut waiting = vec![renamed.clone()];
        // A view keeps the names of its columns itself.
        touched.extend(self.whole(renamed));
        while let Some(id) = waiting.pop() {
            touched.extend(self.candidates(&id));
            if let Some(name) = id.qualified_name() {
                touched.extend(self.candidates(&ObjectId::Type(name.clone())));
            }
            waiting.extend(self.parts.get(&id).iter().flat_map(|parts| parts.iter().cloned()));
            touched.insert(id);
        }
        let mut touched: Vec<ObjectId> = touched.into_iter().filter(|id| self.contains(id)).collect();
        touched.sort_by_key(|id| self.position(id));
        touched
    }
}

/// How a rename went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renamed {
    /// Done. The old and the new identity of all that bears another one now or names one that does, in catalog order.
    Done(Vec<(ObjectId, ObjectId)>),
    /// There is no such object.
    Missing,
    /// The new name is taken.
    NameTaken,
}

/// Whether two entries are equal; those that are shared need no look into them.
fn same(one: &Arc<Entry>, other: &Arc<Entry>) -> bool {
    Arc::ptr_eq(one, other) || one == other
}

fn rename_column(columns: &mut [Ident], relation: &QualifiedName, from: &ObjectId, to: &ObjectId) {
    if let (ObjectId::Column(owner, old), ObjectId::Column(_, new)) = (from, to)
        && owner == relation
    {
        columns
            .iter_mut()
            .filter(|name| *name == old)
            .for_each(|name| *name = new.clone());
    }
}

fn whole_of(id: &ObjectId, entry: &Entry) -> Option<ObjectId> {
    match &entry.object {
        Object::Index(index) => Some(index.table.clone()),
        _ => id.parent(),
    }
}

fn group_of(id: &ObjectId) -> Option<Group> {
    match id {
        ObjectId::Routine(name, _) => Some(Group::Overloads(name.clone())),
        ObjectId::Extension(_) => Some(Group::Extensions),
        ObjectId::Type(_) => Some(Group::Types),
        ObjectId::Definition(definition) => match (definition.kind, &definition.schema) {
            (DefinitionKind::Operator, Some(schema)) => Some(Group::Overloads(QualifiedName {
                schema: schema.clone(),
                name: definition.name.clone(),
            })),
            _ => None,
        },
        _ => None,
    }
}
