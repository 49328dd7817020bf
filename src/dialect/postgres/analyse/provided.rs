//! What the server and extensions provide, for statements that speak of it by name.
//!
//! Knows the tables and where extensions are installed. An extension of which the tables know nothing may provide whatever
//! a statement names in its schema.

use super::typing::table_type;
use super::{Analyser, system};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::{DataType, Ident, QualifiedName};

/// Who provides an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The server.
    Server,
    /// An extension that is known to.
    Extension(Ident),
    /// An extension of which nothing is known.
    Unknown(Ident),
}

/// A routine that is provided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvidedRoutine {
    /// By whom.
    pub provider: Provider,
    /// In which schema.
    pub schema: Ident,
    /// `f`, `p`, `a` or `w` (`pg_proc.prokind`).
    pub kind: char,
    /// The types of its input arguments.
    pub arguments: Vec<DataType>,
}

/// A foreign-data wrapper of another name than its extension's.
const WRAPPERS: [(&str, &str); 1] = [("dblink_fdw", "dblink")];

/// The kinds of members that an extension can have, by the words of ALTER DEFAULT PRIVILEGES: those that the tables know,
/// all of an extension that they do not.
pub fn member_kinds(extension: &str) -> impl Iterator<Item = &'static str> {
    let brings = system::extension_brings(extension);
    [
        ("FUNCTIONS", brings.functions),
        ("SEQUENCES", brings.relations),
        ("TABLES", brings.relations),
        ("TYPES", brings.types),
    ]
    .into_iter()
    .filter_map(|(kind, is_brought)| is_brought.then_some(kind))
}

impl Analyser<'_> {
    /// The routines of a name that the server or known extensions provide, in a schema when one is written.
    pub fn provided_routines(&self, schema: &str, name: &str) -> Vec<ProvidedRoutine> {
        let mut found = Vec::new();
        if schema.is_empty() || schema == SYSTEM_SCHEMA {
            found.extend(
                system::functions(self.version, name)
                    .iter()
                    .map(|function| ProvidedRoutine {
                        provider: Provider::Server,
                        schema: Ident::from(SYSTEM_SCHEMA),
                        kind: function.kind(),
                        arguments: types(function.arguments(), SYSTEM_SCHEMA),
                    }),
            );
        }
        for (extension, function) in system::extension_functions(name) {
            if let Some((extension, home)) = self.reached(extension, schema) {
                found.push(ProvidedRoutine {
                    provider: Provider::Extension(extension),
                    kind: function.kind(),
                    arguments: types(function.arguments(), home.as_str()),
                    schema: home,
                });
            }
        }
        found
    }

    /// Who provides a relation, its full name and its columns; no columns where they are not known.
    pub fn provided_relation(
        &self,
        schema: &str,
        name: &str,
    ) -> Option<(Provider, QualifiedName, Option<Vec<&'static str>>)> {
        let home = if schema.is_empty() { SYSTEM_SCHEMA } else { schema };
        if let Some(relation) = system::relation(self.version, home, name) {
            let columns = relation.columns().map(|(column, _)| column).collect();
            return Some((Provider::Server, QualifiedName::new(home, name), Some(columns)));
        }
        for (extension, relation) in system::extension_relations(name) {
            if let Some((extension, home)) = self.reached(extension, schema) {
                let columns = relation.columns().map(|(column, _)| column).collect();
                let name = QualifiedName::new(home, name);
                return Some((Provider::Extension(extension), name, Some(columns)));
            }
        }
        let (extension, home) = self.unknown_extension(schema)?;
        Some((Provider::Unknown(extension), QualifiedName::new(home, name), None))
    }

    /// Who provides a type, and its full name.
    pub fn provided_type(&self, schema: &str, name: &str) -> Option<(Provider, QualifiedName)> {
        let home = if schema.is_empty() { SYSTEM_SCHEMA } else { schema };
        if system::type_row(self.version, home, name).is_some() {
            return Some((Provider::Server, QualifiedName::new(home, name)));
        }
        for extension in system::type_extensions(name) {
            if let Some((extension, home)) = self.reached(extension, schema) {
                return Some((Provider::Extension(extension), QualifiedName::new(home, name)));
            }
        }
        let (extension, home) = self.unknown_extension(schema)?;
        Some((Provider::Unknown(extension), QualifiedName::new(home, name)))
    }

    /// The extension that provides a foreign-data wrapper: the one that is called so, or the only one that is not known.
    pub fn wrapper_provider(&self, name: &str) -> Option<Provider> {
        let extension = WRAPPERS
            .iter()
            .find(|(wrapper, _)| *wrapper == name)
            .map_or(name, |(_, extension)| extension);
        if let Some((extension, _)) = self.installed(&[extension], None) {
            return Some(Provider::Extension(extension));
        }
        let mut unknown = self.unknown_extensions();
        match (unknown.next(), unknown.next()) {
            (Some((extension, _)), None) => Some(Provider::Unknown(extension)),
            _ => None,
        }
    }

    /// An extension of which the tables know nothing, in the schema that a name is looked for in.
    pub fn unknown_extension(&self, schema: &str) -> Option<(Ident, Ident)> {
        let mut here = self
            .unknown_extensions()
            .filter(|(_, home)| self.reaches(home.as_str(), schema));
        match (here.next(), here.next()) {
            (Some(found), None) => Some(found),
            _ => None,
        }
    }

    /// An installed extension with its schema, when a name is looked for there.
    pub fn reached(&self, extension: &str, schema: &str) -> Option<(Ident, Ident)> {
        let (extension, home) = self.installed(&[extension], None)?;
        self.reaches(home.as_str(), schema).then_some((extension, home))
    }

    /// Whether a name is looked for in a schema: the one that is written, else all of the search path.
    fn reaches(&self, home: &str, schema: &str) -> bool {
        match schema {
            "" => home == SYSTEM_SCHEMA || self.search_path.iter().any(|searched| searched.as_str() == home),
            written => written == home,
        }
    }
}

fn types<'t>(names: impl Iterator<Item = &'t str>, home: &str) -> Vec<DataType> {
    names.filter_map(|name| table_type(name, home)).collect()
}
