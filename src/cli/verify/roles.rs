//! The roles that schemas take for granted: a server of our own has none of them.
//!
//! Knows where in a catalog roles are named. Makes them without any right of their own.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, DefinitionKind, Grantee, Ident, Object, ObjectId, Privileges};
use crate::compile::Compared;
use crate::live::Error;
use crate::live::server::Server;

/// Makes the roles that either side names and that are not there.
///
/// # Errors
/// The server fails.
pub(super) fn make(server: &dyn Server, compared: &Compared) -> Result<(), Error> {
    let mut roles = BTreeSet::new();
    for catalog in [&compared.snapshots.from.catalog, &compared.snapshots.to.catalog] {
        collect(catalog, &mut roles);
    }
    let mut client = server.connect(server.maintenance_database())?;
    for role in &roles {
        let question = "SELECT format('CREATE ROLE %I', $1::text) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text)";
        if let Some(row) = client.query_opt(question, &[&role.as_str()])? {
            let statement: String = row.try_get(0)?;
            client.batch_execute(&statement)?;
        }
    }
    Ok(())
}

fn collect(catalog: &Catalog, roles: &mut BTreeSet<Ident>) {
    for (id, entry) in catalog.iter() {
        roles.extend(entry.owner.clone());
        of_privileges(entry.privileges.as_ref(), roles);
        match (&entry.object, id) {
            (Object::Column(column), _) => {
                let identity = column.identity.as_ref();
                of_privileges(identity.and_then(|identity| identity.privileges.as_ref()), roles);
            }
            (Object::DefaultPrivileges(defaults), ObjectId::DefaultPrivileges(id)) => {
                roles.extend(id.role.clone());
                of_privileges(Some(&defaults.privileges), roles);
            }
            (Object::Policy(policy), _) => roles.extend(policy.roles.iter().cloned()),
            (Object::Definition(_), ObjectId::Definition(id)) if id.kind == DefinitionKind::UserMapping => {
                roles.insert(id.name.clone());
            }
            _ => {}
        }
    }
    // PUBLIC is nobody, and these stand for whoever is there.
    for name in ["public", "current_user", "current_role", "session_user"] {
        roles.remove(&Ident::from(name));
    }
}

fn of_privileges(privileges: Option<&Privileges>, roles: &mut BTreeSet<Ident>) {
    roles.extend(
        privileges
            .iter()
            .flat_map(|privileges| privileges.held.keys())
            .filter_map(role),
    );
}

fn role(grantee: &Grantee) -> Option<Ident> {
    match grantee {
        Grantee::Role(name) => Some(name.clone()),
        Grantee::Public | Grantee::Owner => None,
    }
}
