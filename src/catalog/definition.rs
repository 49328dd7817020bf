//! Schemas, extensions, and the kinds that are kept by their definition.

use super::id::ObjectId;
use super::refers::refers;
use super::template::Template;
use std::sync::Arc;

/// An extension (PostgreSQL manual, CREATE EXTENSION). What it makes is the extension's, not the schema's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// SCHEMA, when one was named, as a schema identity.
    pub schema: Option<ObjectId>,
    /// VERSION, when one was named.
    pub version: Option<Arc<str>>,
}
refers!(Extension { schema });

/// An object that is kept by its definition: compared as canonical text with references, replaced when it differs
/// in more than the clauses that can be altered. None of them holds rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What stands after `CREATE kind name` in canonical form.
    pub body: Template,
    /// Clauses by name that can be altered one by one (a publication's tables, a server's options, a statistics target …), in canonical form.
    pub clauses: Vec<Clause>,
}
refers!(Definition { body, clauses });

/// A clause of a definition that can be altered by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Its name in lower case: `options`, `version`, `publish`, `firing` …
    pub name: &'static str,
    /// Its value as it is written.
    pub value: Template,
}
refers!(Clause { value });

/// The privileges that objects to come will have: changes against the built-in default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultPrivileges {
    /// Granted beyond, or revoked from, the built-in default; see [`super::Privileges`].
    pub privileges: super::Privileges,
}
refers!(DefaultPrivileges {});
