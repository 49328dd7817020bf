//! The members of an extension that is made: what is granted on them, and which default privileges they are made under.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | that of the extension | ALTER DEFAULT PRIVILEGES, CREATE EXTENSION, ALTER DEFAULT PRIVILEGES back | none | expand | DROP EXTENSION |
//! | | GRANT, REVOKE on members | none, ACCESS SHARE on a relation from 18 on | | |
//!
//! Default privileges hold for what an extension's script makes too. A schema in which they are set before CREATE EXTENSION
//! means that, one in which they are set after it, as in every dump, means that they do not. Where others are in force
//! they are set for that one statement, in its transaction, so that nothing else is ever made under them.

use super::Lowered;
use super::access;
use super::lowering::Lowering;
use super::refuse::unsupported;
use crate::catalog::definition::Extension;
use crate::catalog::{Catalog, DefaultPrivilegesId, Entry, Grantee, Ident, Object, ObjectId, Privileges};
use crate::dialect::postgres::action::{PrivilegeChange, PrivilegeDirection, Subject};
use crate::dialect::postgres::analyse::provided::member_kinds;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::privileges::{PrivilegeKind, of_new_object};
use crate::dialect::postgres::read::initial_of;
use crate::pair::Pair;
use crate::plan::Statement;
use std::sync::Arc;

/// What comes before and after CREATE EXTENSION so that its members are made under the default privileges that are
/// wanted; nothing where those are in force.
pub(super) fn under(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> (Vec<Statement>, Vec<Statement>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let (ObjectId::Extension(name), Object::Extension(extension)) = (id, &entry.object) else {
        return (before, after);
    };
    let in_force = access::in_force_for(lowering, id);
    for object_kind in member_kinds(name.as_str()) {
        for (key, pair) in differing(lowering, in_force, extension, object_kind) {
            let key = Arc::new(key);
            let pair = pair.as_ref().map(Option::as_ref);
            let comment = format!("Other default privileges are meant for what {} brings.", describe(id));
            before.extend(access::set_defaults(lowering, &key, pair, &comment));
            let back = Pair::new(pair.to, pair.from);
            after.extend(access::set_defaults(
                lowering,
                &key,
                back,
                "Default privileges are what they were.",
            ));
        }
    }
    (before, after)
}

/// The default privileges for a kind that have to be others while an extension is made: those for all schemas say all
/// that is wanted, those in its schema add nothing.
fn differing(
    lowering: &Lowering<'_>,
    in_force: &Catalog,
    extension: &Extension,
    object_kind: &'static str,
) -> Vec<(DefaultPrivilegesId, Pair<Option<Privileges>>)> {
    let Some(kind) = PrivilegeKind::of_default(object_kind) else {
        return Vec::new();
    };
    let built_in = kind.built_in(lowering.options.version);
    let wanted = extension.made_under.get(object_kind);
    let schema = extension.schema.as_ref().map(ObjectId::last_name);
    let given = of_new_object(in_force, None, object_kind, schema.as_ref(), &built_in);
    if given == *wanted.unwrap_or(&built_in) {
        return Vec::new();
    }
    let set = |schema: Option<Ident>, wanted: Option<&Privileges>| {
        let key = DefaultPrivilegesId {
            role: None,
            schema,
            object_kind,
        };
        let entry = in_force.get(&ObjectId::DefaultPrivileges(Arc::new(key.clone())));
        let now = match entry.map(|entry| &entry.object) {
            Some(Object::DefaultPrivileges(defaults)) => Some(defaults.privileges.clone()),
            _ => None,
        };
        (key, Pair::new(now, wanted.cloned()))
    };
    let mut found = vec![set(None, wanted)];
    found.extend(schema.map(|schema| set(Some(schema), None)));
    found
}

/// What is granted on the members of an extension that is made, in the order of a catalog.
///
/// # Errors
/// What owning gives is revoked, and nobody says who the owner is.
pub(super) fn privileges(lowering: &Lowering<'_>, catalog: &Catalog, extension: &ObjectId) -> Lowered<Vec<Statement>> {
    let mut made = Vec::new();
    if !matches!(extension, ObjectId::Extension(_)) {
        return Ok(made);
    }
    let mut members = catalog.dependents_of(extension);
    // What is revoked from a relation is revoked from its columns too.
    members.sort_by_key(|id| matches!(id, ObjectId::Provided(inner) if matches!(&**inner, ObjectId::Column(..))));
    for member in members {
        let Some(entry) = catalog.get(&member) else { continue };
        let (Object::Provided(provided), Some(wanted)) = (&entry.object, &entry.privileges) else {
            continue;
        };
        let initial = initial_of(&member, entry, lowering.options.version);
        let before = match (initial, &provided.revoked) {
            (Some(initial), _) => initial,
            (None, revoked) => revoked.clone().unwrap_or_default(),
        };
        let changes = access::difference(lowering, &before, wanted);
        if entry.owner.is_none() && changes.iter().any(is_of_owner) {
            return Err(unsupported(
                lowering,
                &member,
                format!(
                    "the privileges of the owner of {} cannot be changed: nobody knows who it is",
                    describe(&member)
                ),
                "Leave the owner out of GRANT and REVOKE.",
            ));
        }
        let subject = Subject::of(&member, entry);
        made.extend(access::statements(lowering, &subject, entry.owner.as_ref(), changes));
    }
    Ok(made)
}

fn is_of_owner(change: &PrivilegeChange) -> bool {
    match change.direction {
        PrivilegeDirection::Grant(_) | PrivilegeDirection::Revoke | PrivilegeDirection::RevokeGrantOption => {
            change.grantee == Grantee::Owner
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, ups};
    use expect_test::expect;

    #[test]
    fn a_member_comes_with_its_extension() {
        let to = "CREATE EXTENSION hstore; REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM PUBLIC;
                  CREATE EXTENSION unheard_of; GRANT EXECUTE ON FUNCTION f(int) TO app;";
        expect![[r#"
            expand: CREATE EXTENSION hstore SCHEMA public
            expand: REVOKE EXECUTE ON FUNCTION public.hstore(text, text) FROM PUBLIC
            expand: CREATE EXTENSION unheard_of SCHEMA public
            expand: GRANT EXECUTE ON FUNCTION public.f(integer) TO app
        "#]]
        .assert_eq(&ups("", to));
        expect![[r#"
            expand: DROP EXTENSION unheard_of
            expand: DROP EXTENSION hstore
        "#]]
        .assert_eq(&downs("", to));
        expect![[r#"
            contract: CREATE EXTENSION unheard_of SCHEMA public
            contract: GRANT EXECUTE ON FUNCTION public.f(integer) TO app
            contract: CREATE EXTENSION hstore SCHEMA public
            contract: REVOKE EXECUTE ON FUNCTION public.hstore(text, text) FROM PUBLIC
        "#]]
        .assert_eq(&downs(to, ""));
    }

    #[test]
    fn members_are_made_under_the_default_privileges_that_are_meant() {
        let defaults = "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
                        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app;";
        let extension = "CREATE EXTENSION hstore;";
        let after = [defaults, extension].concat();
        let before = [extension, defaults].concat();
        expect![[r#"
            expand: CREATE EXTENSION hstore SCHEMA public
        "#]]
        .assert_eq(&ups(defaults, &after));
        expect![[r#"
            expand: ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC
            expand: ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM app
            expand: CREATE EXTENSION hstore SCHEMA public
            expand: ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
            expand: ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app
        "#]]
        .assert_eq(&ups(defaults, &before));
        expect![[r#"
            expand: ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
            expand: ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO app
            expand: CREATE EXTENSION hstore SCHEMA public
            expand: ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC
            expand: ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM app
            expand: ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
            expand: ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app
        "#]]
        .assert_eq(&ups("", &after));
        expect![[r#"
            contract: CREATE EXTENSION hstore SCHEMA public
            expand: ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO app
            expand: ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
        "#]]
        .assert_eq(&downs(&before, ""));
    }
}
