//! ALTER DEFAULT PRIVILEGES, and what it gives to objects made afterwards (`aclchk.c`, `get_user_default_acl`).
//!
//! Knows that what holds in all schemas replaces the built-in default, and what holds in one schema is added to it.

use super::ast::{AlterDefaultPrivilegesStmt, Node, NodeEnum, ObjectType, RoleSpec};
use super::grant::{apply_grant, kind_of_grant};
use super::schema::definition_elements;
use super::{Applied, Interpreter, ReadOptions, ast};
use crate::catalog::definition::DefaultPrivileges;
use crate::catalog::{Catalog, DefaultPrivilegesId, Entry, Ident, Object, ObjectId, Privileges};
use crate::diagnostic::Code;
use crate::dialect::postgres::analyse::provided::member_kinds;
use crate::dialect::postgres::privileges::{PrivilegeKind, of_new_object};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The catalog after its default privileges have been given anew to these objects, in the place of what they had.
pub fn with_default_privileges(mut catalog: Catalog, ids: &[ObjectId], version: u16) -> Catalog {
    for id in ids {
        if let Some(entry) = catalog.get_mut(id) {
            entry.privileges = None;
            if let Object::Column(column) = &mut entry.object
                && let Some(identity) = &mut column.identity
            {
                identity.privileges = None;
            }
        }
    }
    let options = ReadOptions {
        version,
        ..ReadOptions::default()
    };
    let mut interpreter = Interpreter::resume(catalog, options);
    for id in ids {
        interpreter.apply_default_privileges(id);
    }
    interpreter.catalog
}

impl Interpreter {
    pub(super) fn alter_default_privileges(&mut self, statement: &AlterDefaultPrivilegesStmt) -> Applied {
        let Some(action) = statement.action.as_ref() else {
            return Err(self.refuse(-1, "ALTER DEFAULT PRIVILEGES without GRANT or REVOKE"));
        };
        let object_kind = match action.objtype() {
            ObjectType::ObjectTable => "TABLES",
            ObjectType::ObjectSequence => "SEQUENCES",
            ObjectType::ObjectFunction | ObjectType::ObjectProcedure | ObjectType::ObjectRoutine => "FUNCTIONS",
            ObjectType::ObjectType => "TYPES",
            ObjectType::ObjectSchema => "SCHEMAS",
            ObjectType::ObjectLargeobject => {
                self.needs_version(18, -1, "ALTER DEFAULT PRIVILEGES … ON LARGE OBJECTS")?;
                "LARGE OBJECTS"
            }
            _ => return Err(self.refuse(-1, "ALTER DEFAULT PRIVILEGES for this kind of object")),
        };
        let Some(kind) = PrivilegeKind::of_default(object_kind) else {
            return Err(self.refuse(-1, "ALTER DEFAULT PRIVILEGES for this kind of object"));
        };
        let mut roles: Vec<Option<Ident>> = Vec::new();
        let mut schemas: Vec<Option<Ident>> = Vec::new();
        for option in definition_elements(&statement.options) {
            let items = option.arg.as_deref().map(ast::list).unwrap_or_default();
            match option.defname.as_str() {
                "roles" => {
                    for role in items.iter().filter_map(role_of) {
                        roles.push(self.role_named(Some(role))?);
                    }
                }
                "schemas" => {
                    for schema in ast::strings(items) {
                        let schema = Ident::from(schema);
                        self.existing_schema(schema.clone(), option.location)?;
                        schemas.push(Some(schema));
                    }
                }
                other => return Err(self.refuse(option.location, &format!("option {other}"))),
            }
        }
        if roles.is_empty() {
            roles.push(self.settings.role.clone());
        }
        if schemas.is_empty() {
            schemas.push(None);
        }
        let mut names: Vec<&'static str> = Vec::new();
        if action.privileges.is_empty() {
            names.extend(kind.all(self.version()));
        }
        for node in &action.privileges {
            if let Some(NodeEnum::AccessPriv(privilege)) = node.node.as_ref() {
                if !privilege.cols.is_empty() {
                    return Err(self.error(
                        Code::InvalidDefinition,
                        -1,
                        "default privileges cannot be set for columns",
                    ));
                }
                names.extend(self.privilege_names(kind, &privilege.priv_name)?);
            }
        }
        for role in &roles {
            let grantees = self.grantees(&action.grantees, role.as_ref(), None)?;
            for schema in &schemas {
                let id = DefaultPrivilegesId {
                    role: role.clone(),
                    schema: schema.clone(),
                    object_kind,
                };
                let mut privileges = self
                    .default_privileges(&id)
                    .unwrap_or_else(|| self.starting_point(&id, kind));
                apply_grant(&mut privileges, &names, &grantees, kind_of_grant(action));
                self.keep_default_privileges(id, kind, privileges);
            }
        }
        Ok(())
    }

    /// Gives a new object the privileges that ALTER DEFAULT PRIVILEGES has set for its maker.
    pub(super) fn apply_default_privileges(&mut self, id: &ObjectId) {
        let Some(entry) = self.catalog.get(id) else { return };
        if let (ObjectId::Extension(name), Object::Extension(extension)) = (id, &entry.object) {
            let schema = extension.schema.as_ref().map(ObjectId::last_name);
            let made_under = self.given_to_members(name, schema.as_ref());
            if let Some(Object::Extension(extension)) = self.catalog.get_mut(id).map(|entry| &mut entry.object) {
                extension.made_under = made_under;
            }
            return;
        }
        let kind = match (&entry.object, PrivilegeKind::of(id, &entry.object)) {
            (Object::Column(column), _) if column.identity.is_some() => PrivilegeKind::Sequence,
            (_, Some(PrivilegeKind::PublicSchema)) => PrivilegeKind::Schema,
            (_, Some(kind)) => kind,
            (_, None) => return,
        };
        let Some(object_kind) = kind.default_words() else {
            return;
        };
        let built_in = kind.built_in(self.version());
        let role = self.settings.role.as_ref();
        let privileges = of_new_object(&self.catalog, role, object_kind, id.schema(), &built_in);
        if privileges == built_in {
            return;
        }
        if let Some(entry) = self.catalog.get_mut(id) {
            match &mut entry.object {
                Object::Column(column) => {
                    if let Some(identity) = &mut column.identity {
                        identity.privileges = Some(privileges);
                    }
                }
                _ => entry.privileges = Some(privileges),
            }
        }
    }

    /// What default privileges give to members of an extension that is made, kind by kind, where that is not what is built in.
    fn given_to_members(&self, extension: &Ident, schema: Option<&Ident>) -> BTreeMap<&'static str, Privileges> {
        let role = self.settings.role.as_ref();
        let mut given = BTreeMap::new();
        for object_kind in member_kinds(extension.as_str()) {
            let Some(kind) = PrivilegeKind::of_default(object_kind) else {
                continue;
            };
            let built_in = kind.built_in(self.version());
            let privileges = of_new_object(&self.catalog, role, object_kind, schema, &built_in);
            if privileges != built_in {
                given.insert(object_kind, privileges);
            }
        }
        given
    }

    fn default_privileges(&self, id: &DefaultPrivilegesId) -> Option<Privileges> {
        let id = ObjectId::DefaultPrivileges(Arc::new(id.clone()));
        match self.catalog.get(&id).map(|entry| &entry.object) {
            Some(Object::DefaultPrivileges(defaults)) => Some(defaults.privileges.clone()),
            _ => None,
        }
    }

    /// What a statement changes first: the built-in default, or nothing inside one schema.
    fn starting_point(&self, id: &DefaultPrivilegesId, kind: PrivilegeKind) -> Privileges {
        match id.schema {
            Some(_) => Privileges::default(),
            None => kind.built_in(self.version()),
        }
    }

    fn keep_default_privileges(&mut self, id: DefaultPrivilegesId, kind: PrivilegeKind, privileges: Privileges) {
        let starting_point = self.starting_point(&id, kind);
        let id = ObjectId::DefaultPrivileges(Arc::new(id));
        if privileges == starting_point {
            self.catalog.remove(&id);
            return;
        }
        let object = Object::DefaultPrivileges(DefaultPrivileges { privileges });
        match self.catalog.get_mut(&id) {
            Some(entry) => entry.object = object,
            None => {
                self.origins.insert(id.clone(), self.current);
                self.catalog.insert(id, Entry::new(object));
            }
        }
    }
}

fn role_of(node: &Node) -> Option<&RoleSpec> {
    match node.node.as_ref() {
        Some(NodeEnum::RoleSpec(role)) => Some(role),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, read};

    #[test]
    fn new_objects_get_them() {
        let set = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO you;";
        assert_same(
            &["CREATE TABLE old (a int);", set, "CREATE TABLE new (a int);"].concat(),
            &[
                "CREATE TABLE old (a int); CREATE TABLE new (a int); GRANT SELECT ON new TO you;",
                set,
            ]
            .concat(),
        );
    }

    #[test]
    fn only_the_role_they_are_for_makes_such_objects() {
        let set = "ALTER DEFAULT PRIVILEGES FOR ROLE maker REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;";
        let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
        assert_same(&[set, function].concat(), &[function, set].concat());
        let revoked = "REVOKE ALL ON FUNCTION f FROM PUBLIC; RESET ROLE;";
        assert_same(
            &[set, "SET ROLE maker;", function].concat(),
            &["SET ROLE maker;", function, revoked, set].concat(),
        );
    }

    #[test]
    fn members_of_an_extension_are_new_objects_too() {
        let set = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO you;";
        let extension = "CREATE EXTENSION hstore;";
        let catalog = |parts: &[&str]| read(&parts.concat(), 18).value.catalog;
        assert_ne!(catalog(&[set, extension]), catalog(&[extension, set]));
        let elsewhere = "CREATE SCHEMA s; CREATE EXTENSION hstore SCHEMA s;";
        assert_eq!(catalog(&[set, elsewhere]), catalog(&[elsewhere, set]));
        // It brings functions and no relations.
        let tables = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO you;";
        assert_eq!(catalog(&[tables, extension]), catalog(&[extension, tables]));
        let granted = "GRANT EXECUTE ON FUNCTION hstore(text, text) TO you;";
        assert_eq!(catalog(&[set, extension, granted]), catalog(&[set, extension]));
        assert_ne!(catalog(&[extension, granted, set]), catalog(&[extension, set]));
    }

    #[test]
    fn what_leads_back_is_no_object() {
        assert_same(
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO you;
             ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM you;",
            "",
        );
    }
}
