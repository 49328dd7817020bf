//! What is granted on objects that the server or an extension makes.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Public | GRANT | none, ACCESS SHARE on a relation from 18 on | expand | REVOKE |
//! | Absent | REVOKE | the same | contract | GRANT |
//!
//! Such an object is there on both sides; where one says nothing of it, what is held from the beginning holds. It comes
//! and goes with its extension: whoever makes the extension makes what is granted on its members, and DROP EXTENSION
//! takes it away.

use super::access;
use super::lowering::Lowering;
use super::refuse::unsupported;
use super::{Lowered, built};
use crate::catalog::definition::Provided;
use crate::catalog::{Entry, Grantee, Object, ObjectId, Privileges};
use crate::dialect::postgres::action::Subject;
use crate::dialect::postgres::describe;
use crate::dialect::postgres::read::initial_of;
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::Ladder;

/// The ladder of what is granted on one object; none when its extension comes or goes.
pub(super) fn ladders(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let Some(entry) = lowering.to(id).or_else(|| lowering.from(id)) else {
        return Ok(Vec::new());
    };
    let Object::Provided(provided) = &entry.object else {
        return Ok(Vec::new());
    };
    if let Some(extension) = &provided.extension {
        let both = lowering.from(extension).is_some() && lowering.to(extension).is_some();
        if !both || lowering.is_replaced(extension) {
            return Ok(Vec::new());
        }
        stays_in_place(lowering, id, extension)?;
    }
    let held = Pair::new(lowering.from(id), lowering.to(id));
    let ends = match initial_of(id, entry, lowering.options.version) {
        Some(initial) => held.map(|entry| {
            let held = entry.and_then(|entry| entry.privileges.clone());
            held.unwrap_or_else(|| initial.clone())
        }),
        None => said(lowering, id, held)?,
    };
    // A grant on a column to the owner is a grant like any other: it gives back nothing that owning gives.
    if !matches!(Subject::of(id, entry).id, ObjectId::Column(..)) {
        access::may_not_be_the_owner(lowering, id, ends.as_ref())?;
    }
    let rungs = access::privileges(lowering, id, entry, &ends.from, &ends.to);
    let title = format!("the privileges on {} change", describe(id));
    let why = "what is granted comes first and what is revoked goes last, so that both applications may do their work";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// Refuses what is granted on a member of an extension that moves: it bears another name before and after.
fn stays_in_place(lowering: &Lowering<'_>, id: &ObjectId, extension: &ObjectId) -> Lowered<()> {
    let altered = lowering.altered(extension).unwrap_or_default();
    if !altered.contains(&Attribute::ExtensionSchema) {
        return Ok(());
    }
    Err(unsupported(
        lowering,
        id,
        format!(
            "the privileges on {} cannot change while its extension moves",
            describe(id)
        ),
        "Move the extension in a plan of its own.",
    ))
}

/// What leads from one side to the other where nobody knows what is held from the beginning: both sides have to speak of
/// the same privileges, and what is revoked on one and granted on the other is all that differs.
fn said(lowering: &Lowering<'_>, id: &ObjectId, held: Pair<Option<&Entry>>) -> Lowered<Pair<Privileges>> {
    let nothing = Privileges::default();
    let sides = held.map(|entry| {
        let revoked = entry.and_then(|entry| match &entry.object {
            Object::Provided(Provided { revoked, .. }) => revoked.as_ref(),
            _ => None,
        });
        let granted = entry.and_then(|entry| entry.privileges.as_ref());
        (granted.unwrap_or(&nothing), revoked.unwrap_or(&nothing))
    });
    let (from, to) = (sides.from, sides.to);
    if is_said_of(from, to) && is_said_of(to, from) {
        return Ok(Pair::new(from.0.clone(), to.0.clone()));
    }
    Err(unsupported(
        lowering,
        id,
        format!(
            "the privileges on {} cannot change: nobody knows what its extension grants",
            describe(id)
        ),
        "Say in both schemas, by GRANT or REVOKE, what is held now and what is wanted.",
    ))
}

/// Whether all that one side grants or revokes is granted or revoked on the other too.
fn is_said_of(one: (&Privileges, &Privileges), other: (&Privileges, &Privileges)) -> bool {
    let says = |privileges: &Privileges, grantee: &Grantee, name: &str| {
        privileges
            .held
            .get(grantee)
            .is_some_and(|names| names.contains_key(name))
    };
    [one.0, one.1]
        .into_iter()
        .flat_map(|side| &side.held)
        .all(|(grantee, names)| {
            names
                .keys()
                .all(|name| says(other.0, grantee, name) || says(other.1, grantee, name))
        })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn what_is_granted_on_the_servers_own_objects_changes_like_all_else() {
        let to = "GRANT SELECT (rolname) ON pg_authid TO app; REVOKE EXECUTE ON FUNCTION lower(text) FROM PUBLIC;";
        expect![[r#"
            expand: GRANT SELECT (rolname) ON TABLE pg_catalog.pg_authid TO app
            contract: REVOKE EXECUTE ON FUNCTION pg_catalog.lower(text) FROM PUBLIC
        "#]]
        .assert_eq(&ups("", to));
        expect![[r#"
            contract: GRANT EXECUTE ON FUNCTION pg_catalog.lower(text) TO PUBLIC
            expand: REVOKE SELECT (rolname) ON TABLE pg_catalog.pg_authid FROM app
        "#]]
        .assert_eq(&downs("", to));
    }

    #[test]
    fn a_member_changes_while_its_extension_stays() {
        let extension = "CREATE EXTENSION postgres_fdw;";
        let to = [extension, "GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app;"].concat();
        expect![[r#"
            expand: GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO app
        "#]]
        .assert_eq(&ups(extension, &to));
        expect![[r#"
            expand: REVOKE USAGE ON FOREIGN DATA WRAPPER postgres_fdw FROM app
        "#]]
        .assert_eq(&downs(extension, &to));
    }

    #[test]
    fn what_nobody_knows_is_changed_only_where_both_sides_say_it() {
        let extension = "CREATE EXTENSION unheard_of;";
        let granted = [extension, "GRANT EXECUTE ON FUNCTION f(int) TO app;"].concat();
        let revoked = [extension, "REVOKE EXECUTE ON FUNCTION f(int) FROM app;"].concat();
        expect![[r#"
            unsupported-clause: the privileges on function public.f(int4) cannot change: nobody knows what its extension grants
        "#]].assert_eq(&said(extension, &granted));
        expect![[r#"
            contract: REVOKE EXECUTE ON FUNCTION public.f(integer) FROM app
        "#]]
        .assert_eq(&ups(&granted, &revoked));
    }

    #[test]
    fn a_column_keeps_what_is_revoked_from_its_relation() {
        let from = "GRANT SELECT ON pg_authid TO app;";
        let to = "GRANT SELECT (rolname) ON pg_authid TO app;";
        expect![[r#"
            expand: GRANT SELECT (rolname) ON TABLE pg_catalog.pg_authid TO app
            contract: REVOKE SELECT ON TABLE pg_catalog.pg_authid FROM app
            contract: GRANT SELECT (rolname) ON TABLE pg_catalog.pg_authid TO app
        "#]]
        .assert_eq(&ups(from, to));
    }
}
