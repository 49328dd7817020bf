//! A snapshot: what a text says the schema is, and where it says so.
//!
//! Knows the catalog and the places of its objects in the texts. Does not know how a text is read: that is the
//! dialect's part ([`crate::dialect::postgres::read::read_script`]).

pub mod intent;

use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, Ident, Object, ObjectId};
use crate::source::Span;
use crate::syntax::Directive;
use std::collections::BTreeMap;

/// What kind of text says what the schema is, and what such a text leaves unsaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Told {
    /// Statements that make the schema; who runs them owns what no statement gives to a role.
    #[default]
    Script,
    /// What pg_dump found: every role stands in it by name, versions of extensions do not.
    Dump,
    /// What pg_dump --no-owner found: as a dump, but nobody is said to own anything.
    DumpWithoutOwners,
}

/// A schema with the places where it was written.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What the schema is; two snapshots with equal catalogs are the same schema.
    pub catalog: Catalog,
    /// Where each object was last defined. Objects that a statement makes on the side (a serial column's sequence)
    /// stand at that statement.
    pub origins: HashMap<ObjectId, Span>,
    /// What the author told the compiler in comments, in the order of the texts.
    pub directives: Vec<Directive>,
    /// What kind of text it was.
    pub told: Told,
    /// Where a REVOKE takes from a role what it does not hold, which would mean something only to the owner of the object.
    pub revoked_in_vain: BTreeMap<(ObjectId, Ident), Span>,
    /// Statements that are carried as text because the catalog has no place for them, in order.
    pub carried: Vec<(String, Span)>,
}

impl Snapshot {
    /// Whether anything is said to belong to a role.
    pub fn names_owners(&self) -> bool {
        self.catalog.names_owners()
    }

    /// Whether an extension's version is said.
    pub fn names_extension_versions(&self) -> bool {
        let mut objects = self.catalog.iter().map(|(_, entry)| &entry.object);
        objects.any(|object| matches!(object, Object::Extension(extension) if extension.version.is_some()))
    }
}
