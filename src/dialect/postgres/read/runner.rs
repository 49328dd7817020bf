//! Who runs a script that does not say so, where the dump it is compared with tells.
//!
//! A script's objects belong to the role that runs it, and CURRENT_USER is that role; pg_dump writes the role by name.
//! Knows where such a name stands at the very place that a script leaves open. All such places have to agree.

use crate::catalog::{Catalog, DefaultPrivilegesId, DefinitionId, DefinitionKind, Grantee, Ident, Object, ObjectId};
use crate::dialect::postgres::CURRENT_USER;
use crate::pair::Pair;
use crate::snapshot::{Snapshot, Told};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The role that runs the script of a pair, if one side is a script, the other a dump, and it has a bearing on anything.
pub fn runner(pair: Pair<&Snapshot>) -> Option<Ident> {
    let is_script = pair.map(|side| side.told == Told::Script);
    let (script, dump) = match (is_script.from, is_script.to) {
        (true, false) => (pair.from, pair.to),
        (false, true) => (pair.to, pair.from),
        (true, true) | (false, false) => return None,
    };
    let mut found = BTreeSet::new();
    let mut matters = pair.to.names_owners();
    for (id, entry) in dump.catalog.iter() {
        if let Some((role, unnamed)) = unnamed(id)
            && script.catalog.contains(&unnamed)
            && !script.catalog.contains(id)
        {
            matters = true;
            found.insert(role);
        }
        if let Some(owner) = &entry.owner
            && script.catalog.get(id).is_some_and(|same| same.owner.is_none())
        {
            found.insert(owner.clone());
        }
    }
    let mut found = found.into_iter();
    let role = found.next()?;
    let is_only = found.next().is_none();
    matters |= script.revoked_in_vain.keys().any(|(_, from)| *from == role) || mentions(&script.catalog, &role);
    (is_only && matters).then_some(role)
}

/// The role in an identity, and the identity that a script gives the same object without naming its own role.
fn unnamed(id: &ObjectId) -> Option<(Ident, ObjectId)> {
    match id {
        ObjectId::DefaultPrivileges(defaults) => {
            let role = defaults.role.clone()?;
            let unnamed = DefaultPrivilegesId {
                role: None,
                ..(**defaults).clone()
            };
            Some((role, ObjectId::DefaultPrivileges(Arc::new(unnamed))))
        }
        ObjectId::Definition(mapping) if mapping.kind == DefinitionKind::UserMapping => {
            let unnamed = DefinitionId {
                name: Ident::from(CURRENT_USER),
                ..(**mapping).clone()
            };
            let is_role = mapping.name.as_str() != CURRENT_USER && mapping.name.as_str() != "public";
            is_role.then(|| (mapping.name.clone(), ObjectId::Definition(Arc::new(unnamed))))
        }
        _ => None,
    }
}

/// Whether anything is granted to a role, belongs to it or is set for it.
fn mentions(catalog: &Catalog, role: &Ident) -> bool {
    let grantee = Grantee::Role(role.clone());
    catalog.iter().any(|(id, entry)| {
        let defaults = match &entry.object {
            Object::DefaultPrivileges(defaults) => Some(&defaults.privileges),
            Object::Column(column) => column
                .identity
                .as_ref()
                .and_then(|identity| identity.privileges.as_ref()),
            _ => None,
        };
        let mut held = entry.privileges.iter().chain(defaults);
        held.any(|privileges| privileges.held.contains_key(&grantee))
            || entry.owner.as_ref() == Some(role)
            || unnamed(id).is_some_and(|(named, _)| named == *role)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::postgres::read::{ReadOptions, read_script};
    use crate::source::Sources;

    fn read(text: &str) -> Snapshot {
        let mut sources = Sources::new();
        let id = sources.add("text.sql", text);
        read_script(&sources, &[id], ReadOptions::default()).value
    }

    fn found(script: &str, dump: &str) -> Option<String> {
        let dump = read(&["--\n-- PostgreSQL database dump\n--\n", dump].concat());
        let script = read(script);
        let back = runner(Pair::new(&dump, &script));
        let forth = runner(Pair::new(&script, &dump));
        assert_eq!(back, forth);
        forth.map(|role| role.as_str().to_owned())
    }

    #[test]
    fn a_role_that_stands_where_the_script_leaves_it_open_runs_the_script() {
        let defaults = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO you;";
        let named = "ALTER DEFAULT PRIVILEGES FOR ROLE me GRANT SELECT ON TABLES TO you;";
        assert_eq!(found(defaults, named).as_deref(), Some("me"));
        let table = "CREATE TABLE t (a int); REVOKE ALL ON t FROM CURRENT_USER;";
        let revoked = "CREATE TABLE public.t (a integer); REVOKE ALL ON TABLE public.t FROM me;";
        assert_eq!(
            found(&[defaults, table].concat(), &[named, revoked].concat()).as_deref(),
            Some("me")
        );
    }

    #[test]
    fn places_that_disagree_tell_nothing() {
        let two = "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO you;
                   ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO you;";
        let named = "ALTER DEFAULT PRIVILEGES FOR ROLE me GRANT SELECT ON TABLES TO you;
                     ALTER DEFAULT PRIVILEGES FOR ROLE other GRANT USAGE ON SEQUENCES TO you;";
        assert_eq!(found(two, named), None);
    }

    #[test]
    fn two_scripts_do_not_tell_who_runs_them() {
        let one = read("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO you;");
        let other = read("ALTER DEFAULT PRIVILEGES FOR ROLE me GRANT SELECT ON TABLES TO you;");
        assert_eq!(runner(Pair::new(&one, &other)), None);
    }
}
