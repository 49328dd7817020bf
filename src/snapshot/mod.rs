//! A snapshot: what a text says the schema is, and where it says so.
//!
//! Knows the catalog and the places of its objects in the texts. Does not know how a text is read: that is the
//! dialect's part ([`crate::dialect::postgres::read::read_script`]).

pub mod intent;

use crate::catalog::hashing::HashMap;
use crate::catalog::{Catalog, ObjectId};
use crate::source::Span;
use crate::syntax::Directive;

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
    /// Statements that are carried as text because the catalog has no place for them, in order.
    pub carried: Vec<(String, Span)>,
}
