//! CREATE SCHEMA and extensions.
//!
//! Knows what a new database holds already: the schema `public` and the extension `plpgsql`.

use super::ast::{
    AlterExtensionContentsStmt, AlterExtensionStmt, CreateExtensionStmt, CreateSchemaStmt, DefElem, Node, NodeEnum,
};
use super::extension_facts::fixed_schema;
use super::options::definition_text;
use super::{Applied, Created, Existing, Interpreter};
use crate::catalog::definition::Extension;
use crate::catalog::{Ident, Object, ObjectId};
use crate::diagnostic::Code;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The extension that every database has and that belongs to no schema text.
const ALWAYS_THERE: &str = "plpgsql";

impl Interpreter {
    pub(super) fn create_schema(&mut self, statement: &CreateSchemaStmt, text: &str) -> Applied {
        let owner = self.role_named(statement.authrole.as_ref())?;
        let name = match (statement.schemaname.as_str(), &owner) {
            ("", Some(role)) => role.clone(),
            ("", None) => {
                return Err(self.error(
                    Code::InvalidDefinition,
                    -1,
                    "the name of the schema is that of a role which is not known",
                ));
            }
            (name, _) => Ident::from(name),
        };
        let id = ObjectId::Schema(name.clone());
        // pg_dump writes CREATE SCHEMA public when something about it differs from what a new database has.
        let existing = if statement.if_not_exists || name.as_str() == "public" {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        let created = self.create(id.clone(), Object::Schema, -1, existing)?;
        if name.as_str() == "public" && created == Created::New {
            // Made anew it has only what any schema has, and not what CREATE DATABASE grants on it.
            self.set_plain_schema_privileges(&id);
        }
        if owner.is_some() && (created == Created::New || !statement.if_not_exists) {
            self.set_owner(&id, owner.clone());
        }
        let before = self.settings.clone();
        self.settings.search_path.insert(0, name);
        if owner.is_some() {
            self.settings.role = owner;
        }
        let mut result = Ok(());
        for element in &statement.schema_elts {
            if let Some(node) = &element.node {
                result = self.dispatch(node, text);
                if result.is_err() {
                    break;
                }
            }
        }
        self.settings = before;
        result
    }

    pub(super) fn create_extension(&mut self, statement: &CreateExtensionStmt) -> Applied {
        if statement.extname == ALWAYS_THERE {
            return Ok(());
        }
        let mut extension = Extension {
            schema: None,
            version: None,
            made_under: BTreeMap::new(),
        };
        for option in definition_elements(&statement.options) {
            match option.defname.as_str() {
                "schema" => {
                    let schema = Ident::from(definition_text(option).unwrap_or_default().as_str());
                    extension.schema = Some(self.existing_schema(schema, option.location)?);
                }
                "new_version" => extension.version = definition_text(option).map(|text| Arc::from(text.as_str())),
                // CASCADE installs what it needs; those extensions are for the text to name.
                "cascade" => {}
                other => return Err(self.refuse(option.location, &format!("option {other} of CREATE EXTENSION"))),
            }
        }
        extension.schema = match (extension.schema, fixed_schema(&statement.extname)) {
            // One that CREATE EXTENSION would make by itself is not the schema's.
            (_, Some(fixed)) => self.existing_schema(Ident::from(fixed), -1).ok(),
            (Some(written), None) => Some(written),
            (None, None) => Some(ObjectId::Schema(self.creation_schema(-1)?)),
        };
        let id = ObjectId::Extension(Ident::from(statement.extname.as_str()));
        let existing = if statement.if_not_exists {
            Existing::Skip
        } else {
            Existing::Refuse
        };
        self.create(id, Object::Extension(Box::new(extension)), -1, existing)?;
        Ok(())
    }

    /// ALTER EXTENSION … UPDATE.
    pub(super) fn alter_extension(&mut self, statement: &AlterExtensionStmt) -> Applied {
        let id = ObjectId::Extension(Ident::from(statement.extname.as_str()));
        if statement.extname == ALWAYS_THERE {
            return Ok(());
        }
        let version = definition_elements(&statement.options)
            .find(|option| option.defname == "new_version")
            .and_then(definition_text);
        let missing = self.error(
            Code::UnknownObject,
            -1,
            format!("extension \"{}\" does not exist", statement.extname),
        );
        match self.catalog.get_mut(&id).map(|entry| &mut entry.object) {
            Some(Object::Extension(extension)) => {
                extension.version = version.map(|text| Arc::from(text.as_str()));
                Ok(())
            }
            _ => Err(missing),
        }
    }

    /// ALTER EXTENSION … ADD and DROP: what belongs to an extension is not planned.
    pub(super) fn alter_extension_contents(&mut self, statement: &AlterExtensionContentsStmt) -> Applied {
        let extension = Ident::from(statement.extname.as_str());
        if !self.catalog.contains(&ObjectId::Extension(extension.clone())) {
            return Err(self.error(
                Code::UnknownObject,
                -1,
                format!("extension \"{extension}\" does not exist"),
            ));
        }
        let id = self.identify(statement.objtype(), statement.object.as_deref())?;
        // The grammar says 1 for ADD and -1 for DROP.
        let member = (statement.action > 0).then_some(extension);
        if let Some(entry) = self.catalog.get_mut(&id) {
            entry.extension = member;
        }
        Ok(())
    }

    /// The identity of a schema that must exist.
    pub(super) fn existing_schema(&self, schema: Ident, location: i32) -> Applied<ObjectId> {
        let id = ObjectId::Schema(schema.clone());
        if self.catalog.contains(&id) || super::lookup::is_system_schema(&schema) {
            return Ok(id);
        }
        Err(self.error(
            Code::UnknownSchema,
            location,
            format!("schema \"{schema}\" does not exist"),
        ))
    }
}

/// Whether a name is that of the extension which is always there.
pub(super) fn is_always_there(extension: &str) -> bool {
    extension == ALWAYS_THERE
}

/// The definition elements of a list, in order.
pub(super) fn definition_elements(nodes: &[Node]) -> impl Iterator<Item = &DefElem> {
    nodes.iter().filter_map(|node| match node.node.as_ref() {
        Some(NodeEnum::DefElem(element)) => Some(&**element),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::assert_same;

    #[test]
    fn elements_stand_in_the_new_schema() {
        assert_same(
            "CREATE SCHEMA s CREATE TABLE t (a int) CREATE VIEW v AS SELECT a FROM t;",
            "CREATE SCHEMA s; CREATE TABLE s.t (a int); CREATE VIEW s.v AS SELECT a FROM s.t;",
        );
    }

    #[test]
    fn what_every_database_has_is_no_difference() {
        assert_same(
            "CREATE SCHEMA IF NOT EXISTS public; CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
             COMMENT ON EXTENSION plpgsql IS 'PL/pgSQL procedural language';
             COMMENT ON SCHEMA public IS 'standard public schema';",
            "",
        );
    }

    #[test]
    fn public_made_anew_grants_nothing_to_everybody() {
        assert_same(
            "DROP SCHEMA public; CREATE SCHEMA public;",
            "REVOKE USAGE ON SCHEMA public FROM PUBLIC; ALTER SCHEMA public OWNER TO CURRENT_USER;",
        );
    }
}
