//! GRANT and REVOKE on objects (`aclchk.c`).
//!
//! Knows which objects and privileges a statement speaks of. The built-in privileges are written out on the first touch
//! and forgotten again when a statement leads back to them.

use super::ast::{AccessPriv, GrantStmt, GrantTargetType, Node, NodeEnum, ObjectType, RoleSpec, RoleSpecType};
use super::lookup::is_system_schema;
use super::{Applied, Interpreter, ast};
use crate::catalog::{Entry, GrantOption, Grantee, Ident, Object, ObjectId, Privileges};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::postgres::privileges::{PrivilegeKind, privilege_named};

/// What a statement does to privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// GRANT.
    Give(GrantOption),
    /// REVOKE.
    Take,
    /// REVOKE GRANT OPTION FOR.
    TakeOption,
}

impl Interpreter {
    pub(super) fn grant(&mut self, statement: &GrantStmt) -> Applied {
        match statement.objtype() {
            ObjectType::ObjectDatabase | ObjectType::ObjectTablespace | ObjectType::ObjectParameterAcl => {
                self.skip_cluster_statement();
                return Ok(());
            }
            ObjectType::ObjectLargeobject => return Err(self.refuse(-1, "GRANT on a large object")),
            _ => {}
        }
        let targets = match statement.targtype() {
            GrantTargetType::AclTargetAllInSchema => self.all_in_schemas(statement)?,
            GrantTargetType::AclTargetObject | GrantTargetType::AclTargetDefaults | GrantTargetType::Undefined => {
                let mut targets = Vec::new();
                for object in &statement.objects {
                    match self.grant_target(statement.objtype(), object) {
                        Ok(target) => targets.push(target),
                        Err(error) => match self.provided_target(statement.objtype(), object)? {
                            Some(target) => self.grant_on_provided(&target, statement)?,
                            None => return Err(error),
                        },
                    }
                }
                targets
            }
        };
        let grant = kind_of_grant(statement);
        for target in targets {
            self.grant_on(&target, statement, grant)?;
        }
        Ok(())
    }

    fn grant_target(&self, kind: ObjectType, object: &Node) -> Applied<ObjectId> {
        match object.node.as_ref() {
            Some(NodeEnum::RangeVar(range)) => match self.relation_or_hidden(range) {
                Some((id, name)) => {
                    // GRANT ON TABLE reaches every relation; ON SEQUENCE only sequences.
                    if kind == ObjectType::ObjectSequence {
                        self.check_relation_kind(kind, &id, &name)?;
                    }
                    Ok(id)
                }
                None => self.relation(range).map(ObjectId::Relation),
            },
            _ => self.identify(kind, Some(object)),
        }
    }

    /// Says that members of extensions are among all objects of a schema, and that nothing is known to be granted on them.
    fn note_members_in(&mut self, schema: &Ident) {
        let home = Some(ObjectId::Schema(schema.clone()));
        let mut here = self.catalog.extensions().filter(|id| {
            let object = self.catalog.get(id).map(|entry| &entry.object);
            matches!(object, Some(Object::Extension(extension)) if extension.schema == home)
        });
        let Some(extension) = here.next() else { return };
        let message = format!(
            "what this does to members of the extension \"{}\" was skipped",
            extension.last_name()
        );
        let note = Diagnostic::warning(Code::SystemObject, message)
            .at(self.current)
            .hint("Name those that are meant in a GRANT or REVOKE of their own.");
        self.diagnostics.push(note);
    }

    /// ALL TABLES, SEQUENCES, FUNCTIONS … IN SCHEMA.
    fn all_in_schemas(&mut self, statement: &GrantStmt) -> Applied<Vec<ObjectId>> {
        let mut targets = Vec::new();
        for schema in ast::strings(&statement.objects) {
            let schema = Ident::from(schema);
            self.existing_schema(schema.clone(), -1)?;
            if is_system_schema(&schema) {
                return Err(self.refuse(-1, "GRANT on all objects of a schema of PostgreSQL's own"));
            }
            self.note_members_in(&schema);
            for (id, entry) in self.catalog.iter() {
                if id.schema() == Some(&schema) && is_among_all(statement.objtype(), &entry.object) {
                    targets.push(id.clone());
                }
            }
        }
        Ok(targets)
    }

    fn grant_on(&mut self, id: &ObjectId, statement: &GrantStmt, grant: Grant) -> Applied {
        let Some(kind) = self.privilege_kind(id, statement.objtype()) else {
            return Err(self.refuse(-1, &format!("GRANT on {}", crate::dialect::postgres::describe(id))));
        };
        if grant == Grant::Take {
            self.note_idle_revoke(id, &statement.grantees)?;
        }
        let owner = self.owner_of(id);
        let grantees = self.grantees(&statement.grantees, owner.as_ref(), statement.grantor.as_ref())?;
        if statement.privileges.is_empty() {
            let all = kind.all(self.version());
            self.change_privileges(id, kind, all, &grantees, grant);
            if grant == Grant::Take && kind == PrivilegeKind::Table {
                self.revoke_from_columns(id, PrivilegeKind::Column.all(self.version()), &grantees);
            }
            return Ok(());
        }
        for node in &statement.privileges {
            let Some(NodeEnum::AccessPriv(privilege)) = node.node.as_ref() else {
                continue;
            };
            self.grant_one(id, kind, privilege, &grantees, grant)?;
        }
        Ok(())
    }

    fn grant_one(
        &mut self,
        id: &ObjectId,
        kind: PrivilegeKind,
        privilege: &AccessPriv,
        grantees: &[Grantee],
        grant: Grant,
    ) -> Applied {
        let columns = ast::strings(&privilege.cols);
        let target_kind = if columns.is_empty() {
            kind
        } else {
            PrivilegeKind::Column
        };
        let names = self.privilege_names(target_kind, &privilege.priv_name)?;
        if columns.is_empty() {
            self.change_privileges(id, kind, &names, grantees, grant);
            // What is revoked from a table is revoked from its columns too (`ExecGrant_Relation`).
            if grant == Grant::Take && kind == PrivilegeKind::Table {
                self.revoke_from_columns(id, &names, grantees);
            }
            return Ok(());
        }
        let ObjectId::Relation(relation) = id else {
            return Err(self.error(
                Code::InvalidDefinition,
                -1,
                "column privileges are only valid for relations",
            ));
        };
        for column in columns {
            let column = self.column(relation, column, -1)?;
            self.change_privileges(&column, PrivilegeKind::Column, &names, grantees, grant);
        }
        Ok(())
    }

    /// The privileges a word stands for; an empty word is ALL.
    pub(super) fn privilege_names(&self, kind: PrivilegeKind, word: &str) -> Applied<Vec<&'static str>> {
        let all = kind.all(self.version());
        if word.is_empty() {
            return Ok(all.to_vec());
        }
        match privilege_named(word) {
            Some(privilege) if all.contains(&privilege) => Ok(vec![privilege]),
            Some("MAINTAIN") if kind == PrivilegeKind::Table => {
                self.needs_version(17, -1, "MAINTAIN")?;
                Ok(Vec::new())
            }
            Some(privilege) => Err(self.error(
                Code::InvalidDefinition,
                -1,
                format!("invalid privilege type {privilege} for this kind of object"),
            )),
            None => Err(self.error(
                Code::InvalidDefinition,
                -1,
                format!("unrecognized privilege type \"{word}\""),
            )),
        }
    }

    /// The kind whose privileges a statement means; a sequence may be named as a table.
    fn privilege_kind(&self, id: &ObjectId, named: ObjectType) -> Option<PrivilegeKind> {
        let entry = self.catalog.get(id)?;
        match (id, &entry.object, named) {
            // The sequence of an identity column.
            (ObjectId::Column(..), Object::Column(_), _) => Some(PrivilegeKind::Sequence),
            (_, object, _) => PrivilegeKind::of(id, object),
        }
    }

    /// The owner of an object, of a column its table's.
    fn owner_of(&self, id: &ObjectId) -> Option<Ident> {
        let whole = match id {
            ObjectId::Column(relation, _) => &ObjectId::Relation(relation.clone()),
            other => other,
        };
        self.catalog.get(whole).and_then(|entry| entry.owner.clone())
    }

    /// The grantees of a statement, the owner among them as such.
    ///
    /// # Errors
    /// A grantor other than the owner, whose grants the catalog cannot hold.
    pub(super) fn grantees(
        &self,
        nodes: &[Node],
        owner: Option<&Ident>,
        grantor: Option<&RoleSpec>,
    ) -> Applied<Vec<Grantee>> {
        if let Some(grantor) = grantor
            && self.role_named(Some(grantor))?.as_ref() != owner
        {
            return Err(self.refuse(grantor.location, "GRANTED BY another role than the owner"));
        }
        let mut grantees = Vec::new();
        for node in nodes {
            let Some(NodeEnum::RoleSpec(role)) = node.node.as_ref() else {
                continue;
            };
            if role.roletype() == RoleSpecType::RolespecPublic {
                grantees.push(Grantee::Public);
                continue;
            }
            let name = self.role_named(Some(role))?;
            grantees.push(match name {
                name if name.as_ref() == owner => Grantee::Owner,
                Some(name) => Grantee::Role(name),
                None if let Some(runner) = &self.options.runner => Grantee::Role(runner.clone()),
                None => return Err(self.refuse(role.location, "a grant to CURRENT_USER on another role's object")),
            });
        }
        Ok(grantees)
    }

    fn change_privileges(
        &mut self,
        id: &ObjectId,
        kind: PrivilegeKind,
        names: &[&'static str],
        grantees: &[Grantee],
        grant: Grant,
    ) {
        let version = self.version();
        let Some(entry) = self.catalog.get_mut(id) else { return };
        let place = privileges_place(entry, kind);
        let mut privileges = place.take().unwrap_or_else(|| kind.built_in(version));
        apply_grant(&mut privileges, names, grantees, grant);
        if privileges != kind.built_in(version) {
            *place = Some(privileges);
        }
    }

    /// A REVOKE from a role that holds nothing would do nothing, unless the role is the owner that nobody has named.
    /// pg_dump writes it for the owner alone (`buildACLCommands` in `dumputils.c`), so it tells who that is.
    fn note_idle_revoke(&mut self, id: &ObjectId, grantees: &[Node]) -> Applied {
        if self.owner_of(id).is_some() {
            return Ok(());
        }
        for node in grantees {
            let Some(NodeEnum::RoleSpec(role)) = node.node.as_ref() else {
                continue;
            };
            if role.roletype() != RoleSpecType::RolespecCstring {
                continue;
            }
            let Some(role) = self.role_named(Some(role))? else {
                continue;
            };
            let Some(entry) = self.catalog.get_mut(id) else {
                continue;
            };
            let holds = entry.privileges.iter().flat_map(|privileges| privileges.held.keys());
            if holds.into_iter().any(|grantee| *grantee == Grantee::Role(role.clone())) {
                continue;
            }
            if self.is_dump && !matches!(id, ObjectId::Column(..)) {
                entry.owner = Some(role.clone());
            }
            self.revoked_in_vain.insert((id.clone(), role), self.current);
        }
        Ok(())
    }

    fn revoke_from_columns(&mut self, relation: &ObjectId, names: &[&'static str], grantees: &[Grantee]) {
        let columns: Vec<ObjectId> = self
            .catalog
            .parts(relation)
            .filter(|(id, entry)| matches!(id, ObjectId::Column(..)) && entry.privileges.is_some())
            .map(|(id, _)| id.clone())
            .collect();
        for column in columns {
            self.change_privileges(&column, PrivilegeKind::Column, names, grantees, Grant::Take);
        }
    }

    /// Lets the schema `public`, made anew, have what any new schema has.
    pub(super) fn set_plain_schema_privileges(&mut self, id: &ObjectId) {
        let version = self.version();
        if let Some(entry) = self.catalog.get_mut(id)
            && entry.privileges.is_none()
        {
            entry.privileges = Some(PrivilegeKind::Schema.built_in(version));
        }
    }
}

/// Whether a statement gives, takes, or takes the option only.
pub(super) fn kind_of_grant(statement: &GrantStmt) -> Grant {
    match (statement.is_grant, statement.grant_option) {
        (true, true) => Grant::Give(GrantOption::With),
        (true, false) => Grant::Give(GrantOption::Without),
        (false, true) => Grant::TakeOption,
        (false, false) => Grant::Take,
    }
}

/// Gives or takes every privilege to or from every grantee.
pub(super) fn apply_grant(privileges: &mut Privileges, names: &[&'static str], grantees: &[Grantee], grant: Grant) {
    for grantee in grantees {
        for privilege in names {
            match grant {
                // The owner may always pass on; an option that is said all the same is kept (`aclupdate`).
                Grant::Give(option) => privileges.grant(grantee.clone(), privilege, option),
                Grant::Take => privileges.revoke(grantee, privilege),
                Grant::TakeOption => privileges.revoke_grant_option(grantee, privilege),
            }
        }
    }
}

/// Where the privileges stand: of an identity column's sequence with the column's identity.
fn privileges_place(entry: &mut Entry, kind: PrivilegeKind) -> &mut Option<Privileges> {
    match &mut entry.object {
        Object::Column(column) if kind == PrivilegeKind::Sequence && column.identity.is_some() => {
            match &mut column.identity {
                Some(identity) => &mut identity.privileges,
                None => &mut entry.privileges,
            }
        }
        _ => &mut entry.privileges,
    }
}

fn is_among_all(kind: ObjectType, object: &Object) -> bool {
    match object {
        Object::Table(_) | Object::View(_) | Object::MaterializedView(_) => kind == ObjectType::ObjectTable,
        Object::Sequence(_) => kind == ObjectType::ObjectSequence,
        Object::Column(column) => kind == ObjectType::ObjectSequence && column.identity.is_some(),
        Object::Routine(routine) => match routine.kind {
            crate::catalog::routine::RoutineKind::Procedure => {
                matches!(kind, ObjectType::ObjectProcedure | ObjectType::ObjectRoutine)
            }
            crate::catalog::routine::RoutineKind::Function | crate::catalog::routine::RoutineKind::WindowFunction => {
                matches!(kind, ObjectType::ObjectFunction | ObjectType::ObjectRoutine)
            }
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::postgres::read::testing::{assert_same, read};

    const TABLE: &str = "CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO me;";

    #[test]
    fn what_leads_back_to_the_built_in_default_is_forgotten() {
        assert_same(
            &[
                TABLE,
                "GRANT SELECT ON t TO you; REVOKE ALL ON t FROM you; GRANT ALL ON t TO me;",
            ]
            .concat(),
            TABLE,
        );
        let function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';";
        let there_and_back = "REVOKE ALL ON FUNCTION f() FROM PUBLIC; GRANT EXECUTE ON FUNCTION f TO PUBLIC;";
        assert_same(&[function, there_and_back].concat(), function);
    }

    #[test]
    fn a_revoke_from_a_table_reaches_its_columns() {
        assert_same(
            &[
                TABLE,
                "GRANT SELECT (a), UPDATE (b) ON t TO you; REVOKE SELECT ON t FROM you;",
            ]
            .concat(),
            &[TABLE, "GRANT UPDATE (b) ON t TO you;"].concat(),
        );
    }

    #[test]
    fn a_new_owner_takes_over_what_it_held() {
        assert_same(
            &[TABLE, "GRANT SELECT ON t TO you; ALTER TABLE t OWNER TO you;"].concat(),
            "CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO you;",
        );
    }

    #[test]
    fn a_grant_option_of_the_owner_is_kept() {
        let option = read(&[TABLE, "GRANT SELECT ON t TO me WITH GRANT OPTION;"].concat(), 18);
        assert_ne!(option.value.catalog, read(TABLE, 18).value.catalog);
        let taken = "GRANT SELECT ON t TO me WITH GRANT OPTION; REVOKE GRANT OPTION FOR SELECT ON t FROM me;";
        assert_same(&[TABLE, taken].concat(), TABLE);
    }

    #[test]
    fn a_grant_option_can_be_taken_alone() {
        let taken = "GRANT SELECT ON t TO you WITH GRANT OPTION; REVOKE GRANT OPTION FOR SELECT ON t FROM you;";
        assert_same(
            &[TABLE, taken].concat(),
            &[TABLE, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO you;"].concat(),
        );
    }

    #[test]
    fn the_sequence_of_an_identity_column_can_be_granted_on() {
        let table = "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY);";
        let granted = "GRANT USAGE ON SEQUENCE t_a_seq TO you; REVOKE ALL ON SEQUENCE t_a_seq FROM you;";
        assert_same(&[table, granted].concat(), table);
    }
}
