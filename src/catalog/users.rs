//! Who refers to whom, kept while a catalog changes: an index that may name too many and never too few.
//!
//! An object whose definition changes is noted and its references are added when the index is next asked; references it
//! no longer has stay in the index, so whoever asks has to look at the objects found.

use super::id::ObjectId;
use super::name::SYSTEM_SCHEMA;
use super::object::Entry;
use super::refers::Refers;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// The index. It is made when it is first asked, and a copy of a catalog begins without one.
#[derive(Debug, Default)]
pub(super) struct Users {
    made: RefCell<Option<Made>>,
}

#[derive(Debug, Default)]
struct Made {
    users: HashMap<ObjectId, HashSet<ObjectId>>,
    /// Objects whose references have to be looked at again.
    changed: Vec<ObjectId>,
}

impl Clone for Users {
    fn clone(&self) -> Self {
        Users::default()
    }
}

impl Users {
    /// Notes that an object is new or has changed.
    pub(super) fn note(&mut self, id: &ObjectId) {
        if let Some(made) = self.made.get_mut() {
            made.changed.push(id.clone());
        }
    }

    /// The objects that refer to one, as far as is known: each has to be looked at. `all` gives every object when the
    /// index has to be made, `get` one of them.
    pub(super) fn candidates<'c>(
        &self,
        id: &ObjectId,
        all: impl Iterator<Item = (&'c ObjectId, &'c Entry)>,
        get: impl Fn(&ObjectId) -> Option<&'c Entry>,
    ) -> Vec<ObjectId> {
        let mut slot = self.made.borrow_mut();
        let made = slot.get_or_insert_with(|| {
            let mut made = Made::default();
            all.for_each(|(id, entry)| made.add(id, entry));
            made
        });
        for changed in std::mem::take(&mut made.changed) {
            if let Some(entry) = get(&changed) {
                made.add(&changed, entry);
            }
        }
        made.users.get(id).into_iter().flatten().cloned().collect()
    }
}

impl Made {
    fn add(&mut self, user: &ObjectId, entry: &Entry) {
        let mut references: Vec<ObjectId> = Vec::new();
        entry.object.references(&mut |id| references.push(id.clone()));
        match user {
            ObjectId::Routine(_, signature) => {
                references.extend(signature.iter().filter_map(|found| found.reference()))
            }
            ObjectId::Definition(definition) => {
                references.extend(definition.types.iter().flatten().filter_map(|found| found.reference()));
            }
            _ => {}
        }
        references.extend(super::whole_of(user, entry));
        references.extend(user.schema().map(|schema| ObjectId::Schema(schema.clone())));
        for reference in references {
            // A type may be a relation's row type.
            if let ObjectId::Type(name) = &reference
                && name.schema.as_str() != SYSTEM_SCHEMA
            {
                self.users
                    .entry(ObjectId::Relation(name.clone()))
                    .or_default()
                    .insert(user.clone());
            }
            self.users.entry(reference).or_default().insert(user.clone());
        }
    }
}
