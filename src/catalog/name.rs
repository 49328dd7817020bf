//! Names as the catalog keeps them: folded, unquoted, schema-qualified.
//!
//! Knows nothing of quoting: text is folded when it is read and quoted when it is written.

use super::hashing::HashSet;
use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, LazyLock};

thread_local! {
    /// The texts of identifiers made so far. A schema says the same names over and over, so each is kept once, and two
    /// that are equal are mostly known to be by their address.
    static KNOWN: RefCell<HashSet<Arc<str>>> = RefCell::default();
}

/// So many names are more than one compilation has; then the memory is given back.
const MOST_KNOWN: usize = 4_000_000;

/// One identifier, already folded and without quotes (PostgreSQL manual, "Identifiers and Key Words").
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Arc<str>);

impl Ident {
    /// Takes text that is already folded; no folding or truncation happens here.
    pub fn new(text: impl AsRef<str>) -> Self {
        KNOWN.with_borrow_mut(|known| {
            if let Some(found) = known.get(text.as_ref()) {
                return Ident(Arc::clone(found));
            }
            if known.len() == MOST_KNOWN {
                known.clear();
            }
            let text: Arc<str> = Arc::from(text.as_ref());
            known.insert(Arc::clone(&text));
            Ident(text)
        })
    }

    /// The identifier's text, unquoted.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", &*self.0)
    }
}

impl From<&str> for Ident {
    fn from(text: &str) -> Self {
        Ident::new(text)
    }
}

/// The schema that holds PostgreSQL's own types, functions and operators.
pub const SYSTEM_SCHEMA: &str = "pg_catalog";

/// A name inside a schema. Every name of a snapshot is resolved, so the schema is always known.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    /// The schema that holds the object.
    pub schema: Ident,
    /// The object's own name.
    pub name: Ident,
}

impl QualifiedName {
    /// A name from its two parts.
    pub fn new(schema: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        QualifiedName {
            schema: schema.into(),
            name: name.into(),
        }
    }

    /// A name in `pg_catalog`.
    pub fn system(name: &str) -> Self {
        static SCHEMA: LazyLock<Ident> = LazyLock::new(|| Ident::from(SYSTEM_SCHEMA));
        QualifiedName::new(SCHEMA.clone(), name)
    }

    /// Whether the object is one of PostgreSQL's own.
    pub fn is_system(&self) -> bool {
        matches!(self.schema.as_str(), SYSTEM_SCHEMA | "information_schema")
    }

    /// The same schema, another name.
    pub fn with_name(&self, name: Ident) -> Self {
        QualifiedName {
            schema: self.schema.clone(),
            name,
        }
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.name)
    }
}

impl fmt::Debug for QualifiedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.schema, self.name)
    }
}
