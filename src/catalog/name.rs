//! Names as the catalog keeps them: folded, unquoted, schema-qualified.
//!
//! Knows nothing of quoting: text is folded when it is read and quoted when it is written.

use super::hashing::{HashSet, Hasher};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher as _};
use std::sync::{LazyLock, Mutex, PoisonError};

/// The identifiers made so far. A schema says the same names over and over, so each is kept once, and two are equal when
/// their addresses are.
static KNOWN: LazyLock<Mutex<HashSet<Known>>> = LazyLock::new(Mutex::default);

/// One identifier, already folded and without quotes (PostgreSQL manual, "Identifiers and Key Words").
///
/// It is an address and nothing more: identities are copied, compared and hashed more often than anything else is done.
/// The texts stay for as long as the program runs, as the symbols of a compiler do.
#[derive(Clone)]
pub struct Ident(&'static Name);

/// What an identifier points to.
struct Name {
    /// The hash of the text.
    hash: u64,
    text: Box<str>,
}

/// A name that is looked for by its text.
struct Known(&'static Name);

impl Borrow<str> for Known {
    fn borrow(&self) -> &str {
        &self.0.text
    }
}

impl Hash for Known {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.text.hash(state);
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}
impl Eq for Known {}

impl Ident {
    /// Takes text that is already folded; no folding or truncation happens here.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(text) {
            return Ident(found.0);
        }
        let mut hasher = Hasher::default();
        text.hash(&mut hasher);
        let name = Box::leak(Box::new(Name {
            hash: hasher.finish(),
            text: Box::from(text),
        }));
        known.insert(Known(name));
        Ident(name)
    }

    /// The identifier's text, unquoted.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}
impl Eq for Ident {}

impl Hash for Ident {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl Ord for Ident {
    fn cmp(&self, other: &Self) -> Ordering {
        match std::ptr::eq(self.0, other.0) {
            true => Ordering::Equal,
            false => self.0.text.cmp(&other.0.text),
        }
    }
}

impl PartialOrd for Ident {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.text)
    }
}

impl fmt::Debug for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.0.text)
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
