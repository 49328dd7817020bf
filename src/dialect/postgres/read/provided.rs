//! GRANT and REVOKE on objects that the server or an extension makes.
//!
//! Knows what is held on such an object from the beginning. An entry stands in the catalog while
//! something else is held than that. Of an object of which nobody knows what is held from the beginning, what was granted
//! and what was revoked stand side by side.

use super::ast::{AccessPriv, GrantStmt, NodeEnum, RoleSpecType};
use super::grant::{Grant, apply_grant, kind_of_grant};
use super::provided_target::Target;
use super::{Applied, Interpreter, ast};
use crate::catalog::definition::{Provided, ProvidedKind};
use crate::catalog::name::SYSTEM_SCHEMA;
use crate::catalog::{Array, DataType, Entry, GrantOption, Grantee, Ident, Object, ObjectId, Privileges};
use crate::dialect::postgres::analyse::provided::Provider;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::privileges::PrivilegeKind;
use crate::dialect::postgres::privileges::initial::{Named, columns_with_privileges, initial_privileges};
use std::sync::Arc;

impl Interpreter {
    /// GRANT or REVOKE on what is provided.
    pub(super) fn grant_on_provided(&mut self, target: &Target, statement: &GrantStmt) -> Applied {
        let grantees = self.provided_grantees(target, statement)?;
        let grant = kind_of_grant(statement);
        let kind = PrivilegeKind::of_provided(target.kind);
        if statement.privileges.is_empty() {
            return self.change_provided(target, kind.all(self.version()), &grantees, grant);
        }
        for node in &statement.privileges {
            let Some(NodeEnum::AccessPriv(privilege)) = node.node.as_ref() else {
                continue;
            };
            self.grant_one_on_provided(target, privilege, &grantees, grant)?;
        }
        Ok(())
    }

    fn grant_one_on_provided(
        &mut self,
        target: &Target,
        privilege: &AccessPriv,
        grantees: &[Grantee],
        grant: Grant,
    ) -> Applied {
        let columns = ast::strings(&privilege.cols);
        if columns.is_empty() {
            let names = self.privilege_names(PrivilegeKind::of_provided(target.kind), &privilege.priv_name)?;
            return self.change_provided(target, &names, grantees, grant);
        }
        let names = self.privilege_names(PrivilegeKind::Column, &privilege.priv_name)?;
        for column in columns {
            let column = self.provided_column(target, column)?;
            self.change_provided(&column, &names, grantees, grant)?;
        }
        Ok(())
    }

    /// The grantees of a statement. The owner is a superuser, or whoever has run CREATE EXTENSION: it is known only
    /// where a dump revokes what owning gives.
    fn provided_grantees(&mut self, target: &Target, statement: &GrantStmt) -> Applied<Vec<Grantee>> {
        if let Some(grantor) = &statement.grantor {
            return Err(self.refuse(
                grantor.location,
                "GRANTED BY on an object that the schema does not make",
            ));
        }
        let id = ObjectId::Provided(Arc::new(target.id.clone()));
        let owner = self.catalog.get(&id).and_then(|entry| entry.owner.clone());
        let mut grantees = Vec::new();
        for node in &statement.grantees {
            let Some(NodeEnum::RoleSpec(role)) = node.node.as_ref() else {
                continue;
            };
            let name = match role.roletype() {
                RoleSpecType::RolespecPublic => {
                    grantees.push(Grantee::Public);
                    continue;
                }
                RoleSpecType::RolespecCstring => Ident::from(role.rolename.as_str()),
                RoleSpecType::RolespecCurrentRole
                | RoleSpecType::RolespecCurrentUser
                | RoleSpecType::RolespecSessionUser
                | RoleSpecType::Undefined => {
                    let runner = self.settings.role.clone().or_else(|| self.options.runner.clone());
                    match runner {
                        Some(runner) => runner,
                        None => {
                            return Err(self.refuse(role.location, "a grant to CURRENT_USER on another role's object"));
                        }
                    }
                }
            };
            grantees.push(match owner.as_ref() == Some(&name) {
                true => Grantee::Owner,
                false => Grantee::Role(name),
            });
        }
        if kind_of_grant(statement) == Grant::Take && owner.is_none() {
            self.note_revoke_from_owner(target, &mut grantees);
        }
        Ok(grantees)
    }

    /// A dump revokes from a role that holds nothing only where the role is the owner (see `note_idle_revoke`).
    fn note_revoke_from_owner(&mut self, target: &Target, grantees: &mut [Grantee]) {
        if target.kind == ProvidedKind::Column {
            return;
        }
        let id = self.provide(target);
        let Some(entry) = self.catalog.get_mut(&id) else { return };
        let is_known = matches!(&entry.object, Object::Provided(provided) if provided.revoked.is_none());
        for grantee in grantees {
            let holds = entry
                .privileges
                .as_ref()
                .is_some_and(|privileges| privileges.held.contains_key(grantee));
            if let (Grantee::Role(role), false, true) = (&*grantee, holds, is_known) {
                if self.is_dump {
                    entry.owner = Some(role.clone());
                    *grantee = Grantee::Owner;
                } else {
                    self.revoked_in_vain.insert((id.clone(), role.clone()), self.current);
                }
            }
        }
        self.forget_if_untouched(&id);
    }

    fn change_provided(
        &mut self,
        target: &Target,
        names: &[&'static str],
        grantees: &[Grantee],
        grant: Grant,
    ) -> Applied {
        let id = self.provide(target);
        let refusal = self.refuse(
            -1,
            &format!(
                "REVOKE GRANT OPTION on {}, of which is not known who may pass it on,",
                describe(&id)
            ),
        );
        if let Some(entry) = self.catalog.get_mut(&id)
            && let Object::Provided(provided) = &mut entry.object
            && let Some(privileges) = &mut entry.privileges
        {
            match (&mut provided.revoked, grant) {
                (Some(_), Grant::TakeOption) => return Err(refusal),
                (Some(revoked), Grant::Give(_)) => {
                    apply_grant(privileges, names, grantees, grant);
                    apply_grant(revoked, names, grantees, Grant::Take);
                }
                (Some(revoked), Grant::Take) => {
                    apply_grant(privileges, names, grantees, grant);
                    apply_grant(revoked, names, grantees, Grant::Give(GrantOption::Without));
                }
                (None, Grant::Give(_) | Grant::Take | Grant::TakeOption) => {
                    apply_grant(privileges, names, grantees, grant);
                }
            }
        }
        self.forget_if_untouched(&id);
        // What is revoked from a table is revoked from its columns too (`ExecGrant_Relation`).
        if grant == Grant::Take && target.kind == ProvidedKind::Relation {
            for column in self.columns_held_on(target) {
                let column = self.provided_column(target, column.as_str())?;
                let names: Vec<&'static str> = names
                    .iter()
                    .copied()
                    .filter(|name| PrivilegeKind::Column.all(self.version()).contains(name))
                    .collect();
                self.change_provided(&column, &names, grantees, grant)?;
            }
        }
        Ok(())
    }

    /// The columns of a relation on which something is held, or said.
    fn columns_held_on(&self, target: &Target) -> Vec<Ident> {
        let ObjectId::Relation(relation) = &target.id else {
            return Vec::new();
        };
        let mut columns: Vec<Ident> = self
            .catalog
            .unordered()
            .filter_map(|(id, _)| match id {
                ObjectId::Provided(inner) => match &**inner {
                    ObjectId::Column(of, column) if of == relation => Some(column.clone()),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        if target.provider == Provider::Server && relation.schema.as_str() == SYSTEM_SCHEMA {
            let initial = columns_with_privileges(relation.name.as_str(), self.version());
            columns.extend(initial.into_iter().map(Ident::from));
        }
        columns.sort();
        columns.dedup();
        columns
    }

    /// The entry of what is provided, made with what is held from the beginning where nothing has been said of it yet.
    fn provide(&mut self, target: &Target) -> ObjectId {
        let id = ObjectId::Provided(Arc::new(target.id.clone()));
        if !self.catalog.contains(&id) {
            let made_under = self.default_privileges_of(target);
            let initial = initial_privileges(&target.named(), made_under.as_ref(), self.version());
            let mut entry = Entry::new(Object::Provided(Provided {
                extension: target.extension().map(ObjectId::Extension),
                kind: target.kind,
                made_under,
                revoked: initial.is_none().then(Privileges::default),
            }));
            entry.privileges = Some(initial.unwrap_or_default());
            self.catalog.insert(id.clone(), entry);
            self.origins.insert(id.clone(), self.current);
        }
        id
    }

    /// What default privileges gave to a member of an extension.
    fn default_privileges_of(&self, target: &Target) -> Option<Privileges> {
        let kind = PrivilegeKind::of_provided(target.kind).default_words()?;
        let extension = ObjectId::Extension(target.extension()?);
        match self.catalog.get(&extension).map(|entry| &entry.object) {
            Some(Object::Extension(extension)) => extension.made_under.get(kind).cloned(),
            _ => None,
        }
    }

    /// What an extension makes moves with it.
    pub(super) fn move_provided(&mut self, extension: &ObjectId, schema: &Ident) {
        for id in self.catalog.dependents_of(extension) {
            if matches!(id, ObjectId::Provided(_)) {
                let moved = id.with_schema_name(schema);
                self.catalog.rename(&id, &moved);
            }
        }
    }

    /// Takes the entry out when what is held is what was from the beginning.
    fn forget_if_untouched(&mut self, id: &ObjectId) {
        let Some(entry) = self.catalog.get(id) else { return };
        let initial = initial_of(id, entry, self.version());
        let is_untouched = match &entry.object {
            Object::Provided(provided) => {
                let nothing_revoked = provided.revoked.as_ref().is_none_or(|revoked| revoked.held.is_empty());
                nothing_revoked && entry.privileges == Some(initial.unwrap_or_default())
            }
            _ => false,
        };
        if is_untouched {
            self.catalog.remove(id);
            self.origins.remove(id);
        }
    }
}

/// The columns of one of the server's own relations on which something is held from the beginning, as entries that nobody
/// has changed.
pub(in crate::dialect::postgres) fn columns_from_the_beginning(
    relation: &ObjectId,
    version: u16,
) -> Vec<(ObjectId, Entry)> {
    let ObjectId::Relation(relation) = relation else {
        return Vec::new();
    };
    if relation.schema.as_str() != SYSTEM_SCHEMA {
        return Vec::new();
    }
    let columns = columns_with_privileges(relation.name.as_str(), version).into_iter();
    let entries = columns.map(|column| {
        let inner = ObjectId::Column(relation.clone(), Ident::from(column));
        let id = ObjectId::Provided(Arc::new(inner));
        let mut entry = Entry::new(Object::Provided(Provided {
            extension: None,
            kind: ProvidedKind::Column,
            made_under: None,
            revoked: None,
        }));
        entry.privileges = initial_of(&id, &entry, version);
        (id, entry)
    });
    entries.collect()
}

/// What is held from the beginning on an object that has an entry; `None` where nobody knows.
pub(in crate::dialect::postgres) fn initial_of(id: &ObjectId, entry: &Entry, version: u16) -> Option<Privileges> {
    let (ObjectId::Provided(inner), Object::Provided(provided)) = (id, &entry.object) else {
        return None;
    };
    let extension = provided.extension.as_ref().map(ObjectId::last_name);
    let named = named(inner, provided.kind, extension);
    initial_privileges(&named, provided.made_under.as_ref(), version)
}

pub(super) fn named(id: &ObjectId, kind: ProvidedKind, extension: Option<Ident>) -> Named {
    let name = match id {
        ObjectId::Column(relation, column) => format!("{}.{column}", relation.name),
        other => other.last_name().to_string(),
    };
    let name = match id.schema() {
        Some(schema) if schema.as_str() == "information_schema" => format!("information_schema.{name}"),
        _ => name,
    };
    let arguments = match id {
        ObjectId::Routine(_, signature) => signature.iter().map(type_in_table).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    };
    Named {
        extension,
        kind,
        name,
        arguments,
    }
}

/// A type as the tables write it.
pub(super) fn type_in_table(data_type: &DataType) -> String {
    let array = match data_type.array {
        Array::Array => "[]",
        Array::Scalar => "",
    };
    format!("{}{array}", data_type.name.name)
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, errors, read};

    const EXTENSION: &str = "CREATE EXTENSION hstore;";

    #[test]
    fn what_leads_back_to_the_beginning_is_forgotten() {
        assert_same(
            "GRANT SELECT (rolname) ON pg_catalog.pg_authid TO you; REVOKE ALL ON pg_authid FROM you;",
            "",
        );
        assert_same("REVOKE ALL ON FUNCTION pg_read_file(text) FROM PUBLIC;", "");
        assert_same(
            &[
                EXTENSION,
                "REVOKE ALL ON FUNCTION hstore(text, text) FROM PUBLIC;
                 GRANT EXECUTE ON FUNCTION public.hstore(text, text) TO PUBLIC;",
            ]
            .concat(),
            EXTENSION,
        );
    }

    #[test]
    fn what_is_granted_on_what_is_provided_is_a_difference() {
        for granted in [
            "GRANT SELECT (rolname) ON pg_catalog.pg_authid TO you;",
            "REVOKE SELECT ON pg_class FROM PUBLIC;",
            "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO you;",
            "GRANT USAGE ON SCHEMA information_schema TO you;",
            "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;",
            "REVOKE USAGE ON TYPE int4 FROM PUBLIC;",
            "REVOKE SELECT ON pg_subscription FROM PUBLIC;",
        ] {
            assert_ne!(read(granted, 18).value.catalog, read("", 18).value.catalog, "{granted}");
        }
        let member = "GRANT EXECUTE ON FUNCTION hstore(text, text) TO you;";
        assert_ne!(
            read(&[EXTENSION, member].concat(), 18).value.catalog,
            read(EXTENSION, 18).value.catalog
        );
    }

    #[test]
    fn what_hangs_on_an_extension_goes_with_it() {
        let said = "CREATE EXTENSION hstore; GRANT EXECUTE ON FUNCTION hstore(text, text) TO you;
                    CREATE EXTENSION postgres_fdw; GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO you;";
        assert_same(
            &[said, "DROP EXTENSION hstore; DROP EXTENSION postgres_fdw;"].concat(),
            "",
        );
    }

    #[test]
    fn what_an_extension_makes_moves_with_it() {
        let grant = "GRANT EXECUTE ON FUNCTION s.hstore(text, text) TO you;";
        let before = "CREATE SCHEMA s; CREATE EXTENSION hstore; GRANT EXECUTE ON FUNCTION hstore(text, text) TO you;
                      ALTER EXTENSION hstore SET SCHEMA s;";
        assert_same(
            before,
            &["CREATE SCHEMA s; CREATE EXTENSION hstore SCHEMA s;", grant].concat(),
        );
    }

    #[test]
    fn a_server_goes_with_the_extension_of_its_wrapper() {
        assert_same(
            "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;
             CREATE USER MAPPING FOR you SERVER s; DROP EXTENSION postgres_fdw CASCADE;",
            "",
        );
    }

    #[test]
    fn members_of_an_extension_that_is_not_known_are_what_is_said_of_them() {
        let extension = "CREATE EXTENSION unheard_of;";
        let granted = "GRANT EXECUTE ON FUNCTION f(integer) TO you;";
        assert_same(
            &[extension, granted].concat(),
            &[extension, "REVOKE ALL ON FUNCTION f(int) FROM you;", granted].concat(),
        );
        assert_ne!(
            read(&[extension, granted].concat(), 18).value.catalog,
            read(extension, 18).value.catalog
        );
    }

    #[test]
    fn what_nobody_provides_is_not_there() {
        assert_eq!(
            errors("GRANT SELECT (nobody) ON pg_catalog.pg_authid TO you;"),
            ["column \"nobody\" of relation \"pg_authid\" does not exist"]
        );
        assert_eq!(errors("GRANT SELECT ON pg_catalog.pg_nothing TO you;").len(), 1);
        assert_eq!(
            errors("GRANT EXECUTE ON FUNCTION pg_catalog.pg_nothing() TO you;").len(),
            1
        );
        assert_eq!(
            errors("CREATE EXTENSION hstore; GRANT EXECUTE ON FUNCTION pg_nothing() TO you;").len(),
            1
        );
    }
}
