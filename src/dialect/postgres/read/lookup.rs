//! Names as written to identities: search_path, kinds, columns.

use super::{Applied, Interpreter, ast};
use crate::catalog::{Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    /// The schema that an unqualified new object goes into.
    pub(super) fn creation_schema(&self, location: i32) -> Applied<Ident> {
        self.settings
            .search_path
            .iter()
            .find(|schema| self.catalog.contains(&ObjectId::Schema((*schema).clone())))
            .cloned()
            .ok_or_else(|| {
                let mut error = self.error(
                    Code::UnknownSchema,
                    location,
                    "no schema has been selected to create in",
                );
                error.hint = Some("Write the schema before the name, or set search_path.".into());
                error
            })
    }

    /// The name of a new relation, type or routine: the schema as written, else the creation schema.
    pub(super) fn new_name(&self, schema: &str, name: &str, location: i32) -> Applied<QualifiedName> {
        let schema = if schema.is_empty() {
            self.creation_schema(location)?
        } else {
            let schema = Ident::from(schema);
            if !self.catalog.contains(&ObjectId::Schema(schema.clone())) && !is_system_schema(&schema) {
                return Err(self.error(
                    Code::UnknownSchema,
                    location,
                    format!("schema \"{schema}\" does not exist"),
                ));
            }
            schema
        };
        Ok(QualifiedName::new(schema, name))
    }

    /// The name of a new object from a list of name parts (`schema.name` or `name`).
    pub(super) fn new_name_of(&self, parts: &[ast::Node], location: i32) -> Applied<QualifiedName> {
        let parts = ast::strings(parts);
        match parts.as_slice() {
            [name] => self.new_name("", name, location),
            [schema, name] | [_, schema, name] => self.new_name(schema, name, location),
            _ => Err(self.error(Code::SyntaxError, location, "a name of one to three parts was expected")),
        }
    }

    /// An existing relation of any kind by the name as written.
    pub(super) fn relation(&self, range: &ast::RangeVar) -> Applied<QualifiedName> {
        self.find_relation(&range.schemaname, &range.relname).ok_or_else(|| {
            let shown = shown_name(&range.schemaname, &range.relname);
            self.error(
                Code::UnknownRelation,
                range.location,
                format!("relation {shown} does not exist"),
            )
        })
    }

    /// An existing relation, or `None`.
    pub(super) fn find_relation(&self, schema: &str, name: &str) -> Option<QualifiedName> {
        self.find(schema, name, |name| {
            self.catalog.contains(&ObjectId::Relation(name.clone()))
        })
    }

    /// An existing type of its own (not a row type), or `None`.
    pub(super) fn find_type(&self, schema: &str, name: &str) -> Option<QualifiedName> {
        self.find(schema, name, |name| {
            self.catalog.contains(&ObjectId::Type(name.clone()))
        })
    }

    /// The first schema of the search path, or the one written, in which `exists` holds for the name.
    pub(super) fn find(
        &self,
        schema: &str,
        name: &str,
        exists: impl Fn(&QualifiedName) -> bool,
    ) -> Option<QualifiedName> {
        if schema.is_empty() {
            self.settings
                .search_path
                .iter()
                .map(|schema| QualifiedName::new(schema.clone(), name))
                .find(exists)
        } else {
            Some(QualifiedName::new(schema, name)).filter(exists)
        }
    }

    /// A column of a relation, which must exist.
    pub(super) fn column(&self, relation: &QualifiedName, column: &str, location: i32) -> Applied<ObjectId> {
        let id = ObjectId::Column(relation.clone(), Ident::from(column));
        if self.catalog.contains(&id) {
            return Ok(id);
        }
        let message = format!("column \"{column}\" of relation \"{}\" does not exist", relation.name);
        Err(self.error(Code::UnknownColumn, location, message))
    }

    /// Whether a name is taken in the namespace of relations, key constraints' and identity columns' own relations included.
    pub(super) fn relation_name_taken(&self, name: &QualifiedName) -> bool {
        self.catalog.contains(&ObjectId::Relation(name.clone())) || self.hidden_relation(name).is_some()
    }
}

/// A name as the user wrote it, quoted for a message.
pub(super) fn shown_name(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        format!("\"{name}\"")
    } else {
        format!("\"{schema}.{name}\"")
    }
}

/// Whether a schema is the server's own.
pub(super) fn is_system_schema(schema: &Ident) -> bool {
    matches!(schema.as_str(), "pg_catalog" | "information_schema" | "pg_toast")
}
