//! Which collation a name means.
//!
//! Knows that PostgreSQL's own collations depend on the platform: a name that the schema does not define is taken for
//! one of the server's.

use super::ast::{CollateClause, Node};
use super::identify::definition_in_schema;
use super::{Applied, Interpreter};
use crate::catalog::{DefinitionKind, Ident, ObjectId, QualifiedName};
use crate::diagnostic::Code;

impl Interpreter {
    /// The collation of a COLLATE clause; `None` without one and for `"default"`.
    pub(super) fn collation_clause(&self, clause: Option<&CollateClause>) -> Applied<Option<ObjectId>> {
        match clause {
            Some(clause) => self.collation(&clause.collname, clause.location),
            None => Ok(None),
        }
    }

    /// A collation by name; `None` for `"default"`.
    ///
    /// # Errors
    /// A name with a schema of its own that holds no such collation.
    pub(super) fn collation(&self, names: &[Node], location: i32) -> Applied<Option<ObjectId>> {
        let (schema, name) = self.split_names(names)?;
        if let Some(id) = self.find_definition(DefinitionKind::Collation, schema, name) {
            return Ok(Some(id));
        }
        let is_system = schema.is_empty() || super::lookup::is_system_schema(&Ident::from(schema));
        if !is_system {
            let shown = super::lookup::shown_name(schema, name);
            return Err(self.error(
                Code::UnknownObject,
                location,
                format!("collation {shown} does not exist"),
            ));
        }
        if name == "default" {
            return Ok(None);
        }
        Ok(Some(definition_in_schema(
            DefinitionKind::Collation,
            &QualifiedName::system(name),
        )))
    }
}
