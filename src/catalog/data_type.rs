//! A data type as a column, an argument or a cast names it: resolved type, modifiers, array or not.

use super::id::ObjectId;
use super::name::QualifiedName;
use std::sync::{Arc, LazyLock};

/// A type with its modifiers (PostgreSQL manual, chapter "Data Types"; `pg_type`, `atttypmod`).
///
/// The number of array dimensions is no part of it: the server records but does not enforce it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataType {
    /// The element type's name; PostgreSQL's own types stand in `pg_catalog` under their internal names (`int4`, `varchar`).
    pub name: QualifiedName,
    /// Modifiers as written between the parentheses, in order (`numeric(10,2)` has `10` and `2`);
    /// the fields of an interval stand first, as one lower-case word group (`year to month`).
    pub modifiers: Arc<[Arc<str>]>,
    /// Whether it is an array of the type.
    pub array: Array,
}

/// Whether a type is an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Array {
    /// The type itself.
    Scalar,
    /// An array of the type, of any number of dimensions.
    Array,
}

/// Most types have none: one empty list serves them all.
fn no_modifiers() -> Arc<[Arc<str>]> {
    static NONE: LazyLock<Arc<[Arc<str>]>> = LazyLock::new(|| Arc::from([]));
    Arc::clone(&NONE)
}

impl DataType {
    /// A type without modifiers that is no array.
    pub fn plain(name: QualifiedName) -> Self {
        DataType {
            name,
            modifiers: no_modifiers(),
            array: Array::Scalar,
        }
    }

    /// One of PostgreSQL's own types by its internal name.
    pub fn system(name: &str) -> Self {
        DataType::plain(QualifiedName::system(name))
    }

    /// The same type without its modifiers, as it stands in a function's signature.
    pub fn without_modifiers(&self) -> Self {
        DataType {
            name: self.name.clone(),
            modifiers: no_modifiers(),
            array: self.array,
        }
    }

    /// Whether it is PostgreSQL's own type of this internal name and no array.
    pub fn is_system(&self, name: &str) -> bool {
        self.array == Array::Scalar
            && self.name.schema.as_str() == super::name::SYSTEM_SCHEMA
            && self.name.name.as_str() == name
    }

    /// The object that has to exist for the type to be named; `None` for PostgreSQL's own types.
    ///
    /// A relation's row type is named like the relation: the catalog answers both ([`super::Catalog::type_provider`]).
    pub fn reference(&self) -> Option<ObjectId> {
        (!self.name.is_system()).then(|| ObjectId::Type(self.name.clone()))
    }
}
