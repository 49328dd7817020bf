//! Who owns an object and who may do what with it.
//!
//! | rung | statement | lock | phase | undone by |
//! |---|---|---|---|---|
//! | Present | ALTER … OWNER TO | ACCESS EXCLUSIVE on a relation, catalog only | expand | OWNER TO the old owner |
//! | Public | GRANT | none, ACCESS SHARE from 18 on | expand | REVOKE |
//! | Absent | REVOKE | the same | contract | GRANT |
//!
//! The old application may need until it is gone what is revoked, and the new one needs from the start what is granted:
//! between the two the object has both. When an object changes hands, its old owner's privileges become the new one's
//! (`aclnewowner` in `acl.c`), and what the new owner had been granted before melts into them; the differences are
//! taken from there.
//!
//! Default privileges say what objects to come will have. They change after every object that the plan makes, so that
//! these have what is said of them whatever the defaults become.

use super::build::rung;
use super::lowering::Lowering;
use super::refuse::unsupported;
use super::{Lowered, built, routine};
use crate::catalog::{Catalog, DefaultPrivilegesId, Entry, GrantOption, Grantee, Ident, Object, ObjectId, Privileges};
use crate::dialect::postgres::action::privileges::{built_in, changes, default_changes};
use crate::dialect::postgres::action::{Action, Create, Kind, PrivilegeChange, PrivilegeDirection, Subject};
use crate::dialect::postgres::privileges::of_new_object;
use crate::dialect::postgres::read::columns_from_the_beginning;
use crate::dialect::postgres::{SUPERUSER, describe};
use crate::diff::Attribute;
use crate::pair::Pair;
use crate::plan::{Ladder, Phase, Rung, State, Statement};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The ladder of a change of owner, of privileges, or of both at once.
pub(super) fn alter(lowering: &Lowering<'_>, id: &ObjectId, attribute: Attribute) -> Lowered<Vec<Ladder>> {
    let (Some(from), Some(to)) = (lowering.from(id), lowering.to(id)) else {
        return Ok(Vec::new());
    };
    let attributes = lowering.altered(id).unwrap_or_default();
    let changes_owner = attributes.contains(&Attribute::Owner);
    // Both at once are one ladder, made when the owner is asked for.
    if attribute == Attribute::Privileges && changes_owner {
        return Ok(Vec::new());
    }
    let mut rungs = Vec::new();
    let mut before = held(lowering, id, from);
    let after = held(lowering, id, to);
    if changes_owner {
        rungs.push(owner(lowering, id, Pair { from, to }, &mut before));
    }
    if !changes_owner {
        may_not_be_the_owner(lowering, id, Pair::new(&before, &after))?;
    }
    rungs.extend(privileges(lowering, id, to, &before, &after));
    let (title, why) = if changes_owner {
        (
            format!("{} changes hands", describe(id)),
            "what the old owner was granted besides stays until the last phase",
        )
    } else {
        (
            format!("the privileges on {} change", describe(id)),
            "what is granted comes first and what is revoked goes last, so that both applications may do their work",
        )
    };
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// Refuses to change what a role holds that may be the owner: a REVOKE from the owner takes away what owning gives.
///
/// # Errors
/// The wanted schema names no owner, and the role is the old owner or, where none is known, the superuser.
pub(super) fn may_not_be_the_owner(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Privileges>) -> Lowered<()> {
    if owner_of(lowering.pair.to, id).is_some() {
        return Ok(());
    }
    let owner = owner_of(lowering.pair.from, id).unwrap_or_else(|| Ident::from(SUPERUSER));
    let role = Grantee::Role(owner.clone());
    if pair.map(|privileges| privileges.held.get(&role)).is_same() {
        return Ok(());
    }
    Err(unsupported(
        lowering,
        id,
        format!(
            "the privileges of {} on {} cannot be changed while its owner is not known",
            owner.as_str(),
            describe(id)
        ),
        "If the role is the owner, a GRANT gives it nothing and a REVOKE takes away what owning gives. Write OWNER TO \
         for the object in both schemas, or leave the role out of GRANT and REVOKE.",
    ))
}

/// What a new object must be granted or revoked after its CREATE. The wanted privileges are taken out of the definition,
/// so that nobody else writes them.
///
/// A new object has what the default privileges in force give it, not only what is built in.
pub(super) fn after_creation(lowering: &Lowering<'_>, create: &mut Create) -> Vec<Statement> {
    let in_force = in_force_for(lowering, &create.id);
    let owner = create.entry.owner.clone();
    let subject = Subject::of(&create.id, &create.entry);
    let wanted = &mut create.entry.privileges;
    let changes = corrections(lowering, in_force, subject.kind, &subject.id, wanted);
    let mut found = statements(lowering, &subject, owner.as_ref(), changes.clone());
    let parts = create.parts.iter().map(|(id, entry)| (id, entry));
    found.extend(kept_on_columns(lowering, parts, owner.as_ref(), &changes));
    for (id, entry) in &mut create.parts {
        if let (Object::Column(column), Some(relation)) = (&mut entry.object, id.qualified_name())
            && let Some(identity) = &mut column.identity
        {
            let subject = Subject {
                id: ObjectId::Relation(relation.with_name(identity.sequence.clone())),
                kind: Kind::Sequence,
            };
            let wanted = &mut identity.privileges;
            let changes = corrections(lowering, in_force, subject.kind, &subject.id, wanted);
            found.extend(statements(lowering, &subject, owner.as_ref(), changes));
        }
    }
    found
}

/// The catalog whose default privileges are in force when an object is made: they change last of all. What goes in the last
/// phase is built anew, on the way back, under those that are wanted.
pub(super) fn in_force_for<'l>(lowering: &Lowering<'l>, id: &ObjectId) -> &'l Catalog {
    let goes_last = lowering.is_dropped(id) && routine::successor(lowering, id).is_none();
    if goes_last {
        lowering.pair.to
    } else {
        lowering.pair.from
    }
}

/// What leads from what an object has by default privileges to what it should have; nothing while the built-in
/// privileges are all there is to begin with.
fn corrections(
    lowering: &Lowering<'_>,
    in_force: &Catalog,
    kind: Kind,
    id: &ObjectId,
    wanted: &mut Option<Privileges>,
) -> Vec<PrivilegeChange> {
    let standard = built_in(kind, lowering.options.version);
    let initial = initial(in_force, kind, id, &standard);
    if initial == standard {
        return Vec::new();
    }
    let wanted = wanted.take().unwrap_or(standard);
    difference(lowering, &initial, &wanted)
}

/// The privileges that a new object has right after its CREATE.
fn initial(in_force: &Catalog, kind: Kind, id: &ObjectId, standard: &Privileges) -> Privileges {
    match default_kind(kind) {
        // No role is named where the role that runs the text is meant, and it is this role that makes the object.
        Some(object_kind) => of_new_object(in_force, None, object_kind, id.schema(), standard),
        None => standard.clone(),
    }
}

/// The ladder of default privileges that come, change or go.
pub(super) fn default_privileges(lowering: &Lowering<'_>, id: &ObjectId) -> Lowered<Vec<Ladder>> {
    let ObjectId::DefaultPrivileges(key) = id else {
        return Ok(Vec::new());
    };
    let of = |entry: Option<&Entry>| match entry.map(|entry| &entry.object) {
        Some(Object::DefaultPrivileges(defaults)) => Some(defaults.privileges.clone()),
        _ => None,
    };
    let (from, to) = (of(lowering.from(id)), of(lowering.to(id)));
    let comment = "What objects made from now on grant by themselves.";
    let mut up = set_defaults(lowering, key, Pair::new(from.as_ref(), to.as_ref()), comment);
    let down = set_defaults(lowering, key, Pair::new(to.as_ref(), from.as_ref()), comment);
    let all = lowering.pair.to.iter().map(|(made, _)| made);
    let made = all.filter(|made| lowering.is_created(made) || lowering.is_replaced(made));
    let made: Vec<ObjectId> = made
        .filter(|made| !matches!(made, ObjectId::DefaultPrivileges(_)))
        .cloned()
        .collect();
    for statement in &mut up {
        statement.requires.extend(made.iter().cloned());
    }
    let rungs = vec![rung(State::Public, Phase::Expand, up, down)];
    let title = format!("{} change", describe(id));
    let why = "they are for objects to come, so they change after all that this plan makes";
    built(id, Ladder::new(id.clone(), title, why, rungs))
}

/// The statements that lead from one set of default privileges to another; `None` is what holds when none are set.
pub(super) fn set_defaults(
    lowering: &Lowering<'_>,
    key: &Arc<DefaultPrivilegesId>,
    pair: Pair<Option<&Privileges>>,
    comment: &str,
) -> Vec<Statement> {
    default_changes(key, pair.from, pair.to, lowering.options.version)
        .into_iter()
        .map(|change| {
            let id = key.clone();
            lowering.statement(Action::ChangeDefaultPrivileges { id, change }, comment)
        })
        .collect()
}

/// OWNER TO, and in `before` what the object grants after it. An object that names no owner any more goes to the role
/// that runs the plan.
fn owner(lowering: &Lowering<'_>, id: &ObjectId, pair: Pair<&Entry>, before: &mut Privileges) -> Rung {
    let set = |owner: &Option<Ident>| -> Statement {
        let action = Action::SetOwner {
            subject: Subject::of(id, pair.to),
            owner: owner.clone(),
        };
        let name = owner.as_ref().map_or("the role that runs this", Ident::as_str);
        lowering.statement(action, format!("{} belongs to {name}.", describe(id)))
    };
    let granted = before.clone();
    melt(before, pair.to.owner.as_ref());
    let mut back = before.clone();
    melt(&mut back, pair.from.owner.as_ref());
    let mut down = vec![set(&pair.from.owner)];
    // What melted into the owner's privileges has to be granted again once it is another's.
    down.extend(statements(
        lowering,
        &Subject::of(id, pair.to),
        pair.from.owner.as_ref(),
        difference(lowering, &back, &granted),
    ));
    rung(State::Present, Phase::Expand, vec![set(&pair.to.owner)], down)
}

/// What leads from one set of privileges to another; with both sides given the kind has no say.
pub(super) fn difference(lowering: &Lowering<'_>, from: &Privileges, to: &Privileges) -> Vec<PrivilegeChange> {
    changes(Kind::Table, Some(from), Some(to), lowering.options.version)
}

fn melt(privileges: &mut Privileges, owner: Option<&Ident>) {
    let held = owner.and_then(|owner| privileges.held.remove(&Grantee::Role(owner.clone())));
    for (name, option) in held.unwrap_or_default() {
        privileges.grant(Grantee::Owner, name, option);
    }
}

/// The rungs that grant and that revoke; between them the object has what it had and what it will have.
pub(super) fn privileges(
    lowering: &Lowering<'_>,
    id: &ObjectId,
    entry: &Entry,
    from: &Privileges,
    to: &Privileges,
) -> Vec<Rung> {
    let mut both = from.clone();
    for (grantee, names) in &to.held {
        for (name, option) in names {
            both.grant(grantee.clone(), name, *option);
        }
    }
    let owner = owner_of(lowering.pair.to, id);
    let subject = Subject::of(id, entry);
    let mut rungs = Vec::new();
    for (state, phase, before, after) in [
        (State::Public, Phase::Expand, from, &both),
        (State::Absent, Phase::Contract, &both, to),
    ] {
        let (forward, back) = (difference(lowering, before, after), difference(lowering, after, before));
        // On the way up the columns keep what they will have, on the way down what they had.
        let mut up = statements(lowering, &subject, owner.as_ref(), forward.clone());
        up.extend(kept_on_columns(
            lowering,
            columns_of(lowering, lowering.pair.to, id).iter().map(borrowed),
            owner.as_ref(),
            &forward,
        ));
        let mut down = statements(lowering, &subject, owner.as_ref(), back.clone());
        down.extend(kept_on_columns(
            lowering,
            columns_of(lowering, lowering.pair.from, id).iter().map(borrowed),
            owner.as_ref(),
            &back,
        ));
        if !up.is_empty() {
            rungs.push(rung(state, phase, up, down));
        }
    }
    rungs
}

pub(super) fn statements(
    lowering: &Lowering<'_>,
    subject: &Subject,
    owner: Option<&Ident>,
    changes: Vec<PrivilegeChange>,
) -> Vec<Statement> {
    changes
        .into_iter()
        .map(|change| {
            let what = match change.direction {
                PrivilegeDirection::Grant(_) => "Granted",
                PrivilegeDirection::Revoke | PrivilegeDirection::RevokeGrantOption => "Revoked",
            };
            let action = Action::ChangePrivileges {
                subject: subject.clone(),
                owner: owner.cloned(),
                change,
            };
            lowering.statement(action, format!("{what} on {}.", describe(&subject.id)))
        })
        .collect()
}

/// What has to be granted again on columns after a REVOKE on their relation, which takes the same privileges on every
/// column away (`ExecGrant_Relation` in aclchk.c).
fn kept_on_columns<'a>(
    lowering: &Lowering<'_>,
    parts: impl Iterator<Item = (&'a ObjectId, &'a Entry)>,
    owner: Option<&Ident>,
    changes: &[PrivilegeChange],
) -> Vec<Statement> {
    let mut found = Vec::new();
    for (id, entry) in parts {
        let subject = Subject::of(id, entry);
        let (ObjectId::Column(..), Some(wanted)) = (&subject.id, &entry.privileges) else {
            continue;
        };
        let mut left = wanted.clone();
        for change in changes {
            for privilege in &change.privileges {
                match change.direction {
                    PrivilegeDirection::Grant(_) => {}
                    PrivilegeDirection::Revoke => left.revoke(&change.grantee, privilege),
                    PrivilegeDirection::RevokeGrantOption => left.revoke_grant_option(&change.grantee, privilege),
                }
            }
        }
        found.extend(statements(
            lowering,
            &subject,
            owner,
            difference(lowering, &left, wanted),
        ));
    }
    found
}

/// The columns of a relation; of one that the server or an extension makes those on which something is held.
fn columns_of<'c>(lowering: &Lowering<'_>, catalog: &'c Catalog, id: &ObjectId) -> Vec<(ObjectId, Cow<'c, Entry>)> {
    let ObjectId::Provided(whole) = id else {
        let parts = catalog.parts(id);
        return parts.map(|(id, entry)| (id.clone(), Cow::Borrowed(entry))).collect();
    };
    let is_part = |id: &ObjectId| match id {
        ObjectId::Provided(part) => part.parent().as_ref() == Some(&**whole),
        _ => false,
    };
    let said = catalog.unordered().filter(|(id, _)| is_part(id));
    let mut columns: BTreeMap<ObjectId, Cow<'c, Entry>> =
        said.map(|(id, entry)| (id.clone(), Cow::Borrowed(entry))).collect();
    for (id, entry) in columns_from_the_beginning(whole, lowering.options.version) {
        columns.entry(id).or_insert(Cow::Owned(entry));
    }
    columns.into_iter().collect()
}

fn borrowed<'e>((id, entry): &'e (ObjectId, Cow<'_, Entry>)) -> (&'e ObjectId, &'e Entry) {
    (id, &**entry)
}

/// The owner of an object, of a column its relation's.
fn owner_of(catalog: &Catalog, id: &ObjectId) -> Option<Ident> {
    let whole = match id {
        ObjectId::Column(relation, _) => &ObjectId::Relation(relation.clone()),
        other => other,
    };
    catalog.get(whole).and_then(|entry| entry.owner.clone())
}

/// The privileges of an entry, the built-in ones written out.
fn held(lowering: &Lowering<'_>, id: &ObjectId, entry: &Entry) -> Privileges {
    let standard = || {
        let version = lowering.options.version;
        let mut privileges = built_in(Subject::of(id, entry).kind, version);
        // What initdb grants on the schema of this name; until 14 everybody could create in it.
        if id == &ObjectId::Schema(Ident::from("public")) {
            privileges.grant(Grantee::Public, "USAGE", GrantOption::Without);
            if version < 15 {
                privileges.grant(Grantee::Public, "CREATE", GrantOption::Without);
            }
        }
        privileges
    };
    entry.privileges.clone().unwrap_or_else(standard)
}

/// The words by which ALTER DEFAULT PRIVILEGES calls a kind.
fn default_kind(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Table | Kind::ForeignTable | Kind::View | Kind::MaterializedView => Some("TABLES"),
        Kind::Sequence => Some("SEQUENCES"),
        Kind::Function | Kind::Procedure | Kind::Aggregate => Some("FUNCTIONS"),
        Kind::Type | Kind::Domain => Some("TYPES"),
        Kind::Schema => Some("SCHEMAS"),
        Kind::Extension
        | Kind::Index
        | Kind::Column
        | Kind::Default
        | Kind::Constraint
        | Kind::DomainConstraint
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::DefaultPrivileges
        | Kind::Definition(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{downs, said, ups};
    use expect_test::expect;

    #[test]
    fn what_is_granted_comes_first_and_what_is_revoked_goes_last() {
        let from = "CREATE TABLE t (); GRANT SELECT, INSERT ON t TO app;";
        let to = "CREATE TABLE t (); GRANT SELECT, UPDATE ON t TO app;";
        expect![[r#"
            expand: GRANT UPDATE ON TABLE public.t TO app
            contract: REVOKE INSERT ON TABLE public.t FROM app
        "#]]
        .assert_eq(&ups(from, to));
    }

    #[test]
    fn nothing_is_revoked_from_a_role_that_may_be_the_owner() {
        let from = "CREATE TABLE t (); GRANT SELECT, INSERT ON t TO postgres;";
        let to = "CREATE TABLE t (); GRANT INSERT ON t TO postgres;";
        expect![[r#"
            unsupported-clause: the privileges of postgres on relation public.t cannot be changed while its owner is not known
        "#]]
        .assert_eq(&said(from, to));
        let owned = |text: &str| format!("{text} ALTER TABLE t OWNER TO alice;");
        expect![[r#"
            contract: REVOKE SELECT ON TABLE public.t FROM postgres
        "#]]
        .assert_eq(&ups(&owned(from), &owned(to)));
    }

    #[test]
    fn a_grant_to_the_new_owner_melts_into_what_owning_gives() {
        let from = "CREATE TABLE t (); GRANT ALL ON t TO alice; ALTER TABLE t OWNER TO bob;";
        let to = "CREATE TABLE t (); ALTER TABLE t OWNER TO alice;";
        expect![[r#"
            expand: ALTER TABLE public.t OWNER TO alice
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            expand: ALTER TABLE public.t OWNER TO bob
            expand: GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE public.t TO alice
        "#]].assert_eq(&downs(from, to));
    }

    #[test]
    fn a_revoke_on_the_table_leaves_the_columns_what_they_have() {
        let from = "CREATE TABLE t (a int, b int); GRANT SELECT ON t TO app;";
        let to = "CREATE TABLE t (a int, b int); GRANT SELECT (a) ON t TO app;";
        expect![[r#"
            expand: GRANT SELECT (a) ON TABLE public.t TO app
            contract: REVOKE SELECT ON TABLE public.t FROM app
            contract: GRANT SELECT (a) ON TABLE public.t TO app
        "#]]
        .assert_eq(&ups(from, to));
        expect![[r#"
            contract: GRANT SELECT (a) ON TABLE public.t TO app
            expand: REVOKE SELECT ON TABLE public.t FROM app
            expand: GRANT SELECT (a) ON TABLE public.t TO app
        "#]]
        .assert_eq(&downs(to, from));
    }

    #[test]
    fn a_new_table_is_freed_of_what_default_privileges_give_it() {
        let from = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app;";
        let to = "CREATE TABLE t ();";
        expect![[r#"
            expand: CREATE TABLE public.t ()
            expand: REVOKE SELECT ON TABLE public.t FROM app
            expand: ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM app
        "#]]
        .assert_eq(&ups(from, to));
    }
}
