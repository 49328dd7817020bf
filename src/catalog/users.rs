//! Who refers to whom, kept while a catalog changes: an index that may name too many and never too few.
//!
//! An object whose definition changes is noted and its references are added when the index is next asked; references it
//! no longer has stay in the index, so whoever asks has to look at the objects found.

use super::hashing::{HashMap, IndexSet};
use super::id::ObjectId;
use super::name::SYSTEM_SCHEMA;
use super::object::Entry;
use super::refers::Refers;
use std::cell::RefCell;
use std::sync::Arc;

/// The index. It is made when it is first asked; copies of a catalog share what was made before.
#[derive(Clone, Debug, Default)]
pub(super) struct Users {
    made: RefCell<Option<Made>>,
}

#[derive(Clone, Debug, Default)]
struct Made {
    /// The references of the catalog that was first asked.
    base: Arc<Index>,
    /// Those of what has changed since.
    since: Index,
    /// Objects whose references have to be looked at again.
    changed: IndexSet<ObjectId>,
}

/// By object, those that refer to it; each is named once for each time it was looked at.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Every object that refers or is referred to; it is meant by its place.
    objects: IndexSet<ObjectId>,
    /// By the place of an object, the places of those that refer to it.
    users: HashMap<usize, Vec<u32>>,
}

impl Users {
    /// Notes that an object is new or has changed.
    pub(super) fn note(&mut self, id: &ObjectId) {
        if let Some(made) = self.made.get_mut() {
            made.changed.insert(id.clone());
        }
    }

    /// Goes on from the index of another catalog, of which `differing` objects are other ones here.
    pub(super) fn take_over<'c>(&self, other: &Users, differing: impl Iterator<Item = &'c ObjectId>) {
        let mut made = other.made.borrow().clone();
        if let Some(made) = &mut made {
            made.changed.extend(differing.cloned());
        }
        *self.made.borrow_mut() = made;
    }

    /// The objects that refer to one, as far as is known: each has to be looked at. `all` gives every object when the
    /// index has to be made, `get` one of them.
    pub(super) fn candidates<'c>(
        &self,
        id: &ObjectId,
        all: impl Iterator<Item = (&'c ObjectId, &'c Entry)>,
        get: impl Fn(&ObjectId) -> Option<&'c Entry>,
    ) -> Vec<ObjectId> {
        self.bring_up_to_date(all, get);
        let made = self.made.borrow();
        let indexes = made.iter().flat_map(|made| [&*made.base, &made.since]);
        let found: IndexSet<&ObjectId> = indexes.flat_map(|index| index.users_of(id)).collect();
        found.into_iter().cloned().collect()
    }

    /// Makes the index where there is none, and adds what has changed.
    pub(super) fn bring_up_to_date<'c>(
        &self,
        all: impl Iterator<Item = (&'c ObjectId, &'c Entry)>,
        get: impl Fn(&ObjectId) -> Option<&'c Entry>,
    ) {
        let mut slot = self.made.borrow_mut();
        let made = slot.get_or_insert_with(|| {
            let mut base = Index::default();
            all.for_each(|(id, entry)| base.add(id, entry));
            Made {
                base: Arc::new(base),
                ..Made::default()
            }
        });
        for changed in std::mem::take(&mut made.changed) {
            if let Some(entry) = get(&changed) {
                made.since.add(&changed, entry);
            }
        }
    }
}

impl Index {
    fn add(&mut self, user: &ObjectId, entry: &Entry) {
        let mut references: IndexSet<ObjectId> = IndexSet::default();
        let mut note = |reference: &ObjectId| {
            // A type may be a relation's row type.
            if let ObjectId::Type(name) = reference
                && name.schema.as_str() != SYSTEM_SCHEMA
            {
                references.insert(ObjectId::Relation(name.clone()));
            }
            references.insert(reference.clone());
        };
        entry.object.references(&mut note);
        let extensions = entry.depends_on.iter().cloned().map(ObjectId::Extension);
        extensions.for_each(|extension| note(&extension));
        let types = match user {
            ObjectId::Routine(_, signature) => signature.iter().filter_map(|found| found.reference()).collect(),
            ObjectId::Definition(id) => id
                .types
                .iter()
                .flatten()
                .filter_map(|found| found.reference())
                .collect(),
            _ => Vec::new(),
        };
        types.iter().for_each(&mut note);
        super::whole_of(user, entry).iter().for_each(&mut note);
        if let Some(schema) = user.schema() {
            note(&ObjectId::Schema(schema.clone()));
        }
        let (user, _) = self.objects.insert_full(user.clone());
        // So many objects no memory holds.
        let Ok(user) = u32::try_from(user) else { return };
        for reference in references {
            let (reference, _) = self.objects.insert_full(reference);
            self.users
                .entry(reference)
                .or_insert_with(|| Vec::with_capacity(1))
                .push(user);
        }
    }

    fn users_of(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let place = self.objects.get_index_of(id);
        let users = place.and_then(|place| self.users.get(&place)).into_iter().flatten();
        users.filter_map(|user| self.objects.get_index(*user as usize))
    }
}
